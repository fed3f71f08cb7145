from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest

from assets.coverage import (
    KIND,
    add_look,
    coverage,
    keep_looks,
    last_looks,
    looks_in,
    published_in,
    take_back,
)
from assets.errors import AssetError
from assets.locate import locator
from assets.register import add_asset
from geo.place import find_place
from store.roles import ANYONE, CLI, ROLES, Actor, Forbidden, importer
from store.session import reading, writing
from store.versions import history

DAY = date(2026, 5, 3)
HELPER = Actor("c1", "Con", "contributor", "login")


def look(home: Path, **more):  # type: ignore[no-untyped-def]
    with writing(home) as session:
        return add_look(
            session,
            **(
                {"actor": HELPER, "place": find_place(home, "town"), "looked_on": DAY, "found": "none"} | more
            ),
        )


def test_nobody_has_looked_until_somebody_has(database: str, town_home: Path) -> None:
    with reading(town_home) as session:
        assert looks_in(session, "town", "B2") == []
    assert look(town_home, areas=["A1", "B2"], categories=["library", "gp"]) == 4
    with reading(town_home) as session:
        last = last_looks(looks_in(session, "town", "B2"), ["library", "childcare"])
    assert last["childcare"] is None
    assert last["library"] is not None
    assert (last["library"].looked_on, last["library"].found, last["library"].by_name) == (DAY, "none", "Con")


def test_a_look_at_the_whole_place_for_everything_holds_for_each_area_and_category(town_home: Path) -> None:
    look(town_home, actor=importer("council list"), found="all")
    look(town_home, areas=["C3"], categories=["gp"], looked_on=DAY + timedelta(days=1))
    with reading(town_home) as session:
        last = last_looks(looks_in(session, "town", "C3"), ["gp", "hall"])
        elsewhere = looks_in(session, "another place", "C3")
    assert [(name, one and one.found) for name, one in last.items()] == [("gp", "none"), ("hall", "all")]
    assert elsewhere == []


def test_a_look_grows_stale_as_a_confirmation_does(town_home: Path) -> None:
    look(town_home, categories=["food_bank"])
    with reading(town_home) as session:
        one = looks_in(session, "town", "A1")[0]
    # a food bank's half-life is 120 days
    assert one.state("food_bank", DAY + timedelta(days=120)) == "ageing"
    assert one.state("food_bank", DAY + timedelta(days=121)) == "stale"


def test_coverage_counts_what_is_there_and_tells_when_somebody_looked(database: str, town_home: Path) -> None:
    where = locator(town_home)
    with writing(town_home) as session:
        for name, more in (("Hall", {}), ("Refuge", {"precision": "hidden"})):
            add_asset(
                session, actor=CLI, name=name, category="hall", postcode="SS15 4JE", where=where, **more
            )
    look(town_home, areas=["B2"], categories=["library"])
    look(town_home, areas=["B2"], categories=["gp"], looked_on=DAY - timedelta(days=9))
    place = find_place(town_home, "town")
    seen = coverage(town_home, place, ANYONE)
    assert list(seen.index) == ["A1", "A2", "A3", "B1", "B2", "B3", "C1", "C2", "C3"]
    assert seen.loc["B2", "assets"] == 1
    assert seen["assets"].sum() == 1
    assert seen.loc["B2", "looked_on"] == pd.Timestamp(DAY)
    assert seen.loc["B2", "looked_for"] == ("gp", "library")
    assert seen["looked_on"].isna().sum() == 8
    # a hidden asset counts for those alone who may see it
    assert coverage(town_home, place, CLI).loc["B2", "assets"] == 2


def test_every_fault_is_told_at_once(town_home: Path) -> None:
    with pytest.raises(AssetError) as caught:
        look(town_home, categories=["dragons"], looked_on=date(2199, 1, 1), found="some", areas=[])
    assert len(caught.value.faults) == 4


def test_only_helpers_record_that_somebody_looked(town_home: Path) -> None:
    for role in ROLES:
        actor = Actor("x", "X", role, "login")
        if role in ("contributor", "steward", "admin"):
            assert look(town_home, actor=actor) == 1
        else:
            with pytest.raises(Forbidden):
                look(town_home, actor=actor)


def test_a_look_is_taken_back_by_who_recorded_it_and_its_history_says_so(
    database: str, town_home: Path
) -> None:
    town = find_place(town_home, "town")
    with writing(town_home) as session:
        (one,) = keep_looks(
            session, actor=HELPER, place=town, looked_on=DAY, found="none", areas=["B2"], categories=["gp"]
        )
    with writing(town_home) as session, pytest.raises(Forbidden):
        take_back(session, [one], actor=Actor("c2", "Else", "contributor", "login"))
    with writing(town_home) as session:
        assert take_back(session, [one], actor=HELPER) == 1
        assert take_back(session, [one], actor=HELPER) == 0
    with reading(town_home) as session:
        assert looks_in(session, "town", "B2") == []
        (told,) = history(session, KIND, one)
    assert (told.action, told.actor, told.changes["looked_on"]) == ("remove", "c1", ["2026-05-03", None])


def test_none_is_refused_where_something_of_the_kind_is_published(database: str, town_home: Path) -> None:
    where = locator(town_home)
    with writing(town_home) as session:
        for name, more in (("Hall", {}), ("Refuge", {"precision": "hidden"})):
            add_asset(
                session, actor=CLI, name=name, category="hall", postcode="SS15 4JE", where=where, **more
            )
    place = find_place(town_home, "town")

    def there(areas: list[str], categories: list[str]) -> list[str]:
        with reading(town_home) as session:
            return [asset.name for asset in published_in(session, place, areas, categories)]

    assert there(["*"], ["*"]) == there(["B2"], ["hall"]) == ["Hall"]
    assert there(["A1"], ["*"]) == there(["*"], ["library"]) == []
    for untrue in ({}, {"areas": ["A1", "B2"], "categories": ["library", "hall"]}):
        # what is hidden is not told, nor does it stand in the way
        with pytest.raises(AssetError, match=r"^One asset is recorded there: Hall\. If you did not"):
            look(town_home, **untrue)
    assert look(town_home, areas=["A1"]) == look(town_home, categories=["library"]) == 1
    assert look(town_home, found="all") == 1


def test_many_that_are_published_are_not_all_named(town_home: Path) -> None:
    where = locator(town_home)
    with writing(town_home) as session:
        for letter in "ABCDEFG":
            add_asset(
                session, actor=CLI, name=f"Hall {letter}", category="hall", postcode="SS15 4JE", where=where
            )
    told = "Seven assets are recorded there: Hall A, Hall B, Hall C, Hall D, Hall E and 2 more."
    with pytest.raises(AssetError, match=told):
        look(town_home)
