"""pandas, whole columns at a time; a missing value is not a number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from harness.agree import Columns
from harness.card import Group
from peers import Contestant, held, walk


class Ops:
    """Arithmetic on series."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self.frame = frame

    def leaves(self, group: Group) -> tuple[pd.Series, pd.Series]:
        columns = self.frame[[f"m{measure}" for measure in group.leaves]]
        present = columns.count(axis=1).astype(np.float64)
        units = columns.sum(axis=1)
        return present, present - units if group.cost else units

    def present(self, value: pd.Series) -> pd.Series:
        return value.notna().astype(np.float64)

    def known(self, value: pd.Series) -> pd.Series:
        return value.fillna(0.0)

    def where(self, condition: pd.Series, value: pd.Series) -> pd.Series:
        return value.where(condition)

    def let(self, _name: str, value: Any) -> Any:
        return value

    def unit(self, measure: int, group: Group) -> pd.Series:
        column = self.frame[f"m{measure}"]
        return self.known(1.0 - column if group.cost else column)

    def band(self, score: pd.Series, cuts: Sequence[float]) -> pd.Series:
        return walk.total([score.notna().astype(np.uint8), *((score >= cut).astype(np.uint8) for cut in cuts)])


def frame_of(case: Any) -> pd.DataFrame:
    """The buffers as columns of a frame."""
    return pd.DataFrame({f"m{place}": column for place, column in enumerate(case.inputs.numpy())}, copy=False)


def show(results: dict[str, pd.Series]) -> Columns:
    """Results as numpy sees them."""
    return {name: series.to_numpy() for name, series in results.items()}


def columns(case: Any) -> Contestant:
    """Scores a frame."""
    frame = frame_of(case)

    def run() -> pd.DataFrame:
        scored = walk.score(case.card, Ops(frame), case.wanted)
        return {name: scored[name] for name in case.compared}

    return held(run, show)


def formula(case: Any) -> Contestant:
    """The Customer Value Formula."""
    frame = frame_of(case)

    def run() -> dict[str, pd.Series]:
        benefits, costs = frame["m0"] + frame["m1"], frame["m2"] + frame["m3"]
        gross = benefits - costs
        return {"gross": gross, "net": gross - frame["m4"], "benefit_cost": benefits / costs}

    return held(run, show)


def rollup(case: Any) -> Contestant:
    """One row for each key, from two groupings."""
    frame = pd.DataFrame(case.columns, copy=False)

    def run() -> dict[str, pd.Series]:
        grouped = frame.groupby("key")
        found = grouped.agg(accounts=("net", "size"), net=("net", "sum"), score=("score", "mean"))
        bands = frame.groupby(["key", "band"]).size().unstack(fill_value=0)
        return {name: found[name] for name in found} | {f"band{band}": bands[band] for band in (1, 2, 3)}

    return held(run, show)
