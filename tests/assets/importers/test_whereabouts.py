"""Where a row is: every way to say it, in order, and what is said of each."""

from pathlib import Path

import pytest

from assets.importers.intake import import_file
from assets.importers.report import RowReport
from assets.importers.whereabouts import metres_between
from assets.register import list_assets
from assets.schema import Asset
from geo.local_tables import add_postcodes, add_uprns
from store.roles import CLI
from store.session import reading
from tests.assets.importers.feeds import served
from tests.geo.test_addresses import HOUSE

HEAD = "name,category,longitude,latitude,easting,northing,grid_reference,uprn,postcode,address\n"
B2 = (0.450957, 51.590602)


def one(home: Path, cells: str) -> tuple[RowReport, Asset | None]:
    path = home.parent / "a.csv"
    path.write_text(f"{HEAD}A,hall,{cells}\n")
    (row,) = import_file(path, home=home).rows
    with reading(home) as session:
        return row, next(iter(list_assets(session, actor=CLI)), None)


FOUND = {
    "coordinates": (f"{B2[0]},{B2[1]},,,,,,", "accepted", "coordinates", "as given"),
    "metres": (",,569880,190818,,,,", "accepted", "coordinates", "as given, in metres"),
    "metres under degrees": ("569880,190818,,,,,,", "mended", "coordinates", "as given, in metres"),
    "a property number": (",,,,,100,,", "accepted", "uprn", "of the property (UPRN)"),
    "a grid reference": (",,,,TQ 69880 90818,,,", "accepted", "grid", "to 1 m"),
    "a postcode": (",,,,,,SS15 4JE,", "accepted", "postcode", "positional quality 10"),
    "a postcode of the home's own table": (
        ",,,,,,SS15 4QQ,",
        "accepted",
        "postcode",
        "positional quality 10",
    ),
    "a property number before a postcode": (
        ",,,,,100,SS10 4JE,",
        "accepted",
        "uprn",
        "of the property (UPRN)",
    ),
    "a postcode where the number is unknown": (
        ",,,,,7,SS15 4JE,",
        "accepted",
        "postcode",
        "positional quality 10",
    ),
}


@pytest.mark.parametrize("case", FOUND)
def test_every_way_to_say_where(town_home: Path, tmp_path: Path, case: str) -> None:
    (tmp_path / "u.csv").write_text("UPRN,X_COORDINATE,Y_COORDINATE\n100,569880,190818\n")
    (tmp_path / "p.csv").write_text("postcode,quality,easting,northing\nSS15 4QQ,10,569880,190818\n")
    add_uprns(tmp_path / "u.csv", town_home)
    add_postcodes(tmp_path / "p.csv", town_home)
    cells, outcome, method, quality = FOUND[case]
    row, asset = one(town_home, cells)
    assert (row.outcome, row.place) == (outcome, "town")
    assert asset is not None
    # the middle of square B2, to 2 m
    assert asset.longitude == pytest.approx(B2[0], abs=2e-5)
    assert asset.latitude == pytest.approx(B2[1], abs=2e-5)
    assert (asset.area, asset.geocode_method, asset.geocode_quality) == ("B2", method, quality)


SAID = {
    "half of a pair": (f"{B2[0]},,,,,,SS15 4JE,", "accepted", "the latitude is missing"),
    "half of a grid pair": (",,569880,,,,SS15 4JE,", "accepted", "the northing is missing"),
    "an unknown number": (",,,,,7,SS15 4JE,", "accepted", "(UPRN) '7' is in no table"),
    "a malformed number": (",,,,,seven,SS15 4JE,", "accepted", "(UPRN) 'seven' is in no table"),
    "a malformed reference": (",,,,XX 12,,SS15 4JE,", "accepted", "not a grid reference"),
    "off the grid": (",,999999,9999999,,,,", "refused", "outside the British grid"),
    "no number of metres": (",,east,190818,,,,", "refused", "'east' is no number of metres"),
    "metres 0, 0": (",,0,0,,,,", "refused", "outside the British grid"),
    "0, 0": ("0,0,,,,,,", "held", "stands for none"),
    "swapped": (f"{B2[1]},{B2[0]},,,,,,", "held", "look swapped"),
    "outside the place": ("0.46,51.60,,,,,,", "accepted", "outside every place"),
    "terminated": (",,,,,,SS15 4ZZ,", "accepted", "no longer in use"),
    "malformed postcode": (",,,,,,nowhere,", "held", "not of the form"),
    "no location at all": (",,,,,,,somewhere", "held", "there is no location"),
}


@pytest.mark.parametrize("case", SAID)
def test_what_is_doubtful_is_said(town_home: Path, case: str) -> None:
    cells, outcome, said = SAID[case]
    row, _ = one(town_home, cells)
    assert row.outcome == outcome
    assert said in "; ".join((*row.reasons, *row.notes))


@pytest.mark.parametrize(("addresstype", "outcome"), [("building", "accepted"), ("road", "held")])
def test_an_address_is_asked_for_where_a_service_is_set(
    town_home: Path, monkeypatch: pytest.MonkeyPatch, addresstype: str, outcome: str
) -> None:
    with served({"/search": [{**HOUSE, "addresstype": addresstype}]}) as (address, asked):
        monkeypatch.setenv("LARDER_GEOCODER", f"nominatim:{address}")
        row, asset = one(town_home, ",,,,,,,1 Mill Lane")
        assert (row.outcome, asset is not None) == (outcome, True)
        again, _ = one(town_home, ",,,,,,,1 Mill Lane")
    assert again.outcome == "unchanged"
    assert len(asked) == 2
    assert asset is not None
    assert (asset.geocode_method, asset.area) == ("address", "B2")
    assert "found by the geocoding service" in "; ".join(row.notes)


def test_distances_on_the_globe() -> None:
    # one minute of latitude is a nautical mile, 1,852 m
    assert metres_between(0, 51, 0, 51 + 1 / 60) == pytest.approx(1_852, rel=0.005)


def test_a_row_that_two_places_hold_says_under_which_it_is_listed(two_towns_home: Path) -> None:
    row, asset = one(two_towns_home, ",,,,,,SS15 4JE,")
    assert row.notes == (
        "it lies in borough and town, which overlap: it is listed under borough; --place names another",
    )
    assert asset is not None
    assert asset.place == "borough"
    assert one(two_towns_home, ",,,,,,SS10 4JE,")[0].notes != ()
    path = two_towns_home.parent / "a.csv"
    (named,) = import_file(path, home=two_towns_home, place="town").rows
    assert named.notes == ()
