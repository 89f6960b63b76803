"""Every block of Python in the documentation runs; each page in one go, as somebody reads it."""

import doctest
import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

PAGES = {
    "README.md": 1,
    "bindings/python/README.md": 3,
    "docs/python.md": 7,
    "docs/model-sets.md": 1,
    "docs/does_your_score_lead.md": 1,
    "docs/staffing.md": 1,
    "docs/other_tools.md": 2,
}


@pytest.mark.parametrize("page", PAGES)
def test_page(page: str, tmp_path: Path) -> None:
    blocks = re.findall(r"^```python\n(.*?)^```$", (ROOT / page).read_text(encoding="utf-8"), re.M | re.S)
    assert len(blocks) >= PAGES[page]
    program = tmp_path / "page.py"
    program.write_text("\n".join(blocks), encoding="utf-8")
    done = subprocess.run([sys.executable, "-W", "error", program], capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 0, done.stderr


def test_the_worked_example_is_the_same_everywhere() -> None:
    def answers(page: str) -> dict[str, str]:
        text = (ROOT / page).read_text(encoding="utf-8")
        block = re.findall(r"^```python\n(.*?)^```$", text, re.M | re.S)[0]
        return dict(re.findall(r'"([a-z_]+)": ([^,{\n]+),', block))

    assert answers("README.md") == answers("bindings/python/README.md")


@pytest.mark.parametrize("module", ["_scorer", "_set", "duckdb", "polars", "sklearn"])
def test_examples_of_docstrings(module: str) -> None:
    found = doctest.testmod(importlib.import_module(f"value_model.{module}"))
    assert found.attempted > 0 and found.failed == 0
