"""The sketch: a place's own boundaries as a small SVG to tap on or to look at; no tiles, nothing from elsewhere.

The picture has a fixed width on the page, so that a tap without scripts says where it fell. Each step closer shows a
quarter of the width before. What is drawn: areas, wards, water, green space, roads, railway and names, as far as
the place has them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from xml.sax.saxutils import escape

import geopandas as gpd
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from assets.locate import transformer
from geo.crs import WIRE
from geo.place import Place, read_place

WIDTH = 320
TALLEST, SHORTEST = 400, 200
CLOSEST = 3
CLOSER = 3.5
RIM = 36
"""How far from the edge a mark has to stand to be seen whole, in pixels."""
MOVE = 0.1
"""A move of the pin, as a share of the width shown."""


@dataclass(frozen=True)
class View:
    """What part of a place a sketch shows: its middle in the place's metres, and how many steps closer."""

    place: str
    step: int = 0
    x: int = 0
    y: int = 0


@dataclass(frozen=True)
class Frame:
    """A view worked out: the west and north edge and metres a pixel, and the picture's height in pixels."""

    west: float
    north: float
    scale: float
    height: int

    def metres(self, across: float, down: float) -> tuple[float, float]:
        """Return the metres of a pixel."""
        return self.west + across * self.scale, self.north - down * self.scale

    def pixel(self, x: float, y: float) -> tuple[float, float]:
        """Return the pixel of metres."""
        return (x - self.west) / self.scale, (self.north - y) / self.scale


def frame(view: View, place: Place) -> Frame:
    """Return the frame of a view: the whole place at step 0, else a part round the view's middle."""
    west, south, east, north = _layers(place.folder, place.digest).bounds
    wide, tall = (east - west) * 1.06, (north - south) * 1.06
    scale = max(wide / WIDTH, tall / TALLEST)
    height = round(min(TALLEST, max(SHORTEST, tall / scale)))
    x, y = (view.x, view.y) if view.step else ((west + east) / 2, (south + north) / 2)
    scale /= CLOSER**view.step
    return Frame(x - scale * WIDTH / 2, y + scale * height / 2, scale, height)


def closer(view: View, x: float, y: float) -> View:
    """Return the view one step closer round a point in metres, on a coarse grid so that views are shared."""
    return replace(view, step=min(view.step + 1, CLOSEST), x=round(x / 10) * 10, y=round(y / 10) * 10)


