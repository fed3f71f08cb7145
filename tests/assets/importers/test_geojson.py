"""Reading GeoJSON and GeoPackage: properties as cells, a point on each shape, what is refused."""

import json
import sqlite3
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely

from assets.errors import AssetError
from assets.importers.geojson import read_geojson
from assets.importers.geopackage import read_geopackage
from assets.importers.intake import import_file
from assets.register import list_assets
from store.roles import CLI
from store.session import reading

# the middle of square B2 of the town
B2 = (0.450957, 51.590602)


def feature(geometry: Any, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def write(path: Path, *features: Any, **members: Any) -> Path:
    path.write_text(json.dumps({"type": "FeatureCollection", "features": list(features), **members}))
    return path


def point(longitude: float, latitude: float) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [longitude, latitude]}


def test_points_and_areas_come_in(town_home: Path, tmp_path: Path) -> None:
    x, y = B2
    square = [
        [x - 1e-4, y - 1e-4],
        [x + 1e-4, y - 1e-4],
        [x + 1e-4, y + 1e-4],
        [x - 1e-4, y + 1e-4],
        [x - 1e-4, y - 1e-4],
    ]
    path = write(
        tmp_path / "a.geojson",
        feature(point(*B2), name="The Hall", category="hall", open=True, rooms=3.0, tags=["a", {"b": 1}]),
        feature({"type": "Polygon", "coordinates": [square]}, name="The Park", category="park"),
        feature(None, name="Nowhere", category="park"),
    )
    table = read_geojson(path)
    assert table.rows[0].cells["open"] == "yes"
    assert table.rows[0].cells["rooms"] == "3"
    assert json.loads(table.rows[0].cells["tags"]) == ["a", {"b": 1}]
    assert "stands as a point" in table.rows[1].notes[0]
    report = import_file(path, home=town_home)
    assert [row.outcome for row in report.rows] == ["accepted", "accepted", "held"]
    with reading(town_home) as session:
        assets = {asset.name: asset for asset in list_assets(session, actor=CLI)}
    assert (assets["The Hall"].longitude, assets["The Hall"].latitude) == B2
    assert assets["The Park"].area == "B2"
    assert import_file(path, home=town_home).totals["unchanged"] == 3


def test_an_older_file_may_name_its_crs(tmp_path: Path) -> None:
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::27700"}}
    path = write(tmp_path / "a.geojson", feature(point(569_880, 190_818), name="A"), crs=crs)
    row = read_geojson(path).rows[0]
    assert float(row.cells["longitude"]) == pytest.approx(B2[0], abs=1e-5)
    assert float(row.cells["latitude"]) == pytest.approx(B2[1], abs=1e-5)
    wrong = {"type": "name", "properties": {"name": "Middle Earth"}}
    with pytest.raises(AssetError, match="'Middle Earth' is not known"):
        read_geojson(write(tmp_path / "b.geojson", feature(point(1, 1), name="A"), crs=wrong))


def test_the_features_own_id_keys_the_row(town_home: Path, tmp_path: Path) -> None:
    one = {**feature(point(*B2), name="The Hall", category="hall"), "id": 7}
    import_file(write(tmp_path / "a.geojson", one), home=town_home)
    one["properties"]["name"] = "The New Hall"
    report = import_file(write(tmp_path / "a.geojson", one), home=town_home)
    assert [row.outcome for row in report.rows] == ["updated"]


def test_faults_of_a_feature_stand_in_its_row(town_home: Path, tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.geojson",
        {"type": "Point", "coordinates": [0, 0]},
        {"type": "Feature", "properties": [1], "geometry": None},
        feature({"type": "Blob", "coordinates": []}, name="A"),
        feature({"type": "Point", "coordinates": ["x", "y"]}, name="B"),
        feature(point(0.4, 100), name="C"),
        feature(point(*B2), category="hall"),
        "nothing",
    )
    report = import_file(path, home=town_home)
    assert [row.outcome for row in report.rows] == ["refused"] * 7
    assert [row.faults[0].row for row in report.rows] == [1, 2, 3, 4, 5, 6, 7]
    assert {row.faults[0].file for row in report.rows} == {"a.geojson"}
    assert [row.faults[0].column for row in report.rows] == [
        "", "properties", "geometry", "geometry", "latitude", "name", "",
    ]  # fmt: skip


