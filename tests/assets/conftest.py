"""Places for the register's tests: the 3 x 3 town on the British grid, and Basildon from the real data."""

import json
import shutil
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from store.session import writing


def write_place(home: Path, name: str, areas: gpd.GeoDataFrame, postcodes: pd.DataFrame) -> Path:
    """Write a place folder as `larder place add` lays it out."""
    folder = home / "places" / name
    folder.mkdir(parents=True)
    areas.reset_index().to_parquet(folder / "areas.parquet", index=False)
    postcodes.to_parquet(folder / "postcodes.parquet", index=False)
    record = {
        "name": name, "title": name.title(), "fictional": False, "level": "area", "vintage": "",
        "vintage_status": "not checked", "crs": "EPSG:27700", "digest": "", "created_at": "", "licence": "",
        "files": [], "joins": [], "notes": [], "indicators": {},
    }  # fmt: skip
    (folder / "place.json").write_text(json.dumps(record), encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with an empty register, and with the places that a test has needed, to copy from."""
    folder = tmp_path_factory.mktemp("ready")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("LARDER_DATABASE", raising=False)
        with writing(folder):
            pass
    return folder


@pytest.fixture
def larder_home(larder_home: Path, ready: Path) -> Path:
    """Return a home as every test's is, with an empty register in it: quicker than making one each time."""
    shutil.copy(ready / "larder.sqlite", larder_home / "larder.sqlite")
    return larder_home


@pytest.fixture
def town_home(larder_home: Path, town: gpd.GeoDataFrame, ready: Path) -> Path:
    """Return a home with one place: the 3 x 3 town on the British grid, the middle of B2 at 569880, 190818.

    Postcodes at the centres: SS15 4JE in B2, SS10 4JE in A1, SS15 4ZZ (ended) in C3, SS15 9XX nowhere.
    """
    if not (ready / "places" / "town").exists():
        _make_town(ready, town)
    shutil.copytree(ready / "places" / "town", larder_home / "places" / "town")
    return larder_home


@pytest.fixture
def two_towns_home(town_home: Path) -> Path:
    """Return the home of the town with another place on the same ground, first in the alphabet: `borough`."""
    folder = town_home / "places" / "borough"
    shutil.copytree(town_home / "places" / "town", folder)
    record = json.loads((folder / "place.json").read_text(encoding="utf-8"))
    (folder / "place.json").write_text(json.dumps(record | {"name": "borough", "title": "Borough"}), "utf-8")
    return town_home


def _make_town(home: Path, town: gpd.GeoDataFrame) -> None:
    middle = town.geometry["B2"].centroid
    moved = town.set_geometry(town.geometry.translate(569_880 - middle.x, 190_818 - middle.y))
    postcodes = pd.DataFrame(
        {
            "postcode": ["SS15 4JE", "SS10 4JE", "SS15 4ZZ", "SS15 9XX"],
            "x": [569_880.0, 569_780.0, 569_980.0, float("nan")],
            "y": [190_818.0, 190_918.0, 190_718.0, float("nan")],
            "quality": pd.array([10, 50, 10, 90], dtype="Int64"),
            "terminated": [False, False, True, False],
            "area": ["B2", "A1", "C3", None],
        }
    )
    write_place(home, "town", moved, postcodes)


@pytest.fixture
def basildon_home(larder_home: Path, shared: Path, ready: Path) -> Path:
    """Return a home whose one place is Basildon: 584 output areas and its postcodes."""
    if not (ready / "places" / "basildon").exists():
        make_basildon(ready, shared)
    shutil.copytree(ready / "places" / "basildon", larder_home / "places" / "basildon")
    return larder_home


def make_basildon(home: Path, shared: Path) -> Path:
    """Make Basildon a place of the home and return the home."""
    data = shared / "basildon"
    areas = gpd.read_file(data / "basildon_boundaries.gpkg", layer="oa21_approx")
    code = next(name for name in areas.columns if areas[name].astype(str).str.startswith("E00").all())
    areas = areas[[code, "geometry"]].rename(columns={code: "code"}).set_index("code").sort_index()
    table = pd.read_csv(data / "codepoint_open_basildon.csv")
    postcodes = pd.DataFrame(
        {
            "postcode": table["postcode"],
            "x": table["e"].astype(float),
            "y": table["n"].astype(float),
            "quality": table["pq"].astype("Int64"),
            "terminated": False,
            "area": None,
        }
    )
    write_place(home, "basildon", areas, postcodes)
    return home
