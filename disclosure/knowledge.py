"""Knowledge: what is published, as an attacker writes it down: sums of hidden counts, each between two bounds."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from disclosure.geography import Cells, Geography, Key, Window, keys_of
from disclosure.policy import Policy
from disclosure.programme import widened

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Knowledge:
    """Linear facts about the cells: `low <= matrix @ cells <= high`, and each cell between `lower` and `upper`.

    `keys` names the cell each row speaks of. The first columns are the cells; further ones are unknowns that a
    published statistic brings with it (the mean, the spread). `example` is a table that agrees with all of it, where
    one is at hand (the gate has the true one): with it the attack is quicker, and finds the same.
    """

    cells: Cells
    matrix: sparse.csr_array
    low: Floats
    high: Floats
    keys: tuple[Key, ...]
    lower: Floats
    upper: Floats
    example: Floats | None = None

    def and_also(self, other: "Facts") -> "Knowledge":
        """Return this knowledge with further facts about the same cells."""
        return replace(
            self,
            matrix=sparse.csr_array(
                sparse.vstack([self.matrix, widened(other.matrix, self.matrix.shape[1])])
            ),
            low=np.concatenate([self.low, other.low]),
            high=np.concatenate([self.high, other.high]),
            keys=(*self.keys, *other.keys),
        )

    def with_unknowns(self, lower: Sequence[float], upper: Sequence[float]) -> "Knowledge":
        """Return this knowledge with further unknown numbers after the cells, each between its bounds."""
        return replace(
            self,
            matrix=widened(self.matrix, self.matrix.shape[1] + len(lower)),
            lower=np.concatenate([self.lower, lower]),
            upper=np.concatenate([self.upper, upper]),
            example=None,
        )

    def within(self, low: Floats, high: Floats) -> "Knowledge":
        """Return this knowledge with other bounds on its rows."""
        return replace(self, low=low, high=high)

    def admits(self, values: Floats, slack: float = 1e-6) -> bool:
        """Say whether a table agrees with all that is known."""
        return bool(self.agreeing(values, slack).all())

    def agreeing(self, values: Floats, slack: float = 1e-6) -> npt.NDArray[np.bool_]:
        """Say for each row whether a table agrees with it."""
        sums = self.matrix @ values
        return np.asarray((sums >= self.low - slack) & (sums <= self.high + slack))


@dataclass(frozen=True)
class Facts:
    """Some rows of knowledge, before they are joined to the rest."""

    matrix: sparse.csr_array
    low: Floats
    high: Floats
    keys: tuple[Key, ...]

    def only(self, places: npt.NDArray[np.int64]) -> "Facts":
        """Return the rows at some places."""
        keys = tuple(self.keys[place] for place in places)
        return Facts(sparse.csr_array(self.matrix[places]), self.low[places], self.high[places], keys)


def merged(
    facts: Facts, upper: Floats, groups: npt.NDArray[np.int64] | None = None
) -> tuple[Facts, npt.NDArray[np.int64]]:
    """Return facts with finite bounds, one row for all that speak of the same sum, and none that says nothing.

    No sum of cells is under 0 or over what `upper`, the children, leaves possible. Only rows of one group are taken
    together. Returns the places of the rows kept as well.
    """
    matrix = sparse.csr_array(facts.matrix)
    matrix.sort_indices()
    most = matrix @ upper[: matrix.shape[1]]
    low, high = np.clip(facts.low, 0.0, most), np.clip(facts.high, 0.0, most)
    first: dict[tuple[int, bytes, bytes], int] = {}
    whose = np.empty(matrix.shape[0], dtype=np.int64)
    for row in range(matrix.shape[0]):
        here = slice(matrix.indptr[row], matrix.indptr[row + 1])
        group = -1 if groups is None else int(groups[row])
        mark = (group, matrix.indices[here].tobytes(), matrix.data[here].round(12).tobytes())
        whose[row] = first.setdefault(mark, row)
    np.maximum.at(low, whose, low.copy())
    np.minimum.at(high, whose, high.copy())
    kept = np.flatnonzero((whose == np.arange(len(whose))) & ((low > 0) | (high < most)))
    return Facts(matrix, low, high, facts.keys).only(kept), kept


def joined(parts: Sequence[Facts]) -> Facts:
    """Return several sets of facts about the same cells as one."""
    return Facts(
        sparse.csr_array(sparse.vstack([part.matrix for part in parts])),
        np.concatenate([part.low for part in parts]),
        np.concatenate([part.high for part in parts]),
        tuple(key for part in parts for key in part.keys),
    )


def nothing_known(cells: Cells, example: Floats | None = None) -> Knowledge:
    """Return the knowledge of who has only the public numbers of children, and what holds between tables."""
    known, nothing = related(cells), np.zeros(len(cells.upper))
    return Knowledge(
        cells, known.matrix, known.low, known.high, known.keys, nothing, cells.upper.copy(), example
    )


def related(cells: Cells) -> Facts:
    """Return what holds between tables of the same children, whatever is released."""
    rows, keys = cells.related
    return Facts(rows, np.zeros(len(keys)), rows.maximum(0) @ cells.upper, keys)


def sums_for(
    cells: Cells, geography: Geography, wanted: Sequence[Key], windows: dict[str, Window]
) -> sparse.csr_array:
    """Return the matrix that takes the cells to the cells named, a row each in their order."""
    here: dict[tuple[str, str], list[int]] = {}
    for place, key in enumerate(wanted):
        here.setdefault((key.level, key.period), []).append(place)
    if not here:
        return sparse.csr_array((0, len(cells.upper)))
    blocks = []
    for (level, period), places in here.items():
        numbers = geography.places(level)
        rows = [numbers[wanted[place].code] for place in places]
        blocks.append(cells.sums(geography, level, windows[period])[rows])
    order = np.argsort(np.concatenate(list(here.values())))
    return sparse.csr_array(sparse.csr_array(sparse.vstack(blocks))[order])


def read_counts(
    frame: pd.DataFrame,
    policy: Policy,
    geography: Geography,
    windows: dict[str, Window],
    cells: Cells,
    *,
    granted: Mapping[Key, int | None] | None = None,
) -> Facts:
    """Return what a published table of counts tells, read from its rows alone.

    A count tells what is rounded to it; a band, the counts between its edges; *suppressed*, nothing: it may be a small
    count, a greater one or a zero that is withheld for others' sake. With `granted`, the true counts, the reader is
    told which of the suppressed ones are from 1 to the threshold, and which are greater: the gate asks that even such
    a reader finds nothing.
    """
    told = frame[frame["status"].isin(["published", "band", "suppressed"])]
    keys = keys_of(told)
    true = [None if granted is None else granted[key] for key in keys]
    bounds = [_behind(shown, policy, count) for shown, count in zip(_shown(told), true, strict=True)]
    low, high = np.array(bounds, dtype=float).reshape(-1, 2).T
    return Facts(sums_for(cells, geography, keys, windows), low, high, tuple(keys))


class _Shown(NamedTuple):
    """What one row of a table shows; not a number where it shows none."""

    status: str
    children: float
    cases: float
    band_from: float
    band_to: float


def _shown(frame: pd.DataFrame) -> Iterator[_Shown]:
    names = ("denominator", "count", "band_from", "band_to")
    numbers = (frame[name].to_numpy(float, na_value=np.nan).tolist() for name in names)
    return map(_Shown, frame["status"].to_numpy(object), *numbers)


def _behind(shown: _Shown, policy: Policy, true: int | None) -> tuple[int, int]:
    children = int(shown.children)
    if shown.status == "published":
        return policy.behind(int(shown.cases), children)
    if shown.status == "band":
        return policy.behind_band(shown.band_from / 100, shown.band_to / 100, children)
    return hidden(policy, children, true)


def hidden(policy: Policy, denominator: int, true: int | None) -> tuple[int, int]:
    """Return what *suppressed* tells a reader who knows (or, with None, does not) whether the count is small."""
    if not true:
        return 0, denominator
    if policy.is_small(true):
        return 1, min(policy.threshold, denominator)
    return policy.threshold + 1, denominator
