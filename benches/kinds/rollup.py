"""Accounts with their scores, rolled up by the person who looks after them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa

from harness import core
from harness.data import Filling, inputs
from peers import Contestant

BANDS = 3


@dataclass
class Case:
    """Columns `key` (a small whole number), `net`, `score` (some missing), `band` (0 without a score, else 1 to 3)."""

    job: dict[str, Any]
    layout: str
    rows: int
    threads: int

    @property
    def groups(self) -> int:
        """How many people there are."""
        return self.job["groups"]

    @property
    def compared(self) -> list[str]:
        """One row for each person, in the order of the keys."""
        return ["accounts", "net", "score", *(f"band{place + 1}" for place in range(BANDS))]

    @cached_property
    def columns(self) -> dict[str, np.ndarray]:
        """The columns as numpy sees them: a missing score is not a number."""
        seed, share = self.job["seed"], self.job["null_share"]
        keys = inputs(1, self.rows, Filling(seed, 0.0, steps=self.groups, divisor=1.0), self.layout)
        money = inputs(1, self.rows, Filling(seed + 100, 0.0, steps=1_000_000, divisor=8.0), self.layout)
        scores = inputs(1, self.rows, Filling(seed + 200, share, steps=100_001, divisor=1000.0), self.layout)
        score = scores.numpy()[0]
        band = np.where(np.isnan(score), 0, 1 + (score >= 50.0).astype(np.uint8) + (score >= 75.0))
        self.validity = scores.validity[0]
        return {
            "key": keys.numpy()[0].astype(np.uint32),
            "net": money.numpy()[0],
            "score": score,
            "band": band.astype(np.uint8),
        }

    @cached_property
    def arrow(self) -> pa.Table:
        """The same columns as Arrow sees them: a missing score is null."""
        columns = self.columns
        buffers = [pa.py_buffer(self.validity), pa.py_buffer(columns["score"])]
        score = pa.Array.from_buffers(pa.float64(), self.rows, buffers)
        others = {name: pa.array(columns[name]) for name in ("key", "net", "band")}
        return pa.table(others | {"score": score})

    @property
    def items(self) -> int:
        """What a time is divided by."""
        return self.rows

    def core(self) -> Contestant:
        """The core's portfolio over columns."""
        return core.rollup(self)

    def limits(self) -> dict[str, Any]:
        """None: what such a job moves depends on how keys fall."""
        return {}

    def facts(self) -> dict[str, Any]:
        """What helps to read the rows."""
        return {"groups": self.groups}
