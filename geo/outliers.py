"""A few values far from all others: named one by one, so that the grid need not stretch to them."""

from dataclasses import dataclass
from itertools import combinations
from math import comb

import numpy as np
import numpy.typing as npt

from geo.adjacency import Adjacency
from geo.cells import MOST_CELLS, on_cells, robust_scale
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
    """Return P(S >= s), P(S <= s) for `areas`, and a guide to their error, with the outliers taken one by one.

    P(S >= s) is the sum, over the sets A of outliers that may be among the k drawn, of the chance of drawing
    just A of them times the chance that k - |A| draws from the rest reach s less the sum of A.
    """
    drawn, flipped = draws_of(adjacency)
    most = max(1, int(drawn[areas].max()))
    far = outliers(values, most, cells_per_scale)
    split = _split(values, adjacency, far, most=most, cells_per_scale=cells_per_scale, precision=precision)
    at_least, above = np.zeros(len(areas)), np.zeros(len(areas))
    for k in np.unique(drawn[areas]):
        for own_far in (False, True):
            group = np.flatnonzero((drawn[areas] == k) & (split.is_far[areas] == own_far))
            if len(group):
                at_least[group], above[group] = _tails(split, int(k), areas[group], own_far)
    turned = flipped[areas]
    upper, lower = np.where(turned, 1 - above, at_least), np.where(turned, at_least, 1 - above)
    return upper, lower, split.error


@dataclass(frozen=True)
class _Split:
    """The outliers, and the rest on a grid: positions count in its cells for both.

    `sums` and `whole` concern the drawn values of the rest, `drawn_far` (n x outliers) says which outliers
    were drawn.
    """

    n: int
    far: Integers
    is_far: Booleans
    far_at: Floats
    drawn_far: Floats
    sums: Floats
    whole: Booleans
    own: Floats
    own_whole: Booleans
    highest: float
    tables: dict[int, Table]
    precision: float
    error: float


def _split(
    values: Floats, adjacency: Adjacency, far: Integers, *, most: int, cells_per_scale: int, precision: float
) -> _Split:
    is_far = np.isin(np.arange(len(values)), far)
    cells = on_cells(values[None, ~is_far], most, cells_per_scale)
    own, own_whole = np.zeros((1, len(values))), np.ones((1, len(values)), dtype=bool)
    own[0, ~is_far], own_whole[0, ~is_far] = cells.positions[0], cells.whole[0]
    flipped = draws_of(adjacency)[1]
    seen = observe(own, own_whole, adjacency, flipped)
    drawn_far = adjacency.matrix[:, far].toarray()
    drawn_far[flipped] = 1 - drawn_far[flipped]
    drawn_far[far, np.arange(len(far))] = 0.0
    return _Split(
        n=len(values),
        far=far,
        is_far=is_far,
        far_at=(values[far] - values[~is_far].min()) / cells.width[0],
        drawn_far=drawn_far,
        sums=seen.sums[0],
        whole=seen.sums_whole[0],
        own=own[0],
        own_whole=own_whole[0],
        highest=float(cells.positions.max()),
        tables=survival_tables(cells, range(most + 1), precision),
        precision=precision,
        error=cells.error,
    )


def _tails(split: _Split, k: int, areas: Integers, own_far: bool) -> tuple[Floats, Floats]:
    """Return P(S >= s) and P(S > s) for areas with k draws, all of them outliers themselves or none."""
    n, number = split.n, len(split.far)
    rest = n - 1 - number + own_far
    half = np.where(split.whole[areas], 0.0, 0.5 / comb(n - 1, k))
    at_least, above = half, -half
    for taken in range(max(0, k - rest), min(number, k) + 1):
        chance = comb(rest, k - taken) / comb(n - 1, k)
        if chance * comb(number, taken) < NEGLIGIBLE:
            continue
        for chosen in combinations(range(number), taken):
            possible = ~np.isin(areas, split.far[list(chosen)])
            both = _rest_tails(split, k - taken, areas, chosen, own_far)
            at_least = at_least + chance * np.where(possible, both[0], 0.0)
            above = above + chance * np.where(possible, both[1], 0.0)
    return at_least, above


def _rest_tails(
    split: _Split, k: int, areas: Integers, chosen: tuple[int, ...], own_far: bool
) -> tuple[Floats, Floats]:
    """Return the chances that k draws from the rest make up for the outliers chosen: at least, and more."""
    among = np.zeros(len(split.far))
    among[list(chosen)] = 1.0
    short = (split.drawn_far[areas] - among) @ split.far_at
    target = split.sums[areas] + short
    certain = (target <= -1).astype(np.float64)
    open_ = (target > -1) & (target < split.highest * k + 1)
    if not open_.any():
        return certain, certain
    here = areas[open_]
    whole = split.whole[here] & (short[open_] == 0)
    seen = Observed(
        split.n - len(split.far),
        target[None, open_],
        whole[None],
        split.own[None, here],
        split.own_whole[None, here],
    )
    answers = []
    for strict in (False, True):
        answer = certain.copy()
        answer[open_] = _law(split, k, seen, own_far, strict)[0]
        answers.append(answer)
    return answers[0], answers[1]


def _law(split: _Split, k: int, seen: Observed, own_far: bool, strict: bool) -> Floats:
    if own_far:
        return look_up(split.tables[k], seen.sums, seen.sums_whole, strict=strict)
    return without_own(split.tables, first_step(k, seen.n, split.precision), k, seen, strict=strict)
