"""Exports: what goes out comes back the same in every format, whole or not at all, and explained."""

import json
import sqlite3
import zipfile
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow.parquet
import pyogrio
import pytest
from shapely import Point

from geo.export import export
from geo.formats import ENDINGS, format_of
from tests.geo.exported import CODES, PROVENANCE, read


@pytest.mark.parametrize("file_format", ENDINGS)
def test_values_come_back_the_same(answers: gpd.GeoDataFrame, tmp_path: Path, file_format: str) -> None:
    out = tmp_path / f"areas{ENDINGS[file_format][0]}"
    written = export(answers, out, provenance=PROVENANCE, file_format=file_format)
    back = read(out, file_format).rename(columns={"dist_name": "district_name"})
    assert written[0] == out
    assert [name for name in back.columns if name in answers.columns and name != "geometry"] == [
        name for name in answers.columns if name != "geometry"
    ]
    for name in ("population", "value", "band", "p", "x", "y"):
        expected = answers[name].to_numpy(dtype="float64", na_value=np.nan)
        # 15 places in a shapefile, 16 figures in GeoJSON, every bit elsewhere
        exact = (
            {"rtol": 1e-15, "atol": 1e-15}
            if file_format in ("shapefile", "geojson")
            else {"rtol": 0, "atol": 0}
        )
        np.testing.assert_allclose(back[name].to_numpy(dtype="float64", na_value=np.nan), expected, **exact)
    for name in ("cluster", "status", "sign", "district_name"):
        assert back[name].where(back[name].notna(), None).tolist() == answers[name].tolist()


@pytest.mark.parametrize("file_format", ENDINGS)
def test_codes_are_still_text(answers: gpd.GeoDataFrame, tmp_path: Path, file_format: str) -> None:
    out = export(answers, tmp_path / "areas", provenance=PROVENANCE, file_format=file_format)[0]
    codes = read(out, file_format)["code"].tolist()
    assert codes == (["'=A6" if code == "=A6" else code for code in CODES] if file_format == "csv" else CODES)


@pytest.mark.parametrize(
    ("file_format", "epsg"), [("shapefile", 27700), ("gpkg", 27700), ("geoparquet", 27700), ("geojson", 4326)]
)
def test_geometry_and_crs_come_back(
    answers: gpd.GeoDataFrame, tmp_path: Path, file_format: str, epsg: int
) -> None:
    out = export(answers, tmp_path / "areas", provenance=PROVENANCE, file_format=file_format)[0]
    back = read(out, file_format)
    assert back.crs.to_epsg() == epsg
    expected = answers.to_crs(epsg).geometry.to_numpy()
    same = back.geometry.normalize().geom_equals_exact(gpd.GeoSeries(expected, crs=epsg).normalize(), 1e-6)
    assert same.all()


def test_a_shapefile_has_all_its_parts(answers: gpd.GeoDataFrame, tmp_path: Path) -> None:
    export(answers, tmp_path / "areas.shp", provenance=PROVENANCE)
    assert {path.name for path in tmp_path.iterdir()} == {
        "areas.shp", "areas.shx", "areas.dbf", "areas.prj", "areas.cpg", "areas.qml",
        "fields.csv", "areas.shp.README.txt", "areas.shp.provenance.json",
    }  # fmt: skip
    assert (tmp_path / "areas.cpg").read_text() == "UTF-8"
    assert "British_National_Grid" in (tmp_path / "areas.prj").read_text()
    names = pd.read_csv(tmp_path / "fields.csv")["column"].tolist()
    back = pyogrio.read_dataframe(tmp_path / "areas.shp")
    assert names == [name for name in back.columns if name != "geometry"]
    assert back["name"].iloc[0] == "Tŷ Hyn"


def test_every_column_is_in_the_codebook_and_described(answers: gpd.GeoDataFrame, tmp_path: Path) -> None:
    export(answers.assign(mine=1.5), tmp_path / "areas.gpkg", provenance=PROVENANCE)
    fields = pd.read_csv(tmp_path / "fields.csv").set_index("column")
    assert fields.index.tolist() == [*answers.reset_index().columns.drop("geometry"), "mine"]
    assert fields.loc["mine", "definition"].startswith("Kept as it was")
    assert fields.loc["band", "allowed_values"] == "1 | 2 | 3 | 4 | 5"


