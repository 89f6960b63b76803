"""Files in, files out: the command beside scripts, one process for each run."""

from __future__ import annotations

import csv
import json
import math
import os
import subprocess
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from harness import core
from harness.agree import Columns
from harness.data import Filling, inputs
from peers import Contestant

BENCHES = Path(__file__).resolve().parents[1]
ROOT = BENCHES.parent
WORK = ROOT / "target" / "bench"
COMMAND = ROOT / "target" / "release" / "value-model"
SIDES = [f"{side}{place}" for side in "vc" for place in range(1, 7)]
BAND_CODES = {"": 0, None: 0, "at_risk": 1, "watch": 2, "healthy": 3}


@dataclass
class Case:
    """A file of accounts with twelve answers each, two decimals, some of them empty."""

    job: dict[str, Any]
    layout: str
    rows: int
    threads: int

    @property
    def compared(self) -> list[str]:
        """One row for each account, in its order."""
        return ["score", "coverage", "lower", "upper", "value", "costs", "band"]

    @cached_property
    def source(self) -> Path:
        """The file that everybody reads; made once."""
        path = WORK / f"accounts_{self.job['seed']}_{self.rows}.csv"
        if not path.exists():
            WORK.mkdir(parents=True, exist_ok=True)
            columns = inputs(len(SIDES), self.rows, Filling(self.job["seed"], self.job["null_share"]), "skewed").numpy()
            with path.with_suffix(".part").open("w") as out:
                out.write(",".join(["account", *SIDES]) + "\n")
                for row, values in enumerate(zip(*(column.tolist() for column in columns), strict=True)):
                    out.write(f"a{row}," + ",".join("" if math.isnan(x) else f"{x:g}" for x in values) + "\n")
            path.with_suffix(".part").rename(path)
        return path

    def target(self, name: str) -> Path:
        """The file that one of them writes."""
        WORK.mkdir(parents=True, exist_ok=True)
        return WORK / f"{name}_{self.threads}.{self.job['to']}"

    @property
    def items(self) -> int:
        """What a time is divided by."""
        return self.rows

    def core(self) -> Contestant:
        """The command as users call it."""
        model = BENCHES / self.job["model"]
        words = ["score", str(self.source), "--model", str(model), "--as-of", "2026-11-01", "--quiet", "-o"]
        return process([str(COMMAND), *words, str(self.target("core"))], self.target("core"))

    def script(self, peer: str) -> Contestant:
        """A peer's script, which is told where to read and where to write."""
        target = self.target(peer)
        script = BENCHES / "scripts" / f"{self.job['kind']}_{peer}.py"
        return process([sys.executable, str(script), str(self.source), str(target)], target)

    def limits(self) -> dict[str, Any]:
        """None: parsing and writing numbers is no matter of memory."""
        return {}

    def facts(self) -> dict[str, Any]:
        """What helps to read the rows."""
        return {"megabytes": round(self.source.stat().st_size / 1e6, 1)}


def process(command: list[str], target: Path) -> Contestant:
    """A whole run of a program."""

    def run() -> None:
        done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=os.environ)
        if done.returncode != 0:
            last = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[0]
            if "not built" in last or "parquet" in last.lower():
                raise core.NotBuilt(last)
            raise core.CoreError(last)

    return Contestant(run, lambda: read(target))


def read(path: Path) -> Columns:
    """A file of results as columns; bands by name become codes."""
    table = {".parquet": _parquet, ".csv": _csv, ".ndjson": _ndjson}[path.suffix](path)
    found = {
        name: np.array([math.nan if x in ("", None) else float(x) for x in table[name]]) for name in _numbers(table)
    }
    if "band" in table:
        found["band"] = np.array([BAND_CODES[name] for name in table["band"]], dtype=np.uint8)
    return found


def _numbers(table: dict[str, list[Any]]) -> list[str]:
    wanted = ("score", "coverage", "lower", "upper", "value", "costs", "rbo", "vp", "ve", "vu")
    return [name for name in wanted if name in table]


def _csv(path: Path) -> dict[str, list[Any]]:
    with path.open(newline="") as file:
        reader = csv.reader(file)
        names = next(reader)
        return {name: list(column) for name, column in zip(names, zip(*reader, strict=True), strict=True)}


def _parquet(path: Path) -> dict[str, list[Any]]:
    import pyarrow.parquet as pq

    return pq.read_table(path).to_pydict()


def _ndjson(path: Path) -> dict[str, list[Any]]:
    """Scores of parts stand in the part's own record where the whole result is written."""
    with path.open() as file:
        records = [json.loads(line) for line in file]

    def score(value: Any) -> Any:
        return value["score"] if isinstance(value, dict) else value

    return {name: [score(record[name]) for record in records] for name in Records.SCORES}


@dataclass
class Records(Case):
    """One `perceived-value` record a line, with outcomes and the answers of several personas."""

    SCORES = ("score", "rbo", "vp", "ve", "vu")

    @property
    def compared(self) -> list[str]:
        return list(self.SCORES)

    @cached_property
    def source(self) -> Path:
        from kinds.records import write

        path = WORK / f"records_{self.job['seed']}_{self.rows}.ndjson"
        if not path.exists():
            WORK.mkdir(parents=True, exist_ok=True)
            write(path, self.rows, self.job["seed"])
        return path

    def target(self, name: str) -> Path:
        WORK.mkdir(parents=True, exist_ok=True)
        return WORK / f"{name}_{self.threads}.ndjson"

    def core(self) -> Contestant:
        words = ["call", self.job["formula"], str(self.source), "--quiet", "-o", str(self.target("core"))]
        return process([str(COMMAND), *words], self.target("core"))
