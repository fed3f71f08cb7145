"""Every subset of the other areas, one by one: the exact law where there are few."""

from functools import lru_cache
from itertools import combinations
from math import comb

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


def subsets(n: int, degrees: Integers) -> int:
    """Return how many subsets `tails` would have to look at."""
    numbers, times = np.unique(degrees, return_counts=True)
    return sum(int(often) * comb(n - 1, int(k)) for k, often in zip(numbers, times, strict=True))


def tails(values: Floats, sums: Floats, degrees: Integers, areas: Integers) -> tuple[Floats, Floats]:
    """Return P(S >= s) and P(S <= s) for each of `areas` by counting all equally likely sets of neighbours.

    `values` (n), `sums` the observed sum over each area's neighbours, `degrees` their number, at most n - 1.
    Sums that differ by rounding alone count as equal.
    """
    upper, lower = np.empty(len(areas)), np.empty(len(areas))
    from_low = values - values.min()
    tolerance = 1e-11 * float(from_low.sum()) + 1e-14 * float(np.abs(values).max())
    for row, i in enumerate(areas):
        drawn = np.delete(from_low, i)[_choices(len(values) - 1, int(degrees[i]))].sum(axis=1)
        observed = sums[i] - degrees[i] * values.min()
        upper[row] = np.mean(drawn >= observed - tolerance)
        lower[row] = np.mean(drawn <= observed + tolerance)
    return upper, lower


@lru_cache(maxsize=64)
def _choices(n: int, k: int) -> Integers:
    """Return all k-subsets of 0 .. n - 1 as rows."""
    flat = np.fromiter((place for choice in combinations(range(n), k) for place in choice), dtype=np.int64)
    return flat.reshape(comb(n, k), k)
