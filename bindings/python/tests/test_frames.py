"""Data frames: the same kind back, the same order, the bits of one account at a time."""

from __future__ import annotations

import random
import struct
import warnings
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import value_model as vm
from conftest import AS_OF
from hypothesis import given, settings
from hypothesis import strategies as st

PRESET = "value-realization"
SCORER = vm.Scorer(PRESET)
NUMBERS = ["full_usage", "metrics_documented", "metrics_progressing", "experience", "financial", "learning"]


def table(rows: int, seed: int = 7) -> pl.DataFrame:
    """Answers of made-up accounts, every seventh missing."""
    make = random.Random(seed)
    columns: dict[str, Any] = {"account": [f"account_{row}" for row in range(rows)]}
    for name in NUMBERS:
        columns[name] = [make.random() if make.random() > 0.15 else None for _ in range(rows)]
    columns["goals_documented"] = [make.choice([True, False, None]) for _ in range(rows)]
    columns["executive_confirmation"] = [make.choice(["2026-10-01", "2025-01-01", None]) for _ in range(rows)]
    columns["segment"] = [make.choice(["small", "large"]) for _ in range(rows)]
    schema = {"goals_documented": pl.Boolean, "executive_confirmation": pl.String}
    return pl.DataFrame(columns, schema_overrides=schema)


def bits(value: float | None) -> bytes | None:
    return None if value is None else struct.pack("<d", value)


def one_by_one(frame: pl.DataFrame, scorer: vm.Scorer = SCORER) -> list[dict[str, Any]]:
    """What one account at a time gives."""
    rows = []
    for row in frame.to_dicts():
        answers = {name: row[name] for name in scorer.measures if name in row}
        try:
            found = scorer.assess({"account": row["account"], "answers": answers}, AS_OF)
        except vm.ValueModelError as error:
            rows.append({"code": error.code})
            continue
        groups = {group.id: group for group in found.groups}
        rows.append(
            {
                "account": row["account"], "score": found.score, "band": found.band, "coverage": found.coverage,
                "lower": found.lower, "upper": found.upper, "lower_band": found.lower_band,
                "validated_share": found.validated_share, "fresh_share": found.fresh_share, "outcome": found.outcome,
                "value": groups["value"].score, "costs": groups["costs"].score,
                "costs_cost": groups["costs"].cost_score, "code": None,
            }
        )  # fmt: skip
    return rows


def agree(found: list[dict[str, Any]], wanted: list[dict[str, Any]]) -> None:
    assert len(found) == len(wanted)
    for a, b in zip(found, wanted, strict=True):
        if set(b) == {"code"}:
            assert a["code"] == b["code"] and all(a[name] is None for name in a if name not in {"code", "account"})
            continue
        for name, value in b.items():
            if isinstance(value, float):
                assert bits(a[name]) == bits(value), (name, a[name], value)
            else:
                assert a[name] == value, (name, a[name], value)


def test_every_kind_comes_back_as_it_was() -> None:
    frame = table(200)
    wanted = one_by_one(frame)
    arrow = frame.to_arrow()
    found = SCORER.score_frame(frame, as_of=AS_OF)
    assert type(found) is pl.DataFrame
    agree(found.to_dicts(), wanted)
    lazy = SCORER.score_frame(frame.lazy(), as_of=AS_OF)
    assert type(lazy) is pl.LazyFrame and lazy.collect_schema() == found.schema
    agree(lazy.collect().to_dicts(), wanted)
    agree(lazy.collect(engine="streaming").to_dicts(), wanted)
    pandas = SCORER.score_frame(frame.to_pandas(), as_of=AS_OF)
    assert type(pandas) is pd.DataFrame
    agree(pl.from_pandas(pandas).to_dicts(), wanted)
    for whole in (SCORER.score_frame(arrow, as_of=AS_OF), SCORER.score_frame(arrow.to_batches()[0], as_of=AS_OF)):
        assert type(whole) in {pa.Table, pa.RecordBatch}
        agree(whole.to_pylist(), wanted)
    reader = SCORER.score_frame(pa.RecordBatchReader.from_batches(arrow.schema, arrow.to_batches(17)), as_of=AS_OF)
    assert type(reader) is pa.RecordBatchReader
    agree(reader.read_all().to_pylist(), wanted)
    con = duckdb.connect()
    con.register("answers", arrow)
    relation = SCORER.score_frame(con.table("answers"), as_of=AS_OF)
    assert type(relation) is duckdb.DuckDBPyRelation
    agree(relation.to_arrow_table().to_pylist() if hasattr(relation, "to_arrow_table") else relation.arrow().to_pylist(), wanted)
    # A relation of the same connection: it joins with the others.
    con.register("segments", frame.select("account", "segment").to_arrow())
    joined = relation.join(con.table("segments"), "account")
    assert len(joined.fetchall()) == 200


