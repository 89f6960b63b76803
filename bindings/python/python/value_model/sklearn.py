"""A scorecard as a step of a scikit-learn pipeline: ``pip install 'value-model[sklearn]'``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted, validate_data

from value_model._scorer import Scorer

__all__ = ["Scorecard"]


class Scorecard(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Turn answers into scores.

    A frame is read by the names of its columns; an array has one column per measure, in the order of the model, and may
    leave out the last ones. Nothing is learnt: ``fit`` reads the model and the names of columns.

    An account that has too few answers has no score, which is NaN here, as scikit-learn says it.

    Parameters:
        model: Whatever :class:`value_model.Scorer` takes.
        as_of: The date of scoring.
        results: The columns to give, by name.
        columns: Which column holds which measure, where it is not the one of that name.
        errors: ``"raise"`` refuses a table with a wrong answer; ``"code"`` gives NaN for its row.

    Examples:
        >>> from sklearn.linear_model import LogisticRegression
        >>> from sklearn.pipeline import make_pipeline
        >>> churn = make_pipeline(Scorecard("value-realization", as_of="2026-11-01"), LogisticRegression())
    """

    def __init__(
        self,
        model: object = "value-realization",
        *,
        as_of: Any = None,
        results: Sequence[str] = ("score",),
        columns: dict[str, str] | None = None,
        errors: str = "raise",
    ) -> None:
        self.model = model
        self.as_of = as_of
        self.results = results
        self.columns = columns
        self.errors = errors

    def fit(self, X: Any, y: object = None) -> Scorecard:
        """Read the model, and which columns there are."""
        scorer = Scorer(self.model)
        if not _is_frame(X):
            X = _numbers(self, X, reset=True)
            _names(scorer, X.shape[1])
        else:
            validate_data(self, X, reset=True, skip_check_array=True)
        self.scorer_ = scorer
        return self

    def transform(self, X: Any) -> Any:
        """The columns of results, one row per account, in the same order."""
        check_is_fitted(self)
        if _is_frame(X):
            validate_data(self, X, reset=False, skip_check_array=True)
            frame = X
        else:
            X = _numbers(self, X, reset=False)
            import pyarrow

            names = _names(self.scorer_, X.shape[1])
            frame = pyarrow.table({name: np.ascontiguousarray(X[:, place]) for place, name in enumerate(names)})
        options: dict[str, Any] = {"results": list(self.results), "keep": [], "errors": self.errors}
        if self.columns:
            options["columns"] = self.columns
        import pyarrow

        table = pyarrow.table(self.scorer_.score_arrow(frame, as_of=self.as_of, **options))
        # A band has no number: asked for, it is refused by numpy and not given one here.
        return np.column_stack([table[name].to_numpy().astype(np.float64) for name in self.results])

    def get_feature_names_out(self, input_features: object = None) -> Any:
        """The names of the columns that come out."""
        check_is_fitted(self)
        return np.asarray(list(self.results), dtype=object)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.requires_fit = True
        return tags


def _is_frame(X: object) -> bool:
    return hasattr(X, "__arrow_c_stream__") or hasattr(X, "iloc")


def _numbers(estimator: Scorecard, X: Any, reset: bool) -> Any:
    return validate_data(estimator, X, reset=reset, dtype=np.float64, ensure_all_finite="allow-nan")


def _names(scorer: Scorer, count: int) -> list[str]:
    """The columns of an array: measures in the order of the model."""
    names = scorer.columns
    if count > len(names):
        raise ValueError(f"X has {count} features, but the model has {len(names)} measures")
    return names[:count]
