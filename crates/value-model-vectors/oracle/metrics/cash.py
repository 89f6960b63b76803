"""Cash flows: present values, returns, payback."""

from fractions import Fraction

from .. import dates
from ..errors import Refused
from ..inputs import LARGEST, above, at_least, computed, finite, listed
from ..numbers import HUNDRED, ONE, ZERO, power, total
from ..shapes import choice, day, listed as list_of, number, record, taking
from ..tolerance import functions, operations
from .roots import rates

YEAR = 365


def _rate(given, field="rate"):
    return above(given, field, -1)


def _first(given):
    return 1 if given.get("convention", "at_start") == "spreadsheet" else 0


def _present(flows, rate, first):
    """The terms of a present value."""
    return [flow / (ONE + rate) ** (index + first) for index, flow in enumerate(flows)]


def npv(given):
    """Net present value of flows at equal distances."""
    rate = _rate(given)
    return {"npv": _sum(_present(listed(given, "flows"), rate, _first(given)), "npv")}


def _sum(terms, field):
    """A sum of which every part must be a double too."""
    out = ZERO
    for term in terms:
        out = computed(out + term, field)
    return out


def dated(given):
    """Dated flows as (days from the earliest, amount), in date order."""
    if not given["flows"]:
        raise Refused("empty", "flows")
    amounts = [finite(flow, "amount", path=f"flows[{index}].amount") for index, flow in enumerate(given["flows"])]
    days = [dates.days(flow["on"], f"flows[{index}].on") for index, flow in enumerate(given["flows"])]
    return sorted((day - min(days), amount) for day, amount in zip(days, amounts))


def _dated_terms(given):
    rate = _rate(given)
    return [amount / power(ONE + rate, Fraction(day, YEAR)) for day, amount in dated(given)]


def xnpv(given):
    """Net present value at the earliest date, actual/365."""
    return {"xnpv": _sum(_dated_terms(given), "xnpv")}


def irr(given):
    """All rates of return of flows at equal distances."""
    return rates([(Fraction(index), flow) for index, flow in enumerate(listed(given, "flows"))])


def xirr(given):
    """All rates of return of dated flows; those of one day are one flow."""
    by_day = {}
    for day, amount in dated(given):
        by_day[day] = computed(by_day.get(day, ZERO) + amount, "flows")
    return rates([(Fraction(day, YEAR), amount) for day, amount in sorted(by_day.items())])


def payback(given):
    """Periods until the flows have paid back, plain and discounted."""
    flows = listed(given, "flows")
    rate = _rate({"rate": 0, **given})
    plain, reason = _back(flows)
    discounted, discounted_reason = _back(_present(flows, rate, 0))
    return {
        "payback": plain,
        "reason": reason,
        "discounted_payback": discounted,
        "discounted_reason": discounted_reason,
    }


def _back(flows):
    before, owed = ZERO, False
    for period, flow in enumerate(flows):
        after = computed(before + flow, "flows")
        if owed and after >= 0:
            return period - 1 - before / flow, None
        owed = owed or after < 0
        before = after
    return (None, "not_reached") if owed else (ZERO, None)


def roi(given):
    """Return on costs, and benefits against costs as a score."""
    rate = _rate(given)
    flows = [listed(given, field, _not_negative) for field in ("benefits", "costs")]
    benefits = _sum(_present(flows[0], rate, _first(given)), "pv_benefits")
    costs = _sum(_present(flows[1], rate, _first(given)), "pv_costs")
    computed(benefits + costs, "pv_benefits")
    reason = "no_flows" if benefits + costs == 0 else "no_costs" if costs == 0 else None
    return {
        "roi": (benefits - costs) / costs if costs else None,
        "score": HUNDRED * benefits / (benefits + costs) if benefits + costs else None,
        "reason": reason,
        "npv": benefits - costs,
        "pv_benefits": benefits,
        "pv_costs": costs,
    }


def _not_negative(given, field, path):
    return at_least(given, field, 0, path)


def _spread(terms, count):
    # Each term takes its power (at most as many products as there are periods) and a quotient.
    return operations(4 * count + 8, scale=float(min(LARGEST, total(map(abs, terms)))))


def _npv_bound(given):
    terms = _present(listed(given, "flows"), _rate(given), _first(given))
    return _spread(terms, len(terms))


def _roi_bound(given):
    flows = listed(given, "benefits") + listed(given, "costs")
    rate, first = _rate(given), _first(given)
    terms = _present(listed(given, "benefits"), rate, first) + _present(listed(given, "costs"), rate, first)
    return _spread(terms, len(flows))


def _payback_bound(given):
    # A quotient of a running sum: the error of the sum, relative to the flow that pays back.
    flows = [abs(flow) for flow in listed(given, "flows") if flow]
    spread = float(total(flows) / min(flows)) if flows else 1.0
    return operations(6 * len(given["flows"]) + 8, scale=spread)


CONVENTION = {"convention": choice("at_start", "spreadsheet")}
FLOWS = {"flows": list_of(number)}
DATED = {"flows": list_of(record({"on": day, "amount": number}))}
NPV = record({"rate": number, **FLOWS}, CONVENTION)
ROI = record({"rate": number, "benefits": list_of(number), "costs": list_of(number)}, CONVENTION)
XNPV = record({"rate": number, **DATED})

FORMULAS = {
    "npv": (taking(NPV, npv), _npv_bound),
    "xnpv": (taking(XNPV, xnpv), lambda given: functions(scale=float(total(map(abs, _dated_terms(given)))))),
    "irr": (taking(record(FLOWS), irr), lambda _: functions(scale=1.0)),
    "xirr": (taking(record(DATED), xirr), lambda _: functions(scale=1.0)),
    "payback": (taking(record(FLOWS, {"rate": number}), payback), _payback_bound),
    "roi": (taking(ROI, roi), _roi_bound),
}
