"""scikit-learn, the library in which most people compute an AUC; it gives no interval."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.metrics import roc_auc_score

from peers import Contestant


def ranking(case: Any) -> Contestant:
    """AUC of the case's columns."""
    scores, outcomes = case.scores, case.outcomes
    out = np.zeros(1)

    def run() -> None:
        out[0] = roc_auc_score(outcomes, scores)

    return Contestant(run, lambda: {"auc": out})
