"""Files of exports: rows written as CSV, Excel, GeoJSON or GeoPackage, none of whose cells can run."""

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import openpyxl
import pandas as pd
import shapely
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, WriteOnlyCell

from geo.crs import WIRE
from words.cells import safe_cell

Rows = Sequence[Mapping[str, Any]]
_NUMBERS = ("longitude", "latitude", "half_life_days", "source_row")
_PLACES = 7


def write_csv(path: Path, headings: Sequence[str], rows: Rows, notes: Sequence[str]) -> None:
    """Write rows as CSV: UTF-8 with its mark, comma, text that could run as a formula with an apostrophe."""
    with path.open("w", encoding="utf-8-sig", newline="", errors="replace") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_MINIMAL)
        writer.writerow(headings)
        writer.writerows([_cell(row[name]) for name in headings] for row in rows)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:.{_PLACES}f}" if isinstance(value, float) else safe_cell(str(value))


def write_excel(path: Path, headings: Sequence[str], rows: Rows, notes: Sequence[str]) -> None:
    """Write rows as a workbook: the sheet `assets`, and the sheet `notes` with whom to name.

    Every text is kept as text, never as a formula, and has the apostrophe too, for programs that read on.
    """
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("assets")
    sheet.freeze_panes = "C2"
    sheet.append(list(headings))
    for row in rows:
        sheet.append([_excel_cell(sheet, name, row[name]) for name in headings])
    told = book.create_sheet("notes")
    for note in notes:
        told.append([_excel_cell(told, "note", note)])
    book.save(path)


def _excel_cell(sheet: Any, name: str, value: Any) -> Any:
    if value is None or (name in _NUMBERS and isinstance(value, int | float)):
        return value
    cell = WriteOnlyCell(sheet)
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", safe_cell(str(value)))
    cell.data_type = "s"
    return cell


def write_geojson(path: Path, headings: Sequence[str], rows: Rows, notes: Sequence[str]) -> None:
    """Write rows as GeoJSON (RFC 7946): a point each, longitude first, none where an asset has no location."""
    features = [
        {
            "type": "Feature",
            "id": row["id"],
            "geometry": _point(row),
            "properties": {name: row[name] for name in headings if name not in ("longitude", "latitude")},
        }
        for row in rows
    ]
    write_json(path, {"type": "FeatureCollection", "notes": list(notes), "features": features})


def _point(row: Mapping[str, Any]) -> dict[str, Any] | None:
    if row["longitude"] is None or row["latitude"] is None:
        return None
    at = [round(float(row["longitude"]), _PLACES), round(float(row["latitude"]), _PLACES)]
    return {"type": "Point", "coordinates": at}


def write_json(path: Path, document: Mapping[str, Any]) -> None:
    """Write a value as JSON in UTF-8."""
    text = json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False)
    path.write_bytes(text.encode("utf-8", "replace"))


def write_geopackage(path: Path, headings: Sequence[str], rows: Rows, notes: Sequence[str]) -> None:
    """Write rows as the layer `assets` of a GeoPackage in degrees (EPSG:4326), its notes in its metadata."""
    plain = [name for name in headings if name not in ("longitude", "latitude")]
    table = pd.DataFrame({name: [row[name] for row in rows] for name in plain})
    for name in plain:
        if name not in _NUMBERS:
            table[name] = [None if value is None else str(value) for value in table[name]]
    points = [
        None if row["longitude"] is None else shapely.Point(row["longitude"], row["latitude"]) for row in rows
    ]
    frame = gpd.GeoDataFrame(table, geometry=gpd.GeoSeries(points, crs=WIRE), crs=WIRE)
    frame.to_file(
        path,
        layer="assets",
        driver="GPKG",
        geometry_type="Point",
        index=False,
        layer_metadata={"notes": " ".join(notes)},
    )
