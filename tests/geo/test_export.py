"""Exports: what goes out comes back the same in every format, whole or not at all, and explained."""

import json
import os
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
from shapely import Point, box

from geo import replace
from geo.errors import GeoError
from geo.export import export
from geo.formats import ENDINGS, format_of
from geo.provenance import Provenance

PROVENANCE = Provenance(
    title="Good start",
    question="Where are children least likely to get a good start?",
    run="good-start-town-20260503-101500-ab12",
    recipe="good_start",
    place="Town",
    fictional=True,
    vintage="2021",
    vintage_status="not checked",
    seed="42",
    code_version="0.1.0",
    sources=("Census of the Town, 2021",),
    attribution=("Made up for tests.",),
    p_convention="p is two-sided.",
    must_not_be_used_for=("Denying anyone a service.",),
)
CODES = ["0001", "X0", "007", "1e5", "A5", "=A6", "E07", "E08", "Ŵ9"]


@pytest.fixture
def answers(town: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the town as a run has it: A1 is missing, A2 an island, B2 and C3 lie in hotspots."""
    nan = np.nan
    columns = {
        "name": ["Tŷ Hyn", "Ashgrove, north", 'The "Oaks"', "", "Élan", "-3 Lane", "+44", "@home", "Mill"],
        "district_name": ["Town"] * 9,
        "population": pd.array([120, 300, 0, None, 250, 260, 270, 280, 290], dtype="Int64"),
        "value": [nan, 0.1 + 0.2, -1 / 3, 12.5, 99.123456789, 1e-9, 0.0, 5.5, 1e6 / 7],
        "band": pd.array([None, 1, 2, 3, 4, 5, 1, 2, 5], dtype="Int64"),
        "p": [nan, nan, 0.5, 0.04, 0.001, 1.0, 0.25, 0.125, 1e-7],
        "cluster": [None, None, "none", "cold", "hot", "none", "none", "high_low", "hot"],
        "status": ["missing", "island"] + ["assessed"] * 7,
        "sign": ["not assessed"] * 2 + ["no sign"] * 2 + ["firm"] + ["no sign"] * 3 + ["suggestive"],
        "x": town.centroid.x.to_numpy(),
        "y": town.centroid.y.to_numpy(),
    }
    frame = gpd.GeoDataFrame(columns, geometry=town.geometry.to_numpy(), crs=town.crs)
    frame.index = pd.Index(CODES, name="code")
    return frame


def read(path: Path, file_format: str) -> pd.DataFrame:
    if file_format == "geoparquet":
        return gpd.read_parquet(path)
    if file_format == "csv":
        table = pd.read_csv(path, dtype="str")
        numbers = [name for name in ("population", "value", "band", "p", "x", "y") if name in table]
        return table.astype(dict.fromkeys(numbers, "float64"))
    return pyogrio.read_dataframe(path, layer=path.stem)


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


def test_two_exports_share_a_folder(answers: gpd.GeoDataFrame, tmp_path: Path) -> None:
    for file_format in ENDINGS:
        export(answers, tmp_path / "areas", provenance=PROVENANCE, file_format=file_format)
    styles = (tmp_path / "areas.qml").read_text()
    assert pd.read_csv(tmp_path / "fields.csv")["column"].tolist()[2] == "dist_name"
    assert pd.read_csv(tmp_path / "areas.geojson.fields.csv")["column"].tolist()[2] == "district_name"
    export(answers, tmp_path / "areas.shp", provenance=PROVENANCE)
    assert (tmp_path / "areas.qml").read_text() == styles  # one style fits every format


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


def test_in_a_folder_the_file_is_called_areas(town: gpd.GeoDataFrame, tmp_path: Path) -> None:
    assert export(town, tmp_path, provenance=PROVENANCE, file_format="csv")[0] == tmp_path / "areas.csv"


def test_a_geopackage_that_is_open_elsewhere_is_left_alone(town: gpd.GeoDataFrame, tmp_path: Path) -> None:
    (tmp_path / "town.gpkg").write_bytes(b"old")
    (tmp_path / "town.gpkg-wal").write_bytes(b"busy")
    with pytest.raises(GeoError, match="open in another program"):
        export(town, tmp_path / "town.gpkg", provenance=PROVENANCE)
    assert (tmp_path / "town.gpkg").read_bytes() == b"old"


@pytest.mark.parametrize("file_format", ENDINGS)
def test_a_crash_while_writing_leaves_the_old_export(
    answers: gpd.GeoDataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file_format: str
) -> None:
    export(answers, tmp_path / "areas", provenance=PROVENANCE, file_format=file_format)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def no_room(*args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("geo.export.write_table", no_room)
    with pytest.raises(GeoError, match="could not be written"):
        export(answers.assign(value=0.0), tmp_path / "areas", provenance=PROVENANCE, file_format=file_format)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize("file_format", ["shapefile", "gpkg"])
@pytest.mark.parametrize("moves", [1, 3, 5, 7])
def test_a_failure_while_replacing_puts_everything_back(
    answers: gpd.GeoDataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file_format: str, moves: int
) -> None:
    export(answers, tmp_path / "areas", provenance=PROVENANCE, file_format=file_format)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    real, left = Path.replace, [moves]

    def failing(path: Path, target: Path) -> Path:
        left[0] -= 1
        if left[0] == 0:
            raise OSError(13, "Permission denied")
        return real(path, target)

    monkeypatch.setattr(Path, "replace", failing)
    with pytest.raises(GeoError, match="nothing has changed"):
        export(answers.assign(value=0.0), tmp_path / "areas", provenance=PROVENANCE, file_format=file_format)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_kill_while_replacing_leaves_no_shapefile_of_two_halves(
    answers: gpd.GeoDataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export(answers, tmp_path / "areas.shp", provenance=PROVENANCE)
    real = Path.replace
    for moves in range(1, 19):
        left = [moves]

        def killed(path: Path, target: Path, left: list[int] = left) -> Path:
            left[0] -= 1
            if left[0] == 0:
                raise KeyboardInterrupt
            return real(path, target)

        monkeypatch.setattr(Path, "replace", killed)
        monkeypatch.setattr(replace.shutil, "rmtree", lambda *args, **kwargs: None)
        new = answers.assign(value=float(moves))
        try:
            export(new, tmp_path / "areas.shp", provenance=PROVENANCE)
        except KeyboardInterrupt:
            main = tmp_path / "areas.shp"
            assert not main.exists() or pyogrio.read_dataframe(main)["value"].isna().sum() == (moves == 1)
        monkeypatch.undo()
        export(answers, tmp_path / "areas.shp", provenance=PROVENANCE)


def test_an_index_of_the_old_shapefile_goes_with_it(town: gpd.GeoDataFrame, tmp_path: Path) -> None:
    (tmp_path / "town.qix").write_bytes(b"an index of other shapes")
    (tmp_path / "town.txt").write_text("mine")
    export(town, tmp_path / "town.shp", provenance=PROVENANCE)
    assert not (tmp_path / "town.qix").exists()
    assert (tmp_path / "town.txt").read_text() == "mine"


def test_an_export_is_readable_by_others(town: gpd.GeoDataFrame, tmp_path: Path) -> None:
    export(town, tmp_path / "town.gpkg", provenance=PROVENANCE)
    mask = os.umask(0)
    os.umask(mask)
    assert (tmp_path / "town.gpkg").stat().st_mode & 0o777 == 0o666 & ~mask


def test_polygons_and_multipolygons_share_a_layer(town: gpd.GeoDataFrame, tmp_path: Path) -> None:
    frame = town.copy()
    frame.loc["A1", "geometry"] = box(0, 200, 40, 300).union(box(60, 200, 100, 300))
    for file_format in ("shapefile", "gpkg", "geojson", "geoparquet"):
        out = export(frame, tmp_path / "town", provenance=PROVENANCE, file_format=file_format)[0]
        assert read(out, file_format).to_crs(27700).area.sum() == pytest.approx(88_000, abs=30)
