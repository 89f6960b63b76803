"""The customer value formula: gross and net value in money, from lines of benefits and costs."""

from .. import dates
from ..answers import evidence_factor
from ..errors import Refused
from ..inputs import at_least, between, by_id, computed, finite
from ..metrics.money import PERIOD, RATES, Basis
from ..numbers import HUNDRED, ONE, ZERO, exact
from ..shapes import choice, currency, day, flag, listed, number, record, taking, text
from ..tolerance import operations
from ..wire import EVIDENCE, SOURCE

KINDS = (
    "tangible_benefit",
    "perceived_benefit",
    "tangible_cost",
    "perceived_cost",
    "alternative_benefit",
    "alternative_cost",
)
FIELDS = {kind: kind + "s" for kind in KINDS}
BENEFITS, COSTS = KINDS[:2], KINDS[2:4]
PERCEIVED = {"perceived_benefit", "perceived_cost"}
# Kinds whose absence flatters the value.
FLATTERING = {"tangible_cost", "perceived_cost", "alternative_benefit"}


class Line:
    """One line in the currency and period of the calculation: what counts of it, and what does not for want of evidence."""

    def __init__(self, place, given, rule):
        self.place, self.given = place, given
        self.id, self.kind = given["id"], given["kind"]
        self.share = between({"share": 1, **given}, "share", 0, 1, f"{place}.share")
        self.method = given.get("method")
        self.amount = self._amount() * self.share
        self.factor = evidence_factor(rule, given.get("source"))
        self.without_method = self.kind in PERCEIVED and self.method is None

    def _amount(self):
        if isinstance(self.method, dict):
            if self.given.get("amount") is not None:
                raise Refused("conflict", f"{self.place}.amount")
            points = self.method["per_point"]
            path = f"{self.place}.method.per_point"
            product = at_least(points, "rate", 0, f"{path}.rate") * at_least(points, "points", 0, f"{path}.points")
            return computed(product, f"{self.place}.amount")
        if self.given.get("amount") is None:
            raise Refused("missing", f"{self.place}.amount")
        return at_least(self.given, "amount", 0, f"{self.place}.amount")

    def convert(self, basis):
        """Brings the amount to the currency and period of the calculation."""
        self.amount = basis.amount(self.amount, self.given["currency"], self.given["period"], self.place)


def customer_value(given):
    """Gross and net customer value."""
    if not given["lines"]:
        raise Refused("empty", "lines")
    rule = given.get("evidence") or "customer_backed"
    lines = [Line(place, line, rule) for place, line in by_id(given, "lines")]
    _dates(given, lines)
    basis = _basis(given, lines)
    for line in lines:
        line.convert(basis)
    return Value(given, basis, lines).result()


def _dates(given, lines):
    if given.get("as_of") is None:
        return
    for line in lines:
        on = line.given.get("on")
        if on is not None and dates.days(on) > dates.days(given["as_of"]):
            raise Refused("after_as_of", f"{line.place}.on")


def _basis(given, lines):
    """The currency and period: as asked, else those of the line whose id comes first."""
    if given.get("rates") and given.get("currency") is None:
        raise Refused("missing", "currency")
    annualise = given.get("annualise", False)
    period = given.get("period") or ("year" if annualise else lines[0].given["period"])
    return Basis(given.get("currency") or lines[0].given["currency"], period, given.get("rates"), annualise)


class Sums:
    """Sums by kind; None where no line of the kind counts."""

    def __init__(self, amounts):
        self.by = dict.fromkeys(KINDS)
        for kind, amount in amounts:
            self.by[kind] = computed((self.by[kind] or ZERO) + amount, FIELDS[kind])

    def side(self, kinds):
        """The sum of several kinds; None where all are unknown."""
        known = [self.by[kind] for kind in kinds if self.by[kind] is not None]
        return sum(known, ZERO) if known else None

    def alternative(self, rule):
        """What the alternative takes away."""
        benefit = self.by["alternative_benefit"]
        if benefit is None:
            return ZERO
        return benefit - (self.by["alternative_cost"] or ZERO) if rule == "net" else benefit

    def gross_and_net(self, rule):
        """Both values, or None twice."""
        benefits, costs = self.side(BENEFITS), self.side(COSTS)
        if benefits is None or costs is None:
            return None, None
        return benefits - costs, benefits - costs - self.alternative(rule)

    def fields(self):
        """The sums under their names on the wire."""
        return {FIELDS[kind]: amount for kind, amount in self.by.items()}


