"""Formats: their names, their endings, what each cannot keep, and which file a name stands for."""

from pathlib import Path

from geo.errors import GeoError
from words.faults import Fault

ENDINGS: dict[str, tuple[str, ...]] = {
    "shapefile": (".shp",),
    "gpkg": (".gpkg",),
    "geoparquet": (".parquet", ".geoparquet"),
    "geojson": (".geojson", ".json"),
    "csv": (".csv",),
}
"""The formats, each with the endings of its files, the usual one first."""

NOTES: dict[str, tuple[str, ...]] = {
    "shapefile": (
        "A shapefile keeps names of at most 10 characters: fields.csv says what each column is in full.",
        "It keeps 15 places after the point, so a p below 0.000000000000001 reads as 0.",
        "It has no true and false (written 1 and 0), no times (written as ISO text), and reads empty text "
        "as missing. A missing number is an empty cell; some programs show it as 0 or NaN.",
    ),
    "gpkg": (
        "The tables `fields` and `provenance` inside say the same as this text; QGIS takes up its style.",
    ),
    "geoparquet": ("The metadata key `larder` inside holds the provenance and the codebook.",),
    "geojson": (
        "Coordinates are longitude and latitude to 7 decimals (RFC 7946), turned from the original metres; "
        "from the British grid without its fine grid file, which is right to about 2 metres.",
    ),
    "csv": (
        "Text that a spreadsheet could run as a formula has an apostrophe before it.",
        "UTF-8 with a byte order mark, comma, text in quotes, empty where there is no answer. A spreadsheet "
        "may turn codes into numbers when it opens the file: choose *text* for them.",
    ),
}


def format_of(out: Path) -> str:
    """Return the format that a file's ending stands for; `areas.gpkg.zip` is a GeoPackage in a zip.

    :raises GeoError: an ending that stands for none; a bare `.zip` holds a shapefile.
    """
    name = out.name.lower()
    inner = name.removesuffix(".zip")
    for file_format, endings in ENDINGS.items():
        if inner.endswith(endings):
            return file_format
    if name.endswith(".zip"):
        return "shapefile"
    known = ", ".join(ending for endings in ENDINGS.values() for ending in endings)
    raise GeoError([Fault("No format has this ending.", f"Use one of {known}.", value=str(out))])


def target_of(out: Path, file_format: str) -> Path:
    """Return the file that `out` means: its ending added where it has none, `areas` in a folder that exists.

    :raises GeoError: an unknown format, or an ending of another one.
    """
    if file_format not in ENDINGS:
        cure = f"Use one of {', '.join(ENDINGS)}."
        raise GeoError([Fault("There is no such format.", cure, value=file_format)])
    usual = ENDINGS[file_format][0]
    if out.is_dir():
        return out / f"areas{usual}"
    inner = out.name.lower().removesuffix(".zip")
    if inner.endswith(_all_endings()) and not inner.endswith(ENDINGS[file_format]):
        what = f"The ending belongs to another format than {file_format}."
        raise GeoError([Fault(what, f"End the name in {usual}, or leave the ending out.", value=str(out))])
    if inner.endswith(".shp") and not is_zip(out):
        return out.with_suffix(".shp")  # its companions are found by their endings in small letters
    return out if inner.endswith(_all_endings()) or is_zip(out) else out.with_name(out.name + usual)


def _all_endings() -> tuple[str, ...]:
    return tuple(ending for endings in ENDINGS.values() for ending in endings)


def is_zip(target: Path) -> bool:
    """Say whether everything goes into one zip."""
    return target.name.lower().endswith(".zip")


def main_name(target: Path, file_format: str) -> str:
    """Return the name of the main file, in a zip or not."""
    name = target.name[: -len(".zip")] if is_zip(target) else target.name
    return name if name.lower().endswith(ENDINGS[file_format]) else name + ENDINGS[file_format][0]
