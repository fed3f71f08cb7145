"""Lines on the map: how a stroke is drawn, outlines round areas that touch, hatching cut to areas."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pydeck as pdk
import shapely

from geo.crs import WIRE
from words.palette import PAPER, Outline, rgb

MAP_PIXELS = (760, 560)


@dataclass(frozen=True)
class Stroke:
    """How lines are drawn: colour, width and dashes in pixels, opacity (0 to 255)."""

    colour: str
    width: float
    dashes: tuple[float, ...] = ()
    opacity: int = 255


@dataclass(frozen=True)
class Hatching:
    """How areas are hatched: the lines, the pixels between them, and whether they fall to the right."""

    stroke: Stroke
    gap: float
    falling: bool = False


def rings(shape: shapely.Geometry) -> list[list[list[list[float]]]]:
    """Return each polygon of a shape in degrees as its rings, coordinates to about a metre."""
    found = []
    for part in shapely.get_parts(shape):
        borders = [part.exterior, *part.interiors] if part.geom_type == "Polygon" else []
        if borders:
            found.append([np.round(shapely.get_coordinates(border), 5).tolist() for border in borders])
    return found


def lines(shape: shapely.Geometry) -> list[list[list[float]]]:
    """Return each line of a shape in degrees, coordinates to about a metre."""
    return [np.round(shapely.get_coordinates(part), 5).tolist() for part in shapely.get_parts(shape)]


def in_degrees(shapes: Sequence[shapely.Geometry], crs: Any) -> list[shapely.Geometry]:
    """Return shapes of one CRS in EPSG:4326."""
    return list(shapes) if crs == WIRE else list(gpd.GeoSeries(list(shapes), crs=crs).to_crs(WIRE))


def path_layer(name: str, shape: shapely.Geometry, crs: Any, stroke: Stroke) -> pdk.Layer:
    """Return a layer of lines; deck.gl counts dashes in widths of the line."""
    extra: dict[str, Any] = {}
    if stroke.dashes:
        extra["extensions"] = [{"@@type": "PathStyleExtension", "dash": True, "highPrecisionDash": True}]
        extra["get_dash_array"] = [length / stroke.width for length in stroke.dashes[:2]]
    return pdk.Layer(
        "PathLayer",
        id=name,
        data=[{"p": line} for line in lines(in_degrees([shape], crs)[0])],
        get_path="p",
        get_color=[*rgb(stroke.colour), stroke.opacity],
        width_units=pdk.types.String("pixels"),
        get_width=stroke.width,
        joint_rounded=True,
        cap_rounded=not stroke.dashes,
        pickable=False,
        **extra,
    )


def hatching(
    name: str, areas: gpd.GeoDataFrame, bounds: Sequence[float], look: Hatching, pixels: tuple[int, int]
) -> pdk.Layer:
    """Draw diagonal lines cut to the areas: lines need no picture, and print as they look.

    `bounds` (west, south, east, north in the areas' metres) and `pixels` are those of the map, for the gap.
    """
    west, south, east, north = bounds
    metres_a_pixel = max((east - west) / pixels[0], (north - south) / pixels[1])
    step = look.gap * metres_a_pixel * math.sqrt(2)
    tall = north - south
    first, last = (north, south) if look.falling else (south, north)
    starts = np.arange(west - tall, east, step)
    diagonals = shapely.linestrings([[(x, first), (x + tall, last)] for x in starts])
    cut = shapely.intersection(shapely.multilinestrings(diagonals), areas.geometry.union_all())
    return path_layer(name, cut, areas.crs, look.stroke)


def outline_round(outline: Outline, areas: gpd.GeoDataFrame) -> list[pdk.Layer]:
    """Draw one line round areas that touch, on a pale casing that lifts it off dark fills."""
    edge = shapely.line_merge(shapely.boundary(areas.geometry.union_all()))
    casing = path_layer(f"{outline.key}-casing", edge, areas.crs, Stroke(PAPER, outline.width + 2.4))
    line = Stroke(outline.colour, outline.width, outline.dashes)
    return [casing, path_layer(outline.key, edge, areas.crs, line)]
