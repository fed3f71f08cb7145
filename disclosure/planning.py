"""Planning: what is to be protected, what is known already, and what may be withheld, as the search needs it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import repeat

import numpy as np
import numpy.typing as npt
import pandas as pd

from disclosure.attack import Targets
from disclosure.examples import Examples
from disclosure.geography import Cells, Geography, Key, Window, checked, keys_of, period_name
from disclosure.knowledge import (
    Facts,
    Knowledge,
    hidden,
    joined,
    merged,
    nothing_known,
    read_counts,
    related,
    sums_for,
)
from disclosure.policy import Policy
from disclosure.released import Released
from disclosure.seen import beside_targets, targets_seen
from disclosure.sizes import true_counts
from disclosure.statistics import around_facts, own_facts, standardised, tested, way_facts
from disclosure.suppression import FIXED, Plan, attainable, needed, needed_reach, withheld_reach
from disclosure.tells import facts_of_tells
from disclosure.unknown import counts_known, filled, unknown_cells

Integers = npt.NDArray[np.int64]
ZERO_COST = 20.0
"""How many times dearer a zero is than another figure of as many children: zeros stay unless nothing else helps."""


@dataclass(frozen=True)
class Given:
    """What came in, checked: true counts, their geography, the periods asked for, the policy, the cells told before.

    To withhold what an earlier release told protects nothing, so such cells are told again. `counted_before` are those
    of which a count was told: where it is small by today's policy and was not by that of the day it is known already.
    `whole` is the same table with all that is known beyond it (further cohorts, further areas), for what `earlier`
    releases of counts told of those.
    """

    table: pd.DataFrame
    geography: Geography
    windows: dict[str, Window]
    policy: Policy
    told_before: frozenset[Key] = frozenset()
    counted_before: frozenset[Key] = frozenset()
    examples: Examples = field(default_factory=Examples)
    whole: pd.DataFrame | None = None
    earlier: tuple[Released, ...] = ()

    @property
    def known(self) -> pd.DataFrame:
        """Return all counts that are known: of a cell that the table has, the table's."""
        if self.whole is None:
            return self.table
        return self.table.combine_first(self.whole.rename(columns=str))


def given_beside(
    counts: Released,
    table: pd.DataFrame,
    earlier: Sequence[Released],
    *,
    examples: Examples | None,
    whole: pd.DataFrame | None,
) -> Given:
    """Return what is given to a gate that comes after that of the counts, beside what earlier runs told.

    Raises `DisclosureError` where the table is not that of the counts.
    """
    geography = counts.geography
    true, _ = checked(table, geography.parents, geography.denominators, counts.policy.chain)
    before = tuple(release for release in earlier if release.kind == "counts")
    return Given(
        true,
        geography,
        dict(counts.windows),
        counts.policy,
        examples=examples or Examples(),
        whole=whole,
        earlier=before,
    )


def counts_behind(release: Released, table: pd.DataFrame) -> dict[Key, int | None]:
    """Return the true count of every cell of a release, of which the gate grants the attacker whether it is small.

    None where the table does not have all of it: then nothing is granted.
    """
    found: dict[Key, int | None] = {}
    for level in release.geography.levels():
        codes, sums, whole = counts_known(table, release.geography, release.windows, level)
        counts = sums.astype(np.int64).astype(object)
        counts[~whole] = None
        for column, period in enumerate(release.windows):
            found |= zip(
                map(Key, repeat(level), codes, repeat(period)), counts[:, column].tolist(), strict=True
            )
    return found


def facts_of(
    release: Released,
    cells: Cells,
    table: pd.DataFrame,
    *,
    granted: bool = True,
    whole: pd.DataFrame | None = None,
) -> list[Facts]:
    """Return what one release tells an attacker who is granted the moments, and, if so, which counts are small.

    `whole` is the table with what stands in for cells that it lacks.
    """
    if release.kind == "statistics":
        return statistics_facts(release, cells, table if whole is None else whole)
    return _plain_facts(release, cells, counts_behind(release, table) if granted else None)


def _plain_facts(
    release: Released, cells: Cells, true: Mapping[Key, int | None] | None = None
) -> list[Facts]:
    """Return what a release tells that rests on no moments of the truth."""
    if release.kind == "counts":
        windows = dict(release.windows)
        return [read_counts(release.frame, release.policy, release.geography, windows, cells, granted=true)]
    return [] if release.kind == "statistics" else facts_of_tells(release, cells)