class Value:
    """One calculation."""

    def __init__(self, given, basis, lines):
        self.given, self.basis, self.lines = given, basis, lines
        self.rule = given.get("alternative") or "literal"
        usable = [line for line in lines if not line.without_method]
        self.sums = Sums((line.kind, line.amount * line.factor) for line in usable if line.factor)
        self.unproven = [line for line in usable if line.factor < 1]
        self.everything = Sums((line.kind, line.amount) for line in usable)
        self.benefits, self.costs = self.sums.side(BENEFITS), self.sums.side(COSTS)
        self.gross, self.net = self.sums.gross_and_net(self.rule)
        self.arr = None if given.get("arr") is None else at_least(given, "arr", 0)

    def result(self):
        """The whole answer."""
        needed = KINDS if self.rule == "net" else KINDS[:5]
        absent = [kind for kind in needed if self.sums.by[kind] is None]
        known = self.sums.by
        return {
            "customer": self.given.get("customer"),
            "currency": self.basis.currency,
            "period": self.basis.period,
            **self.sums.fields(),
            "gross": self.gross,
            "net": self.net,
            "reason": self.unknown(),
            "more_value_than_paid": None if self.net is None else self.net > 0,
            **self.ratios(),
            "partial": bool(absent),
            "missing_kinds": absent,
            "documented": all(known[kind] is not None for kind in KINDS[:4]),
            "tangible_only": all(known[kind] is None for kind in PERCEIVED),
            "vendor_asserted": self.vendor_asserted(),
            "risk_adjusted": self.risk_adjusted(),
            "arr": self.arr,
            **self.per_arr(),
            "warnings": self.warnings(),
        }

    def unknown(self):
        """Why there is no value."""
        if self.benefits is None and self.costs is None:
            return "both_unknown"
        if self.benefits is None:
            return "benefits_unknown"
        return "costs_unknown" if self.costs is None else None

    def ratios(self):
        """Three ratios, each with the reason why it may not exist."""
        benefits, costs = self.benefits, self.costs
        out = {}

        def put(name, divisor, reason, value):
            why = self.unknown() or (None if divisor() else reason)
            out[name] = None if why else value()
            out[f"{name}_reason"] = why

        put("benefit_cost_ratio", lambda: costs, "no_costs", lambda: benefits / costs)
        put("index", lambda: benefits + costs, "no_amounts", lambda: HUNDRED * benefits / (benefits + costs))
        taken = self.sums.alternative(self.rule)
        put("break_even_haircut", lambda: benefits, "no_benefits", lambda: ONE - (costs + taken) / benefits)
        return out

    def vendor_asserted(self):
        """What does not count for want of evidence."""
        if not self.unproven:
            return None
        gross, net = self.everything.gross_and_net(self.rule)
        left = Sums((line.kind, line.amount * (1 - line.factor)) for line in self.unproven)
        return {**left.fields(), "gross": gross, "net": net, "lines": [line.id for line in self.unproven]}

    def risk_adjusted(self):
        """The value after the haircuts."""
        risk = self.given.get("risk")
        if risk is None:
            return None
        benefits = between(risk, "benefits", 0, 1, "risk.benefits")
        costs = at_least(risk, "costs", 0, "risk.costs")
        if self.gross is None:
            return None
        gross = self.benefits * (1 - benefits) - self.costs * (1 + costs)
        return {"gross": gross, "net": gross - self.sums.alternative(self.rule)}

    def per_arr(self):
        """Net value per revenue, both per year."""
        reason = self.unknown()
        if reason is None:
            if self.arr is None:
                reason = "arr_unknown"
            elif self.basis.period != "year":
                reason = "not_per_year"
            elif self.arr == 0:
                reason = "no_arr"
        return {"net_per_arr": None if reason else self.net / self.arr, "net_per_arr_reason": reason}

    def warnings(self):
        """What to know before trusting the numbers."""
        ignored = self.rule == "literal" or self.sums.by["alternative_benefit"] is None
        found = {
            "alternative_cost_ignored": [
                line.id for line in self.lines if line.kind == "alternative_cost" and ignored and line.factor
            ],
            "perceived_without_method": [line.id for line in self.lines if line.without_method],
            "cost_not_counted": [
                line.id
                for line in self.lines
                if line.kind in FLATTERING and (line.factor < 1 or line.without_method)
            ],
        }
        return [{"code": code, "lines": ids} for code, ids in found.items() if ids]


def money_bound(given):
    """A dozen operations per line, of the sum of all amounts."""
    size = ONE
    for line in given["lines"]:
        method = line.get("method")
        if isinstance(method, dict):
            amount = exact(method["per_point"]["rate"]) * exact(method["per_point"]["points"])
        else:
            amount = finite(line, "amount")
        size += abs(amount) * exact(given.get("rates", {}).get(line["currency"], 1)) * 12
    return operations(12 * len(given["lines"]) + 12, scale=float(size))


PER_POINT = record({"rate": number, "points": number})
LINE = record(
    {"id": text, "kind": choice(*KINDS), "currency": currency, "period": PERIOD},
    {
        "amount": number,
        "source": SOURCE,
        "on": day,
        "share": number,
        "method": choice("stated", "proxy", per_point=PER_POINT),
    },
)
SHAPE = record(
    {"lines": listed(LINE)},
    {
        "customer": text,
        "evidence": EVIDENCE,
        "alternative": choice("literal", "net"),
        "currency": currency,
        "period": PERIOD,
        "rates": RATES,
        "annualise": flag,
        "risk": record({"benefits": number, "costs": number}),
        "arr": number,
        "as_of": day,
    },
)
FORMULAS = {"customer_value": (taking(SHAPE, customer_value), money_bound)}
