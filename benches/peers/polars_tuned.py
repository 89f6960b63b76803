"""polars as somebody writes it who has measured: chained additions of `when`/`then`, on the streaming engine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

from harness.agree import Columns
from harness.card import BANDS, Group
from peers import Contestant, held, walk


class Ops:
    """Expressions; every name of one depth becomes a column in one step of the query."""

    def __init__(self, frame: pl.LazyFrame) -> None:
        self.frame = frame

    def leaves(self, group: Group) -> tuple[pl.Expr, pl.Expr]:
        columns = [pl.col(f"m{measure}") for measure in group.leaves]
        present = walk.total([column.is_not_null().cast(pl.Float64) for column in columns])
        units = walk.total([self.known(column) for column in columns])
        if group.cost:
            self.frame = self.frame.with_columns(present.alias(f"p{group.index}"))
            units = pl.col(f"p{group.index}") - units
        return present, units

    def present(self, value: pl.Expr) -> pl.Expr:
        return value.is_not_null().cast(pl.Float64)

    def known(self, value: pl.Expr) -> pl.Expr:
        return pl.when(value.is_not_null()).then(value).otherwise(0.0)

    def where(self, condition: pl.Expr, value: pl.Expr) -> pl.Expr:
        return pl.when(condition).then(value)

    def let(self, name: str, value: pl.Expr) -> pl.Expr:
        self.frame = self.frame.with_columns(value.alias(name))
        return pl.col(name)

    def unit(self, measure: int, group: Group) -> pl.Expr:
        column = pl.col(f"m{measure}")
        return self.known(1.0 - column if group.cost else column)

    def band(self, score: pl.Expr, cuts: Sequence[float]) -> pl.Expr:
        reached = [(score >= cut).cast(pl.UInt8) for cut in cuts]
        return walk.total([score.is_not_null().cast(pl.UInt8), *reached]).fill_null(0)


def columns(case: Any) -> Contestant:
    """Scores the Arrow columns as they are, without a copy."""
    frame = pl.from_arrow(case.inputs.arrow(), rechunk=False)
    assert isinstance(frame, pl.DataFrame)
    ops = Ops(frame.lazy())
    scored = walk.score(case.card, ops, case.wanted)
    query = ops.frame.select(*(scored[name].alias(name) for name in case.compared))
    return held(lambda: query.collect(engine="streaming"), show)


def show(frame: pl.DataFrame) -> Columns:
    """Results as numpy sees them."""
    return {
        name: np.asarray(frame[name].to_numpy()) if name == "band" else frame[name].fill_null(np.nan).to_numpy()
        for name in frame.columns
    }


def formula(case: Any) -> Contestant:
    """The Customer Value Formula."""
    frame = pl.from_arrow(case.inputs.arrow(), rechunk=False)
    assert isinstance(frame, pl.DataFrame)
    tb, pb, tc, pc, ab = (pl.col(f"m{place}") for place in range(5))
    query = frame.lazy().select(
        gross=(tb + pb) - (tc + pc), net=((tb + pb) - (tc + pc)) - ab, benefit_cost=(tb + pb) / (tc + pc)
    )
    return held(lambda: query.collect(engine="streaming"), show)


def rollup(case: Any) -> Contestant:
    """One row for each key, from the streaming engine."""
    frame = pl.from_arrow(case.arrow, rechunk=False)
    assert isinstance(frame, pl.DataFrame)
    bands = {f"band{band}": (pl.col("band") == band).sum() for band in (1, 2, 3)}
    grouped = (
        frame.lazy()
        .group_by("key")
        .agg(accounts=pl.len(), net=pl.col("net").sum(), score=pl.col("score").mean(), **bands)
    )
    query = grouped.sort("key").drop("key").select(pl.all().cast(pl.Float64))
    return held(lambda: query.collect(engine="streaming"), show)


def long(case: Any) -> Contestant:
    """Sums for each side of an account in one grouping that knows the rows are sorted, then the formula."""
    frame = pl.from_arrow(case.arrow, rechunk=False)
    assert isinstance(frame, pl.DataFrame)
    frame = frame.with_columns(pl.col("account").set_sorted())
    sides = case.card.inner
    sums: dict[str, pl.Expr] = {}
    for group in sides:
        mine = pl.col("measure").is_between(group.leaves[0], group.leaves[-1])
        sums[f"p{group.index}"] = mine.sum().cast(pl.Float64)
        sums[f"a{group.index}"] = pl.when(mine).then(pl.col("value")).otherwise(0.0).sum()
    grouped = frame.lazy().group_by("account", maintain_order=True).agg(**sums)
    units = {}
    for group in sides:
        present, total = pl.col(f"p{group.index}"), pl.col(f"a{group.index}")
        total = present - total if group.cost else total
        units[f"g{group.index}"] = pl.when(present >= group.weight / 2).then(total / present)
    score = walk.total([pl.col(name) for name in units]) / len(units) * 100.0
    shares = walk.total([pl.col(f"p{group.index}") / group.weight for group in sides]) / len(units)
    query = grouped.with_columns(**units).select(
        account=pl.col("account").cast(pl.Float64), score=score, coverage=shares,
        **{name: pl.col(name) * 100.0 for name in units}, band=Ops(grouped).band(score, BANDS),
    )  # fmt: skip
    return held(lambda: query.collect(engine="streaming"), show)
