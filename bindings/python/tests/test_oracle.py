"""Random scorecards and records against the oracle, which restates the mathematics in exact rationals."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import value_model as vm
from conftest import ROOT
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(ROOT / "crates/value-model-vectors"))

from oracle import random_cards  # noqa: E402
from oracle.compare_random import Run  # noqa: E402


def outcome(case: dict[str, Any]) -> dict[str, Any]:
    """What Python says of a case, as the oracle compares it."""
    try:
        found = vm.Scorer(case["model"]).assess(case["record"], case["as_of"])
    except vm.ValueModelError as error:
        return {"error": {"code": error.code, "field": error.field}}
    return {"ok": found.to_dict()}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 2**32))
def test_python_agrees_with_the_oracle(tmp_path: Path, seed: int) -> None:
    cases = tmp_path / "cases.ndjson"
    random_cards.write(20, seed, str(cases))
    run = Run()
    for line, text in enumerate(cases.read_text(encoding="utf-8").splitlines(), start=1):
        case = json.loads(text)
        run.add(line, case, outcome(case))
    assert run.cases == 20 and run.bad == 0
