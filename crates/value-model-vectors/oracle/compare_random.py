"""Random cases against what the Rust program made of them."""

import json

from . import document
from .errors import Refused
from .scorecard import assess
from .tolerance import Comparison, functions, operations

# Rounding ties of one case are tried both ways, up to this many at once.
TIES = 8
# Operations per node on the way to any one number: weight, factor, sum, quotient, complement, down-scaling.
PER_NODE = 6
SHOWN = 20


def compare_files(cases, results):
    """Compares line by line, prints a summary, and gives 0 when everything agrees."""
    run = Run()
    with open(cases, encoding="utf-8") as left, open(results, encoding="utf-8") as right:
        for line, (case, result) in enumerate(zip(left, right, strict=True), start=1):
            run.add(line, json.loads(case), json.loads(result))
    return run.report()


class Run:
    """The tally of one comparison."""

    def __init__(self):
        self.cases = self.errors = self.ties = self.bad = 0
        self.worst = 0.0

    def add(self, line, case, result):
        """Judges one case."""
        self.cases += 1
        bound = bound_of(case["model"])
        comparison, ties = judge(case, result, bound, 0)
        flips = 1
        while comparison.problems and flips < 1 << min(ties, TIES):
            again, _ = judge(case, result, bound, flips)
            if not again.problems:
                comparison = again
                self.ties += 1
            flips += 1
        self.errors += "error" in result
        self.worst = max(self.worst, comparison.worst)
        if comparison.problems:
            self.bad += 1
            if self.bad <= SHOWN:
                print(f"line {line}: {'; '.join(comparison.problems[:4])}")

    def report(self):
        """Prints the totals; the exit code."""
        print(
            f"{self.cases} cases ({self.errors} refused, {self.ties} decided by a rounding tie): "
            f"{self.bad} disagree, largest relative error {self.worst:.3g}"
        )
        return 1 if self.bad or not self.cases else 0


def judge(case, result, bound, flips):
    """One comparison with its rounding ties decided by `flips`, and the number of ties."""
    ties = 0
    try:
        expected, ties = assess(case["model"], case["record"], case["as_of"], flips)
        expected = {"ok": expected}
    except Refused as refused:
        expected = {"error": {"code": refused.code, "field": refused.field}}
    comparison = Comparison(bound)
    comparison.compare(expected, result)
    return comparison, ties


def bound_of(model):
    """Plain scorecards are held to their operation count, those with logarithms or half-lives to 1e-12."""
    card = document.filled(model)
    groups = list(document.groups(card["tree"]))
    nodes = sum(1 + len(group["children"]) for group in groups)
    rules = [card["recency"]] + [measure.get("recency") for measure in document.measures(card["tree"])]
    if any(group["aggregator"] == "geometric" for group in groups) or any("half_life" in (r or "") for r in rules):
        return functions(scale=100.0)
    return operations(PER_NODE * nodes, scale=100.0)
