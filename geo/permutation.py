"""Unequal weights: the conditional law sampled by esda, with a check that the sample is large enough."""

import warnings
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from geo.adjacency import Adjacency
from geo.errors import GeoError
from geo.exact import Tails
from geo.multiplicity import fewest_at_floor

if TYPE_CHECKING:
    from esda.getisord import G_Local
    from libpysal.graph import Graph

Floats = npt.NDArray[np.float64]
Booleans = npt.NDArray[np.bool_]

CHUNK = 9_999


def sampled_tails(
    values: Floats, adjacency: Adjacency, asked: Booleans, *, permutations: int, seed: int, alpha: float
) -> Tails:
    """Return both inclusive tails of the weighted neighbour sum from random permutations.

    esda draws the neighbours' values (conditional on the own value); the draws are counted here, both tails
    with ties, because esda's own p leaves ties out of one tail. Each tail is (draws as extreme + 1) /
    (permutations + 1).

    Raises GeoError where the smallest p that so many draws can give, 2 / (permutations + 1), is above alpha
    over the number of areas, so that one area alone could never be found.
    """
    tests = int(asked.sum())
    _check_floor(tests, permutations, alpha)

    graph = adjacency.to_graph()
    positive = (values - values.min()) / np.ptp(values) + 1.0  # esda divides by the sum of the values
    at_least = np.ones(len(values))
    at_most = np.ones(len(values))
    for part, start in enumerate(range(0, permutations, CHUNK)):
        drawn = _drawn(positive, graph, min(CHUNK, permutations - start), seed + part)
        tie = 1e-10 * np.abs(drawn.Gs)[:, None]
        at_least += (drawn.rGs >= drawn.Gs[:, None] - tie).sum(axis=1)
        at_most += (drawn.rGs <= drawn.Gs[:, None] + tie).sum(axis=1)
    total = permutations + 1.0
    return Tails((at_least / total)[None, :], (at_most / total)[None, :], "permutations", 0.0)


def _drawn(positive: Floats, graph: "Graph", permutations: int, seed: int) -> "G_Local":
    from esda.getisord import G_Local  # noqa: PLC0415 (deferred: importing esda takes seconds; few need it)

    with warnings.catch_warnings():
        # esda advises an argument that this class does not take; it concerns esda's p, which is not used
        warnings.filterwarnings("ignore", "The alternative hypothesis", DeprecationWarning)
        return G_Local(
            positive, graph, transform="R", star=False, permutations=permutations, n_jobs=1, seed=seed
        )


def _check_floor(tests: int, permutations: int, alpha: float) -> None:
    floor = 2 / (permutations + 1)
    if floor > alpha / max(tests, 1):
        raise GeoError(
            f"{permutations:,} permutations cannot give a p below {floor:.2g}: of {tests:,} areas "
            f"{fewest_at_floor(tests, floor, alpha)} would have to sit there before one could be found.",
            f"Ask for at least {int(np.ceil(2 * tests / alpha)):,} permutations, or give all neighbours of an "
            "area the same weight: then p is exact and nothing is drawn.",
        )
