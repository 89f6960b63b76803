"""Accounts rolled up by any attribute, in sums of whole billionths and ten-thousandths."""

from fractions import Fraction

from .. import rules
from ..errors import Refused
from ..metrics.money import ten_thousandths
from ..numbers import exact, half_away, shortest
from ..ties import BILLION
from .state import State, model_of

TEN_THOUSAND = 10_000


def portfolio(given):
    """The total and one row per combination of attribute values."""
    model = model_of(given["model"])
    _unique(given["records"])
    names, rows, everything = None, {}, []
    for index, record in enumerate(given["records"]):
        state = State(model, record, given["as_of"], place=f"records[{index}]")
        line = Line(state, _revenue(record, given.get("revenue"), index))
        names = state.card["bands"]["names"]
        everything.append(line)
        rows.setdefault(_key(record, given.get("by", [])), []).append(line)
    names = names or State(model, {"account": "-"}, given["as_of"]).card["bands"]["names"]
    asked = given.get("revenue") is not None
    order = sorted(rows, key=lambda key: [(value is not None, (value or "").encode()) for value in key])
    return {
        "total": _row([], everything, names, asked),
        "rows": [_row(list(key), rows[key], names, asked) for key in order] if given.get("by") else [],
    }


def _unique(records):
    seen = set()
    for record in records:
        if record["account"] in seen:
            raise Refused("duplicate", "records")
        seen.add(record["account"])


def _key(record, by):
    return tuple(_shown(record.get("attributes", {}).get(name)) for name in by)


def _shown(value):
    if value is None or isinstance(value, str):
        return value
    return ("yes" if value else "no") if isinstance(value, bool) else shortest(value)


def _revenue(record, attribute, index):
    value = None if attribute is None else record.get("attributes", {}).get(attribute)
    if value is None:
        return None
    field = f"records[{index}].attributes.{attribute}"
    if isinstance(value, (bool, str)):
        raise Refused("invalid_input", field)
    if value < 0:
        raise Refused("out_of_range", field)
    return exact(value)


class Line:
    """What a portfolio adds up of one account."""

    def __init__(self, state, revenue):
        found = state.assessment
        self.outcome, self.revenue = found["outcome"], revenue
        self.score = None if found["score"] is None else half_away(found["score"] * BILLION)
        self.lower, self.upper = (half_away(found[end] * BILLION) for end in ("lower", "upper"))
        self.coverage = half_away(found["coverage"] * BILLION)
        bands = state.card["bands"]
        self.band = None if found["score"] is None else rules.band(bands, found["score"], state.ties)
        self.lower_band = rules.band(bands, found["lower"], state.ties)
        self.money = None if revenue is None else ten_thousandths(revenue)


def _mean(values):
    return Fraction(sum(values), len(values) * BILLION) if values else None


def _row(key, lines, names, asked):
    known = [line for line in lines if line.outcome != "not_applicable"]
    scored = [line for line in known if line.score is not None]
    weighed = [line for line in scored if line.money]
    weight = sum(line.money for line in weighed)
    return {
        "key": key,
        "accounts": len(known),
        "scored": len(scored),
        "insufficient": len(known) - len(scored),
        "not_applicable": len(lines) - len(known),
        "mean": _mean([line.score for line in scored]),
        "revenue_weighted_mean": (
            Fraction(sum(line.money * line.score for line in weighed), weight * BILLION) if weight else None
        ),
        "min": Fraction(min(line.score for line in scored), BILLION) if scored else None,
        "lower": _mean([line.lower for line in known]),
        "upper": _mean([line.upper for line in known]),
        "coverage": _mean([line.coverage for line in known]),
        "revenue": Fraction(sum(line.money or 0 for line in known), TEN_THOUSAND),
        "without_revenue": sum(line.revenue is None for line in known) if asked else 0,
        "bands": [_band(name, index, known, scored) for index, name in enumerate(names)],
    }


def _band(name, index, known, scored):
    inside = [line for line in scored if line.band == index]
    return {
        "band": name,
        "accounts": len(inside),
        "share": Fraction(len(inside), len(scored) or 1),
        "revenue": Fraction(sum(line.money or 0 for line in inside), TEN_THOUSAND),
        "lower_accounts": sum(line.lower_band == index for line in known),
    }
