"""Squares in rows, for statistics that need more areas than the town has."""

import geopandas as gpd
from shapely import box


def grid(side: int) -> gpd.GeoDataFrame:
    """Return side x side squares of one metre, c0 in the south-west, row by row."""
    squares = [box(x, y, x + 1, y + 1) for y in range(side) for x in range(side)]
    return gpd.GeoDataFrame(geometry=squares, index=[f"c{i}" for i in range(side * side)], crs="EPSG:27700")
