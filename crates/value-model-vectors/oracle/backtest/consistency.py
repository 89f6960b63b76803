"""Cronbach's alpha of a group of answers, and the drift between two periods."""

from bisect import bisect_left
from fractions import Fraction

from ..errors import Refused
from ..inputs import by_id, finite
from ..numbers import exact, ln, sqrt, total
from ..shapes import flag, listed, number, record, taking, text
from ..tolerance import functions
from .ranking import rankable, same_length

BILLION = 10**9


def alpha(given):
    """Alpha with what it would be without each item."""
    items = given["items"]
    if len(items) < 2:
        raise Refused("empty", "items")
    by_id(given, "items")
    everybody = len(items[0]["answers"])
    for place, item in enumerate(items):
        same_length(item["answers"], items[0]["answers"], f"items[{place}].answers")
        for row, answer in enumerate(item["answers"]):
            if answer is not None:
                finite({"x": answer}, "x", f"items[{place}].answers[{row}]")
    whole = [row for row in range(everybody) if all(item["answers"][row] is not None for item in items)]
    columns = [[exact(item["answers"][row]) for row in whole] for item in items]
    found = _alpha(columns)
    reason = "too_few" if len(whole) < 2 else "no_variation" if found is None else None
    return {
        "alpha": found,
        "standardised": None if found is None else _standardised(columns),
        "reason": reason,
        "low": found < exact(0.7) if given.get("survey_scale") and found is not None else None,
        "respondents": len(whole),
        "left_out": everybody - len(whole),
        "items": [_item(columns, place, item["id"]) for place, item in enumerate(items)],
    }


def _covariance(a, b):
    if not a:
        return Fraction(0)
    mean_a, mean_b = total(a) / len(a), total(b) / len(b)
    return total((x - mean_a) * (y - mean_b) for x, y in zip(a, b))


def _alpha(columns):
    """From the sums of all covariances, as in the definition by variances of items and total."""
    own = total(_covariance(column, column) for column in columns)
    everything = total(_covariance(a, b) for a in columns for b in columns)
    k = len(columns)
    if k < 2 or not everything:
        return None
    return Fraction(k, k - 1) * (1 - own / everything)


def _correlation(a, b):
    size = _covariance(a, a) * _covariance(b, b)
    return _covariance(a, b) / sqrt(size) if size else None


def _standardised(columns):
    k = len(columns)
    pairs = [_correlation(a, b) for place, a in enumerate(columns) for b in columns[place + 1 :]]
    if None in pairs:
        return None
    mean = total(pairs) / len(pairs)
    under = 1 + (k - 1) * mean
    return k * mean / under if under > 0 else None


def _item(columns, place, name):
    others = [column for at, column in enumerate(columns) if at != place]
    rest = [total(answers) for answers in zip(*others)]
    return {
        "id": name,
        "item_rest": _correlation(columns[place], rest) if rest else None,
        "alpha_without": _alpha(others),
    }


def drift(given):
    """The population stability index."""
    for field in ("before", "after"):
        if not given[field]:
            raise Refused("empty", field)
    before, after = (
        sorted(rankable(score, f"{field}[{index}]") for index, score in enumerate(given[field]))
        for field in ("before", "after")
    )
    cuts = _cuts(given, before)
    edges = [None, *cuts, None]
    bins = [_bin(before, after, low, high) for low, high in zip(edges, edges[1:])]
    index = total(bin["psi"] for bin in bins)
    level = "stable" if index < Fraction(1, 10) else "moving" if index <= Fraction(1, 4) else "shifted"
    return {"psi": index, "level": level, "bins": bins}


def _cuts(given, before):
    if given.get("cuts") is None:
        starts = {before[len(before) * part // 10] for part in range(1, 10)}
        return sorted(start for start in starts if start > before[0])
    cuts = []
    for index, cut in enumerate(given["cuts"]):
        cuts.append(rankable(cut, f"cuts[{index}]"))
        if index and cuts[-1] <= cuts[-2]:
            raise Refused("conflict", f"cuts[{index}]")
    return cuts


def _bin(before, after, low, high):
    def inside(keys):
        return (len(keys) if high is None else bisect_left(keys, high)) - (0 if low is None else bisect_left(keys, low))

    old, new = inside(before), inside(after)
    p, q = ((Fraction(n) or Fraction(1, 2)) / len(keys) for n, keys in ((old, before), (new, after)))
    return {
        "from": None if low is None else Fraction(low, BILLION),
        "before": old,
        "after": new,
        "psi": (q - p) * Fraction(ln(q / p)),
    }


def _nullable(value, path):
    if value is not None:
        number(value, path)


ALPHA = record({"items": listed(record({"id": text, "answers": listed(_nullable)}))}, {"survey_scale": flag})
DRIFT = record({"before": listed(number), "after": listed(number)}, {"cuts": listed(number)})
FORMULAS = {
    "alpha": (taking(ALPHA, alpha), lambda _: functions(scale=1.0)),
    "drift": (taking(DRIFT, drift), lambda _: functions(scale=1.0)),
}
