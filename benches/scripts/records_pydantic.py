"""pydantic and plain Python: `perceived-value` records, one a line, to their scores, one a line."""

from __future__ import annotations

import json
import math
import sys
from datetime import date, timedelta
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Source = Literal["vendor_asserted", "customer_provided", "validated_with_persona", "measured"]
LEAST_COVERAGE = 0.5 - 5e-10
UPLIFT = 0.25
WINDOW = timedelta(days=90)


class Record(BaseModel):
    """What all parts share: no other fields."""

    model_config = ConfigDict(extra="forbid")


class Outcome(Record):
    """One agreed business outcome."""

    id: str
    weight: float = Field(1.0, ge=0)
    baseline: float
    target: float
    current: float | None = None
    tangible: bool
    explainable: bool
    source: Source | None = None


class Answer(Record):
    """Who stands behind an answer, and its day."""

    persona: str | None = None
    source: Source | None = None
    on: date | None = None

    def counts(self, as_of: date) -> bool:
        """Backed by the customer or a measurement, and not older than the window."""
        return self.source not in (None, "vendor_asserted") and (self.on is None or as_of - self.on <= WINDOW)


class Response(Answer):
    """How far a value is met."""

    value: int = Field(ge=1, le=5)


class Value(Record):
    """One value that was intended at purchase."""

    id: str
    importance: float = Field(1.0, ge=0)
    responses: list[Response] = []


class Expansion(Answer):
    """How much more value somebody sees, and how open they are to buying it."""

    potential: int = Field(ge=1, le=5)
    openness: int = Field(ge=1, le=5)


class Area(Record):
    """Value in a place that nobody had planned for."""

    id: str
    value: float = Field(ge=0, le=1)
    source: Source | None = None


class Customer(Record):
    """One record."""

    as_of: date
    outcomes: list[Outcome] = []
    intended_values: list[Value] = []
    expansion: list[Expansion] = []
    new_areas: list[Area] | None = None


Part = tuple[float | None, float]
"""A unit, if there is one, and how much of it is answered."""


def realized(customer: Customer) -> Part:
    """What has been reached, can be pointed at and explained, and is proven."""
    total = reached = answered = 0.0
    for one in customer.outcomes:
        total += one.weight
        proven = one.source not in (None, "vendor_asserted")
        if one.current is not None and proven and one.tangible and one.explainable:
            progress = (one.current - one.baseline) / (one.target - one.baseline)
            reached += one.weight * min(max(progress, 0.0), 1.0)
            answered += one.weight
    return (reached / total, answered / total) if total else (None, 0.0)


def personas_mean(pairs: list[tuple[str | None, float]]) -> float | None:
    """The mean of each persona's mean."""
    by: dict[str | None, list[float]] = {}
    for persona, unit in pairs:
        by.setdefault(persona, []).append(unit)
    means = [sum(units) / len(units) for units in by.values()]
    return sum(means) / len(means) if means else None


def perceived(customer: Customer) -> Part:
    """How far the values intended at purchase are met."""
    total = known = units = 0.0
    for value in customer.intended_values:
        total += value.importance
        counted = [(r.persona, (r.value - 1) / 4) for r in value.responses if r.counts(customer.as_of)]
        unit = personas_mean(counted)
        if unit is not None:
            known += value.importance
            units += value.importance * unit
    coverage = known / total if total else 0.0
    return (units / known if known and coverage >= LEAST_COVERAGE else None), coverage


def expansion(customer: Customer) -> float | None:
    """Belief and openness together."""
    counted = [one for one in customer.expansion if one.counts(customer.as_of)]
    return personas_mean([(e.persona, math.sqrt((e.potential - 1) / 4 * ((e.openness - 1) / 4))) for e in counted])


def unknown(customer: Customer) -> float | None:
    """What new areas make up."""
    if customer.new_areas is None:
        return None
    left = 1.0
    for area in customer.new_areas:
        if area.source not in (None, "vendor_asserted"):
            left *= 1.0 - area.value
    return 1.0 - left


def points(unit: float | None) -> float | None:
    """0..100."""
    return None if unit is None else 100.0 * unit


def score(customer: Customer) -> dict[str, float | None]:
    """The four scores and the one that they make."""
    (rbo, rbo_known), (vp, vp_known) = realized(customer), perceived(customer)
    ve, vu = expansion(customer), unknown(customer)
    coverage = (rbo_known + vp_known) / 2 + UPLIFT * (ve is not None) + UPLIFT * (vu is not None)
    whole = None
    if rbo is not None and vp is not None and coverage / (1 + 2 * UPLIFT) >= LEAST_COVERAGE:
        base = (rbo + vp) / 2
        whole = base + (1 - base) * UPLIFT * ((ve or 0.0) + (vu or 0.0))
    return {"score": points(whole), "rbo": points(rbo), "vp": points(vp), "ve": points(ve), "vu": points(vu)}


def main() -> None:
    """Reads the first argument, writes the second."""
    source, target = sys.argv[1:]
    with open(source, "rb") as lines, open(target, "w") as out:
        for line in lines:
            out.write(json.dumps(score(Customer.model_validate_json(line))) + "\n")


if __name__ == "__main__":
    main()
