"""From the children of a group to the group: score, bounds, coverage, and what each child contributes."""

from dataclasses import dataclass, field as default
from fractions import Fraction

from .errors import Refused
from .numbers import CONTEXT, ONE, ZERO, decimal, exact, exp, ln, shorten, total
from .ties import CLOSE


@dataclass
class Branch:
    """The result of one group, as its parent sees it."""

    id: str
    unit: Fraction | None = None
    not_applicable: bool = False
    reason: str | None = None
    lower: Fraction = ZERO
    upper: Fraction = ONE
    coverage: Fraction = ZERO
    validated_share: Fraction = ZERO
    fresh_share: Fraction = ZERO
    # Per child: what it adds to the unit by its own value, and by standing in for a missing one.
    shares: dict = default(default_factory=dict)
    group = True

    @property
    def factor(self):
        """A group that has a score counts fully."""
        return ONE if self.unit is not None else ZERO


def power_mean(kind, parts):
    """The aggregator over `(weight, unit)` parts of positive weight."""
    if kind == "min":
        return min(unit for _, unit in parts)
    if kind == "max":
        return max(unit for _, unit in parts)
    weight = total(weight for weight, _ in parts)
    if kind == "mean":
        return total(w * u for w, u in parts) / weight
    if any(unit == 0 for _, unit in parts):
        return ZERO
    if kind == "harmonic":
        return weight / total(w / u for w, u in parts)
    logs = Fraction(0)
    for w, u in parts:
        logs += w * Fraction(ln(u))
    return exp(CONTEXT.plus(decimal(logs / weight)))


class Live:
    """A child that counts: applicable, with a positive weight."""

    def __init__(self, child, weight):
        self.child = child
        self.weight = weight
        self.present = weight * child.factor
        self.absent = weight - self.present

    def known(self):
        """The part that an answer carries."""
        return [(self.present, self.child.unit)] if self.present > 0 else []

    def bound(self, end):
        """The parts with everything unknown at `end` (0 or 1)."""
        child = self.child
        if child.group:
            return [(self.weight, child.upper if end else child.lower)]
        return self.known() + ([(self.absent, end)] if self.absent > 0 else [])


def branch(group, children, ties, explain=True):
    """The result of a group from the results of its children, in declared order."""
    kind = group["aggregator"]
    live = [
        Live(child, exact(node["weight"]))
        for node, child in zip(group["children"], children)
        if not child.not_applicable and node["weight"] > 0
    ]
    uplift = [part for part in live if part.child.id in uplift_ids(kind)]
    base = [part for part in live if part not in uplift]
    if not base:
        return Branch(group["id"], not_applicable=True, upper=ZERO)
    if group["missing"] == "fail":
        _refuse_missing(live)
    out = _weighted(group["id"], base, uplift)
    _bounds(out, "mean" if uplift_ids(kind) else kind, base, uplift)
    _score(out, group, base, uplift, ties if explain else None)
    _sufficient(out, group, children, base, ties)
    return out


def uplift_ids(kind):
    """Ids of the uplift children; none but under `headroom`."""
    return kind["headroom"]["uplift"] if isinstance(kind, dict) else ()


def _refuse_missing(live):
    for part in live:
        if part.child.factor == 0:
            kind = "groups" if part.child.group else "answers"
            raise Refused("missing", f"{kind}.{part.child.id}")


def _weighted(name, base, uplift):
    """The shares that are plain means over the weights of the base (together 1) and of the uplift."""
    weight = total(part.weight for part in base)
    room = ONE + total(part.weight for part in uplift)

    def share(field):
        known = total(part.weight * getattr(part.child, field) for part in base) / weight
        extra = total(part.weight * getattr(part.child, field) for part in uplift)
        return shorten((known + extra) / room)

    return Branch(
        name,
        coverage=share("coverage"),
        validated_share=share("validated_share"),
        fresh_share=share("fresh_share"),
    )


def _bounds(out, kind, base, uplift):
    for end, field in ((ZERO, "lower"), (ONE, "upper")):
        unit = power_mean(kind, [piece for part in base for piece in part.bound(end)])
        if uplift:
            unit += (ONE - unit) * total(w * u for part in uplift for w, u in part.bound(end))
        setattr(out, field, shorten(unit))


def stand_in(rule):
    """The unit that missing weight gets, or none where the others carry it."""
    if rule == "zero":
        return ZERO
    return exact(rule["neutral"]) if isinstance(rule, dict) else None


def _score(out, group, base, uplift, ties):
    kind = "mean" if isinstance(group["aggregator"], dict) else group["aggregator"]
    missing_at = stand_in(group["missing"])
    known = [piece for part in base for piece in part.known()]
    absent = total(part.absent for part in base) if missing_at is not None else ZERO
    parts = known + ([(absent, missing_at)] if absent > 0 else [])
    if not parts:
        return
    unit = power_mean(kind, parts)
    gains = {
        part.child.id: (ONE - unit) * part.present * part.child.unit if part.present > 0 else ZERO
        for part in uplift
    }
    out.unit = shorten(unit + total(gains.values()))
    if ties is not None:
        out.shares = _shares(kind, base, unit, missing_at, ties)
        out.shares.update({name: (gain, ZERO) for name, gain in gains.items()})


def _shares(kind, base, unit, missing_at, ties):
    """What each base child adds to the unit: (by its own value, by what stands in for its missing weight)."""
    if unit == 0:
        return {part.child.id: (ZERO, ZERO) for part in base}
    if kind in ("min", "max"):
        return _extreme(base, unit, missing_at, ties)
    divisor = total(part.present if missing_at is None else part.weight for part in base)

    def points(weight, value):
        if weight == 0:
            return ZERO
        if kind == "mean":
            return weight * value / divisor
        if kind == "geometric":
            return weight * unit / divisor
        return weight * unit * unit / value / divisor

    return {
        part.child.id: (
            points(part.present, part.child.unit),
            points(part.absent, missing_at) if missing_at is not None else ZERO,
        )
        for part in base
    }


def _extreme(base, unit, missing_at, ties):
    """All to the extreme child; equal children share equally."""
    own = {p.child.id: p.present > 0 and abs(p.child.unit - unit) <= CLOSE for p in base}
    stand = {p.child.id: p.absent > 0 and missing_at == unit for p in base}
    if sum(own.values()) > 1 and unit != 1:
        # Units computed in different ways may be equal here and differ in the last bit as doubles, or the reverse.
        for part in base:
            if own[part.child.id]:
                own[part.child.id] = ties.same(part.child.unit, unit)
    members = [name for name in own if own[name] or stand[name]] or [base[0].child.id]
    share = unit / len(members)
    return {
        name: (share if name in members and not (stand[name] and not own[name]) else ZERO,
               share if stand[name] and not own[name] else ZERO)
        for name in own
    }


def _sufficient(out, group, children, base, ties):
    """Takes the score away where too little stands behind it."""
    scores = {child.id: child for child in children}
    needed = [scores[name] for name in group["require"] if not scores[name].not_applicable]
    low = ties.order(100 * out.coverage, 100 * exact(group["min_coverage"])) < 0
    if any(child.unit is None for child in needed):
        out.unit, out.reason = None, "required_missing"
    elif out.unit is None or low:
        answered = any(part.present > 0 for part in base)
        out.unit, out.reason = None, "low_coverage" if low and answered else "nothing_answered"
