"""The law of an area's neighbour sum given the area's own value, from the law of draws from all values."""

from dataclasses import dataclass
from math import comb

import numpy as np
import numpy.typing as npt

from geo.adjacency import Adjacency
from geo.cells import Cells
from geo.symmetric import Table, survival_tables

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Booleans = npt.NDArray[np.bool_]


def conditional_tails(
    cells: Cells, adjacency: Adjacency, areas: Integers, precision: float
) -> tuple[Floats, Floats]:
    """Return P(S >= s) and P(S <= s) for `areas` (draws x areas), both to about `precision` times a thousand.

    An area with more neighbours than half of the others is answered through the sum of those that are not
    next to it.
    """
    n = adjacency.n
    drawn, flipped = draws_of(adjacency)
    drawn = drawn[areas]
    seen = observe(cells.positions, cells.whole, adjacency, flipped).of(areas)
    starts = {int(k): first_step(int(k), n, precision) for k in np.unique(drawn)}
    wanted = {j for k, start in starts.items() for j in range(start, k + 1)}
    tables = survival_tables(cells, wanted, precision)
    at_least, above = np.empty_like(seen.own), np.empty_like(seen.own)
    for k, start in starts.items():
        group = np.flatnonzero(drawn == k)
        at_least[:, group], above[:, group] = _both(tables, start, k, seen.of(group))
    flipped = flipped[areas]
    return np.where(flipped, 1 - above, at_least), np.where(flipped, at_least, 1 - above)


def draws_of(adjacency: Adjacency) -> tuple[Integers, Booleans]:
    """Return how many values are drawn for each area, and for which areas they are those not next to it."""
    others = adjacency.n - 1 - adjacency.degrees
    return np.asarray(np.minimum(adjacency.degrees, others)), np.asarray(adjacency.degrees > others)


def _both(tables: dict[int, Table], start: int, k: int, seen: "Observed") -> tuple[Floats, Floats]:
    """Return P(S >= s) and P(S > s).

    A sum off the cells has the observed set itself at s, of weight 1 / C(n - 1, k), half of which the grid
    counts.
    """
    half = np.where(seen.sums_whole, 0.0, 0.5 / comb(seen.n - 1, k))
    at_least = without_own(tables, start, k, seen, strict=False)
    above = (
        without_own(tables, start, k, seen, strict=True)
        if seen.own_whole.any() or seen.sums_whole.any()
        else at_least
    )
    return at_least + half, above - half


def first_step(k: int, n: int, precision: float) -> int:
    """Return the number of draws from which taking the own value out matters: each step weighs j / (n - j)."""
    share = 1.0
    while k > 0 and share > precision / 100:
        share *= k / (n - k)
        k -= 1
    return k


@dataclass(frozen=True)
class Observed:
    """What was seen, in cells: each area's sum and own value, and whether they lie exactly on a cell."""

    n: int
    sums: Floats
    sums_whole: Booleans
    own: Floats
    own_whole: Booleans

    def of(self, areas: Integers) -> "Observed":
        """Return the part that concerns some of the areas."""
        return Observed(
            self.n,
            self.sums[:, areas],
            self.sums_whole[:, areas],
            self.own[:, areas],
            self.own_whole[:, areas],
        )


def observe(positions: Floats, whole: Booleans, adjacency: Adjacency, flipped: Booleans) -> Observed:
    """Return what was seen; for flipped areas the sum over the areas that are not next to them."""
    sums = adjacency.sums(positions)
    sums_whole = adjacency.sums((~whole).astype(np.float64)) == 0
    sums[:, flipped] = (positions.sum(axis=1, keepdims=True) - positions - sums)[:, flipped]
    sums_whole[:, flipped] = whole.all(axis=1, keepdims=True)
    sums[sums_whole] = np.rint(sums[sums_whole])
    return Observed(adjacency.n, sums, sums_whole, positions, whole)


def without_own(tables: dict[int, Table], start: int, k: int, seen: Observed, *, strict: bool) -> Floats:
    """Take the area's own value out of the law of k draws from all n values.

    `start` is `first_step`; `seen.n` counts all values the tables were made of. With F_k the tail among all
    values and G_k among all but y:  n F_k(s) = k G_{k-1}(s - y) + (n - k) G_k(s).
    """
    n, both_whole = seen.n, seen.sums_whole & seen.own_whole
    without = look_up(tables[start], seen.sums - (k - start) * seen.own, both_whole, strict=strict)
    for j in range(start + 1, k + 1):
        whole = seen.sums_whole if j == k else both_whole
        among_all = look_up(tables[j], seen.sums - (k - j) * seen.own, whole, strict=strict)
        without = (n * among_all - j * without) / (n - j)
    return without


def look_up(table: Table, at: Floats, whole: Booleans, *, strict: bool) -> Floats:
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
