"""Sets of models: the models that the set chooses, the bits of one account at a time, parents, the same kind back."""

from __future__ import annotations

import copy
import pickle
import random
import struct
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import value_model as vm
from conftest import AS_OF

SET: dict[str, Any] = {
    "schema": "value-model-set/1",
    "id": "ours",
    "version": "3",
    "default": ["standard"],
    "models": {"standard": "value-realization", "strategic": "perceived-value"},
    "cases": [
        {"id": "group", "roll_up": True, "when": [{"attribute": "segment", "is": ["group"]}]},
        {"id": "large", "models": ["strategic", "standard"], "when": [{"attribute": "arr", "from": 1e5}]},
    ],
    "parents": {"attribute": "parent", "by": "revenue", "revenue": "arr"},
}
SCORER = vm.SetScorer(SET)
STANDARD, STRATEGIC = vm.Scorer("value-realization"), vm.Scorer("perceived-value")


def table(rows: int, seed: int = 3) -> pl.DataFrame:
    """Made-up accounts of both models, some of them large, every seventh answer missing."""
    make = random.Random(seed)
    columns: dict[str, Any] = {
        "account": [f"account_{row}" for row in range(rows)],
        "arr": [make.choice([1e4, 5e4, 1e5, 3e5]) for _ in range(rows)],
        "segment": [make.choice(["small", "mid", None]) for _ in range(rows)],
        "parent": [make.choice(["alpha", "beta", ""]) for _ in range(rows)],
    }
    for name in dict.fromkeys([*STANDARD.columns, *STRATEGIC.columns]):
        columns[name] = [make.random() if make.random() > 0.15 else None for _ in range(rows)]
    for name in ("executive_confirmation", "reviewed_internally"):
        columns[name] = [make.choice(["2026-10-01", "2025-01-01", None]) for _ in range(rows)]
    columns["goals_documented"] = [make.choice([True, False, None]) for _ in range(rows)]
    return pl.DataFrame(columns)


def record(row: dict[str, Any]) -> dict[str, Any]:
    """A row as one account."""
    attributes = {name: row[name] for name in SCORER.attributes if row[name] is not None}
    _, models = SCORER.choose({"account": row["account"], "attributes": attributes})
    scorers = [{"standard": STANDARD, "strategic": STRATEGIC}[name] for name in models]
    answers = {name: row[name] for scorer in scorers for name in scorer.measures if row[name] is not None}
    return {"account": row["account"], "attributes": attributes, "answers": answers}


def bits(value: float | None) -> bytes | None:
    return None if value is None else struct.pack("<d", value)


def check(found: list[dict[str, Any]], frame: pl.DataFrame) -> None:
    """Every row of results is that of its account under its model."""
    rows = iter(found)
    for account in frame.to_dicts():
        try:
            wanted = SCORER.assess(record(account), AS_OF)
        except vm.ValueModelError as error:
            row = next(rows)
            assert (row["account"], row["code"]) == (account["account"], error.code)
            assert all(value is None for name, value in row.items() if name not in {"account", "code"})
            continue
        for one in wanted:
            row = next(rows)
            assert (row["account"], row["case"], row["model"]) == (account["account"], one.case, one.card)
            assert row["code"] is None
            assert (row["band"], row["outcome"]) == (one.assessment.band, one.assessment.outcome)
            for name in ("score", "lower", "upper", "coverage", "validated_share", "fresh_share"):
                assert bits(row[name]) == bits(getattr(one.assessment, name)), name
            groups = {group.id: group.score for group in one.assessment.groups[1:]}
            for name in groups:
                column = name if name in row else f"{name}_group"
                assert bits(row[column]) == bits(groups[name]), name
    assert next(rows, None) is None


def test_rows_have_the_bits_of_one_account_at_a_time() -> None:
    frame = table(300)
    found = SCORER.score_frame(frame, as_of=AS_OF)
    assert found.columns[:3] == ["account", "case", "model"] and found.columns[-1] == "code"
    assert len(found) > len(frame)
    check(found.to_dicts(), frame)
    large = SCORER.score_frame(pl.concat([frame] * 150).with_columns(account=pl.int_range(45_000).cast(pl.String)), as_of=AS_OF)
    assert large.drop("account")[: len(found)].equals(found.drop("account"))


