"""Searching: words, filters, pages and the map's box, the same on both databases, and nothing hidden by any of them."""

from datetime import date
from pathlib import Path

import pytest

from assets import search
from assets.edits import change_asset, delete_asset, restore_asset
from assets.errors import AssetError
from assets.schema import Asset
from assets.search import AssetQuery, map_assets, search_assets
from store.errors import StoreError
from store.roles import ANYONE, Actor
from store.session import reading, writing
from tests.assets.test_edits import ANN, add

pytestmark = pytest.mark.usefixtures("database")
TODAY = date(2026, 11, 23)


def names(home: Path, actor: Actor = ANYONE, **query: object) -> list[str]:
    with reading(home) as session:
        page = search_assets(session, AssetQuery(**query), actor)  # type: ignore[arg-type]
    assert page.total == len(page.items)
    return [asset.name for asset in page.items]


@pytest.fixture
def stocked(larder_home: Path) -> dict[str, Asset]:
    values: list[tuple[str, dict[str, object]]] = [
        ("St. Anne's Café", {"category": "cafe", "address": "1 High Street", "for_whom": "carers"}),
        ("Library", {"category": "library", "postcode": "SS15 4JE", "longitude": 0.2}),
        ("مكتبة المدينة", {"category": "library", "kind": "service"}),
        ("図書館", {"category": "library", "confirmed_on": date(2026, 11, 1)}),
        ("Refuge", {"category": "advice", "precision": "hidden", "address": "Secret Street"}),
        (
            "Meeting",
            {"category": "advice", "precision": "lsoa", "address": "9 Quiet Row", "latitude": 51.005},
        ),
    ]
    return {name: add(larder_home, name, **more) for name, more in values}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("cafe", ["St. Anne's Café"]),
        ("CAFÉ", ["St. Anne's Café"]),
        ("st annes", ["St. Anne's Café"]),
        ("anne caf", ["St. Anne's Café"]),
        ("high carers", ["St. Anne's Café"]),
        ("nne", []),
        ("lib", ["Library", "مكتبة المدينة", "図書館"]),
        ("SS15", ["Library"]),
        ("ss154je", ["Library"]),
        ("مكتبة", ["مكتبة المدينة"]),
        ("図書", ["図書館"]),
        ("library cafe", []),
        ("refuge", []),
        ("secret", []),
        ("quiet", []),
        ("meet", ["Meeting"]),
        ("'; DROP TABLE assets; --", []),
        ('"', ["Library", "Meeting", "St. Anne's Café", "مكتبة المدينة", "図書館"]),
        ("near OR lib*", []),
        ("a" * 10_000, []),
    ],
)
def test_words(larder_home: Path, stocked: dict[str, Asset], text: str, found: list[str]) -> None:
    assert names(larder_home, text=text) == found


def test_a_steward_finds_the_hidden_one_but_not_by_its_address(
    larder_home: Path, stocked: dict[str, Asset]
) -> None:
    assert names(larder_home, ANN, text="refuge") == ["Refuge"]
    assert names(larder_home, ANN, text="secret") == []


def test_filters(larder_home: Path, stocked: dict[str, Asset]) -> None:
    assert names(larder_home, categories=["cafe", "advice"]) == ["Meeting", "St. Anne's Café"]
    assert names(larder_home, kinds=["service"]) == ["مكتبة المدينة"]
    assert names(larder_home, freshness=["fresh"], today=TODAY) == ["図書館"]
    assert names(larder_home, freshness=["unconfirmed"], categories=["cafe"], today=TODAY) == [
        "St. Anne's Café"
    ]
    assert names(larder_home, text="lib", kinds=["service"]) == ["مكتبة المدينة"]
    assert names(larder_home, box=(0.15, 50.9, 0.25, 51.1)) == ["Library"]
    assert names(larder_home, place="elsewhere") == []
    assert names(larder_home, ANN, status="held") == []