def test_a_table_of_arrow_on_request() -> None:
    frame = table(30)
    wanted = one_by_one(frame)
    for given in (frame, frame.lazy(), frame.to_pandas(), frame.to_arrow()):
        found = SCORER.score_arrow(given, as_of=AS_OF)
        assert type(found) is vm.Table and len(found) == 30 and found.column_names[0] == "account"
        agree(pa.table(found).to_pylist(), wanted)
        agree(pl.DataFrame(found).to_dicts(), wanted)

    class Other:
        def __arrow_c_stream__(self, requested_schema: object = None) -> object:
            return frame.__arrow_c_stream__(requested_schema)

    assert type(SCORER.score_frame(Other(), as_of=AS_OF)) is vm.Table
    with pytest.raises(vm.ValueModelError, match="PyCapsule"):
        SCORER.score_frame({"account": ["a"]}, as_of=AS_OF)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "account": st.sampled_from(["a", "b"]),
                "full_usage": st.one_of(st.none(), st.floats(-0.5, 1.5), st.sampled_from([0.0, 1.0, float("inf")])),
                "metrics_documented": st.one_of(st.none(), st.floats(0, 1)),
                "experience": st.one_of(st.none(), st.floats(0, 1)),
                "financial": st.one_of(st.none(), st.floats(0, 1)),
                "goals_documented": st.one_of(st.none(), st.sampled_from(["yes", "no", "maybe", "true"])),
                "executive_confirmation": st.one_of(st.none(), st.sampled_from(["2026-10-01", "2026-11-02", "soon"])),
            }
        ),
        min_size=1, max_size=12,
    )  # fmt: skip
)
def test_rows_are_what_one_account_gives(rows: list[dict[str, Any]]) -> None:
    schema = {
        "account": pl.String, "full_usage": pl.Float64, "metrics_documented": pl.Float64, "experience": pl.Float64,
        "financial": pl.Float64, "goals_documented": pl.String, "executive_confirmation": pl.String,
    }  # fmt: skip
    frame = pl.DataFrame(rows, schema=schema)
    for found, row in zip(SCORER.score_frame(frame, as_of=AS_OF).to_dicts(), frame.to_dicts(), strict=True):
        alone = [one_by_one(frame[:1].clear().vstack(pl.DataFrame([{**dict.fromkeys(row), "account": "a", name: row[name]}], schema=schema)))[0] for name in row]
        wrong = {one["code"] for one in alone} - {None}
        if len(wrong) > 1:
            # Several wrong cells: columns are read in the order of the model, answers in that of their names.
            assert found["code"] in wrong
        else:
            agree([found], one_by_one(pl.DataFrame([row], schema=schema)))


