"""Calibration: the logistic curve by Newton's method in 60 digits, the rising curve by its max-min formula."""

from decimal import Decimal, localcontext
from fractions import Fraction

from ..errors import Refused
from ..inputs import between, finite
from ..metrics.surveys import interval
from ..numbers import CONTEXT, decimal, exact, half_away, total
from ..shapes import choice, count, flag, listed, number, record, taking, text
from ..tolerance import Bound, functions
from .ranking import auc_of, classes, empty_class, rankable, same_length

BILLION = 10**9
SMALL = Decimal(10) ** -40


def precisely(formula):
    """The formula with 60 digits in every decimal."""

    def precise(given):
        with localcontext(CONTEXT):
            return formula(given)

    return precise


def calibrate(given):
    """A curve, and the reliability of likelihoods that were not learnt from."""
    folds = 5 if given.get("folds") is None else given["folds"]
    if not 2 <= folds <= 20:
        raise Refused("out_of_range", "folds")
    same_length(given["outcomes"], given["scores"], "outcomes")
    keys = [rankable(score, f"scores[{index}]") for index, score in enumerate(given["scores"])]
    rows = sorted(zip(keys, given["outcomes"]))
    method = given.get("method") or "platt"
    curve = _fit(rows, method)
    kept, lost = classes(*zip(*rows)) if rows else ([], [])
    reason = empty_class(kept, lost) or (None if curve else "all_equal")
    reason = reason or ("too_few" if min(len(kept), len(lost)) < folds else None)
    return {
        "schema": "value-model-calibration/1",
        "model": given.get("model"),
        "curve": curve,
        "reason": reason,
        "auc": auc_of(keys, given["outcomes"]),
        "reliability": None if reason else _judged(rows, method, folds),
    }


def _fit(rows, method):
    if len({key for key, _ in rows}) < 2 or len({stayed for _, stayed in rows}) < 2:
        return None
    return {"platt": _platt(rows)} if method == "platt" else {"isotonic": _rising(rows)}


def _judged(rows, method, folds):
    """The accounts of each class are dealt out in turn, from the lowest score up."""
    dealt, next_place = [], {True: 0, False: 0}
    for row in rows:
        dealt.append(next_place[row[1]] % folds)
        next_place[row[1]] += 1
    judged = []
    for fold in range(folds):
        curve = _fit([row for row, of in zip(rows, dealt) if of != fold], method)
        if curve is None:
            return None
        judged += [(_at(curve, Fraction(key, BILLION)), stayed) for (key, stayed), of in zip(rows, dealt) if of == fold]
    return _reliability(judged, 10)


def sigmoid(x):
    """1 / (1 + exp(-x)) of a decimal."""
    return CONTEXT.divide(Decimal(1), 1 + CONTEXT.exp(-x))


def damping(gain):
    """The share of a step of Newton's method that cannot overshoot: all of it where little is left to gain."""
    left = CONTEXT.sqrt(max(gain, Decimal(0)))
    return Decimal(1) if left < Decimal("0.25") else CONTEXT.divide(Decimal(1), 1 + left)


def _platt(rows):
    kept, lost = sum(stayed for _, stayed in rows), sum(not stayed for _, stayed in rows)
    wanted = {True: decimal(Fraction(kept + 1, kept + 2)), False: decimal(Fraction(1, lost + 2))}
    middle = total(Fraction(key, BILLION) for key, _ in rows) / len(rows)
    # Scores in hundreds around their mean keep the steps of Newton's method small.
    points = [(decimal((Fraction(key, BILLION) - middle) / 100), wanted[stayed]) for key, stayed in rows]
    slope = base = Decimal(0)
    for _ in range(200):
        likelihoods = [sigmoid(slope * x + base) for x, _ in points]
        g = [sum((p - t) * x for p, (x, t) in zip(likelihoods, points)), sum(p - t for p, (_, t) in zip(likelihoods, points))]
        bend = [p * (1 - p) for p in likelihoods]
        a, b, c = sum(w * x * x for w, (x, _) in zip(bend, points)), sum(w * x for w, (x, _) in zip(bend, points)), sum(bend)
        down = CONTEXT.divide(g[0] * c - g[1] * b, a * c - b * b), CONTEXT.divide(g[1] * a - g[0] * b, a * c - b * b)
        short = damping(g[0] * down[0] + g[1] * down[1])
        slope, base = slope - short * down[0], base - short * down[1]
        if abs(down[0]) + abs(down[1]) < SMALL:
            break
    rise = Fraction(slope) / 100
    return {"slope": rise, "intercept": Fraction(base) - rise * middle}


