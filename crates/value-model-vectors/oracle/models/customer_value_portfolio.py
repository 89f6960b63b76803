"""Net customer value by customer, CSM, segment and over all, in whole ten-thousandths."""

from fractions import Fraction

from ..errors import Refused
from ..inputs import at_least, name
from ..metrics.money import PERIOD, TEN_THOUSAND, ten_thousandths
from ..numbers import exact
from ..shapes import anything, choice, currency, flag, listed, number, record, taking, text
from ..tolerance import operations
from . import customer_value as one

KEYS = ("customer", "csm", "segment", "all")
DEFAULT = ("csm", "segment", "all")
# Above this an amount has no exact ten-thousandths as a double.
MOST = 900_000_000_000


class Row:
    """One customer in the portfolio."""

    def __init__(self, place, given):
        self.keys = {key: given.get(key) for key in KEYS}
        for key in ("customer", "csm", "segment"):
            if given.get(key) is not None:
                name(given[key], f"{place}.{key}")
        value = self._value(place, given)
        if value.get("customer") is not None and value["customer"] != given["customer"]:
            raise Refused("conflict", f"{place}.customer")
        self.currency, self.period = value["currency"], value["period"]
        self.partial, self.documented = value["partial"], value["documented"]
        self.net = _whole(value.get("net"), f"{place}.net")
        self.arr = _whole(self._arr(place, given, value), f"{place}.arr")

    def _value(self, place, given):
        if given.get("value") is not None:
            if given.get("input") is not None:
                raise Refused("conflict", f"{place}.value")
            return given["value"]
        if given.get("input") is None:
            raise Refused("missing", f"{place}.input")
        try:
            return one.customer_value(given["input"])
        except Refused as refused:
            raise refused.within(f"{place}.input") from None

    def _arr(self, place, given, value):
        inner = value.get("arr")
        if given.get("arr") is None:
            return inner
        own = at_least(given, "arr", 0, f"{place}.arr")
        if inner is not None and exact(inner) != own:
            raise Refused("conflict", f"{place}.arr")
        return own


def _whole(amount, field):
    if amount is None:
        return None
    if abs(amount) > MOST:
        raise Refused("overflow", field)
    return ten_thousandths(exact(amount))


def customer_value_portfolio(given):
    """The report, group by group."""
    if not given["rows"]:
        raise Refused("empty", "rows")
    by = given.get("by", list(DEFAULT))
    if not by:
        raise Refused("empty", "by")
    if len(set(by)) < len(by):
        raise Refused("duplicate", "by")
    ids = [row["customer"] for row in given["rows"]]
    rows = [Row(f"rows[{index}]", row) for index, row in enumerate(given["rows"])]
    if len(set(ids)) < len(ids):
        raise Refused("duplicate", "rows")
    _agree(rows)
    groups = [(key, value, members) for key in by for value, members in _groups(rows, key)]
    return {
        "currency": rows[0].currency,
        "period": rows[0].period,
        "rows": [_group(key, value, members, rows[0].period) for key, value, members in groups],
    }


def _agree(rows):
    for index, row in enumerate(rows):
        if row.currency != rows[0].currency:
            raise Refused("currency", f"rows[{index}].currency")
        if row.period != rows[0].period:
            raise Refused("period", f"rows[{index}].period")


def _groups(rows, key):
    """The members by value of the attribute, in byte order, those without it last."""
    found = {}
    for row in rows:
        found.setdefault(row.keys[key], []).append(row)
    return sorted(found.items(), key=lambda pair: (pair[0] is None, (pair[0] or "").encode()))


def _group(key, value, members, period):
    nets = sorted(row.net for row in members if row.net is not None)
    both = [row for row in members if row.net is not None and row.arr is not None]
    revenue = [row.arr for row in members if row.arr is not None]
    paid = sum(row.arr for row in both)
    reason = None if nets else "no_values"
    per_arr = reason or _no_ratio(both, paid, period)
    return {
        "by": key,
        "key": value,
        "customers": len(members),
        "with_value": len(nets),
        "partial": sum(row.net is not None and row.partial for row in members),
        "sum": _money(sum(nets)) if nets else None,
        "mean": _money(sum(nets)) / len(nets) if nets else None,
        "median": _median(nets),
        "positive_share": Fraction(sum(net > 0 for net in nets), len(nets)) if nets else None,
        "reason": reason,
        "documented_share": Fraction(sum(row.documented for row in members), len(members)),
        "arr": _money(sum(revenue)) if revenue else None,
        "arr_with_value": _money(paid) if both else None,
        "net_per_arr": None if per_arr else Fraction(sum(row.net for row in both), paid),
        "net_per_arr_reason": per_arr,
    }


def _no_ratio(both, paid, period):
    if not both:
        return "arr_unknown"
    if period != "year":
        return "not_per_year"
    return None if paid else "no_arr"


def _money(whole):
    return Fraction(whole, TEN_THOUSAND)


def _median(nets):
    if not nets:
        return None
    middle = len(nets) // 2
    return _money(nets[middle]) if len(nets) % 2 else _money(nets[middle - 1] + nets[middle]) / 2


def _bound(given):
    size = 1.0
    for row in given["rows"]:
        value = row.get("value") or {}
        size += abs(value.get("net") or 0.0)
        if row.get("input") is not None:
            size += one.money_bound(row["input"]).scale
    return operations(8 * len(given["rows"]) + 8, scale=size)


VALUE_FIELDS = (
    [*one.FIELDS.values(), "customer", "gross", "net", "reason", "more_value_than_paid", "benefit_cost_ratio"]
    + ["benefit_cost_ratio_reason", "index", "index_reason", "break_even_haircut", "break_even_haircut_reason"]
    + ["missing_kinds", "tangible_only", "vendor_asserted", "risk_adjusted", "arr", "net_per_arr"]
    + ["net_per_arr_reason", "warnings"]
)
VALUE = record(
    {"currency": currency, "period": PERIOD, "partial": flag, "documented": flag},
    dict.fromkeys(VALUE_FIELDS, anything),
)
ROW = record({"customer": text}, {"csm": text, "segment": text, "arr": number, "input": one.SHAPE, "value": VALUE})
SHAPE = record({"rows": listed(ROW)}, {"by": listed(choice(*KEYS))})
FORMULAS = {"customer_value_portfolio": (taking(SHAPE, customer_value_portfolio), _bound)}
