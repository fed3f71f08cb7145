"""Planning: what is to be protected, what is known already, and what may be withheld, as the search needs it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from disclosure.attack import Targets
from disclosure.geography import Cells, Geography, Key, Window, period_name
from disclosure.knowledge import Facts, Knowledge, hidden, nothing_known, read_counts, sums_for
from disclosure.policy import Policy
from disclosure.released import Released
from disclosure.statistics import around_facts, own_facts, tested
from disclosure.suppression import FIXED, Plan, attainable, needed_reach, withheld_reach

Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Given:
    """What came in, checked: true counts, their geography, the periods asked for, the policy, the cells told before.

    To withhold what an earlier release told protects nothing, so such cells are told again.
    """

    table: pd.DataFrame
    geography: Geography
    windows: dict[str, Window]
    policy: Policy
    told_before: frozenset[Key] = frozenset()


def true_counts(
    table: pd.DataFrame, geography: Geography, windows: Mapping[str, Window], level: str
) -> pd.DataFrame:
    """Return the sums of a table at a level, a row an area, a column a period."""
    return pd.DataFrame({name: geography.totals(table, level, window) for name, window in windows.items()})


def small_keys(release: Released, table: pd.DataFrame) -> frozenset[Key]:
    """Return which cells of a release are truly small: what the gate grants to the attacker."""
    found = []
    here = table.reindex(
        release.geography.parents.index, columns=list(release.geography.cohorts), fill_value=0
    )
    for level in release.geography.levels():
        counts = true_counts(here, release.geography, release.windows, level)
        for period in counts:
            small = counts.index[counts[period].between(1, release.policy.threshold)]
            found += [Key(level, str(code), str(period)) for code in small]
    return frozenset(found)


def facts_of(release: Released, cells: Cells, table: pd.DataFrame, *, granted: bool = True) -> list[Facts]:
    """Return what one release tells an attacker who is granted mean and spread, and, if so, which counts are small."""
    windows = dict(release.windows)
    if release.kind == "counts":
        small = small_keys(release, table) if granted else None
        return [read_counts(release.frame, release.policy, release.geography, windows, cells, small=small)]
    frame = release.frame
    told = frame[frame["status"] == "assessed"]
    if told.empty:
        return []
    truth = cells.values(table)
    level, period = str(told["level"].iloc[0]), str(told["period"].iloc[0])
    codes = [str(code) for code in told["code"]]
    test = tested(codes, level, period, release.surroundings, (cells, release.geography, windows, truth))
    return [around_facts(told, test, truth), own_facts(told, test, truth)]


def known_before(
    earlier: Sequence[Released], cells: Cells, table: pd.DataFrame, *, granted: bool = True
) -> tuple[Knowledge, int]:
    """Return what earlier releases tell, and how many of their figures no longer agree with the table."""
    known, left_out = nothing_known(cells), 0
    truth = cells.values(table)
    for facts in (facts for release in earlier for facts in facts_of(release, cells, table, granted=granted)):
        sums = facts.matrix @ truth
        kept = np.flatnonzero((sums >= facts.low - 1e-6) & (sums <= facts.high + 1e-6))
        left_out += len(sums) - len(kept)
        known = known.and_also(facts.only(kept))
    return known, left_out


def plans_for_counts(
    given: Given, frame: pd.DataFrame, cells: Cells, before: tuple[Knowledge, Knowledge]
) -> tuple[list[Plan], Integers, int]:
    """Return the plans of which counts and bands may be withheld, the frame's row of each of their items, and a number.

    The number is that of small counts which earlier releases and zeros have narrowed already, whatever is withheld.

    The first plan is for a reader who is granted which counts are small. Where zeros and marks alone already narrow
    a range for such a reader, no choice helps; the second plan is for a reader who is granted nothing, and holds
    the whole reach of just those targets. `before` is what earlier releases tell the one and the other.
    """
    width = float(given.policy.width)
    strong, rows = _plan(given, frame, cells, before[0], granted=True)
    strong, moved = attainable(strong, width)
    if moved.empty:
        return [strong], rows, 0
    plain, _ = _plan(given, frame, cells, before[1], granted=False)
    places = moved["place"].to_numpy()
    plain = replace(plain, targets=plain.targets.at(places), guards=plain.guards[places])
    plain, left = attainable(plain, width)
    small = plain.guards[left["place"].to_numpy(dtype=np.int64)] == FIXED
    lost = small & (left["high"] - left["low"] < left["reach_high"] - left["reach_low"]).to_numpy()
    return [strong, plain], rows, int(lost.sum())


def _plan(
    given: Given, frame: pd.DataFrame, cells: Cells, before: Knowledge, *, granted: bool
) -> tuple[Plan, Integers]:
    policy = given.policy
    keys = [Key(*names) for names in frame[["level", "code", "period"]].itertuples(index=False)]
    true, children, status = (frame[name].to_numpy() for name in ("true", "denominator", "status"))
    small = (true >= 1) & (true <= policy.threshold)
    told = np.flatnonzero(status != "too few children")
    marked = frozenset(keys[place] for place in np.flatnonzero(small)) if granted else None
    known = before.and_also(
        read_counts(frame.iloc[told], policy, given.geography, given.windows, cells, small=marked)
    )
    free = told[(status[told] == "band") | ((status[told] == "published") & (true[told] > 0))]
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
                else hidden(policy, children[place], small=False if granted else None)
            )
    guarded = {place: number for place, number in numbers.items() if status[place] == "published"}
    targets, guards = targets_of(given, frame, cells, guarded)
    return Plan(known, items, low, high, children[free].astype(float), targets, guards), free


def targets_of(
    given: Given, frame: pd.DataFrame, cells: Cells, guarded: Mapping[int, int]
) -> tuple[Targets, Integers]:
    """Return what must not be worked out, and the item that makes each a target (-1: it always is one).

    Every small count, told or not, down to the smallest area in each cohort; and of the greater counts those that
    are withheld: `guarded` gives for their rows of the frame the item in question, -1 where it is withheld already.
    """
    policy = given.policy
    true, children = frame["true"].to_numpy(), frame["denominator"].to_numpy()
    small = np.flatnonzero((true >= 1) & (true <= policy.threshold))
    places = [*small, *guarded]
    names = frame[["level", "code", "period"]].iloc[places].itertuples(index=False)
    keys = [Key(*name) for name in names]
    reaches = [needed_reach(int(children[place]), policy.threshold) for place in small]
    reaches += [
        withheld_reach(policy.rounded(int(true[place]), int(children[place])), int(children[place]), policy)
        for place in guarded
    ]
    single, single_reaches = unpublished_targets(given, frozenset(keys))
    guards = [FIXED] * len(small) + list(guarded.values()) + [FIXED] * len(single)
    every = {**given.windows, **single_cohorts(given), **foreseen(given)}
    matrix = sums_for(cells, given.geography, [*keys, *single], every)
    low, high = np.array([*reaches, *single_reaches], dtype=float).reshape(-1, 2).T
    return Targets((*keys, *single), matrix, low, high), np.array(guards, dtype=np.int64)


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
        for period in windows:
            for code in counts.index[counts[period].between(1, given.policy.threshold)]:
                key = Key(level, str(code), period)
                if key not in already:
                    keys.append(key)
                    reaches.append(needed_reach(int(children.at[code, period]), given.policy.threshold))
    return keys, reaches
