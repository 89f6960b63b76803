"""Every published vector: results to the last bit, refusals by code and field."""

import dataclasses
import json
from typing import Any

import pytest
import value_model as vm
from conftest import numbers, same, vector_cases, vector_files


def test_every_formula_has_vectors() -> None:
    assert {path.stem for path in vector_files()} == {formula["id"] for formula in vm.catalog()}


@pytest.mark.parametrize(("formula", "case"), vector_cases())
def test_vector(formula: str, case: dict[str, Any]) -> None:
    function, given = getattr(vm, formula), numbers(case["input"])
    if "error" in case:
        with pytest.raises(vm.ValueModelError) as caught:
            function(given)
        assert (caught.value.code, caught.value.field) == (case["error"]["code"], case["error"]["field"])
        assert caught.value.message == str(caught.value) != ""
        return
    result = function(given)
    same(result.to_dict(), case["expect"])
    # Each attribute can be read, and is what the dictionary holds.
    for name in result.to_dict():
        getattr(result, name + "_" * (name == "from"))
    assert repr(result).startswith(type(result).__name__) and result._repr_html_().startswith("<")
    # The same through JSON, keywords and a dataclass.
    if isinstance(given, dict):
        same(function(json.loads(json.dumps(given))).to_dict(), case["expect"])
        same(function(**given).to_dict(), case["expect"])
        record = dataclasses.make_dataclass("Given", list(given))(**given)
        same(function(record).to_dict(), case["expect"])
