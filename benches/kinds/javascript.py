"""The packages for JavaScript, in a process of Node that stays, beside the core and what else Node has."""

from __future__ import annotations

import json
import os
import subprocess
import weakref
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from harness import core
from harness.agree import Columns as Found
from harness.noise import Elsewhere
from kinds import columns
from peers import Contestant, jsonlogic, zen_engine

BENCHES = Path(__file__).resolve().parents[1]
WORK = BENCHES.parent / "target" / "bench" / "javascript"
BESIDE = ("ratio_to_core", "share_of_limit")
"""What a row says beside others, of which memory has none."""
RUNNER = BENCHES / "node" / "runner.mjs"


class Node:
    """A process of Node that does what it is told, one line at a time."""

    def __init__(self, folder: Path) -> None:
        command = ["node", "--expose-gc", str(RUNNER), str(folder)]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ
        )
        weakref.finalize(self, self.process.kill)

    def ask(self, **what: Any) -> dict[str, Any]:
        """Says what to do and waits for what comes of it."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        try:
            self.process.stdin.write(json.dumps(what) + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            raise core.CoreError("Node has ended") from None
        line = self.process.stdout.readline()
        if not line:
            raise core.CoreError(f"Node has ended ({self.process.wait()})")
        said: dict[str, Any] = json.loads(line)
        if "failed" in said:
            raise core.CoreError(said["failed"])
        return said


@dataclass
class _Asked(Elsewhere):
    node: Node
    impl: str

    def repeat(self, times: int) -> float:
        return float(self.node.ask(do="run", impl=self.impl, times=times)["cpu"])


@dataclass
class Columns(columns.Case):
    """Columns of typed arrays and of Arrow; NaN is no answer."""

    form = "columns"

    @cached_property
    def folder(self) -> Path:
        """What Node reads: the model, the answers as raw numbers, and the rules for the engines."""
        folder = WORK / f"{self.job['id']}_{self.rows}_{self.threads}"
        folder.mkdir(parents=True, exist_ok=True)
        for place, column in enumerate(self.inputs.numpy()):
            column.tofile(folder / f"m{place}.f64")
        about = {
            "form": self.form,
            "rows": self.rows,
            "measures": self.card.measures,
            "outputs": self.compared,
            "document": json.loads(core.document(self)),
            "sides": [{"measures": group.leaves, "cost": group.cost} for group in self.card.inner],
            "zen": json.loads(zen_engine.decision(self.card)),
            "jsonlogic": {name: json.loads(rule) for name, rule in jsonlogic.rules(self.card).items()},
        }
        (folder / "about.json").write_text(json.dumps(about))
        return folder

    @cached_property
    def node(self) -> Node:
        """The process, with the data read."""
        return Node(self.folder)

    def script(self, peer: str) -> Contestant:
        """Somebody in the process of Node; `core_fresh` is the core in ours."""
        if peer == "core_fresh":
            return core.fresh(self)
        self.node.ask(do="prepare", impl=peer)
        return Contestant(_Asked(self.node, peer), lambda: self._result(peer))

    def _result(self, peer: str) -> Found:
        self.node.ask(do="result", impl=peer)

        def column(name: str) -> np.ndarray:
            numbers = np.fromfile(self.folder / f"{peer}_{name}.f64")
            return numbers.astype(np.uint8) if name == "band" else numbers

        return {name: column(name) for name in self.compared}

    def limits(self) -> dict[str, Any]:
        """None: other jobs show how far the core is from what the machine can do."""
        return {}


class Records(Columns):
    """One object in, one score out."""

    form = "records"

    @property
    def compared(self) -> list[str]:
        return ["score", "coverage", "band"]


class Memory(Columns):
    """What a million calls leave behind."""

    form = "records"

    @property
    def items(self) -> int:
        return int(self.job["calls"])

    def measured(self) -> list[dict[str, Any]]:
        """A row for each package: the share by which the process has grown."""
        rows = []
        for peer in self.job["peers"]:
            # Each in a process of its own: what one has left behind is not what the other finds.
            said = Node(self.folder).ask(do="memory", impl=peer, calls=self.items)
            row = {"impl": peer, "state": "ok", "rounds": 1, "spread": {}} | dict.fromkeys(BESIDE)
            rows.append(row | {"ns_per_row": said["wall"] / self.items * 1e9, "memory_growth": said["growth"]})
        return rows
