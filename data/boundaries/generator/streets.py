"""Streets: the walking network of the drawn lines, with bridges, crossings, footpaths, steps and names."""

from itertools import pairwise

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
import shapely.ops
from scipy.spatial import cKDTree
from shapely.geometry import LineString

from data.boundaries.generator import plan
from data.boundaries.generator.land import Land, height
from data.boundaries.generator.lines import Drawing
from data.boundaries.generator.splits import components
from data.boundaries.generator.street_names import name_streets

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Lines = npt.NDArray[np.object_]
STUB = 14.0
STEEP = 0.05
LINK = 260.0
LINK_GAP = 240.0
CROSSINGS = 60


def make_streets(drawing: Drawing, rng: np.random.Generator) -> gpd.GeoDataFrame:
    """Return the network: edge, from_node, to_node, kind, name, length (metres), geometry."""
    lines, kinds = _roads(drawing)
    lines, kinds = _bridges(lines, kinds, drawing.land)
    lines, kinds = _footpaths(lines, kinds, drawing, rng)
    lines, kinds = _drop_stubs(lines, kinds)
    lines, kinds = _link(lines, kinds, drawing.land)
    lines, kinds = _join(lines, kinds, drawing.land)
    lines, kinds = _crossings(lines, kinds, rng)
    kinds = _steps(lines, kinds, drawing.land)
    ends, _ = node_numbers(lines)
    names = name_streets(lines, kinds, ends, drawing, rng)
    order = np.lexsort((ends[:, 1], ends[:, 0]))
    return gpd.GeoDataFrame(
        {
            "edge": [f"S{number:05d}" for number in range(1, len(lines) + 1)],
            "from_node": ends[order, 0],
            "to_node": ends[order, 1],
            "kind": kinds[order].astype(object),
            "name": np.asarray(names, dtype=object)[order],
            "length": np.round(shapely.length(lines[order]), 1),
        },
        geometry=list(lines[order]),
        crs=plan.CRS,
    )


def node_numbers(lines: Lines) -> tuple[Ints, Floats]:
    """Return the node at each end of each line (n x 2) and the nodes' coordinates."""
    starts = shapely.get_coordinates(shapely.get_point(lines, 0))
    stops = shapely.get_coordinates(shapely.get_point(lines, -1))
    nodes, number = np.unique(np.round(np.vstack([starts, stops]), 2), axis=0, return_inverse=True)
    return np.column_stack(np.split(number.ravel(), 2)).astype(np.int64), nodes


def _roads(drawing: Drawing) -> tuple[Lines, npt.NDArray[np.str_]]:
    """Return main roads and streets as lines between true junctions."""
    wanted = np.isin(drawing.kinds, ("street", "main_road"))
    lines = shapely.get_parts(shapely.line_merge(shapely.union_all(drawing.edges[wanted])))
    near = shapely.union_all([line for _, line in drawing.land.roads]).buffer(3.0)
    shapely.prepare(near)
    middles = shapely.line_interpolate_point(lines, 0.5, normalized=True)
    main = shapely.contains(near, middles)
    pieces = [piece for line in lines[main] for piece in _pieces(line)]
    kinds = np.array(["street"] * int((~main).sum()) + ["main_road"] * len(pieces), dtype="U13")
    return np.concatenate([lines[~main], pieces]), kinds


