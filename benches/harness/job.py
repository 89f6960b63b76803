"""One job: prepare, compare everybody with the core, then measure those who agree."""

from __future__ import annotations

import importlib
import statistics
from collections.abc import Iterator
from typing import Any

from harness import agree, core
from harness.rounds import FULL, QUICK, Measured, Spread, measure
from peers import Contestant, contestant

Row = dict[str, Any]

KINDS = {
    "columns": ("kinds.columns", "Case"),
    "formula": ("kinds.columns", "Formula"),
    "rollup": ("kinds.rollup", "Case"),
    "ranking": ("kinds.ranking", "Case"),
    "long": ("kinds.long", "Case"),
    "command": ("kinds.command", "Case"),
    "records": ("kinds.command", "Records"),
    "python_columns": ("kinds.python", "Columns"),
    "python_threads": ("kinds.python", "Threads"),
    "python_records": ("kinds.python", "Records"),
    "python_memory": ("kinds.python", "Memory"),
    "javascript_columns": ("kinds.javascript", "Columns"),
    "javascript_records": ("kinds.javascript", "Records"),
    "javascript_memory": ("kinds.javascript", "Memory"),
}


def run(job: dict[str, Any], threads: int, quick: bool, accept_noise: bool) -> Iterator[Row]:
    """Rows for every contestant in every layout of the job."""
    module, name = KINDS[job["kind"]]
    rows = job.get("quick_rows", job["rows"]) if quick else job["rows"]
    for layout in job["layouts"]:
        case = getattr(importlib.import_module(module), name)(job, layout, rows, threads)
        base = {"job": job["id"], "layout": layout, "n": case.items, "threads": threads} | case.facts()
        yield from _layout(case, base, quick, accept_noise)


def _layout(case: Any, base: Row, quick: bool, accept_noise: bool) -> Iterator[Row]:
    if hasattr(case, "measured"):
        yield from (base | row for row in case.measured())
        return
    ready, others = _prepare(case)
    yield from (base | row for row in others)
    if not ready:
        return
    limits = case.limits()
    work = {name: one.run for name, one in ready.items()} | limits
    measured = measure(work, case.threads, QUICK if quick else FULL)
    for name in work:
        yield base | _row(name, measured, list(limits), base["n"], accept_noise)


def _prepare(case: Any) -> tuple[dict[str, Contestant], list[Row]]:
    """Everybody who agrees with the core, and a row for everybody who will not be timed.

    Before the core can do a job its peers are compared with the first of them, so that their rows are right already.
    """
    ready: dict[str, Contestant] = {}
    others: list[Row] = []
    expected: agree.Columns | None = None
    for name in ["core", *case.job["peers"]]:
        try:
            one = case.core() if name == "core" else _peer(name, case)
            one.run()
            found = one.result()
            if expected is None:
                expected = found
            agree.compare(expected, found, case.compared)
            ready[name] = one
        except core.NotBuilt as error:
            others.append(_untimed(name, "not_built", str(error)))
        except agree.Disagreement as error:
            others.append(_untimed(name, "disagrees", str(error)))
        except Exception as error:
            others.append(_untimed(name, "cannot", f"{type(error).__name__}: {error}"))
    return ready, others


def _peer(name: str, case: Any) -> Contestant:
    """A module of `peers` in this process, or a script in its own where whole programs are compared."""
    if hasattr(case, "script"):
        return case.script(name)
    return contestant(name, case.job["kind"], case)


def _untimed(name: str, state: str, why: str) -> Row:
    return {"impl": name, "state": state, "why": why, "ns_per_row": None, "ratio_to_core": None, "share_of_limit": None}


def _row(name: str, measured: Measured, limits: list[str], items: int, accept_noise: bool) -> Row:
    seconds = measured.seconds(name)
    ratio = measured.ratio(name, "core") if "core" in measured.runs else None
    share = measured.ratios(limits, [name]) if limits else None
    row: Row = {"impl": name, "state": "ok", "rounds": len(measured.runs[name])}
    if seconds is None:
        row["state"] = "too_noisy"
        if accept_noise:
            everything = [run.cpu for run in measured.runs[name]]
            row["noisy_ns_per_row"] = statistics.median(everything) / items * 1e9
            if "core" in measured.runs:
                row["noisy_ratio_to_core"] = _noisy(measured, [name], ["core"])
            if limits:
                row["noisy_share_of_limit"] = _noisy(measured, limits, [name])
    row["ns_per_row"] = seconds and seconds.median / items * 1e9
    row["ratio_to_core"] = ratio and ratio.median
    row["share_of_limit"] = share and share.median
    spreads = {"ns_per_row": _scaled(seconds, 1e9 / items), "ratio_to_core": ratio, "share_of_limit": share}
    row["spread"] = {key: vars(spread) for key, spread in spreads.items() if spread is not None}
    return row


def _scaled(spread: Spread | None, by: float) -> Spread | None:
    if spread is None:
        return None
    return Spread(spread.median * by, spread.least * by, spread.lower * by, spread.upper * by, spread.rounds)


def _noisy(measured: Measured, names: list[str], bases: list[str]) -> float:
    """The median ratio of CPU times over all rounds, quiet or not."""
    best = [[min(measured.runs[n][r].cpu for n in group) for r in range(measured.rounds)] for group in (names, bases)]
    return statistics.median(mine / theirs for mine, theirs in zip(*best, strict=True))
