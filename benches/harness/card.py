"""The models of `manifest.json` as a tree that peers can walk; `model.rs` builds the same tree for the core."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

BANDS = (50.0, 75.0)
"""Cut points of the default bands, in points; an edge belongs to the band above."""

LEAST_COVERAGE = 0.5 - 5e-10
"""A group with less coverage has no score; coverage is compared when rounded to 9 decimals."""


@dataclass
class Group:
    """A node of the tree: either all of its children are measures or all are groups."""

    index: int
    leaves: list[int] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    cost: bool = False
    """Whether a high value of its measures is bad."""
    require: bool = False
    """Whether it has no score without all of its groups."""
    aggregator: str = "mean"

    @property
    def weight(self) -> int:
        """The sum of its children's weights, which are all 1."""
        return len(self.leaves) or len(self.groups)


@dataclass
class Card:
    """A model: its root, and every group in document order with the root first."""

    root: Group
    groups: list[Group]
    measures: int

    @classmethod
    def of(cls, spec: dict[str, Any]) -> Card:
        """Builds the tree of a `model` of the manifest."""
        levels: list[int | list[int]] = spec["levels"]
        card = cls(Group(0), [], 0)
        nodes = [0] * len(levels)

        def build(level: int, cost: bool) -> Group:
            group = Group(len(card.groups), cost=cost)
            card.groups.append(group)
            fan = levels[level]
            count = fan if isinstance(fan, int) else fan[nodes[level] % len(fan)]
            nodes[level] += 1
            if level + 1 == len(levels):
                group.leaves = list(range(card.measures, card.measures + count))
                group.aggregator = spec.get("aggregator", "mean")
                card.measures += count
            else:
                group.groups = [
                    build(level + 1, cost or (level == 0 and place in spec.get("costs", []))) for place in range(count)
                ]
            return group

        card.root = build(0, False)
        card.root.require = spec.get("require", False)
        return card

    @property
    def inner(self) -> list[Group]:
        """Every group but the root."""
        return self.groups[1:]

    def output_names(self, wanted: list[str]) -> list[str]:
        """The columns of numbers that a job asks for, in the order in which the core writes them."""
        names = ["score", "coverage", *(f"g{group.index}" for group in self.inner)]
        if "bounds" in wanted:
            names += ["lower", "upper"]
        if "contributions" in wanted:
            names += [f"c{measure}" for measure in range(self.measures)]
        return names
