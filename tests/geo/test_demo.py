"""The demo place: set up once, through the same code as any place, and set up again when it is broken."""

from pathlib import Path

import pytest

from geo import demo
from geo.errors import GeoError
from geo.place import Place, find_place


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def place(home: Path) -> Place:
    return find_place(home, "demo")


def test_the_demo_place_is_fictional_and_whole(place: Place) -> None:
    areas = place.areas()
    assert place.fictional
    assert 500 <= len(areas) <= 700
    assert areas.index.str.startswith("X00").all()
    assert areas["population"].notna().all()
    assert areas["name"].is_unique
    assert {"lsoa", "msoa", "ward", "district"} <= set(areas.columns)
    assert place.vintage_status == "checked"
    assert all(join.share == 1 for join in place.joins)


def test_its_postcodes_are_of_no_register(place: Place) -> None:
    postcodes = place.postcodes()
    assert postcodes is not None
    assert postcodes["postcode"].str.startswith("ZZ").all()


def test_it_has_streets_scenery_and_terrain(place: Place) -> None:
    assert place.streets() is not None
    assert place.scenery() is not None
    assert place.terrain() is not None
    assert place.wards() is not None


def test_its_indicators_say_what_they_mean(place: Place) -> None:
    assert place.indicator_sources["highest_qualification_6a-000"]["label"] == "No qualifications"


def test_a_second_call_writes_nothing(place: Place, home: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in place.folder.iterdir()}
    assert demo.ensure_demo(home).digest == place.digest
    assert {path: path.stat().st_mtime_ns for path in place.folder.iterdir()} == before


def test_a_broken_demo_place_is_set_up_again(place: Place, home: Path) -> None:
    (place.folder / "place.json").write_text("{")
    assert demo.ensure_demo(home).digest == place.digest


def test_missing_files_are_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "FILES", tmp_path / "nowhere")
    with pytest.raises(GeoError, match="files of the demo place are missing"):
        demo.ensure_demo(tmp_path)
