"""A score as a function of DuckDB: ``pip install 'value-model[duckdb]'``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa
from duckdb import DuckDBPyConnection
from duckdb.sqltypes import DOUBLE, VARCHAR

from value_model._scorer import Scorer

if TYPE_CHECKING:
    from value_model.inputs import Date

__all__ = ["register"]

_NUMBERS = ["score", "lower", "upper", "coverage"]


def register(con: DuckDBPyConnection, model: object, *, as_of: Date, name: str | None = None) -> str:
    """Make a model a function of a connection, and return the function's name.

    The function takes the answers to the model's measures in the model's order, and may leave out the last ones. It gives
    a structure with ``score``, ``band``, ``lower``, ``upper``, ``coverage`` and ``code``, which is null where there was
    nothing to refuse. It works on thousands of rows at a time.

    Examples:
        >>> import duckdb
        >>> con = duckdb.connect()
        >>> register(con, "value-realization", as_of="2026-11-01")
        'value_realization'
        >>> con.sql("select value_realization(date '2026-10-01', 0.8, true).coverage as known").fetchall()
        [(0.25,)]

    Args:
        con: The connection.
        model: Whatever :class:`value_model.Scorer` takes.
        as_of: The date of scoring.
        name: The name of the function; the model's id with lines for other signs unless said otherwise.
    """
    scorer = Scorer(model)
    name = name or "".join(sign if sign.isalnum() else "_" for sign in scorer.model)
    columns = scorer.columns

    def score(*answers: Any) -> pa.StructArray:
        table = pa.Table.from_arrays(list(answers), names=columns[: len(answers)])
        results = pa.table(scorer.score_arrow(table, as_of=as_of, keep=[], results=[*_NUMBERS, "band"]))
        flat = results.combine_chunks()
        band = flat["band"].cast(pa.string())
        fields = [*(flat[number] for number in _NUMBERS), band, flat["code"]]
        arrays = [field.combine_chunks() if isinstance(field, pa.ChunkedArray) else field for field in fields]
        return pa.StructArray.from_arrays(arrays, names=[*_NUMBERS, "band", "code"])

    kinds = {**dict.fromkeys(_NUMBERS, DOUBLE), "band": VARCHAR, "code": VARCHAR}
    structure = con.struct_type(kinds)
    con.create_function(name, score, None, structure, type="arrow", null_handling="special")  # type: ignore[call-overload]
    return name