def test_chunks_slices_and_views_change_nothing() -> None:
    frame = table(500)
    wanted = one_by_one(frame)
    arrow = frame.to_arrow()
    chunked = pa.concat_tables([arrow.slice(0, 1), arrow.slice(1, 0), arrow.slice(1, 300), arrow.slice(301)])
    agree(SCORER.score_frame(chunked, as_of=AS_OF).to_pylist(), wanted)
    agree(SCORER.score_frame(arrow.slice(37, 101), as_of=AS_OF).to_pylist(), wanted[37:138])
    agree(SCORER.score_frame(frame[37:138], as_of=AS_OF).to_dicts(), wanted[37:138])
    agree(SCORER.score_frame(frame[::3], as_of=AS_OF).to_dicts(), wanted[::3])
    parts = pl.concat([frame[:7], frame[7:400], frame[400:]], rechunk=False)
    agree(SCORER.score_frame(parts, as_of=AS_OF).to_dicts(), wanted)


def test_more_rows_than_one_thread_takes_at_a_time() -> None:
    frame = pl.concat([table(1000)] * 200)
    found = SCORER.score_frame(frame, as_of=AS_OF)
    again = SCORER.score_frame(frame.rechunk(), as_of=AS_OF)
    assert len(found) == 200_000 and found.equals(again)
    agree(found[-1000:].to_dicts(), one_by_one(frame[-1000:]))


def test_columns_may_be_of_any_type_that_holds_answers() -> None:
    values = [0.0, 1.0, None, 1.0]
    halves = [0.5, 0.25, None, 1.0]
    wanted = None
    from decimal import Decimal

    for kind, given_values in [
        (pa.float64(), halves), (pa.float32(), halves), (pa.float16(), [None if h is None else np.float16(h) for h in halves]),
        (pa.decimal128(5, 2), [None if h is None else Decimal(str(h)) for h in halves]),
        (pa.string(), [None if h is None else str(h) for h in halves]),
        (pa.large_string(), [None if h is None else str(h) for h in halves]),
        (pa.string_view(), [None if h is None else str(h) for h in halves]),
    ]:  # fmt: skip
        found = SCORER.score_frame(pa.table({"full_usage": pa.array(given_values, kind)}), as_of=AS_OF).to_pylist()
        wanted = wanted or found
        assert found == wanted, kind
    encoded = pa.table({"full_usage": pa.array(halves).dictionary_encode()})
    assert SCORER.score_frame(encoded, as_of=AS_OF).to_pylist() == wanted
    wanted = None
    for kind in (pa.int8(), pa.int16(), pa.int32(), pa.int64(), pa.uint8(), pa.uint16(), pa.uint32(), pa.uint64(), pa.float64()):
        whole = [None if value is None else kind.to_pandas_dtype()(value) for value in values]
        found = SCORER.score_frame(pa.table({"full_usage": pa.array(whole, kind)}), as_of=AS_OF).to_pylist()
        wanted = wanted or found
        assert found == wanted, kind
    yes = SCORER.score_frame(pa.table({"goals_documented": [True, False, None]}), as_of=AS_OF).to_pylist()
    words = ["yes", "no", None]
    for column in (
        pa.array(words), pa.array(words).dictionary_encode(),
        pl.Series(words, dtype=pl.Categorical).to_arrow(), pl.Series(words, dtype=pl.Enum(["no", "yes"])).to_arrow(),
    ):  # fmt: skip
        assert SCORER.score_frame(pa.table({"goals_documented": column}), as_of=AS_OF).to_pylist() == yes
    categories = pd.DataFrame({"goals_documented": pd.Categorical(words)})
    assert pa.table(SCORER.score_arrow(categories, as_of=AS_OF)).to_pylist() == yes
    nothing = SCORER.score_frame(pa.table({"full_usage": pa.nulls(2), "experience": [0.1, 0.2]}), as_of=AS_OF)
    assert nothing["code"].null_count == 2


