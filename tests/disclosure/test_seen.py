"""The seen: a release of fewer cohorts, or of a part of the areas, beside one of all."""

import numpy as np
import pandas as pd
import pytest

from disclosure.attack import Targets, narrow
from disclosure.gate import release_counts
from disclosure.geography import Cells, Key, keys_of
from disclosure.knowledge import sums_for
from disclosure.planning import known_before
from disclosure.released import Released
from disclosure.seen import told_alike
from disclosure.suppression import needed_reach
from disclosure.unknown import filled, unknown_cells
from tests.disclosure.peer import extremes
from tests.disclosure.tables import Table, admitted, district, goals, knowledge, recovered


@pytest.fixture(scope="module")
def parts() -> Table:
    return district(areas=60, rate=0.15)


@pytest.fixture(scope="module")
def first(parts: Table) -> Released:
    return release_counts(*parts)


def later(parts: Table, cohorts: int, **more: object) -> Released:
    """Return the release of the last cohorts alone."""
    table, hierarchy, children = parts
    years = list(table)[-cohorts:]
    return release_counts(table[years], hierarchy, children[years], **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("cohorts", [2, 3, 4])
@pytest.mark.parametrize("known", [True, False])
def test_fewer_cohorts_beside_all_tell_no_more_than_all_did(
    parts: Table, first: Released, cohorts: int, known: bool
) -> None:
    table = parts[0]
    second = later(parts, cohorts, earlier=[first], whole=table if known else None)
    wanted = goals([first, second], table)
    alone = len(narrow(knowledge([first], table), wanted))
    assert len(narrow(knowledge([first, second], table), wanted)) == alone
    assert admitted(second) >= alone, "what the first told already is said"


@pytest.mark.parametrize("seed", range(4))
def test_a_release_says_how_many_of_its_small_counts_were_given_away_before(seed: int) -> None:
    """As a plain programme over all cells has it, by what was told before alone."""
    table, hierarchy, children = district(seed=seed, areas=60, rate=0.15)
    before = release_counts(table, hierarchy, children)
    second = later((table, hierarchy, children), 3, earlier=[before])
    keys, reaches = small_counts(second, table)
    cells = Cells.over([before.geography, second.geography])
    targets = Targets(tuple(keys), sums_for(cells, second.geography, keys, dict(second.windows)), *reaches)
    found = np.array(extremes(known_before([before], cells, table, granted=False)[0], targets))
    found = np.array([np.ceil(found[:, 0] - 1e-6), np.floor(found[:, 1] + 1e-6)])
    narrower = found[1] - found[0] < reaches[1] - reaches[0]
    assert second.given_away == narrower.sum()
    assert before.given_away == 0


def small_counts(released: Released, table: pd.DataFrame) -> tuple[list[Key], tuple[np.ndarray, np.ndarray]]:
    """Return the cells of a release that hold 1 to 7 children, and the range that each has to keep."""
    keys, reaches = [], []
    for key in keys_of(released.frame):
        here = table.loc[released.geography.parents.index, list(released.geography.cohorts)]
        count, everybody = (
            int(released.geography.totals(part, key.level, released.windows[key.period])[key.code])
            for part in (here, released.geography.denominators)
        )
        if 1 <= count <= 7:
            keys.append(key)
            reaches.append(needed_reach(everybody, 7))
    low, high = np.array(reaches, dtype=float).T
    return keys, (low, high)


def test_without_the_first_fewer_cohorts_tell_more(parts: Table, first: Released) -> None:
    table = parts[0]
    loose = later(parts, 3)
    wanted = goals([first, loose], table)
    assert len(narrow(knowledge([first, loose], table), wanted)) > len(
        narrow(knowledge([first], table), wanted)
    )


@pytest.mark.parametrize("known", [True, False])
def test_a_part_of_the_areas_beside_all_tells_no_more(parts: Table, first: Released, known: bool) -> None:
    part = [frame.iloc[:37] for frame in parts]
    second = release_counts(*part, earlier=[first], whole=parts[0] if known else None)
    assert len(recovered([first, second], parts[0])) == len(recovered([first], parts[0]))


def test_a_sum_of_fewer_areas_is_not_the_same_though_it_has_the_same_name(
    parts: Table, first: Released
) -> None:
    part = [frame.iloc[:37] for frame in parts]
    second = release_counts(*part)
    cells = Cells.over([first.geography, second.geography])
    alike = told_alike(first, second.geography, second.windows, cells, ["published", "band"])
    assert {key.code for key in alike if key.level == "district"} == set()
    # LSOAs of five areas: of the eighth only two are in the part
    assert "L007" not in {key.code for key in alike}
    everything = told_alike(first, first.geography, first.windows, cells, ["published"])
    assert len(everything) == (first.frame["status"] == "published").sum()


def test_what_stands_in_for_unknown_cells_agrees_with_all_that_was_told(
    parts: Table, first: Released
) -> None:
    table = parts[0]
    years = list(table)[2:]
    cells = Cells.over([first.geography])
    known, left_out = known_before([first], cells, table[years])
    assert left_out == 0
    assert known.example is not None
    assert known.admits(known.example)
    unknown = unknown_cells(cells, table[years])
    assert unknown.sum() == (parts[2][list(table)[:2]] > 0).sum().sum()
    assert np.array_equal(known.example[~unknown], cells.values(table)[~unknown])


def test_where_nothing_was_told_unknown_cells_are_nought(parts: Table) -> None:
    cells = Cells.over([later(parts, 5).geography])
    some = parts[0].iloc[:10]
    pd.testing.assert_frame_equal(
        filled(cells, some, []), parts[0].mul(parts[0].index.isin(some.index), axis=0).astype(float),
        check_names=False,
    )  # fmt: skip
