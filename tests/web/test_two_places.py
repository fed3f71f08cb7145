"""With two places: none is chosen for anybody, and the place follows from where a thing is."""

import json
import re
import shutil
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from assets.locate import locator
from assets.suggestions import approve
from store.queue import Submission, waiting
from store.roles import CLI
from store.session import reading, writing
from tests.web.conftest import Visitor
from tests.web.test_voice import SAID

HALL = {"kind": "place", "name": "Hall of Nobody", "category": "hall"}
WEST = 100_000
"""How far west of the demo place the other one lies, in metres."""


@pytest.fixture(scope="module")
def two_places(demo_places: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the demo place and its like further west, first in the alphabet, with postcodes of its own."""
    home = tmp_path_factory.mktemp("two")
    shutil.copytree(demo_places / "places" / "demo", home / "places" / "demo")
    folder = home / "places" / "alder"
    shutil.copytree(demo_places / "places" / "demo", folder)
    record = json.loads((folder / "place.json").read_text())
    record |= {"name": "alder", "title": "Aldermoor", "digest": "a" * 64}
    (folder / "place.json").write_text(json.dumps(record))
    areas = gpd.read_parquet(folder / "areas.parquet")
    areas["geometry"] = areas.geometry.translate(xoff=-WEST)
    areas.assign(x=areas["x"] - WEST).to_parquet(folder / "areas.parquet")
    codes = pd.read_parquet(folder / "postcodes.parquet")
    codes = codes.assign(x=codes["x"] - WEST, postcode=codes["postcode"].str.replace("ZZ", "YY"))
    codes.to_parquet(folder / "postcodes.parquet")
    for file in ("streets.parquet", "scenery.parquet", "wards.parquet"):
        (folder / file).unlink(missing_ok=True)
    return home


@pytest.fixture
def visitor(register: Path, two_places: Path, monkeypatch: pytest.MonkeyPatch) -> Visitor:
    """Somebody at the form of a register with two places."""
    monkeypatch.setenv("LARDER_HOME", str(two_places))
    return Visitor()


def queued(home: Path, kind: str) -> Submission:
    with reading(home) as session:
        [one] = waiting(session, CLI, kind=kind).items
    return one


def chosen(visitor: Visitor) -> str:
    found = re.search(r'<option value="(\w+)" selected>(?:Aldermoor|Marshwick)', visitor.page.text)
    return found.group(1) if found else ""


@pytest.mark.parametrize("address", ["/add", "/voice", "/add?place=nowhere"])
def test_no_place_is_chosen_for_anybody(visitor: Visitor, address: str) -> None:
    visitor.get(address)
    assert chosen(visitor) == ""
    assert visitor.fields().found["place"] == ""
    assert '<option value="">choose one</option><option value="alder">' in visitor.page.text


def test_the_address_may_choose_the_place(visitor: Visitor) -> None:
    visitor.get("/add?place=demo")
    assert chosen(visitor) == "demo"


@pytest.mark.parametrize("button", ["send", "find"])
def test_a_street_needs_its_place(visitor: Visitor, button: str) -> None:
    visitor.get("/add")
    visitor.press(button, **HALL, near="Castle Park")
    assert visitor.faults() == [
        "Place: It is not said which place is meant. Choose the place in which this street or landmark is."
    ]
    visitor.press(place="demo")
    assert "has arrived" in visitor.title()


def test_a_map_needs_its_place(visitor: Visitor) -> None:
    visitor.get("/add")
    visitor.press("map")
    assert visitor.faults()[0].startswith("Place: It is not said which place is meant.")
    visitor.press("map", place="demo")
    assert "Map of Marshwick" in visitor.page.text


@pytest.mark.parametrize("picked", ["", "alder"])
def test_a_postcode_sets_the_place_and_the_reader_is_told(visitor: Visitor, picked: str) -> None:
    told = "What you gave lies in Marshwick, so that is the place now."
    visitor.get("/add")
    visitor.press("find", place=picked, postcode="zz1 1aa")
    assert chosen(visitor) == "demo"
    assert told in visitor.page.text
    visitor.get("/add")
    visitor.press(**HALL, place=picked, postcode="ZZ1 1AA")
    assert "has arrived" in visitor.title()
    assert told in visitor.page.text


@pytest.mark.parametrize(
    "where",
    [{"postcode": "ZZ1 1AA"}, {"near": "Castle Park"}, {"latitude": "51.588603", "longitude": "1.434444"}],
)
def test_the_private_link_shows_the_place_where_it_is(visitor: Visitor, where: dict[str, str]) -> None:
    visitor.get("/add?place=demo")
    visitor.press(**HALL, **where)
    assert "What you gave lies in" not in visitor.page.text
    code = visitor.code()
    visitor.get("/link/edit")
    visitor.press(code=code)
    assert chosen(visitor) == "demo"


def test_a_pin_on_the_map_of_the_chosen_place_moves_nothing(visitor: Visitor) -> None:
    visitor.get("/add?place=alder")
    visitor.press("map")
    visitor.press("", tap__x="160", tap__y="100")
    assert chosen(visitor) == "alder"
    assert "Map of Aldermoor" in visitor.page.text
    assert "What you gave lies in" not in visitor.page.text


def test_a_note_needs_its_place_and_a_postcode_says_it(visitor: Visitor, two_places: Path) -> None:
    visitor.get("/voice")
    visitor.press(**SAID)
    assert [one for one in visitor.faults() if one.startswith("Place: ")]
    visitor.press(about="ZZ1 1AA", place="alder")
    assert "What you gave lies in Marshwick" in visitor.page.text
    assert queued(two_places, "insight").payload["values"]["place"] == "demo"


@pytest.fixture
def overlapping(visitor: Visitor, two_places: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with the demo place and another on the same ground, first in the alphabet."""
    shutil.copytree(two_places / "places" / "demo", tmp_path / "places" / "demo")
    folder = tmp_path / "places" / "alder"
    shutil.copytree(two_places / "places" / "demo", folder)
    record = json.loads((folder / "place.json").read_text())
    record |= {"name": "alder", "title": "Aldermoor", "digest": "b" * 64}
    (folder / "place.json").write_text(json.dumps(record))
    monkeypatch.setenv("LARDER_HOME", str(tmp_path))
    return tmp_path


ASKED = "Place: What you gave lies in Aldermoor and Marshwick, which overlap. Choose the one that you mean."


@pytest.mark.parametrize(
    "where", [{"postcode": "ZZ1 1AA"}, {"latitude": "51.588603", "longitude": "1.434444"}]
)
def test_where_places_overlap_the_form_asks_which_is_meant(
    visitor: Visitor, overlapping: Path, where: dict[str, str]
) -> None:
    visitor.get("/add")
    visitor.press(**HALL, **where)
    assert visitor.faults() == [ASKED]
    assert chosen(visitor) == ""
    visitor.press(place="demo")
    assert "has arrived" in visitor.title()
    assert "What you gave lies in" not in visitor.page.text
    suggested = queued(overlapping, "new")
    assert suggested.payload["values"]["place"] == "demo"
    code = visitor.code()
    visitor.get("/link/edit")
    visitor.press(code=code)
    assert chosen(visitor) == "demo"
    with writing(overlapping) as session:
        added = approve(
            session, suggested.id, actor=CLI, expected_version=suggested.version, where=locator(overlapping)
        )
    assert added.place == "demo"


def test_a_postcode_of_several_places_is_asked_about_before_anything_is_sent(
    visitor: Visitor, overlapping: Path
) -> None:
    visitor.get("/add")
    visitor.press("find", postcode="ZZ1 1AA")
    assert visitor.faults() == [ASKED]


def test_a_note_on_a_postcode_of_several_places_stays_with_the_one_that_was_chosen(
    visitor: Visitor, overlapping: Path
) -> None:
    visitor.get("/voice")
    visitor.press(**SAID, about="ZZ1 1AA")
    assert [one for one in visitor.faults() if one.startswith("Place: ")]
    visitor.press(place="demo")
    assert "has arrived" in visitor.title()
    assert queued(overlapping, "insight").payload["values"]["place"] == "demo"
