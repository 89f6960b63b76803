"""Scales: from a raw value to a unit, each by the sentence that defines it.

A reading is `(unit, regressed)`, or the name of the reason why the answer is missing.
"""

from . import dates
from .errors import Refused
from .numbers import ONE, ZERO, clamp, exact, half_away, shortest
from .ties import BILLION

YES_NO = {"yes": ONE, "true": ONE, "no": ZERO, "false": ZERO}


def kind(scale):
    """The scale's name and its parameters (none for a scale that is a plain word)."""
    if isinstance(scale, str):
        return scale, None
    [(name, parameters)] = scale.items()
    return name, parameters


def read(measure, answer, as_of, field):
    """The unit of one answer that has a value."""
    name, parameters = kind(measure["scale"])
    value = answer["value"]
    if name == "yes_no":
        out = _yes_no(value, field)
    elif name == "levels":
        out = _level(parameters, value, field)
    elif name == "within":
        out = _within(parameters, value, as_of, field)
    else:
        out = NUMBERS[name](parameters, _number(value, field), Asked(answer, as_of, field))
    if isinstance(out, str):
        return out
    unit, regressed = out if isinstance(out, tuple) else (out, False)
    return (ONE - unit if measure["reverse"] else unit), regressed


class Asked:
    """What a scale may need beside the value."""

    def __init__(self, answer, as_of, field):
        self.before = answer.get("before")
        self.as_of = as_of
        self.field = field

    def refuse(self):
        """The refusal of a value that the scale does not have."""
        return Refused("outside_scale", self.field)


def _number(value, field):
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise Refused("outside_scale", field)
    if value != value or value in (float("inf"), float("-inf")):
        raise Refused("not_finite", field)
    return exact(value)


def _yes_no(value, field):
    if isinstance(value, bool):
        return ONE if value else ZERO
    if isinstance(value, str):
        if value in YES_NO:
            return YES_NO[value]
    elif value in (0, 1):
        return exact(value)
    raise Refused("outside_scale", field)


def _level(levels, value, field):
    if isinstance(value, bool):
        raise Refused("outside_scale", field)
    name = value if isinstance(value, str) else shortest(value)
    if name not in levels:
        raise Refused("outside_scale", field)
    meaning = levels[name]
    return "not_applicable" if meaning == "not_applicable" else exact(meaning)


def _within(parameters, value, as_of, field):
    if not isinstance(value, str):
        raise Refused("outside_scale", field)
    age = as_of - dates.days(value, field)
    if age < 0:
        raise Refused("after_as_of", field)
    return ONE if age <= parameters["days"] else ZERO


def _ranged(top):
    def scale(_, x, asked):
        if not 0 <= x <= top:
            raise asked.refuse()
        return x / top

    return scale


def _likert(parameters, x, asked):
    low, high = parameters["min"], parameters["max"]
    if x.denominator != 1 or not low <= x <= high:
        raise asked.refuse()
    return (x - low) / (high - low)


def _line(parameters, x):
    worst, best = exact(parameters["worst"]), exact(parameters["best"])
    return (x - worst) / (best - worst)


def _linear(parameters, x, _):
    return clamp(_line(parameters, x))


def _linear_bounded(parameters, x, _):
    share = _line(parameters, x)
    return share if 0 <= share <= 1 else "no_data"


def _steps(parameters, x, _):
    unit = exact(parameters["below"])
    for step in parameters["steps"]:
        if exact(step["from"]) <= x:
            unit = exact(step["unit"])
    return unit


def _points(points, x, _):
    known = [(exact(point["at"]), exact(point["unit"])) for point in points]
    if x <= known[0][0]:
        return known[0][1]
    for (x0, u0), (x1, u1) in zip(known, known[1:]):
        if x <= x1:
            return u0 + (u1 - u0) * (x - x0) / (x1 - x0)
    return known[-1][1]


def _progress(parameters, x, _=None):
    baseline, target = exact(parameters["baseline"]), exact(parameters["target"])
    tolerance = parameters.get("tolerance")
    if tolerance is not None:
        return kept(baseline, target, x, exact(tolerance))
    raw = (x - baseline) / (target - baseline)
    return clamp(raw), raw < 0


def kept(baseline, target, x, tolerance):
    """1 within the tolerance of the target, else 0; regressed when further from it than the baseline."""
    distance = abs(x - target)
    # A billionth of the values' size is rounding: 1.1 is within 0.1 of 1.
    if distance <= tolerance + max(abs(x), abs(target)) / BILLION:
        return ONE, False
    return ZERO, distance > abs(baseline - target)


def _pace(parameters, x, asked):
    made = _progress(parameters, x)
    unit, regressed = made if isinstance(made, tuple) else (made, False)
    start, due = dates.days(parameters["start"]), dates.days(parameters["due"])
    passed = clamp(exact(asked.as_of - start) / (due - start))
    return (ONE if passed == 0 else min(ONE, unit / passed)), regressed


def _growth(_, now, asked):
    if asked.before is None:
        raise Refused("missing", asked.field + ".before")
    before = exact(asked.before)
    if before <= 0:
        raise Refused("out_of_range", asked.field + ".before")
    return clamp(50 * now / before / 100)


def mid_rank(x, cohort):
    """(below + equal/2)/n, compared at 9 decimals."""
    mine = half_away(x * BILLION)
    others = [half_away(exact(other) * BILLION) for other in cohort]
    below = sum(other < mine for other in others)
    equal = sum(other == mine for other in others)
    return (below + exact(equal) / 2) / len(others)


def _peer(parameters, x, _):
    return mid_rank(x, parameters["cohort"])


NUMBERS = {
    "unit": _ranged(1),
    "percent": _ranged(100),
    "score": _ranged(100),
    "likert": _likert,
    "linear": _linear,
    "linear_bounded": _linear_bounded,
    "steps": _steps,
    "points": _points,
    "progress": _progress,
    "pace": _pace,
    "growth": _growth,
    "peer": _peer,
}
