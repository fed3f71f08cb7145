"""Statistics are cells too: what published classes, bands of q and stability tell of the counts behind them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse, stats

from disclosure.geography import Cells, Geography, Key, Window
from disclosure.knowledge import Facts, Floats, sums_for
from disclosure.policy import Policy

Surroundings = Mapping[str, Sequence[str]]
Integers = npt.NDArray[np.int64]

HIGH_AROUND = frozenset({"hot", "low_high"})
HIGH_HERE = frozenset({"hot", "high_low"})
FAR = 1e3  # in spreads: further than any neighbourhood lies from the mean
WAYS_EDGES = (0.05, 0.2)
"""The values of q under which a way of asking counts towards stability and sign."""


@dataclass(frozen=True)
class Tested:
    """The test as an attacker writes it: each area's standardised rate, and the mean of those around it.

    The rate is standardised for its number of children as Assunção and Reis (1999) do it: (count / children - m) / s,
    with the overall rate m and a spread s of its own; both are granted to the attacker although nobody publishes them.
    `own` and `around` are matrices over the cells, from which `own_shift` and `around_shift` are taken; `mean` is that
    of the standardised rates; `errors` is the spread that chance alone gives each mean around.
    """

    keys: tuple[Key, ...]
    own: sparse.csr_array
    own_shift: Floats
    around: sparse.csr_array
    around_shift: Floats
    mean: float
    errors: Floats


@dataclass(frozen=True)
class Standardised:
    """Standardised rates of the areas tested, as sums of cells: `matrix @ cells - shift`, and what they truly are."""

    keys: tuple[Key, ...]
    matrix: sparse.csr_array
    shift: Floats
    values: Floats


def standardised(
    level: str, period: str, minimum: int, parts: tuple[Cells, Geography, Mapping[str, Window], Floats]
) -> Standardised:
    """Return the standardised rates of all areas of at least `minimum` children, with moments of the true cells."""
    cells, geography, windows, truth = parts
    everybody = geography.totals(geography.denominators, level, windows[period])
    kept = everybody[everybody >= minimum]
    keys = tuple(Key(level, str(code), period) for code in kept.index)
    children = kept.to_numpy(float)
    sums = sums_for(cells, geography, keys, dict(windows))
    overall, between = _moments(sums @ truth, children)
    spread = np.sqrt(between + overall / children)
    spread = np.where(spread > 0, spread, 1.0)
    matrix = sparse.csr_array(sparse.diags_array(1 / (children * spread)) @ sums)
    shift = overall / spread
    return Standardised(keys, matrix, shift, matrix @ truth - shift)


def _moments(counts: Floats, children: Floats) -> tuple[float, float]:
    """Return the overall rate and the variance between areas, at least 0, by Marshall's moments."""
    if not len(counts):
        return 0.0, 0.0
    overall = counts.sum() / children.sum()
    total = (children * (counts / children - overall) ** 2).sum() / children.sum()
    return float(overall), max(0.0, float(total - overall / children.mean()))


def tested(rates: Standardised, codes: Sequence[str], around: Surroundings) -> Tested:
    """Return the test of some of the areas, among all that have a standardised rate."""
    places = {key.code: place for place, key in enumerate(rates.keys)}
    here = np.array([places[code] for code in codes], dtype=np.int64)
    pairs = [
        (row, places[other])
        for row, code in enumerate(codes)
        for other in around.get(code, ())
        if other in places
    ]
    rows, columns = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    numbers = np.maximum(np.bincount(rows, minlength=len(codes)).astype(float), 1.0)
    weights = sparse.csr_array((1 / numbers[rows], (rows, columns)), shape=(len(codes), len(rates.keys)))
    count = len(rates.keys)
    left = np.maximum(count - 1 - numbers, 0) / max(count - 2, 1)
    return Tested(
        keys=tuple(rates.keys[place] for place in here),
        own=sparse.csr_array(rates.matrix[here]),
        own_shift=rates.shift[here],
        around=sparse.csr_array(weights @ rates.matrix),
        around_shift=weights @ rates.shift,
        mean=float(rates.values.mean()),
        errors=np.sqrt(left / numbers) * rates.values.std(),
    )


