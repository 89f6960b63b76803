"""A loop in plain Python over one account's answers at a time: what small services do."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from harness.agree import Columns
from harness.card import BANDS, LEAST_COVERAGE
from peers import Contestant, held


def rows_of(case: Any) -> list[dict[str, float | None]]:
    """Each account as a record; an answer that is missing is `None`."""
    columns = [column.tolist() for column in case.inputs.numpy()]
    names = [f"m{place}" for place in range(len(columns))]
    return [
        {name: None if math.isnan(x) else x for name, x in zip(names, row, strict=True)}
        for row in zip(*columns, strict=True)
    ]


def show(results: list[dict[str, Any]], names: list[str]) -> Columns:
    """A list of records as columns."""

    def column(name: str) -> np.ndarray:
        if name == "band":
            return np.array([int(row[name]) for row in results], dtype=np.uint8)
        return np.array([math.nan if row[name] is None else row[name] for row in results], dtype=np.float64)

    return {name: column(name) for name in names}


def _side(row: dict[str, float | None], group: Any) -> tuple[float | None, float]:
    known = [x for x in (row[f"m{measure}"] for measure in group.leaves) if x is not None]
    coverage = len(known) / group.weight
    units = sum(1.0 - x for x in known) if group.cost else sum(known)
    return (units / len(known) if coverage >= LEAST_COVERAGE else None), coverage


def score(row: dict[str, float | None], card: Any) -> dict[str, Any]:
    """One account of a model of two levels whose root needs all of its groups."""
    sides = {group.index: _side(row, group) for group in card.inner}
    units = [unit for unit, _ in sides.values()]
    points = None if None in units else sum(u for u in units if u is not None) / len(units) * 100.0
    band = 0 if points is None else 1 + sum(points >= cut for cut in BANDS)
    shown = {f"g{index}": None if unit is None else unit * 100.0 for index, (unit, _) in sides.items()}
    return {"score": points, "coverage": sum(k for _, k in sides.values()) / len(units), "band": band, **shown}


def columns(case: Any) -> Contestant:
    """Scores records one after the other."""
    rows = rows_of(case)
    return held(lambda: [score(row, case.card) for row in rows], lambda found: show(found, case.compared))
