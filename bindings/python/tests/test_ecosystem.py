"""The libraries of others: scikit-learn, polars expressions, DuckDB functions, figures."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import value_model as vm
from conftest import AS_OF
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.utils.estimator_checks import parametrize_with_checks
from value_model.sklearn import Scorecard

SCORER = vm.Scorer("value-realization")


def card(measures: int, weights: dict[int, float] | None = None) -> dict[str, Any]:
    """A model that takes any number: what the checks of scikit-learn bring has no meaning."""
    children = [
        {"id": f"x{place}", "scale": {"linear": {"worst": -10, "best": 10}}, "weight": (weights or {}).get(place, 1.0)}
        for place in range(measures)
    ]
    return {"schema": "value-model/1", "id": "any", "version": "1", "title": "Any", "tree": {"id": "root", "children": children, "min_coverage": 0}}


@parametrize_with_checks([Scorecard(card(64), as_of=AS_OF)])
def test_scikit_learn_finds_nothing_wrong(estimator: Any, check: Any) -> None:
    check(estimator)


def test_a_scorecard_goes_into_a_pipeline_and_a_grid() -> None:
    make = np.random.default_rng(3)
    frame = pd.DataFrame(make.uniform(-10, 10, (400, 3)), columns=["x0", "x1", "x2"])
    kept = (frame["x0"] + 0.2 * make.standard_normal(400) > 0).astype(int)
    models = [card(3), card(3, {0: 0.0, 1: 1.0, 2: 1.0}), card(3, {0: 1.0, 1: 0.0, 2: 0.0})]
    grid = GridSearchCV(
        make_pipeline(Scorecard(as_of=AS_OF), LogisticRegression()), {"scorecard__model": models}, scoring="roc_auc", cv=3
    )
    grid.fit(frame, kept)
    assert grid.best_params_["scorecard__model"] is models[2] or grid.best_params_["scorecard__model"] == models[2]
    assert grid.best_score_ > 0.95
    step = Scorecard(card(3), as_of=AS_OF, results=["score", "coverage"]).set_output(transform="pandas")
    found = step.fit_transform(frame)
    assert list(found.columns) == ["score", "coverage"]
    wanted = vm.Scorer(card(3)).score_frame(frame, as_of=AS_OF)["score"]
    assert found["score"].to_numpy().tobytes() == wanted.to_numpy().tobytes()
    assert step.fit_transform(frame.to_numpy())["score"].to_numpy().tobytes() == wanted.to_numpy().tobytes()


def test_a_scorecard_says_what_it_cannot_score() -> None:
    frame = pl.DataFrame({"full_usage": [0.5, 7.0]})
    with pytest.raises(vm.ValueModelError, match=r"\[1\].full_usage"):
        Scorecard(as_of=AS_OF).fit(frame).transform(frame)
    found = Scorecard(as_of=AS_OF, results=["coverage", "lower"], errors="code").fit(frame).transform(frame)
    assert np.isnan(found[1]).all() and not np.isnan(found[0]).any()
    with pytest.raises(ValueError, match="13 features"):
        Scorecard(as_of=AS_OF).fit(np.zeros((2, 13)))


def test_a_score_is_an_expression_of_polars() -> None:
    from value_model.polars import score

    frame = pl.DataFrame({"account": ["a", "b"], "full_usage": [0.5, 7.0], "experience": [0.5, 0.5]})
    wanted = SCORER.score_frame(frame, as_of=AS_OF, results=["lower", "band"])
    expression = score("value-realization", as_of=AS_OF, measures=["full_usage", "experience"], results=["lower", "band"])
    for found in (frame.select(expression), frame.lazy().select(expression).collect()):
        assert found.unnest(found.columns[0]).equals(wanted.drop("account"))
    named = score(SCORER, as_of=AS_OF, measures=["full_usage"], columns={"full_usage": "usage"}, results=["coverage"])
    assert frame.rename({"full_usage": "usage"})[:1].select(named.struct.field("coverage"))["coverage"][0] > 0


def test_a_model_is_a_function_of_duckdb() -> None:
    from value_model.duckdb import register

    con = duckdb.connect()
    assert register(con, "value-realization", as_of=AS_OF) == "value_realization"
    make = np.random.default_rng(5)
    frame = pl.DataFrame({name: make.random(5000) for name in SCORER.measures if name not in {"executive_confirmation", "goals_documented", "reviewed_internally"}})
    frame = frame.with_columns(executive_confirmation=pl.lit("2026-10-01"), goals_documented=pl.lit(True), reviewed_internally=pl.lit(None, pl.String))
    con.register("answers", frame.to_arrow())
    answers = ", ".join(SCORER.columns)
    found = con.sql(f"select s.score, s.band, s.code from (select value_realization({answers}) as s from answers)").fetchall()
    wanted = SCORER.score_frame(frame, as_of=AS_OF)
    assert [struct.pack("<d", row[0]) for row in found] == [struct.pack("<d", score) for score in wanted["score"]]
    assert [row[1] for row in found] == wanted["band"].to_list()
    assert register(con, SCORER, as_of=AS_OF, name="health") == "health"
    assert con.sql("select health(date '2026-10-01', 7.0).code").fetchall() == [("outside_scale",)]
    assert con.sql("select health(null, 0.5).code").fetchall() == [(None,)]


def test_figures_say_what_they_show(acme: dict[str, Any], tmp_path: Path) -> None:
    import matplotlib

    matplotlib.use("agg")
    import matplotlib.pyplot as plt

    found = SCORER.assess(acme, AS_OF)
    ax = found.plot()
    assert ax.get_title(loc="left").startswith("acme: 65.0, watch") and ax.get_xlabel() == "points of 100"
    assert len(ax.patches) == len(found.contributions) + 1
    records = [{**acme, "account": f"a{number}", "attributes": {"csm": csm}} for number, csm in enumerate(["ana", "ana", "ben"])]
    report = vm.portfolio(model=SCORER, records=records, as_of=AS_OF, by=["csm"])  # type: ignore[call-overload]
    bands = report.plot()
    assert [label.get_text() for label in bands.get_yticklabels()] == ["ana", "ben"] and bands.get_xlabel() == "accounts"
    steady = vm.robustness(model=SCORER, record=acme, as_of=AS_OF)  # type: ignore[call-overload]
    assert "band" in steady.plot().get_title(loc="left")
    for number in plt.get_fignums():
        plt.figure(number).savefig(tmp_path / f"{number}.png")
        assert (tmp_path / f"{number}.png").stat().st_size > 5_000
    plt.close("all")
    with pytest.raises(TypeError, match="has no figure"):
        vm.nps(promoters=1, passives=1, detractors=1).plot()
    nothing = SCORER.assess({"account": "new", "answers": {}}, AS_OF)
    assert "no score yet" in nothing.plot().get_title(loc="left")
    plt.close("all")
