"""Adding a place: what comes of good files; names that are taken, replacing, and a crash on the way."""

import geopandas as gpd
import pandas as pd
import pytest
from shapely import box
from shapely.affinity import translate

from geo.place import Place, find_place, list_places, read_place
from tests.geo.test_placing_faults import cell, with_shape
from tests.geo.village import CODES, EAST, NORTH, Village, refused


def test_good_files_make_a_place(village: Village) -> None:
    place, said = village.add(title="Ash")
    assert (
        "lookup: 9 of 9 areas matched, 100.0 % (column 'oa21cd' of lookup.csv; 1 code of other places left)"
        in said
    )
    assert (place.level, place.vintage, place.vintage_status, place.crs) == (
        "oa",
        "2021",
        "checked",
        "EPSG:27700",
    )
    areas = place.areas()
    assert areas.index.tolist() == CODES
    assert areas.index.name == "code"
    assert areas.loc["E00000004", "name"] == "Ash 001A · 4"
    assert areas.loc["E00000008", "name"] == "Ash 001B · 2"
    assert areas["population"].tolist() == list(range(100, 1000, 100))
    assert areas["district_name"].unique().tolist() == ["Ashfordshire"]
    assert areas.loc["E00000001", ["x", "y"]].tolist() == [EAST + 50, NORTH + 250]
    assert areas.geometry.area.tolist() == [10_000.0] * 9


def test_wards_go_by_the_point_and_only_touching_ones_are_kept(village: Village) -> None:
    place, _ = village.add()
    # the middle column's points stand at x = 150 m, east of the border at 140 m
    assert place.areas()["ward_name"].tolist() == ["West", "East", "East"] * 3
    wards = place.wards()
    assert wards is not None
    assert wards["name"].tolist() == ["West", "East"]


def test_indicators_keep_their_names_and_text_is_left_out_and_said(village: Village) -> None:
    place, said = village.add()
    assert place.indicators()["no quals %"].tolist() == [1.5 * n for n in range(9)]
    assert place.indicators().columns.tolist() == ["no quals %"]
    assert "indicators.csv: columns that hold no numbers were left out: name." in said
    assert place.indicator_sources["no quals %"]["file"] == "indicators.csv"


def test_postcodes_get_their_area_and_others_are_counted(village: Village) -> None:
    place, said = village.add()
    postcodes = place.postcodes()
    assert postcodes is not None
    assert postcodes.set_index("postcode").loc["SS15 4AE", "area"] == "E00000004"
    assert "postcodes.csv: 9 of 10 postcodes lie in the place; 1 was left out." in said


def test_the_same_files_make_the_same_digest(village: Village) -> None:
    first, _ = village.add()
    again, _ = village.add(replace=True)
    assert first.digest == again.digest
    assert len(list_places(village.home)) == 1


def test_row_order_changes_nothing(village: Village) -> None:
    first, _ = village.add()
    village.spoil_areas(lambda frame: frame.iloc[::-1])
    for file in ("lookup.csv", "population.csv", "indicators.csv", "postcodes.csv"):
        village.spoil(file, lambda table: table.iloc[::-1])
    again, _ = village.add(replace=True)
    assert first.digest == again.digest


def test_without_a_lookup_the_vintage_is_not_checked(village: Village) -> None:
    place, _ = village.add(lookup=None, wards=None)
    assert place.vintage_status == "not checked"
    assert place.areas()["name"].tolist() == CODES


def test_degrees_are_brought_to_the_british_grid(village: Village) -> None:
    village.spoil_areas(lambda frame: frame.to_crs("EPSG:4326"))
    place, said = village.add()
    assert place.crs == "EPSG:27700"
    assert any("from EPSG:4326 to EPSG:27700" in line for line in said)
    assert place.areas().geometry.area.tolist() == pytest.approx([10_000.0] * 9, rel=1e-4)


@pytest.mark.parametrize("suffix", ["geojson", "shp", "parquet"])
def test_any_format_gives_the_same_areas(village: Village, suffix: str) -> None:
    frame = gpd.read_file(village.folder / "areas.gpkg")
    path = village.folder / f"areas.{suffix}"
    if suffix == "parquet":
        frame.to_parquet(path)
    else:
        frame.to_file(path)
    place, _ = village.add(areas=path)
    assert place.areas().index.tolist() == CODES
    assert place.areas().geometry.area.tolist() == pytest.approx([10_000.0] * 9, rel=1e-4)


# --- names, replacing, crashing


def test_a_name_that_is_taken_is_refused_unless_replaced(village: Village) -> None:
    first, _ = village.add()
    assert "a place 'village' already" in refused(village)
    village.spoil("population.csv", cell("pop21", 1, "77"))
    again, _ = village.add(replace=True)
    assert again.digest != first.digest
    assert read_place(again.folder).areas().loc["E00000001", "population"] == 77


@pytest.mark.parametrize("name", ["Village", "../out", "a b", "", "demo"])
def test_names_that_are_no_names(village: Village, name: str) -> None:
    assert "name" in refused(village, name=name)


def test_a_vintage_is_a_year(village: Village) -> None:
    assert "year of the areas' census" in refused(village, vintage="21")


def test_a_refused_replacement_leaves_the_old_place(village: Village) -> None:
    village.add()
    village.spoil("population.csv", cell("pop21", 1, "x"))
    assert "not a number" in refused(village, replace=True)


def test_a_crash_while_writing_leaves_the_old_place(
    village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, _ = village.add()
    before = village.tree()
    monkeypatch.setattr("geo.folder._record", lambda *_: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        village.add(replace=True)
    assert village.tree() == before
    assert find_place(village.home, "village").digest == place.digest


def test_a_crash_between_the_two_renames_is_healed(village: Village) -> None:
    place, _ = village.add()
    place.folder.rename(place.folder.with_name(".old-village"))
    assert find_place(village.home, "village").digest == place.digest
    assert [found.name for found in list_places(village.home)] == ["village"]


def test_a_place_of_other_codes_elsewhere_is_measured_in_its_utm_zone(village: Village) -> None:
    frame = gpd.GeoDataFrame(
        {"quarter": ["Q1", "Q2"]},
        geometry=[box(2.30, 48.85, 2.31, 48.86), box(2.31, 48.85, 2.32, 48.86)],
        crs=4326,
    )
    frame.to_file(village.folder / "paris.geojson")
    place, said = village.add(
        areas=village.folder / "paris.geojson", code="quarter", lookup=None, population=None, indicators=(),
        postcodes=None, wards=None,
    )  # fmt: skip
    assert (place.level, place.crs, place.vintage_status) == ("area", "EPSG:32631", "not checked")
    assert any("not GSS codes" in line for line in said)


def test_fictional_codes_where_the_place_is_fictional(village: Village) -> None:
    def fictional(table: pd.DataFrame) -> pd.DataFrame:
        return table.assign(oa21cd=table["oa21cd"].str.replace("E", "X"))

    village.spoil_areas(fictional)  # type: ignore[arg-type]
    village.spoil("population.csv", fictional)
    place, _ = village.add(lookup=None, indicators=(), postcodes=None, wards=None, fictional=True)
    assert isinstance(place, Place)
    assert place.fictional
    assert place.level == "oa"


def test_a_multipart_area_stays_one_area(village: Village) -> None:
    def island(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        return with_shape(0, frame.geometry[0].union(translate(frame.geometry[0], -500, 0)))(frame)

    village.spoil_areas(island)
    place, _ = village.add()
    assert place.areas().loc["E00000001"].geometry.area == 20_000
