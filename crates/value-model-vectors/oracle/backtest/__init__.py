"""Back-tests: scores held against what happened later."""

from . import consistency, curves, lead, likelihood, ranking, survival, weights

FORMULAS = {
    **ranking.FORMULAS,
    **curves.FORMULAS,
    **lead.FORMULAS,
    **survival.FORMULAS,
    **likelihood.FORMULAS,
    **weights.FORMULAS,
    **consistency.FORMULAS,
}
