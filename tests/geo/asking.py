"""Asking for the hotspots of a file: a grid whose hot corner is known, and what came of it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from geo.analysis import Summary
from geo.errors import GeoError

Ask = Callable[..., Summary]


def grid(side: int = 6) -> gpd.GeoDataFrame:
    """Return side x side squares of 100 m with a hot corner in the west, a count and people; ids have noughts."""
    cells = [(row, column) for row in range(side) for column in range(side)]
    return gpd.GeoDataFrame(
        {
            "id": [f"0{row}{column}" for row, column in cells],
            "score": [10.0 - row - column + (row * 7 + column * 3) % 5 / 10 for row, column in cells],
            "ill": [20 - row - column for row, column in cells],
            "people": [100] * len(cells),
            "note": ["x"] * len(cells),
        },
        geometry=[shapely.box(100 * x, 100 * y, 100 * x + 100, 100 * y + 100) for y, x in cells],
        crs="EPSG:27700",
    )


def read(path: Path) -> gpd.GeoDataFrame:
    """Return the areas of a result, whatever its format."""
    if path.suffix == ".parquet":
        return gpd.read_parquet(path)
    if path.suffix == ".csv":
        return pd.read_csv(path, dtype={"id": str})
    return gpd.read_file(path, layer=path.stem)


def refused(ask: Ask, frame: gpd.GeoDataFrame, **settings: Any) -> list[str]:
    with pytest.raises(GeoError) as raised:
        ask(frame, **settings)
    return [fault.sentence() for fault in raised.value.faults]
