"""Lines: every line of the town, drawn and noded: streets, hedges, river, railway and main roads."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from data.boundaries.generator import plan
from data.boundaries.generator.land import Land, blob, metres

Floats = npt.NDArray[np.float64]
GRID = 1.0
STEP = 22.0
# Per style: metres between long streets and between cross streets, sway of the streets, its wavelength.
PATTERN = {
    "old": (88.0, 115.0, 30.0, 520.0),
    "terrace": (68.0, 165.0, 9.0, 900.0),
    "grid": (88.0, 150.0, 20.0, 800.0),
    "crescent": (98.0, 150.0, 34.0, 700.0),
    "new": (92.0, 135.0, 52.0, 620.0),
    "village": (95.0, 120.0, 25.0, 400.0),
}
ROUND_STYLES = ("old", "crescent")


@dataclass(frozen=True)
class Drawing:
    """All lines of the town, noded: they meet only at their ends.

    kinds: of each edge: railway, river, main_road, street, outline (of an estate) or hedge; estates: a
    polygon for each of the plan's.
    """

    land: Land
    estates: tuple[BaseGeometry, ...]
    edges: npt.NDArray[np.object_]
    kinds: npt.NDArray[np.str_]


def draw_lines(land: Land, rng: np.random.Generator) -> Drawing:
    """Draw and node every line."""
    estates = estate_shapes(land, rng)
    streets = [
        line.intersection(shape)
        for estate, shape in zip(plan.ESTATES, estates, strict=True)
        for line in street_lines(estate, shape, rng)
    ]
    built = shapely.union_all(estates)
    fields = land.limits.difference(built)
    hedges = [line.intersection(fields) for line in hedge_lines(land.limits, rng)]
    limits = land.limits.boundary
    layers: dict[str, BaseGeometry] = {
        "railway": land.railway.intersection(land.limits),
        "river": land.river.intersection(land.limits),
        "main_road": shapely.union_all([line for _, line in land.roads]).intersection(land.limits),
        "street": shapely.union_all(streets),
        "outline": shapely.union_all([shape.boundary for shape in estates] + [limits]),
        "hedge": shapely.union_all(hedges),
    }
    edges = shapely.get_parts(shapely.union_all(list(layers.values()), grid_size=GRID))
    edges = edges[shapely.length(edges) > 0]
    return Drawing(land, estates, edges, kinds_of(edges, layers))


def kinds_of(edges: npt.NDArray[np.object_], layers: dict[str, BaseGeometry]) -> npt.NDArray[np.str_]:
    """Return the first layer that each edge follows, to within the rounding of the noding."""
    middles = shapely.line_interpolate_point(edges, 0.5, normalized=True)
    kinds = np.full(len(edges), "hedge", dtype="U10")
    for kind, layer in reversed(layers.items()):
        tree = shapely.STRtree(shapely.get_parts(shapely.segmentize(layer, 200.0)))
        kinds[tree.query_nearest(middles, max_distance=1.6 * GRID, all_matches=False)[0]] = kind
    return kinds


def estate_shapes(land: Land, rng: np.random.Generator) -> tuple[BaseGeometry, ...]:
    """Return each estate's ground: its patch of the plan, off water, railway, parks and earlier estates."""
    taken = shapely.union_all(
        [land.river_bed.buffer(30), land.river.buffer(38), land.railway.buffer(34)]
        + [shape for _, shape in land.open_land]
    )
    shapes: list[BaseGeometry] = []
    for estate in plan.ESTATES:
        shape = blob(estate.x, estate.y, estate.width, estate.depth, turn=estate.turn, rng=rng)
        shape = shape.intersection(land.limits.buffer(-50)).difference(taken)
        if shapes:
            shape = shape.difference(shapely.union_all(shapes).buffer(estate.gap, quad_segs=4))
        pieces = shapely.get_parts(shape.buffer(-12).buffer(12, quad_segs=3))
        largest = pieces[int(np.argmax(shapely.area(pieces)))]
        shapes.append(Polygon(largest.exterior).simplify(4.0))
    return tuple(shapes)


