"""AUC by looking at every pair, and its interval from the placements of every account."""

from math import comb

from ..errors import Refused
from ..metrics.surveys import Z
from ..numbers import clamp, exact, half_away, sqrt, total
from ..shapes import flag, listed, number, record, taking
from ..tolerance import functions

LARGEST = 10**9
INFINITE = (float("inf"), float("-inf"))
HALF = exact(0.5)


def rankable(value, path):
    """A number whose order at 9 decimals is known, in billionths."""
    if value != value or value in INFINITE:
        raise Refused("not_finite", path)
    if abs(exact(value)) > LARGEST:
        raise Refused("out_of_range", path)
    return half_away(exact(value) * 10**9)


def same_length(values, others, field):
    """Columns hold one entry per account."""
    if len(values) != len(others):
        raise Refused("conflict", field)


def classes(keys, outcomes):
    """The keys of the kept and of the lost."""
    kept = [key for key, stayed in zip(keys, outcomes) if stayed]
    lost = [key for key, stayed in zip(keys, outcomes) if not stayed]
    return kept, lost


def empty_class(kept, lost):
    """Why two classes are not there."""
    if not kept and not lost:
        return "no_accounts"
    if not kept:
        return "none_kept"
    return None if lost else "none_lost"


def wins(high, low):
    """1 for the right order, a half for a tie."""
    return exact(1) if high > low else HALF if high == low else exact(0)


def auc_of(keys, outcomes):
    """The result of `auc` for keys that can be compared."""
    kept, lost = classes(keys, outcomes)
    out = {"auc": None, "interval": None, "reason": empty_class(kept, lost), "verdict": "unknown"}
    out |= {"kept": len(kept), "lost": len(lost)}
    if out["reason"]:
        return out
    of_kept = [total(wins(a, b) for b in lost) / len(lost) for a in kept]
    of_lost = [total(wins(a, b) for a in kept) / len(kept) for b in lost]
    out["auc"] = total(of_kept) / len(kept)
    if len(kept) < 2 or len(lost) < 2:
        out["reason"] = "too_few"
        return out
    variance = _variance(of_kept, out["auc"]) / len(kept) + _variance(of_lost, out["auc"]) / len(lost)
    if not variance:
        if out["auc"] == HALF:
            return out | {"reason": "all_equal", "verdict": "unclear"}
        rare = comb(len(kept) + len(lost), len(kept)) >= 40
        verdict = ("leads" if out["auc"] else "wrong_way") if rare else "unclear"
        return out | {"reason": "separated", "verdict": verdict}
    low, high = (clamp(out["auc"] + sign * Z * sqrt(variance)) for sign in (-1, 1))
    out["interval"] = {"low": low, "high": high}
    out["verdict"] = "leads" if low > HALF else "wrong_way" if high < HALF else "unclear"
    return out


def _variance(placements, mean):
    return total((x - mean) ** 2 for x in placements) / (len(placements) - 1)


def auc(given):
    """AUC of an input."""
    same_length(given["outcomes"], given["scores"], "outcomes")
    keys = [rankable(score, f"scores[{index}]") for index, score in enumerate(given["scores"])]
    return auc_of(keys, given["outcomes"])


AUC = record({"scores": listed(number), "outcomes": listed(flag)})
FORMULAS = {"auc": (taking(AUC, auc), lambda _: functions(scale=1.0))}