def statistics_facts(release: Released, cells: Cells, table: pd.DataFrame) -> list[Facts]:
    """Return what statistics tell: of the areas around each, of its own rate, and in each further way of asking."""
    told = release.frame[release.frame["status"] == "assessed"]
    if told.empty:
        return []
    truth = cells.values(table)
    level, period = str(told["level"].iloc[0]), str(told["period"].iloc[0])
    codes = [str(code) for code in told["code"]]
    parts = (cells, release.geography, release.windows, truth)
    rates = standardised(level, period, release.policy.minimum_denominator, parts)
    test, tests = tested(rates, codes, release.surroundings), len(rates.keys)
    further = [way_facts(rates, codes, around, truth) for around in release.ways.values()]
    return [around_facts(told, test, truth, tests), own_facts(told, test, truth), *further]


def known_before(
    earlier: Sequence[Released], cells: Cells, table: pd.DataFrame, *, granted: bool = True
) -> tuple[Knowledge, int]:
    """Return what earlier releases tell, and how many of their figures no longer agree with the table."""
    lacking = unknown_cells(cells, table).any()
    plain = [facts for release in earlier for facts in _plain_facts(release, cells)] if lacking else []
    whole = filled(cells, table, [related(cells), *plain])
    truth, left_out = cells.values(whole), 0
    known = nothing_known(cells, truth)
    for parts in (facts_of(release, cells, table, granted=granted, whole=whole) for release in earlier):
        if not parts:
            continue
        facts = joined(parts)
        sums = facts.matrix @ truth
        kept = np.flatnonzero((sums >= facts.low - 1e-6) & (sums <= facts.high + 1e-6))
        left_out += len(sums) - len(kept)
        known = known.and_also(merged(facts.only(kept), cells.upper)[0])
    return known, left_out


def plans_for_counts(
    given: Given,
    frame: pd.DataFrame,
    cells: Cells,
    before: tuple[Knowledge, Knowledge],
    *,
    guarded: bool = True,
) -> tuple[list[Plan], Integers, int]:
    """Return the plans of which counts and bands may be withheld, the frame's row of each of their items, and a number.

    The number is that of small counts which earlier releases and zeros have narrowed already, whatever is withheld.

    The first plan is for a reader who is granted which counts are small. Where zeros and marks alone already narrow
    a range for such a reader, no choice helps; the second plan is for a reader who is granted nothing, and holds
    the whole reach of just those targets. `before` is what earlier releases tell the one and the other. Without
    `guarded` figures that may be withheld for others' sake have to keep their whole reach once they are.
    """
    width = float(given.policy.width)
    strong, rows = _plan(given, frame, cells, before[0], granted=True)
    base, known = needed(strong), len(small_places(given, frame, known=True))
    strong, moved = attainable(base, width, guarded=guarded)
    if moved.empty:
        return [strong], rows, known
    plain, _ = _plan(given, frame, cells, before[1], granted=False)
    places = moved["place"].to_numpy()
    plain = replace(plain, targets=base.targets.at(places), guards=base.guards[places])
    plain, left = attainable(needed(plain), width)
    places = left["place"].to_numpy(dtype=np.int64)
    small = (plain.guards[places] == FIXED) & plain.targets.surely()[places]
    lost = small & (left["high"] - left["low"] < left["reach_high"] - left["reach_low"]).to_numpy()
    return [strong, plain], rows, known + int(lost.sum())


def _plan(
    given: Given, frame: pd.DataFrame, cells: Cells, before: Knowledge, *, granted: bool
) -> tuple[Plan, Integers]:
    policy = given.policy
    keys = keys_of(frame)
    true, children, status = (frame[name].to_numpy() for name in ("true", "denominator", "status"))
    told = np.flatnonzero(status != "too few children")
    marked = dict(zip(keys, true.tolist(), strict=True)) if granted else None
    known = before.and_also(
        read_counts(frame.iloc[told], policy, given.geography, given.windows, cells, granted=marked)
    )
    free = told[(status[told] == "band") | (status[told] == "published")]
    free = np.array([place for place in free if keys[place] not in given.told_before], dtype=np.int64)
    numbers = {int(place): number for number, place in enumerate(free)}
    items, low, high = np.full(len(known.keys), FIXED), known.low.copy(), known.high.copy()
    for row, place in enumerate(told, start=len(before.keys)):
        number = numbers.get(int(place))
        if number is not None:
            items[row] = number
            band = status[place] == "band"
            low[row], high[row] = (
                (0, children[place])
                if band
                else hidden(policy, children[place], int(true[place]) if granted else None)
            )
    guarded = {
        place: number
        for place, number in numbers.items()
        if status[place] == "published" and true[place] > policy.threshold
    }
    targets, guards = targets_of(given, frame, cells, guarded)
    costs = children[free] * np.where((status[free] == "published") & (true[free] == 0), ZERO_COST, 1.0)
    return Plan(known, items, low, high, costs, targets, guards, given.examples), free


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