def around_facts(frame: pd.DataFrame, test: Tested, truth: Floats, tests: int) -> Facts:
    """Return what each area's class and band of q tell of the mean rate around it, among so many tests.

    A band of q bounds p (from above: p is at most q; from below: by the number of areas in lower bands), and p
    bounds how far the mean around lies from the mean of all. Where the normal curve that turns p into a distance
    would exclude the truth, the bound is moved to the truth: an attacker is never granted less than is true.
    """
    return _around(test, truth, *_distances(frame, tests))


def _around(test: Tested, truth: Floats, low: Floats, high: Floats) -> Facts:
    """Return bounds in spreads as facts, moved to the truth where they would exclude it."""
    sums = test.around @ truth
    least = test.mean + low * test.errors + test.around_shift
    most = test.mean + high * test.errors + test.around_shift
    return Facts(test.around, np.minimum(least, sums), np.maximum(most, sums), test.keys)


def _distances(frame: pd.DataFrame, tests: int) -> tuple[Floats, Floats]:
    q_low, q_high = frame["q_from"].to_numpy(float), frame["q_to"].to_numpy(float)
    lower_bands = (q_high[:, None] > q_high[None, :]).sum(axis=1)
    least_p = np.clip(q_low * (lower_bands + 1) / max(tests, 1), 1e-12, 1)
    near, far = stats.norm.isf(q_high / 2), stats.norm.isf(least_p / 2)
    far = np.where(q_low > 0, far, FAR)
    found = frame["gi_cluster"].to_numpy(object) != "none"
    up = np.array([name in HIGH_AROUND for name in frame["gi_cluster"]])
    low = np.where(found, np.where(up, near, -far), -far)
    return low, np.where(found, np.where(up, far, -near), far)


def way_facts(rates: Standardised, codes: Sequence[str], around: Surroundings, truth: Floats) -> Facts:
    """Return what a further way of asking tells: whether an area is a hotspot in it, firmly, nearly, or not at all.

    Stability says in how many ways an area is a hotspot, and the sign whether nearly; the attacker is granted in which
    ones, as the normal curve and Benjamini and Hochberg's rule would have it.
    """
    every = tested(rates, [key.code for key in rates.keys], around)
    with np.errstate(divide="ignore", invalid="ignore"):
        lags = (every.around @ truth - every.around_shift - every.mean) / every.errors
    lags = np.nan_to_num(lags)
    firm, near = (_edge(lags, limit) for limit in WAYS_EDGES)
    low = np.where(lags >= firm, firm, np.where(lags >= near, near, -FAR))
    high = np.where(lags >= firm, FAR, np.where(lags >= near, firm, near))
    facts = _around(every, truth, low, high)
    places = {key.code: place for place, key in enumerate(rates.keys)}
    return facts.only(np.array([places[code] for code in codes], dtype=np.int64))


def _edge(lags: Floats, limit: float) -> float:
    """Return from which distance, in spreads, Benjamini and Hochberg's rule names a hotspot."""
    p = np.sort(2 * stats.norm.sf(np.abs(lags)))
    passed = np.flatnonzero(p <= limit * np.arange(1, len(p) + 1) / len(p))
    return float(stats.norm.isf(limit * (max(passed, default=0) + 1) / len(p) / 2))


def own_facts(frame: pd.DataFrame, test: Tested, truth: Floats) -> Facts:
    """Return what the classes of local Moran's I tell of each area's own rate: above the mean, or not."""
    named = np.flatnonzero(frame["cluster"].fillna("none").to_numpy(object) != "none")
    above = np.array([frame["cluster"].iloc[place] in HIGH_HERE for place in named], dtype=bool)
    rows = sparse.csr_array(test.own[named])
    sums, edge = rows @ truth, test.mean + test.own_shift[named]
    low = np.where(above, np.minimum(edge, sums), 0.0)
    high = np.where(above, np.inf, np.maximum(edge, sums))
    return Facts(rows, low, high, tuple(test.keys[place] for place in named))


def may_tell_own(policy: Policy, mean: float, denominator: int) -> bool:
    """Say whether *above or below the mean* may be told of an area: as for an edge of a band, by public numbers."""
    need = policy.threshold + 1
    return mean * denominator >= need and (1 - mean) * denominator >= need