def _rising(rows):
    """The largest, over starts, of the smallest mean, over ends: knots where it changes."""
    keys = sorted({key for key, _ in rows})
    sums = [(sum(stayed for key, stayed in rows if key == at), sum(key == at for key, _ in rows)) for at in keys]

    def mean(start, end):
        part = sums[start : end + 1]
        return Fraction(sum(kept for kept, _ in part), sum(n for _, n in part))

    last = len(keys) - 1
    values = [
        max(min(mean(start, end) for end in range(at, last + 1)) for start in range(at + 1)) for at in range(last + 1)
    ]
    return [
        {"score": Fraction(key, BILLION), "likelihood": value}
        for at, (key, value) in enumerate(zip(keys, values))
        if at in (0, last) or values[at - 1] != value or values[at + 1] != value
    ]


def _at(curve, score):
    if "platt" in curve:
        return Fraction(sigmoid(decimal(exact(curve["platt"]["slope"]) * score + exact(curve["platt"]["intercept"]))))
    knots = [(exact(knot["score"]), exact(knot["likelihood"])) for knot in curve["isotonic"]]
    score = Fraction(half_away(score * BILLION), BILLION)
    if score <= knots[0][0]:
        return knots[0][1]
    for (x0, y0), (x1, y1) in zip(knots, knots[1:]):
        if score <= x1:
            return y0 + (y1 - y0) * (score - x0) / (x1 - x0)
    return knots[-1][1]


def likelihood(given):
    """Likelihoods read off a curve."""
    curve = given["curve"]
    if "platt" in curve:
        finite(curve["platt"], "slope", "curve.platt.slope")
        finite(curve["platt"], "intercept", "curve.platt.intercept")
    else:
        _check_knots(curve["isotonic"])
    out = []
    for index, score in enumerate(given["scores"]):
        if score is not None:
            rankable(score, f"scores[{index}]")
        out.append(None if score is None else _at(curve, exact(score)))
    return {"renewal_likelihood": out}


def _check_knots(knots):
    if not knots:
        raise Refused("empty", "curve.isotonic")
    for index, knot in enumerate(knots):
        field = f"curve.isotonic[{index}]"
        between(knot, "likelihood", 0, 1, f"{field}.likelihood")
        between(knot, "score", -BILLION, BILLION, f"{field}.score")
        if index and knots[index - 1]["score"] >= knot["score"]:
            raise Refused("conflict", f"{field}.score")
        if index and knots[index - 1]["likelihood"] > knot["likelihood"]:
            raise Refused("conflict", f"{field}.likelihood")


def reliability(given):
    """Likelihoods against outcomes."""
    if not given["likelihoods"]:
        raise Refused("empty", "likelihoods")
    same_length(given["outcomes"], given["likelihoods"], "outcomes")
    bins = 10 if given.get("bins") is None else given["bins"]
    if not 1 <= bins <= 100:
        raise Refused("out_of_range", "bins")
    checked = [
        between({"x": p}, "x", 0, 1, f"likelihoods[{index}]") for index, p in enumerate(given["likelihoods"])
    ]
    return _reliability(list(zip(checked, given["outcomes"])), bins)


def _reliability(judged, bins):
    n, kept = len(judged), sum(stayed for _, stayed in judged)
    base = Fraction(kept, n)
    brier = total((p - stayed) ** 2 for p, stayed in judged) / n
    rows = []
    for place in range(bins):
        inside = [(p, stayed) for p, stayed in judged if min(half_away(p * BILLION) * bins // BILLION, bins - 1) == place]
        if inside:
            stayed = sum(stayed for _, stayed in inside)
            rows.append(
                {
                    "from": Fraction(place, bins),
                    "to": Fraction(place + 1, bins),
                    "accounts": len(inside),
                    "mean_likelihood": total(p for p, _ in inside) / len(inside),
                    "kept_rate": Fraction(stayed, len(inside)),
                    "interval": interval(stayed, len(inside)),
                }
            )
    return {
        "accounts": n,
        "brier": brier,
        "brier_of_base": base * (1 - base),
        "skill": 1 - brier / (base * (1 - base)) if 0 < kept < n else None,
        "calibration_error": total(row["accounts"] * abs(row["mean_likelihood"] - row["kept_rate"]) for row in rows) / n,
        "bins": rows,
    }


def _nullable(value, path):
    if value is not None:
        number(value, path)


CALIBRATE = record(
    {"scores": listed(number), "outcomes": listed(flag)},
    {"method": choice("platt", "isotonic"), "folds": count, "model": text},
)
KNOT = record({"score": number, "likelihood": number})
CURVE = choice(platt=record({"slope": number, "intercept": number}), isotonic=listed(KNOT))
LIKELIHOOD = record({"curve": CURVE, "scores": listed(_nullable)})
RELIABILITY = record({"likelihoods": listed(number), "outcomes": listed(flag)}, {"bins": count})
# A fit stops when a step no longer shows; that is less exact than a formula.
FITTED = Bound(1e-11, 1e-2)
FORMULAS = {
    "calibrate": (taking(CALIBRATE, precisely(calibrate)), lambda _: FITTED),
    "likelihood": (taking(LIKELIHOOD, precisely(likelihood)), lambda _: functions(scale=1.0)),
    "reliability": (taking(RELIABILITY, reliability), lambda _: functions(scale=1.0)),
}
