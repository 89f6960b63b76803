"""A whole back-test: revenue-weighted AUC, precision, distance, tenths, bands, the ROC curve."""

from fractions import Fraction

from .. import dates
from ..errors import Refused
from ..metrics.money import ten_thousandths
from ..metrics.surveys import interval
from ..numbers import exact, half_away, total
from ..shapes import choice, day, flag, listed, number, record, taking, text
from ..tolerance import TEXT, functions
from .ranking import INFINITE, auc_of, classes, empty_class, rankable, same_length, wins

BILLION = 10**9
MOST_REVENUE = 10**13
DEFAULT = {"cuts": [50, 75], "names": ["at_risk", "watch", "healthy"]}


def backtest(given):
    """Scores of one day against what happened later."""
    _no_leak(given)
    rows, counts = _rows(given)
    keys, outcomes = [row[0] for row in rows], [row[1] for row in rows]
    kept, lost = classes(keys, outcomes)
    whole = not empty_class(kept, lost)
    return {
        "summary": TEXT,
        "accounts": len(rows),
        **counts,
        "auc": auc_of(keys, outcomes),
        "revenue_weighted_auc": _weighted(rows) if given.get("revenue") is not None else None,
        "average_precision": _precision(rows) if whole else None,
        "kept_rate": Fraction(len(kept), len(rows)) if rows else None,
        "ks": _distance(kept, lost) if whole else None,
        "deciles": _tenths(rows, len(lost)),
        "bands": _bands(given.get("bands") or DEFAULT, rows),
        "roc": _roc(kept, lost) if whole else [],
    }


def _no_leak(given):
    newest = given.get("inputs_on")
    if newest is None:
        return
    same_length(newest, given["scores"], "inputs_on")
    if given.get("as_of") is None:
        raise Refused("missing", "as_of")
    known = dates.days(given["as_of"], "as_of")
    for index, date in enumerate(newest):
        if date is not None and dates.days(date, "") > known:
            raise Refused("after_as_of", f"inputs_on[{index}]")


def _rows(given):
    scores, outcomes = given["scores"], given["outcomes"]
    revenue = given.get("revenue")
    same_length(outcomes, scores, "outcomes")
    if revenue is not None:
        same_length(revenue, scores, "revenue")
    rows, without = [], {"without_score": 0, "without_outcome": 0, "without_revenue": 0}
    for index, (score, outcome) in enumerate(zip(scores, outcomes)):
        if score is None:
            without["without_score"] += 1
            continue
        key = rankable(score, f"scores[{index}]")
        if outcome is None:
            without["without_outcome"] += 1
            continue
        amount = None if revenue is None else revenue[index]
        without["without_revenue"] += revenue is not None and amount is None
        rows.append((key, outcome, _money(amount, f"revenue[{index}]")))
    return rows, without


def _money(amount, path):
    if amount is None:
        return 0
    if amount != amount or amount in INFINITE:
        raise Refused("not_finite", path)
    if not 0 <= amount <= MOST_REVENUE:
        raise Refused("out_of_range", path)
    return ten_thousandths(amount)


def _weighted(rows):
    kept, lost = [row for row in rows if row[1]], [row for row in rows if not row[1]]
    weight = sum(row[2] for row in kept) * sum(row[2] for row in lost)
    if not weight:
        return None
    return total(a[2] * b[2] * wins(a[0], b[0]) for a in kept for b in lost) / weight


def _precision(rows):
    """The mean, over kept accounts, of the share of kept ones among all with that score or more."""
    kept = [key for key, stayed, _ in rows if stayed]

    def precision(key):
        above = [stayed for other, stayed, _ in rows if other >= key]
        return Fraction(sum(above), len(above))

    return total(precision(key) for key in kept) / len(kept)


def _share(keys, up_to):
    return Fraction(sum(key <= up_to for key in keys), len(keys))


def _distance(kept, lost):
    apart = {key: abs(_share(kept, key) - _share(lost, key)) for key in kept + lost}
    widest = max(apart.values())
    at = min(key for key, distance in apart.items() if distance == widest)
    return {"value": widest, "score": Fraction(at, BILLION)}


def _tenths(rows, lost):
    """Every account of a tie carries the share of its tie that was lost."""
    order = sorted(key for key, _, _ in rows)
    ties = {}
    for key, stayed, _ in rows:
        ties.setdefault(key, []).append(not stayed)
    shares = [Fraction(sum(ties[key]), len(ties[key])) for key in order]
    ends = [half_away(Fraction(len(rows) * part, 10)) for part in range(11)]
    out = []
    for part in range(1, 11):
        start, end = ends[part - 1], ends[part]
        if start == end:
            continue
        inside = total(shares[start:end])
        rate = inside / (end - start)
        out.append(
            {
                "decile": part,
                "accounts": end - start,
                "low": Fraction(order[start], BILLION),
                "high": Fraction(order[end - 1], BILLION),
                "lost": inside,
                "lost_rate": rate,
                "lift": rate / Fraction(lost, len(rows)) if lost else None,
                "gain": total(shares[:end]) / lost if lost else None,
            }
        )
    return out


def _bands(bands, rows):
    cuts = []
    for index, cut in enumerate(bands["cuts"]):
        key = rankable(cut, f"bands.cuts[{index}]")
        if not 0 <= key <= 100 * BILLION:
            raise Refused("out_of_range", f"bands.cuts[{index}]")
        if cuts and key <= cuts[-1]:
            raise Refused("conflict", f"bands.cuts[{index}]")
        cuts.append(key)
    below = bands.get("edge", "above") != "above"
    out = []
    for place, name in enumerate(bands["names"]):
        inside = [row for row in rows if sum(row[0] > cut if below else row[0] >= cut for cut in cuts) == place]
        kept = [row for row in inside if row[1]]
        out.append(
            {
                "band": name,
                "accounts": len(inside),
                "kept": len(kept),
                "kept_rate": Fraction(len(kept), len(inside)) if inside else None,
                "interval": interval(len(kept), len(inside)) if inside else None,
                "revenue": Fraction(sum(row[2] for row in inside), 10_000),
                "revenue_kept": Fraction(sum(row[2] for row in kept), 10_000),
            }
        )
    return out


def _roc(kept, lost):
    """From above; a score stays when the accounts with it or more reach another hundredth of all."""
    everybody, points, reached = kept + lost, [], 0
    for key in sorted(set(everybody), reverse=True):
        hundredths = sum(other >= key for other in everybody) * 100 // len(everybody)
        if hundredths > reached:
            points.append(
                {
                    "score": Fraction(key, BILLION),
                    "lost_share": Fraction(sum(other >= key for other in lost), len(lost)),
                    "kept_share": Fraction(sum(other >= key for other in kept), len(kept)),
                }
            )
        reached = hundredths
    return points


def _nullable(shape):
    return lambda value, path: value is None or shape(value, path)


BANDS = record({"cuts": listed(number), "names": listed(text)}, {"edge": choice("above", "gainsight", "churnzero")})
BACKTEST = record(
    {"scores": listed(_nullable(number)), "outcomes": listed(_nullable(flag))},
    {"revenue": listed(_nullable(number)), "as_of": day, "inputs_on": listed(_nullable(day)), "bands": BANDS},
)
FORMULAS = {"backtest": (taking(BACKTEST, backtest), lambda _: functions(scale=1.0))}
