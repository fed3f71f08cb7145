"""The register: adding by hand, reading back, finding by place, and what it refuses."""

from datetime import UTC, date
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from assets.drafts import Draft
from assets.errors import AssetError
from assets.find import find_assets
from assets.locate import locator
from assets.register import (
    add_asset,
    as_of,
    assets_to_export,
    counts,
    get_asset,
    list_assets,
)
from assets.schema import AssetRow, new_id, now
from store.roles import ANYONE, LOCAL
from store.session import reading, writing

pytestmark = pytest.mark.usefixtures("database")


def test_an_asset_added_by_postcode_is_on_the_map_at_once_and_unconfirmed(town_home: Path) -> None:
    with writing(town_home) as session:
        added = add_asset(
            session,
            actor=LOCAL,
            name=" New  Hall ",
            category="Village Hall",
            postcode="ss15 4je",
            where=locator(town_home),
        )
    assert (added.name, added.category, added.status, added.area) == ("New Hall", "hall", "accepted", "B2")
    assert (added.postcode, added.geocode_method, added.confirmed_on) == ("SS15 4JE", "postcode", None)
    with reading(town_home) as session:
        assert get_asset(session, added.id) == added
    assert find_assets(town_home, place="town") == [added]


def test_an_asset_added_by_coordinates_needs_no_place(larder_home: Path) -> None:
    with writing(larder_home) as session:
        added = add_asset(
            session,
            actor=LOCAL,
            name="A",
            category="park",
            longitude=0.1,
            latitude=51.0,
            confirmed_on=date(2026, 1, 2),
        )
    assert (added.place, added.area, added.geocode_method) == (None, None, "coordinates")
    assert added.created_at.tzinfo is UTC
    assert added.as_dict()["confirmed_on"] == "2026-01-02"


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"name": " "}, "needs a name"),
        ({"name": "x" * 301}, "301 characters"),
        ({"category": "pub"}, "not known"),
        ({"latitude": 100.0, "longitude": 0.0, "postcode": ""}, "between -90 and 90"),
        ({"latitude": float("nan"), "longitude": 0.0}, "between -90 and 90"),
        ({"latitude": 51.0}, "Only one"),
        ({"postcode": ""}, "no location"),
        ({"postcode": "SS15 9ZZ"}, "No postcode table"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_its_cure(
    town_home: Path, values: dict[str, object], said: str
) -> None:
    asked = {"name": "A", "category": "hall", "postcode": "SS15 4JE", **values}
    with pytest.raises(AssetError, match=said), writing(town_home) as session:
        add_asset(session, actor=LOCAL, where=locator(town_home), **asked)  # type: ignore[arg-type]
    assert find_assets(town_home) == []


def test_all_faults_come_at_once(larder_home: Path) -> None:
    with pytest.raises(AssetError) as refusal, writing(larder_home) as session:
        add_asset(session, actor=LOCAL, name="", category="pub")
    assert len(refusal.value.faults) == 3


def test_counts_and_filters(town_home: Path) -> None:
    where = locator(town_home)
    with writing(town_home) as session:
        for name, category in (("A", "hall"), ("B", "hall"), ("C", "park")):
            add_asset(session, actor=LOCAL, name=name, category=category, postcode="SS15 4JE", where=where)
    with reading(town_home) as session:
        assert counts(session) == {"status": {"accepted": 3}, "category": {"hall": 2, "park": 1}}
        assert [asset.name for asset in list_assets(session, categories=["park"])] == ["C"]
        assert counts(session, place="elsewhere") == {"status": {}, "category": {}}
        newest = as_of(list_assets(session))
    assert newest is not None
    assert as_of([]) is None


def test_an_asset_older_than_its_place_is_found_in_it(town_home: Path) -> None:
    with writing(town_home) as session:
        add_asset(session, actor=LOCAL, name="A", category="hall", longitude=0.450957, latitude=51.590602)
    (found,) = find_assets(town_home, place="town")
    assert (found.place, found.area) == ("town", "B2")
    assert find_assets(town_home)[0].place is None


@pytest.mark.parametrize("wrong", [{"status": "gone"}, {"categories": ["pub"]}])
def test_unknown_filters_name_the_known(larder_home: Path, wrong: dict[str, object]) -> None:
    with pytest.raises(AssetError, match=r"accepted|hall"):
        find_assets(larder_home, **wrong)  # type: ignore[arg-type]


def test_an_unknown_id(larder_home: Path) -> None:
    with pytest.raises(AssetError, match="no asset"), reading(larder_home) as session:
        get_asset(session, "nothing")


@pytest.mark.parametrize("wrong", [{"name": ""}, {"latitude": 91.0}, {"longitude": None}, {"status": "gone"}])
def test_the_table_itself_holds_the_rules(larder_home: Path, wrong: dict[str, object]) -> None:
    texts = ("source_category", "postcode", "address", "website", "description", "geocode_quality", "source")
    values: dict[str, object] = {
        **dict.fromkeys((*texts, "review_reason", "identity"), ""),
        "id": new_id(), "name": "A", "category": "hall", "longitude": 0.0, "latitude": 51.0,
        "geocode_method": "coordinates", "status": "accepted", "created_at": now(), "updated_at": now(),
    }  # fmt: skip
    with pytest.raises(IntegrityError), writing(larder_home) as session:
        session.add(AssetRow(**{**values, **wrong}))


def draft(**values: object) -> Draft:
    """Return a draft as an importer makes it."""
    usual: dict[str, object] = {
        **dict.fromkeys(("postcode", "address", "website", "description"), ""),
        "name": "A", "category": "hall", "source_category": "Hall", "longitude": 0.1, "latitude": 51.0,
        "geocode_method": "coordinates", "geocode_quality": "as given", "place": None, "area": None,
        "confirmed_on": None, "source": "file.csv",
    }  # fmt: skip
    return Draft(**{**usual, **values})  # type: ignore[arg-type]


def test_the_public_export_is_the_same_for_everybody(larder_home: Path) -> None:
    with writing(larder_home) as session:
        for precision in ("exact", "hidden"):
            add_asset(
                session, actor=LOCAL, name=precision, category="hall", longitude=0.1, latitude=51.0,
                precision=precision,
            )  # fmt: skip
        public = assets_to_export(session, actor=ANYONE)
        assert public == assets_to_export(session, actor=LOCAL)
        assert [each.name for each in public] == ["exact"]
        assert len(assets_to_export(session, actor=LOCAL, everything=True)) == 2