def test_days_are_dates_or_moments_at_midnight() -> None:
    days = ["2026-10-01", "2025-01-01", None]
    name = "executive_confirmation"
    wanted = SCORER.score_frame(pl.DataFrame({name: days}), as_of=AS_OF)
    dates = pl.Series(days).str.to_date()
    for column in (dates, dates.cast(pl.Datetime("ms")), dates.cast(pl.Datetime("us")), dates.cast(pl.Datetime("ns"))):
        assert SCORER.score_frame(pl.DataFrame({name: column}), as_of=AS_OF).equals(wanted)
    pandas = pd.DataFrame({name: pd.to_datetime(pd.Series(days))})
    assert pl.DataFrame(SCORER.score_arrow(pandas, as_of=AS_OF)).equals(wanted)
    noon = pl.DataFrame({name: ["2026-10-01T12:00:00", "2026-10-01T00:00:00"]}).with_columns(pl.col(name).str.to_datetime())
    assert SCORER.score_frame(noon, as_of=AS_OF)["code"].to_list() == ["invalid_date", None]
    with pytest.raises(vm.ValueModelError, match=r"time zone Europe/Berlin") as caught:
        SCORER.score_frame(noon.with_columns(pl.col(name).dt.replace_time_zone("Europe/Berlin")), as_of=AS_OF)
    assert (caught.value.code, caught.value.field) == ("invalid_input", name)


def test_nan_is_no_answer_unless_it_is_a_mistake() -> None:
    frame = pl.DataFrame({"full_usage": [0.5, float("nan"), float("inf")], "experience": [0.5, 0.5, 0.5]})
    nulls = frame.with_columns(pl.col("full_usage").fill_nan(None))
    found = SCORER.score_frame(frame, as_of=AS_OF)
    assert found.equals(SCORER.score_frame(nulls, as_of=AS_OF))
    assert found["code"].to_list() == [None, None, "not_finite"]
    assert found["coverage"][1] < found["coverage"][0]
    assert SCORER.score_frame(frame, as_of=AS_OF, nan="refused")["code"].to_list() == [None, "not_finite", "not_finite"]
    single = frame.with_columns(pl.col("full_usage").cast(pl.Float32))
    assert SCORER.score_frame(single, as_of=AS_OF)["code"].to_list() == [None, None, "not_finite"]
    # pandas itself says NaN for what is missing.
    pandas = SCORER.score_frame(frame.to_pandas(), as_of=AS_OF, nan="refused")
    assert pl.Series(pandas["code"]).to_list() == [None, None, "not_finite"]


def test_wrong_cells_give_codes_or_the_first_is_raised() -> None:
    frame = pl.DataFrame({"account": ["a", "b", "c"], "full_usage": ["0.5", "a lot", "7"]})
    found = SCORER.score_frame(frame, as_of=AS_OF)
    assert found["code"].to_list() == [None, "outside_scale", "outside_scale"]
    assert found["account"].to_list() == ["a", "b", "c"] and found["lower"][1] is None
    for kind in (frame, frame.to_arrow(), frame.to_pandas(), frame.lazy()):
        with pytest.raises(vm.ValueModelError, match="a lot") as caught:
            SCORER.score_arrow(kind, as_of=AS_OF, errors="raise")
        assert (caught.value.code, caught.value.field) == ("outside_scale", "[1].full_usage")
    mixed = pd.DataFrame({"full_usage": [0.5, "a lot", None, True], "other": [object()] * 4})
    found = SCORER.score_frame(mixed, as_of=AS_OF)
    assert pl.Series(found["code"]).to_list() == [None, "outside_scale", None, "outside_scale"]


def test_whole_numbers_beyond_what_a_float_holds_become_the_nearest() -> None:
    card = {
        "schema": "value-model/1", "id": "big", "version": "1", "title": "Big",
        "tree": {"id": "root", "children": [{"id": "x", "scale": {"linear_bounded": {"worst": 0, "best": 2.0**62}}}]},
    }  # fmt: skip
    frame = pa.table({"x": pa.array([2**53 + 1, 2**60 + 1, -(2**63)], pa.int64())})
    found = vm.Scorer(card).score_frame(frame, as_of=AS_OF).to_pylist()
    same = vm.Scorer(card).score_frame(pa.table({"x": [float(2**53), float(2**60), -float(2**63)]}), as_of=AS_OF)
    assert found == same.to_pylist()


