"""Formats: how each is called, which files it reads by itself, and the reader of each."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from assets.errors import AssetError
from assets.importers.delimited import read_table
from assets.importers.feed import is_address, read_feed
from assets.importers.geojson import read_geojson
from assets.importers.geopackage import read_geopackage
from assets.importers.limits import unpacked
from assets.importers.openstreetmap import read_extract
from assets.importers.table import Table
from assets.importers.workbook import read_workbook


@dataclass(frozen=True)
class Format:
    """One format: the endings of its files, its reader, and the mapping that fits what the reader gives.

    `licence` holds for every file of the format, where it does; `in_parts` says that a file is one region of
    a source that has many.
    """

    endings: tuple[str, ...]
    read: Callable[[Path, str | None], Table]
    mapping: str = "plain"
    licence: str = ""
    has_layers: bool = False
    in_parts: bool = False


FORMATS: dict[str, Format] = {
    "csv": Format((".csv", ".tsv", ".txt"), lambda path, _: read_table(path)),
    "excel": Format((".xlsx",), read_workbook, has_layers=True),
    "geojson": Format((".geojson",), lambda path, _: read_geojson(path)),
    "gpkg": Format((".gpkg",), read_geopackage, has_layers=True),
    "osm": Format(
        (".osm.pbf", ".pbf", ".osm"),
        lambda path, _: read_extract(path),
        mapping="openstreetmap",
        licence="ODbL-1.0",
        in_parts=True,
    ),
    "open_referral": Format((".json",), lambda path, _: read_feed(path), mapping="open_referral"),
}


def format_of(path: Path | str, given: str | None = None) -> str:
    """Return the format of a file: the one that is given, else the one its ending stands for.

    A folder and an address (http://…) are feeds of Open Referral. Raises AssetError where neither tells.
    """
    if given is not None:
        if given not in FORMATS:
            raise AssetError(f"There is no format {given!r}.", f"Use one of: {', '.join(FORMATS)}.")
        return given
    if is_address(path) or Path(path).is_dir():
        return "open_referral"
    name = Path(path).name.lower().removesuffix(".zip")
    for called, one in FORMATS.items():
        if name.endswith(one.endings):
            return called
    if name.endswith((".xls", ".xlsm", ".xlsb", ".ods")):
        return "excel"
    return "csv"


def read_source(path: Path | str, file_format: str, layer: str | None = None) -> Table:
    """Read a file in a format, out of its zip where it is in one.

    Raises AssetError where it cannot be read, or a layer is named in a format that has none.
    """
    one = FORMATS[file_format]
    if layer is not None and not one.has_layers:
        raise AssetError(f"A file of the format {file_format} has no layers.", "Leave --layer out.")
    if is_address(path):
        if file_format != "open_referral":
            raise AssetError(
                "Only a feed of Open Referral is read from an address.",
                "Download the file first, and give its path.",
            )
        return read_feed(str(path))
    file = Path(path)
    if file.name.lower().endswith(".zip") and not file.is_dir():
        with unpacked(file, one.endings) as inner:
            return one.read(inner, layer)
    return one.read(file, layer)
