"""What a format cannot hold: said by name and all at once, or changed and said; nothing is lost quietly."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
from shapely import Point, box

from geo.errors import GeoError
from geo.export import export
from tests.geo.exported import PROVENANCE, read


def test_what_a_shapefile_has_no_type_for(town: gpd.GeoDataFrame, tmp_path: Path) -> None:
    frame = town.assign(
        yes=pd.array([True, False, None] * 3, dtype="boolean"),
        flag=[True, False, True] * 3,
        moment=pd.to_datetime(["2026-05-03 10:15:00", None, "2026-05-04 00:00:00"] * 3),
        whole=pd.array([1, None, 2**40] * 3, dtype="Int64"),
        kind=pd.Categorical(["007", None, "b"] * 3),
    )
    export(frame, tmp_path / "town.shp", provenance=PROVENANCE)
    back = pyogrio.read_dataframe(tmp_path / "town.shp")
    np.testing.assert_array_equal(back["yes"][:3], [1, 0, np.nan])
    assert back["flag"][:3].tolist() == [1, 0, 1]
    assert back["moment"][:3].fillna("").tolist() == ["2026-05-03T10:15:00", "", "2026-05-04T00:00:00"]
    np.testing.assert_array_equal(back["whole"][:3], [1, np.nan, 2.0**40])
    assert back["kind"][:3].fillna("").tolist() == ["007", "", "b"]


def test_a_missing_number_in_a_shapefile_is_an_empty_cell(town: gpd.GeoDataFrame, tmp_path: Path) -> None:
    frame = town.assign(whole=pd.array([None] + [7] * 8, dtype="Int64"), real=[np.nan] + [7.5] * 8)
    export(frame, tmp_path / "town.shp", provenance=PROVENANCE)
    raw = (tmp_path / "town.dbf").read_bytes()
    start = int.from_bytes(raw[8:10], "little")  # dBASE III: the length of the header
    first = raw[start + 1 : start + int.from_bytes(raw[10:12], "little")]
    assert set(first.removeprefix(b"A1")) <= set(b" *")


def test_what_a_shapefile_cannot_hold_is_said_all_at_once(town: gpd.GeoDataFrame, tmp_path: Path) -> None:
    frame = town.assign(
        note=["x" * 254] * 8 + ["ŷ" * 128], big=[1.0] * 8 + [1e15], endless=[np.inf] + [1.0] * 8
    )
    frame.loc["A1", "geometry"] = Point(0, 0)
    with pytest.raises(GeoError) as caught:
        export(frame, tmp_path / "town.shp", provenance=PROVENANCE)
    found = {(fault.column, fault.row) for fault in caught.value.faults}
    assert found == {("note", 9), ("big", 9), ("endless", 1), ("", None)}
    assert list(tmp_path.iterdir()) == []


def test_text_of_254_bytes_comes_back_whole(town: gpd.GeoDataFrame, tmp_path: Path) -> None:
    export(town.assign(note="ŷ" * 127), tmp_path / "town.shp", provenance=PROVENANCE)
    assert pyogrio.read_dataframe(tmp_path / "town.shp")["note"].unique().tolist() == ["ŷ" * 127]


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda town: town.iloc[:0], "no rows"),
        (lambda town: town.set_crs(None, allow_override=True), "no coordinate system"),
        (lambda town: town.assign(mixed=[1, "a"] + [None] * 7), "mixes kinds"),
        (lambda town: town.assign(lists=[[1]] * 9), "mixes kinds"),
        (lambda town: town.assign(Rate=1, rate=2), "only in capitals"),
        (
            lambda town: gpd.GeoDataFrame(
                pd.concat(
                    [town, town[["geometry"]].rename(columns={"geometry": "a"}), town.assign(a=1)["a"]],
                    axis=1,
                )
            ),
            "have this name",
        ),
    ],
)
def test_frames_that_no_file_can_hold(
    town: gpd.GeoDataFrame, tmp_path: Path, spoil: object, said: str
) -> None:
    with pytest.raises(GeoError, match=said):
        export(spoil(town), tmp_path / "town.gpkg", provenance=PROVENANCE)
    assert list(tmp_path.iterdir()) == []


def test_long_columns_that_collide_are_told_apart(town: gpd.GeoDataFrame, tmp_path: Path) -> None:
    frame = town.assign(unemployment_rate=1.5, unemployment_count=7, Unemployme=9)
    export(frame, tmp_path / "town.shp", provenance=PROVENANCE)
    back = pyogrio.read_dataframe(tmp_path / "town.shp").iloc[0]
    names = pd.read_csv(tmp_path / "fields.csv").set_index("full_name")["column"]
    assert names.to_dict() == {
        "code": "code",
        "unemployment_rate": "unemployme",
        "unemployment_count": "unemploy_2",
        "Unemployme": "Unemploy_3",
    }  # fmt: skip
    assert [back[names[name]] for name in ("unemployment_rate", "unemployment_count", "Unemployme")] == [
        1.5,
        7,
        9,
    ]


def test_names_and_formats_that_make_no_sense(town: gpd.GeoDataFrame, tmp_path: Path) -> None:
    for out, file_format, said in (
        ("town.xlsx", None, "No format has this ending"),
        ("town.gpkg", "shapefile", "belongs to another format"),
        ("town.gpkg.zip", "shapefile", "belongs to another format"),
        ("town.gpkg", "kml", "no such format"),
        ("absent/town.gpkg", "gpkg", "does not exist"),
    ):
        with pytest.raises(GeoError, match=said):
            export(town, tmp_path / out, provenance=PROVENANCE, file_format=file_format)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_nothing_can_be_written_in(town: gpd.GeoDataFrame) -> None:
    with pytest.raises(GeoError, match="Nothing can be written in"):
        export(town, Path("/proc/self/town.gpkg"), provenance=PROVENANCE)


def test_polygons_and_multipolygons_share_a_layer(town: gpd.GeoDataFrame, tmp_path: Path) -> None:
    frame = town.copy()
    frame.loc["A1", "geometry"] = box(0, 200, 40, 300).union(box(60, 200, 100, 300))
    for file_format in ("shapefile", "gpkg", "geojson", "geoparquet"):
        out = export(frame, tmp_path / "town", provenance=PROVENANCE, file_format=file_format)[0]
        assert read(out, file_format).to_crs(27700).area.sum() == pytest.approx(88_000, abs=30)
