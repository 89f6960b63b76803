"""Harrell's concordance by looking at every pair."""

from itertools import combinations

from ..errors import Refused
from ..numbers import exact, total
from ..shapes import flag, listed, number, record, taking
from ..tolerance import functions
from .ranking import INFINITE, rankable, same_length, wins


def concordance(given):
    """C with its pairs."""
    scores, times, left = given["scores"], given["times"], given["left"]
    same_length(times, scores, "times")
    same_length(left, scores, "left")
    rows = []
    for index, (score, time, gone) in enumerate(zip(scores, times, left)):
        key = rankable(score, f"scores[{index}]")
        if time != time or time in INFINITE:
            raise Refused("not_finite", f"times[{index}]")
        if time < 0:
            raise Refused("out_of_range", f"times[{index}]")
        rows.append((key, exact(time), gone))
    pairs = [ordered for a, b in combinations(rows, 2) if (ordered := _ordered(a, b))]
    tied = sum(early[0] == late[0] for early, late in pairs)
    return {
        "concordance": total(wins(late[0], early[0]) for early, late in pairs) / len(pairs) if pairs else None,
        "reason": None if pairs else "no_pairs",
        "pairs": exact(len(pairs)),
        "tied_scores": exact(tied),
    }


def _ordered(a, b):
    """The earlier and the later of two accounts, where that is known."""
    if a[1] == b[1]:
        if a[2] == b[2]:
            return None
        return (a, b) if a[2] else (b, a)
    early, late = (a, b) if a[1] < b[1] else (b, a)
    return (early, late) if early[2] else None


SHAPE = record({"scores": listed(number), "times": listed(number), "left": listed(flag)})
FORMULAS = {"concordance": (taking(SHAPE, concordance), lambda _: functions(scale=1.0))}
