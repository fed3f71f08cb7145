"""Baselines: the three simple answers that a model must face, with the same questions asked of each."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import expit, logit

from geo import rates
from risk.area_effects import AreaEffects, fit_area_effects
from risk.errors import RiskError
from risk.feature_table import DECILE, known
from risk.spec import Baseline

Floats = npt.NDArray[np.float64]
_EDGE = 1e-3


@dataclass(frozen=True)
class FittedBaseline:
    """A rate for each area, by one simple rule; `predict` and `draws` as a model has them.

    Draws carry how surely the rate is known, and what the rule leaves unexplained between areas.
    """

    name: Baseline
    rate: pd.Series
    error: pd.Series
    left: AreaEffects | None
    seed: int

    def predict(self, table: pd.DataFrame) -> Floats:
        """Return each child's chance: its area's rate by this rule."""
        return np.asarray(self.rate.loc[table["area"]], dtype=float)

    def draws(self, table: pd.DataFrame, n: int, *, areas: bool = True) -> Floats:
        """Return n draws of each child's chance, draws x rows; only the rate's own error where `areas` is false."""
        rng = np.random.default_rng([self.seed, 7])
        drawn = logit(self.rate.to_numpy(float))[:, None] + self._errors(rng, n)
        if areas and self.left is None:
            raise RiskError("This baseline was fitted without what it leaves open.", "Fit it with effects.")
        between = self.left.unheard(n, rng).to_numpy() if areas and self.left is not None else 0.0
        by_area = expit(drawn + between)
        return np.asarray(by_area[self.rate.index.get_indexer(table["area"])].T)

    def _errors(self, rng: np.random.Generator, n: int) -> Floats:
        """Return errors in log odds; areas that share a rate share its error."""
        shared, which = np.unique(self.rate.to_numpy(float), return_inverse=True)
        if self.name == "last_cohort_rate":
            shared, which = np.empty(len(self.rate)), np.arange(len(self.rate))
        return np.asarray(rng.standard_normal((len(shared), n))[which] * self.error.to_numpy(float)[:, None])


def fit_baseline(
    name: Baseline, table: pd.DataFrame, places: pd.DataFrame, seed: int, *, effects: bool = True
) -> FittedBaseline:
    """Return a baseline learnt from the rows with an outcome.

    'overall_rate' is the share of all; 'deprivation_decile' the share in the area's decile, pulled a little
    towards that of all where a decile holds few; 'last_cohort_rate' the share of the area in the latest cohort, pulled
    towards that of all by empirical Bayes (Marshall 1991), because a share of four children foretells nothing:
    a straw man would be no test. Without `effects` it predicts, but its draws hold no differences between areas.
    """
    past = known(table)
    overall = float(np.clip(past["outcome"].mean(), _EDGE, 1 - _EDGE))
    rule = {"overall_rate": _overall, "deprivation_decile": _decile, "last_cohort_rate": _last}[name]
    rate, heard = rule(past, places, overall)
    rate = rate.astype(float).fillna(overall).clip(_EDGE, 1 - _EDGE)
    error = np.sqrt(1 / (heard.reindex(rate.index).fillna(len(past)).clip(lower=1) * rate * (1 - rate)))
    if name == "last_cohort_rate":
        error = error * 0.0  # what an area's own history leaves open is in its area effect already
    if not effects:
        return FittedBaseline(name, rate, error, None, seed)
    odds = logit(rate.loc[past["area"]].to_numpy(float))
    left = fit_area_effects(past["area"], odds, past["outcome"].to_numpy(float), places)
    return FittedBaseline(name, rate, error, left, seed)


def _overall(past: pd.DataFrame, places: pd.DataFrame, overall: float) -> tuple[pd.Series, pd.Series]:
    return pd.Series(overall, places.index), pd.Series(float(len(past)), places.index)


def _decile(past: pd.DataFrame, places: pd.DataFrame, overall: float) -> tuple[pd.Series, pd.Series]:
    pull = 10.0
    by = past.groupby(past["area"].map(places[DECILE]))["outcome"].agg(["sum", "count"])
    rate = (by["sum"] + pull * overall) / (by["count"] + pull)
    return places[DECILE].map(rate), places[DECILE].map(by["count"])


def _last(past: pd.DataFrame, places: pd.DataFrame, _overall: float) -> tuple[pd.Series, pd.Series]:
    last = past[past["cohort"] == past["cohort"].max()].groupby("area")["outcome"].agg(["sum", "count"])
    rate = rates.shrink_global(last["sum"], last["count"])
    return rate.reindex(places.index), last["count"].reindex(places.index).astype(float)
