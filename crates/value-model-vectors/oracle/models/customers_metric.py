"""The customer's metric: needs anticipated, met in time, met effectively."""

from .. import dates
from ..errors import Refused
from ..inputs import at_least, between, by_id, computed, name
from ..metrics.surveys import interval
from ..metrics.workforce import channel_advice
from ..numbers import HUNDRED, ONE, ZERO, exact, total
from ..shapes import count, day, flag, listed, number, record, taking, text
from ..ties import Ties
from ..tolerance import functions

TIMELINESS = {"early_full": 7, "early_zero": 14, "late_full": 0, "late_zero": 10}
WINDOW = 90


class Need:
    """One need, judged."""

    def __init__(self, place, given, as_of, window, rule):
        self.given, self.id = given, given["id"]
        self.cost = self._stated("cost", place)
        self.hours = self._stated("hours", place)
        if given.get("channel") is not None:
            name(given["channel"], f"{place}.channel")
        needed = _day(given["needed_on"], as_of, f"{place}.needed_on")
        delivered = given.get("delivered_on")
        self.delivered = delivered is not None
        self.days_late = _day(delivered, as_of, f"{place}.delivered_on") - needed if self.delivered else None
        self.effective = self._effective(place)
        self.inside = as_of - needed <= window
        self.anticipated = ONE if given["anticipated"] else ZERO
        self.timeliness = timeliness(rule, self.days_late) if self.delivered else ZERO

    def _stated(self, field, place):
        return None if self.given.get(field) is None else at_least(self.given, field, 0, f"{place}.{field}")

    def _effective(self, place):
        """The effect; a need that was never met had none, and that is known."""
        if self.given.get("effective") is None:
            return None if self.delivered else ZERO
        effect = between(self.given, "effective", 0, 1, f"{place}.effective")
        if not self.delivered and effect:
            raise Refused("conflict", f"{place}.effective")
        return effect

    @property
    def unit(self):
        """Anticipated times timely times effective."""
        return None if self.effective is None else self.anticipated * self.timeliness * self.effective

    def result(self):
        """The need as it was judged."""
        reason = None
        if not self.inside:
            reason = "stale"
        elif not self.delivered:
            reason = "not_delivered"
        elif self.effective is None:
            reason = "unknown_effect"
        return {
            "id": self.id,
            "days_late": self.days_late,
            "timeliness": self.timeliness,
            "unit": self.unit,
            "counted": self.inside and self.effective is not None,
            "reason": reason,
        }


def _day(text, as_of, field):
    number = dates.days(text, field)
    if number > as_of:
        raise Refused("after_as_of", field)
    return number


def timeliness(rule, late):
    """1 in the full span, falling in straight lines to 0 at its outer ends."""
    side, days = ("late", late) if late >= 0 else ("early", -late)
    full, zero = rule[f"{side}_full"], rule[f"{side}_zero"]
    if days <= full:
        return ONE
    return ZERO if days >= zero else exact(zero - days) / (zero - full)


def _rule(given):
    rule = {**TIMELINESS, **(given.get("timeliness") or {})}
    for side in ("early", "late"):
        if rule[f"{side}_zero"] < rule[f"{side}_full"]:
            raise Refused("conflict", f"timeliness.{side}_zero")
    return rule


def customers_metric(given):
    """The score, its factors, its bounds, and every need."""
    least = between({"min_coverage": 0.5, **given}, "min_coverage", 0, 1)
    threshold = between({"effective_from": 0.5, **given}, "effective_from", 0, 1)
    if given.get("required_effectiveness") is not None:
        between(given, "required_effectiveness", 0, 1)
    rule, as_of = _rule(given), dates.days(given["as_of"], "as_of")
    window = given.get("window_days", WINDOW)
    needs = [Need(place, need, as_of, window, rule) for place, need in by_id(given, "needs")]
    inside = [need for need in needs if need.inside]
    known = [need for need in inside if need.effective is not None]
    out = _score(inside, known, least)
    compared = [need for need in inside if _comparable(need)]
    required, delivered = given.get("required_effectiveness"), sum(need.delivered for need in inside)
    out.update(
        {
            "needs_in_window": len(inside),
            "anticipated": _share(inside),
            "timeliness": _mean([need.timeliness for need in inside]),
            "effectiveness": _effectiveness(inside, known),
            "hours": _sum([need.hours for need in inside], "hours"),
            "cost": _sum([need.cost for need in inside], "cost"),
            "channels": _channels(compared, required, threshold),
            "channel_needs_left_out": 0 if required is None else delivered - len(compared),
            "needs": [need.result() for need in needs],
            "outside_window": [need.id for need in needs if not need.inside],
        }
    )
    return out


def _mean(values):
    return total(values) / len(values) if values else None


def _sum(values, field):
    stated = [value for value in values if value is not None]
    return computed(total(stated), field) if stated else None


def _score(inside, known, least):
    if not inside:
        return {"outcome": "no_needs", "score": None, "lower": ZERO, "upper": HUNDRED, "coverage": ZERO}
    sure = total(need.unit for need in known)
    # A need of unknown effect is a missing answer: at 0 for the lower bound, at 1 for the upper.
    hoped = len(inside) - len(known)
    coverage = exact(len(known)) / len(inside)
    enough = known and Ties().order(HUNDRED * coverage, HUNDRED * least) >= 0
    return {
        "outcome": "scored" if enough else "insufficient",
        "score": HUNDRED * sure / len(known) if enough else None,
        "lower": HUNDRED * sure / len(inside),
        "upper": HUNDRED * (sure + hoped) / len(inside),
        "coverage": coverage,
    }


def _share(inside):
    if not inside:
        return None
    successes = sum(need.given["anticipated"] for need in inside)
    return {"share": exact(successes) / len(inside), **interval(successes, len(inside))}


def _effectiveness(inside, known):
    effects = [need.effective for need in known]
    unknown = len(inside) - len(known)
    is_share = effects and all(effect in (0, 1) for effect in effects)
    return {
        "mean": _mean(effects),
        "lower": total(effects) / len(inside) if inside else ZERO,
        "upper": (total(effects) + unknown) / len(inside) if inside else ONE,
        "known": len(known),
        "interval": interval(int(total(effects)), len(effects)) if is_share else None,
    }


def _comparable(need):
    return need.delivered and None not in (need.given.get("channel"), need.cost, need.effective)


def _channels(compared, required, threshold):
    if required is None or not compared:
        return None
    uses = {}
    for need in compared:
        use = uses.setdefault(need.given["channel"], {"cost": ZERO, "delivered": 0, "effective": 0})
        use["cost"] += need.cost
        use["delivered"] += 1
        use["effective"] += need.effective >= threshold
    channels = [{"id": channel, **use} for channel, use in uses.items()]
    return channel_advice({"channels": channels, "required_effectiveness": required})


NEED = record(
    {"id": text, "anticipated": flag, "needed_on": day},
    {"delivered_on": day, "channel": text, "cost": number, "hours": number, "effective": number},
)
SHAPE = record(
    {"as_of": day, "needs": listed(NEED)},
    {
        "timeliness": record({}, dict.fromkeys(TIMELINESS, count)),
        "window_days": count,
        "min_coverage": number,
        "required_effectiveness": number,
        "effective_from": number,
    },
)
FORMULAS = {"customers_metric": (taking(SHAPE, customers_metric), lambda _: functions(scale=1.0))}
