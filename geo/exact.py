"""Exact conditional inference for the sum over an area's neighbours, with no permutation drawn."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from geo import enumeration
from geo.adjacency import Adjacency
from geo.cells import GUIDE, on_cells
from geo.conditional import conditional_tails
from geo.outliers import tails_beside_outliers

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Booleans = npt.NDArray[np.bool_]

FLOOR = 1e-13
MOST_SUBSETS = 300_000
CELLS_PER_SCALE = 150
PRECISION = 1e-16


@dataclass(frozen=True)
class Tails:
    """Both inclusive tails of the neighbour sum of every area, draws x n (one row for one draw).

    `method` is "enumeration", "step" (values on a step of their own) or "grid"; the first two are exact to
    rounding. `error` guides to the largest relative error of a p about 0.01. No tail is given as smaller than
    FLOOR (1e-13), where the accuracy of the Fourier transform ends.
    """

    upper: Floats
    lower: Floats
    method: str
    error: float

    @property
    def two_sided(self) -> Floats:
        """Return twice the smaller inclusive tail, at most 1."""
        return two_sided(self.upper, self.lower)


def two_sided(upper: Floats, lower: Floats) -> Floats:
    """Return the two-sided p by this project's convention: twice the smaller inclusive tail, at most 1."""
    return np.asarray(np.minimum(1.0, 2 * np.minimum(upper, lower)))


def neighbour_sum_tails(
    values: Floats,
    adjacency: Adjacency,
    asked: Booleans | None = None,
    *,
    cells_per_scale: int = CELLS_PER_SCALE,
    precision: float = PRECISION,
) -> Tails:
    """Return P(S_i >= s_i) and P(S_i <= s_i) for every area i, given its own value.

    Under the null hypothesis the values of i's k neighbours are a simple random sample, without replacement,
    of the n - 1 other values; S_i is their sum. All weights count the same, so the one law serves Gi, Gi* and
    local Moran's I.

    `values` has n finite values, or draws x n, each draw not constant. `asked` marks the areas to answer for
    (default all with a neighbour); the tails of the others are NaN. Nothing is sampled: the same values give
    the same tails.

    Reference: docs/methods/hotspots.md.
    """
    draws = np.atleast_2d(np.asarray(values, dtype=np.float64))
    degrees = adjacency.degrees
    areas = np.flatnonzero(degrees > 0 if asked is None else asked & (degrees > 0))
    few = _few_subsets(adjacency.n, degrees, areas, len(draws))
    upper, lower = np.full(draws.shape, np.nan), np.full(draws.shape, np.nan)
    listed = areas[few[areas]]
    for row, y in enumerate(draws):
        upper[row, listed], lower[row, listed] = enumeration.tails(y, adjacency.sums(y), degrees, listed)
    rest = areas[~few[areas]]
    if not len(rest):
        return Tails(upper, lower, "enumeration", 0.0)
    most = int(np.minimum(degrees, adjacency.n - 1 - degrees)[rest].max())
    cells = on_cells(draws, max(1, most), cells_per_scale)
    answers = conditional_tails(cells, adjacency, rest, precision)
    upper[:, rest], lower[:, rest] = np.clip(answers, FLOOR, 1.0)
    errors = cells.errors
    for coarse in np.flatnonzero(errors > 2 * GUIDE / cells_per_scale**2):
        *tails, errors[coarse] = tails_beside_outliers(
            draws[coarse], adjacency, rest, cells_per_scale, precision
        )
        upper[coarse, rest], lower[coarse, rest] = np.clip(tails, FLOOR, 1.0)
    return Tails(upper, lower, "step" if cells.lattice.all() else "grid", float(errors.max()))


def _few_subsets(n: int, degrees: Integers, areas: Integers, draws: int) -> Booleans:
    """Return which areas have so few neighbours, or so few others, that all sets of them can be looked at."""
    few = np.zeros(n, dtype=bool)
    for k in np.unique(degrees[areas]):
        alike = degrees == k
        few[alike] = enumeration.subsets(n, degrees[areas[alike[areas]]]) * draws <= MOST_SUBSETS
    return few
