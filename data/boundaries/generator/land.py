"""Land: the town's limits, river, railway, main roads, open land and terrain."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from scipy.interpolate import CubicSpline
from shapely.geometry import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from data.boundaries.generator import plan

Floats = npt.NDArray[np.float64]
CELL = 50.0


@dataclass(frozen=True)
class Land:
    """The ground the town stands on, EPSG:27700.

    `open_land` pairs each planned open space with its polygon; `river_bed` is the water as a polygon.
    """

    limits: Polygon
    river: LineString
    river_bed: Polygon
    railway: LineString
    roads: tuple[tuple[str, LineString], ...]
    open_land: tuple[tuple[plan.Open, BaseGeometry], ...]


def metres(points: plan.Kilometres | Floats) -> Floats:
    """Return kilometres on the plan as metres in EPSG:27700."""
    return np.asarray(np.asarray(points, dtype=float) * 1000.0 + np.asarray(plan.ORIGIN), dtype=float)


def curve(points: plan.Kilometres, step: float = 40.0) -> Floats:
    """Return a smooth line through the points, with a vertex about every `step` metres."""
    corners = metres(points)
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(corners, axis=0).T))])
    spline = CubicSpline(along, corners)
    return np.asarray(spline(np.linspace(0.0, along[-1], max(2, int(along[-1] / step)))), dtype=float)


def meander(line: Floats, sway: float, wavelength: float, phase: float) -> Floats:
    """Sway a line sideways by up to `sway` metres, two waves on top of each other."""
    steps = np.gradient(line, axis=0)
    normal = np.column_stack([-steps[:, 1], steps[:, 0]]) / np.hypot(steps[:, 0], steps[:, 1])[:, None]
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
    wave = np.sin(2 * np.pi * along / wavelength + phase)
    wave += 0.45 * np.sin(2 * np.pi * along / (0.43 * wavelength) + 2.1 * phase)
    return np.asarray(line + normal * (sway * wave)[:, None], dtype=float)


def blob(
    x: float,
    y: float,
    width: float,
    depth: float,
    *,
    turn: float,
    rng: np.random.Generator,
    rough: float = 0.09,
) -> Polygon:
    """Return a rounded, slightly irregular patch round a point of the plan (kilometres, degrees)."""
    angle = np.linspace(0.0, 2 * np.pi, 72, endpoint=False)
    power = 2.7
    radius = (np.abs(np.cos(angle)) ** power + np.abs(np.sin(angle)) ** power) ** (-1 / power)
    for wave in range(2, 7):
        radius *= 1 + rough / np.sqrt(wave) * np.sin(wave * angle + rng.uniform(0, 2 * np.pi))
    u, v = width * radius * np.cos(angle), depth * radius * np.sin(angle)
    t = np.radians(turn)
    outline = np.column_stack([x + u * np.cos(t) - v * np.sin(t), y + u * np.sin(t) + v * np.cos(t)])
    return Polygon(metres(outline)).buffer(0)


def parish_edge(limits: Polygon, rng: np.random.Generator) -> Polygon:
    """Return the limits with the crooks of an old parish boundary."""
    ring = limits.exterior
    along = np.cumsum(rng.uniform(60, 330, 400))
    along = along[along < ring.length - 60]
    points = shapely.get_coordinates(shapely.line_interpolate_point(ring, along))
    return Polygon(np.rint(points + np.cumsum(rng.normal(0, 38, points.shape), axis=0) % 90 - 45)).buffer(0)


def water(river: Floats) -> Polygon:
    """Return the river as a polygon that widens from a stream in the west to an estuary in the east."""
    east = np.clip((river[:, 0] - plan.ORIGIN[0]) / 9000.0, 0.0, 1.0)
    half = 9.0 + 16.0 * east + 120.0 * np.clip(east - 0.72, 0, None) ** 1.3 / 0.28**1.3
    reaches = [LineString(river[i : i + 2]).buffer(half[i]) for i in range(len(river) - 1)]
    return shapely.union_all(reaches).simplify(2.0)


def draw_land(rng: np.random.Generator) -> Land:
    """Draw the land of the plan."""
    limits = parish_edge(blob(*plan.CENTRE, *plan.REACH, turn=0.0, rng=rng, rough=0.07), rng)
    river_line = meander(curve(plan.RIVER), 55.0, 1250.0, rng.uniform(0, 2 * np.pi))
    river = LineString(river_line)
    bed = water(river_line)
    railway = LineString(curve(plan.RAILWAY, 80.0))
    roads = tuple((road.name, LineString(curve(road.points, 60.0))) for road in plan.ROADS)
    spaces = []
    for space in plan.OPEN_LAND:
        shape = blob(space.x, space.y, space.width, space.depth, turn=space.turn, rng=rng, rough=0.14)
        shape = shape.difference(bed).intersection(limits)
        spaces.append((space, shape))
    return Land(limits, river, bed, railway, roads, tuple(spaces))


def height(points: Floats, river: LineString) -> Floats:
    """Return the height above the sea in metres at points (n x 2, EPSG:27700)."""
    x, y = ((points - np.asarray(plan.ORIGIN)) / 1000.0).T
    from_river = shapely.distance(shapely.points(points), river) / 1000.0
    ground = 3.0 + 14.0 * (1 - np.exp(-((from_river / 1.1) ** 2))) + 1.6 * np.clip(8.0 - x, 0, None)
    ground += 1.5 * np.sin(2.3 * x + 0.7) * np.cos(1.9 * y) * np.clip(from_river, 0, 1)
    for hill_x, hill_y, top, spread in plan.HILLS:
        ground += top * np.exp(-((x - hill_x) ** 2 + (y - hill_y) ** 2) / (2 * spread**2))
    marsh = np.exp(-(((x - 8.3) / 1.3) ** 2 + ((y - 2.6) / 0.8) ** 2))
    return np.asarray(np.clip(ground * (1 - 0.93 * marsh) + 0.6 * marsh, 0.4, None), dtype=float)


def terrain(land: Land) -> tuple[npt.NDArray[np.int16], tuple[float, float]]:
    """Return heights in decimetres on 50 m cells, and the north-west corner of the first (EPSG:27700)."""
    west, south, east, north = (CELL * round(edge / CELL) for edge in land.limits.buffer(500).bounds)
    xs = np.arange(west + CELL / 2, east, CELL)
    ys = np.arange(north - CELL / 2, south, -CELL)
    grid = np.column_stack([axis.ravel() for axis in np.meshgrid(xs, ys)])
    heights = np.rint(height(grid, land.river) * 10).astype(np.int16)
    outside = shapely.distance(shapely.points(grid), land.limits) > 300
    heights[outside] = -32768
    return heights.reshape(len(ys), len(xs)), (west, north)


def place_points(names: tuple[tuple[str, float, float], ...]) -> list[tuple[str, Point]]:
    """Return named points of the plan in metres."""
    return [(name, Point(metres(((x, y),))[0])) for name, x, y in names]
