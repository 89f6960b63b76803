"""Recomputes published vectors and says where they disagree."""

import json
import pathlib

from . import backtest, compare, metrics, models
from .errors import Refused
from .tolerance import Comparison

SPECIAL = {"NaN": float("nan"), "Infinity": float("inf"), "-Infinity": float("-inf")}
SPECIAL.update({"inf": float("inf"), "-inf": float("-inf"), "nan": float("nan")})
CATALOG = "catalog.json"


def formulas():
    """Every formula that the oracle knows, by catalog id."""
    return {**compare.FORMULAS, **metrics.FORMULAS, **models.FORMULAS, **backtest.FORMULAS}


def numbers(pairs):
    """Reads `{"$f64": "NaN"}`, which JSON cannot write as a number."""
    given = dict(pairs)
    return SPECIAL[given["$f64"]] if set(given) == {"$f64"} else given


def check_directory(directory):
    """Checks every file, prints one line per formula and a total; the exit code."""
    folder = pathlib.Path(directory)
    tally = {"cases": 0, "bad": 0}
    seen = set()
    for path in sorted(folder.glob("*.json")):
        if path.name != CATALOG:
            seen.add(check_file(path, tally))
    absent = missing_files(folder, seen)
    for name in absent:
        print(f"{name}: in the catalog, but no vector file")
    print(f"{len(seen)} formulas, {tally['cases']} cases, {tally['bad']} disagree, {len(absent)} without vectors")
    return 1 if tally["bad"] or absent or not tally["cases"] else 0


def missing_files(folder, seen):
    """Catalog entries without a file."""
    catalog = folder / CATALOG
    if not catalog.exists():
        return [CATALOG]
    return [name for name in json.loads(catalog.read_text("utf-8")) if name not in seen]


def check_file(path, tally):
    """Checks the cases of one formula; its id."""
    document = json.loads(path.read_text("utf-8"), object_pairs_hook=numbers)
    formula = document["formula"]
    known = formulas().get(formula)
    bad = ["the oracle does not know this formula"] if known is None else []
    if not document["cases"]:
        bad.append("no cases")
    worst = 0.0
    for case in document["cases"] if known else []:
        comparison = check_case(*known, case)
        worst = max(worst, comparison.worst)
        bad += [f"{case['name']}: {problem}" for problem in comparison.problems[:6]]
    tally["cases"] += len(document["cases"])
    tally["bad"] += bool(bad)
    print(f"{formula}: {len(document['cases'])} cases, largest relative error {worst:.2g}, {'ok' if not bad else 'BAD'}")
    for problem in bad[:60]:
        print(f"    {problem}")
    return formula


def check_case(function, bound, case):
    """One case: the result, or the refusal, against what the file expects."""
    limit = None
    try:
        result = {"expect": function(case["input"])}
        limit = bound(case["input"])
    except Refused as refused:
        result = {"error": {"code": refused.code, "field": refused.field}}
    except (ArithmeticError, LookupError, TypeError, ValueError) as problem:
        result = {"failed": repr(problem)}
    comparison = Comparison(limit)
    comparison.compare(result, {key: case[key] for key in ("expect", "error") if key in case})
    return comparison
