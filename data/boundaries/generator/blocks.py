"""Blocks: the faces between streets, river, railway, main roads and field hedges, and who borders whom."""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from data.boundaries.generator.lines import Drawing

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
RANK = {"railway": 5, "river": 4, "main_road": 3, "street": 2, "outline": 1, "hedge": 0}


@dataclass(frozen=True)
class Blocks:
    """Faces that fill the town's limits without gap or overlap.

    shapes: (n,) polygons; estate: (n,) number of the estate or -1 for open land; pairs: (m, 2) blocks that
    share a border; border: (m,) the strongest kind of line along it.
    """

    shapes: npt.NDArray[np.object_]
    estate: Ints
    pairs: Ints
    border: npt.NDArray[np.str_]

    @property
    def centres(self) -> Floats:
        """Return a point of each block, metres."""
        points = shapely.centroid(self.shapes)
        return np.column_stack([shapely.get_x(points), shapely.get_y(points)])


def make_blocks(drawing: Drawing) -> Blocks:
    """Return the faces of a noded drawing."""
    faces = shapely.get_parts(shapely.polygonize(list(drawing.edges)))
    inside = shapely.contains(drawing.land.limits.buffer(2), faces)
    faces = faces[inside]
    points = shapely.point_on_surface(faces)
    estate = np.full(len(faces), -1, dtype=np.int64)
    for number, shape in enumerate(drawing.estates):
        shapely.prepare(shape)
        estate[shapely.contains(shape, points)] = number
    pairs, border = _borders(faces, drawing)
    return Blocks(faces, estate, pairs, border)


def _segments(coordinates: Floats) -> list[tuple[float, ...]]:
    """Return each segment of a line as its two ends in a fixed order."""
    ends = np.hstack([coordinates[:-1], coordinates[1:]])
    swap = (ends[:, 0] > ends[:, 2]) | ((ends[:, 0] == ends[:, 2]) & (ends[:, 1] > ends[:, 3]))
    ends[swap] = ends[swap][:, [2, 3, 0, 1]]
    return [tuple(row) for row in ends.tolist()]


def _borders(faces: npt.NDArray[np.object_], drawing: Drawing) -> tuple[Ints, npt.NDArray[np.str_]]:
    kind_of = {
        segment: kind
        for edge, kind in zip(drawing.edges, drawing.kinds, strict=True)
        for segment in _segments(shapely.get_coordinates(edge))
    }
    sides: dict[tuple[float, ...], list[int]] = defaultdict(list)
    for number, face in enumerate(faces):
        for ring in (face.exterior, *face.interiors):
            for segment in _segments(shapely.get_coordinates(ring)):
                sides[segment].append(number)
    strongest: dict[tuple[int, int], str] = {}
    for segment, numbers in sides.items():
        if len(numbers) == 2:
            pair = (min(numbers), max(numbers))
            kind = kind_of[segment]
            if pair not in strongest or RANK[kind] > RANK[strongest[pair]]:
                strongest[pair] = kind
    pairs = sorted(strongest)
    return np.asarray(pairs, dtype=np.int64), np.asarray([strongest[pair] for pair in pairs])