REFUSED = {
    "no JSON": ("{", "not JSON"),
    "not UTF-8": (b"\xff\xfe\x00", "not text in UTF-8"),
    "another kind": ('{"type": "Topology"}', "no GeoJSON"),
    "a list": ("[]", "no GeoJSON"),
    "not a number": (
        '{"type":"FeatureCollection","features":[{"type":"Feature","x":NaN}]}',
        "NaN is no number",
    ),
    "nested without end": ("[" * 200_000, "nested too deep"),
    "a number without end": ('{"a": ' + "9" * 5_000 + "}", "not JSON"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_files_that_are_no_geojson(tmp_path: Path, case: str) -> None:
    data, said = REFUSED[case]
    path = tmp_path / "a.geojson"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    with pytest.raises(AssetError, match=said):
        read_geojson(path)


def test_columns_that_differ_in_case_stay_apart(tmp_path: Path) -> None:
    table = read_geojson(write(tmp_path / "a.geojson", feature(point(*B2), name="A", Name="B", Latitude=1)))
    assert table.rows[0].cells["name"] == "A"
    assert table.rows[0].cells["Name (again)"] == "B"
    assert float(table.rows[0].cells["latitude"]) == B2[1]


def package(path: Path, **layers: gpd.GeoDataFrame) -> Path:
    for name, frame in layers.items():
        frame.to_file(path, layer=name, driver="GPKG", index=False)
    return path


def halls(crs: str | None = "EPSG:27700") -> gpd.GeoDataFrame:
    shapes = [shapely.Point(569_880, 190_818), shapely.box(569_830, 190_768, 569_930, 190_868)]
    return gpd.GeoDataFrame({"name": ["A", "B"], "category": ["hall", "park"]}, geometry=shapes, crs=crs)


def test_a_geopackage_comes_in(town_home: Path, tmp_path: Path) -> None:
    path = package(tmp_path / "a.gpkg", halls=halls())
    report = import_file(path, home=town_home)
    assert [(row.outcome, row.place) for row in report.rows] == [("accepted", "town")] * 2
    with reading(town_home) as session:
        assert {asset.area for asset in list_assets(session, actor=CLI)} == {"B2"}
    assert import_file(path, home=town_home).totals["unchanged"] == 2


def test_layers_are_named(tmp_path: Path) -> None:
    path = package(tmp_path / "a.gpkg", one=halls(), two=halls("EPSG:4326"))
    with pytest.raises(AssetError, match="2 layers: one, two"):
        read_geopackage(path)
    with pytest.raises(AssetError, match="no layer 'three'"):
        read_geopackage(path, "three")
    assert len(read_geopackage(path, "one").rows) == 2


def test_a_geopackage_that_could_reach_outside_itself(tmp_path: Path) -> None:
    path = package(tmp_path / "a.gpkg", halls=halls())
    with sqlite3.connect(path) as base:
        base.execute("CREATE VIEW seen AS SELECT * FROM halls")
        base.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) "
            "VALUES ('seen', 'features', 'seen', 27700)"
        )
    with pytest.raises(AssetError, match="a view, which can run"):
        read_geopackage(path, "seen")
    with sqlite3.connect(path) as base:
        base.execute("CREATE VIRTUAL TABLE reach USING fts5(x)")
    with pytest.raises(AssetError, match=r"'reach.*reaches outside the file"):
        read_geopackage(path, "halls")


@pytest.mark.parametrize("data", [b"", b"SQLite format 3\x00" + b"\x00" * 100, b"name\nA\n"])
def test_files_that_are_no_geopackage(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.gpkg"
    path.write_bytes(data)
    with pytest.raises(AssetError, match=r"not a GeoPackage|empty"):
        read_geopackage(path)


def test_a_damaged_geopackage(tmp_path: Path) -> None:
    path = package(tmp_path / "a.gpkg", halls=halls())
    data = path.read_bytes()
    path.write_bytes(data[:4096] + b"\x00" * (len(data) - 4096))
    with pytest.raises(AssetError, match=r"damaged|cannot be read|has no layer"):
        read_geopackage(path)


def test_a_geopackage_whose_catalogue_is_no_text(tmp_path: Path) -> None:
    path = package(tmp_path / "a.gpkg", halls=halls())
    data = path.read_bytes()
    assert b'"category" TEXT' in data
    path.write_bytes(data.replace(b'"category" TEXT', b'"cat\x80gory" TEXT'))
    with pytest.raises(AssetError, match="damaged"):
        read_geopackage(path)


def test_a_layer_without_a_crs_or_without_shapes(tmp_path: Path) -> None:
    path = package(tmp_path / "a.gpkg", halls=halls())
    with sqlite3.connect(path) as base:
        base.execute("UPDATE gpkg_geometry_columns SET srs_id = -1")
        base.execute("UPDATE gpkg_contents SET srs_id = -1")
    with pytest.raises(AssetError, match="coordinate system"):
        read_geopackage(path)
