"""JsonLogic (the implementation in Rust): one rule for each output, applied to one account at a time."""

from __future__ import annotations

from typing import Any

import jsonlogic_rs

from harness.card import BANDS, LEAST_COVERAGE, Card, Group
from peers import Contestant, held
from peers.plain_python import rows_of, show

Rule = Any


def _known(measure: int) -> Rule:
    return {"!==": [{"var": f"m{measure}"}, None]}


def _unit(measure: int, cost: bool) -> Rule:
    value: Rule = {"var": f"m{measure}"}
    return {"if": [_known(measure), {"-": [1, value]} if cost else value, 0]}


def _present(group: Group) -> Rule:
    return {"+": [{"if": [_known(measure), 1, 0]} for measure in group.leaves]}


def _score(group: Group) -> Rule:
    enough = {">=": [_present(group), group.weight * LEAST_COVERAGE]}
    units = {"+": [_unit(measure, group.cost) for measure in group.leaves]}
    return {"if": [enough, {"/": [{"*": [100, units]}, _present(group)]}, None]}


def rules(card: Card) -> dict[str, Rule]:
    """The outputs of a model of two levels whose root needs all of its groups, each on its own."""
    sides = [_score(group) for group in card.inner]
    count = len(sides)
    both = {"and": [{"!==": [side, None]} for side in sides]}
    score = {"if": [both, {"/": [{"+": sides}, count]}, None]}
    coverage = {"/": [{"+": [{"/": [_present(group), group.weight]} for group in card.inner]}, count]}
    steps: Rule = 1
    for number, cut in enumerate(BANDS):
        steps = {"if": [{">=": [{"var": "score"}, cut]}, number + 2, steps]}
    band = {"if": [{"!==": [{"var": "score"}, None]}, steps, 0]}
    named = {f"g{group.index}": side for group, side in zip(card.inner, sides, strict=True)}
    return {"score": score, "coverage": coverage, **named, "band": band}


def columns(case: Any) -> Contestant:
    """Scores records one after the other; the band reads the score that was found."""
    rows = rows_of(case)
    logic = rules(case.card)

    def one(row: dict[str, float | None]) -> dict[str, Any]:
        found = {name: jsonlogic_rs.apply(rule, row) for name, rule in logic.items() if name != "band"}
        found["band"] = jsonlogic_rs.apply(logic["band"], {"score": found["score"]})
        return found

    return held(lambda: [one(row) for row in rows], lambda found: show(found, case.compared))
