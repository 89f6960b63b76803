"""Suggested weights: every choice of measures that may have a weight is tried, and the one that cannot be bettered is taken."""

from decimal import Decimal
from fractions import Fraction
from itertools import product

from ..errors import Refused
from ..inputs import above, between, by_id
from ..numbers import CONTEXT, decimal, exact, half_away, total
from ..shapes import count, flag, listed, number, record, taking, text
from ..tolerance import TEXT
from .likelihood import FITTED, SMALL, damping, precisely, sigmoid
from .ranking import auc_of, classes, empty_class, same_length


def suggest_weights(given):
    """Weights, what each measure tells alone, and the AUC of accounts that were not learnt from."""
    measures, folds, ridge = _checked(given)
    outcomes = given["outcomes"]
    units = [[None if unit is None else exact(unit) for unit in measure["units"]] for measure in measures]
    rows = [(stayed, tuple(column[row] for column in units)) for row, stayed in enumerate(outcomes)]
    rows.sort(key=lambda row: (row[0], [-1 if unit is None else unit for unit in row[1]]))
    kept, lost = classes(outcomes, outcomes)
    reason = empty_class(kept, lost)
    weights, aucs = None, []
    if not reason:
        weights = _fit(rows, ridge)
        if not any(weights):
            reason, weights = "nothing_helps", None
        elif min(len(kept), len(lost)) < folds:
            reason = "too_few"
        else:
            aucs = _folds(rows, ridge, folds)
    return {
        "summary": TEXT,
        "measures": [
            {
                "id": measure["id"],
                "weight": weights[place] / sum(weights) if weights else None,
                "helps": weights[place] > 0 if weights else None,
                "alone": _alone(units[place], outcomes),
            }
            for place, measure in enumerate(measures)
        ],
        "auc": total(aucs) / len(aucs) if aucs else None,
        "fold_aucs": aucs,
        "equal_weights": _auc(rows, [exact(1)] * len(measures)),
        "reason": reason,
        "kept": len(kept),
        "lost": len(lost),
    }


def _checked(given):
    if not given["measures"]:
        raise Refused("empty", "measures")
    by_id(given, "measures")
    ridge = above({"ridge": 1 if given.get("ridge") is None else given["ridge"]}, "ridge", 0)
    for place, measure in enumerate(given["measures"]):
        same_length(measure["units"], given["outcomes"], f"measures[{place}].units")
        for row, unit in enumerate(measure["units"]):
            if unit is not None:
                between({"u": unit}, "u", 0, 1, f"measures[{place}].units[{row}]")
    folds = 5 if given.get("folds") is None else given["folds"]
    if not 2 <= folds <= 20:
        raise Refused("out_of_range", "folds")
    return given["measures"], folds, ridge


def _alone(units, outcomes):
    known = [(unit, stayed) for unit, stayed in zip(units, outcomes) if unit is not None]
    return auc_of([half_away(unit * 10**9) for unit, _ in known], [stayed for _, stayed in known])


def _auc(rows, weights):
    keys, outcomes = [], []
    for stayed, units in rows:
        present = [(w, u) for w, u in zip(weights, units) if u is not None]
        weight = total(w for w, _ in present)
        if weight:
            keys.append(half_away(100 * total(w * u for w, u in present) / weight * 10**9))
            outcomes.append(stayed)
    return auc_of(keys, outcomes)


def _folds(rows, ridge, folds):
    place, dealt = {True: 0, False: 0}, []
    for stayed, _ in rows:
        dealt.append(place[stayed] % folds)
        place[stayed] += 1
    out = []
    for fold in range(folds):
        weights = _fit([row for row, of in zip(rows, dealt) if of != fold], ridge)
        found = _auc([row for row, of in zip(rows, dealt) if of == fold], weights)["auc"]
        out.append(Fraction(1, 2) if found is None else found)
    return out


def _fit(rows, ridge):
    """The weights of 0 or more that no other choice betters: those at 0 would only rise the loss."""
    columns = []
    for column in zip(*(units for _, units in rows)):
        known = [unit for unit in column if unit is not None]
        mean = total(known) / (len(known) or 1)
        columns.append([decimal(mean if unit is None else unit) for unit in column])
    wanted = [Decimal(int(stayed)) for stayed, _ in rows]
    for free in product((True, False), repeat=len(columns)):
        chosen = [column for column, of in zip(columns, free) if of]
        solution, misses = _newton(chosen, wanted, decimal(ridge))
        slopes = [sum(miss * x for miss, x in zip(misses, column)) for column in columns]
        if all(w > 0 for w in solution) and all(of or slope >= -SMALL for of, slope in zip(free, slopes)):
            found = iter(solution)
            return [Fraction(next(found)) if of else Fraction(0) for of in free]
    raise ArithmeticError("no choice of weights is best")


def _newton(columns, wanted, ridge):
    """Weights of any sign with the least penalised loss, and the misses there."""
    size = len(columns) + 1
    data = [*columns, [Decimal(1)] * len(wanted)]
    at = [Decimal(0)] * size
    for _ in range(200):
        likelihoods = [sigmoid(sum(w * column[i] for w, column in zip(at, data))) for i in range(len(wanted))]
        misses = [p - y for p, y in zip(likelihoods, wanted)]
        slopes = [sum(m * x for m, x in zip(misses, column)) for column in data]
        bends = [[sum(p * (1 - p) * x * y for p, x, y in zip(likelihoods, a, b)) for b in data] for a in data]
        for i in range(size - 1):
            slopes[i] += ridge * at[i]
            bends[i][i] += ridge
        step = _solve(bends, slopes)
        short = damping(sum(slope * by for slope, by in zip(slopes, step)))
        at = [w - short * by for w, by in zip(at, step)]
        if max(abs(by) for by in step) < SMALL:
            break
    return at[:-1], misses


def _solve(matrix, right):
    """Gauss's elimination; the matrix is symmetric and positive."""
    rows = [[*row, value] for row, value in zip(matrix, right)]
    for i, row in enumerate(rows):
        rows[i] = row = [CONTEXT.divide(value, row[i]) for value in row]
        for j, other in enumerate(rows):
            if j != i:
                rows[j] = [value - other[i] * pivot for value, pivot in zip(other, row)]
    return [row[-1] for row in rows]


def _nullable(value, path):
    if value is not None:
        number(value, path)


SHAPE = record(
    {"measures": listed(record({"id": text, "units": listed(_nullable)})), "outcomes": listed(flag)},
    {"ridge": number, "folds": count},
)
FORMULAS = {"suggest_weights": (taking(SHAPE, precisely(suggest_weights)), lambda _: FITTED)}
