"""The village that the tests of places add and spoil; a file whose hotspots are asked for."""

from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest

from geo.analysis import HotspotRequest, Summary, hotspots_of_file
from tests.geo.asking import Ask
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
