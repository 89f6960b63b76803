"""Scores of accounts that were kept or lost: does the score tell them apart?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from harness import core
from harness.data import Filling, inputs
from peers import Contestant


@dataclass
class Case:
    """`scores` from 0 to 100 with as many different values as the job says, `outcomes` (kept or not)."""

    job: dict[str, Any]
    layout: str
    rows: int
    threads: int

    compared = ("auc",)

    def _column(self, place: int, steps: int, divisor: float) -> np.ndarray:
        filling = Filling(self.job["seed"] + 100 * place, 0.0, steps=steps, divisor=divisor)
        return inputs(1, self.rows, filling, self.layout).numpy()[0]

    @cached_property
    def scores(self) -> np.ndarray:
        """Higher is better."""
        return self._column(0, self.job["values"], self.job["values"] / 100.0)

    @cached_property
    def outcomes(self) -> np.ndarray:
        """Kept more often the higher the score is."""
        return self._column(1, 1_000_000, 10_000.0) < 60.0 + 0.3 * self.scores

    @property
    def items(self) -> int:
        """What a time is divided by."""
        return self.rows

    def core(self) -> Contestant:
        """The core's AUC with its interval."""
        return core.auc(self)

    def limits(self) -> dict[str, Any]:
        """None: sorting is the work."""
        return {}

    def facts(self) -> dict[str, Any]:
        """What helps to read the rows."""
        return {"values": self.job["values"]}
