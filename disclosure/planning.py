"""Planning: what is to be protected, what is known already, and what may be withheld, as the search needs it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import repeat

import numpy as np
import numpy.typing as npt
import pandas as pd

from disclosure.geography import Cells, Key, keys_of
from disclosure.given import Given
from disclosure.knowledge import (
    Facts,
    Knowledge,
    hidden,
    joined,
    merged,
    nothing_known,
    read_counts,
    related,
)
from disclosure.released import Released
from disclosure.statistics import around_facts, own_facts, standardised, tested, way_facts
from disclosure.suppression import FIXED, Plan, attainable, needed
from disclosure.targets import small_places, targets_of
from disclosure.tells import facts_of_tells
from disclosure.unknown import counts_known, filled, unknown_cells

Integers = npt.NDArray[np.int64]
ZERO_COST = 20.0
"""How many times dearer a zero is than another figure of as many children: zeros stay unless nothing else helps."""


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
