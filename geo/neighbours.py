"""Neighbours of areas: by shared border, by number, by distance."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from geo.adjacency import Adjacency, from_graph, from_links, from_pairs
from geo.contiguity import on_outer_border, shared_edges, shared_vertices
from geo.errors import GeoError
from words.faults import Fault

if TYPE_CHECKING:
    from libpysal.graph import Graph

_RULE = re.compile(r"(queen|rook)|(knn):(\d+)|(band|near):(\d+(?:\.\d+)?)")


@dataclass(frozen=True)
class Rule:
    """A way to find neighbours: `kind` is queen, rook, knn, band or near; `size` a number or metres."""

    kind: str
    size: float = 0.0

    def __str__(self) -> str:
        """Return the rule as it is written in recipes and on the command line."""
        return self.kind if self.kind in ("queen", "rook") else f"{self.kind}:{self.size:g}"


@dataclass(frozen=True)
class Connectivity:
    """What to know of a neighbourhood before trusting it; the indexes hold area ids."""

    areas: int
    mean_neighbours: float
    most_neighbours: int
    islands: pd.Index
    components: int
    on_the_edge: pd.Index

    def sentence(self) -> str:
        """Return the report as one sentence."""
        parts = f"{self.components} connected part{'s' if self.components != 1 else ''}"
        return (
            f"{self.areas:,} areas have {self.mean_neighbours:.2f} neighbours on average "
            f"(most {self.most_neighbours}), in {parts}; {len(self.islands)} have none; "
            f"{len(self.on_the_edge):,} lie on the edge of the data, where neighbours may be missing."
        )


def parse(rule: str) -> Rule:
    """Read a neighbour rule: `queen`, `rook`, `knn:8`, `band:1500` or `near:2` (the last two in metres).

    Raises GeoError where the text is none of these or the size is not positive (`near:0` is allowed).
    """
    match = _RULE.fullmatch(rule.strip().lower())
    if match is None:
        raise GeoError(
            f"{rule!r} is not a way to find neighbours.", "Use queen, rook, knn:8, band:1500 or near:2."
        )
    border, nearest, number, metric, metres = match.groups()
    if border:
        return Rule(border)
    parsed = Rule(nearest, float(number)) if nearest else Rule(metric, float(metres))
    if parsed.size <= 0 and parsed.kind != "near":
        raise GeoError(f"{rule!r} asks for no neighbours at all.", "Give a number above 0.")
    return parsed


def find(areas: gpd.GeoDataFrame, rule: str | Rule) -> Adjacency:
    """Find neighbours by a rule, in the light form that needs no libpysal.

    `areas` is indexed by id; knn and band measure between the columns `x`, `y` where the frame has both (a
    place's population-weighted centroids), else between points inside the polygons, in metres, so they need a
    CRS in metres. Raises GeoError for missing or empty geometry, a CRS in degrees, or an index with an id
    twice.
    """
    wanted = parse(rule) if isinstance(rule, str) else rule
    _check_geometry(areas)
    geometries = np.asarray(areas.geometry.array)
    if wanted.kind == "queen":
        return from_pairs(areas.index, *shared_vertices(geometries))
    if wanted.kind == "rook":
        return from_pairs(areas.index, *shared_edges(geometries))
    _check_metres(areas, wanted)
    if wanted.kind == "near":
        return _near(areas.index, geometries, wanted.size)
    if wanted.kind == "knn":
        return _nearest(areas.index, _points(areas), int(wanted.size))
    return _band(areas.index, _points(areas), wanted.size)


def queen(areas: gpd.GeoDataFrame) -> "Graph":
    """Return areas that share a border point, as a libpysal Graph.

    Two areas are neighbours where they share a vertex: equal, link for link, to libpysal's
    `Graph.build_contiguity(areas, rook=False)`, islands included. Where borders are not noded alike use
    `near`.
    """
    return find(areas, Rule("queen")).to_graph()


def rook(areas: gpd.GeoDataFrame) -> "Graph":
    """Return areas that share a stretch of border, as a libpysal Graph.

    As libpysal's `Graph.build_contiguity(areas, rook=True)`, except that a vertex given twice in a row is no stretch.
    """
    return find(areas, Rule("rook")).to_graph()


def knn(areas: gpd.GeoDataFrame, k: int) -> "Graph":
    """Return the k nearest areas of each area, as a libpysal Graph; the relation need not be mutual."""
    return find(areas, Rule("knn", k)).to_graph()


def band(areas: gpd.GeoDataFrame, metres: float) -> "Graph":
    """Return the areas whose points are at most so many metres apart, as a libpysal Graph."""
    return find(areas, Rule("band", metres)).to_graph()


def near(areas: gpd.GeoDataFrame, metres: float) -> "Graph":
    """Return the areas whose polygons come within so many metres of each other, as a libpysal Graph.

    For boundaries with slivers, gaps or corners that meet the middle of an edge; 0 asks for one common point.
    """
    return find(areas, Rule("near", metres)).to_graph()


def connectivity(areas: gpd.GeoDataFrame, graph: "Graph | Adjacency") -> Connectivity:
    """Report islands, connected parts, and the areas whose neighbours may lie outside the data."""
    adjacency = from_graph(graph)
    edge = on_outer_border(np.asarray(areas.geometry.array))
    return Connectivity(
        areas=adjacency.n,
        mean_neighbours=float(adjacency.degrees.mean()) if adjacency.n else 0.0,
        most_neighbours=int(adjacency.degrees.max(initial=0)),
        islands=adjacency.islands,
        components=len(np.unique(adjacency.components)),
        on_the_edge=areas.index[edge],
    )


def _check_geometry(areas: gpd.GeoDataFrame) -> None:
    bad = areas.geometry.isna() | areas.geometry.is_empty
    faults = [
        Fault(
            "has no geometry.",
            "Leave the area out, or give its polygon.",
            row=int(row) + 1,
            value=str(areas.index[row]),
        )
        for row in np.flatnonzero(bad.to_numpy())
    ]
    if faults:
        raise GeoError(faults)


def _check_metres(areas: gpd.GeoDataFrame, rule: Rule) -> None:
    if areas.crs is None or areas.crs.is_geographic:
        crs = f"in {areas.crs.name}" if areas.crs else "without a CRS"
        raise GeoError(
            f"{rule} measures in metres, but the coordinates are {crs}.",
            "Convert the areas first: EPSG:27700 in Britain, a metric CRS elsewhere.",
        )


def _points(areas: gpd.GeoDataFrame) -> npt.NDArray[np.float64]:
    if {"x", "y"} <= set(areas.columns):
        return np.asarray(areas[["x", "y"]], dtype=np.float64)
    return np.asarray(
        shapely.get_coordinates(shapely.point_on_surface(areas.geometry.array)), dtype=np.float64
    )


def _nearest(ids: pd.Index, points: npt.NDArray[np.float64], k: int) -> Adjacency:
    n = len(ids)
    if k >= n:
        raise GeoError(f"{n} areas cannot have {k} nearest neighbours each.", f"Ask for at most {n - 1}.")
    found = cKDTree(points).query(points, k=k + 1)[1].reshape(n, k + 1)
    own = found == np.arange(n)[:, None]
    own[~own.any(axis=1), -1] = True  # several areas at one point: leave out the last instead of oneself
    others = np.sort(found[~own].reshape(n, k), axis=1)
    return from_links(ids, np.repeat(np.arange(n), k), others.ravel())


def _band(ids: pd.Index, points: npt.NDArray[np.float64], metres: float) -> Adjacency:
    pairs = cKDTree(points).query_pairs(metres, output_type="ndarray").astype(np.int64)
    return from_pairs(ids, pairs[:, 0], pairs[:, 1])


def _near(ids: pd.Index, geometries: npt.NDArray[np.object_], metres: float) -> Adjacency:
    tree = shapely.STRtree(geometries)
    if metres > 0:
        first, second = tree.query(geometries, predicate="dwithin", distance=metres)
    else:
        first, second = tree.query(geometries, predicate="intersects")
    other = first != second
    return from_pairs(ids, first[other].astype(np.int64), second[other].astype(np.int64))
