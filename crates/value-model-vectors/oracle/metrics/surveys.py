"""Survey scores and the intervals around them."""

from ..errors import Refused
from ..inputs import between
from ..numbers import HUNDRED, exact, sqrt
from ..shapes import choice, count, listed as list_of, number, record, taking
from ..tolerance import functions

# The 97.5% point of the normal distribution, to the digits that the formula page gives.
Z = exact(1.959963984540054)
MOST = 2**32 - 1


def interval(successes, trials):
    """The 95% Wilson interval of a share."""
    n, p = exact(trials), exact(successes) / trials
    centre = p + Z * Z / (2 * n)
    half = Z * sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
    scale = 1 + Z * Z / n
    return {"low": (centre - half) / scale, "high": (centre + half) / scale}


def _share(given, successes, trials):
    if given[trials] < 1:
        raise Refused("out_of_range", trials)
    if given[successes] > given[trials]:
        raise Refused("out_of_range", successes)
    return exact(given[successes]) / given[trials]


def wilson(given):
    """A share with its interval."""
    share = _share(given, "successes", "trials")
    return {"share": share, **interval(given["successes"], given["trials"])}


def csat(given):
    """The share of satisfied answers."""
    share = _share(given, "satisfied", "responses")
    return {"share": share, "score": HUNDRED * share, "interval": interval(given["satisfied"], given["responses"])}


def nps(given):
    """Promoters less detractors in points, with both intervals."""
    promoters, detractors = exact(given["promoters"]), exact(given["detractors"])
    n = promoters + given["passives"] + detractors
    if n == 0:
        raise Refused("empty", "responses")
    if n > MOST:
        raise Refused("overflow", "responses")
    score = HUNDRED * (promoters - detractors) / n
    centre, low, high = _wald(promoters, detractors, n)
    adjusted = _wald(promoters + exact(0.75), detractors + exact(0.75), n + 3)
    return {
        "nps": score,
        "unit": (score + 100) / 200,
        "responses": int(n),
        "wald": {"low": low, "high": high},
        "adjusted_wald": dict(zip(("centre", "low", "high"), adjusted)),
    }


def _wald(promoters, detractors, n):
    p, d = promoters / n, detractors / n
    half = HUNDRED * Z * sqrt((p + d - (p - d) ** 2) / n)
    centre = HUNDRED * (p - d)
    return centre, centre - half, centre + half


def ces(given):
    """The effort score in one of its variants."""
    counts = given["counts"]
    if len(counts) != 7:
        raise Refused("invalid_input", "counts")
    n = sum(counts)
    if n == 0:
        raise Refused("empty", "counts")
    if n > MOST:
        raise Refused("overflow", "counts")
    value, unit = VARIANTS[given["variant"]](counts, exact(n))
    top = given["variant"] == "top3_7"
    return {
        "value": value,
        "unit": unit,
        "responses": n,
        "interval": interval(sum(counts[4:]), n) if top else None,
    }


def _mean7(counts, n):
    mean = sum(answer * count for answer, count in enumerate(counts, start=1)) / n
    return mean, (mean - 1) / 6


def _top3_7(counts, n):
    share = sum(counts[4:]) / n
    return share, share


def _index(counts, n):
    index = HUNDRED * (sum(counts[5:]) - sum(counts[:3])) / n
    return index, (index + 100) / 200


VARIANTS = {"mean7": _mean7, "top3_7": _top3_7, "index": _index}


def opportunity(given):
    """Importance, and what is unsatisfied of it."""
    importance = between(given, "importance", 0, 10)
    satisfaction = between(given, "satisfaction", 0, 10)
    found = importance + max(importance - satisfaction, exact(0))
    return {"opportunity": found, "underserved": round(found * 10**9) > 10 * 10**9}


WILSON = record({"successes": count, "trials": count})
CSAT = record({"satisfied": count, "responses": count})
NPS = record({"promoters": count, "passives": count, "detractors": count})
CES = record({"counts": list_of(count), "variant": choice(*VARIANTS)})
OPPORTUNITY = record({"importance": number, "satisfaction": number})

FORMULAS = {
    "wilson": (taking(WILSON, wilson), lambda _: functions(scale=1.0)),
    "csat": (taking(CSAT, csat), lambda _: functions(scale=1.0)),
    "nps": (taking(NPS, nps), lambda _: functions(scale=100.0)),
    "ces": (taking(CES, ces), lambda _: functions(scale=1.0)),
    "opportunity": (taking(OPPORTUNITY, opportunity), lambda _: functions(scale=10.0)),
}