def test_a_box_cannot_find_out_where_a_coarse_one_is(larder_home: Path, stocked: dict[str, Asset]) -> None:
    tight = (0.0999, 51.0049, 0.1001, 51.0051)
    assert "Meeting" not in names(larder_home, box=tight)
    assert "Meeting" in names(larder_home, ANN, box=tight)
    with reading(larder_home) as session:
        points, total = map_assets(session, AssetQuery(), ANYONE)
    (meeting,) = [point for point in points if point.name == "Meeting"]
    # cells of 0.03 by 0.02 degrees
    assert (meeting.longitude, meeting.latitude, meeting.area) == (0.105, 51.01, None)
    assert total == 5


def test_the_map_says_how_many_it_does_not_draw(larder_home: Path, stocked: dict[str, Asset]) -> None:
    with reading(larder_home) as session:
        points, total = map_assets(session, AssetQuery(categories=["library"]), ANYONE, limit=2)
        assert (len(points), total) == (2, 3)
        assert {point.kind for point in map_assets(session, AssetQuery(text="lib"), ANYONE)[0]} == {
            "place",
            "service",
        }


def test_pages_cover_the_list_once(larder_home: Path, stocked: dict[str, Asset]) -> None:
    with reading(larder_home) as session:
        pages = [search_assets(session, AssetQuery(page=page, size=2), ANYONE) for page in (1, 2, 3, 4)]
    assert [each.name for page in pages for each in page.items] == names(larder_home)
    assert {page.total for page in pages} == {5}
    assert [len(page.items) for page in pages] == [2, 2, 1, 0]


def test_numbers_stand_in_their_natural_order(larder_home: Path) -> None:
    for name in ("Block 10", "Block 2", "Block 2a", "block 1", "Block", "9 Lives", "10 Acre Field"):
        add(larder_home, name)
    ordered = ["9 Lives", "10 Acre Field", "Block", "block 1", "Block 2", "Block 2a", "Block 10"]
    assert names(larder_home) == ordered
    assert names(larder_home, text="block") == ordered[2:]


@pytest.mark.parametrize("many", [0, 1, 2, 3, 1_000])
def test_few_answers_and_many_are_listed_alike(
    larder_home: Path, stocked: dict[str, Asset], monkeypatch: pytest.MonkeyPatch, many: int
) -> None:
    monkeypatch.setattr(search, "MANY", many)
    assert names(larder_home, text="lib") == ["Library", "مكتبة المدينة", "図書館"]
    with reading(larder_home) as session:
        pages = [
            search_assets(session, AssetQuery(text="lib", page=page, size=2), ANYONE) for page in (1, 2, 3)
        ]
    assert [[each.name for each in page.items] for page in pages] == [
        ["Library", "مكتبة المدينة"],
        ["図書館"],
        [],
    ]
    assert {page.total for page in pages} == {3}


def test_a_search_follows_what_changes(larder_home: Path, stocked: dict[str, Asset]) -> None:
    library = stocked["Library"].id
    with writing(larder_home) as session:
        change_asset(session, library, {"name": "Idea Store"}, actor=ANN, expected_version=1)
    assert names(larder_home, text="idea") == ["Idea Store"]
    with writing(larder_home) as session:
        delete_asset(session, library, actor=ANN, reason="closed", expected_version=2)
    assert names(larder_home, text="idea") == []
    with writing(larder_home) as session:
        restore_asset(session, library, 1, actor=ANN, reason="open")
    assert names(larder_home, text="idea") == []
    assert names(larder_home, text="SS15") == ["Library"]


@pytest.mark.parametrize(
    "wrong",
    [{"categories": ["pub"]}, {"kinds": ["pub"]}, {"status": "gone"}, {"freshness": ["mouldy"]},
     {"box": (1, 2, 0, 3)}, {"box": (float("nan"), 0, 1, 1)}],
)  # fmt: skip
def test_what_cannot_be_asked(larder_home: Path, wrong: dict[str, object]) -> None:
    with pytest.raises(AssetError, match=r"not known|inside out"):
        names(larder_home, **wrong)
    with pytest.raises(StoreError, match="no page 0"):
        names(larder_home, page=0)
