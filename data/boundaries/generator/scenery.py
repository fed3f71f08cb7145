"""Scenery: what a map needs to be recognised: water, railway, roads, open land and names of places."""

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from data.boundaries.generator import plan
from data.boundaries.generator.land import Land, metres, place_points


def make_scenery(land: Land, streets: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return layer, name and geometry, simplified to whole metres."""
    rows: list[tuple[str, str, BaseGeometry]] = []
    rows += [
        (space.kind, space.name, shape.simplify(8.0)) for space, shape in land.open_land if not shape.is_empty
    ]
    rows.append(("river", "River Wick", land.river_bed.intersection(land.limits.buffer(60)).simplify(4.0)))
    minor = streets.loc[streets["kind"] == "street", "geometry"].to_numpy()
    rows.append(("street", "", shapely.line_merge(shapely.multilinestrings(minor)).simplify(6.0)))
    rows += [
        ("main_road", name, line.intersection(land.limits.buffer(60)).simplify(5.0))
        for name, line in land.roads
    ]
    rows.append(
        ("railway", "Marshwick line", land.railway.intersection(land.limits.buffer(60)).simplify(3.0))
    )
    stations = [
        (name, land.railway.interpolate(land.railway.project(point)))
        for name, point in place_points(plan.STATIONS)
    ]
    rows += [("station", name, point) for name, point in stations]
    rows += [("place_name", e.name, shapely.Point(metres(((e.x, e.y),))[0])) for e in plan.ESTATES]
    layers, names, shapes = zip(*rows, strict=True)
    whole = shapely.transform(np.array(shapes), np.rint)
    return gpd.GeoDataFrame({"layer": layers, "name": names}, geometry=list(whole), crs=plan.CRS)
