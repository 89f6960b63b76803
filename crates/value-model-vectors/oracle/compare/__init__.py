"""Comparing scores: the split of a change, what if, next best value, robustness, portfolio, transitions."""

from ..shapes import day, listed, mapping, number, record, taking, text
from ..wire import RECORD, SCORE, answers, model
from . import delta, portfolio, ranking, robustness, transitions
from .state import assess_given, bound_given, functions

STATE = record(SCORE)
RUN = record({"model": model, "records": listed(RECORD), "as_of": day})
SHAPES = {
    "score": STATE,
    "delta": record({"before": STATE, "after": STATE}),
    "what_if": record({**SCORE, "changes": mapping(answers)}),
    "next_best": STATE,
    "robustness": record(SCORE, {"relative": number}),
    "portfolio": record(
        {"model": model, "records": listed(RECORD), "as_of": day}, {"by": listed(text), "revenue": text}
    ),
    "transitions": record({"before": RUN, "after": RUN}),
}
BODIES = {
    "score": assess_given,
    "delta": delta.delta_of,
    "what_if": delta.what_if,
    "next_best": ranking.next_best,
    "robustness": robustness.robustness,
    "portfolio": portfolio.portfolio,
    "transitions": transitions.transitions,
}
FORMULAS = {
    name: (taking(SHAPES[name], body), bound_given if name == "score" else functions)
    for name, body in BODIES.items()
}
