"""Ugly files by name: what a place is refused for, in areas and in tables, and what is let through when said."""

from collections.abc import Callable

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import LineString, Polygon, box

from tests.geo.village import EAST, NORTH, Village, refused

# --- ugly areas


def with_shape(row: int, shape: object) -> Callable[[gpd.GeoDataFrame], gpd.GeoDataFrame]:
    """Return a change that gives one row another shape."""

    def spoil(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        shapes = list(frame.geometry)
        shapes[row] = shape
        return frame.set_geometry(gpd.GeoSeries(shapes, crs=frame.crs))

    return spoil


def with_codes(**changed: str) -> Callable[[gpd.GeoDataFrame], gpd.GeoDataFrame]:
    """Return a change that gives rows (r0, r1, …) other codes."""

    def spoil(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        codes = frame["oa21cd"].tolist()
        for row, code in changed.items():
            codes[int(row[1:])] = code
        return frame.assign(oa21cd=codes)

    return spoil


BOW_TIE = Polygon(
    [(EAST, NORTH + 200), (EAST + 100, NORTH + 300), (EAST + 100, NORTH + 200), (EAST, NORTH + 300)]
)
UGLY_AREAS = {
    "degrees named as metres": (
        lambda f: f.to_crs("EPSG:4326").set_crs("EPSG:27700", allow_override=True),
        ["says EPSG:27700", "holds degrees", "x 0.45"],
    ),
    "metres named as degrees": (
        lambda f: f.set_crs("EPSG:4326", allow_override=True),
        ["says EPSG:4326, in degrees, but holds metres", "x 570000"],
    ),
    "no crs": (
        lambda f: f.set_crs(None, allow_override=True),
        ["does not say which coordinate reference system"],
    ),
    "latitude and longitude swapped": (
        lambda f: f.set_geometry(
            f.to_crs("EPSG:4326").geometry.map(lambda s: Polygon([(y, x) for x, y in s.exterior.coords]))
        ).set_crs("EPSG:4326", allow_override=True),
        ["Latitude and longitude are swapped"],
    ),
    "another country's grid": (
        lambda f: f.set_crs("EPSG:2154", allow_override=True),
        ["outside the area where EPSG:2154 is used"],
    ),
    "null island": (
        with_shape(4, box(0, 0, 100, 100)),
        ["(0, 0), far from the others", "row 5"],
    ),
    "self-crossing polygon": (with_shape(0, BOW_TIE), ["E00000001", "Self-intersection", "--mend"]),
    "missing shape": (with_shape(2, None), ["row 3", "E00000003", "has no shape"]),
    "empty shape": (with_shape(2, Polygon()), ["row 3", "has an empty shape"]),
    "a line": (with_shape(2, LineString([(EAST, NORTH), (EAST + 9, NORTH)])), ["LineString, not a polygon"]),
    "the same shape twice": (
        with_shape(1, box(EAST, NORTH + 200, EAST + 100, NORTH + 300)),
        ["very shape of E00000001 (row 1)"],
    ),
    "overlap": (
        with_shape(4, box(EAST + 95, NORTH + 100, EAST + 200, NORTH + 200)),
        ["E00000004 and E00000005 overlap by 500 m²"],
    ),
    "hole": (
        with_shape(4, box(EAST + 105, NORTH + 105, EAST + 195, NORTH + 195)),
        ["hole of 1,900 m²", "--allow-holes"],
    ),
    "duplicate code": (with_codes(r3="E00000001"), ["stands in 2 rows (1, 4)", "E00000001"]),
    "padded code": (with_codes(r3=" E00000004"), ["row 4", "spaces around it"]),
    "lower-case code": (with_codes(r3="e00000004"), ["lower case", "Write E00000004"]),
    "short code": (with_codes(r3="E000004"), ["not a GSS code", "E000004"]),
    "blank code": (with_codes(r3=""), ["row 4", "The code is blank"]),
    "pseudo-code": (with_codes(r3="E99999999"), ["not applicable"]),
    "mixed levels": (with_codes(r3="E01000004"), ["kind output area, this is of LSOA"]),
    "fictional code": (with_codes(r3="X00000004"), ["fictional", "row 4"]),
    "no rows": (lambda f: f.iloc[:0], ["has no rows"]),
}


@pytest.mark.parametrize("ugly", UGLY_AREAS)
def test_ugly_areas(village: Village, ugly: str) -> None:
    spoil, expected = UGLY_AREAS[ugly]
    village.spoil_areas(spoil)
    error = refused(village)
    for text in expected:
        assert text in error


def test_overlap_and_hole_of_100_square_metres_are_let_through(village: Village) -> None:
    village.spoil_areas(with_shape(4, box(EAST + 99, NORTH + 101, EAST + 200, NORTH + 200)))
    place, _ = village.add()
    assert len(place.areas()) == 9


def test_a_real_hole_is_accepted_when_said(village: Village) -> None:
    village.spoil_areas(with_shape(4, box(EAST + 105, NORTH + 105, EAST + 195, NORTH + 195)))
    place, _ = village.add(allow_holes=True)
    assert place.areas().loc["E00000005"].geometry.area == 8_100


def test_a_self_crossing_polygon_is_mended_only_when_asked_and_said(village: Village) -> None:
    village.spoil_areas(with_shape(0, BOW_TIE))
    place, said = village.add(mend=True, allow_holes=True)
    # the bow tie's two triangles are each a quarter of the square
    assert place.areas().loc["E00000001"].geometry.area == pytest.approx(5_000)
    assert any("outline of E00000001 was mended" in line for line in said)
    assert any("outline of E00000001 was mended" in note for note in place.notes)


def test_wrong_layer_names_the_layers_there_are(village: Village) -> None:
    error = refused(village, layer="oa21")
    assert "layer is not in the file" in error
    assert "areas" in error


def test_several_layers_must_be_chosen_from(village: Village) -> None:
    gpd.read_file(village.folder / "wards.gpkg").to_file(village.folder / "areas.gpkg", layer="wards")
    assert "2 layers: areas, wards" in refused(village)


def test_missing_code_column_names_the_close_ones(village: Village) -> None:
    error = refused(village, code="oa21code")
    assert "no column 'oa21code'" in error
    assert "'oa21cd'" in error


def test_empty_file(village: Village) -> None:
    (village.folder / "areas.gpkg").write_bytes(b"")
    assert "areas.gpkg: The file is empty" in refused(village)


def test_not_a_geo_file(village: Village) -> None:
    (village.folder / "areas.gpkg").write_text("hello")
    assert "No shapes can be read" in refused(village)


def test_a_table_is_not_a_geo_file(village: Village) -> None:
    assert "table without shapes" in refused(village, areas=village.folder / "lookup.csv")


def test_missing_file(village: Village) -> None:
    assert "no such file for the lookup" in refused(village, lookup=village.folder / "nowhere.csv")


def test_codes_of_2011_named_as_2021(village: Village) -> None:
    village.spoil_areas(lambda frame: frame.rename(columns={"oa21cd": "OA11CD"}))
    error = refused(village, code="OA11CD")
    assert "codes of 2011, but the place's vintage is 2021" in error


# --- ugly tables


def cell(column: str, row: int, value: object) -> Callable[[pd.DataFrame], pd.DataFrame]:
    """Return a change that gives one cell (row counted from 1) another value."""

    def spoil(table: pd.DataFrame) -> pd.DataFrame:
        table.loc[row - 1, column] = value
        return table

    return spoil


UGLY_TABLES = {
    "an area the lookup lacks": (
        "lookup.csv",
        cell("oa21cd", 9, "E00777777"),
        ["8 of 9 areas matched, 88.9 %", "E00000009", "codes of 2011 mixed with codes of 2021"],
    ),
    "padded code in a table": ("lookup.csv", cell("oa21cd", 2, " E00000002"), ["row 2", "spaces around it"]),
    "repeated code in a table": (
        "population.csv",
        cell("oa21cd", 2, "E00000001"),
        ["2 rows (1, 2)", "E00000002"],
    ),
    "a table of 2011": (
        "population.csv",
        lambda t: t.rename(columns={"oa21cd": "OA11CD"}),
        ["codes of 2011, but the place's vintage is 2021"],
    ),
    "no matching column": ("population.csv", lambda t: t.drop(columns="oa21cd"), ["No column holds any"]),
    "text in a number column": (
        "population.csv",
        cell("pop21", 3, "about 300"),
        ["population.csv, row 3, column 'pop21', value 'about 300'", "not a number"],
    ),
    "thousands with commas": ("population.csv", cell("pop21", 3, "1,300"), ["Write it without the commas"]),
    "blank population": ("population.csv", cell("pop21", 3, ""), ["1 area has no value", "E00000003"]),
    "negative population": ("population.csv", cell("pop21", 3, "-4"), ["row 3", "below zero", "'-4'"]),
    "nan as text": (
        "indicators.csv",
        cell("no quals %", 3, "NaN"),
        ["indicators.csv, row 3, column 'no quals %', value 'NaN'", "not a number"],
    ),
    "infinite": ("indicators.csv", cell("no quals %", 3, "inf"), ["row 3", "infinite", "'inf'"]),
    "two populations": (
        "population.csv",
        lambda t: t.assign(total=1),
        ["Several columns could be the population: pop21, total", "--population-column"],
    ),
    "no population": (
        "population.csv",
        lambda t: t.rename(columns={"pop21": "women"}),
        ["No column is named like a population", "women"],
    ),
    "no numbers": ("indicators.csv", lambda t: t[["oa21cd", "name"]], ["No column holds numbers"]),
    "malformed postcode": ("postcodes.csv", cell("postcode", 2, "SS15 AA4"), ["row 2", "not a postcode"]),
    "repeated postcode": ("postcodes.csv", cell("postcode", 2, "ss154aa"), ["earlier row"]),
    "fictional postcode": ("postcodes.csv", cell("postcode", 2, "ZZ1 1AA"), ["ZZ… are fictional"]),
    "postcodes in degrees": (
        "postcodes.csv",
        lambda t: t.assign(e="0.45", n="51.58"),
        ["should be metres but hold degrees"],
    ),
    "postcodes without coordinates": (
        "postcodes.csv",
        lambda t: t[["postcode", "pq"]],
        ["No columns of coordinates"],
    ),
    "heading alone": ("population.csv", lambda t: t.iloc[:0], ["no rows"]),
}


@pytest.mark.parametrize("ugly", UGLY_TABLES)
def test_ugly_tables(village: Village, ugly: str) -> None:
    file, spoil, expected = UGLY_TABLES[ugly]
    village.spoil(file, spoil)
    error = refused(village)
    assert file in error
    for text in expected:
        assert text in error


def test_all_faults_come_at_once(village: Village) -> None:
    village.spoil_areas(with_codes(r3="E000004"))
    village.spoil("population.csv", cell("pop21", 3, "many"))
    village.spoil("indicators.csv", cell("no quals %", 5, "few"))
    error = refused(village)
    assert "'E000004'" in error
    assert "'many'" in error
    assert "'few'" in error


def test_two_indicators_of_one_name(village: Village) -> None:
    (village.folder / "more.csv").write_bytes((village.folder / "indicators.csv").read_bytes())
    error = refused(village, indicators=(village.folder / "indicators.csv", village.folder / "more.csv"))
    assert "indicators.csv has a column of this name too" in error


def test_missing_values_stay_missing_where_they_are_allowed(village: Village) -> None:
    village.spoil("indicators.csv", cell("no quals %", 3, ""))
    village.spoil("population.csv", lambda table: table.iloc[:8])
    place, said = village.add(allow_missing=True)
    assert np.isnan(place.indicators().loc["E00000003", "no quals %"])
    assert pd.isna(place.areas().loc["E00000009", "population"])
    assert "population: 8 of 9 areas matched, 88.9 %" in " ".join(said)
    assert "indicators.csv: 1 value stays missing, never 0: no quals % (1)." in place.notes


def test_a_table_of_2011_is_refused_even_where_missing_values_are_allowed(village: Village) -> None:
    village.spoil("population.csv", lambda table: table.rename(columns={"oa21cd": "OA11CD"}))
    assert "codes of 2011" in refused(village, allow_missing=True)


def test_centroids_in_degrees_stand_for_the_areas(village: Village) -> None:
    points = gpd.GeoSeries.from_xy([EAST + 10] * 9, [NORTH + 20] * 9, crs="EPSG:27700").to_crs("EPSG:4326")
    extra = [[0.0, 0.0]]
    pairs = [[p.x, p.y] for p in points] + extra
    village.spoil(
        "lookup.csv", lambda t: t.assign(pwc_lon=[p[0] for p in pairs], pwc_lat=[p[1] for p in pairs])
    )
    place, _ = village.add()
    assert place.areas().loc["E00000007", ["x", "y"]].tolist() == pytest.approx(
        [EAST + 10, NORTH + 20], abs=0.01
    )


def test_centroids_far_away_are_refused(village: Village) -> None:
    village.spoil("lookup.csv", lambda t: t.assign(pwc_lon=51.58, pwc_lat=0.45))
    assert "km from the area" in refused(village)