def test_a_zip_holds_one_shapefile_that_geopandas_opens(answers: gpd.GeoDataFrame, tmp_path: Path) -> None:
    written = export(answers, tmp_path / "town.zip", provenance=PROVENANCE, file_format="shapefile")
    assert written == [tmp_path / "town.zip"] == list(tmp_path.iterdir())
    with zipfile.ZipFile(tmp_path / "town.zip") as pack:
        assert set(pack.namelist()) == {
            "town.shp", "town.shx", "town.dbf", "town.prj", "town.cpg", "town.qml",
            "fields.csv", "README.txt", "provenance.json",
        }  # fmt: skip
    back = gpd.read_file(tmp_path / "town.zip")
    assert back["code"].tolist() == CODES
    assert back.crs.to_epsg() == 27700


def test_any_format_may_be_zipped(answers: gpd.GeoDataFrame, tmp_path: Path) -> None:
    export(answers, tmp_path / "town.csv.zip", provenance=PROVENANCE)
    with zipfile.ZipFile(tmp_path / "town.csv.zip") as pack:
        assert pack.namelist() == ["town.csv", "fields.csv", "README.txt", "provenance.json"]


def test_a_geopackage_explains_itself(answers: gpd.GeoDataFrame, tmp_path: Path) -> None:
    out = tmp_path / "town.gpkg"
    export(answers, out, provenance=PROVENANCE)
    layers = dict(pyogrio.list_layers(out))
    assert layers == {"town": "Polygon", "fields": None, "provenance": None, "layer_styles": None}
    about = pyogrio.read_dataframe(out, layer="provenance").set_index("name")["value"]
    assert about["seed"] == "42"
    assert json.loads(about["must_not_be_used_for"]) == ["Denying anyone a service."]
    assert pyogrio.read_info(out, layer="town")["layer_metadata"]["run"] == PROVENANCE.run


