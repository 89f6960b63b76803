"""numpy, in chunks of 16,384 rows that stay in the cache; a missing value is not a number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from harness.card import Group
from peers import Contestant, held, walk

CHUNK = 16_384


class Ops:
    """Arithmetic on one chunk, in place where that is faster."""

    def __init__(self, columns: list[np.ndarray]) -> None:
        self.columns = columns

    def leaves(self, group: Group) -> tuple[np.ndarray, np.ndarray]:
        """Sums in place; the logarithm or the reciprocal of units where the group takes another mean."""
        columns = [self.columns[measure] for measure in group.leaves]
        present = np.zeros(len(columns[0]))
        units = np.zeros(len(columns[0]))
        for column in columns:
            known = column == column
            present += known
            value = column
            if group.aggregator == "geometric":
                value = np.log(column)
            elif group.aggregator == "harmonic":
                value = 1.0 / column
            units += np.where(known, value, 0.0)
        if group.aggregator == "geometric":
            units = present * np.exp(units / present)
        elif group.aggregator == "harmonic":
            units = present * (present / units)
        elif group.cost:
            np.subtract(present, units, out=units)
        return present, units

    def present(self, value: np.ndarray) -> np.ndarray:
        return (value == value).astype(np.float64)

    def known(self, value: np.ndarray) -> np.ndarray:
        return np.where(value == value, value, 0.0)

    def where(self, condition: np.ndarray, value: np.ndarray) -> np.ndarray:
        return np.where(condition, value, np.nan)

    def let(self, _name: str, value: Any) -> Any:
        return value

    def unit(self, measure: int, group: Group) -> np.ndarray:
        column = self.columns[measure]
        return np.where(column == column, 1.0 - column if group.cost else column, 0.0)

    def band(self, score: np.ndarray, cuts: Sequence[float]) -> np.ndarray:
        band = (score == score).astype(np.uint8)
        for cut in cuts:
            band += score >= cut
        return band


def columns(case: Any) -> Contestant:
    """Scores wide columns into arrays that are made once."""
    sources = case.inputs.numpy()
    rows = case.inputs.rows
    out = {name: np.empty(rows) for name in case.names}
    if "band" in case.compared:
        out["band"] = np.empty(rows, dtype=np.uint8)

    def run() -> None:
        with np.errstate(all="ignore"):
            for start in range(0, rows, CHUNK):
                part = slice(start, min(start + CHUNK, rows))
                scored = walk.score(case.card, Ops([column[part] for column in sources]), case.wanted)
                for name, values in scored.items():
                    out[name][part] = values

    return Contestant(run, lambda: out)


def formula(case: Any) -> Contestant:
    """The Customer Value Formula into arrays that are made once."""
    tb, pb, tc, pc, ab = case.inputs.numpy()
    rows = case.inputs.rows
    gross, net, ratio = (np.empty(rows) for _ in range(3))

    def run() -> None:
        with np.errstate(all="ignore"):
            for start in range(0, rows, CHUNK):
                part = slice(start, min(start + CHUNK, rows))
                benefits, costs = tb[part] + pb[part], tc[part] + pc[part]
                np.subtract(benefits, costs, out=gross[part])
                np.subtract(gross[part], ab[part], out=net[part])
                np.divide(benefits, costs, out=ratio[part])

    return Contestant(run, lambda: {"gross": gross, "net": net, "benefit_cost": ratio})


def rollup(case: Any) -> Contestant:
    """Counts by key, chunk by chunk; keys are small whole numbers already."""
    key, net, score, band = (case.columns[name] for name in ("key", "net", "score", "band"))
    groups = case.groups

    def run() -> dict[str, np.ndarray]:
        accounts, money, known, points = (np.zeros(groups) for _ in range(4))
        bands = np.zeros(4 * groups)
        for start in range(0, case.rows, CHUNK):
            part = slice(start, start + CHUNK)
            keys = key[part].astype(np.intp)
            there = score[part] == score[part]
            accounts += np.bincount(keys, minlength=groups)
            money += np.bincount(keys, weights=net[part], minlength=groups)
            known += np.bincount(keys, weights=there, minlength=groups)
            points += np.bincount(keys, weights=np.where(there, score[part], 0.0), minlength=groups)
            bands += np.bincount(4 * keys + band[part], minlength=4 * groups)
        counts = {f"band{place}": bands[place::4] for place in (1, 2, 3)}
        return {"accounts": accounts, "net": money, "score": points / known, **counts}

    return held(run, lambda found: found)
