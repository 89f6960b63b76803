"""Whether a peer found what the core found; nobody is timed who did not."""

from __future__ import annotations

import numpy as np

from harness.card import BANDS

CLOSE = 1e-9
"""How far two numbers may lie apart, in points and relative to their size above 1."""

Columns = dict[str, np.ndarray]
"""Results by name; a missing number is not a number, band 0 is no band."""


class Disagreement(Exception):
    """A peer and the core do not have the same result."""


def compare(ours: Columns, theirs: Columns, names: list[str] | None = None) -> None:
    """Raises where a column that both should have differs."""
    for name in names or list(ours):
        if name not in theirs:
            raise Disagreement(f"has no column {name}")
        if name == "band":
            _bands(ours, theirs["band"])
        else:
            _numbers(name, ours[name], theirs[name])


def _numbers(name: str, ours: np.ndarray, theirs: np.ndarray) -> None:
    if len(ours) != len(theirs):
        raise Disagreement(f"{name}: {len(theirs)} rows and not {len(ours)}")
    with np.errstate(invalid="ignore"):
        close = np.abs(ours - theirs) <= CLOSE * np.maximum(1.0, np.abs(ours))
    _all(name, close | (np.isnan(ours) & np.isnan(theirs)), ours, theirs)


def _bands(ours: Columns, theirs: np.ndarray) -> None:
    """A peer compares unrounded scores, so one that stands on a cut point may fall on either side of it."""
    score = ours["score"]
    on_a_cut = np.zeros(len(score), dtype=bool)
    for cut in BANDS:
        on_a_cut |= np.abs(score - cut) <= CLOSE
    _all("band", (ours["band"] == theirs) | on_a_cut, ours["band"], theirs)


def _all(name: str, same: np.ndarray, ours: np.ndarray, theirs: np.ndarray) -> None:
    wrong = np.flatnonzero(~same)
    if len(wrong):
        row = wrong[0]
        raise Disagreement(
            f"{name} of row {row}: {theirs[row]} where the core has {ours[row]} ({len(wrong)} rows differ)"
        )
