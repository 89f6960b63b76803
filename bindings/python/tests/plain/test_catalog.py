"""The names of the package are those of the catalog, in this language as in every other."""

import inspect
import json
import types

import value_model as vm
from conftest import ROOT, VECTORS

API = json.loads((ROOT / "docs/api.json").read_text(encoding="utf-8"))
IDS = [formula["id"] for formula in API["formulas"]]


def test_every_formula_is_a_function_and_every_function_a_formula() -> None:
    functions = {name for name in dir(vm) if isinstance(getattr(vm, name), types.FunctionType)}
    functions = {name for name in functions if not name.startswith("_")}
    assert functions - {"catalog", "error_codes", "lint", "presets"} == set(IDS)
    assert set(IDS) <= set(vm.__all__)
    assert [formula["id"] for formula in vm.catalog()] == IDS
    assert json.loads((VECTORS / "catalog.json").read_text()) == IDS


def test_keywords_are_the_fields_of_the_input() -> None:
    for formula in API["formulas"]:
        parameters = inspect.signature(getattr(vm, formula["id"])).parameters
        assert list(parameters) == ["input", *formula["input"]["properties"]], formula["id"]


def test_attributes_are_the_fields_of_the_result() -> None:
    for formula in API["formulas"]:
        kind = getattr(vm.results, formula["result"]["title"])
        fields = {name + "_" * (name == "from") for name in formula["result"]["properties"]}
        assert {name for name, found in vars(kind).items() if isinstance(found, property)} == fields
        assert inspect.getdoc(kind)


def test_error_codes_are_those_of_the_api() -> None:
    assert list(vm.error_codes()) == API["error_codes"]


def test_presets_compile_and_lint() -> None:
    for preset in vm.presets():
        scorer = vm.Scorer(preset["id"])
        assert scorer.model == preset["id"] == vm.Scorer(preset["document"]).model
        assert isinstance(vm.lint(preset["id"]), list)
