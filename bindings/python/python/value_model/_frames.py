"""Data frames of others: the same kind comes back. Which one it is, is all that is decided here."""

import sys

from value_model import _native


def score_frame(scorer, frame, options):
    """Score a frame and return the same kind."""
    kind = _kind(frame)
    if kind == "LazyFrame":
        return _lazy(scorer, frame, options)
    if kind == "RecordBatchReader":
        pyarrow = sys.modules["pyarrow"]
        return pyarrow.RecordBatchReader.from_stream(scorer._score_stream(frame, **options))
    narrow = _narrow(scorer, kind, frame, options)
    table = scorer._score_table(narrow, **options)
    return _BACK[kind](scorer, frame, table) if kind else table


def score_parents(scorer, frame, options):
    """Score the parents of the accounts of a frame and return the same kind."""
    kind = _kind(frame)
    if kind == "LazyFrame":
        return _lazy(scorer, frame, options, scorer._parents_table)
    table = scorer._parents_table(_narrow(scorer, kind, frame, options), **options)
    if kind == "RecordBatchReader":
        return sys.modules["pyarrow"].table(table).to_reader()
    return _BACK[kind](scorer, frame, table) if kind else table


def score_arrow(scorer, frame, options):
    """Score a frame and return a table of Arrow."""
    kind = _kind(frame)
    if kind == "LazyFrame":
        frame, kind = frame.collect(), "polars"
    return scorer._score_table(_narrow(scorer, kind, frame, options), **options)


def score_batches(scorer, frame, options):
    """Score a stream of batches while the results are read."""
    return scorer._score_stream(frame, **options)


def _kind(frame):
    """What a frame is: found by its class, so that nothing has to be imported to ask."""
    for base in type(frame).__mro__:
        library = base.__module__.partition(".")[0]
        if (library, base.__name__) in _KINDS:
            return _KINDS[library, base.__name__]
    return ""


_KINDS = {
    ("polars", "DataFrame"): "polars",
    ("polars", "LazyFrame"): "LazyFrame",
    ("pandas", "DataFrame"): "pandas",
    ("pyarrow", "Table"): "Table",
    ("pyarrow", "RecordBatch"): "RecordBatch",
    ("pyarrow", "RecordBatchReader"): "RecordBatchReader",
    ("duckdb", "DuckDBPyRelation"): "duckdb",
    ("_duckdb", "DuckDBPyRelation"): "duckdb",
}


def _narrow(scorer, kind, frame, options):
    """The columns that are read: what others hold need not even be readable."""
    if kind == "polars":
        return frame.select(scorer._needs(frame.columns, **options))
    if kind == "pandas":
        return _from_pandas(frame, set(scorer._needs([str(name) for name in frame.columns], **options)))
    if kind in {"Table", "RecordBatch"}:
        names = frame.schema.names
        needed = set(scorer._needs(names, **options))
        return frame.select([place for place, name in enumerate(names) if name in needed])
    if kind == "duckdb":
        needed = scorer._needs(frame.columns, **options)
        quoted = ", ".join('"' + name.replace('"', '""') + '"' for name in needed)
        # A relation without a column is none: one without any that is needed goes as it is, and is refused.
        return frame.select(quoted) if needed else frame
    return frame


def _from_pandas(frame, needed):
    """A table of the columns that are read. Columns of objects that are no one type become texts, cell by cell."""
    import pyarrow

    names, arrays = [], []
    for place, name in enumerate(frame.columns):
        if str(name) not in needed:
            continue
        column = frame.iloc[:, place]
        try:
            array = pyarrow.array(column, from_pandas=True)
        except (pyarrow.ArrowInvalid, pyarrow.ArrowTypeError, pyarrow.ArrowNotImplementedError):
            empty = column.isna()
            cells = [None if none else str(cell) for cell, none in zip(column, empty, strict=True)]
            array = pyarrow.array(cells, pyarrow.string())
        names.append(str(name))
        arrays.append(array)
    if not arrays:
        # Rows without a column: refused as any table without one that is needed.
        return pyarrow.table({"": pyarrow.nulls(len(frame))})
    return pyarrow.Table.from_arrays(arrays, names=names)


def _lazy(scorer, frame, options, table=None):
    """A lazy frame that scores when it is collected; the engine may hand over batches, and reads no other column."""
    polars = sys.modules["polars"]
    schema = frame.collect_schema()
    needed = scorer._needs(schema.names(), **options)
    narrow = frame.select(needed)
    score_table = table or scorer._score_table

    def score(batch):
        return _polars(score_table(batch, **options))

    empty = polars.DataFrame(schema={name: schema[name] for name in needed})
    # An account of the long layout may have answers in several batches, a parent its children.
    whole = options.get("layout") == "long" or table is not None or getattr(scorer, "has_parents", False)
    return narrow.map_batches(score, schema=score(empty).schema, streamable=not whole)


def _to_polars(scorer, frame, table):
    return _polars(table)


def _polars(table):
    polars = sys.modules["polars"]
    filled, empty = table._without_empty_texts()
    frame = polars.DataFrame(filled)
    if not empty:
        return frame
    none = polars.lit(None, polars.String)
    return frame.with_columns(none.alias(name) for name in empty).select(table.column_names)


def _to_pandas(scorer, frame, table):
    import pyarrow

    result = pyarrow.table(table).to_pandas()
    # The rows of a set are those of accounts and models.
    if len(result) == len(frame) and "code" in result and not isinstance(scorer, _native.SetScorer):
        result.index = frame.index
    return result


def _to_table(scorer, frame, table):
    return sys.modules["pyarrow"].table(table)


def _to_batch(scorer, frame, table):
    pyarrow = sys.modules["pyarrow"]
    whole = pyarrow.table(table).combine_chunks()
    batches = whole.to_batches()
    return batches[0] if batches else pyarrow.RecordBatch.from_arrays([c.combine_chunks() for c in whole.columns], schema=whole.schema)


def _to_duckdb(scorer, frame, table):
    import pyarrow

    # The name is found by DuckDB in this frame: the new relation belongs to the connection of the old one.
    value_model_results = pyarrow.table(table)
    return frame.query("value_model_frame", "SELECT * FROM value_model_results")


_BACK = {
    "polars": _to_polars,
    "pandas": _to_pandas,
    "Table": _to_table,
    "RecordBatch": _to_batch,
    "duckdb": _to_duckdb,
}

