"""A score as an expression of polars, for lazy and other frames: ``pip install 'value-model[polars]'``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import polars as pl

from value_model._scorer import Scorer

if TYPE_CHECKING:
    from value_model.inputs import Date

__all__ = ["score"]


def score(
    model: object,
    *,
    as_of: Date,
    results: Sequence[str] | None = None,
    columns: dict[str, str] | None = None,
    measures: Sequence[str] | None = None,
) -> pl.Expr:
    """One structure of results per row, from the columns of the measures.

    Examples:
        >>> frame = pl.DataFrame({"account": ["acme"], "full_usage": [0.8], "experience": [0.25]})
        >>> lower = score("value-realization", as_of="2026-11-01", measures=["full_usage", "experience"])
        >>> frame.with_columns(lower.struct.field("lower").round(2))["lower"].to_list()
        [12.92]

    Args:
        model: Whatever :class:`value_model.Scorer` takes.
        as_of: The date of scoring.
        results: The fields of the structure, by name; ``code`` comes last.
        columns: Which column holds which measure, where it is not the one of that name.
        measures: The measures whose columns the frame has; all of them unless said otherwise.
    """
    scorer = Scorer(model)
    named = dict(zip(scorer.measures, scorer.columns, strict=True)) | (columns or {})
    asked = list(measures) if measures is not None else scorer.measures
    read = [named.get(measure, measure) for measure in asked]
    options: dict[str, Any] = {"as_of": as_of, "keep": []}
    if results is not None:
        options["results"] = list(results)
    if columns is not None:
        options["columns"] = {measure: name for measure, name in columns.items() if measure in asked}

    def batch(rows: pl.Series) -> pl.Series:
        found: pl.DataFrame = scorer.score_frame(rows.struct.unnest(), **options)
        return found.to_struct("value_model")

    empty = pl.Series("", [], pl.Struct(dict.fromkeys(read, pl.Float64)))
    return pl.struct(read).map_batches(batch, return_dtype=batch(empty).dtype, is_elementwise=True)
