"""What Python can hand over that is no plain number or text: each has one defined answer."""

from __future__ import annotations

import copy
import dataclasses
import datetime
import enum
import fractions
import pickle
from collections import OrderedDict, UserDict
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
import value_model as vm
from conftest import AS_OF
from value_model import ValueModelError

ZONE = datetime.timezone(datetime.timedelta(hours=2))
MIDNIGHT = datetime.datetime(2026, 9, 15)


def refusal(function: Any, *args: Any, **kwargs: Any) -> tuple[str, str]:
    """Code and field of what is refused, by a message that names neither Rust nor Python internals."""
    with pytest.raises(ValueModelError) as caught:
        function(*args, **kwargs)
    assert caught.value.message and "PyErr" not in caught.value.message
    return caught.value.code, caught.value.field


def assess(answers: Any, **more: Any) -> vm.results.Assessment:
    return vm.Scorer("value-realization").assess({"account": "acme", "answers": answers, **more}, AS_OF)


def unit(measure: str, value: Any) -> float | None:
    found = {result.id: result for result in assess({measure: value}).measures}[measure]
    return found.unit


@pytest.mark.parametrize(
    "half",
    [
        0.5,
        Decimal("0.5"),
        fractions.Fraction(1, 2),
        np.float64(0.5),
        np.float32(0.5),
        np.float16(0.5),
        np.longdouble(0.5),
        np.array(0.5),
        {"value": Decimal("0.5"), "note": "as told"},
    ],
)
def test_every_number_is_read(half: Any) -> None:
    assert unit("full_usage", half) == 0.5


@pytest.mark.parametrize("one", [1, np.int8(1), np.int64(1), np.uint64(1), True, np.True_, np.bool_(True), "yes"])
def test_whole_numbers_and_yes_are_read(one: Any) -> None:
    assert unit("goals_documented" if not isinstance(one, (int, np.integer)) or one is True else "full_usage", one) == 1


def test_true_is_no_number_where_a_number_is_asked() -> None:
    assert refusal(vm.nps, promoters=True, passives=1, detractors=1) == ("invalid_input", "promoters")
    assert refusal(vm.npv, rate=0.1, flows=[1.0, np.True_]) == ("invalid_input", "flows[1]")
    assert refusal(assess, {"full_usage": True}) == ("outside_scale", "answers.full_usage")


@pytest.mark.parametrize("number", [float("nan"), float("inf"), np.nan, np.float32("inf"), Decimal("NaN"), Decimal("Infinity")])
def test_numbers_that_are_none_are_refused_by_field(number: Any) -> None:
    assert refusal(assess, {"full_usage": number}) == ("not_finite", "answers.full_usage")
    assert refusal(vm.npv, rate=number, flows=[1.0]) == ("not_finite", "rate")


def test_a_signalling_nan_is_no_number() -> None:
    assert refusal(vm.npv, rate=Decimal("sNaN"), flows=[1.0]) == ("invalid_input", "rate")
    assert refusal(vm.npv, rate=fractions.Fraction(10**400), flows=[1.0]) == ("invalid_input", "rate")


@pytest.mark.parametrize("nothing", [None, pd.NA, pd.NaT, np.datetime64("NaT")])
def test_nothing_is_missing_and_not_zero(nothing: Any) -> None:
    found = {result.id: result for result in assess({"full_usage": nothing}).measures}["full_usage"]
    assert (found.unit, found.missing) == (None, "no_data")
    assert refusal(vm.npv, rate=nothing, flows=[1.0])[1] == "rate"


@pytest.mark.parametrize(
    "day",
    [
        "2026-09-15",
        datetime.date(2026, 9, 15),
        MIDNIGHT,
        pd.Timestamp("2026-09-15"),
        np.datetime64("2026-09-15"),
        np.datetime64("2026-09-15T00:00:00.000000000"),
    ],
)
def test_days_are_read(day: Any) -> None:
    assert unit("executive_confirmation", day) == 1.0
    assert vm.Scorer("value-realization").score({"account": "a", "answers": {}}, day).outcome == "insufficient"


@pytest.mark.parametrize(
    "moment",
    [
        MIDNIGHT.replace(hour=13),
        MIDNIGHT.replace(tzinfo=datetime.timezone.utc),
        MIDNIGHT.replace(tzinfo=ZONE),
        pd.Timestamp("2026-09-15", tz="Europe/Berlin"),
        np.datetime64("2026-09-15T13:00"),
    ],
)
def test_a_moment_is_no_day(moment: Any) -> None:
    assert refusal(assess, {"executive_confirmation": {"value": "2026-09-15", "on": moment}}) == (
        "invalid_date",
        "answers.executive_confirmation.on",
    )
    assert refusal(vm.Scorer("value-realization").score, {"account": "a"}, moment) == ("invalid_date", "as_of")


def test_a_day_must_be_given() -> None:
    scorer = vm.Scorer("value-realization")
    assert refusal(scorer.score, {"account": "a"}, None) == ("missing", "as_of")
    assert refusal(scorer.score, {"account": "a"}, 20261101)[1] == "as_of"
    assert refusal(scorer.score, {"account": "a"}, "01.11.2026") == ("invalid_date", "as_of")


