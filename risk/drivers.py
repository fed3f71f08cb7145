"""Drivers: what sets the predictions of a larger area apart from the district's, from the fitted model itself."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import logit

from risk.agencies import Fact
from risk.feature_table import DECILE
from risk.model import FittedModel, Predictor

Floats = npt.NDArray[np.float64]
DEPRIVATION, UNEXPLAINED = "deprivation", "unexplained"
"""Two drivers that no agency's record holds: the place's deprivation, and what stays over."""
TIMES = 3
_EDGE = 1e-6


@dataclass(frozen=True)
class Drivers:
    """How far each fact moves an area's predictions from the district's, in mean log odds: areas x facts.

    `spread` is how far each fact moves children's predictions at all (mean absolute log odds), district-wide.
    """

    table: pd.DataFrame
    spread: pd.Series


def find_drivers(
    fitted: Predictor,
    table: pd.DataFrame,
    parents: pd.Series,
    asked: Sequence[Fact],
    seed: int,
) -> Drivers | None:
    """Return what sets larger areas apart, or None where a baseline predicts, for it reads no record.

    Each fact's features are dealt out anew over all children of the district; what the predictions of an area's
    children lose by it, on average, is what the fact does there. This asks the model as it is, whatever learner it
    holds, and takes what a child's other features say as given. The same is done with the deprivation of the areas;
    *unexplained* is what the area adds beyond every record. Nothing of it says what causes need.

    :param table: the feature table; rows without outcome are left out.
    :param parents: the larger area of each area.
    :param asked: whose features are dealt out; those that the model does not use move nothing.

    Reference: Breiman (2001), Random forests, Machine Learning 45 (dealing a feature out anew); here by area.
    """
    if not isinstance(fitted, FittedModel):
        return None
    past = table[table["outcome"].notna()]
    larger = parents.loc[past["area"]].to_numpy()
    odds, rng = _odds(fitted.predict(past)), np.random.default_rng([seed, 17])
    moved: dict[str, Floats] = {
        fact.name: _moved(odds, lambda fact=fact: _dealt_out(fitted, past, fact, rng))  # type: ignore[misc]
        for fact in asked
        if set(fact.features) & set(fitted.features)
    }
    moved[DEPRIVATION] = _moved(odds, lambda: _odds(_other_deciles(fitted, rng).predict(past)))
    moved[UNEXPLAINED] = fitted.effects.mean.loc[past["area"]].to_numpy(float)
    by_child = pd.DataFrame(moved)
    return Drivers(by_child.groupby(larger).mean(), by_child.abs().mean())


def _moved(odds: Floats, again: Callable[[], Floats]) -> Floats:
    return np.asarray(odds - np.mean([again() for _ in range(TIMES)], axis=0))


def _dealt_out(fitted: FittedModel, past: pd.DataFrame, fact: Fact, rng: np.random.Generator) -> Floats:
    names = [name for name in fact.features if name in fitted.features]
    dealt = past[names].to_numpy()[rng.permutation(len(past))]
    return _odds(fitted.predict(past.assign(**dict(zip(names, dealt.T, strict=True)))))


def _other_deciles(fitted: FittedModel, rng: np.random.Generator) -> FittedModel:
    return replace(
        fitted,
        places=fitted.places.assign(**{DECILE: rng.permutation(fitted.places[DECILE].to_numpy())}),
    )


def _odds(chance: Floats) -> Floats:
    return np.asarray(logit(np.clip(chance, _EDGE, 1 - _EDGE)))
