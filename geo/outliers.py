"""A few values far from all others: named one by one, so that the grid need not stretch to them."""

from itertools import combinations
from math import comb

import numpy as np
import numpy.typing as npt

from geo.adjacency import Adjacency
from geo.cells import MOST_CELLS, Cells, on_cells, robust_scale
from geo.conditional import Observed, draws_of, first_step, look_up, observe, without_own
from geo.symmetric import Table, survival_tables

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Booleans = npt.NDArray[np.bool_]

MOST_OUTLIERS = 12
NEGLIGIBLE = 1e-15


def outliers(values: Floats, most: int, cells_per_scale: int) -> Integers:
    """Return the positions of the fewest values without which the rest fits the grid, at most 12."""
    by_distance = np.argsort(-np.abs(values - np.median(values)), kind="stable")
    for number in range(1, MOST_OUTLIERS + 1):
        rest = np.delete(values, by_distance[:number])
        if most * np.ptp(rest) <= MOST_CELLS / cells_per_scale * robust_scale(rest):
            break
    return by_distance[:number]


def tails_beside_outliers(
    values: Floats, adjacency: Adjacency, areas: Integers, cells_per_scale: int, precision: float
) -> tuple[Floats, Floats, float]:
    """Return P(S >= s) and P(S <= s) for `areas` and a guide to their error, with the outliers taken one by one.

    P(S >= s) is the sum, over the sets A of outliers that may be among the k drawn, of the chance of drawing just
    A of them times the chance that k - |A| draws from the rest reach s less the sum of A.
    """
    drawn, flipped = draws_of(adjacency)
    far = outliers(values, int(drawn[areas].max()), cells_per_scale)
    is_far = np.isin(np.arange(len(values)), far)
    cells = on_cells(values[None, ~is_far], max(1, int(drawn[areas].max())), cells_per_scale)
    positions = (values - values[~is_far].min()) / cells.width[0]
    positions[~is_far] = cells.positions[0]
    whole = is_far.copy()
    whole[~is_far] = cells.whole[0]
    problem = _Problem(positions, whole, is_far, far, cells, adjacency, drawn, flipped, precision)
    at_least, above = np.empty(len(areas)), np.empty(len(areas))
    for k in np.unique(drawn[areas]):
        for own_far in (False, True):
            group = np.flatnonzero((drawn[areas] == k) & (is_far[areas] == own_far))
            if len(group):
                at_least[group], above[group] = problem.tails(int(k), areas[group], own_far)
    turned = flipped[areas]
    upper, lower = np.where(turned, 1 - above, at_least), np.where(turned, at_least, 1 - above)
    return upper, lower, cells.error
