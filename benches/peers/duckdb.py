"""DuckDB: one query over the Arrow columns, the result as Arrow."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from harness.agree import Columns
from harness.card import BANDS, Group
from peers import Contestant, held, walk


def connect() -> duckdb.DuckDBPyConnection:
    """A database in memory that uses as many threads as the job may."""
    connection = duckdb.connect()
    connection.execute(f"set threads = {os.environ['VM_BENCH_THREADS']}")
    return connection


class Sql(str):
    """A piece of SQL that can be computed with."""

    def _join(self, operator: str, other: object) -> Sql:
        return Sql(f"({self} {operator} {other})")

    def __add__(self, other: object) -> Sql:  # type: ignore[override]
        return self._join("+", other)

    def __radd__(self, other: object) -> Sql:
        return Sql(f"({other} + {self})")

    def __sub__(self, other: object) -> Sql:
        return self._join("-", other)

    def __rsub__(self, other: object) -> Sql:
        return Sql(f"({other} - {self})")

    def __mul__(self, other: object) -> Sql:  # type: ignore[override]
        return self._join("*", f"{other}::double")

    def __truediv__(self, other: object) -> Sql:
        return self._join("/", f"{other}::double")

    def __rtruediv__(self, other: object) -> Sql:
        return Sql(f"({other}::double / {self})")

    def __ge__(self, other: object) -> Sql:  # type: ignore[override]
        return self._join(">=", f"{other}::double")

    def __gt__(self, other: object) -> Sql:  # type: ignore[override]
        return self._join(">", f"{other}::double")

    def __and__(self, other: object) -> Sql:
        return self._join("and", other)


class Ops:
    """Pieces of SQL; each name becomes a column of a subquery around what was there before."""

    def __init__(self, source: str) -> None:
        self.source = source

    def leaves(self, group: Group) -> tuple[Sql, Sql]:
        names = [f"m{measure}" for measure in group.leaves]
        present = Sql("(" + " + ".join(f"({name} is not null)::double" for name in names) + ")")
        units = Sql("(" + " + ".join(f"coalesce({f'1 - {n}' if group.cost else n}, 0)" for n in names) + ")")
        return present, units

    def present(self, value: Sql) -> Sql:
        return Sql(f"({value} is not null)::double")

    def known(self, value: Sql) -> Sql:
        return Sql(f"coalesce({value}, 0)")

    def where(self, condition: Sql, value: Sql) -> Sql:
        return Sql(f"(case when {condition} then {value} end)")

    def let(self, name: str, value: Sql) -> Sql:
        self.source = f"(select *, {value} as {name} from {self.source})"
        return Sql(name)

    def unit(self, measure: int, group: Group) -> Sql:
        return self.known(Sql(f"1 - m{measure}" if group.cost else f"m{measure}"))

    def band(self, score: Sql, cuts: Sequence[float]) -> Sql:
        reached = " + ".join(f"({score} >= {cut})::utinyint" for cut in cuts)
        return Sql(f"coalesce(1::utinyint + {reached}, 0)::utinyint")


def show(table: pa.Table) -> Columns:
    """Results as numpy sees them."""

    def column(name: str) -> np.ndarray:
        values = table[name]
        if name != "band":
            values = values.fill_null(float("nan"))
        return values.to_numpy()

    return {name: column(name) for name in table.column_names}


def query(table: pa.Table, sql: str) -> Contestant:
    """Runs a query over a table that it calls `answers`."""
    connection = connect()
    connection.register("answers", table)
    return held(lambda: connection.sql(sql).to_arrow_table(), show)


def columns(case: Any) -> Contestant:
    """Scores the Arrow columns as they are, without a copy."""
    ops = Ops("answers")
    scored = walk.score(case.card, ops, case.wanted)
    chosen = ", ".join(f"{scored[name]} as {name}" for name in case.compared)
    return query(case.inputs.arrow(), f"select {chosen} from {ops.source}")


def formula(case: Any) -> Contestant:
    """The Customer Value Formula."""
    sums = "select (m0 + m1) as benefits, (m2 + m3) as costs, m4 from answers"
    chosen = "benefits - costs as gross, benefits - costs - m4 as net, benefits / costs as benefit_cost"
    return query(case.inputs.arrow(), f"select {chosen} from ({sums})")


def rollup(case: Any) -> Contestant:
    """One row for each key."""
    bands = ", ".join(f"count(*) filter (band = {band})::double as band{band}" for band in (1, 2, 3))
    chosen = f"count(*)::double as accounts, sum(net) as net, avg(score) as score, {bands}"
    return query(case.arrow, f"select {chosen} from answers group by key order by key")


def long(case: Any) -> Contestant:
    """Sums for each side of an account in one grouping, then the formula."""
    sides = case.card.inner
    sums, units = [], []
    for group in sides:
        mine = f"measure between {group.leaves[0]} and {group.leaves[-1]}"
        g = group.index
        sums.append(f"count(*) filter ({mine})::double as p{g}, coalesce(sum(value) filter ({mine}), 0) as a{g}")
        total = f"(p{g} - a{g})" if group.cost else f"a{g}"
        units.append(f"case when p{g} >= {group.weight / 2} then {total} / p{g} end as u{g}")
    grouped = f"select account, {', '.join(sums)} from answers group by account"
    scored = f"select *, {', '.join(units)} from ({grouped})"
    shares = " + ".join(f"p{group.index} / {group.weight}" for group in sides)
    points = Sql(f"(({' + '.join(f'u{group.index}' for group in sides)}) / {len(sides)} * 100)")
    shown = ", ".join(f"u{group.index} * 100 as g{group.index}" for group in sides)
    band = Ops("").band(points, BANDS)
    chosen = (
        f"account::double as account, {points} as score, ({shares}) / {len(sides)} as coverage, {shown}, {band} as band"
    )
    return query(case.arrow, f"select {chosen} from ({scored}) order by account")