def test_a_geopackage_has_the_style_where_qgis_looks_for_it(
    answers: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    # the question that QGIS 3.22 asks of a GeoPackage when a layer is added
    out = tmp_path / "town.gpkg"
    export(answers, out, provenance=PROVENANCE)
    base = sqlite3.connect(out)
    found = base.execute(
        "SELECT styleQML FROM layer_styles WHERE f_table_schema = '' AND f_table_name = 'town' "
        "AND f_geometry_column = 'geom' "
        "ORDER BY CASE WHEN useAsDefault THEN 1 ELSE 2 END, update_time DESC LIMIT 1"
    ).fetchall()
    kinds = dict(base.execute("SELECT table_name, data_type FROM gpkg_contents").fetchall())
    base.close()
    assert len(found) == 1
    assert "RuleRenderer" in found[0][0]
    assert kinds == {
        "town": "features",
        "fields": "attributes",
        "provenance": "attributes",
        "layer_styles": "attributes",
    }


def test_a_geopackage_keeps_columns_that_are_called_like_its_own(
    town: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    frame = town.assign(fid=list("abcdefghi"), geom=range(9))
    export(frame, tmp_path / "town.gpkg", provenance=PROVENANCE)
    back = pyogrio.read_dataframe(tmp_path / "town.gpkg", layer="town")
    assert back["fid"].tolist() == list("abcdefghi")
    assert back["geom"].tolist() == list(range(9))


def test_geoparquet_carries_provenance_and_codebook(answers: gpd.GeoDataFrame, tmp_path: Path) -> None:
    export(answers, tmp_path / "town.parquet", provenance=PROVENANCE)
    metadata = pyarrow.parquet.read_schema(tmp_path / "town.parquet").metadata
    about = json.loads(metadata[b"larder"])
    assert about["provenance"]["code_version"] == "0.1.0"
    assert about["fields"][0]["column"] == "code"
    assert json.loads(metadata[b"geo"])["version"] == "1.1.0"
    assert gpd.read_parquet(tmp_path / "town.parquet")["population"].dtype == "Int64"


def test_geojson_follows_rfc_7946(answers: gpd.GeoDataFrame, tmp_path: Path) -> None:
    export(answers, tmp_path / "town.geojson", provenance=PROVENANCE)
    found = json.loads((tmp_path / "town.geojson").read_text(encoding="utf-8"))
    assert found["provenance"]["title"] == "Good start"
    assert found["provenance"]["crs"] == "WGS 84 (EPSG:4326)"
    assert "crs" not in found
    ring = np.array(found["features"][0]["geometry"]["coordinates"][0])
    following = np.roll(ring, -1, axis=0)
    assert (ring[:, 0] * following[:, 1] - following[:, 0] * ring[:, 1]).sum() > 0  # counter-clockwise
    assert found["features"][0]["properties"]["value"] is None


def test_a_csv_has_a_point_for_each_area_and_no_formula(answers: gpd.GeoDataFrame, tmp_path: Path) -> None:
    export(answers, tmp_path / "town.csv", provenance=PROVENANCE)
    raw = (tmp_path / "town.csv").read_bytes()
    table = pd.read_csv(tmp_path / "town.csv", dtype={"code": "str", "name": "str"}, keep_default_na=False)
    assert raw.startswith(b"\xef\xbb\xbf")
    assert table["name"].tolist() == [
        "Tŷ Hyn",
        "Ashgrove, north",
        'The "Oaks"',
        "",
        "Élan",
        "'-3 Lane",
        "+44",
        "'@home",
        "Mill",
    ]
    assert table["value"].iloc[0] == ""
    degrees = gpd.GeoSeries.from_xy(table["x"], table["y"], crs=27700).to_crs(4326)
    np.testing.assert_allclose(table[["lon", "lat"]], np.c_[degrees.x, degrees.y], atol=1e-7)
    assert "geometry" not in table.columns


def test_a_csv_without_x_and_y_gets_points_inside_the_areas(town: gpd.GeoDataFrame, tmp_path: Path) -> None:
    export(town, tmp_path / "town.csv", provenance=PROVENANCE)
    table = pd.read_csv(tmp_path / "town.csv")
    assert table.columns.tolist() == ["code", "x", "y", "lon", "lat"]
    assert (
        gpd.GeoSeries.from_xy(table["x"], table["y"], crs=27700)
        .within(town.geometry.reset_index(drop=True))
        .all()
    )


def test_points_are_exported_too(tmp_path: Path) -> None:
    assets = gpd.GeoDataFrame(
        {"name": ["Hall"], "confirmed_on": [date(2026, 5, 3)]}, geometry=[Point(10, 20)], crs=27700
    )
    for file_format in ENDINGS:
        out = export(assets, tmp_path / "assets", provenance=PROVENANCE, file_format=file_format)[0]
        assert str(read(out, file_format).iloc[0, 1])[:10] == "2026-05-03"
    table = pd.read_csv(tmp_path / "assets.csv")
    assert table[["x", "y"]].to_numpy().tolist() == [[10.0, 20.0]]
    assert not list(tmp_path.glob("*.qml"))  # the style is for areas


def test_the_readme_says_where_it_comes_from(answers: gpd.GeoDataFrame, tmp_path: Path) -> None:
    export(answers, tmp_path / "town.shp", provenance=PROVENANCE)
    text = (tmp_path / "town.shp.README.txt").read_text(encoding="utf-8")
    said = (
        *("FICTIONAL", "Seed: 42", "2021 (not checked)", "Census of the Town", "Denying anyone", "two-sided"),
        *("Made up for tests.", "Code version: 0.1.0", "EPSG:27700", "Period: not recorded"),
    )
    assert [part for part in said if part not in text] == []
    assert json.loads((tmp_path / "town.shp.provenance.json").read_text())["run"] == PROVENANCE.run


@pytest.mark.parametrize(
    ("name", "file_format"),
    [
        ("a.shp", "shapefile"),
        ("A.GPKG", "gpkg"),
        ("a.b.parquet", "geoparquet"),
        ("a.json", "geojson"),
        ("a.csv", "csv"),
        ("a.zip", "shapefile"),
        ("a.gpkg.zip", "gpkg"),
    ],
)
def test_the_ending_picks_the_format(name: str, file_format: str) -> None:
    assert format_of(Path(name)) == file_format


def test_in_a_folder_the_file_is_called_areas(town: gpd.GeoDataFrame, tmp_path: Path) -> None:
    assert export(town, tmp_path, provenance=PROVENANCE, file_format="csv")[0] == tmp_path / "areas.csv"
