"""Goals: progress, pace, growth, standing among peers."""

from .. import dates
from ..errors import Refused
from ..inputs import above, at_least, computed, finite
from ..numbers import HUNDRED, ONE, clamp, exact, half_away
from ..scales import kept
from ..shapes import day, flag, listed, number, record, taking
from ..ties import BILLION, Ties
from ..tolerance import operations


def progress(given):
    """Progress from a baseline to a target, or keeping it."""
    baseline, target = finite(given, "baseline"), finite(given, "target")
    tolerance = given.get("tolerance")
    if tolerance is None and baseline == target:
        raise Refused("conflict", "target")
    if tolerance is not None:
        at_least(given, "tolerance", 0)
    current = finite(given, "current")
    if tolerance is not None:
        unit, regressed = kept(baseline, target, current, exact(tolerance))
        return {"unit": unit, "raw": unit, "regressed": regressed}
    raw = computed(current - baseline, "current") / computed(target - baseline, "target")
    return {"unit": clamp(raw), "raw": raw, "regressed": raw < 0}


def pace(given):
    """Progress against the time that has gone."""
    made = progress(given)
    start, due, as_of = (dates.days(given[field], field) for field in ("start", "due", "as_of"))
    if due <= start:
        raise Refused("conflict", "due")
    elapsed = clamp(exact(as_of - start) / (due - start))
    return {
        "progress": made["unit"],
        "raw": made["raw"],
        "regressed": made["regressed"],
        "elapsed": elapsed,
        "pace": ONE if elapsed == 0 else min(ONE, made["unit"] / elapsed),
        "status": status(made["unit"], elapsed),
    }


def status(made, elapsed):
    """On track, at risk by at most a quarter, or off track; compared as scores of 9 decimals."""
    ties = Ties()
    if ties.order(HUNDRED * made, HUNDRED * elapsed) >= 0:
        return "on_track"
    return "at_risk" if ties.order(HUNDRED * (elapsed - made), exact(25)) <= 0 else "off_track"


def growth(given):
    """A value against itself before."""
    now, before = finite(given, "now"), above(given, "before", 0)
    return {"unit": clamp(50 * now / before / 100)}


def peer(given):
    """The mid-rank share among peers."""
    value = finite(given, "value")
    if not given["cohort"]:
        raise Refused("empty", "cohort")
    cohort = [finite({"x": x}, "x", path=f"cohort[{index}]") for index, x in enumerate(given["cohort"])]
    if given.get("scores"):
        value, cohort = half_away(value * BILLION), [half_away(x * BILLION) for x in cohort]
    below, equal = sum(x < value for x in cohort), sum(x == value for x in cohort)
    return {"unit": (below + exact(equal) / 2) / len(cohort), "below": below, "equal": equal}


def _raw_bound(given):
    # Two differences and a quotient; the differences lose what the values have in common.
    sizes = sum(abs(exact(given[field])) for field in ("baseline", "target", "current"))
    gap = abs(exact(given["target"]) - exact(given["baseline"]))
    return operations(8, scale=float(sizes / gap) if gap else 1.0)


GOAL = {"baseline": number, "target": number, "current": number}
PLAN = {"start": day, "due": day, "as_of": day}
TOLERANCE = {"tolerance": number}
PEER = record({"value": number, "cohort": listed(number)}, {"scores": flag})

FORMULAS = {
    "progress": (taking(record(GOAL, TOLERANCE), progress), _raw_bound),
    "pace": (taking(record({**GOAL, **PLAN}, TOLERANCE), pace), _raw_bound),
    "growth": (taking(record({"now": number, "before": number}), growth), lambda _: operations(4)),
    "peer": (taking(PEER, peer), lambda _: operations(4)),
}
