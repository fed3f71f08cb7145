"""What a file format cannot hold: found before anything is written, all of it at once."""

from collections import Counter

import geopandas as gpd
import numpy as np
import pandas as pd
from pandas.api import types

from words.faults import Fault

TEXT_BYTES = 254
COLUMNS = 255
LARGEST = 1e15
_PLAIN = {
    "string",
    "empty",
    "boolean",
    "date",
    "datetime",
    "integer",
    "floating",
    "mixed-integer-float",
    "decimal",
}
_INSTEAD = "Export it as gpkg or geoparquet, or leave the column out."


def faults_of(frame: gpd.GeoDataFrame, file_format: str, file: str) -> list[Fault]:
    """Return why a frame cannot be written whole and unchanged in a format.

    :param frame: the columns to publish with their geometry and CRS.
    :param file_format: shapefile, gpkg, geoparquet, geojson or csv.
    :param file: the name to give in each fault.
    """
    faults = _frame_faults(frame, file)
    if faults:
        return faults
    table = pd.DataFrame(frame.drop(columns=frame.geometry.name))
    if file_format in ("shapefile", "geojson"):
        faults += _infinite(table, file, file_format)
    if file_format == "shapefile":
        faults += [
            *_text_too_long(table, file),
            *_numbers_too_large(table, file),
            *_geometry_kinds(frame, file),
        ]
        if len(table.columns) > COLUMNS:
            faults.append(
                Fault(f"A shapefile holds {COLUMNS} columns, not {len(table.columns)}.", _INSTEAD, file)
            )
    if file_format == "gpkg":
        faults += _names_by_case(table, file)
    return faults


def _frame_faults(frame: gpd.GeoDataFrame, file: str) -> list[Fault]:
    faults = []
    if frame.empty:
        faults.append(Fault("There are no rows to export.", "Choose a run or a file that has areas.", file))
    if frame.crs is None:
        faults.append(Fault("The areas have no coordinate system.", "Set their CRS first.", file))
    twice = [str(name) for name, number in Counter(frame.columns).items() if number > 1]
    faults += [
        Fault("Two columns have this name.", "Rename one of them.", file, column=name) for name in twice
    ]
    if twice:
        return faults
    for name, column in frame.drop(columns=frame.geometry.name).items():
        kind = types.infer_dtype(column, skipna=True) if column.dtype == object else "string"
        if kind not in _PLAIN:
            what = f"The column mixes kinds of value ({kind}), which no table format keeps."
            faults.append(Fault(what, "Make it all text or all numbers.", file, column=str(name)))
    return faults


def _numbers(table: pd.DataFrame) -> list[tuple[str, np.ndarray]]:
    names = [name for name in table.columns if types.is_numeric_dtype(table[name].dtype)]
    return [(str(name), table[name].to_numpy(dtype="float64", na_value=np.nan)) for name in names]


def _first(table: pd.DataFrame, wrong: np.ndarray, name: str, what: str, file: str) -> list[Fault]:
    rows = np.flatnonzero(wrong)
    if not len(rows):
        return []
    value = str(table[name].iloc[rows[0]])
    shown = f"{value[:40]}…" if len(value) > 40 else value
    return [Fault(f"{what} ({len(rows)} in this column).", _INSTEAD, file, int(rows[0]) + 1, name, shown)]


def _infinite(table: pd.DataFrame, file: str, file_format: str) -> list[Fault]:
    what = f"A {file_format} file cannot hold an infinite number"
    return [
        fault
        for name, numbers in _numbers(table)
        for fault in _first(table, np.isinf(numbers), name, what, file)
    ]


def _numbers_too_large(table: pd.DataFrame, file: str) -> list[Fault]:
    what = f"A shapefile would write another number for one as large as {LARGEST:.0e} or more"
    return [
        fault
        for name, numbers in _numbers(table)
        for fault in _first(table, np.isfinite(numbers) & (np.abs(numbers) >= LARGEST), name, what, file)
    ]


def _text_too_long(table: pd.DataFrame, file: str) -> list[Fault]:
    what = f"A shapefile cuts text after {TEXT_BYTES} bytes"
    faults = []
    for name, column in table.items():
        if types.is_string_dtype(column.dtype):
            sizes = np.array([len(str(text).encode()) for text in column.where(column.notna(), "")])
            faults += _first(table, sizes > TEXT_BYTES, str(name), what, file)
    return faults


def _geometry_kinds(frame: gpd.GeoDataFrame, file: str) -> list[Fault]:
    kinds = {str(kind).removeprefix("Multi") for kind in frame.geometry.geom_type.dropna().unique()}
    if len(kinds) <= 1 and "GeometryCollection" not in kinds:
        return []
    return [Fault("A shapefile holds one kind of geometry.", _INSTEAD, file, value=", ".join(sorted(kinds)))]


def _names_by_case(table: pd.DataFrame, file: str) -> list[Fault]:
    counts = Counter(str(name).lower() for name in table.columns)
    what = "Two columns differ only in capitals, which a GeoPackage takes for the same."
    return [
        Fault(what, "Rename one of them.", file, column=str(name))
        for name in table.columns
        if counts[str(name).lower()] > 1
    ]
