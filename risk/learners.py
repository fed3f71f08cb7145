"""Learners: scikit-learn pipelines that turn features into chances, and their calibration on children unseen."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import expit, logit
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from risk.spec import Learner
from risk.threads import one_thread

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
_EDGE = 1e-4


def design(
    table: pd.DataFrame, places: pd.DataFrame, features: list[str], place_features: list[str]
) -> pd.DataFrame:
    """Return what a learner sees of each child: its features, and those of its area."""
    of_place = places[place_features].astype(float).reindex(table["area"]).set_index(table.index)
    return pd.concat([table[features].astype(float), of_place.add_prefix("place_")], axis=1)


def pipeline(learner: Learner, seed: int) -> Pipeline:
    """Return an unfitted pipeline.

    Missing values stay missing for boosting; logistic regression gets the median and a column that says so.
    """
    if learner == "boosting":
        return make_pipeline(
            ColumnTransformer(
                [("known", "passthrough", known_of_some)]
            ),  # boosting fails where all is missing
            HistGradientBoostingClassifier(
                learning_rate=0.07,
                max_iter=80,
                max_leaf_nodes=8,
                min_samples_leaf=40,
                l2_regularization=5.0,
                early_stopping=False,
                random_state=seed,
            ),
        )
    return make_pipeline(
        SimpleImputer(strategy="median", add_indicator=True, keep_empty_features=True),
        StandardScaler(),
        LogisticRegression(C=0.1, solver="newton-cholesky", max_iter=100),
    )


def known_of_some(seen: pd.DataFrame) -> list[str]:
    """Return the columns that hold a value for at least one child."""
    return [str(name) for name in seen.columns[seen.notna().any()]]


def fit_pipeline(
    learner: Learner, seen: pd.DataFrame, outcome: Floats, weights: Floats | None, seed: int
) -> Pipeline:
    """Return a fitted pipeline, weights counting rows (all 1 when None). One thread: faster on data of this size."""
    made = pipeline(learner, seed)
    options = {} if weights is None else {f"{made.steps[-1][0]}__sample_weight": weights}
    with one_thread():
        made.fit(seen, outcome, **options)
    return made


def log_odds(fitted: Pipeline, seen: pd.DataFrame) -> Floats:
    """Return the log odds of each child, kept within what a probability can carry."""
    with one_thread():
        chance = fitted.predict_proba(seen)[:, 1]
    return np.asarray(logit(np.clip(chance, _EDGE, 1 - _EDGE)), dtype=float)


def unseen_log_odds(
    learner: Learner, seen: pd.DataFrame, outcome: Floats, blocks: npt.NDArray[Any], *, folds: int, seed: int
) -> Floats:
    """Return each child's log odds by a learner that saw no child of its block."""
    found = np.full(len(seen), np.nan)
    count = min(folds, len(np.unique(blocks)))
    for train, test in GroupKFold(count, shuffle=True, random_state=seed).split(seen, groups=blocks):
        fitted = fit_pipeline(learner, seen.iloc[train], outcome[train], None, seed)
        found[test] = log_odds(fitted, seen.iloc[test])
    return found


def calibrate(unseen: Floats, outcome: Floats, weights: Floats | None = None) -> tuple[float, float]:
    """Return intercept and slope that turn a learner's log odds into calibrated ones (Platt scaling).

    Fitted on children whom the learner had not seen. A negative slope would turn the learner round; it is held at 0,
    which says that the learner knows nothing.
    """
    with one_thread():
        fitted = LogisticRegression(C=np.inf, solver="newton-cholesky").fit(
            unseen[:, None], outcome, sample_weight=weights
        )
    slope = float(fitted.coef_[0, 0])
    if slope > 0:
        return float(fitted.intercept_[0]), slope
    return float(logit(np.average(outcome, weights=weights))), 0.0


def calibrated(raw: Floats, line: tuple[float, float]) -> Floats:
    """Return calibrated log odds."""
    return np.asarray(line[0] + line[1] * raw, dtype=float)


def chances(odds: Floats) -> Floats:
    """Return probabilities of log odds."""
    return np.asarray(expit(odds), dtype=float)
