"""A program as a user writes it: type checkers must find nothing, and it must run."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TypedDict

import polars as pl
import value_model as vm
from value_model.inputs import NpsInput, Record, Scorecard
from value_model.results import Assessment, Interval, Nps


@dataclass
class Survey:
    promoters: int
    passives: int
    detractors: int


class Report(TypedDict):
    nps: float
    low: float
    account: str
    score: float | None


def survey() -> Nps:
    from_keywords = vm.nps(promoters=55, passives=30, detractors=15)
    typed: NpsInput = {"promoters": 55, "passives": 30, "detractors": 15}
    from_typed = vm.nps(typed)
    from_literal = vm.nps({"promoters": 55, "passives": 30, "detractors": 15})
    from_dataclass = vm.nps(Survey(55, 30, 15))
    assert from_keywords == from_typed == from_literal == from_dataclass
    interval: Interval = from_keywords.wald
    assert interval.low < from_keywords.nps < interval.high
    return from_dataclass


def own_model() -> Scorecard:
    return {
        "schema": "value-model/1",
        "id": "mine",
        "version": "1",
        "title": "Mine",
        "tree": {
            "id": "health",
            "children": [
                {"id": "csat", "scale": {"likert": {"min": 1, "max": 5}}},
                {"id": "goals", "scale": "yes_no", "weight": 2},
            ],
        },
    }


def under_a_set() -> pl.DataFrame:
    ours = vm.SetScorer(
        {
            "schema": "value-model-set/1",
            "id": "ours",
            "version": "1",
            "default": ["standard"],
            "models": {"standard": "value-realization"},
        }
    )
    record: Record = {"account": "acme", "answers": {"full_usage": 0.8}}
    models: list[str] = ours.choose(record)[1]
    assert ours.score(record, "2026-11-01")[models[0]].coverage == ours.assess(record, "2026-11-01")[0].assessment.coverage
    accounts = pl.DataFrame({"account": ["acme"], "full_usage": [0.8]})
    assert len(ours.score_parents(accounts, as_of="2026-11-01")) == 0
    return ours.score_frame(accounts, as_of="2026-11-01", results=["coverage"])


def account(on: datetime.date) -> Assessment:
    record: Record = {"account": "acme", "answers": {"csat": 4, "goals": {"value": True, "on": on}}}
    scorer = vm.Scorer(own_model())
    assessment = scorer.assess(record, as_of=on)
    quick = scorer.score(record, on)
    assert quick.score == assessment.score
    better = vm.what_if(model=own_model(), record=record, as_of=on, changes={"csat": 5})
    assert better.after.score is not None and better.delta.change is not None
    return assessment


def frames(frame: pl.DataFrame) -> pl.DataFrame:
    scorer = vm.Scorer("value-realization")
    lazy: pl.LazyFrame = scorer.score_frame(frame.lazy(), as_of="2026-11-01", contributions=True)
    table: vm.Table = scorer.score_arrow(frame, as_of="2026-11-01", results=["score"], errors="raise")
    assert len(table) == len(lazy.collect()) and table.column_names == ["score", "code"]
    return scorer.score_frame(frame, as_of="2026-11-01", columns={"full_usage": "usage"})


def money() -> float | None:
    result = vm.irr(flows=[-100.0, 60, 60])
    if result.irr is None:
        return None
    return result.irr


def main() -> Report:
    nps = survey()
    assessment = account(datetime.date(2026, 11, 1))
    assert money() is not None
    assert "band" in frames(pl.DataFrame({"usage": [0.5], "experience": [0.25]})).columns
    try:
        vm.npv(rate=-2.0, flows=[1.0])
    except vm.ValueModelError as error:
        assert error.code in vm.error_codes() and error.field == "rate" and error.message
    return {"nps": nps.nps, "low": nps.wald.low, "account": assessment.account, "score": assessment.score}


if __name__ == "__main__":
    print(main())
    print(under_a_set())
