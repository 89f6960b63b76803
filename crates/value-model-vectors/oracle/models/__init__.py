"""The five models of docs/sources.md, and the bound that each is held to."""

from . import (
    customer_value,
    customer_value_portfolio,
    customers_metric,
    perceived_value,
    value_generated,
    value_realization,
)

FORMULAS = {
    **customer_value.FORMULAS,
    **customer_value_portfolio.FORMULAS,
    **customers_metric.FORMULAS,
    **perceived_value.FORMULAS,
    **value_generated.FORMULAS,
    **value_realization.FORMULAS,
}
