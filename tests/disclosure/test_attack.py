"""The attack: ranges worked by hand, a peer in full enumeration, and what it recovers when a guard is off."""

import itertools

import numpy as np
import pandas as pd
import pytest

from disclosure.attack import ranges
from disclosure.errors import DisclosureError
from disclosure.policy import DEFAULT
from disclosure.released import Released
from tests.disclosure.peer import extremes
from tests.disclosure.tables import Table, district, goals, knowledge, nested, recovered, release

CHILDREN = [[15], [15]] * 4
# L00 = 7 beside L01 = 12: M0 = 19 is shown as 20, L01 as 10, so L00 is at least 18 - 12 = 6.
PINNED = [[4], [3], [6], [6], [8], [8], [8], [8]]


def test_a_count_of_seven_is_pinned_by_its_neighbour_and_their_sum() -> None:
    parts = nested(PINNED, CHILDREN)
    found = recovered([release(parts, secondary=False)], parts[0], granted=True).set_index(["level", "code"])
    assert tuple(found.loc[("lsoa", "L00"), ["low", "high"]]) == (6, 7)


def test_secondary_suppression_unpins_it() -> None:
    parts = nested(PINNED, CHILDREN)
    released = release(parts)
    assert recovered([released], parts[0]).empty
    assert recovered([released], parts[0], granted=True).empty


def enumerated(released: Released, table: pd.DataFrame) -> dict[tuple[str, str], tuple[int, int]]:
    """Return the ranges of LSOA counts by trying every table of two LSOAs."""
    frame = released.frame.set_index(["level", "code"])

    def agrees(level: str, code: str, count: int) -> bool:
        row = frame.loc[(level, code)]
        if row["status"] == "suppressed":
            return True  # a zero may be withheld too
        low, high = DEFAULT.behind(int(row["count"]), int(row["denominator"]))
        return low <= count <= high

    fits = [
        pair
        for pair in itertools.product(range(31), repeat=2)
        if agrees("lsoa", "L00", pair[0]) and agrees("lsoa", "L01", pair[1]) and agrees("msoa", "M0", sum(pair))
        and agrees("district", "D", sum(pair))
    ]  # fmt: skip
    return {
        ("lsoa", f"L0{place}"): (min(pair[place] for pair in fits), max(pair[place] for pair in fits))
        for place in (0, 1)
    }


@pytest.mark.parametrize("first", [1, 3, 7])
@pytest.mark.parametrize("second", [8, 11, 12, 29])
def test_ranges_are_those_of_full_enumeration(first: int, second: int) -> None:
    half = second // 2
    parts = nested([[first], [0], [half], [second - half]], CHILDREN[:4])
    # the smallest areas have 15 children and so no band: only the sums bind
    released = release(parts, secondary=False)
    wanted = goals([released], parts[0])
    for whole in (False, True):
        found = ranges(knowledge([released], parts[0]), wanted, whole=whole).set_index(["level", "code"])
        expected = enumerated(released, parts[0])[("lsoa", "L00")]
        assert tuple(found.loc[("lsoa", "L00"), ["low", "high"]]) == expected


def test_facts_that_no_table_agrees_with_are_refused() -> None:
    parts = nested(PINNED, CHILDREN)
    known = knowledge([release(parts)], parts[0])
    broken = known.within(known.low + 1000, known.high + 1000)
    with pytest.raises(DisclosureError, match="no table"):
        ranges(
            broken,
            goals([release(parts)], parts[0]).only(np.array([True, *[False] * 100])[: len(parts[0]) + 4]),
        )


def narrowed(released: Released, parts: Table, *, granted: bool) -> int:
    """Return how many small counts a plain programme over all cells, for each of them, narrows below 1 to 7."""
    wanted = goals([released], parts[0])
    found = extremes(knowledge([released], parts[0], granted=granted), wanted)
    low, high = np.ceil(found[:, 0] - 1e-6), np.floor(found[:, 1] + 1e-6)
    return int((high - low < wanted.reach_high - wanted.reach_low).sum())


@pytest.mark.parametrize("granted", [False, True])
def test_an_attacker_who_knows_no_short_cut_finds_nothing_either(granted: bool) -> None:
    parts = district(seed=1, areas=30, rate=0.5)
    assert narrowed(release(parts), parts, granted=granted) == 0
    assert narrowed(release(parts, secondary=False), parts, granted=granted) > 0
