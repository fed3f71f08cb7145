"""Boundaries: polygons read from any file that geopandas reads, and what can be wrong with them."""

import json
from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as arrow_parquet
import pyogrio
import shapely
from numpy.typing import NDArray

from geo.codes import capped, some
from geo.errors import GeoError
from words.faults import Fault

TOLERANCE = 100.0
INVALID = "The outline is not valid: {}."
MEND = "Mend it, or say --mend to have it mended."


def read_layer(
    path: Path, layer: str | None = None, columns: Sequence[str] | None = None
) -> gpd.GeoDataFrame:
    """Read one layer of any file that geopandas reads, as it stands.

    `layer` is needed where the file has several; `columns` reads only those of them that the file has, and
    the shapes. GeoError where the file or the layer is absent, empty or not of shapes.
    """
    if not path.exists():
        raise GeoError([Fault("There is no such file.", "Check the path.", str(path))])
    if path.is_file() and path.stat().st_size == 0:
        raise GeoError([Fault("The file is empty.", "Download it again.", path.name)])
    frame = (
        _read_parquet(path, layer, columns)
        if path.suffix.lower() in (".parquet", ".geoparquet")
        else _read_any(path, layer, columns)
    )
    if frame.empty:
        raise GeoError(
            [Fault("The layer has no rows.", "Download it again, or name another layer.", path.name)]
        )
    if frame.geometry.name == "geometry":
        return frame
    # a column that happens to be called geometry gives way to the geometry itself
    plain = pd.DataFrame(frame.drop(columns=[frame.geometry.name, "geometry"], errors="ignore"))
    return gpd.GeoDataFrame(plain, geometry=frame.geometry.to_numpy(), crs=frame.crs)


def _read_parquet(path: Path, layer: str | None, columns: Sequence[str] | None) -> gpd.GeoDataFrame:
    if layer:
        raise GeoError([Fault("A Parquet file has no layers.", "Leave --layer out.", path.name, value=layer)])
    try:
        frame = gpd.read_parquet(path, columns=_present(path, columns))
    except (ValueError, OSError, pa.ArrowInvalid) as error:
        raise GeoError([_not_geo(path, str(error))]) from error
    return frame.reset_index() if frame.index.name else frame


def _present(path: Path, columns: Sequence[str] | None) -> list[str] | None:
    """Return those of the columns that a GeoParquet file has, and its shapes; None stands for all."""
    if columns is None:
        return None
    schema = arrow_parquet.read_schema(path)
    about = json.loads((schema.metadata or {}).get(b"geo", b"{}"))
    return [name for name in schema.names if name in {*columns, about.get("primary_column", "geometry")}]


def _read_any(path: Path, layer: str | None, columns: Sequence[str] | None) -> gpd.GeoDataFrame:
    try:
        layers = [str(name) for name, kind in pyogrio.list_layers(path) if kind is not None]
        everything = [str(name) for name, _ in pyogrio.list_layers(path)]
    except pyogrio.errors.DataSourceError as error:
        raise GeoError([_not_geo(path, str(error))]) from error
    if not layers:
        raise GeoError([_not_geo(path, "it holds a table without shapes")])
    if layer is None and len(layers) > 1:
        what = f"The file has {len(layers)} layers: {', '.join(layers)}."
        raise GeoError([Fault(what, "Say which with --layer.", path.name)])
    if layer is not None and layer not in layers:
        why = "holds no shapes" if layer in everything else "is not in the file"
        raise GeoError(
            [Fault(f"The layer {why}.", f"Its layers are: {', '.join(layers)}.", path.name, value=layer)]
        )
    try:
        fast = {} if columns is None else {"columns": list(columns), "use_arrow": True}
        frame = gpd.read_file(path, layer=layer or layers[0], **fast)
    except (
        pyogrio.errors.DataSourceError,
        pyogrio.errors.GeometryError,
        shapely.errors.ShapelyError,
    ) as error:
        raise GeoError([_not_geo(path, str(error))]) from error
    if not isinstance(frame, gpd.GeoDataFrame):
        raise GeoError([_not_geo(path, "it holds a table without shapes")])
    return frame


def _not_geo(path: Path, why: str) -> Fault:
    cure = "Give a GeoPackage, shapefile, GeoJSON, GeoParquet or another file of polygons."
    return Fault(f"No shapes can be read from the file: {why.strip('.')}.", cure, path.name)


def check_geometry(
    shapes: gpd.GeoSeries, codes: Sequence[str], file: str, rows: Sequence[int] | None = None
) -> list[Fault]:
    """Return a fault for every shape that is missing, empty, no polygon, not valid, flat or given twice.

    rows: the shapes' rows in the file, where they are not all of it.
    """
    faults = []
    rows = range(1, len(codes) + 1) if rows is None else rows
    for row, code, shape in zip(rows, codes, shapes, strict=True):
        problem = _problem(shape)
        if problem:
            faults.append(Fault(*problem, file, row, "geometry", str(code)))
    return capped(faults) + _copies(shapes, codes, file, rows)


