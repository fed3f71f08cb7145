"""Which polygons share a point or a stretch of border, found by sorting their vertices."""

import numpy as np
import numpy.typing as npt
import shapely

Integers = npt.NDArray[np.int64]
Geometries = npt.NDArray[np.object_]


def shared_vertices(geometries: Geometries) -> tuple[Integers, Integers]:
    """Return the pairs of polygons that have a vertex in common (queen), as two arrays of positions.

    The rule is libpysal's `Graph.build_contiguity(strict=False)`: two polygons are neighbours where they have
    at least one vertex with the very same coordinates. Where borders are noded the same way on both sides
    this is "they touch"; a corner that meets the middle of another's edge is not seen, nor is a sliver.
    """
    coordinates, owner = shapely.get_coordinates(geometries, return_index=True)
    return _owners_of_same(_vertex_numbers(coordinates), owner.astype(np.int64))


def shared_edges(geometries: Geometries) -> tuple[Integers, Integers]:
    """Return the pairs of polygons that have an edge between two vertices in common (rook)."""
    edge, owner = _edges(geometries)
    return _owners_of_same(edge, owner)


def on_outer_border(geometries: Geometries) -> npt.NDArray[np.bool_]:
    """Return which polygons have an edge that belongs to no other: the coast, or the end of the data."""
    edge, owner = _edges(geometries)
    _, inverse, times = np.unique(edge, return_inverse=True, return_counts=True)
    lonely = np.zeros(len(geometries), dtype=bool)
    lonely[owner[times[inverse] == 1]] = True
    return lonely


def _edges(geometries: Geometries) -> tuple[Integers, Integers]:
    """Number each edge of each ring so that the same edge has the same number whichever way it runs."""
    parts, part_owner = shapely.get_parts(geometries, return_index=True)
    rings, ring_part = shapely.get_rings(parts, return_index=True)
    coordinates, ring = shapely.get_coordinates(rings, return_index=True)
    vertex = _vertex_numbers(coordinates)
    along = (ring[1:] == ring[:-1]) & (vertex[1:] != vertex[:-1])
    low = np.minimum(vertex[1:], vertex[:-1])[along]
    high = np.maximum(vertex[1:], vertex[:-1])[along]
    owner = part_owner[ring_part[ring[1:][along]]]
    return low * (vertex.max(initial=0) + 1) + high, owner.astype(np.int64)


def _vertex_numbers(coordinates: npt.NDArray[np.float64]) -> Integers:
    """Number the vertices so that equal coordinates, and only they, have the same number."""
    bits = np.ascontiguousarray(coordinates + 0.0).view(np.uint64)  # adding 0.0 makes -0.0 equal to 0.0
    mixed = bits[:, 0] * np.uint64(0x9E3779B97F4A7C15)
    mixed ^= mixed >> np.uint64(29)
    mixed += bits[:, 1] * np.uint64(0xBF58476D1CE4E5B9)
    mixed ^= mixed >> np.uint64(32)
    order = np.argsort(mixed)
    in_order = bits[order]
    same_hash = mixed[order][1:] == mixed[order][:-1]
    same = (in_order[1:] == in_order[:-1]).all(axis=1)
    if (same_hash & ~same).any():  # two vertices met in one hash: sort by the coordinates themselves
        order = np.lexsort((bits[:, 1], bits[:, 0]))
        in_order = bits[order]
        same = (in_order[1:] == in_order[:-1]).all(axis=1)
    numbers = np.empty(len(bits), dtype=np.int64)
    numbers[order] = np.concatenate([[0], np.cumsum(~same)])[: len(bits)]
    return numbers


def _owners_of_same(key: Integers, owner: Integers) -> tuple[Integers, Integers]:
    """Return the pairs of different owners that hold an equal key, each pair once."""
    order = np.argsort(key)
    key, owner = key[order], owner[order]
    n = owner.max(initial=0) + 1
    pairs, gap = [np.empty(0, dtype=np.int64)], 1
    while gap < len(key) and (same := key[gap:] == key[:-gap]).any():
        first, second = owner[:-gap][same], owner[gap:][same]
        differ = first != second
        low, high = np.minimum(first, second)[differ], np.maximum(first, second)[differ]
        pairs.append(distinct(low * n + high))
        gap += 1
    both = distinct(np.concatenate(pairs))
    return both // n, both % n


def distinct(numbers: Integers) -> Integers:
    """Return each number once, in order; several times faster than `np.unique`, which hashes first."""
    in_order = np.sort(numbers)
    return in_order[np.concatenate([[True], in_order[1:] != in_order[:-1]])] if len(in_order) else in_order
