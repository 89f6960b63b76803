"""One file for each tool that people would use instead. Each offers a function for every kind of job it can do.

A function takes the job's case and returns a contestant: `run` is timed and does the whole work, `result` is not timed
and shows what the last run found.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from harness.agree import Columns


@dataclass
class Contestant:
    """Somebody who does the job."""

    run: Callable[[], Any]
    result: Callable[[], Columns]


def contestant(peer: str, kind: str, case: Any) -> Contestant:
    """The peer's way of doing this case."""
    return getattr(importlib.import_module(f"peers.{peer}"), kind)(case)


def held(work: Callable[[], Any], show: Callable[[Any], Columns]) -> Contestant:
    """A contestant that keeps its last result; the one before goes when the next is there, as in a loop."""
    kept: list[Any] = [None]

    def run() -> None:
        kept[0] = work()

    return Contestant(run, lambda: show(kept[0]))
