"""Comparing scores: the split of a change, what if, next best value, robustness, portfolio, transitions, histories, sets of models."""

from ..shapes import choice, count, day, flag, listed, mapping, number, record, taking, text
from ..wire import RECORD, SCORE, answers, model, raw
from . import delta, history, model_change, portfolio, ranking, robustness, score_set, transitions
from .state import assess_given, bound_given, functions

STATE = record(SCORE)
RUN = record({"model": model, "records": listed(RECORD), "as_of": day})
CONDITION = record(
    {"attribute": text}, {"is": listed(raw), "from": number, "below": number, "missing": flag}
)
BANDS = record({"cuts": listed(number), "names": listed(text)}, {"edge": choice("above", "gainsight", "churnzero")})
PARENTS = record(
    {"attribute": text},
    {"by": choice("count", "revenue"), "revenue": text, "min_coverage": number, "bands": BANDS},
)
CASE = record({"id": text, "when": listed(CONDITION)}, {"models": listed(text), "roll_up": flag})
SET = record(
    {"schema": text, "id": text, "version": text, "default": listed(text), "models": mapping(model)},
    {"title": text, "description": text, "cases": listed(CASE), "parents": PARENTS},
)
HISTORY = {"history": listed(STATE)}
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
    "trend": record(HISTORY),
    "signals": record(HISTORY, {"since": day, "until": day, "expiring_days": count, "coverage_drop": number}),
    "model_change": record({"before": model, "after": model, "records": listed(RECORD), "as_of": day}),
    "score_set": record({"set": SET, "records": listed(RECORD), "as_of": day}),
}
BODIES = {
    "score": assess_given,
    "delta": delta.delta_of,
    "what_if": delta.what_if,
    "next_best": ranking.next_best,
    "robustness": robustness.robustness,
    "portfolio": portfolio.portfolio,
    "transitions": transitions.transitions,
    "trend": history.trend,
    "signals": history.signals,
    "model_change": model_change.model_change,
    "score_set": score_set.score_set,
}
FORMULAS = {
    name: (taking(SHAPES[name], body), bound_given if name == "score" else functions)
    for name, body in BODIES.items()
}
