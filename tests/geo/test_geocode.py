"""Geocoding and finding in the village, whose squares stand at known spots."""

import pandas as pd
import pytest

from geo.gazetteer import fold, locate
from geo.geocode import from_coordinates, geocode
from geo.place import Place
from tests.geo.village import CODES, LATITUDE, LONGITUDE, Village


@pytest.fixture
def place(village: Village) -> Place:
    """Return the village with a terminated postcode and one without a location."""

    def add_rows(table: pd.DataFrame) -> pd.DataFrame:
        table["doterm"] = ""
        table.loc[1, "doterm"] = "201706"
        return pd.concat([table, pd.DataFrame([{"postcode": "SS15 4ZZ", "pq": "90", "e": "0", "n": "0"}])])

    village.spoil("postcodes.csv", add_rows)
    place, _ = village.add()
    return place


def test_a_postcode_of_the_place(place: Place) -> None:
    found = geocode(" ss154aa", place)
    assert (found.status, found.method, found.quality, found.area) == ("found", "postcode", 10, "E00000001")
    assert found.longitude == pytest.approx(LONGITUDE, abs=0.003)
    assert found.latitude == pytest.approx(LATITUDE, abs=0.004)


@pytest.mark.parametrize(
    ("text", "status", "note"),
    [
        ("SS15 4AB", "terminated", "SS15 4AB is no longer in use."),
        ("SS15 4ZZ", "no location", "SS15 4ZZ has no known location."),
        ("SS1 1AA", "unknown", "SS1 1AA is not among the postcodes of Village."),
        ("SS15 A", "malformed", "'SS15 A' is not a postcode."),
        ("somewhere", "malformed", "'somewhere' is not a postcode."),
        ("48.85, 2.35", "outside", "Latitude 48.85, longitude 2.35 lies outside the United Kingdom."),
        ("0, 0", "no location", "0, 0 stands for a location that is not known."),
        ("51.5, 200", "outside", "51.5, 200 lies outside the British grid."),
    ],
)
def test_what_has_no_plain_answer_is_said(place: Place, text: str, status: str, note: str) -> None:
    found = geocode(text, place)
    assert (found.status, found.note) == (status, note) or (status == "outside" and found.status == status)
    assert found.note.endswith(note[-20:])


def test_a_terminated_postcode_keeps_its_point(place: Place) -> None:
    found = geocode("SS15 4AB", place)
    assert found.area == "E00000002"
    assert found.longitude is not None


@pytest.mark.parametrize("text", ["51.5842, 0.4518", "51.5842 0.4518", "51.5842;0.4518", "51.5842°, 0.4518°"])
def test_coordinates_as_text(place: Place, text: str) -> None:
    found = geocode(text, place)
    assert (found.latitude, found.longitude, found.status) == (51.5842, 0.4518, "found")


def test_swapped_coordinates_are_set_right_and_said() -> None:
    found = from_coordinates(0.45, 51.58)
    assert (found.latitude, found.longitude, found.status) == (51.58, 0.45, "swapped")
    assert "were swapped" in found.note


def test_grid_coordinates(place: Place) -> None:
    found = geocode("570150, 190150", place)
    assert (found.method, found.area) == ("grid", "E00000005")


def test_impossible_degrees() -> None:
    assert from_coordinates(120.0, 130.0).status == "malformed"


@pytest.mark.parametrize(
    ("text", "kind", "label", "codes"),
    [
        ("SS154AE", "postcode", "SS15 4AE", CODES[3:4]),
        ("ss15", "postcode district", "SS15", CODES),
        ("WEST", "ward", "West", [CODES[0], CODES[3], CODES[6]]),
        ("  east ", "ward", "East", [CODES[n] for n in (1, 2, 4, 5, 7, 8)]),
        ("e05000001", "ward", "West", [CODES[0], CODES[3], CODES[6]]),
        ("ash001b", "lsoa", "Ash 001B", CODES[6:]),
        ("E01000002", "lsoa", "Ash 001B", CODES[6:]),
        ("Ash-001", "msoa", "Ash 001", CODES),
        ("E00000004", "area", "Ash 001A · 4", CODES[3:4]),
        ("ashfordshire", "district", "Ashfordshire", CODES),
        ("ashfordshyre", "district", "Ashfordshire", CODES),
        ("fordsh", "district", "Ashfordshire", CODES),
        ("51.58455, 0.45309", "point", "51.58455, 0.45309", CODES[3:4]),
    ],
)
def test_finding_in_a_place(place: Place, text: str, kind: str, label: str, codes: list[str]) -> None:
    match = locate(text, place)[0]
    assert (match.kind, match.label) == (kind, label)
    assert list(match.codes) == codes
    assert match.longitude == pytest.approx(LONGITUDE, abs=0.005)
    assert match.latitude == pytest.approx(LATITUDE, abs=0.005)


@pytest.mark.parametrize("text", ["", "  ", "??", "SS99 9ZZ", "qqqqqq", "48.85, 2.35"])
def test_finding_nothing(place: Place, text: str) -> None:
    assert locate(text, place) == []


def test_finding_a_terminated_postcode_says_so(place: Place) -> None:
    assert locate("SS15 4AB", place)[0].note == "SS15 4AB is no longer in use."


def test_a_replaced_place_is_searched_anew(village: Village) -> None:
    first, _ = village.add()
    assert locate("Ash 001", first)
    village.spoil("lookup.csv", lambda table: table.assign(msoa21nm="Oak 002", lsoa21nm="Oak 002A"))
    again, _ = village.add(replace=True)
    assert locate("Oak 002", again)[0].kind == "msoa"
    assert locate("Ash 001", again) == []


def test_folding() -> None:
    assert fold("Ynys Môn – Môr") == "ynysmonmor"
