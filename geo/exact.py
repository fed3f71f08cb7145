"""Exact conditional inference for the sum over an area's neighbours, with no permutation drawn."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from geo import enumeration
from geo.adjacency import Adjacency
from geo.cells import Cells, on_cells
from geo.symmetric import Table, survival_tables

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
    n, degrees = adjacency.n, adjacency.degrees
    areas = np.flatnonzero(degrees > 0 if asked is None else asked & (degrees > 0))
    upper, lower = np.full(draws.shape, np.nan), np.full(draws.shape, np.nan)
    if enumeration.subsets(n, degrees[areas]) * len(draws) <= MOST_SUBSETS:
        for row, y in enumerate(draws):
            upper[row, areas], lower[row, areas] = enumeration.tails(y, adjacency.sums(y), degrees, areas)
        return Tails(upper, lower, "enumeration", 0.0)
    drawn = np.asarray(np.minimum(degrees, n - 1 - degrees))
    cells = on_cells(draws, int(drawn[areas].max()), cells_per_scale)
    flipped = drawn < degrees
    wanted = {j for k in np.unique(drawn[areas]) for j in range(_start(int(k), n, precision), int(k) + 1)}
    tables = survival_tables(cells, wanted, precision)
    seen = _observed(cells, adjacency, flipped)
    at_least, above = _leave_one_out(seen, tables, drawn, areas, precision)
    upper = np.where(flipped, 1 - above, at_least)
    lower = np.where(flipped, at_least, 1 - above)
    method = "step" if cells.lattice.all() else "grid"
    return Tails(np.clip(upper, FLOOR, 1.0), np.clip(lower, FLOOR, 1.0), method, cells.error)


def _leave_one_out(
    seen: "_Observed", tables: dict[int, Table], drawn: Integers, areas: Integers, precision: float
) -> tuple[Floats, Floats]:
    """Return P(S >= s) and P(S > s); of the areas not next to i for those with more neighbours than half."""
    at_least, above = np.full(seen.own.shape, np.nan), np.full(seen.own.shape, np.nan)
    ties = seen.own_whole.any()
    for k in np.unique(drawn[areas]):
        group = areas[drawn[areas] == k]
        part, start = seen.of(group), _start(int(k), seen.n, precision)
        at_least[:, group] = _without_own(tables, start, int(k), part, strict=False)
        above[:, group] = (
            _without_own(tables, start, int(k), part, strict=True) if ties else at_least[:, group]
        )
    return at_least, above


def _start(k: int, n: int, precision: float) -> int:
    """Return the number of draws from which taking the own value out matters: each step weighs j / (n - j)."""
    share = 1.0
    while k > 0 and share > precision / 100:
        share *= k / (n - k)
        k -= 1
    return k


@dataclass(frozen=True)
class _Observed:
    """What was seen, in cells: each area's sum and own value, and whether they lie exactly on a cell."""

    n: int
    sums: Floats
    sums_whole: Booleans
    own: Floats
    own_whole: Booleans

    def of(self, areas: Integers) -> "_Observed":
        return _Observed(
            self.n,
            self.sums[:, areas],
            self.sums_whole[:, areas],
            self.own[:, areas],
            self.own_whole[:, areas],
        )


def _observed(cells: Cells, adjacency: Adjacency, flipped: Booleans) -> _Observed:
    own, whole = cells.positions, cells.whole
    sums = adjacency.sums(own)
    sums_whole = adjacency.sums((~whole).astype(np.float64)) == 0
    sums[:, flipped] = (own.sum(axis=1, keepdims=True) - own - sums)[:, flipped]
    sums_whole[:, flipped] = whole.all(axis=1, keepdims=True)
    sums[sums_whole] = np.rint(sums[sums_whole])
    return _Observed(adjacency.n, sums, sums_whole, own, whole)


def _without_own(tables: dict[int, Table], start: int, k: int, seen: _Observed, *, strict: bool) -> Floats:
    """Take the area's own value out of the law of k draws from all n values.

    With F_k the tail among all values and G_k among all but y:  n F_k(s) = k G_{k-1}(s - y) + (n - k) G_k(s).
    """
    n, both_whole = seen.n, seen.sums_whole & seen.own_whole
    without = _look_up(tables[start], seen.sums - (k - start) * seen.own, both_whole, strict=strict)
    for j in range(start + 1, k + 1):
        whole = seen.sums_whole if j == k else both_whole
        among_all = _look_up(tables[j], seen.sums - (k - j) * seen.own, whole, strict=strict)
        without = (n * among_all - j * without) / (n - j)
    return without


def _look_up(table: Table, at: Floats, whole: Booleans, *, strict: bool) -> Floats:
    """Return P(sum >= at), or P(sum > at): on the cell for whole sums, else between the two beside it."""
    count = table.heights.shape[1] - 1
    place = np.clip(np.where(whole, at + strict, at / table.stride + 0.5), 0, count)
    cell = np.floor(place).astype(np.int64)
    part = place - cell
    rows = np.arange(len(table.heights))[:, None] * (count + 1)
    flat = table.heights.ravel()
    here = flat.take(rows + cell)
    after = flat.take(rows + np.minimum(cell + 1, count))
    return np.asarray(here + part * (after - here))
