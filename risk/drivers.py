"""Drivers: what sets the predictions of a larger area apart from the district's, from the fitted model itself."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from risk.agencies import Fact
from risk.feature_table import DECILE
from risk.model import FittedModel, Predictor

Floats = npt.NDArray[np.float64]
DEPRIVATION, UNEXPLAINED = "deprivation", "unexplained"
"""Two drivers that no agency's record holds: the place's deprivation, and what stays over."""
TIMES = 3


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
    area, seen = fitted.places.index.get_indexer(past["area"]), fitted.seen(past)
    odds, rng = fitted.odds(seen), np.random.default_rng([seed, 17])

    def lost(dealt_out: Iterable[pd.DataFrame]) -> Floats:
        return np.asarray(odds - np.mean([fitted.odds(other) for other in dealt_out], axis=0))

    moved = {
        fact.name: lost(_dealt_out(seen, names, rng))
        for fact in asked
        if (names := [name for name in fact.features if name in fitted.features])
    }
    moved[DEPRIVATION] = lost(_other_deciles(seen, fitted.places[DECILE], area, rng))
    moved[UNEXPLAINED] = fitted.effects.mean.to_numpy(float)[area]
    by_child = pd.DataFrame(moved)
    larger = parents.loc[past["area"]].to_numpy()
    return Drivers(by_child.groupby(larger).mean(), by_child.abs().mean())


def _dealt_out(seen: pd.DataFrame, names: list[str], rng: np.random.Generator) -> Iterator[pd.DataFrame]:
    """Give what is seen with some features dealt out anew, those of one child together."""
    for _ in range(TIMES):
        dealt = seen[names].to_numpy()[rng.permutation(len(seen))]
        yield seen.assign(**dict(zip(names, dealt.T, strict=True)))


def _other_deciles(
    seen: pd.DataFrame, deciles: pd.Series, area: npt.NDArray[np.intp], rng: np.random.Generator
) -> Iterator[pd.DataFrame]:
    """Give what is seen with the areas' deciles dealt out anew."""
    for _ in range(TIMES):
        yield seen.assign(**{f"place_{DECILE}": rng.permutation(deciles.to_numpy(float))[area]})
