"""Targets: which small counts nobody may work out, told or not, now or from the releases before."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from disclosure.attack import Targets
from disclosure.geography import Cells, Key, Window, keys_of, period_name
from disclosure.given import Given
from disclosure.knowledge import sums_for
from disclosure.released import Released
from disclosure.seen import beside_targets, targets_seen
from disclosure.sizes import true_counts
from disclosure.suppression import FIXED, needed_reach, withheld_reach

Integers = npt.NDArray[np.int64]


def small_places(given: Given, frame: pd.DataFrame, *, known: bool = False) -> Integers:
    """Return the rows of small counts that no release has told, or with `known` those that one has."""
    true = frame["true"].to_numpy()
    small = np.flatnonzero((true >= 1) & (true <= given.policy.threshold))
    told = np.array([key in given.counted_before for key in keys_of(frame.iloc[small])], dtype=bool)
    return np.asarray(small[told if known else ~told], dtype=np.int64)


def targets_of(
    given: Given, frame: pd.DataFrame, cells: Cells, guarded: Mapping[int, int]
) -> tuple[Targets, Integers]:
    """Return what must not be worked out, and the item that makes each a target (-1: it always is one).

    Every small count, told or not, down to the smallest area in each cohort; and of the greater counts those that
    are withheld: `guarded` gives for their rows of the frame the item in question, -1 where it is withheld already.
    """
    policy = given.policy
    true, children = frame["true"].to_numpy(), frame["denominator"].to_numpy()
    small = small_places(given, frame)
    places = [*small, *guarded]
    keys = keys_of(frame.iloc[places])
    reaches = [needed_reach(int(children[place]), policy.threshold) for place in small]
    reaches += [
        withheld_reach(policy.rounded(int(true[place]), int(children[place])), int(children[place]), policy)
        for place in guarded
    ]
    single, single_reaches = unpublished_targets(given, frozenset(keys))
    every = {**given.windows, **single_cohorts(given), **foreseen(given)}
    matrix = sums_for(cells, given.geography, [*keys, *single], every)
    low, high = np.array([*reaches, *single_reaches], dtype=float).reshape(-1, 2).T
    targets = Targets((*keys, *single), matrix, low, high)
    for release in given.earlier:
        targets = beside_targets(targets, _seen(release, given, cells))
    others = len(targets.keys) - len(small) - len(guarded)
    guards = [FIXED] * len(small) + list(guarded.values()) + [FIXED] * others
    return targets, np.array(guards, dtype=np.int64)


def _seen(release: Released, given: Given, cells: Cells) -> Targets:
    """Return the small counts that an earlier release has hidden, also in the windows foreseen from it."""
    theirs = Given(given.table, release.geography, dict(release.windows), given.policy)
    windows = {**release.windows, **single_cohorts(theirs), **foreseen(theirs)}
    return targets_seen(release, given.known, windows, given.policy, cells)


def single_cohorts(given: Given) -> dict[str, Window]:
    """Return each cohort as a period of its own."""
    return {cohort: (cohort,) for cohort in given.geography.cohorts}


def foreseen(given: Given) -> dict[str, Window]:
    """Return what the next run's windows will share with today's: each window without its first cohort.

    A small count there has to stay open today, or next year's window would begin with it already narrowed.
    """
    later = [window[1:] for window in given.windows.values() if len(window) > 2]
    return {period_name(window): window for window in later}


def unpublished_targets(given: Given, already: frozenset[Key]) -> tuple[list[Key], list[tuple[float, float]]]:
    """Return small counts that no table shows but sums of published ones might tell, and their reach.

    Those of the smallest areas in each cohort, and those of every area in the windows foreseen.
    """
    smallest = str(given.geography.parents.index.name)
    levels = [
        level for level in given.geography.levels() if level in (*given.policy.chain, *given.policy.banded)
    ]
    wanted = {smallest: {**single_cohorts(given), **foreseen(given)}}
    wanted |= {level: foreseen(given) for level in levels if level != smallest}
    keys, reaches = [], []
    for level, windows in wanted.items():
        counts = true_counts(given.table, given.geography, windows, level)
        children = true_counts(given.geography.denominators, given.geography, windows, level)
        own = given.geography.own_areas(level)
        true, most, codes = counts.to_numpy()[own], children.to_numpy()[own], counts.index[own]
        for column, period in enumerate(windows):
            for row in np.flatnonzero((true[:, column] >= 1) & (true[:, column] <= given.policy.threshold)):
                key = Key(level, codes[row], period)
                if key not in already:
                    keys.append(key)
                    reaches.append(needed_reach(int(most[row, column]), given.policy.threshold))
    return keys, reaches
