"""Reading a GeoPackage: one layer of it, by that driver alone, and nothing that could reach outside the file."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pyogrio
import shapely
from pyproj import CRS
from pyproj.exceptions import ProjError

from assets.importers.features import feature_table
from assets.importers.hearing import hearing
from assets.importers.limits import LARGEST_GEO, at_most_rows, checked_file
from assets.importers.table import Table, refusal

# what pyogrio, shapely and pyproj raise on a layer that is not as it says
_DAMAGED = (
    pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, pyogrio.errors.FeatureError,
    pyogrio.errors.GeometryError, pyogrio.errors.FieldError, pyogrio.errors.CRSError, shapely.errors.ShapelyError,
    ProjError, LookupError, TypeError, ValueError, OverflowError,
)  # fmt: skip
_MARKS = (b"GPKG", b"GP10", b"GP11")


def read_geopackage(path: Path, layer: str | None = None) -> Table:
    """Read one layer of a GeoPackage; `layer` is needed where it has several.

    Only files that are GeoPackages by their own mark are opened, by that driver alone; layers that are
    views, and tables that a file could use to reach outside itself, are refused.

    Raises AssetError.
    """
    checked_file(path, LARGEST_GEO)
    name = _layer(path, _layers(path), layer)
    frame, told = _read(path, name)
    if "geometry" not in frame.columns:
        raise refusal(path.name, f"The layer {name!r} holds no shapes.", "Export it as csv and import that.")
    shapes = list(frame["geometry"])
    plain = frame.drop(columns="geometry")
    rows: list[Mapping[str, object]] = [
        {"fid": int(fid), **{str(key): value for key, value in zip(plain.columns, values, strict=True)}}
        for fid, values in zip(plain.index, plain.itertuples(index=False, name=None), strict=True)
    ]
    if frame.crs is None:
        cure = "Set the layer's CRS first (EPSG:27700 in Britain, EPSG:4326 for degrees)."
        raise refusal(path.name, f"The layer {name!r} names no coordinate system.", cure)
    table = feature_table(path.name, rows, shapes, CRS.from_user_input(frame.crs), [()] * len(rows))
    return replace(table, notes=(*table.notes, *told))


def _read(path: Path, name: str) -> tuple[Any, list[str]]:
    """Return the frame of a layer and what the driver warned of."""
    try:
        with hearing("layer") as told:
            info = pyogrio.read_info(path, layer=name)
            if info["driver"] != "GPKG":
                raise refusal(path.name, "This is not a GeoPackage.", "Save it as one again.")
            at_most_rows(path.name, int(info["features"]))
            frame = pyogrio.read_dataframe(path, layer=name, fid_as_index=True, datetime_as_string=True)
    except _DAMAGED as error:
        raise refusal(path.name, f"The layer {name!r} cannot be read.", "Save it again.") from error
    return frame, told


def _layers(path: Path) -> dict[str, str]:
    """Return the names of the layers and what each is (table or view), by the file's own catalogue."""
    with path.open("rb") as file:
        start = file.read(72)
    if not start.startswith(b"SQLite format 3\x00") or start[68:72] not in _MARKS:
        raise refusal(path.name, "This is not a GeoPackage.", "Give a .gpkg file, or name another --format.")
    try:
        address = f"file:{quote(path.resolve().as_posix())}?mode=ro&immutable=1"
        with closing(sqlite3.connect(address, uri=True)) as base:
            made = base.execute("SELECT name, type, sql FROM sqlite_master").fetchall()
            features = base.execute(
                "SELECT table_name FROM gpkg_contents WHERE data_type = 'features'"
            ).fetchall()
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise refusal(path.name, "The GeoPackage is damaged.", "Download or save it again.") from error
    for name, _, sql in made:
        words = " ".join(str(sql or "").lower().split())
        if words.startswith("create virtual table") and " using rtree" not in words:
            raise refusal(
                path.name, f"Its table {name!r} reaches outside the file.", "Export the layer anew."
            )
    kinds = {str(name): str(kind) for name, kind, _ in made if kind in ("table", "view")}
    return {str(name): kinds[str(name)] for (name,) in features if str(name) in kinds}


def _layer(path: Path, layers: Mapping[str, str], layer: str | None) -> str:
    names = ", ".join(layers) or "none"
    if layer is not None and layer not in layers:
        raise refusal(path.name, f"It has no layer {layer!r}.", f"Its layers are: {names}.")
    if layer is None and len(layers) != 1:
        what = f"It has {len(layers)} layers: {names}." if layers else "It has no layer of features."
        raise refusal(path.name, what, "Say which with --layer." if layers else "Export one into it.")
    name = layer or next(iter(layers))
    if layers[name] != "table":
        raise refusal(path.name, f"The layer {name!r} is a view, which can run.", "Export it as a table.")
    return name
