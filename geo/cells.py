"""Values on a grid of equal cells: exact where the data have a step of their own, else fine enough."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Booleans = npt.NDArray[np.bool_]

FEWEST_CELLS = 2**8
MOST_CELLS = 2**20
MOST_STEPS = 2**17
GUIDE = 1.5


@dataclass(frozen=True)
class Cells:
    """One or several draws of n values as positions on a grid of `count` cells, the smallest value at 0.

    `positions` (draws x n) counts in cells; `whole` marks those that lie exactly on a cell: all values of a
    draw with a step of its own (`lattice`), else the values that occur more than once, so that ties stay
    ties. `width` is the size of a cell in the unit of the values, `scale` their robust standard deviation in
    cells.
    """

    positions: Floats
    whole: Booleans
    count: int
    width: Floats
    scale: Floats
    lattice: Booleans

    @property
    def errors(self) -> Floats:
        """Return for each draw a guide to the relative error of a p about 0.01: 0 where the grid is exact.

        Binning widens the law of one value by at most a quarter of a squared cell; at p = 0.01 a share of w
        more variance moves p by about 6 w.
        """
        return np.where(self.lattice, 0.0, GUIDE / self.scale**2)

    @property
    def error(self) -> float:
        """Return the largest of `errors`."""
        return float(self.errors.max())


def on_cells(values: Floats, most: int, cells_per_scale: int) -> Cells:
    """Place draws (draws x n, finite, not constant) on one grid that holds every sum of `most` values.

    `cells_per_scale` is how many cells the robust standard deviation of the values should span; heavy tails
    may leave fewer, never more than 2^20 cells in all, and `Cells.error` says what that costs.
    """
    low = values.min(axis=1, keepdims=True)
    span = np.ptp(values, axis=1)
    steps = np.array([_steps(row, most) for row in values])
    scale = np.array([robust_scale(row) for row in values])
    lattice = steps > 0
    wanted = np.where(lattice, steps * most + 1, most * span / scale * cells_per_scale)
    count = 2 ** int(np.ceil(np.log2(np.clip(wanted.max(), FEWEST_CELLS, MOST_CELLS))))
    in_span = np.where(lattice, steps, (count - 2) // most)
    positions = (values - low) * (in_span / span)[:, None]
    whole = np.where(lattice[:, None], True, _tied(values))
    positions = np.where(whole, np.rint(positions), positions)
    width = span / in_span
    return Cells(positions, whole, count, width, scale / width, lattice)


def lattice_step(values: Floats, most_steps: int = MOST_STEPS) -> float:
    """Return the step that every difference of the values is a multiple of, or 0 where there is none.

    Counts have step 1, per cents with one decimal 0.1. Euclid's algorithm on the differences of the sorted
    values, with a tolerance for how decimals are stored; a range of more than `most_steps` steps counts as
    none.
    """
    distinct = np.unique(values)
    span = distinct[-1] - distinct[0]
    tolerance = max(span * 1e-10, float(np.abs(distinct).max()) * 1e-14)
    gaps = np.unique(np.diff(distinct))
    gaps = gaps[gaps > tolerance]
    if not len(gaps):
        return 0.0
    step = float(gaps[0])
    while step * most_steps >= span:
        rest = np.abs(gaps - step * np.rint(gaps / step))
        rest = rest[rest > tolerance * (1 + gaps / step)]  # the step's own error grows with how often it fits
        if not len(rest):
            return _refined(distinct, step)
        step = float(rest.min())
    return 0.0


def _refined(distinct: Floats, step: float) -> float:
    """Return the step that divides the range evenly, where every value then lies on it; else 0."""
    span = float(distinct[-1] - distinct[0])
    step = span / float(np.rint(span / step))
    at = (distinct - distinct[0]) / step
    return step if float(np.abs(at - np.rint(at)).max()) < 1e-5 else 0.0


def _steps(row: Floats, most: int) -> int:
    """Return the number of steps the range of the values has, or 0 where they fit no exact grid."""
    step = lattice_step(row)
    steps = round(float(np.ptp(row)) / step) if step else 0
    return steps if steps * most < MOST_CELLS else 0


def robust_scale(row: Floats) -> float:
    """Return the smaller of the standard deviation and what the middle half suggests it to be."""
    for sample in (row, np.unique(row)):
        low, high = np.quantile(sample, [0.25, 0.75])
        if high > low:
            return float(min(row.std(), (high - low) / 1.349))
    return float(row.std())


def _tied(values: Floats) -> Booleans:
    """Return which values occur more than once in their draw."""
    order = np.argsort(values, axis=1)
    in_order = np.take_along_axis(values, order, axis=1)
    same = in_order[:, 1:] == in_order[:, :-1]
    edge = np.zeros((len(values), 1), dtype=bool)
    tied = np.empty(values.shape, dtype=bool)
    np.put_along_axis(tied, order, np.hstack([same, edge]) | np.hstack([edge, same]), axis=1)
    return tied
