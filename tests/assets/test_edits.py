"""Edits: two people at once, histories that are whole, what is removed and brought back."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from assets.edits import asset_history, change_asset, confirm_asset, delete_asset, restore_asset
from assets.errors import AssetError, Conflict
from assets.find import find_assets
from assets.locate import locator
from assets.register import add_asset, get_asset, list_assets
from assets.schema import Asset
from store.roles import ANYONE, CLI, Actor
from store.session import reading, writing

pytestmark = pytest.mark.usefixtures("database")

ANN = Actor("p1", "Ann", "steward", "login")
BEN = Actor("p2", "Ben", "steward", "login")
HELPER = Actor("p3", "Cat", "contributor", "login")
PRIVATE = {"private_name": "Pat Private", "private_phone": "01", "consent_on": date(2026, 1, 2)}


def add(home: Path, name: str = "Old Hall", **more: object) -> Asset:
    with writing(home) as session:
        values = {"category": "hall", "longitude": 0.1, "latitude": 51.0, **more}
        return add_asset(session, actor=ANN, name=name, **values)  # type: ignore[arg-type]


def change(home: Path, asset: Asset, version: int = 1, actor: Actor = ANN, **changes: object) -> Asset:
    with writing(home) as session:
        return change_asset(
            session, asset.id, changes, actor=actor, reason="asked", expected_version=version,
            where=locator(home),
        )  # fmt: skip


def test_a_change_is_a_version_with_who_why_and_what(larder_home: Path) -> None:
    asset = add(larder_home)
    changed = change(larder_home, asset, name=" New  Hall ", cost="free")
    assert (changed.name, changed.cost, changed.version) == ("New Hall", "free", 2)
    with reading(larder_home) as session:
        one, two = asset_history(session, asset.id, ANN)
        assert get_asset(session, asset.id) == changed
    assert (one.action, one.changes["name"]) == ("add", [None, "Old Hall"])
    assert (two.actor_name, two.reason, two.action) == ("Ann", "asked", "change")
    assert two.changes == {"name": ["Old Hall", "New Hall"], "cost": ["", "free"]}


def test_a_change_that_changes_nothing_is_no_version(larder_home: Path) -> None:
    asset = add(larder_home)
    assert change(larder_home, asset, name="Old Hall").version == 1


def test_two_people_at_once_are_told_who_when_what_and_both_texts(larder_home: Path) -> None:
    asset = add(larder_home)
    change(larder_home, asset, name="Ann's Hall", phone="01268 1")
    with pytest.raises(Conflict) as conflict:
        change(larder_home, asset, actor=BEN, name="Ben's Hall", cost="free")
    told = str(conflict.value)
    day = datetime.now(UTC)
    assert f"Ann changed this asset on {day.day} {day:%B %Y} at " in told
    assert "while you were editing it: name, phone." in told
    assert "column 'name': It now says “Ann's Hall”; you wrote “Ben's Hall”." in told
    assert "free" not in told
    with reading(larder_home) as session:
        assert get_asset(session, asset.id, ANN).cost == ""


def test_a_confirmation_in_between_is_no_conflict(larder_home: Path) -> None:
    asset = add(larder_home)
    with writing(larder_home) as session:
        confirm_asset(session, asset.id, actor=HELPER, on=date(2026, 6, 1), how="rang them")
    changed = change(larder_home, asset, version=1, name="New")
    assert (changed.version, changed.confirmed_on, changed.confirmed_by) == (3, date(2026, 6, 1), "Cat")


def test_a_version_that_never_was_is_a_conflict(larder_home: Path) -> None:
    with pytest.raises(Conflict, match="not a version"):
        change(larder_home, add(larder_home), version=7, name="X")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": ""}, "needs a name"),
        ({"category": "pub"}, "not known"),
        ({"kind": "pub"}, "This kind is not known"),
        ({"precision": "vague"}, "This precision is not known"),
        ({"latitude": 95.0}, "between -90 and 90"),
        ({"latitude": None}, "Only one"),
        ({"latitude": None, "longitude": None}, "no location"),
        ({"email": "nobody"}, "not an e-mail address"),
        ({"identifiers": {"shoe": "43"}}, "identifier is not known"),
        ({"private_name": "Pat"}, "consent"),
        ({"description": "a\x00b"}, "cannot be shown"),
        ({"description": "x" * 5001}, "5001 characters"),
        ({"id": "other"}, "cannot be set"),
        ({"deleted_reason": "x"}, "cannot be set"),
    ],
)
def test_what_cannot_be_kept_is_refused_and_changes_nothing(
    larder_home: Path, changes: dict[str, object], said: str
) -> None:
    asset = add(larder_home)
    with pytest.raises(AssetError, match=said):
        change(larder_home, asset, **changes)
    with reading(larder_home) as session:
        assert get_asset(session, asset.id) == asset


def test_a_new_postcode_moves_what_came_by_postcode(town_home: Path) -> None:
    with writing(town_home) as session:
        asset = add_asset(
            session, actor=ANN, name="A", category="hall", postcode="SS15 4JE", where=locator(town_home)
        )
    moved = change(town_home, asset, postcode="ss10 4je")
    assert (moved.postcode, moved.area, asset.area) == ("SS10 4JE", "A1", "B2")
    with pytest.raises(AssetError, match="No postcode table"):
        change(town_home, asset, version=2, postcode="SS15 9ZZ")
    pinned = change(town_home, asset, version=2, longitude=asset.longitude, latitude=asset.latitude)
    assert (pinned.area, pinned.geocode_method) == ("B2", "coordinates")
    assert change(town_home, asset, version=3, postcode="SS15 4ZZ").area == "B2", "the pin is more exact"


def test_what_is_removed_is_nowhere_and_comes_back(larder_home: Path) -> None:
    asset = add(larder_home)
    with writing(larder_home) as session:
        with pytest.raises(AssetError, match="needs a reason"):
            delete_asset(session, asset.id, actor=ANN, reason=" ", expected_version=1)
        gone = delete_asset(session, asset.id, actor=ANN, reason="closed", expected_version=1)
    assert gone.deleted_at is not None
    with reading(larder_home) as session:
        assert list_assets(session, actor=CLI) == []
        assert get_asset(session, asset.id, ANN).deleted_reason == "closed"
        with pytest.raises(AssetError, match="no asset"):
            get_asset(session, asset.id, ANYONE)
    with pytest.raises(AssetError, match="removed: closed"):
        change(larder_home, asset, version=2, name="X")
    with writing(larder_home) as session:
        back = restore_asset(session, asset.id, 1, actor=ANN, reason="open again")
    assert (back.deleted_at, back.deleted_reason, back.version) == (None, "", 3)
    assert [each.id for each in find_assets(larder_home)] == [asset.id]


def test_an_earlier_version_comes_back_whole(larder_home: Path) -> None:
    asset = add(larder_home, **PRIVATE, identifiers={"uprn": "1"}, precision="postcode")
    change(larder_home, asset, name="New", identifiers={}, consent_on=None, private_name="", private_phone="")
    with writing(larder_home) as session:
        back = restore_asset(session, asset.id, 1, actor=ANN, reason="it was right")
        with pytest.raises(AssetError, match="no version 9"):
            restore_asset(session, asset.id, 9, actor=ANN, reason="x")
    told = {name: value for name, value in back.as_dict().items() if name not in {"version", "updated_at"}}
    assert told == {name: value for name, value in asset.as_dict().items() if name in told}


def test_a_confirmation(larder_home: Path) -> None:
    asset = add(larder_home, confirmed_on=date(2026, 3, 1))
    with writing(larder_home) as session:
        with pytest.raises(AssetError, match="still to come"):
            confirm_asset(
                session, asset.id, actor=ANN, on=datetime.now(UTC).date() + timedelta(days=2), how="x"
            )
        with pytest.raises(AssetError, match="later than that, on 2026-03-01"):
            confirm_asset(session, asset.id, actor=ANN, on=date(2026, 2, 1), how="x")
        done = confirm_asset(session, asset.id, actor=HELPER, on=date(2026, 4, 1), how="a visit")
    assert (done.confirmed_on, done.confirmed_how, done.private_name) == (date(2026, 4, 1), "a visit", "")


def test_a_history_without_private_contacts_for_who_may_not_see_them(larder_home: Path) -> None:
    asset = add(larder_home, **PRIVATE)
    with reading(larder_home) as session:
        assert "Pat" in str(asset_history(session, asset.id, ANN))
        assert "Pat" not in str(asset_history(session, asset.id, HELPER))


def test_the_public_sees_no_more_of_a_place_than_its_precision(town_home: Path) -> None:
    exact = (0.450957, 51.590602)
    with writing(town_home) as session:
        made = {
            precision: add_asset(
                session, actor=ANN, name=precision, category="advice", longitude=exact[0] + 0.0004,
                latitude=exact[1], postcode="SS15 4JE", address="7 Secret Street", precision=precision,
                where=locator(town_home), **PRIVATE,
            )
            for precision in ("exact", "postcode", "lsoa", "hidden")
        }  # fmt: skip
    shown = {asset.name: asset for asset in find_assets(town_home)}
    assert shown.keys() == {"exact", "postcode", "lsoa"}
    assert all(
        (each.private_name, each.private_phone, each.consent_on) == ("", "", None) for each in shown.values()
    )
    assert shown["exact"].longitude == made["exact"].longitude
    # the postcode's point, as the table of the town has it
    assert (shown["postcode"].longitude, shown["postcode"].latitude) == pytest.approx(exact, abs=1e-5)
    assert (shown["postcode"].postcode, shown["postcode"].address) == ("SS15 4JE", "")
    # cells of 0.03 by 0.02 degrees: 0.4510 lies in 0.45..0.48, 51.59 in 51.58..51.60
    assert (shown["lsoa"].longitude, shown["lsoa"].latitude) == (0.465, 51.59)
    assert (shown["lsoa"].postcode, shown["lsoa"].address, shown["lsoa"].area) == ("", "", None)
    assert {asset.name for asset in find_assets(town_home, actor=ANN)} == set(made)


def test_where_places_overlap_an_asset_stays_in_the_one_that_was_meant(two_towns_home: Path) -> None:
    where = locator(two_towns_home)
    with writing(two_towns_home) as session:
        hall = {"actor": CLI, "name": "Hall", "category": "hall", "where": where}
        first = add_asset(session, postcode="SS15 4JE", **hall)
        meant = add_asset(session, postcode="SS15 4JE", place="town", **hall)
        moved = change_asset(
            session, meant.id, {"postcode": "SS10 4JE"}, actor=CLI, expected_version=1, where=where
        )
    assert (first.place, meant.place) == ("borough", "town")
    assert (moved.place, moved.area) == ("town", "A1")
