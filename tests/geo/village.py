"""A village of nine squares with real-looking files, for adding as a place and for spoiling."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from shapely import box

from geo.errors import GeoError
from geo.placing import PlaceRequest, place_add

CODES = [f"E0000000{number}" for number in range(1, 10)]
EAST, NORTH = 570_000, 190_000
# the village on the ground: 570150, 190150 by pyproj 3.7 without grid files
LONGITUDE, LATITUDE = 0.4545, 51.5845


@dataclass
class Village:
    """The files of a place in one folder, a home to add it to, and what was said."""

    folder: Path
    home: Path

    def request(self, **changes: object) -> PlaceRequest:
        """Return the request that adds the village, with changes."""
        asked: dict[str, object] = {
            "name": "village",
            "areas": self.folder / "areas.gpkg",
            "code": "oa21cd",
            "lookup": self.folder / "lookup.csv",
            "population": self.folder / "population.csv",
            "indicators": (self.folder / "indicators.csv",),
            "postcodes": self.folder / "postcodes.csv",
            "wards": self.folder / "wards.gpkg",
        }
        return PlaceRequest(**{**asked, **changes})  # type: ignore[arg-type]

    def add(self, **changes: object):
        """Add the village; return the place and the lines that were said."""
        said: list[str] = []
        return place_add(self.request(**changes), self.home, said.append), said

    def spoil_areas(self, spoil: Callable[[gpd.GeoDataFrame], gpd.GeoDataFrame]) -> None:
        """Write the areas anew after a change."""
        path = self.folder / "areas.gpkg"
        frame = spoil(gpd.read_file(path))
        path.unlink()
        with warnings.catch_warnings():
            # that a file without a CRS is written is what the test is about
            warnings.filterwarnings("ignore", message="'crs' was not provided")
            frame.to_file(path, layer="areas")

    def spoil(self, file: str, spoil: Callable[[pd.DataFrame], pd.DataFrame]) -> None:
        """Write a table anew after a change."""
        path = self.folder / file
        spoil(pd.read_csv(path, dtype=object)).to_csv(path, index=False)

    def tree(self) -> dict[str, str]:
        """Return every file under the home with its digest."""
        files = sorted(path for path in self.home.rglob("*") if path.is_file() and path.name != ".lock")
        return {str(path.relative_to(self.home)): sha256(path.read_bytes()).hexdigest() for path in files}


def squares() -> gpd.GeoDataFrame:
    """Return nine squares of 100 m, in rows of three from the top left."""
    shapes = [
        box(EAST + 100 * x, NORTH + 100 * (2 - y), EAST + 100 * x + 100, NORTH + 100 * (2 - y) + 100)
        for y in range(3)
        for x in range(3)
    ]
    return gpd.GeoDataFrame({"oa21cd": CODES}, geometry=shapes, crs="EPSG:27700")


def write_village(folder: Path, home: Path) -> Village:
    """Write the files: two LSOAs (rows 1-2 and row 3), one MSOA, wards left and right of x = 140 m."""
    folder.mkdir()
    areas = squares()
    areas.to_file(folder / "areas.gpkg", layer="areas")
    first = [True] * 6 + [False] * 3
    pd.DataFrame(
        {
            "oa21cd": [*CODES, "E00999998"],
            "lsoa21cd": ["E01000001" if one else "E01000002" for one in first] + ["E01999998"],
            "lsoa21nm": ["Ash 001A" if one else "Ash 001B" for one in first] + ["Far 001A"],
            "msoa21cd": ["E02000001"] * 9 + ["E02999998"],
            "msoa21nm": ["Ash 001"] * 9 + ["Far 001"],
            "lad21cd": ["E07000001"] * 9 + ["E07999998"],
            "lad21nm": ["Ashfordshire"] * 9 + ["Far"],
        }
    ).to_csv(folder / "lookup.csv", index=False)
    pd.DataFrame({"oa21cd": CODES, "pop21": range(100, 1000, 100), "age_0_4": range(1, 10)}).to_csv(
        folder / "population.csv", index=False
    )
    pd.DataFrame(
        {"oa21cd": CODES, "no quals %": [1.5 * n for n in range(9)], "name": list("abcdefghi")}
    ).to_csv(folder / "indicators.csv", index=False)
    middle = areas.geometry.centroid
    pd.DataFrame(
        {
            "postcode": [f"SS15 4A{letter}" for letter in "ABDEFGHJL"] + ["SS99 9ZZ"],
            "pq": [10] * 9 + [10],
            "e": [int(x) for x in middle.x] + [EAST + 90_000],
            "n": [int(y) for y in middle.y] + [NORTH],
        }
    ).to_csv(folder / "postcodes.csv", index=False)
    wards = gpd.GeoDataFrame(
        {"WD25CD": ["E05000001", "E05000002", "E05000003"], "WD25NM": ["West", "East", "Elsewhere"]},
        geometry=[
            box(EAST - 50, NORTH - 50, EAST + 140, NORTH + 400),
            box(EAST + 140, NORTH - 50, EAST + 400, NORTH + 400),
            box(EAST + 5_000, NORTH, EAST + 6_000, NORTH + 400),
        ],
        crs="EPSG:27700",
    )
    wards.to_file(folder / "wards.gpkg", layer="wards")
    return Village(folder, home)


def refused(village: Village, **changes: object) -> str:
    """Add the village, which must be refused and change nothing; return the error."""
    before = village.tree()
    with pytest.raises(GeoError) as caught:
        village.add(**changes)
    assert village.tree() == before
    places = village.home / "places"
    assert not [path for path in places.glob("*") if path.is_dir() and path.name != "village"]
    return str(caught.value)
