"""Records of `perceived-value` from a seed: outcomes, values with the answers of several personas, expansion, areas."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

AS_OF = "2026-11-01"
PERSONAS = ("executive", "champion", "user")
SOURCES = ("customer_provided", "validated_with_persona", "measured", "vendor_asserted")
DAYS = ("2026-10-20", "2026-09-15", "2026-08-30", "2026-05-02")
"""Within the window of 90 days but for the last."""


def record(rng: random.Random) -> dict[str, Any]:
    """One customer: four outcomes, four values with three answers each, and what more there is."""

    def answer(**more: object) -> dict[str, Any]:
        return more | {"source": rng.choice(SOURCES), "on": rng.choice(DAYS)}

    outcomes = [
        {
            "id": f"outcome_{place}",
            "weight": rng.randint(1, 3),
            "baseline": 100.0,
            "target": 50.0,
            "current": float(rng.randint(30, 110)),
            "tangible": rng.random() < 0.9,
            "explainable": rng.random() < 0.9,
            "source": rng.choice(SOURCES),
        }
        for place in range(4)
    ]
    values = [
        {
            "id": f"value_{place}",
            "importance": rng.randint(1, 3),
            "responses": [answer(value=rng.randint(1, 5), persona=persona) for persona in PERSONAS],
        }
        for place in range(4)
    ]
    expansion = [answer(persona=p, potential=rng.randint(1, 5), openness=rng.randint(1, 5)) for p in PERSONAS[:2]]
    areas = [
        {"id": f"area_{place}", "value": rng.randint(0, 100) / 100, "source": rng.choice(SOURCES)} for place in range(2)
    ]
    return {
        "as_of": AS_OF,
        "outcomes": outcomes,
        "intended_values": values,
        "expansion": expansion,
        "new_areas": areas,
    }


def write(path: Path, rows: int, seed: int) -> None:
    """A file of such records, one a line."""
    rng = random.Random(seed)
    part = path.with_suffix(".part")
    with part.open("w") as out:
        for _ in range(rows):
            out.write(json.dumps(record(rng), separators=(",", ":")) + "\n")
    part.rename(path)
