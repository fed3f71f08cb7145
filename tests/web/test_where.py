"""Where an asset is: typed, named, or tapped, all without scripts."""

import re
from pathlib import Path

import pytest

from coproduce import sketch
from coproduce.sketch import View
from geo.place import Place, read_place
from store.queue import waiting
from store.roles import CLI
from store.session import reading
from tests.web.conftest import Visitor
from web import map_acts
from web.near import near

HALL = {"kind": "place", "name": "Hall of Nobody", "category": "hall"}


@pytest.fixture(scope="module")
def demo(demo_places: Path) -> Place:
    return read_place(demo_places / "places" / "demo")


def test_a_tap_sets_a_pin_where_it_fell_and_comes_closer(visitor: Visitor, register: Path) -> None:
    visitor.get("/add")
    page = visitor.press("map", **HALL)
    [source] = re.findall(r'<input type="image"[^>]*src="([^"]+)"', page.text)
    picture = visitor.get(source.replace("&amp;", "&"))
    assert picture.headers["content-type"] == "image/svg+xml"
    assert len(picture.content) < 40_000
    visitor.page = page
    place = read_place(register / "places" / "demo")
    frame = sketch.frame(View("demo"), place)
    visitor.press("", tap__x="100", tap__y="90")
    kept = visitor.fields().found
    x, y = sketch.metres(place, float(kept["longitude"]), float(kept["latitude"]))
    assert (x, y) == pytest.approx(frame.metres(100, 90), abs=0.2)
    assert kept["name"] == "Hall of Nobody"
    assert kept["map"].startswith("1:")
    assert visitor.faults() == []
    visitor.press()
    with reading(register) as session:
        [submission] = waiting(session, CLI).items
    assert submission.payload["values"]["longitude"] == float(kept["longitude"])


def test_without_a_pointer_buttons_set_and_move_the_pin(visitor: Visitor, register: Path) -> None:
    place = read_place(register / "places" / "demo")
    visitor.get("/add")
    visitor.press("map", **HALL)
    visitor.press("north")
    before = visitor.fields().found
    visitor.press("east")
    after = visitor.fields().found
    one = sketch.metres(place, float(before["longitude"]), float(before["latitude"]))
    two = sketch.metres(place, float(after["longitude"]), float(after["latitude"]))
    assert two[0] - one[0] == pytest.approx(
        320 * sketch.MOVE * sketch.frame(View("demo"), place).scale, abs=0.3
    )
    assert two[1] == pytest.approx(one[1], abs=0.3)
    for button, step in (("closer", "1"), ("closer", "2"), ("wider", "1")):
        visitor.press(button)
        assert visitor.fields().found["map"].startswith(f"{step}:")
    visitor.press("unpin")
    assert visitor.fields().found["longitude"] == ""


def test_a_tap_of_the_keyboard_is_the_middle_of_the_picture(visitor: Visitor, register: Path) -> None:
    place = read_place(register / "places" / "demo")
    frame = sketch.frame(View("demo"), place)
    visitor.get("/add")
    visitor.press("map")
    visitor.press("", tap__x="0", tap__y="0")
    kept = visitor.fields().found
    x, y = sketch.metres(place, float(kept["longitude"]), float(kept["latitude"]))
    assert (x, y) == pytest.approx(frame.metres(160, frame.height // 2), abs=0.3)


@pytest.mark.parametrize("typed", ["0:1:2:3", "x", "9:0:0", "-1:0:0", "1:99999999999:0", "١:٠:٠"])
def test_a_forged_view_is_a_view_or_none(demo: Place, typed: str) -> None:
    view = map_acts.view_of(typed, demo)
    assert view is None or 0 <= view.step <= sketch.CLOSEST


def test_a_street_is_found_by_its_name_whatever_stands_before_it(demo: Place) -> None:
    [spot] = near("near the  Castle park", demo)
    assert (spot.name, spot.kind) == ("Castle Park", "park")
    x, y = sketch.metres(demo, spot.longitude, spot.latitude)
    scenery = demo.scenery()
    assert scenery is not None
    park = scenery[scenery["name"] == "Castle Park"].geometry.iloc[0]
    assert park.buffer(1).contains(__import__("shapely").Point(x, y))
    assert near("Nowhere Lane at All", demo) == []
    assert near("", demo) == []


def test_several_of_one_name_are_a_choice(visitor: Visitor, register: Path) -> None:
    visitor.get("/add")
    page = visitor.press(**HALL, near="Eastmere")
    assert page.status_code == 422
    spots = re.findall(r'name="spot" value="([^"]+)"', page.text)
    assert len(spots) > 1
    visitor.press(spot=spots[1])
    assert "has arrived" in visitor.title()
    with reading(register) as session:
        [submission] = waiting(session, CLI).items
    assert "placed near Eastmere: it is not exact" in submission.note


def test_find_it_pins_what_one_name_means(visitor: Visitor) -> None:
    visitor.get("/add")
    visitor.press("find", near="Castle Park")
    kept = visitor.fields().found
    assert kept["pinned"] == "near Castle Park"
    assert kept["longitude"]
    visitor.press("find", near="Gibberish Nowhere", longitude="", latitude="")
    assert "Nothing called this was found in Marshwick" in visitor.faults()[0]


@pytest.mark.parametrize(
    ("latitude", "longitude", "said"),
    [
        ("abc", "0.4", "This is not a number of degrees"),
        ("51.5", "", "Only one of the two is given"),
        ("0", "0", "stands for a location that is not known"),
        ("151", "171", "are not degrees"),
        ("-33.9", "151.2", "outside the United Kingdom"),
        ("nan", "nan", "are not degrees"),
        ("1e400", "0", "are not degrees"),
    ],
)
def test_wrong_coordinates_are_told(visitor: Visitor, latitude: str, longitude: str, said: str) -> None:
    visitor.get("/add")
    page = visitor.press(**HALL, latitude=latitude, longitude=longitude)
    assert page.status_code == 422
    assert said in visitor.faults()[0]


def test_coordinates_the_wrong_way_round_are_turned(visitor: Visitor, register: Path) -> None:
    visitor.get("/add")
    visitor.press(**HALL, latitude="0.4568", longitude="51.5721")
    with reading(register) as session:
        [submission] = waiting(session, CLI).items
    assert submission.payload["values"]["latitude"] == 51.5721


@pytest.mark.parametrize("query", ["", "?place=nowhere&view=0:0:0", "?place=demo&view=x", "?place=demo"])
def test_there_is_no_map_of_nowhere(visitor: Visitor, query: str) -> None:
    assert visitor.get(f"/plain/map.svg{query}").status_code == 404


def test_names_in_the_picture_are_text(demo: Place) -> None:
    drawn = sketch.draw(View("demo"), demo, sketch.degrees(demo, 640000, 190000))
    import xml.etree.ElementTree as Tree

    root = Tree.fromstring(drawn)
    assert len(root.findall(".//{http://www.w3.org/2000/svg}text")) > 10
    assert "style" not in drawn


def test_how_exactly_it_is_shown_is_asked_beside_where_it_is(visitor: Visitor) -> None:
    page = visitor.get("/add").text
    where = page[page.index("<legend>Where</legend>") : page.index("More that helps people")]
    assert "How exactly may people be shown where it is?" in where
    assert where.rindex("</details>") < where.index("How exactly")  # under nothing that is folded
    visitor.press(precision="hidden")
    assert "<details><summary>More that helps people" in visitor.page.text
    assert visitor.fields().found["precision"] == "hidden"
