"""Comparing scores: the split of a change, what if, next best value, robustness, portfolio, transitions."""

from . import delta, portfolio, ranking, robustness, transitions
from .state import assess_given, bound_given, functions

FORMULAS = {
    "score": (assess_given, bound_given),
    "delta": (delta.delta_of, functions),
    "what_if": (delta.what_if, functions),
    "next_best": (ranking.next_best, functions),
    "robustness": (robustness.robustness, functions),
    "portfolio": (portfolio.portfolio, functions),
    "transitions": (transitions.transitions, functions),
}
