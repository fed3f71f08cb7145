"""Beside: an earlier run counts for the column and the areas it tells of, not for how it or its place is called."""

from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pytest

from bake.beside import Beside, beside
from bake.errors import BakeError
from bake.release import release, standing, withdraw
from bake.runs import Run
from bake.subject import Subject, subject_of
from risk.sources import Outcome
from tests.bake.guarded import PLAIN, guarded_run

REST = replace(PLAIN, bad=PLAIN.good, good=PLAIN.bad)


def outcome(bad: tuple[str, ...], good: tuple[str, ...], column: str = PLAIN.column) -> Outcome:
    return Outcome(agency=PLAIN.agency, column=column, bad=bad, good=good)


@pytest.fixture
def seen(town: gpd.GeoDataFrame, tmp_path: Path) -> Run:
    run = guarded_run(tmp_path, town)
    release(tmp_path, run.id, by="A. Person")
    return run


def test_values_that_the_contract_does_not_allow_make_no_other_subject() -> None:
    assert subject_of(outcome(("N", "NO"), ("Y", "y"))) == PLAIN
    assert subject_of(outcome(("N",), ("Y", "Q"), "no_such_column")).good == ("Q", "Y")


@pytest.mark.parametrize(
    ("bad", "good", "same"),
    [
        (("N",), ("Y",), True),
        (("N", "NO"), ("Y",), True),  # NO occurs in no record of the first, which would have been refused
        (("N",), (), True),
        (("Y",), ("N",), False),
        (("N", "Y"), (), False),
        (("Q",), ("N", "Y"), False),
    ],
)
def test_a_split_is_the_same_where_no_value_changes_sides(
    bad: tuple[str, ...], good: tuple[str, ...], same: bool
) -> None:
    other = replace(PLAIN, bad=bad, good=good)
    assert other.splits_as(PLAIN) is PLAIN.splits_as(other) is same


def test_a_run_counts_by_what_it_tells_of_and_not_by_its_place(
    seen: Run, town: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    some = [*list(town.index)[:1], "elsewhere"]
    assert beside(tmp_path, PLAIN, some) == Beside(same=(seen.id,))
    assert beside(tmp_path, REST, some) == Beside(apart=(seen.id,))
    assert beside(tmp_path, PLAIN, ["elsewhere"]) == Beside()
    assert beside(tmp_path, replace(PLAIN, column="phonics"), some) == Beside()
    assert beside(tmp_path, replace(PLAIN, agency="births"), some) == Beside()
    assert beside(tmp_path, PLAIN, some, but=seen.id) == Beside()


def refusal(home: Path, run: Run) -> str:
    with pytest.raises(BakeError) as refused:
        release(home, run.id, by="A. Person")
    assert standing(run).state == "draft"
    return str(refused.value)


def test_another_split_is_not_released_beside_one_that_was_seen(
    seen: Run, town: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    rest = guarded_run(tmp_path, town, REST, place="again")
    said = refusal(tmp_path, rest)
    assert f"cannot be released beside {seen.id}" in said
    assert "Withdrawing that run does not help, because it was seen." in said
    withdraw(tmp_path, seen.id, reason="A trial.")
    assert refusal(tmp_path, rest) == said


def test_a_run_of_another_place_that_was_released_since_is_seen_at_release(
    town: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    later = guarded_run(tmp_path, town, place="again")
    first = guarded_run(tmp_path, town)
    release(tmp_path, first.id, by="A. Person")
    said = refusal(tmp_path, later)
    assert f"{first.id} was released, and the gate did not know it" in said
    assert "Bake again" in said
    known = guarded_run(tmp_path, town, place="third", earlier=[first.id])
    assert release(tmp_path, known.id, by="A. Person").state == "released"


def test_of_two_drafts_that_cannot_be_told_together_one_is_released(
    town: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    one, other = guarded_run(tmp_path, town), guarded_run(tmp_path, town, REST)
    release(tmp_path, other.id, by="A. Person")
    assert f"cannot be released beside {other.id}" in refusal(tmp_path, one)


def test_a_run_that_would_speak_of_what_was_given_away_stays_on_this_machine(
    town: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    run = guarded_run(tmp_path, town, given_away=True)
    said = refusal(tmp_path, run)
    assert "small numbers that earlier runs had given away already" in said
    assert "Pool as many cohorts as the runs before it, or one fewer" in said


def test_a_subject_is_read_as_it_was_written() -> None:
    written = {"agency": "a", "column": "b", "bad": ["1"], "good": ["0"]}
    assert Subject.read(written) == Subject("a", "b", ("1",), ("0",))
