"""Scores on a Spark cluster, with the bits of one machine: ``pip install 'value-model[spark]'``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from value_model._scorer import Scorer

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from value_model.inputs import Date

__all__ = ["score"]


def score(frame: DataFrame, model: object, *, as_of: Date, **options: Any) -> DataFrame:
    """Score the rows of a Spark frame where they are, as :meth:`value_model.Scorer.score_frame` does (wide).

    The model is sent to each executor once. Batches go through ``mapInArrow``: rows keep their partition and their order
    in it.

    Args:
        frame: One row per account.
        model: Whatever :class:`value_model.Scorer` takes.
        as_of: The date of scoring.
        options: As of :meth:`value_model.Scorer.score_frame`.
    """
    from pyspark.sql.pandas.types import from_arrow_schema, to_arrow_schema

    scorer = Scorer(model)
    needed = scorer._needs(list(frame.columns), as_of=as_of, **options)
    narrow = frame.select(*[f"`{name.replace('`', '``')}`" for name in needed])
    empty = to_arrow_schema(narrow.schema).empty_table()
    shape = _plain(pa.table(scorer.score_arrow(empty, as_of=as_of, **options)))
    shared = frame.sparkSession.sparkContext.broadcast(scorer.to_dict())

    def work(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        here = Scorer(shared.value)
        for batch in batches:
            yield from _plain(pa.table(here.score_arrow(batch, as_of=as_of, **options))).to_batches()

    return narrow.mapInArrow(work, from_arrow_schema(shape.schema))


def _plain(table: pa.Table) -> pa.Table:
    """Names in place of dictionaries: Spark has none."""
    for place, field in enumerate(table.schema):
        if pa.types.is_dictionary(field.type):
            table = table.set_column(place, field.name, table[field.name].cast(pa.string()))
    return table