def test_columns_that_do_not_exist_get_a_suggestion() -> None:
    frame = pl.DataFrame({"account": ["a"], "ful_usage": [0.5], "experience": [0.5]})
    with pytest.warns(UserWarning, match="did you mean the column `ful_usage`"):
        found = SCORER.score_frame(frame, as_of=AS_OF)
    mapped = SCORER.score_frame(frame, as_of=AS_OF, columns={"full_usage": "ful_usage"})
    assert mapped["coverage"][0] > found["coverage"][0]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        SCORER.score_frame(frame.rename({"ful_usage": "something"}), as_of=AS_OF)
    for options, field in [
        ({"columns": {"full_usage": "ful_usag"}}, "columns"), ({"columns": {"ful_usage": "ful_usage"}}, "measures"),
        ({"results": ["scor"]}, "results"), ({"keep": ["acount"]}, "keep"), ({"on": "experienc"}, "columns"),
    ]:  # fmt: skip
        given_frame = frame if "columns" in options else frame.drop("ful_usage")
        with pytest.raises(vm.ValueModelError, match="did you mean") as caught:
            SCORER.score_frame(given_frame, as_of=AS_OF, **options)  # type: ignore[call-overload]
        assert (caught.value.code, caught.value.field) == ("unknown_id", field)
    with pytest.raises(vm.ValueModelError) as caught:
        SCORER.score_frame(pl.DataFrame({"x": [1]}), as_of=AS_OF)
    assert caught.value.code == "missing"


def test_a_column_that_stands_twice_is_refused() -> None:
    arrow = pa.Table.from_arrays([pa.array([0.1]), pa.array([0.2]), pa.array([0.3])], ["full_usage", "full_usage", "experience"])
    pandas = pd.DataFrame([[0.1, 0.2, 0.3]], columns=["full_usage", "full_usage", "experience"])
    for frame in (arrow, pandas):
        with pytest.raises(vm.ValueModelError) as caught:
            SCORER.score_frame(frame, as_of=AS_OF)
        assert caught.value.code == "duplicate"
    # Twice, but not read: of no matter.
    frame = pa.Table.from_arrays([pa.array([1]), pa.array([2]), pa.array([0.3])], ["x", "x", "experience"])
    assert SCORER.score_frame(frame, as_of=AS_OF).num_rows == 1


def test_frames_without_rows_keep_their_columns() -> None:
    frame = table(3)
    whole = SCORER.score_frame(frame, as_of=AS_OF)
    assert SCORER.score_frame(frame.clear(), as_of=AS_OF).schema == whole.schema
    arrow = frame.to_arrow()
    for empty in (arrow.slice(0, 0), arrow.schema.empty_table(), arrow.slice(0, 0).to_batches()[:1] or arrow.to_batches()[0].slice(0, 0)):
        if isinstance(empty, list):
            empty = empty[0]
        found = SCORER.score_frame(empty, as_of=AS_OF)
        assert found.num_rows == 0 and found.schema.names == whole.columns and type(found) is type(empty)
    pandas = SCORER.score_frame(frame.to_pandas().iloc[:0], as_of=AS_OF)
    assert len(pandas) == 0 and list(pandas.columns) == whole.columns
    long = pl.DataFrame(schema={"account": pl.String, "measure": pl.String, "value": pl.Float64})
    assert len(SCORER.score_frame(long, as_of=AS_OF, layout="long")) == 0


def test_pandas_keeps_its_index() -> None:
    frame = table(4).to_pandas().set_index("account")
    found = SCORER.score_frame(frame, as_of=AS_OF)
    assert list(found.index) == list(frame.index) and found.index.name == "account"
    assert isinstance(found["band"].dtype, pd.CategoricalDtype)


