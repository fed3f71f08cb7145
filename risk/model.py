"""The model: a calibrated learner over children's features, and what is left between areas, with its uncertainty."""

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.pipeline import Pipeline

from risk.area_effects import AreaEffects, block_of, fit_area_effects
from risk.baselines import fit_baseline
from risk.errors import RiskError
from risk.feature_table import DECILE, feature_columns, known
from risk.learners import (
    calibrate,
    calibrated,
    chances,
    design,
    fit_pipeline,
    log_odds,
    unseen_log_odds,
)
from risk.metrics import log_losses
from risk.spec import BASELINES, Learner, ModelSpec

Floats = npt.NDArray[np.float64]
Line = tuple[float, float]


class Predictor(Protocol):
    """What a model and a baseline have in common."""

    @property
    def name(self) -> str:
        """Return what it is called in a record."""

    def predict(self, table: pd.DataFrame) -> Floats:
        """Return the chance of the outcome for each row."""

    def draws(self, table: pd.DataFrame, n: int, *, areas: bool = True) -> Floats:
        """Return n draws of those chances, draws x rows; without what areas add where `areas` is false."""


@dataclass(frozen=True)
class FittedModel:
    """A fitted model. `tried` holds the log loss of each learner on areas that it had not seen (the lower is used).

    `refits` are the learner and its calibration fitted again on areas drawn with other weights, for `draws`; `unseen`
    the log odds of the children it was fitted on, each by a learner that had not seen its MSOA.
    """

    learner: Learner
    tried: dict[str, float]
    features: list[str]
    fitted: Pipeline = field(repr=False)
    line: Line
    effects: AreaEffects = field(repr=False)
    refits: tuple[tuple[Pipeline, Line], ...] = field(repr=False)
    unseen: pd.Series = field(repr=False)
    places: pd.DataFrame = field(repr=False)
    seed: int = 0
    name: str = "model"

    def predict(self, table: pd.DataFrame) -> Floats:
        """Return the chance of the outcome for each row of a feature table (its outcome is not read)."""
        return chances(self.odds(self.seen(table)) + self.effects.mean.loc[table["area"]].to_numpy(float))

    def draws(self, table: pd.DataFrame, n: int, *, areas: bool = True) -> Floats:
        """Return n draws of each row's chance, draws x rows.

        They carry how the learner would change with other areas (Bayesian bootstrap over areas: each refit weighs
        every area anew), how surely its calibration is known, and what stays unknown of each area. For children that
        the model was fitted on they are centred on what was said without having seen them (or their MSOA). With
        `areas` false, what areas add is left out, for a later step that estimates it itself.
        """
        if not self.refits:
            raise RiskError(
                "This model was fitted without refits, so it has no draws.", "Fit it with refits."
            )
        seen = self.seen(table)
        odds = np.stack([calibrated(log_odds(fitted, seen), line) for fitted, line in self.refits])
        unseen = self.unseen.reindex(pd.MultiIndex.from_frame(table[["person", "cohort"]])).to_numpy(float)
        odds += np.nan_to_num(unseen - odds.mean(axis=0))
        turns = np.arange(n) % len(odds)
        if not areas:
            return chances(odds)[turns]
        effects = self.effects.draws(n, np.random.default_rng([self.seed, 5]))
        return chances(odds[turns] + effects.to_numpy()[effects.index.get_indexer(table["area"])].T)

    def odds(self, seen: pd.DataFrame) -> Floats:
        """Return calibrated log odds of what is `seen` of children, without what their areas add."""
        return calibrated(log_odds(self.fitted, seen), self.line)

    def seen(self, table: pd.DataFrame) -> pd.DataFrame:
        """Return what the learner sees of each row: its features, and those of its area."""
        return design(table, self.places, self.features, [DECILE])


def fit(
    table: pd.DataFrame, places: pd.DataFrame, spec: ModelSpec, seed: int, *, refits: int | None = None
) -> FittedModel:
    """Return the model fitted on the rows with an outcome.

    Each learner of the spec is fitted with whole MSOAs held back; the one that foretells those better is calibrated on
    them, fitted again on all, and the deviations of areas from it are estimated.

    :param table: the feature table; rows without outcome are left out. Check it first (`check_table`).
    :param places: by area code, with `deprivation_decile` and where there are any `lsoa`, `msoa`.
    :param refits: how many to make for draws; those of the spec when None.
    :raises RiskError: no row has an outcome, or the outcome never changes.
    """
    past = known(table)
    outcome = past["outcome"].to_numpy(float)
    if not 0 < outcome.sum() < len(outcome):
        raise RiskError("The outcome is the same for every child.", "Give children with it and without it.")
    features = feature_columns(table, spec)
    seen = design(past, places, features, [DECILE])
    blocks = pd.factorize(block_of(places), sort=True)[0][places.index.get_indexer(past["area"])]
    unseen = {
        learner: unseen_log_odds(learner, seen, outcome, blocks, folds=spec.folds, seed=seed)
        for learner in spec.learners
    }
    lines = {learner: calibrate(raw, outcome) for learner, raw in unseen.items()}
    tried = {
        learner: float(log_losses(outcome, chances(calibrated(raw, lines[learner]))).mean())
        for learner, raw in unseen.items()
    }
    best: Learner = min(spec.learners, key=lambda learner: tried[learner])
    without = calibrated(unseen[best], lines[best])
    effects = fit_area_effects(past["area"], without, outcome, places)
    count = spec.refits if refits is None else refits
    return FittedModel(
        learner=best,
        tried={str(learner): loss for learner, loss in tried.items()},
        features=features,
        fitted=fit_pipeline(best, seen, outcome, None, seed),
        line=lines[best],
        effects=effects,
        refits=_refits(best, seen, outcome, unseen[best], past["area"], count=count, seed=seed),
        unseen=pd.Series(without, pd.MultiIndex.from_frame(past[["person", "cohort"]])),
        places=places,
        seed=seed,
    )


def fit_all(
    table: pd.DataFrame, places: pd.DataFrame, spec: ModelSpec, seed: int, *, refits: int | None = None
) -> dict[str, Predictor]:
    """Return the model and the three baselines, fitted on the same rows, by name; with no refits they only predict."""
    fitted: dict[str, Predictor] = {"model": fit(table, places, spec, seed, refits=refits)}
    return fitted | {name: fit_baseline(name, table, places, seed, effects=refits != 0) for name in BASELINES}


def _refits(
    learner: Learner,
    seen: pd.DataFrame,
    outcome: Floats,
    unseen: Floats,
    area: pd.Series,
    *,
    count: int,
    seed: int,
) -> tuple[tuple[Pipeline, Line], ...]:
    rng = np.random.default_rng([seed, 3])
    codes, names = pd.factorize(area)
    made = []
    for _ in range(count):
        weights = rng.exponential(size=len(names))[codes]
        made.append(
            (fit_pipeline(learner, seen, outcome, weights, seed), calibrate(unseen, outcome, weights))
        )
    return tuple(made)