def _pieces(line: LineString, longest: float = 150.0) -> list[LineString]:
    """Cut a long stretch between its ends into pieces, so that lanes can join it."""
    count = int(line.length // longest) + 1
    cuts = np.linspace(0.0, line.length, count + 1)
    return [shapely.ops.substring(line, low, high) for low, high in pairwise(cuts)]


def _bridges(lines: Lines, kinds: npt.NDArray[np.str_], land: Land) -> tuple[Lines, npt.NDArray[np.str_]]:
    """Cut main roads where they meet river and railway, and call the pieces bridge and rail_crossing."""
    for kind, barrier, zone in (
        ("bridge", land.river, land.river_bed.buffer(15)),
        ("rail_crossing", land.railway, land.railway.buffer(18)),
    ):
        hit = (kinds == "main_road") & (shapely.distance(lines, barrier) < 2.0)
        over = shapely.union_all(lines[hit])
        spans = shapely.get_parts(shapely.line_merge(over.intersection(zone)))
        rest = shapely.get_parts(shapely.line_merge(over.difference(zone)))
        lines = np.concatenate([lines[~hit], spans, rest])
        kinds = np.concatenate([kinds[~hit], [kind] * len(spans), ["main_road"] * len(rest)])
    return lines, kinds


def _footpaths(
    lines: Lines, kinds: npt.NDArray[np.str_], drawing: Drawing, rng: np.random.Generator
) -> tuple[Lines, npt.NDArray[np.str_]]:
    """Make some streets footpaths, and add paths along estate edges and hedges that cross no barrier."""
    kinds = kinds.copy()
    kinds[(kinds == "street") & (rng.random(len(kinds)) < 0.09)] = "footpath"
    barrier = shapely.union_all([drawing.land.river, drawing.land.railway, drawing.land.limits.boundary])
    chance = np.select([drawing.kinds == "outline", drawing.kinds == "hedge"], [0.35, 0.10], 0.0)
    path = (rng.random(len(chance)) < chance) & (shapely.distance(drawing.edges, barrier) > 4.0)
    extra = drawing.edges[path]
    return np.concatenate([lines, extra]), np.concatenate([kinds, ["footpath"] * len(extra)])


def _drop_stubs(lines: Lines, kinds: npt.NDArray[np.str_]) -> tuple[Lines, npt.NDArray[np.str_]]:
    """Drop dead ends too short to be streets, and specks that hang on nothing."""
    for _ in range(2):
        ends, nodes = node_numbers(lines)
        degree = np.bincount(ends.ravel(), minlength=len(nodes))
        dead = (degree[ends] == 1).any(axis=1)
        keep = ~(dead & ((shapely.length(lines) < STUB) | (kinds == "footpath")))
        lines, kinds = lines[keep], kinds[keep]
    ends, nodes = node_numbers(lines)
    part = components(len(nodes), ends)[ends[:, 0]]
    keep = np.bincount(part, weights=shapely.length(lines))[part] > 250
    return lines[keep], kinds[keep]


def _link(lines: Lines, kinds: npt.NDArray[np.str_], land: Land) -> tuple[Lines, npt.NDArray[np.str_]]:
    """Link each separate estate to what lies near it, every few hundred metres, over no barrier."""
    ends, nodes = node_numbers(lines)
    part = components(len(nodes), ends)
    reach, index = cKDTree(nodes).query(nodes, k=60, distance_upper_bound=LINK)
    rows, columns = np.nonzero(np.isfinite(reach))
    here, there = rows, index[rows, columns]
    other = part[here] < part[there]
    here, there, far = here[other], there[other], reach[rows, columns][other]
    lanes = shapely.linestrings(np.stack([nodes[here], nodes[there]], axis=1))
    barrier = shapely.union_all([land.river, land.railway])
    shapely.prepare(barrier)
    free = ~shapely.intersects(barrier, lanes)
    links: list[LineString] = []
    middles: list[Floats] = []
    for number in np.argsort(far, kind="stable"):
        middle = (nodes[here[number]] + nodes[there[number]]) / 2
        if free[number] and all(np.hypot(*(middle - taken)) > LINK_GAP for taken in middles):
            links.append(lanes[number])
            middles.append(middle)
    return np.concatenate([lines, links]), np.concatenate([kinds, ["street"] * len(links)])


def _join(lines: Lines, kinds: npt.NDArray[np.str_], land: Land) -> tuple[Lines, npt.NDArray[np.str_]]:
    """Link what is still apart to the rest by its shortest straight lane that crosses no barrier."""
    barrier = shapely.union_all([land.river, land.railway])
    shapely.prepare(barrier)
    while True:
        ends, nodes = node_numbers(lines)
        part = components(len(nodes), ends)
        sizes = np.bincount(part)
        if len(sizes) == 1:
            return lines, kinds
        apart = part == np.argsort(sizes, kind="stable")[0]
        lane = _lane(nodes[apart], nodes[~apart], barrier)
        if lane is None:
            keep = ~apart[ends[:, 0]]
            lines, kinds = lines[keep], kinds[keep]
        else:
            lines = np.concatenate([lines, [lane]])
            kinds = np.concatenate([kinds, ["street" if lane.length > 60 else "footpath"]])


def _lane(here: Floats, there: Floats, barrier: shapely.Geometry) -> LineString | None:
    """Return the shortest free line from one set of nodes to another."""
    here = here[:: max(1, len(here) // 60)]
    far, index = cKDTree(there).query(here, k=len(there))
    rows, columns = np.unravel_index(np.argsort(far, axis=None, kind="stable"), far.shape)
    lanes = shapely.linestrings(np.stack([here[rows], there[index[rows, columns]]], axis=1))
    free = np.flatnonzero(~shapely.intersects(barrier, lanes))
    return lanes[free[0]] if len(free) else None


def _crossings(
    lines: Lines, kinds: npt.NDArray[np.str_], rng: np.random.Generator
) -> tuple[Lines, npt.NDArray[np.str_]]:
    """Split the last metres before a main road off some streets and call them crossing."""
    ends, nodes = node_numbers(lines)
    main = np.zeros(len(nodes), dtype=bool)
    main[ends[kinds == "main_road"]] = True
    fit = (
        (main[ends].sum(axis=1) == 1) & np.isin(kinds, ("street", "footpath")) & (shapely.length(lines) > 45)
    )
    chosen = np.sort(rng.choice(np.flatnonzero(fit), min(CROSSINGS, int(fit.sum())), replace=False))
    out, names = list(lines), list(kinds)
    for number in chosen:
        line = lines[number] if main[ends[number, 0]] else shapely.reverse(lines[number])
        out[number] = shapely.ops.substring(line, 14.0, line.length)
        out.append(shapely.ops.substring(line, 0.0, 14.0))
        names.append("crossing")
    return np.asarray(out, dtype=object), np.asarray(names)


def _steps(lines: Lines, kinds: npt.NDArray[np.str_], land: Land) -> npt.NDArray[np.str_]:
    """Call steep footpaths steps."""
    rise = height(shapely.get_coordinates(shapely.get_point(lines, 0)), land.river) - height(
        shapely.get_coordinates(shapely.get_point(lines, -1)), land.river
    )
    steep = np.abs(rise) / np.maximum(shapely.length(lines), 1.0) > STEEP
    kinds = kinds.copy()
    kinds[steep & (kinds == "footpath")] = "steps"
    return kinds