def _problem(shape: shapely.Geometry | None) -> tuple[str, str] | None:
    """Return what is wrong with one shape and the cure, or None."""
    if shape is None or shape.is_empty:
        what = "has no shape" if shape is None else "has an empty shape"
        return f"The area {what}.", "Give its outline or take the row out."
    if not np.isfinite(shapely.get_coordinates(shape)).all():
        return "A coordinate of the area's outline is not a number.", "Give its outline again."
    if shape.geom_type not in ("Polygon", "MultiPolygon"):
        return f"The shape is a {shape.geom_type}, not a polygon.", "Give a layer of polygons."
    if not shape.is_valid:
        why = shapely.is_valid_reason(shape)
        return INVALID.format(why), MEND
    return None if shape.area > 0 else ("The area's shape has no extent.", "Give its outline.")


def _copies(shapes: gpd.GeoSeries, codes: Sequence[str], file: str, rows: Sequence[int]) -> list[Fault]:
    """Return a fault for each shape that an earlier row has already, among the sound ones."""
    seen: dict[bytes, int] = {}
    faults = []
    for position, shape in enumerate(shapes):
        if _problem(shape) is not None:
            continue
        key = shapely.to_wkb(shapely.normalize(shape))
        first, code = seen.setdefault(key, position), str(codes[position])
        if codes[first] != code:
            what = f"The area has the very shape of {codes[first]} (row {rows[first]})."
            faults.append(
                Fault(what, "Give each area its own outline.", file, rows[position], "geometry", code)
            )
    return capped(faults)


def mend(shapes: gpd.GeoSeries, codes: Sequence[str]) -> tuple[gpd.GeoSeries, list[str]]:
    """Return the shapes with invalid outlines mended, and a sentence for each that was.

    The method is GEOS's "structure": rings are rebuilt, lines and points that collapse out of it are dropped.
    """
    mended = shapes.copy()
    sentences = []
    for position in np.flatnonzero(~shapely.is_valid(np.asarray(shapes.array))).tolist():
        code, shape = codes[position], shapes.iloc[position]
        if shape is None or shape.geom_type not in ("Polygon", "MultiPolygon"):
            continue
        if not np.isfinite(shapely.get_coordinates(shape)).all():
            continue
        better = shapely.make_valid(shape, method="structure", keep_collapsed=False)
        mended.iloc[position] = better
        metres = shapes.crs is not None and shapes.crs.is_projected
        size = f"; its area is now {better.area:,.0f} m²" if metres else ""
        sentences.append(f"The outline of {code} was mended ({shapely.is_valid_reason(shape)}{size}).")
    return mended, sentences


def check_overlaps(
    shapes: gpd.GeoSeries, codes: Sequence[str], file: str, rows: Sequence[int] | None = None
) -> list[Fault]:
    """Return a fault for each pair of valid polygons that shares more than 100 m².

    shapes: polygons in metres; rows: their rows in the file, where they are not all of it.
    """
    polygons = np.asarray(shapes.to_numpy())
    left, right = shapely.STRtree(polygons).query(polygons, predicate="intersects")
    left, right = left[left < right], right[left < right]
    shared = shapely.area(shapely.intersection(polygons[left], polygons[right]))
    faults = []
    for position in np.flatnonzero(shared > TOLERANCE):
        one, other = codes[left[position]], codes[right[position]]
        what = f"The areas {one} and {other} overlap by {shared[position]:,.0f} m²."
        row = int(right[position]) + 1 if rows is None else rows[right[position]]
        faults.append(Fault(what, "Correct the outlines: each spot belongs to one area.", file, row))
    return capped(faults)


def check_holes(shapes: gpd.GeoSeries, codes: Sequence[str], file: str) -> list[Fault]:
    """Return a fault for each hole of more than 100 m² that areas surround and none covers.

    shapes: valid polygons in metres. A hole may be real (a lake, another district inside this one).
    """
    polygons = np.asarray(shapes.to_numpy())
    holes = _holes(polygons)
    tree = shapely.STRtree(polygons)
    faults = []
    for hole in holes:
        # a hair's breadth outwards, so that areas that only touch the rim are found
        around = sorted(
            codes[position] for position in tree.query(shapely.buffer(hole, 0.01), predicate="intersects")
        )
        middle = hole.representative_point()
        what = f"There is a hole of {hole.area:,.0f} m² between {some(around, 6)}."
        cure = "Add what is missing; if the hole is real (water, another district), say --allow-holes."
        faults.append(Fault(what, cure, file, value=f"{middle.x:.0f}, {middle.y:.0f}"))
    return capped(faults)


def _holes(polygons: NDArray[np.object_]) -> list[shapely.Polygon]:
    whole = shapely.union_all(polygons)
    # the outlines filled, less the whole: an area that floats in a hole is not part of the hole
    filled = shapely.union_all(shapely.polygons(shapely.get_exterior_ring(shapely.get_parts(whole))))
    holes = shapely.get_parts(shapely.difference(filled, whole))
    return sorted((hole for hole in holes if hole.area > TOLERANCE), key=lambda hole: -hole.area)
