"""Rows of account, measure and value, sorted by account, to one score for each account."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa

from harness import core
from harness.card import Card
from harness.data import Filling, inputs
from peers import Contestant

PART = 1 << 20
"""Accounts whose answers are made at a time, so that making them needs little memory."""


@dataclass
class Case:
    """Columns `account` (rising), `measure` (its place in the model) and `value`."""

    job: dict[str, Any]
    layout: str
    rows: int
    threads: int

    @cached_property
    def card(self) -> Card:
        """The model as a tree."""
        return Card.of(self.job["model"])

    @property
    def compared(self) -> list[str]:
        """One row for each account, in its order."""
        return ["account", "score", "coverage", *(f"g{group.index}" for group in self.card.inner), "band"]

    @cached_property
    def columns(self) -> dict[str, np.ndarray]:
        """The rows, about as many as the job says: whole accounts whose missing answers have no row."""
        measures = self.card.measures
        accounts = round(self.rows / (measures * (1.0 - self.job["null_share"])))
        parts: dict[str, list[np.ndarray]] = {"account": [], "measure": [], "value": []}
        for start in range(0, accounts, PART):
            count = min(PART, accounts - start)
            filling = Filling(self.job["seed"] + 1000 * start, self.job["null_share"])
            answers = np.column_stack(inputs(measures, count, filling, "skewed").numpy())
            known = ~np.isnan(answers)
            parts["account"].append(np.repeat(np.arange(start, start + count, dtype=np.uint32), known.sum(axis=1)))
            parts["measure"].append(np.tile(np.arange(measures, dtype=np.uint8), count)[known.ravel()])
            parts["value"].append(answers[known])
        return {name: np.concatenate(arrays) for name, arrays in parts.items()}

    @cached_property
    def arrow(self) -> pa.Table:
        """The same rows as Arrow sees them."""
        return pa.table({name: pa.array(column) for name, column in self.columns.items()})

    @property
    def items(self) -> int:
        """What a time is divided by: rows of answers."""
        return len(self.columns["value"])

    def core(self) -> Contestant:
        """The core's long layout."""
        return core.long(self)

    def limits(self) -> dict[str, Any]:
        """None: the rows are read once, and the writing is small."""
        return {}

    def facts(self) -> dict[str, Any]:
        """What helps to read the rows."""
        return {"measures": self.card.measures}
