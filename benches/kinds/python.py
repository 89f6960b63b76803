"""The package for Python beside the core that it calls and what its users would write instead."""

from __future__ import annotations

import json
import math
import os
import resource
import threading
from typing import Any

import numpy as np

from harness import core
from harness.agree import Columns as Found
from kinds import columns
from peers import Contestant, contestant, held

AS_OF = "2026-11-01"


def scorer_of(case: Any) -> Any:
    """The case's model in the package."""
    import value_model as vm

    return vm.Scorer(json.loads(core.document(case)))


def codes_of(scorer: Any) -> dict[str | None, int]:
    """The code of each band, from the lowest up; 0 is no band."""
    return {None: 0, **{band: place + 1 for place, band in enumerate(scorer.bands)}}


class Columns(columns.Case):
    """A frame of polars in, a frame of polars out."""

    def script(self, peer: str) -> Contestant:
        """Ours, the core into fresh arrays, or a peer as in any job of columns."""
        if peer == "core_fresh":
            return core.fresh(self)
        return self._frame() if peer == "python" else contestant(peer, "columns", self)

    def _frame(self) -> Contestant:
        import polars as pl

        scorer, names = scorer_of(self), self.compared
        frame = pl.from_arrow(self.inputs.arrow(), rechunk=False)
        codes = codes_of(scorer)

        def show(found: pl.DataFrame) -> Found:
            numbers = {name: found[name].fill_null(math.nan).to_numpy() for name in names if name != "band"}
            bands = found["band"].cast(pl.String).replace_strict(codes, return_dtype=pl.UInt8)
            return numbers | {"band": bands.to_numpy()}

        return held(lambda: scorer.score_frame(frame, as_of=AS_OF, results=names, keep=[]), show)


class Threads(Columns):
    """Sixteen threads that call one scorer at once, beside one that scores as much."""

    CALLERS = 16

    def script(self, peer: str) -> Contestant:
        one = self._frame()
        if peer == "one_caller":
            return Contestant(lambda: [one.run() for _ in range(self.CALLERS)], one.result)
        ours = [self._frame() for _ in range(self.CALLERS)]

        def run() -> None:
            threads = [threading.Thread(target=caller.run) for caller in ours]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()

        def result() -> Found:
            found = [caller.result() for caller in ours]
            for other in found[1:]:
                assert all(other[name].tobytes() == found[0][name].tobytes() for name in self.compared)
            return found[0]

        return Contestant(run, result)

    @property
    def items(self) -> int:
        return self.rows * self.CALLERS

    def limits(self) -> dict[str, Any]:
        """None: the core does a sixteenth of the work here."""
        return {}


class Records(columns.Case):
    """One dictionary in, one score out."""

    @property
    def compared(self) -> list[str]:
        return ["score", "coverage", "band"]

    def limits(self) -> dict[str, Any]:
        """None: this is no matter of memory."""
        return {}

    def records(self) -> list[dict[str, Any]]:
        """One dictionary for each account; an answer that is missing is not in it."""
        rows = zip(*(column.tolist() for column in self.inputs.numpy()), strict=True)
        answers = ({f"m{place}": value for place, value in enumerate(row) if value == value} for row in rows)
        return [{"account": str(place), "answers": one} for place, one in enumerate(answers)]

    def script(self, peer: str) -> Contestant:
        if peer != "python":
            return contestant(peer, "columns", self)
        scorer, records = scorer_of(self), self.records()
        codes = codes_of(scorer)

        def show(found: list[Any]) -> Found:
            def column(name: str) -> np.ndarray:
                return np.array([math.nan if getattr(one, name) is None else getattr(one, name) for one in found])

            bands = np.array([codes[one.band] for one in found], dtype=np.uint8)
            return {"score": column("score"), "coverage": column("coverage"), "band": bands}

        return held(lambda: [scorer.score(record, AS_OF) for record in records], show)


class Memory(Records):
    """What a million calls leave behind."""

    @property
    def items(self) -> int:
        return int(self.job["calls"])

    def measured(self) -> list[dict[str, Any]]:
        """The share by which the process has grown after the calls."""
        scorer, records = scorer_of(self), self.records()

        def calls(count: int) -> float:
            for place in range(count):
                scorer.score(records[place % len(records)], AS_OF)
            with open("/proc/self/statm") as statm:
                return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

        before = calls(self.items // 10)
        start = resource.getrusage(resource.RUSAGE_SELF)
        growth = calls(self.items) / before - 1.0
        end = resource.getrusage(resource.RUSAGE_SELF)
        spent = end.ru_utime + end.ru_stime - start.ru_utime - start.ru_stime
        row = {"impl": "python", "state": "ok", "ratio_to_core": None, "share_of_limit": None, "spread": {}, "rounds": 1}
        return [row | {"ns_per_row": spent / self.items * 1e9, "memory_growth": growth}]
