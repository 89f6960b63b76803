"""Wide columns of answers, scored by a scorecard; and columns of money, by the Customer Value Formula."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from harness import core
from harness.card import Card
from harness.data import Buffers, Filling, inputs, outputs
from peers import Contestant


@dataclass
class Case:
    """One job at one size and layout."""

    job: dict[str, Any]
    layout: str
    rows: int
    threads: int

    @cached_property
    def card(self) -> Card:
        """The model as a tree."""
        return Card.of(self.job["model"])

    @property
    def wanted(self) -> list[str]:
        """Outputs beside score, coverage, group scores and band: `bounds`, `contributions`."""
        return self.job.get("outputs", [])

    @cached_property
    def names(self) -> list[str]:
        """The columns of numbers, in the order in which the core writes them."""
        return self.card.output_names(self.wanted)

    @property
    def compared(self) -> list[str]:
        """The columns that a peer must get right."""
        return [*self.names, "band"]

    @cached_property
    def inputs(self) -> Buffers:
        """The answers."""
        filling = Filling(self.job["seed"], self.job["null_share"])
        return inputs(self.card.measures, self.rows, filling, self.layout)

    @cached_property
    def outputs(self) -> Buffers:
        """Where the core and the traffic loop write."""
        return outputs(len(self.names), self.rows, True, self.layout, place=2 * self.card.measures)

    @property
    def items(self) -> int:
        """What a time is divided by."""
        return self.rows

    def core(self) -> Contestant:
        """The core into the caller's buffers."""
        return core.scorecard(self)

    def limits(self) -> dict[str, Any]:
        """The loops that move the same bytes."""
        return limits(self.inputs, self.outputs, self.threads)

    def facts(self) -> dict[str, Any]:
        """What helps to read the rows."""
        return {"bytes_per_row": self.inputs.bytes_per_row + self.outputs.bytes_per_row, "measures": self.card.measures}


@dataclass
class Formula(Case):
    """The Customer Value Formula: benefits (2 columns), costs (2) and the alternative in, 3 columns out."""

    @property
    def compared(self) -> list[str]:
        return ["gross", "net", "benefit_cost"]

    @cached_property
    def inputs(self) -> Buffers:
        filling = Filling(self.job["seed"], self.job["null_share"], steps=1_000_000, divisor=8.0)
        return inputs(5, self.rows, filling, self.layout)

    @cached_property
    def outputs(self) -> Buffers:
        return outputs(3, self.rows, False, self.layout, place=10)

    def core(self) -> Contestant:
        return core.formula(self)

    def facts(self) -> dict[str, Any]:
        return {"bytes_per_row": self.inputs.bytes_per_row + self.outputs.bytes_per_row}


def limits(read: Buffers, written: Buffers, threads: int) -> dict[str, Any]:
    """The traffic loop with plain stores and with stores past the caches."""
    return {
        "traffic_plain": lambda: core.traffic(read, written, threads, False),
        "traffic_streaming": lambda: core.traffic(read, written, threads, True),
    }