def street_lines(estate: plan.Estate, shape: BaseGeometry, rng: np.random.Generator) -> Iterator[LineString]:
    """Yield the streets of an estate: long ones side by side (or in rings), cross streets between them."""
    long_gap, cross_gap, sway, wave = PATTERN[estate.style]
    centre = metres(((estate.x, estate.y),))[0]
    reach = shapely.hausdorff_distance(shapely.Point(centre), shape) + 100.0
    phases = rng.uniform(0, 2 * np.pi, 4)
    long_sway = 90.0 if estate.style in ROUND_STYLES else 18.0
    raw = (
        _rings(reach, long_gap, cross_gap, rng)
        if estate.style in ROUND_STYLES
        else _rows(reach, long_gap, cross_gap, rng)
    )
    turn = np.radians(estate.turn)
    matrix = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    squash = (
        np.array([1.0, max(0.62, estate.depth / estate.width)])
        if estate.style in ROUND_STYLES
        else np.ones(2)
    )
    for points in raw:
        x, y = (points * squash).T
        bent = np.column_stack(
            [
                x
                + sway * np.sin(2 * np.pi * y / wave + phases[0])
                + long_sway * np.sin(y / 260.0 + phases[2]),
                y
                + sway * np.sin(2 * np.pi * x / wave + phases[1])
                + long_sway * np.sin(x / 290.0 + phases[3]),
            ]
        )
        yield LineString(bent @ matrix + centre).simplify(1.5)


def hedge_lines(limits: Polygon, rng: np.random.Generator) -> Iterator[LineString]:
    """Yield field boundaries over the whole sheet, drawn as very wide, crooked streets."""
    west, south, east, north = limits.bounds
    centre = np.array([(west + east) / 2, (south + north) / 2])
    for points in _rows(6500.0, 270.0, 330.0, rng):
        x, y = points.T
        bent = np.column_stack(
            [x + 110 * np.sin(y / 380.0 + 1.0), y + 90 * np.sin(x / 450.0) + 45 * np.sin(x / 170.0 + 2.0)]
        )
        yield LineString(bent @ np.array([[0.94, 0.34], [-0.34, 0.94]]) + centre).simplify(12.0)


def _positions(start: float, stop: float, gap: float, rng: np.random.Generator) -> Floats:
    """Return places from start to stop about `gap` apart, some nearer, some further."""
    steps = gap * rng.uniform(0.78, 1.25, int((stop - start) / gap * 1.4) + 3)
    places = start + gap * rng.uniform(0, 1) + np.cumsum(steps) - steps[0]
    return np.asarray(places[places < stop], dtype=float)


def _rows(reach: float, long_gap: float, cross_gap: float, rng: np.random.Generator) -> Iterator[Floats]:
    rows = _positions(-reach, reach, long_gap, rng)
    along = np.arange(-reach, reach + STEP, STEP)
    for row in rows:
        yield np.column_stack([along, np.full(len(along), row)])
    for low, high in pairwise(rows):
        for place in _positions(-reach, reach, cross_gap, rng):
            lean = rng.normal(0, 6)
            y = np.linspace(low - 4, high + 4, 2 + int((high - low) / STEP))
            yield np.column_stack([place + lean * (y - low) / (high - low), y])


def _rings(reach: float, long_gap: float, cross_gap: float, rng: np.random.Generator) -> Iterator[Floats]:
    reach *= 1.5
    radii = _positions(0.55 * long_gap, reach, long_gap, rng)
    for radius in radii:
        angle = np.linspace(0, 2 * np.pi, max(12, int(2 * np.pi * radius / STEP)))
        yield radius * np.column_stack([np.cos(angle), np.sin(angle)])
    for low, high in zip(np.concatenate([[0.0], radii[:-1]]), radii, strict=True):
        spokes = max(3, int(2 * np.pi * (low + high) / 2 / cross_gap))
        angles = 2 * np.pi * (np.arange(spokes) + rng.uniform(-0.28, 0.28, spokes)) / spokes + rng.uniform(
            0, 7
        )
        for angle in angles:
            r = np.linspace(max(low - 4, 0.0), high + 4, 2 + int((high - low) / STEP))
            yield np.column_stack([r * np.cos(angle), r * np.sin(angle)])
