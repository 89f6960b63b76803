"""zen-engine: a decision of one expression node, evaluated for one account at a time."""

from __future__ import annotations

import json
from typing import Any

import zen

from harness.card import BANDS, LEAST_COVERAGE, Card, Group
from peers import Contestant, held
from peers.plain_python import rows_of, show


def _expressions(card: Card) -> dict[str, str]:
    """The outputs of a model of two levels whose root needs all of its groups, in the order of computing."""
    out: dict[str, str] = {}
    for group in card.inner:
        out |= _side(group)
    names = [f"g{group.index}" for group in card.inner]
    known = " and ".join(f"$.{name} != null" for name in names)
    out["score"] = f"({known}) ? ({' + '.join(f'$.{name}' for name in names)}) / {len(names)} : null"
    shares = " + ".join(f"$.p{group.index} / {group.weight}" for group in card.inner)
    out["coverage"] = f"({shares}) / {len(names)}"
    steps = "1"
    for number, cut in enumerate(BANDS):
        steps = f"($.score >= {cut} ? {number + 2} : {steps})"
    out["band"] = f"$.score != null ? {steps} : 0"
    return out


def _side(group: Group) -> dict[str, str]:
    g = group.index
    names = [f"m{measure}" for measure in group.leaves]
    present = " + ".join(f"({name} != null ? 1 : 0)" for name in names)
    units = " + ".join(f"({n} != null ? {f'1 - {n}' if group.cost else n} : 0)" for n in names)
    return {
        f"p{g}": present,
        f"g{g}": f"$.p{g} >= {group.weight * LEAST_COVERAGE} ? 100 * ({units}) / $.p{g} : null",
    }


def decision(card: Card) -> str:
    """The model as a decision of one expression node, in JSON."""
    expressions = [{"id": name, "key": name, "value": text} for name, text in _expressions(card).items()]
    nodes = [
        {"id": "in", "name": "in", "type": "inputNode"},
        {"id": "score", "name": "score", "type": "expressionNode", "content": {"expressions": expressions}},
        {"id": "out", "name": "out", "type": "outputNode"},
    ]
    edges = [
        {"id": "a", "type": "edge", "sourceId": "in", "targetId": "score"},
        {"id": "b", "type": "edge", "sourceId": "score", "targetId": "out"},
    ]
    return json.dumps({"nodes": nodes, "edges": edges})


def columns(case: Any) -> Contestant:
    """Scores records one after the other."""
    rows = rows_of(case)
    engine = zen.ZenEngine().create_decision(decision(case.card))
    # What is null is left out of a result.
    empty = dict.fromkeys(case.compared)
    return held(
        lambda: [engine.evaluate(row)["result"] for row in rows],
        lambda found: show([empty | row for row in found], case.compared),
    )
