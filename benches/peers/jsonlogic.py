"""JsonLogic (the implementation in Rust): one rule for each output, applied to one account at a time."""

from __future__ import annotations

import json
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


def rules(card: Card) -> dict[str, str]:
    """The outputs of a model of two levels whose root needs all of its groups; later ones read earlier ones."""
    names = [f"g{group.index}" for group in card.inner]
    sides: list[Rule] = [{"var": name} for name in names]
    count = len(sides)
    both = {"and": [{"!==": [side, None]} for side in sides]}
    shares = [{"/": [_present(group), group.weight]} for group in card.inner]
    steps: Rule = 1
    for number, cut in enumerate(BANDS):
        steps = {"if": [{">=": [{"var": "score"}, cut]}, number + 2, steps]}
    found: dict[str, Rule] = {name: _score(group) for name, group in zip(names, card.inner, strict=True)}
    found["coverage"] = {"/": [{"+": shares}, count]}
    found["score"] = {"if": [both, {"/": [{"+": sides}, count]}, None]}
    found["band"] = {"if": [{"!==": [{"var": "score"}, None]}, steps, 0]}
    return {name: json.dumps(rule) for name, rule in found.items()}


def columns(case: Any) -> Contestant:
    """Scores records one after the other."""
    rows = rows_of(case)
    logic = rules(case.card)

    def one(row: dict[str, float | None]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        answers = json.dumps(row)
        for name, rule in logic.items():
            data = json.dumps(found) if name in ("score", "band") else answers
            found[name] = jsonlogic_rs.apply_serialized(rule, data, json.loads)
        return found

    return held(lambda: [one(row) for row in rows], lambda found: show(found, case.compared))