def test_asked_for_columns_and_nothing_else() -> None:
    frame = table(20)
    asked = ["score", "raw", "costs_cost", "full_usage_points", "experience_headroom"]
    found = SCORER.score_frame(frame, as_of=AS_OF, results=asked, keep=["segment", "account"])
    assert found.columns == ["segment", "account", *asked, "code"]
    more = SCORER.score_frame(frame, as_of=AS_OF, contributions=True, headroom=True)
    assert len(more.columns) == 14 + 24
    row = more.filter(pl.col("score").is_not_null()).to_dicts()[0]
    assert abs(sum(row[f"{measure}_points"] or 0 for measure in SCORER.measures) - row["score"]) < 1e-9


@pytest.mark.parametrize("lazy", [False, True])
def test_a_column_without_any_text_is_one_of_texts_in_polars(lazy: bool) -> None:
    good = table(20).with_columns(note=pl.lit(None, pl.String))
    bad = good.with_columns(full_usage=pl.when(pl.col("account") == "account_3").then(7.0).otherwise("full_usage"))
    for frame, wrong in [(good, []), (bad, [(3, "outside_scale")]), (good.clear(), [])]:
        given = frame.lazy() if lazy else frame
        found = SCORER.score_frame(given, as_of=AS_OF, results=["score"], keep=["note", "account"]).lazy().collect()
        assert found.schema == {"note": pl.String, "account": pl.String, "score": pl.Float64, "code": pl.String}
        assert [(row, code) for row, code in enumerate(found["code"]) if code] == wrong
        assert found["note"].null_count() == len(frame) and found["account"].equals(frame["account"])


FLAGGED = vm.Scorer(
    {
        "schema": "value-model/1", "id": "flagged", "version": "1", "title": "Flagged",
        "tree": {
            "id": "health", "title": "Health",
            "children": [
                {"id": "seats", "title": "Seats", "scale": {"progress": {"baseline": 10, "target": 50}}, "recency": {"window": {"days": 90}}},
                {"id": "csat", "title": "CSAT", "scale": "score"},
            ],
        },
        "rules": [{"id": "unhappy", "title": "", "when": {"below": {"measure": "csat", "unit": 0.3}}, "then": {"cap": 0.4}}],
    }
)


def test_flags_and_fired_rules_are_columns_of_booleans() -> None:
    seats = [5.0, 9.0, 30.0, None, 11.0]
    csat = [90.0, 20.0, 29.0, 31.0, 700.0]
    frame = pl.DataFrame({"account": list("abcde"), "seats": seats, "csat": csat})
    found = FLAGGED.score_frame(frame, as_of=AS_OF, flags=True)
    names = ["seats_undated", "seats_regressed", "unhappy_fired"]
    assert [name for name, kind in found.schema.items() if kind == pl.Boolean] == names
    for row, account, seat, happy in zip(found.to_dicts(), "abcde", seats, csat, strict=True):
        if row["code"] is not None:
            assert account == "e" and [row[name] for name in names] == [None] * 3
            continue
        answers = {name: value for name, value in {"seats": seat, "csat": happy}.items() if value is not None}
        one = FLAGGED.assess({"account": account, "answers": answers}, AS_OF)
        flags = {measure.id: measure.flags for measure in one.measures}["seats"]
        fired = [rule.id for rule in one.rules]
        assert [row[name] for name in names] == ["undated" in flags, "regressed" in flags, "unhappy" in fired], row
    # What people do with them.
    assert found.filter(pl.col("seats_regressed"))["account"].to_list() == ["a", "b"]
    assert found.filter(pl.col("unhappy_fired"))["account"].to_list() == ["b", "c"]
    dated = FLAGGED.score_frame(frame, as_of=AS_OF, results=["seats_undated"], default_on=AS_OF)
    assert dated["seats_undated"].to_list() == [False] * 4 + [None]
    long = frame.unpivot(index="account", variable_name="measure", value_name="value").drop_nulls()
    turned = FLAGGED.score_frame(long, as_of=AS_OF, layout="long", flags=True).sort("account")
    assert turned.select(names).equals(found.select(names))
    pandas = FLAGGED.score_frame(frame.to_pandas(), as_of=AS_OF, flags=True)
    assert pandas["unhappy_fired"].tolist()[:4] == [False, True, True, False]


