"""A model that scores one account at a time."""

from __future__ import annotations

import copy
import json
import pickle
import struct
import threading
from pathlib import Path
from typing import Any

import pytest
import value_model as vm
from conftest import AS_OF, same
from hypothesis import given, settings
from hypothesis import strategies as st

PRESET = "value-realization"


def test_a_model_is_read_from_everything_that_holds_one(tmp_path: Path) -> None:
    scorer = vm.Scorer(PRESET)
    document, text = scorer.to_dict(), scorer.to_toml()
    toml, js = tmp_path / "mine.toml", tmp_path / "mine.json"
    toml.write_text(text, encoding="utf-8")
    js.write_text(json.dumps(document), encoding="utf-8")
    for model in [scorer, document, text, json.dumps(document), toml, str(toml), js, str(js)]:
        same(vm.Scorer(model).to_dict(), document)
    for again in [pickle.loads(pickle.dumps(scorer)), copy.copy(scorer), copy.deepcopy(scorer)]:
        assert type(again) is vm.Scorer
        same(again.to_dict(), document)
    assert (scorer.model, scorer.version, len(scorer.measures)) == (PRESET, "1", 12)
    assert repr(scorer) == "<Scorer value-realization 1: 12 measures>"


def test_a_bad_model_says_where(tmp_path: Path) -> None:
    with pytest.raises(vm.ValueModelError, match=r"line 2, column 6") as caught:
        vm.Scorer('schema = "value-model/1"\nid = 3')
    assert (caught.value.code, caught.value.field) == ("invalid_input", "id")
    with pytest.raises(vm.ValueModelError) as caught:
        vm.Scorer({"schema": "value-model/9"})
    assert caught.value.code == "schema_version"
    with pytest.raises(FileNotFoundError):
        vm.Scorer(tmp_path / "none.toml")
    with pytest.raises(FileNotFoundError):
        vm.Scorer("none.toml")
    with pytest.raises(IsADirectoryError):
        vm.Scorer(tmp_path)


def test_functions_take_a_scorer_for_a_model(acme: dict[str, Any]) -> None:
    scorer = vm.Scorer(PRESET)
    assert vm.score(model=scorer, record=acme, as_of=AS_OF) == scorer.assess(acme, AS_OF)
    assert vm.score(model=PRESET, record=acme, as_of=AS_OF) == scorer.assess(acme, AS_OF)


def test_the_worked_example(acme: dict[str, Any]) -> None:
    found = vm.Scorer(PRESET).assess(acme, AS_OF)
    assert f"{found.score:.1f}" == "65.0" and found.band == "watch"
    assert {group.id: group.cost_score for group in found.groups}["costs"] == 37.5
    assert abs(sum(part.points for part in found.contributions) - (found.score or 0.0)) < 1e-9


ANSWER = st.one_of(
    st.floats(allow_nan=True), st.floats(0, 1), st.integers(-3, 3), st.booleans(), st.none(), st.text(max_size=4),
    st.sampled_from(["yes", "no", "2026-10-01", "2026-11-02", "not_applicable", "partly"]),
    st.fixed_dictionaries({"value": st.floats(0, 1), "source": st.sampled_from(["measured", "vendor_asserted"])}),
    st.lists(st.floats(0, 1), max_size=2),
)
MEASURES = [*vm.Scorer(PRESET).measures, "unknown"]


@settings(max_examples=400, deadline=None)
@given(
    st.fixed_dictionaries(
        {"account": st.sampled_from(["acme", "", "a\n"]), "answers": st.dictionaries(st.sampled_from(MEASURES), ANSWER)}
    )
)
def test_the_quick_way_gives_the_same_bits_and_the_same_refusals(record: dict[str, Any]) -> None:
    scorer = vm.Scorer(PRESET)

    def outcome(call: Any) -> Any:
        try:
            found = call(record, AS_OF)
        except vm.ValueModelError as error:
            return error.args
        numbers = [found.lower, found.upper, found.coverage, found.validated_share, found.fresh_share]
        packed = [struct.pack("<d", number) for number in numbers]
        maybe = [None if number is None else struct.pack("<d", number) for number in (found.score, found.raw)]
        return found.outcome, maybe, found.band, found.lower_band, packed

    assert outcome(scorer.score) == outcome(scorer.assess)


def test_an_override_is_not_lost_on_the_quick_way(acme: dict[str, Any]) -> None:
    acme["override"] = {"score": 20, "reason": "the sponsor left", "author": "ana", "made_on": "2026-10-30"}
    scorer = vm.Scorer(PRESET)
    assert scorer.score(acme, AS_OF).score == scorer.assess(acme, AS_OF).score == 20.0


def test_results_cannot_be_changed(acme: dict[str, Any]) -> None:
    scorer = vm.Scorer(PRESET)
    found = scorer.assess(acme, AS_OF)
    for change in (lambda: setattr(found, "score", 1.0), lambda: delattr(found, "score"), lambda: setattr(found, "x", 1)):
        with pytest.raises(AttributeError):
            change()
    found.to_dict()["groups"].clear()
    assert len(found.groups) == 3
    assert pickle.loads(pickle.dumps(found)) == found and copy.deepcopy(found) == found
    with pytest.raises(AttributeError):
        scorer.score(acme, AS_OF).score = 1.0  # type: ignore[misc]


def test_reprs_fit_a_terminal_and_html_is_escaped(acme: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    acme["account"] = "<img src=x onerror=alert(1)>"
    monkeypatch.setenv("COLUMNS", "72")
    found = vm.Scorer(PRESET).assess(acme, AS_OF)
    lines = repr(found).splitlines()
    assert len(lines) <= 40 and max(map(len, lines)) <= 72
    html = found._repr_html_()
    assert "<img" not in html and "&lt;img" in html
    assert html.count("role='img'") == len(found.contributions) and "+8.3" in html
    assert "<script" not in html


def test_sixteen_threads_share_a_scorer(acme: dict[str, Any]) -> None:
    scorer = vm.Scorer(PRESET)
    wanted, wrong = scorer.score(acme, AS_OF).score, []

    def work() -> None:
        for _ in range(2000):
            if scorer.score(acme, AS_OF).score != wanted or scorer.assess(acme, AS_OF).score != wanted:
                wrong.append(1)

    threads = [threading.Thread(target=work) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
