"""Districts with a known truth for the tests of areas, drawn by other means than the product's own."""

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.optimize import brentq
from scipy.special import expit

from geo.adjacency import Adjacency, from_pairs

Floats = npt.NDArray[np.float64]
FIRST, COHORTS = 2022, 5


def grid(side: int) -> Adjacency:
    """Return queen neighbours of a square of areas."""
    at = np.arange(side * side).reshape(side, side)
    pairs = [
        (at[:, :-1], at[:, 1:]),
        (at[:-1], at[1:]),
        (at[:-1, :-1], at[1:, 1:]),
        (at[:-1, 1:], at[1:, :-1]),
    ]
    first, second = (np.concatenate([pair[k].ravel() for pair in pairs]) for k in (0, 1))
    return from_pairs(codes(side * side), first, second)


def codes(n: int) -> pd.Index:
    return pd.Index([f"E{number:08d}" for number in range(n)], name="code")


def district(
    seed: int,
    *,
    side: int = 20,
    a_year: float = 5.0,
    hidden: float = 0.5,
    own: float = 0.2,
    smooth: float = 0.3,
    base: float = 0.28,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return a feature table with `true` (each child's true risk) and `happened`, and the places.

    A child's log odds: what its feature tells, what nothing tells (`hidden`, a standard deviation), deprivation, and an
    area's own part: a smooth field that no border follows, and rough parts of area, LSOA (2 x 2) and MSOA (5 x 5).
    """
    rng = np.random.default_rng([seed, 77])
    x, y = (part.ravel() for part in np.mgrid[0:side, 0:side])
    lsoa = np.array([f"L{i // 2:02d}{j // 2:02d}" for i, j in zip(x, y, strict=True)])
    msoa = np.array([f"M{i // 4:02d}{j // 4:02d}" for i, j in zip(x, y, strict=True)])
    deprived = _field(x, y, side / 5, rng)
    rough = sum(_rough(group, own, rng) for group in (np.arange(side * side), lsoa, msoa))
    unseen = rough + smooth * _field(x, y, side / 8, rng)
    size = rng.poisson(rng.gamma(5, a_year * (COHORTS + 1) / 5, side * side))
    area = np.repeat(np.arange(side * side), size)
    feature = rng.normal(size=len(area)) + 0.5 * deprived[area]
    odds = 0.6 * feature + hidden * rng.normal(size=len(area)) + (0.3 * deprived + unseen)[area]
    odds += brentq(lambda shift: expit(odds + shift).mean() - base, -10, 10)
    happened = (rng.random(len(area)) < expit(odds)).astype(float)
    cohort = FIRST + rng.integers(0, COHORTS + 1, len(area))
    table = pd.DataFrame({"person": np.arange(len(area)), "cohort": cohort, "area": codes(side * side)[area]})
    table = table.assign(outcome=np.where(cohort < FIRST + COHORTS, happened, np.nan), feature=feature)
    table = table.assign(deprived=deprived[area], true=expit(odds), happened=happened)
    return table, pd.DataFrame({"lsoa": lsoa, "msoa": msoa, "district": "D"}, codes(side * side))


def model_draws(table: pd.DataFrame, draws: int, seed: int) -> Floats:
    """Return draws x rows of a logistic regression's chances, its coefficients drawn from their normal law."""
    design = np.column_stack([np.ones(len(table)), table["feature"], table["deprived"]])
    seen = table["outcome"].notna().to_numpy()
    weights, outcome = np.zeros(3), table["outcome"].to_numpy()[seen]
    for _ in range(25):
        chance = expit(design[seen] @ weights)
        information = (design[seen] * (chance * (1 - chance))[:, None]).T @ design[seen]
        weights = weights + np.linalg.solve(information, design[seen].T @ (outcome - chance))
    rng = np.random.default_rng([seed, 78])
    return np.asarray(expit(rng.multivariate_normal(weights, np.linalg.inv(information), draws) @ design.T))


def true_rates(table: pd.DataFrame, by: pd.Series) -> pd.Series:
    """Return the mean true risk of the children with an outcome, by area (or by what `by` maps areas to)."""
    known = table[table["outcome"].notna()]
    return known["true"].groupby(by.reindex(known["area"]).to_numpy()).mean()


def _field(
    x: npt.NDArray[np.int64], y: npt.NDArray[np.int64], length: float, rng: np.random.Generator
) -> Floats:
    pull, phase = rng.normal(0, 1 / length, (2, 96)), rng.uniform(0, 2 * np.pi, 96)
    field = np.cos(np.outer(x, pull[0]) + np.outer(y, pull[1]) + phase).sum(axis=1)
    return np.asarray((field - field.mean()) / field.std())


def _rough(group: npt.NDArray[np.generic], spread: float, rng: np.random.Generator) -> Floats:
    where, names = pd.factorize(group)
    return np.asarray(spread * rng.normal(size=len(names))[where])
