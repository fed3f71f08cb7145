"""The seen: what earlier releases have shown of the same cells, and what of their small counts has to stay hidden."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
import pandas as pd
from scipy import sparse

from disclosure.attack import Targets
from disclosure.geography import Cells, Geography, Key, Window, keys_of
from disclosure.policy import Policy
from disclosure.released import Released
from disclosure.suppression import needed_reach
from disclosure.unknown import counts_known

Row = tuple[bytes, bytes]


def told_alike(
    release: Released,
    geography: Geography,
    windows: Mapping[str, Window],
    cells: Cells,
    statuses: Sequence[str],
) -> frozenset[Key]:
    """Return the cells of a release with one of the statuses that are the same sums in another geography.

    A larger area may hold fewer of the smallest ones in another place: then its name is the same and its sum is not.
    """
    frame = release.frame[release.frame["status"].isin(statuses)]
    wanted: dict[tuple[str, str], list[Key]] = {}
    for key in keys_of(frame):
        wanted.setdefault((key.level, key.period), []).append(key)
    alike: set[Key] = set()
    for (level, period), keys in wanted.items():
        if period not in windows or level not in geography.levels():
            continue
        theirs = _rows(cells, release.geography, level, release.windows[period])
        mine = _rows(cells, geography, level, windows[period])
        alike |= {key for key in keys if theirs[key.code] == mine.get(key.code)}
    return frozenset(alike)


def targets_seen(
    release: Released, table: pd.DataFrame, windows: Mapping[str, Window], policy: Policy, cells: Cells
) -> Targets:
    """Return the small counts that a release of counts has hidden, over these windows, each as a target.

    Of a sum that the records no longer tell nobody can say whether it is small: it counts as small wherever the release
    says no number of it.

    :param table: the counts that are known; cells may be missing.
    """
    shown = set(keys_of(release.frame[release.frame["status"] == "published"]))
    levels = [level for level in release.geography.levels() if level in (*policy.chain, *policy.banded)]
    keys: list[Key] = []
    rows, reaches, sure = [], [], []
    for level in levels:
        codes, every, all_whole = counts_known(table, release.geography, windows, level)
        for column, (period, window) in enumerate(windows.items()):
            sums, whole = every[:, column], all_whole[:, column]
            children = release.geography.totals(release.geography.denominators, level, window).to_numpy(float)
            small = np.where(whole, (sums >= 1) & (sums <= policy.threshold), children >= 1)
            named = [Key(level, str(code), period) for code in codes]
            places = [place for place in np.flatnonzero(small) if named[place] not in shown]
            keys += [named[place] for place in places]
            rows.append(cells.sums(release.geography, level, window)[places])
            sure += [bool(whole[place]) for place in places]
            reaches += [needed_reach(int(children[place]), policy.threshold) for place in places]
    low, high = np.array(reaches, dtype=float).reshape(-1, 2).T
    return Targets(tuple(keys), sparse.csr_array(sparse.vstack(rows)), low, high, np.array(sure, dtype=bool))


def beside_targets(targets: Targets, further: Targets) -> Targets:
    """Return targets and those of others that are not the same sums."""
    already = set(_marks(targets.matrix))
    new: list[int] = []
    for place, mark in enumerate(_marks(further.matrix)):
        if mark not in already:
            already.add(mark)
            new.append(place)
    more = further.at(np.array(new, dtype=np.int64))
    return Targets(
        (*targets.keys, *more.keys),
        sparse.csr_array(sparse.vstack([targets.matrix, more.matrix])),
        np.concatenate([targets.reach_low, more.reach_low]),
        np.concatenate([targets.reach_high, more.reach_high]),
        np.concatenate([targets.surely(), more.surely()]),
    )


def _rows(cells: Cells, geography: Geography, level: str, window: Window) -> dict[str, Row]:
    codes, _ = geography.membership(level)
    return dict(zip(map(str, codes), _marks(cells.sums(geography, level, window)), strict=True))


def _marks(matrix: sparse.csr_array) -> list[Row]:
    """Return what tells rows of a matrix apart: where they are not 0, and what they are there."""
    sorted_ = sparse.csr_array(matrix, copy=True)
    sorted_.sort_indices()
    ends = sorted_.indptr
    return [
        (
            sorted_.indices[start:end].astype(np.int64).tobytes(),
            sorted_.data[start:end].astype(float).tobytes(),
        )
        for start, end in pairwise(ends)
    ]
