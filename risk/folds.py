"""Folds: how children are kept from a model that is to be judged on them, in time and in space."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.model_selection import GroupKFold

from risk.area_effects import block_of
from risk.errors import RiskError
from risk.feature_table import known
from risk.model import fit_all
from risk.spec import ModelSpec

Floats = npt.NDArray[np.float64]
Split = tuple[pd.DataFrame, pd.DataFrame]


@dataclass(frozen=True)
class Trial:
    """Children with their outcome, and what each predictor said of them without having seen it.

    `rows` has person, cohort, area, outcome and the groups; `chances` an array a predictor, in the order of the rows.
    """

    design: str
    rows: pd.DataFrame
    chances: dict[str, Floats]


def forward(table: pd.DataFrame, spec: ModelSpec) -> Iterator[Split]:
    """Yield each of the latest cohorts with an outcome, after all cohorts before it."""
    past = known(table)
    cohorts = np.sort(past["cohort"].unique())
    for cohort in cohorts[max(1, len(cohorts) - spec.forward_cohorts) :]:
        yield past[past["cohort"] < cohort], past[past["cohort"] == cohort]


def blocked(table: pd.DataFrame, places: pd.DataFrame, spec: ModelSpec, seed: int) -> Iterator[Split]:
    """Yield folds of whole MSOAs (else LSOAs): those held back, after all others."""
    past = known(table)
    blocks = block_of(places).loc[past["area"]].to_numpy()
    count = min(spec.folds, len(np.unique(blocks)))
    if count < 2:
        raise RiskError("All children live in one block.", "Spatial folds need at least two MSOAs or LSOAs.")
    for train, test in GroupKFold(count, shuffle=True, random_state=seed).split(past, groups=blocks):
        yield past.iloc[train], past.iloc[test]


def run_trial(
    design: str, splits: Iterator[Split], places: pd.DataFrame, spec: ModelSpec, seed: int
) -> Trial:
    """Return what the model and each baseline, fitted on the first of each split, say of the second."""
    rows: list[pd.DataFrame] = []
    said: list[dict[str, Floats]] = []
    for train, test in splits:
        fitted = fit_all(train, places, spec, seed, refits=0)
        hidden = test.assign(outcome=np.nan)
        rows.append(test)
        said.append({name: predictor.predict(hidden) for name, predictor in fitted.items()})
    chances = {name: np.concatenate([part[name] for part in said]) for name in said[0]}
    return Trial(design, pd.concat(rows, ignore_index=True), chances)
