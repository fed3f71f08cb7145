"""Runs of the demo place, attacked as they lie on the disk: one that was released, and a near-alike one beside it."""

from collections.abc import Iterator
from typing import Any

import pandas as pd
import pytest

from bake import records
from bake.agencies import STACK, GatedAgencies, agencies_of, tables_of
from bake.errors import BakeError
from bake.guard import read_guard
from bake.people import Knowledge
from bake.pipeline import Records, bake
from bake.recipe import Recipe
from bake.release import release
from bake.runs import Run
from disclosure.stack import named, tables_in
from geo.demo import ensure_demo
from tests.bake.attacked import narrowed, told
from tests.bake.test_records import extracts, quick
from tests.disclosure.tables import recovered

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def known() -> list[Knowledge]:
    """What was known of each run's areas, in the order of the bakes."""
    return []


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory, known: list[Knowledge]) -> Iterator[tuple[Run, Run]]:
    home = tmp_path_factory.mktemp("home")
    place = ensure_demo(home)
    given = Records(extracts(home, place, "demo"))
    gate = records.agencies_through_the_gate

    def noted(what: Knowledge, *more: Any) -> GatedAgencies:
        known.append(what)
        return gate(what, *more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(records, "agencies_through_the_gate", noted)
        first = bake(quick(), place, home, records=given)
        release(home, first.id, by="Ada Example")
        text = quick().text.replace("cohorts = 5", "cohorts = 4")
        second = bake(Recipe.read(text, "fewer.toml"), place, home, records=given)
        assert release(home, second.id, by="Ada Example").state == "released"
        yield first, second


def test_what_both_tell_of_the_outcome_narrows_no_small_count(
    runs: tuple[Run, Run], known: list[Knowledge]
) -> None:
    first, second = runs
    assert second.manifest["settings"]["records"]["earlier"] == [first.id]
    assert narrowed(told(first), known[0].counts) == 0
    assert narrowed(told(first, second), known[1].whole) == 0


def test_three_cohorts_beside_five_speak_of_what_the_first_gave_away_and_stay_here(
    runs: tuple[Run, Run], known: list[Knowledge]
) -> None:
    first = runs[0]
    home = first.folder.parent.parent
    recipe = Recipe.read(quick().text.replace("cohorts = 5", "cohorts = 3"), "three.toml")
    run = bake(recipe, ensure_demo(home), home, records=Records(home / "extracts" / "demo"))
    mine = [one for one in told(run) if one.kind == "counts"]
    assert run.manifest["settings"]["records"]["given_away"] == (
        narrowed(told(*runs), known[0].whole, mine) > 0
    )
    assert run.manifest["settings"]["records"]["given_away"]
    assert "given away already" in run.manifest["top"][0]
    with pytest.raises(BakeError, match="given away already"):
        release(home, run.id, by="Ada Example")


def test_what_both_tell_of_agencies_records_narrows_no_small_count(
    runs: tuple[Run, Run], known: list[Knowledge]
) -> None:
    """All facts of both runs at once: one that the second cuts at another number lies beside that of the first."""
    stacks = [agencies_of(read_guard(run.folder.parent.parent, run.id))[STACK] for run in runs]
    areas = ensure_demo(runs[0].folder.parent.parent).areas()
    first, second = (_stacked(one, areas) for one in known[:2])
    table = first.combine_first(second).fillna(0).astype("int64")
    for one, own in zip(stacks, (first, second), strict=True):
        assert recovered([one], own.loc[one.geography.parents.index]).empty
    assert recovered(stacks, table).empty
    assert len(set(tables_in(stacks[0])) & set(tables_in(stacks[1]))) > 5


def _stacked(known: Knowledge, areas: pd.DataFrame) -> pd.DataFrame:
    """Return the true counts of all that agencies say, as they lie beside each other in the gate."""
    rows = {}
    for name, table in tables_of(known, "schools").items():
        sums = table.counts.groupby(areas[table.level].astype(str).reindex(table.counts.index)).sum()
        rows |= {named(name, code): sums.loc[code] for code in sums.index}
    return pd.DataFrame(rows).T


def test_without_the_search_they_would(runs: tuple[Run, Run], known: list[Knowledge]) -> None:
    gated = records.through_the_gate
    first, _ = runs
    place = ensure_demo(first.folder.parent.parent)
    text = quick().text.replace("cohorts = 5", "cohorts = 4")
    loose = gated(Recipe.read(text, "fewer.toml"), place.areas(), known[1])
    assert narrowed([*told(first), *loose.released.values()], known[1].whole) > 0
