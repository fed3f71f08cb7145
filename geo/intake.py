"""Intake: the columns of a file that are to be analysed, with everything that is wrong with them."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from pandas.api import types

from geo.boundaries import INVALID, MEND, mend, read_layer
from geo.codes import as_text, capped
from geo.crs import UNNAMED, check_crs, is_located
from geo.errors import GeoError
from geo.neighbours import Rule
from geo.tables import is_blank, missing_column, numbers
from words.faults import Fault

Booleans = npt.NDArray[np.bool_]

_POLYGONS, _POINT = (3, 6), 0
_BORDERS = ("queen", "rook")


def read_columns(
    path: Path,
    layer: str | None,
    id_column: str,
    number_columns: tuple[str, ...],
    rule: Rule | None,
    *,
    mended: bool = False,
) -> tuple[gpd.GeoDataFrame, list[str]]:
    """Read ids, numbers and shapes of a file, and refuse it with everything that is wrong with them.

    :param path: any file that geopandas reads.
    :param layer: the layer, where the file has several.
    :param id_column: the column of ids: text or whole numbers, each once.
    :param number_columns: columns of numbers; a cell may be empty, not infinite and not text.
    :param rule: how neighbours are found, which says what shapes and what CRS are needed; None asks nothing.
    :param mended: whether to mend outlines that are not valid, as `place add --mend` does; else they are faults.
    :returns: one row an area, indexed by its id as text (the index is named `id_column`), the number columns
        as floats with NaN where empty, and the shapes; and a sentence for each outline that was mended. A file
        that names no CRS gets `geo.crs.UNNAMED`.
    :raises GeoError: all faults at once, each with file, row (from 1), column, value and cure.
    """
    wanted = [id_column, *number_columns]
    frame = _with_crs(read_layer(path, layer, columns=wanted))
    absent = [column for column in dict.fromkeys(wanted) if column not in frame.columns]
    if absent:
        columns = [str(column) for column in read_layer(path, layer).columns if column != "geometry"]
        raise GeoError([missing_column(column, columns, path.name) for column in absent])
    ids, faults = _ids(frame[id_column], path.name)
    table = {}
    for column in number_columns:
        table[column], wrong = _numbers(frame[column], path.name)
        faults += wrong
    sentences: list[str] = []
    if mended:
        frame["geometry"], sentences = mend(frame.geometry, [str(one) for one in ids])
    faults += _shape_faults(frame, path.name, rule)
    if faults:
        raise GeoError(faults)
    return gpd.GeoDataFrame(table, geometry=frame.geometry.to_numpy(), crs=frame.crs).set_axis(ids), sentences


def _with_crs(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return frame.set_crs(UNNAMED) if frame.crs is None else frame


def row_faults(wrong: Booleans, cells: pd.Series, file: str, what: str, cure: str) -> list[Fault]:
    """Return a fault for every row where `wrong` is true, the last saying how many more there are.

    :param cells: the values to show, named as their column.
    """
    name = str(cells.name)
    return capped(
        [Fault(what, cure, file, int(row) + 1, name, str(cells.iloc[row])) for row in np.flatnonzero(wrong)]
    )


def _ids(cells: pd.Series, file: str) -> tuple[pd.Index, list[Fault]]:
    """Return ids as text, with a fault for every one that is blank or stands twice."""
    name = str(cells.name)
    if types.is_float_dtype(cells.dtype) and (np.floor(cells.dropna()) == cells.dropna()).all():
        cells = cells.astype("Int64")  # whole numbers that a format, or one empty cell, has made decimal
    try:
        texts = as_text(cells, file, name)
    except GeoError as error:
        return pd.RangeIndex(len(cells)), list(error.faults)
    blank = is_blank(cells).to_numpy(dtype=bool)
    twice = texts.duplicated().to_numpy(dtype=bool) & ~blank
    faults = row_faults(
        blank, cells.fillna(""), file, "The id is blank.", "Give the area its id, or take the row out."
    )
    cure = "Keep one row an area: merge its parts, or remove the copy."
    faults += row_faults(twice, texts, file, "An earlier row has this id.", cure)
    return pd.Index(texts.to_numpy(), name=name, dtype="str"), faults


def _numbers(cells: pd.Series, file: str) -> tuple[npt.NDArray[np.float64], list[Fault]]:
    """Return a column as floats, NaN where empty, with a fault for every text, date and infinity."""
    if types.is_bool_dtype(cells.dtype) or types.is_datetime64_any_dtype(cells.dtype):
        kind = "true and false" if types.is_bool_dtype(cells.dtype) else "dates"
        what, example = f"The column holds {kind}, not numbers.", str(cells.iloc[0])
        fault = Fault(what, "Name a column of numbers.", file, 1, str(cells.name), example)
        return np.full(len(cells), np.nan), [fault]
    if not types.is_numeric_dtype(cells.dtype):
        parsed, faults = numbers(cells.set_axis(pd.RangeIndex(1, len(cells) + 1)), file)
        return parsed.to_numpy(dtype="float64"), capped(faults)
    parsed_fast = cells.to_numpy(dtype="float64", na_value=np.nan)
    cure = "Correct it, or leave the cell blank."
    return parsed_fast, row_faults(np.isinf(parsed_fast), cells, file, "The value is infinite.", cure)


def _shape_faults(frame: gpd.GeoDataFrame, file: str, rule: Rule | None) -> list[Fault]:
    shapes = np.asarray(frame.geometry.array)
    empty = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    broken = ~empty & ~np.isfinite(shapely.bounds(shapes)).all(axis=1)
    blank = pd.Series("", index=frame.index, name="geometry")
    cure = "Give its outline, or take the row out."
    faults = row_faults(empty, blank, file, "The area has no shape.", cure)
    faults += row_faults(broken, blank, file, "A coordinate of the shape is not a number.", cure)
    faults += _outline_faults(shapes, ~empty & ~broken, file)
    if empty.all():
        return faults
    if is_located(frame.crs):
        faults += check_crs(frame[~empty & ~broken], file, anywhere=True)
    if rule is None:
        return faults
    return faults + _kind_faults(shapes, empty, rule, file) + _unit_faults(frame, rule, file)


def _outline_faults(shapes: npt.NDArray[np.object_], whole: Booleans, file: str) -> list[Fault]:
    """Return a fault for every outline that is not valid: it crosses itself, or a hole of it lies outside."""
    wrong = np.flatnonzero(whole & ~shapely.is_valid(shapes))
    return capped(
        [
            Fault(INVALID.format(shapely.is_valid_reason(shapes[row])), MEND, file, int(row) + 1, "geometry")
            for row in wrong
        ]
    )


def _kind_faults(shapes: npt.NDArray[np.object_], empty: Booleans, rule: Rule, file: str) -> list[Fault]:
    """Return what speaks against finding neighbours by a rule among shapes of these kinds."""
    kinds = shapely.get_type_id(shapes)
    polygon, point = np.isin(kinds, _POLYGONS), kinds == _POINT
    if rule.kind in _BORDERS and (point | empty).all():
        cure = "Use --neighbours knn:8 (the nearest) or band:1500 (within metres)."
        return [Fault(f"Points have no borders, which {rule} neighbours share.", cure, file, value="Point")]
    fits = polygon if rule.kind in _BORDERS else polygon | point
    names = pd.Series([shape.geom_type if shape is not None else "" for shape in shapes[~fits & ~empty]])
    rows = np.flatnonzero(~fits & ~empty)
    wanted = "a polygon" if rule.kind in _BORDERS else "a polygon or a point"
    return capped(
        [
            Fault(
                f"The shape is not {wanted}.", "Give a layer of areas.", file, int(row) + 1, "geometry", name
            )
            for row, name in zip(rows, names, strict=True)
        ]
    )


def _unit_faults(frame: gpd.GeoDataFrame, rule: Rule, file: str) -> list[Fault]:
    """Return what speaks against measuring distances: coordinates in degrees, or in nobody knows what."""
    if rule.kind in _BORDERS or frame.crs.is_projected:
        return []
    unit = "in degrees" if frame.crs.is_geographic else "in no CRS that has metres"
    cure = "Save the file in a CRS in metres (EPSG:27700 in Britain) first, or use queen or rook."
    return [Fault(f"{rule} measures in metres, and the file is {unit}.", cure, file, value=frame.crs.name)]