def test_every_kind_comes_back_as_it_was() -> None:
    frame = table(60)
    wanted = SCORER.score_frame(frame, as_of=AS_OF)
    parents = SCORER.score_parents(frame, as_of=AS_OF)
    assert parents["account"].to_list() == ["alpha", "beta"]
    kinds: list[tuple[Any, Any]] = [
        (frame.lazy(), pl.LazyFrame),
        (frame.to_arrow(), pa.Table),
        (frame.to_arrow().combine_chunks().to_batches()[0], pa.RecordBatch),
        (frame.to_arrow().to_reader(max_chunksize=7), pa.RecordBatchReader),
        (frame.to_pandas(), pd.DataFrame),
        (duckdb.from_arrow(frame.to_arrow()), duckdb.DuckDBPyRelation),
    ]
    for given, kind in kinds:
        again = given if not isinstance(given, pa.RecordBatchReader) else frame.to_arrow().to_reader(max_chunksize=7)
        for found, expected in [
            (SCORER.score_frame(given, as_of=AS_OF), wanted),
            (SCORER.score_parents(again, as_of=AS_OF), parents),
        ]:
            assert isinstance(found, kind), kind
            if isinstance(found, pl.LazyFrame):
                found = found.collect()
            elif isinstance(found, duckdb.DuckDBPyRelation):
                found = pl.from_arrow(found.to_arrow_table())
            elif isinstance(found, pa.RecordBatchReader):
                found = pl.from_arrow(found.read_all())
            elif not isinstance(found, pl.DataFrame):
                found = pl.DataFrame(found) if not isinstance(found, pd.DataFrame) else pl.from_pandas(found)
            texts = pl.selectors.categorical() | pl.selectors.enum() | pl.selectors.string()
            found = found.with_columns(texts.cast(pl.String), pl.selectors.integer().cast(pl.Int64))
            expected = expected.with_columns(texts.cast(pl.String), pl.selectors.integer().cast(pl.Int64))
            assert found.fill_nan(None).equals(expected), kind


def test_refused_accounts_have_one_row_with_their_code() -> None:
    frame = table(4).with_columns(
        arr=pl.Series([1e5, -1.0, 5e4, 5e4]),
        segment=pl.Series(["mid", "mid", "group", "mid"]),
        full_usage=pl.Series([0.5, 0.5, 0.5, 7.0]),
    )
    found = SCORER.score_frame(frame, as_of=AS_OF, results=["score", "coverage"])
    assert found["account"].to_list() == ["account_0", "account_0", "account_1", "account_3"]
    assert found["model"].to_list() == ["strategic", "standard", None, None]
    assert found["code"].to_list() == [None, None, "out_of_range", "outside_scale"]
    with pytest.raises(vm.ValueModelError) as raised:
        SCORER.score_frame(frame, as_of=AS_OF, errors="raise")
    assert (raised.value.code, raised.value.field) == ("out_of_range", "[1].attributes.arr")
    twice = pl.concat([frame[:1], frame[:1]])
    assert SCORER.score_frame(twice, as_of=AS_OF)["code"].to_list() == [None, None, "duplicate"]


def test_parents_are_those_of_the_records() -> None:
    frame = table(80)
    found = SCORER.score_parents(frame, as_of=AS_OF).to_dicts()
    wanted = vm.score_set(set=SCORER.to_dict(), records=[record(row) for row in frame.to_dicts()], as_of=AS_OF).parents
    assert [row["account"] for row in found] == [parent.account for parent in wanted] == ["alpha", "beta"]
    for row, parent in zip(found, wanted, strict=True):
        for name in ("score", "lower", "upper", "coverage"):
            assert bits(row[name]) == bits(getattr(parent, name)), name
        assert (row["band"], row["outcome"], row["children"]) == (parent.band, parent.outcome, len(parent.children))
    circle = frame[:2].with_columns(
        segment=pl.lit("group"), parent=pl.Series(["account_1", "account_0"])
    )
    with pytest.raises(vm.ValueModelError, match="circle"):
        SCORER.score_parents(circle, as_of=AS_OF)
    without = vm.SetScorer({name: value for name, value in SET.items() if name != "parents"} | {"cases": SET["cases"][1:]})
    assert not without.has_parents and len(without.score_parents(frame, as_of=AS_OF)) == 0


def test_one_account() -> None:
    large = {"account": "acme", "attributes": {"arr": 2e5}, "answers": {"full_usage": 0.8}}
    scores = SCORER.score(large, AS_OF)
    assert list(scores) == ["strategic", "standard"]
    assert scores["standard"].coverage == STANDARD.score({**large}, AS_OF).coverage
    assert [(one.case, one.card) for one in SCORER.assess(large, AS_OF)] == [("large", "strategic"), ("large", "standard")]
    assert SCORER.assess({"account": "x", "attributes": {"segment": "group"}}, AS_OF) == []
    with pytest.raises(vm.ValueModelError) as raised:
        SCORER.score({"account": "acme", "attributes": {"arr": "lots"}}, AS_OF)
    assert (raised.value.code, raised.value.field) == ("invalid_input", "attributes.arr")