def test_texts_are_no_numbers() -> None:
    assert refusal(assess, {"full_usage": "0,8"}) == ("outside_scale", "answers.full_usage")
    assert refusal(vm.npv, rate="0.1", flows=[1.0]) == ("invalid_input", "rate")


def test_whole_numbers_beyond_what_a_float_holds_are_refused() -> None:
    assert vm.npv(rate=0, flows=[2**53]).npv == 2.0**53
    assert refusal(vm.npv, rate=0, flows=[2**53 + 1]) == ("invalid_input", "flows[0]")
    assert refusal(vm.npv, rate=0, flows=[np.int64(2**53 + 1)]) == ("invalid_input", "flows[0]")
    assert refusal(vm.npv, rate=0, flows=[10**400]) == ("invalid_input", "flows[0]")


def test_misspelt_names_get_a_suggestion() -> None:
    with pytest.raises(ValueModelError, match="did you mean `full_usage`"):
        assess({"ful_usage": 1})
    with pytest.raises(ValueModelError, match="did you mean `promoters`"):
        vm.nps({"promotors": 1, "passives": 1, "detractors": 1})  # type: ignore[call-overload]
    with pytest.raises(ValueModelError, match="did you mean `value-realization`"):
        vm.Scorer("value-realisation")
    assert refusal(assess, {}, answer={}) == ("unknown_field", "answer")


def test_a_misspelt_keyword_is_pythons_to_refuse() -> None:
    with pytest.raises(TypeError, match="promotors"):
        vm.nps(promotors=1, passives=1, detractors=1)  # type: ignore[call-overload]
    with pytest.raises(TypeError, match="not both"):
        vm.nps({"promoters": 1, "passives": 1, "detractors": 1}, promoters=1)  # type: ignore[call-overload]


@pytest.mark.parametrize("wrong", [b"acme", {1, 2}, object(), int, lambda: 1, 1j, iter([1]), {1: 2}, {b"a": 1}])
def test_other_objects_are_refused(wrong: Any) -> None:
    assert refusal(vm.npv, rate=0.1, flows=wrong) == ("invalid_input", "flows")
    assert refusal(assess, {"full_usage": wrong})[0] in {"invalid_input", "outside_scale"}


@pytest.mark.parametrize("flows", [(-1.0, 2.0), np.array([-1.0, 2.0]), np.array([-1, 2]), pd.Series([-1, 2]), pl.Series([-1, 2])])
def test_every_sequence_is_read(flows: Any) -> None:
    assert vm.npv(rate=0.0, flows=flows).npv == 1.0


@pytest.mark.parametrize("mapping", [dict, OrderedDict, UserDict, MappingProxyType])
def test_every_mapping_is_read(mapping: Any) -> None:
    assert vm.nps(mapping({"promoters": 1, "passives": 1, "detractors": 1})).nps == 0.0


def test_dataclasses_may_hold_dataclasses_enums_and_results() -> None:
    class Who(str, enum.Enum):
        CUSTOMER = "customer_provided"

    @dataclasses.dataclass
    class Answer:
        value: float
        source: Who

    @dataclasses.dataclass
    class Account:
        account: str
        answers: dict[str, Answer]

    account = Account("acme", {"full_usage": Answer(0.5, Who.CUSTOMER)})
    found = vm.Scorer("value-realization").assess(account, AS_OF)
    assert {result.id: result.backed for result in found.measures}["full_usage"]
    assert refusal(vm.nps, Account) == ("invalid_input", "")


def test_a_list_that_holds_itself_ends() -> None:
    endless: list[Any] = []
    endless.append(endless)
    assert refusal(vm.npv, rate=0.1, flows=endless) == ("limit", "")
    loop: dict[str, Any] = {}
    loop["loop"] = loop
    assert refusal(vm.nps, loop) == ("limit", "")


def test_half_a_surrogate_pair_is_no_text() -> None:
    assert refusal(vm.Scorer("value-realization").assess, {"account": "\ud800"}, AS_OF) == ("invalid_text", "account")
    assert refusal(assess, {"\ud800": 1})[0] == "invalid_text"
    assert refusal(vm.Scorer("value-realization").score, {"account": "a\x00"}, AS_OF) == ("invalid_text", "account")


def test_what_python_raises_is_passed_on() -> None:
    class Broken(dict[str, Any]):
        def items(self) -> Any:
            raise KeyboardInterrupt

    class Odd(UserDict[str, Any]):
        def items(self) -> Any:
            raise RuntimeError("odd")

    with pytest.raises(RuntimeError, match="odd"):
        vm.nps(Odd())
    assert refusal(vm.nps, Broken()) == ("missing", "promoters")


def test_errors_are_value_errors_that_survive_pickling() -> None:
    with pytest.raises(ValueError) as caught:
        vm.nps(promoters=-1, passives=0, detractors=0)
    error = caught.value
    assert isinstance(error, ValueModelError)
    again = pickle.loads(pickle.dumps(error))
    assert (again.code, again.field, again.message) == (error.code, error.field, error.message)
    assert copy.copy(error).code == "out_of_range"