def test_the_long_layout_is_the_wide_one_turned() -> None:
    frame = table(300).select("account", *NUMBERS)
    long = frame.unpivot(index="account", variable_name="measure", value_name="value").drop_nulls()
    wide = {row["account"]: row for row in SCORER.score_frame(frame, as_of=AS_OF).to_dicts()}
    for order, given in [("any", long), ("any", long.sample(fraction=1, shuffle=True, seed=1)), ("sorted", long.sort("account")), ("grouped", long.sort("account", descending=True))]:
        found = SCORER.score_frame(given, as_of=AS_OF, layout="long", order=order)  # type: ignore[call-overload]
        assert found["account"].to_list() == given["account"].unique(maintain_order=True).to_list()
        for row in found.to_dicts():
            agree([row], [wide[row["account"]]])
    with pytest.raises(vm.ValueModelError):
        SCORER.score_frame(long.sort("account", descending=True), as_of=AS_OF, layout="long", order="sorted")
    pandas = SCORER.score_frame(long.to_pandas(), as_of=AS_OF, layout="long")
    assert type(pandas) is pd.DataFrame and len(pandas) == long["account"].n_unique()
    lazy = SCORER.score_frame(long.lazy(), as_of=AS_OF, layout="long").collect()
    assert lazy.equals(SCORER.score_frame(long, as_of=AS_OF, layout="long"))


def test_a_long_table_has_sources_personas_and_days() -> None:
    long = pl.DataFrame(
        {
            "customer": ["a", "a", "b"],
            "question": ["full_usage", "full_usage", "ful_usage"],
            "answer": [0.2, 0.8, 0.5],
            "source": ["measured", "vendor_asserted", None],
            "persona": ["executive", "user", None],
            "on": pl.Series(["2026-10-01", "2026-10-02", None]).str.to_date(),
        }
    )
    names = {"account": "customer", "measure": "question", "value": "answer"}
    found = SCORER.score_frame(long, as_of=AS_OF, layout="long", columns=names, results=["coverage", "validated_share"])
    answers = [
        {"value": 0.2, "source": "measured", "persona": "executive", "on": "2026-10-01"},
        {"value": 0.8, "source": "vendor_asserted", "persona": "user", "on": "2026-10-02"},
    ]
    wanted = SCORER.assess({"account": "a", "answers": {"full_usage": answers}}, AS_OF)
    row = found.to_dicts()[0]
    assert bits(row["coverage"]) == bits(wanted.coverage) and bits(row["validated_share"]) == bits(wanted.validated_share)
    assert found["code"].to_list() == [None, "unknown_id"]
    with pytest.raises(vm.ValueModelError, match="did you mean `full_usage`"):
        SCORER.score_frame(long, as_of=AS_OF, layout="long", columns=names, errors="raise")
    with pytest.raises(vm.ValueModelError, match="did you mean `measure`"):
        SCORER.score_frame(long, as_of=AS_OF, layout="long", columns={"mesure": "question"})
    with pytest.raises(vm.ValueModelError) as caught:
        SCORER.score_frame(long, as_of=AS_OF, layout="long")
    assert caught.value.code == "unknown_id"


def test_a_day_and_a_source_for_all_rows() -> None:
    frame = pl.DataFrame({"full_usage": [0.5, 0.5], "asked": pl.Series(["2026-10-01", None]).str.to_date()})
    found = SCORER.score_frame(frame, as_of=AS_OF, on="asked", default_source="measured", default_on="2026-10-15")
    record = {"account": "a", "answers": {"full_usage": 0.5}, "default_source": "measured", "default_on": "2026-10-01"}
    assert bits(found["fresh_share"][0]) == bits(SCORER.assess(record, AS_OF).fresh_share)  # type: ignore[arg-type]
    with pytest.raises(vm.ValueModelError) as caught:
        SCORER.score_frame(frame, as_of=AS_OF, default_source="measurd")  # type: ignore[call-overload]
    assert caught.value.field == "default_source"
