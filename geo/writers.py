"""Writers: one function a file format, each writing one finished file where it is told to.

Text stays text in all of them, so a code keeps its leading noughts. A missing number stays empty, never 0.
"""

import io
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pyogrio
from pandas.api import types

from geo.codebook import codebook
from geo.crs import WIRE
from words.cells import safe_cell
from words.fields import Field

Meaning = Mapping[str, Any]
"""The provenance as plain data."""

UTF8_MARK = b"\xef\xbb\xbf"
"""Tells Excel that a CSV is UTF-8; without it Welsh names come out garbled. pandas and R skip it."""


def write_shapefile(
    frame: gpd.GeoDataFrame, path: Path, fields: Sequence[Field], meaning: Meaning, style: str
) -> None:
    """Write a shapefile with `.prj` and `.cpg`, its columns under their short names.

    True and false become 1 and 0, dates and times ISO 8601 text, for a shapefile has neither.
    """
    named = frame.rename(columns={field.name: field.short for field in fields})
    for field in fields:
        named[field.short] = _for_dbf(named[field.short])
    pyogrio.write_dataframe(named, path, driver="ESRI Shapefile", encoding="UTF-8", **{"2GB_LIMIT": "YES"})


def write_gpkg(
    frame: gpd.GeoDataFrame, path: Path, fields: Sequence[Field], meaning: Meaning, style: str
) -> None:
    """Write a GeoPackage that explains itself: areas, `fields`, `provenance`, and a style for QGIS."""
    layer, geometry, row = path.stem, _free(frame, "geom"), _free(frame, "fid")
    text = {name: part if isinstance(part, str) else _json(part) for name, part in meaning.items()}
    pyogrio.write_dataframe(
        frame,
        path,
        layer=layer,
        driver="GPKG",
        use_arrow=True,
        layer_metadata=text,
        dataset_options={"VERSION": "1.2"},  # newer ones make older QGIS warn
        layer_options={"GEOMETRY_NAME": geometry, "FID": row},
    )
    pyogrio.write_dataframe(codebook(fields), path, layer="fields", driver="GPKG")
    table = pd.DataFrame({"name": list(text), "value": list(text.values())})
    pyogrio.write_dataframe(table, path, layer="provenance", driver="GPKG")
    pyogrio.write_dataframe(
        _style_row(layer, geometry, style), path, layer="layer_styles", driver="GPKG", FID="id"
    )


def write_geoparquet(
    frame: gpd.GeoDataFrame, path: Path, fields: Sequence[Field], meaning: Meaning, style: str
) -> None:
    """Write GeoParquet 1.1 in the frame's CRS, provenance and codebook under the metadata key `larder`."""
    buffer = io.BytesIO()
    frame.to_parquet(buffer, index=False, compression=None, schema_version="1.1.0")
    table = pa.parquet.read_table(pa.BufferReader(buffer.getbuffer()))
    about = _json({"provenance": meaning, "fields": _rows(fields)})
    table = table.replace_schema_metadata({**table.schema.metadata, b"larder": about.encode()})
    pa.parquet.write_table(table, path, compression="zstd")


def write_geojson(
    frame: gpd.GeoDataFrame, path: Path, fields: Sequence[Field], meaning: Meaning, style: str
) -> None:
    """Write GeoJSON after RFC 7946, in EPSG:4326, with the foreign members `provenance` and `fields`."""
    members = {"type": "FeatureCollection", "provenance": meaning, "fields": _rows(fields)}
    pyogrio.write_dataframe(
        frame.to_crs(WIRE),
        path,
        driver="GeoJSON",
        use_arrow=True,
        RFC7946="YES",
        NATIVE_DATA=_json(members),
        NATIVE_MEDIA_TYPE="application/vnd.geo+json",
    )


def write_csv(
    frame: gpd.GeoDataFrame, path: Path, fields: Sequence[Field], meaning: Meaning, style: str
) -> None:
    """Write the table without geometry; no cell or heading of text can start a formula."""
    table = pd.DataFrame(frame.drop(columns=frame.geometry.name))
    write_table(table, path)


def write_table(table: pd.DataFrame, path: Path) -> None:
    """Write a table as CSV: UTF-8 with its mark, text in quotes, empty where missing, formula-safe."""
    safe = table.rename(columns=lambda name: safe_cell(str(name)))
    for name in safe.columns:
        if types.is_string_dtype(safe[name].dtype):
            safe[name] = _safe(safe[name])
    with path.open("wb") as handle:
        handle.write(UTF8_MARK)
        pa.csv.write_csv(pa.Table.from_pandas(safe, preserve_index=False), handle)


WRITERS: dict[str, Callable[[gpd.GeoDataFrame, Path, Sequence[Field], Meaning, str], None]] = {
    "shapefile": write_shapefile,
    "gpkg": write_gpkg,
    "geoparquet": write_geoparquet,
    "geojson": write_geojson,
    "csv": write_csv,
}


def _free(frame: gpd.GeoDataFrame, name: str) -> str:
    """Return a name for a column of the format's own that no column of the frame has."""
    taken = {str(column).lower() for column in frame.columns if column != frame.geometry.name}
    return f"larder_{name}" if name in taken else name


def _json(part: object) -> str:
    return json.dumps(part, ensure_ascii=False)


def _for_dbf(column: pd.Series) -> pd.Series:
    if types.is_bool_dtype(column.dtype):
        return column.astype("Int64")
    if types.is_datetime64_any_dtype(column.dtype):
        return (
            column.map(lambda moment: moment.isoformat(), na_action="ignore")
            .astype("str")
            .where(column.notna())
        )
    if column.dtype == object and types.infer_dtype(column, skipna=True) in ("date", "datetime"):
        return column.map(lambda day: day.isoformat(), na_action="ignore").astype("str").where(column.notna())
    if column.dtype == object and types.infer_dtype(column, skipna=True) == "boolean":
        return column.astype("boolean").astype("Int64")
    return column


def _safe(column: pd.Series) -> pd.Series:
    text = column.astype("str").where(column.notna())
    kinds = text.dropna().unique()
    changed = {cell: safe_cell(cell) for cell in kinds if safe_cell(cell) != cell}
    return text.replace(changed) if changed else text


def _rows(fields: Sequence[Field]) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = codebook(fields).to_dict("records")
    return rows


def _style_row(layer: str, geometry: str, style: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "f_table_catalog": [""],
            "f_table_schema": [""],
            "f_table_name": [layer],
            "f_geometry_column": [geometry],
            "styleName": ["Larder"],
            "styleQML": [style],
            "styleSLD": [""],
            "useAsDefault": [True],
            "description": ["Five bands of need; hotspots outlined; areas without an answer hatched"],
            "owner": [""],
            "ui": [""],
            "update_time": [pd.Timestamp.now("UTC").floor("ms")],
        }
    )
