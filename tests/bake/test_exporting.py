"""Exporting a run: its areas come back the same, and its provenance travels with them."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow.parquet
import pyogrio
import pytest

from bake.columns import OPEN
from bake.exporting import export_bytes, export_run, fields_of, provenance_of
from bake.runs import Run, publish
from geo.formats import ENDINGS
from words.fields import P_CONVENTION

MANIFEST: dict[str, Any] = {
    "title": "Crowded homes",
    "question": "Where are homes most crowded?",
    "unit": "per cent of homes",
    "outcome": {"name": "Crowding", "definition": "Homes with fewer rooms than needed."},
    "period": "2021",
    "recipe": {"id": "crowded", "digest": "sha256:ab"},
    "place": {
        "name": "town", "title": "Town", "fictional": True, "vintage": "2021",
        "vintage_status": "not checked", "licence": "Made up for tests.",
    },
    "seed": 0,
    "versions": {"larder": "0.1.0", "numpy": "2.4.6"},
    "sources": ["Census", {"title": "Register", "url": "https://example.org"}],
    "decisions": ["Two areas were left out."],
    "must_not_be_used_for": ["Denying anyone a home."],
    "limits": ["Counts are old."],
    "counts": {},
}  # fmt: skip


@pytest.fixture
def run(town: gpd.GeoDataFrame, tmp_path: Path) -> Run:
    """Return a published run of the town, with every column that a run may have and A1 without an answer."""
    areas = town.copy()
    text = {"name", "gi_cluster", "cluster", "status", "sign"}
    for position, column in enumerate(OPEN):
        if column not in ("code", "geometry"):
            numbers = position + np.arange(9) / 7
            areas[column] = "none" if column in text or "_name" in column else numbers
    for column in ("lsoa", "msoa", "ward", "district"):
        areas[column] = [f"000{number}" for number in range(9)]
    for column in ("band", "neighbours", "population", "count", "denominator"):
        areas[column] = pd.array([1, 2, 3, 4, 5, 1, 2, 3, 4], dtype="Int64")
    areas.loc["A1", ["band", "population", "value", "p"]] = None
    return publish(tmp_path / "home", areas, MANIFEST, {})


@pytest.mark.parametrize("file_format", [name for name in ENDINGS if name not in ("geoparquet", "csv")])
def test_a_run_comes_back_the_same(run: Run, tmp_path: Path, file_format: str) -> None:
    out = export_run(run, file_format, tmp_path / "areas")[0]
    back = pyogrio.read_dataframe(out, layer="areas")
    shorts = {"district_name": "dist_name", "denominator": "denom"} if file_format == "shapefile" else {}
    expected = run.areas().reset_index()
    assert back.columns.tolist() == [shorts.get(name, name) for name in expected.columns]
    for name in expected.columns.drop("geometry"):
        column = back[shorts.get(name, name)]
        if pd.api.types.is_numeric_dtype(expected[name].dtype):
            values = expected[name].to_numpy(dtype="float64", na_value=np.nan)
            np.testing.assert_allclose(column.to_numpy(dtype="float64", na_value=np.nan), values, rtol=1e-14)
        else:
            assert column.tolist() == expected[name].tolist()
    assert back["lsoa"].iloc[1] == "0001"


def test_geoparquet_keeps_every_type(run: Run, tmp_path: Path) -> None:
    out = export_run(run, "geoparquet", tmp_path / "areas")[0]
    pd.testing.assert_frame_equal(gpd.read_parquet(out), run.areas().reset_index())


@pytest.mark.parametrize(
    ("file_format", "ending", "mime"),
    [
        ("shapefile", "-shapefile.zip", "application/zip"),
        ("csv", "-csv.zip", "application/zip"),
        ("gpkg", ".gpkg", "application/geopackage+sqlite3"),
        ("geoparquet", ".parquet", "application/vnd.apache.parquet"),
        ("geojson", ".geojson", "application/geo+json"),
    ],
)
def test_a_download_is_named_after_its_run(run: Run, file_format: str, ending: str, mime: str) -> None:
    name, kind, content = export_bytes(run, file_format)
    assert (name, kind) == (run.id + ending, mime)
    assert len(content) > 1000


def test_a_downloaded_shapefile_opens(run: Run, tmp_path: Path) -> None:
    name, _, content = export_bytes(run, "shapefile")
    (tmp_path / name).write_bytes(content)
    back = gpd.read_file(tmp_path / name)
    assert back["code"].tolist() == run.areas().index.tolist()
    with zipfile.ZipFile(io.BytesIO(content)) as pack:
        assert {"fields.csv", "README.txt", "provenance.json"} <= set(pack.namelist())


def test_every_download_carries_its_provenance(run: Run, tmp_path: Path) -> None:
    for file_format in ENDINGS:
        name, _, content = export_bytes(run, file_format)
        (tmp_path / name).write_bytes(content)
    with zipfile.ZipFile(tmp_path / f"{run.id}-csv.zip") as pack:
        said = [json.loads(pack.read("provenance.json"))["run"]]
    said.append(json.loads((tmp_path / f"{run.id}.geojson").read_text())["provenance"]["run"])
    table = pyarrow.parquet.read_schema(tmp_path / f"{run.id}.parquet")
    said.append(json.loads(table.metadata[b"larder"])["provenance"]["run"])
    inside = pyogrio.read_dataframe(tmp_path / f"{run.id}.gpkg", layer="provenance")
    said.append(inside.set_index("name").loc["run", "value"])
    assert said == [run.id] * 4


def test_provenance_says_what_the_run_says(run: Run) -> None:
    about = provenance_of(run)
    assert (about.seed, about.code_version, about.recipe, about.place) == ("0", "0.1.0", "crowded", "Town")
    assert (about.vintage, about.vintage_status, about.fictional) == ("2021", "not checked", True)
    assert about.sources == ("Census", "Register, https://example.org")
    assert about.attribution == ("Made up for tests.",)
    assert about.must_not_be_used_for == ("Denying anyone a home.",)
    assert (about.limits, about.decisions) == (("Counts are old.",), ("Two areas were left out.",))
    assert about.p_convention == P_CONVENTION


def test_the_value_is_described_as_the_run_defines_it(run: Run) -> None:
    fields = {field.name: field for field in fields_of(run)}
    assert fields["value"].unit == "per cent of homes"
    assert fields["value"].definition.endswith("Here: Homes with fewer rooms than needed.")
    assert fields["population"].unit == "people"


def test_a_manifest_that_says_little_is_exported_all_the_same(run: Run, tmp_path: Path) -> None:
    bare = {name: MANIFEST[name] for name in ("title", "question", "recipe")} | {"id": "bare"}
    export_run(Run(run.folder, bare), "gpkg", tmp_path / "areas.gpkg")
    text = (tmp_path / "areas.gpkg.README.txt").read_text(encoding="utf-8")
    assert "Seed: not recorded" in text
    assert "Not recorded: ask before you publish." in text
