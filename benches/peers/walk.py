"""The formula of a scorecard, once for every peer that works on whole columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from harness.card import BANDS, LEAST_COVERAGE, Card, Group


class Ops(Protocol):
    """What a peer must be able to do with a column or with an expression of one."""

    def leaves(self, group: Group) -> tuple[Any, Any]:
        """How many measures of the group are known, and the sum of their units."""

    def present(self, value: Any) -> Any:
        """1.0 where there is a value, else 0.0."""

    def known(self, value: Any) -> Any:
        """The value, 0.0 where there is none."""

    def where(self, condition: Any, value: Any) -> Any:
        """The value where the condition holds, else nothing."""

    def let(self, name: str, value: Any) -> Any:
        """Gives a value a name, so that it is computed once."""

    def unit(self, measure: int, group: Group) -> Any:
        """The unit of one measure, 0.0 where it is missing."""

    def band(self, score: Any, cuts: Sequence[float]) -> Any:
        """0 without a score, else 1 and one more for each cut point that is reached."""


def total(values: Sequence[Any]) -> Any:
    """A sum in order, one addition after the other."""
    result = values[0]
    for value in values[1:]:
        result = result + value
    return result


def score(card: Card, ops: Ops, wanted: list[str]) -> dict[str, Any]:
    """Every column that the job asks for, by name."""
    state: dict[int, dict[str, Any]] = {}

    def visit(group: Group) -> None:
        for child in group.groups:
            visit(child)
        state[group.index] = _leaf_group(group, ops, wanted) if group.leaves else _group(group, state, ops, wanted)

    visit(card.root)
    root = state[0]
    points = ops.let("score", root["unit"] * 100.0)
    out = {"score": points, "coverage": root["coverage"]}
    out |= {f"g{group.index}": state[group.index]["unit"] * 100.0 for group in card.inner}
    if "bounds" in wanted:
        out |= {name: root[name] * 100.0 for name in ("lower", "upper")}
    if "contributions" in wanted:
        out |= _contributions(card, state, ops)
    out["band"] = ops.band(points, BANDS)
    return out


def _leaf_group(group: Group, ops: Ops, wanted: list[str]) -> dict[str, Any]:
    """`A / P` where at least half is known; with what is missing at 0 and at 1 for the bounds."""
    weight = float(group.weight)
    present, units = ops.leaves(group)
    present = ops.let(f"p{group.index}", present)
    units = ops.let(f"a{group.index}", units)
    enough = present >= weight * LEAST_COVERAGE
    made = {
        "present": present,
        "unit": ops.let(f"u{group.index}", ops.where(enough, units / present)),
        "coverage": ops.let(f"k{group.index}", present / weight),
    }
    if "bounds" in wanted:
        made["lower"] = ops.let(f"l{group.index}", units / weight)
        made["upper"] = ops.let(f"h{group.index}", (units + (weight - present)) / weight)
    return made


def _group(group: Group, state: dict[int, dict[str, Any]], ops: Ops, wanted: list[str]) -> dict[str, Any]:
    """The same over groups, each of which is known or not as a whole; its coverage counts either way."""
    weight = float(group.weight)
    children = [state[child.index] for child in group.groups]
    coverage = ops.let(f"k{group.index}", total([child["coverage"] for child in children]) / weight)
    made = {"coverage": coverage, "present": weight}
    if group.require:
        # Without one of them there is no sum either.
        made["unit"] = ops.let(f"u{group.index}", total([child["unit"] for child in children]) / weight)
    else:
        present = ops.let(f"p{group.index}", total([ops.present(child["unit"]) for child in children]))
        units = total([ops.known(child["unit"]) for child in children])
        enough = (coverage >= LEAST_COVERAGE) & (present > 0.0)
        made |= {"present": present, "unit": ops.let(f"u{group.index}", ops.where(enough, units / present))}
    if "bounds" in wanted:
        for bound in ("lower", "upper"):
            made[bound] = ops.let(f"{bound}{group.index}", total([child[bound] for child in children]) / weight)
    return made


def _contributions(card: Card, state: dict[int, dict[str, Any]], ops: Ops) -> dict[str, Any]:
    """Points of each measure: its unit over what is known in its group, times the share of the group in the score."""
    out: dict[str, Any] = {}
    known = ops.present(state[0]["unit"])

    def visit(group: Group, share: Any) -> None:
        inside = share / state[group.index]["present"]
        for child in group.groups:
            visit(child, inside)
        if group.leaves:
            factor = ops.let(f"f{group.index}", ops.where(known > 0.0, inside))
            for measure in group.leaves:
                out[f"c{measure}"] = ops.unit(measure, group) * factor

    visit(card.root, 100.0)
    return {name: out[name] for name in sorted(out, key=lambda name: int(name[1:]))}
