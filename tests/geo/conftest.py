"""The village that the tests of places add and spoil, and what the tests of hotspots and exports share."""

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from geo.analysis import HotspotRequest, Summary, hotspots_of_file
from tests.geo.asking import Ask
from tests.geo.exported import CODES
from tests.geo.village import Village, write_village


@pytest.fixture
def village(tmp_path: Path) -> Village:
    """Return the files of a village of nine squares and an empty home."""
    home = tmp_path / "home"
    home.mkdir()
    return write_village(tmp_path / "files", home)


@pytest.fixture
def ask(tmp_path: Path) -> Ask:
    """Return a function that writes a frame to a file and asks for its hotspots."""

    def asked(
        frame: gpd.GeoDataFrame, out: str = "out.gpkg", file: str = "in.gpkg", **settings: Any
    ) -> Summary:
        path = tmp_path / file
        if path.suffix == ".parquet":
            frame.to_parquet(path)
        else:
            frame.to_file(path)
        request = HotspotRequest(
            **{"file": path, "id": "id", "value": "score", "out": tmp_path / out, **settings}
        )
        return hotspots_of_file(request, lambda _: None)

    return asked


@pytest.fixture
def values(town: gpd.GeoDataFrame) -> pd.Series:
    """The values of docs/methods/hotspots.md."""
    return pd.Series([9.0, 8, 3, 7, 6, 2, 1, 4, 0], index=town.index, name="need")


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
