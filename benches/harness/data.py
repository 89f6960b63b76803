"""Columns in memory: where they begin, what they hold, and how Arrow, numpy and C see the same bytes."""

from __future__ import annotations

import ctypes as c
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pyarrow as pa

PAGE = 2 << 20
"""Columns that begin at the same place modulo 2 MiB fall into the same cache sets."""

LAYOUTS = ("skewed", "aligned", "sliced")
SLICE = 3
"""Rows that a sliced column skips, so that it begins inside a cache line and its bitmap inside a byte."""


def allocate(size: int, place: int, layout: str) -> np.ndarray:
    """Bytes that begin at a multiple of 2 MiB, plus cache lines that differ for each place unless aligned."""
    start = 0 if layout == "aligned" else (place + 1) * (4096 + 3 * 64) % PAGE
    block = np.empty(size + 2 * PAGE, dtype=np.uint8)
    first = -block.ctypes.data % PAGE + start
    return block[first : first + size]


@dataclass
class Buffers:
    """Columns of f64 with a bitmap each (a set bit is a value), and a column of bands if they are outputs."""

    rows: int
    values: list[np.ndarray]
    validity: list[np.ndarray] = field(default_factory=list)
    band: np.ndarray | None = None
    offset: int = 0

    @cached_property
    def value_pointers(self) -> c.Array[c.c_void_p]:
        """Where each column begins."""
        return (c.c_void_p * len(self.values))(*(v.ctypes.data + 8 * self.offset for v in self.values))

    @cached_property
    def validity_pointers(self) -> c.Array[c.c_void_p]:
        """Where each bitmap begins: the byte that holds its first bit."""
        return (c.c_void_p * len(self.validity))(*(v.ctypes.data + self.offset // 8 for v in self.validity))

    @cached_property
    def base_pointers(self) -> c.Array[c.c_void_p]:
        """Where each column's buffer begins, before the rows that a slice skips."""
        return (c.c_void_p * len(self.values))(*(v.ctypes.data for v in self.values))

    @cached_property
    def base_validity_pointers(self) -> c.Array[c.c_void_p]:
        """Where each bitmap's buffer begins."""
        return (c.c_void_p * len(self.validity))(*(v.ctypes.data for v in self.validity))

    @property
    def band_pointer(self) -> int | None:
        """Where the column of bands begins."""
        return None if self.band is None else self.band.ctypes.data

    def numpy(self) -> list[np.ndarray]:
        """The columns as numpy sees them: a missing value is not a number."""
        return [v[self.offset : self.offset + self.rows] for v in self.values]

    def arrow(self, prefix: str = "m") -> pa.Table:
        """The same bytes as an Arrow table with columns `m0`, `m1`, ..."""
        import pyarrow as pa

        def column(values: np.ndarray, validity: np.ndarray) -> pa.Array:
            buffers = [pa.py_buffer(validity), pa.py_buffer(values)]
            return pa.Array.from_buffers(pa.float64(), self.rows, buffers, offset=self.offset)

        columns = [column(*pair) for pair in zip(self.values, self.validity, strict=True)]
        return pa.table(columns, names=[f"{prefix}{place}" for place in range(len(columns))])

    @property
    def bytes_per_row(self) -> float:
        """What one row moves: 8 bytes a number, an eighth of a byte a bitmap's bit, 1 a band."""
        return 8 * len(self.values) + len(self.validity) / 8 + (self.band is not None)


@dataclass
class Filling:
    """How the columns of a job are filled; see `data.rs`."""

    seed: int
    null_share: float
    steps: int = 101
    divisor: float = 100.0


def inputs(columns: int, rows: int, filling: Filling, layout: str) -> Buffers:
    """Columns filled from the job's seed. Sliced ones hold garbage where a value is missing."""
    from harness.core import LIB

    offset = SLICE if layout == "sliced" else 0
    total = rows + offset
    made = Buffers(rows, [], [], offset=offset)
    for place in range(columns):
        values = allocate(8 * total, place, layout).view(np.float64)
        # Readers of bitmaps may touch whole words past the end.
        validity = allocate((total + 7) // 8 + 64, columns + place, layout)
        validity[:] = 0
        LIB.vm_fill(
            values.ctypes.data, validity.ctypes.data, total, filling.seed, place,
            filling.null_share, filling.steps, filling.divisor, layout == "sliced",
        )  # fmt: skip
        made.values.append(values)
        made.validity.append(validity)
    return made


def outputs(columns: int, rows: int, band: bool, layout: str, place: int = 0) -> Buffers:
    """Columns to write into, touched once so that no page is fresh when they are timed."""
    numbers = [allocate(8 * rows, 31 * place + p, layout).view(np.float64) for p in range(columns)]
    for column in numbers:
        column[:] = 0.0
    bands = None
    if band:
        bands = allocate(rows, 31 * place + columns, layout)
        bands[:] = 0
    return Buffers(rows, numbers, band=bands)
