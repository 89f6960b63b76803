"""How many people the work needs, and through which channel to guide."""

import math
from decimal import Decimal
from fractions import Fraction

from ..errors import Refused
from ..inputs import above, at_least, between, by_id, share_above_zero, share_below_one
from ..numbers import CONTEXT, ONE, ZERO, decimal, exact, total
from ..shapes import count, flag, listed, number, record, taking, text
from ..tolerance import functions
from .surveys import interval

MOST_AGENTS = 100_000
# A billionth of a person, or of an occupancy, is rounding.
ROUNDING = Fraction(1, 10**9)
REVENUE_PER_CSM = 2_000_000
UTILISATION = 0.85


def people(x):
    """Whole people for a number of them."""
    return max(0, math.ceil(x - ROUNDING))


def erlang_c(given):
    """The fewest agents who give a waiting line its service level."""
    contacts = at_least(given, "contacts", 0)
    interval_minutes = above(given, "interval_minutes", 0)
    handling = at_least(given, "handling_minutes", 0)
    target = at_least(given, "target_seconds", 0)
    level = share_below_one(given, "service_level")
    occupancy = share_above_zero(given, "max_occupancy")
    shrinkage = share_below_one({"shrinkage": 0, **given}, "shrinkage")
    load = contacts * handling / interval_minutes
    if load == 0:
        return _line(ZERO, 0, ZERO, ONE, ZERO)
    if load >= MOST_AGENTS:
        raise Refused("limit", "contacts")
    agents, waiting, reached = _agents(load, target / (60 * handling), level, occupancy + ROUNDING)
    return _line(load, agents, waiting, reached, shrinkage)


def _line(load, agents, waiting, level, shrinkage):
    return {
        "load": load,
        "agents": agents,
        "waiting_probability": waiting,
        "service_level": level,
        "occupancy": load / agents if agents else ZERO,
        "positions": people(agents / (1 - shrinkage)),
    }


def _agents(load, patience, level, occupancy):
    """Agents, waiting probability and service level, by the inverse of the blocking probability: I_c = 1 + I_{c-1} c / a."""
    a, inverse = decimal(load), Decimal(1)
    for c in range(1, MOST_AGENTS + 1):
        inverse = CONTEXT.add(1, CONTEXT.divide(CONTEXT.multiply(inverse, Decimal(c)), a))
        if c <= load or load / c > occupancy:
            continue
        blocking, busy = 1 / Fraction(inverse), load / c
        waiting = blocking / (1 - busy * (1 - blocking))
        reached = 1 - waiting * Fraction(CONTEXT.exp(decimal(-(c - load) * patience)))
        if reached >= level:
            return c, waiting, reached
    raise Refused("limit", "contacts")


def staffing(given):
    """People for hours of work and for a waiting line."""
    accounts = _hours(given, "accounts", "accounts")
    events = _hours(given, "events", "events")
    service = _service(given.get("service"))
    if not (given.get("accounts") or given.get("events") or service):
        raise Refused("empty", "accounts")
    hours = accounts + events
    capacity = (
        above(given, "paid_hours", 0)
        * (1 - share_below_one(given, "admin_share"))
        * share_above_zero({"utilisation": UTILISATION, **given}, "utilisation")
    )
    heads = people(hours / capacity)
    positions = service["positions"] if service else 0
    return {
        "hours": hours,
        "capacity": capacity,
        "fte": hours / capacity,
        "heads": heads,
        "service": service,
        "total_heads": max(heads, positions) if given.get("same_work") else heads + positions,
        "revenue_rule": _revenue_rule({"revenue_per_csm": REVENUE_PER_CSM, **given}),
    }


def _hours(given, field, count):
    return total(exact(entry[count]) * at_least(entry, "hours", 0, f"{place}.hours") for place, entry in by_id(given, field))


def _service(line):
    if line is None:
        return None
    try:
        return erlang_c(line)
    except Refused as refused:
        raise refused.within("service") from None


def _revenue_rule(given):
    per_csm = above(given, "revenue_per_csm", 0)
    if given.get("revenue") is None:
        return None
    return {"revenue_per_csm": per_csm, "heads": people(at_least(given, "revenue", 0) / per_csm)}


def channel(entry, place=""):
    """What one channel's numbers say."""
    dot = place + "." if place else ""
    cost = at_least(entry, "cost", 0, f"{dot}cost")
    delivered, effective = entry["delivered"], entry["effective"]
    if effective > delivered:
        raise Refused("out_of_range", f"{dot}effective")
    if delivered == 0:
        empty = dict.fromkeys(("share", "low", "high", "cost_per_effective"))
        return {"id": entry["id"], **empty, "reason": "nothing_delivered"}
    return {
        "id": entry["id"],
        "share": exact(effective) / delivered,
        **interval(effective, delivered),
        "cost_per_effective": cost / effective if effective else None,
        "reason": None if effective else "nothing_effective",
    }


def channel_advice(given):
    """The cheapest channel that is shown to be effective enough."""
    if not given["channels"]:
        raise Refused("empty", "channels")
    required = between(given, "required_effectiveness", 0, 1)
    channels = [channel(entry, place) for place, entry in by_id(given, "channels")]
    good = [c for c in channels if c["cost_per_effective"] is not None and c["low"] >= required]
    best = min(good, key=lambda c: c["cost_per_effective"], default=None)
    return {
        "channels": channels,
        "advice": best["id"] if best else None,
        "reason": None if best else "none_reaches_requirement",
    }


LINE_FIELDS = ("contacts", "interval_minutes", "handling_minutes", "target_seconds", "service_level", "max_occupancy")
LINE = record(dict.fromkeys(LINE_FIELDS, number), {"shrinkage": number})
ACCOUNTS = listed(record({"id": text, "accounts": count, "hours": number}))
EVENTS = listed(record({"id": text, "events": count, "hours": number}))
TEAM = record(
    {"paid_hours": number, "admin_share": number},
    {
        "accounts": ACCOUNTS,
        "events": EVENTS,
        "utilisation": number,
        "service": LINE,
        "same_work": flag,
        "revenue": number,
        "revenue_per_csm": number,
    },
)
CHANNEL = record({"id": text, "cost": number, "delivered": count, "effective": count})
CHANNELS = record({"channels": listed(CHANNEL), "required_effectiveness": number})

FORMULAS = {
    "erlang_c": (taking(LINE, erlang_c), lambda _: functions(scale=1.0)),
    "staffing": (taking(TEAM, staffing), lambda _: functions()),
    "channel_advice": (taking(CHANNELS, channel_advice), lambda _: functions(scale=1.0)),
}
