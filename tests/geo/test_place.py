"""Places: read back, listed, found; and the real files of Basildon."""

import json
from pathlib import Path

import pytest

from geo.errors import GeoError
from geo.place import find_place, list_places, read_place
from geo.placing import PlaceRequest, place_add
from tests.geo.basildon import basildon
from tests.geo.village import Village


def test_what_is_read_is_what_was_added(village: Village) -> None:
    place, _ = village.add()
    again = read_place(place.folder)
    assert again == place
    assert [file["role"] for file in again.files] == [
        "areas", "lookup", "population", "indicators", "postcodes", "wards",
    ]  # fmt: skip
    assert [file["rows"] for file in again.files] == [9, 9, 9, 9, 9, 2]
    assert all(len(file["sha256"]) == 64 for file in again.files)


def test_a_place_without_extras_has_none(village: Village) -> None:
    place, _ = village.add(indicators=(), postcodes=None, wards=None, population=None)
    assert place.postcodes() is None
    assert place.population() is None
    assert place.streets() is None
    assert place.scenery() is None
    assert place.wards() is None
    assert place.terrain() is None
    assert place.indicators().shape == (9, 0)
    assert place.areas()["population"].isna().all()


def test_summary_and_details_are_json_with_an_id(village: Village) -> None:
    place, _ = village.add()
    summary = json.loads(json.dumps(place.summary()))
    assert (summary["id"], summary["areas"], summary["level"]) == ("village", 9, "oa")
    details = json.loads(json.dumps(place.details()))
    assert details["id"] == "village"
    assert details["joins"][0]["matched"] == 9


def test_an_unknown_place_names_the_known_ones(village: Village) -> None:
    village.add()
    with pytest.raises(GeoError, match=r"no place 'vilage'\. Did you mean 'village'\?.*demo, village"):
        find_place(village.home, "vilage")


def test_an_empty_home_lists_nothing(tmp_path: Path) -> None:
    assert list_places(tmp_path) == []
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_place_says_how_to_mend_it(village: Village) -> None:
    place, _ = village.add()
    (place.folder / "place.json").write_text("{")
    with pytest.raises(GeoError, match="--replace"):
        find_place(village.home, "village")
    again, _ = village.add(replace=True)
    assert again.digest == place.digest


@pytest.fixture(scope="module")
def basildon_said(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """Add Basildon from the publishers' files; return the home and what was said."""
    data = shared / "basildon"
    home = tmp_path_factory.mktemp("home")
    said: list[str] = []
    request = basildon(
        shared,
        "basildon_oa21_census2021_pct.csv",
        "basildon_oa21_household_counts.csv",
        postcodes=data / "codepoint_open_basildon.csv",
        wards=data / "basildon_boundaries.gpkg",
        wards_layer="ward25",
    )
    place_add(request, home, said.append)
    return home, said


def test_basildon_584_in_584_out(basildon_said: tuple[Path, list[str]]) -> None:
    # figures of the data's README: 584 output areas, 187,568 people, 110.03 km², 14 wards, 4,158 postcodes
    home, said = basildon_said
    place = find_place(home, "basildon")
    areas = place.areas()
    assert len(areas) == 584
    assert areas["population"].sum() == 187_568
    assert areas.geometry.area.sum() / 1e6 == pytest.approx(110.03, abs=0.01)
    assert areas["ward"].nunique() == 14
    assert areas["lsoa"].nunique() == 112
    assert areas["msoa"].nunique() == 22
    assert areas["name"].is_unique
    assert place.vintage_status == "checked"
    postcodes = place.postcodes()
    assert postcodes is not None
    assert len(postcodes) == 4158
    assert postcodes["area"].nunique() == 584
    assert sum("584 of 584 areas matched, 100.0 %" in line for line in said) == 5


def test_basildon_population_of_2011_areas_is_refused(
    basildon_said: tuple[Path, list[str]], shared: Path
) -> None:
    home, _ = basildon_said
    data = shared / "basildon"
    request = PlaceRequest(
        name="mixed",
        areas=data / "basildon_boundaries.gpkg",
        layer="oa21_approx",
        code="oa21cd",
        population=data / "basildon_oa11_population_sya_mid2015.csv",
    )
    with pytest.raises(GeoError) as caught:
        place_add(request, home, lambda _: None)
    assert "549 of 584 areas matched, 94.0 %" in str(caught.value)
    assert "codes of 2011" in str(caught.value)
    assert [place.name for place in list_places(home)] == ["basildon"]


def test_basildon_areas_of_2011_do_not_match_a_lookup_of_2021(shared: Path, tmp_path: Path) -> None:
    data = shared / "basildon"
    request = PlaceRequest(
        name="old",
        areas=data / "basildon_boundaries.gpkg",
        layer="oa11",
        code="OA11CD",
        vintage="2011",
        lookup=data / "essex_oa21_lookup_pwc_pop.csv",
    )
    with pytest.raises(GeoError) as caught:
        place_add(request, tmp_path, lambda _: None)
    assert "549 of 561 areas matched, 97.9 %" in str(caught.value)
    assert "mixed with codes of 2011" in str(caught.value)


def test_basildon_lsoas_keep_what_is_blank_as_missing_only_when_allowed(shared: Path, tmp_path: Path) -> None:
    data = shared / "basildon"

    def request(allow_missing: bool) -> PlaceRequest:
        return PlaceRequest(
            name="basildon_lsoa",
            areas=data / "basildon_boundaries.gpkg",
            layer="lsoa21",
            code="LSOA21CD",
            lookup=data / "essex_oa21_lookup_pwc_pop.csv",
            indicators=(data / "basildon_imd2025_lsoa21.csv",),
            allow_missing=allow_missing,
        )

    with pytest.raises(GeoError, match=r"idaci_numerator.*1 area has no value"):
        place_add(request(allow_missing=False), tmp_path, lambda _: None)
    place = place_add(request(allow_missing=True), tmp_path, lambda _: None)
    assert (place.level, len(place.areas()), place.vintage_status) == ("lsoa", 112, "checked")
    assert place.areas().loc["E01021237", "name"] == "Basildon 001A"
    assert int(place.indicators().isna().sum().sum()) == 7
