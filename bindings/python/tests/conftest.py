"""What several tests share."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[3]
VECTORS = ROOT / "crates/value-model-vectors/vectors"
AS_OF = "2026-11-01"


def same(found: Any, wanted: Any, path: str = "") -> None:
    """Fail unless two results are equal, numbers to the last bit."""
    if isinstance(wanted, dict):
        assert isinstance(found, dict), f"{path}: {found!r}"
        assert list(found) == list(wanted), path
        for key in wanted:
            same(found[key], wanted[key], f"{path}.{key}")
    elif isinstance(wanted, list):
        assert isinstance(found, list) and len(found) == len(wanted), f"{path}: {found!r}"
        for index, (a, b) in enumerate(zip(found, wanted, strict=True)):
            same(a, b, f"{path}[{index}]")
    elif isinstance(wanted, (int, float)) and not isinstance(wanted, bool):
        assert isinstance(found, (int, float)) and not isinstance(found, bool), f"{path}: {found!r}"
        assert struct.pack("<d", found) == struct.pack("<d", wanted), f"{path}: {found!r} is not {wanted!r}"
    else:
        assert type(found) is type(wanted) and found == wanted, f"{path}: {found!r} is not {wanted!r}"


def numbers(value: Any) -> Any:
    """Numbers that JSON cannot say: ``{"$f64": "NaN"}``."""
    if isinstance(value, dict):
        if list(value) == ["$f64"]:
            return float(value["$f64"])
        return {key: numbers(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [numbers(entry) for entry in value]
    return value


def vector_files() -> list[Path]:
    return [path for path in sorted(VECTORS.glob("*.json")) if path.stem != "catalog"]


def vector_cases() -> list[Any]:
    """Every published case as (formula, case)."""
    cases = []
    for path in vector_files():
        file = json.loads(path.read_text(encoding="utf-8"))
        for case in file["cases"]:
            cases.append(pytest.param(file["formula"], case, id=f"{file['formula']}: {case['name']}"))
    return cases


@pytest.fixture
def acme() -> dict[str, Any]:
    """The account of the README."""
    return {
        "account": "acme",
        "answers": {
            "executive_confirmation": "2026-09-15",
            "full_usage": 0.8,
            "goals_documented": True,
            "metrics_documented": 0.5,
            "metrics_progressing": 0.75,
            "reviewed_internally": "2026-06-30",
            "experience": 0.25,
            "financial": 0.75,
            "change_management": 0.5,
            "emotional": 0.0,
            "learning": 0.25,
            "opportunity": 0.5,
        },
    }
