"""Area effects: what the children's features leave unexplained between areas, MSOAs and LSOAs, and how surely.

Children of one area are alike in ways that no extract holds. Given each child's log odds, every area gets a deviation
u = its MSOA's + its LSOA's + its own, all drawn around 0: a mixed logistic model, fitted by penalised quasi-likelihood
(Breslow and Clayton 1993). Areas with few children are drawn to their LSOA and MSOA; areas unseen get what their
LSOA and MSOA say, and no more surely than that.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.linalg.lapack import dpotrf, dpotrs
from scipy.optimize import minimize
from scipy.special import expit

from risk.threads import one_thread

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
_ROUNDS = 3
_LEAST = 1e-9
_START = (0.05, 0.03, 0.03)
_MOST = 4.0


@dataclass(frozen=True)
class AreaEffects:
    """Deviations of areas in log odds: `mean` by area, and `roots`, by block, that draws are made with.

    `variances` are those between MSOAs, between LSOAs in an MSOA, and between areas in an LSOA; `nested` numbers the
    MSOA and the LSOA of each area.
    """

    mean: pd.Series
    roots: tuple[tuple[Ints, Floats], ...]
    nested: tuple[Ints, Ints]
    variances: tuple[float, float, float]

    def draws(self, n: int, rng: np.random.Generator) -> pd.DataFrame:
        """Return n drawn deviations, areas x draws."""
        drawn = np.repeat(self.mean.to_numpy(float)[:, None], n, axis=1)
        for rows, root in self.roots:
            drawn[rows] += root @ rng.standard_normal((len(rows), n))
        return pd.DataFrame(drawn, index=self.mean.index)

    def unheard(self, n: int, rng: np.random.Generator) -> pd.DataFrame:
        """Return n deviations as they would be if nothing were known of any area, areas x draws."""
        whose = (*self.nested, np.arange(len(self.mean)))
        drawn = sum(
            np.sqrt(variance) * rng.standard_normal((int(number.max()) + 1, n))[number]
            for variance, number in zip(self.variances, whose, strict=True)
        )
        return pd.DataFrame(drawn, index=self.mean.index)


@dataclass(frozen=True)
class _Block:
    """The areas of one MSOA: where they are in the list, and which share an LSOA."""

    rows: Ints
    same_lsoa: Floats
    itself: Floats

    def prior(self, variances: Floats) -> Floats:
        of_msoa, of_lsoa, own = variances
        prior: Floats = of_msoa + of_lsoa * self.same_lsoa + own * self.itself
        return prior

    def of(self, kept: npt.NDArray[np.bool_]) -> Self:
        """Return the block of some of its areas."""
        both = np.ix_(kept, kept)
        return replace(self, rows=self.rows[kept], same_lsoa=self.same_lsoa[both], itself=self.itself[both])


def block_of(places: pd.DataFrame) -> pd.Series:
    """Return the block of each area: its MSOA, else its LSOA, else itself."""
    block = pd.Series(places.index.astype(str), index=places.index, dtype=object)
    for name in ("lsoa", "msoa"):
        if name in places:
            block = places[name].astype(object).where(places[name].notna(), block)
    return block.astype(str)


def fit_area_effects(area: pd.Series, odds: Floats, outcome: Floats, places: pd.DataFrame) -> AreaEffects:
    """Return the deviations of every area of `places`.

    :param area: the area of each child. :param odds: its calibrated log odds, by a learner that did not see it.
    :param outcome: 1 or 0.
    """
    with one_thread():  # many small matrices: threads only wait for each other
        return _fit(area, odds, outcome, places)


def _fit(area: pd.Series, odds: Floats, outcome: Floats, places: pd.DataFrame) -> AreaEffects:
    position = places.index.get_indexer(area)
    blocks = list(_blocks(places))
    effect = np.zeros(len(places))
    variances = np.array(_START)
    information = np.zeros(len(places))
    for _ in range(_ROUNDS):
        chance = expit(odds + effect[position])
        information = np.asarray(np.bincount(position, chance * (1 - chance), len(places)), dtype=float)
        surplus = np.bincount(position, outcome - chance, len(places))
        heard = np.maximum(information, _LEAST)
        working = np.where(information > 0, effect + surplus / heard, 0.0)
        variances = _variances(blocks, working, information, variances)
        effect = _posterior(blocks, working, information, variances)
    roots = tuple(_root(block, information, variances) for block in blocks)
    of_msoa, of_lsoa, own = map(float, variances)
    nested = (pd.factorize(block_of(places))[0], pd.factorize(_lsoa(places))[0])
    return AreaEffects(pd.Series(effect, places.index), roots, nested, (of_msoa, of_lsoa, own))


def _lsoa(places: pd.DataFrame) -> pd.Series:
    own = pd.Series(places.index, places.index, dtype=object)
    return (
        places["lsoa"].astype(object).where(places["lsoa"].notna(), own) if "lsoa" in places else own
    ).astype(str)


def _blocks(places: pd.DataFrame) -> Iterator[_Block]:
    lsoa = (
        (places["lsoa"] if "lsoa" in places else pd.Series(places.index, places.index)).astype(str).to_numpy()
    )
    for rows in pd.Series(range(len(places))).groupby(block_of(places).to_numpy()).indices.values():
        same_lsoa = (lsoa[rows][:, None] == lsoa[rows][None, :]).astype(float)
        yield _Block(np.asarray(rows), same_lsoa, np.eye(len(rows)))


def _variances(blocks: list[_Block], working: Floats, information: Floats, start: Floats) -> Floats:
    """Return the three variances that make the working values most likely."""
    heard = [block.of(kept) for block in blocks if (kept := information[block.rows] > 0).any()]
    told = [(block, working[block.rows], np.diag(1 / information[block.rows])) for block in heard]

    def unlikelihood(roots: Floats) -> tuple[float, Floats]:
        parts = [_unlikelihood(*one, roots**2) for one in told]
        slope = np.sum([slope for _, slope in parts], axis=0)
        return float(sum(value for value, _ in parts)), np.asarray(2 * roots * slope)

    bounds = [(0.0, np.sqrt(_MOST))] * 3
    found = minimize(
        unlikelihood,
        np.sqrt(np.maximum(start, 1e-3)),
        method="L-BFGS-B",
        jac=True,
        bounds=bounds,
        options={"maxiter": 25},
    )
    return np.asarray(found.x**2)


def _unlikelihood(block: _Block, value: Floats, noise: Floats, variances: Floats) -> tuple[float, Floats]:
    """Return how unlikely a block's working values are, and how that changes with each variance."""
    # LAPACK itself: it is asked thousands of times, and what SciPy looks at beforehand takes longer than the answer
    factor, _ = dpotrf(block.prior(variances) + noise, lower=1)
    pull = dpotrs(factor, value, lower=1)[0]
    # half the trace of what each variance adds, times what is left once the values have spoken
    left = (dpotrs(factor, block.itself, lower=1)[0] - np.outer(pull, pull)) / 2
    slope = np.array([left.sum(), (left * block.same_lsoa).sum(), np.trace(left)])
    return float(np.log(np.diag(factor)).sum() + value @ pull / 2), slope


def _posterior(blocks: list[_Block], working: Floats, information: Floats, variances: Floats) -> Floats:
    mean = np.zeros(len(working))
    for block in blocks:
        gain, heard = _gain(block, information, variances)
        mean[block.rows] = gain @ working[block.rows][heard]
    return mean


def _gain(block: _Block, information: Floats, variances: Floats) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Return how far each area of a block follows each area that has children."""
    heard = information[block.rows] > 0
    prior = block.prior(variances)
    spread = prior[np.ix_(heard, heard)] + np.diag(1 / np.maximum(information[block.rows][heard], _LEAST))
    return np.asarray(np.linalg.solve(spread, prior[heard]).T), heard


def _root(block: _Block, information: Floats, variances: Floats) -> tuple[Ints, Floats]:
    gain, heard = _gain(block, information, variances)
    prior = block.prior(variances)
    left = prior - gain @ prior[heard]
    values, vectors = np.linalg.eigh((left + left.T) / 2)
    return block.rows, np.asarray(vectors * np.sqrt(np.maximum(values, 0.0)))