def holding(place: Place, points: Sequence[tuple[float, float]]) -> View:
    """Return the closest view that holds some points (longitude, latitude) with a rim round them.

    It is the whole place where no closer one holds them all.
    """
    at = [metres(place, *point) for point in points]
    xs, ys = [x for x, _ in at], [y for _, y in at]
    x, y = (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2
    for step in range(CLOSEST, 0, -1):
        view = View(place.name, step, round(x / 10) * 10, round(y / 10) * 10)
        held = frame(view, place)
        if all(_well_inside(held, *held.pixel(*one)) for one in at):
            return view
    return View(place.name)


def _well_inside(held: Frame, across: float, down: float) -> bool:
    return RIM <= across <= WIDTH - RIM and RIM <= down <= held.height - RIM


def wider(view: View) -> View:
    """Return the view one step wider round the same middle."""
    return replace(view, step=max(view.step - 1, 0))


def degrees(place: Place, x: float, y: float) -> tuple[float, float]:
    """Return the longitude and latitude of a point in the place's metres."""
    longitude, latitude = transformer(place.crs, WIRE).transform(x, y)
    return round(longitude, 6), round(latitude, 6)


def metres(place: Place, longitude: float, latitude: float) -> tuple[float, float]:
    """Return the place's metres of a point in degrees."""
    x, y = transformer(WIRE, place.crs).transform(longitude, latitude)
    return float(x), float(y)


def draw(
    view: View,
    place: Place,
    pin: tuple[float, float] | None = None,
    ring: tuple[float, float] | None = None,
) -> str:
    """Return a view as SVG, with a pin and a ring, each at a longitude and latitude; a line joins the two."""
    held = frame(view, place)
    marks = (_ring(held, place, ring, pin) if ring else "") + (_pin(held, place, pin) if pin else "")
    size = f'width="{WIDTH}" height="{held.height}" viewBox="0 0 {WIDTH} {held.height}"'
    ground = f'<rect width="{WIDTH}" height="{held.height}" fill="#f6f5f1"/>'
    drawn = _drawn(view, place.folder, place.digest)
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{ground}{drawn}{marks}</svg>'


def _pin(held: Frame, place: Place, pin: tuple[float, float]) -> str:
    across, down = held.pixel(*metres(place, *pin))
    if not (0 <= across <= WIDTH and 0 <= down <= held.height):
        return ""
    return (
        f'<path transform="translate({across:.1f} {down:.1f})" d="M0 0L-9 -16A11 11 0 1 1 9 -16Z" '
        'fill="#a3260f" stroke="#fff" stroke-width="2"/>'
        f'<circle cx="{across:.1f}" cy="{down - 22:.1f}" r="4" fill="#fff"/>'
    )


def _ring(held: Frame, place: Place, ring: tuple[float, float], pin: tuple[float, float] | None) -> str:
    across, down = held.pixel(*metres(place, *ring))
    line = ""
    if pin:
        to = held.pixel(*metres(place, *pin))
        ends = f'x1="{across:.1f}" y1="{down:.1f}" x2="{to[0]:.1f}" y2="{to[1]:.1f}"'
        line = f'<line {ends} stroke="#1d1b22" stroke-width="2" stroke-dasharray="2 4"/>'
    circle = f'<circle cx="{across:.1f}" cy="{down:.1f}" r="9" fill="#fff" fill-opacity=".6"'
    return f'{line}{circle} stroke="#0b4f8a" stroke-width="4"/>'


@dataclass(frozen=True, eq=False)
class _Layers:
    """What can be drawn of a place, in its own metres."""

    bounds: tuple[float, float, float, float]
    ground: gpd.GeoDataFrame
    areas: gpd.GeoDataFrame | None
    wards: gpd.GeoDataFrame | None
    scenery: gpd.GeoDataFrame | None
    streets: gpd.GeoDataFrame | None


@lru_cache(maxsize=4)
def _layers(folder: Path, digest: str) -> _Layers:
    place = read_place(folder)
    areas, streets = place.areas(), place.streets()
    west, south, east, north = (float(edge) for edge in areas.total_bounds)
    ground = gpd.GeoDataFrame(geometry=[areas.geometry.union_all()], crs=areas.crs)
    # the areas help to find one's way only where there are no streets to see
    return _Layers(
        (west, south, east, north),
        ground,
        None if streets is not None else areas,
        place.wards(),
        place.scenery(),
        streets,
    )


@dataclass(frozen=True)
class _Pen:
    """How one kind of thing is drawn; lengths are in half pixels."""

    attributes: str


_GROUND = _Pen('fill="#fff" stroke="#8a8593" stroke-width="3"')
_AREAS = _Pen('fill="none" stroke="#cdc7d5" stroke-width="1.2"')
_WARDS = _Pen('fill="none" stroke="#8a8593" stroke-width="2"')
_STREETS = _Pen('fill="none" stroke="#c9c0b2" stroke-width="3"')
_SCENERY = {
    "marsh": _Pen('fill="#e3eee9"'),
    "park": _Pen('fill="#d3e8cc"'),
    "woodland": _Pen('fill="#c6dfbd"'),
    "river": _Pen('fill="#bcd9ee" stroke="#bcd9ee" stroke-width="3"'),
    "water": _Pen('fill="#bcd9ee"'),
    "main_road": _Pen('fill="none" stroke="#c99b4a" stroke-width="4"'),
    "railway": _Pen('fill="none" stroke="#555" stroke-width="3" stroke-dasharray="10 6"'),
}


@lru_cache(maxsize=96)
def _drawn(view: View, folder: Path, digest: str) -> str:
    place = read_place(folder)
    layers, held = _layers(folder, digest), frame(view, place)
    parts = [_shapes(layers.ground, held, _GROUND)]
    if layers.areas is not None:
        parts.append(_shapes(layers.areas, held, _AREAS))
    if layers.scenery is not None:
        kinds = layers.scenery["layer"]
        parts += [_shapes(layers.scenery[kinds == kind], held, pen) for kind, pen in _SCENERY.items()]
    if layers.streets is not None and view.step:
        parts.append(_shapes(layers.streets, held, _STREETS))
    if layers.wards is not None:
        parts.append(_shapes(layers.wards, held, _WARDS))
    return f'<g transform="scale(.5)">{"".join(parts)}</g>{"".join(_names(layers, held, view.step))}'


def _shapes(layer: gpd.GeoDataFrame, held: Frame, pen: _Pen) -> str:
    """Return one path for all that a layer has within the frame."""
    west, north = held.west, held.north
    east, south = held.metres(WIDTH, held.height)
    seen = layer.geometry.to_numpy()[
        shapely.STRtree(layer.geometry.to_numpy()).query(shapely.box(west, south, east, north))
    ]
    edge = held.scale * 6
    cut = shapely.clip_by_rect(
        shapely.simplify(seen, held.scale / 2), west - edge, south - edge, east + edge, north + edge
    )
    strokes = "".join(_stroke(line, held) for shape in cut for line in _lines(shape))
    return f'<path {pen.attributes} d="{strokes}"/>' if strokes else ""


def _lines(shape: BaseGeometry) -> Iterator[tuple[list[tuple[float, float]], bool]]:
    """Yield the lines that draw a shape, and whether each closes."""
    for part in shapely.get_parts(shape):
        if part.geom_type == "Polygon":
            for ring in (part.exterior, *part.interiors):
                yield list(ring.coords), True
        elif part.geom_type == "LineString":
            yield list(part.coords), False


def _stroke(line: tuple[list[tuple[float, float]], bool], held: Frame) -> str:
    """Return a line as whole half pixels, each point as the step from the one before: the shortest that is exact."""
    points, closed = line
    pixels = [held.pixel(x, y) for x, y, *_ in points]
    whole = [(round(across * 2), round(down * 2)) for across, down in pixels]
    steps = [(x - before[0], y - before[1]) for before, (x, y) in pairwise(whole)]
    moves = " ".join(f"{across} {down}" for across, down in steps if across or down)
    return f"M{whole[0][0]} {whole[0][1]}l{moves}{'z' if closed else ''}" if moves else ""


def _names(layers: _Layers, held: Frame, step: int) -> Iterator[str]:
    """Yield the names that fit, larger things first; a name that would cover another is left out."""
    taken: list[tuple[float, float, float, float]] = []
    for name, x, y in _labels(layers, step):
        across, down = held.pixel(x, y)
        half = len(name) * 2.9
        box = (across - half, down - 9, across + half, down + 4)
        inside = box[0] > 0 and box[2] < WIDTH and box[1] > 0 and box[3] < held.height
        if inside and not any(_overlap(box, other) for other in taken):
            taken.append(box)
            text = f'x="{across:.0f}" y="{down:.0f}" font-size="11" text-anchor="middle" font-family="sans-serif"'
            halo = 'fill="#1d1b22" stroke="#fff" stroke-width="2.5" paint-order="stroke"'
            yield f"<text {text} {halo}>{escape(name)}</text>"


def _overlap(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _labels(layers: _Layers, step: int) -> Iterator[tuple[str, float, float]]:
    """Yield name and middle of what is worth a name: places first, then parks and stations, streets when close."""
    if layers.scenery is not None:
        for kind in ("place_name", "station", "park", "main_road"):
            yield from _middles(layers.scenery[layers.scenery["layer"] == kind])
    if layers.wards is not None and layers.scenery is None:
        yield from _middles(layers.wards)
    if layers.streets is not None and step > 1:
        named = layers.streets[layers.streets["name"].fillna("") != ""]
        yield from _middles(named.drop_duplicates("name"))


def _middles(layer: gpd.GeoDataFrame) -> Iterator[tuple[str, float, float]]:
    if "name" not in layer.columns:
        return
    for name, shape in zip(layer["name"], layer.geometry, strict=True):
        if isinstance(name, str) and name and not pd.isna(name) and shape is not None:
            point = (
                shape.interpolate(0.5, normalized=True)
                if shape.geom_type == "LineString"
                else shape.representative_point()
            )
            yield name, point.x, point.y