def test_documents(tmp_path: Path) -> None:
    for again in (vm.SetScorer(SCORER), pickle.loads(pickle.dumps(SCORER)), copy.deepcopy(SCORER), vm.SetScorer(SCORER.to_dict())):
        assert again.to_dict() == SCORER.to_dict()
    assert repr(SCORER) == "<SetScorer ours 3: standard, strategic>"
    assert SCORER.attributes == ["segment", "arr", "parent"]
    text = 'schema = "value-model-set/1"\nid = "a"\nversion = "1"\ndefault = ["own"]\nmodels.own = "own.toml"\n'
    path = tmp_path / "set.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FileNotFoundError):
        vm.SetScorer(path)
    (tmp_path / "own.toml").write_text(STANDARD.to_toml(), encoding="utf-8")
    assert vm.SetScorer(path).to_dict() == vm.SetScorer(str(path)).to_dict()
    with pytest.raises(vm.ValueModelError) as raised:
        vm.SetScorer(text)
    assert (raised.value.code, raised.value.field) == ("invalid_input", "models.own")
    with pytest.raises(vm.ValueModelError, match="Scorer"):
        vm.SetScorer(STANDARD.to_toml())
    with pytest.raises(vm.ValueModelError) as raised:
        vm.SetScorer({**SET, "default": ["standart"]})
    assert (raised.value.code, raised.value.field) == ("unknown_id", "default[0]")


def test_tables_that_do_not_fit() -> None:
    frame = table(12)
    for wrong, code in [
        (frame.drop("segment"), "unknown_id"),
        (frame.select("account", "arr", "segment", "parent"), "missing"),
        (frame.with_columns(segment=pl.Series([[row] for row in range(12)])), "invalid_input"),
    ]:
        with pytest.raises(vm.ValueModelError) as raised:
            SCORER.score_frame(wrong, as_of=AS_OF)
        assert raised.value.code == code
    with pytest.raises(vm.ValueModelError, match="did you mean `score`"):
        SCORER.score_frame(frame, as_of=AS_OF, results=["scores"])
    with pytest.warns(UserWarning, match="full_usage"):
        SCORER.score_frame(frame.rename({"full_usage": "ful_usage"}), as_of=AS_OF)


def test_attributes_of_many_types() -> None:
    document = {
        **{name: value for name, value in SET.items() if name != "parents"},
        "cases": [
            {"id": "flag", "models": ["strategic"], "when": [{"attribute": "x", "is": [True]}]},
            {"id": "seven", "models": ["strategic"], "when": [{"attribute": "x", "is": [7]}]},
            {"id": "day", "models": ["strategic"], "when": [{"attribute": "x", "is": ["2026-01-02"]}]},
            {"id": "none", "models": ["strategic"], "when": [{"attribute": "x", "missing": True}]},
        ],
    }
    scorer = vm.SetScorer(document)
    columns: list[tuple[pl.Series, list[str]]] = [
        (pl.Series([True, False, None]), ["flag", "default", "none"]),
        (pl.Series(["yes", "true", ""]), ["flag", "flag", "none"]),
        (pl.Series([7, 8, None]), ["seven", "default", "none"]),
        (pl.Series([7.0, float("nan"), None]), ["seven", "none", "none"]),
        (pl.Series(["7", "007.0", "8"], dtype=pl.Categorical), ["seven", "seven", "default"]),
        (pl.Series(["2026-01-02", "2026-01-03", None]).str.to_date(), ["day", "default", "none"]),
        (pl.Series(["2026-01-02", "2026-01-03", None]).str.to_datetime(), ["day", "default", "none"]),
    ]
    for column, cases in columns:
        found = scorer.score_frame(pl.DataFrame({"x": column, "full_usage": [0.5] * 3}), as_of=AS_OF)
        assert found["case"].to_list() == cases, column
        assert found.columns[0] == "case"


def test_kept_columns_go_along() -> None:
    frame = table(20).with_columns(
        tags=pl.Series([[str(row)] for row in range(20)]), day=pl.Series([row for row in range(20)]).cast(pl.Datetime("us", "UTC"))
    )
    found = SCORER.score_frame(frame, as_of=AS_OF, keep=["account", "tags", "day", "arr"], results=["score"])
    wanted = found.select("account").join(frame.select("account", "tags", "day", "arr"), on="account", how="left")
    assert found.select("account", "tags", "day", "arr").equals(wanted)
