"""The metrics that stand alone, and the bound that each is held to."""

from . import cash, goals, money, surveys, workforce

# By catalog id: the formula, and the bound for one of its inputs.
FORMULAS = {
    **surveys.FORMULAS,
    **cash.FORMULAS,
    **goals.FORMULAS,
    **workforce.FORMULAS,
    **money.FORMULAS,
}
