"""Export: a frame of areas or points as files that other programs open, with all that explains them beside.

Nothing here knows what a run is: it takes a frame, the descriptions of its columns and its provenance.
"""

import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pyogrio.errors
import pyproj
from pandas.api import types

from geo.codebook import codebook, describe
from geo.crs import WIRE, is_located
from geo.errors import GeoError
from geo.format_limits import faults_of
from geo.formats import NOTES, format_of, is_zip, main_name, target_of
from geo.provenance import Provenance
from geo.qgis_style import qml
from geo.replace import aside, put_in_place
from geo.writers import WRITERS, write_table
from words.fields import FIELDS, Field

_SHAPE_PARTS = (".shx", ".dbf", ".prj", ".cpg")
_STALE = (".sbn", ".sbx", ".qix", ".qpj", ".shp.xml", ".ain", ".aih", ".atx", ".fbn", ".fbx", ".cst")
_BUSY = ("-wal", "-journal")
_ENGINE = (
    OSError,
    pyogrio.errors.DataSourceError,
    pyogrio.errors.DataLayerError,
    pyogrio.errors.FieldError,
    pyogrio.errors.FeatureError,
    pyogrio.errors.GeometryError,
)


@dataclass(frozen=True)
class _Job:
    """One export on its way: what goes out, under which name, in which format."""

    frame: gpd.GeoDataFrame
    fields: tuple[Field, ...]
    provenance: Provenance
    file_format: str
    main: str
    style: str
    codebook: str


def export(
    frame: gpd.GeoDataFrame,
    out: Path,
    *,
    provenance: Provenance,
    fields: Sequence[Field] = FIELDS,
    file_format: str | None = None,
) -> list[Path]:
    """Write a frame as a file of the format asked for, with codebook, provenance and style.

    Beside `areas.shp` stand `fields.csv` (`areas.shp.fields.csv` where another export in the folder has that
    name), `areas.shp.README.txt`, `areas.shp.provenance.json`, and `areas.qml` where QGIS reads it from there; in
    a zip they are called `fields.csv`, `README.txt` and `provenance.json`. Everything is written aside first and
    renamed into place when it is whole.

    :param frame: areas or points with a CRS; a named index becomes the first column.
    :param out: the file; a missing ending is added, `.zip` puts all of it in one zip, and in a folder that
        exists the file is called `areas`.
    :param fields: descriptions by column name; a column without one is described as unknown.
    :param file_format: one of `geo.formats.ENDINGS`; by the ending of `out` if it is not given.
    :returns: the files written, the main one first.
    :raises GeoError: an unknown format, an ending of another format, a folder that is not there or closed to
        writing, values that the format cannot hold (all of them at once).
    """
    file_format = file_format or format_of(out)
    target = target_of(out, file_format)
    prepared = _prepared(frame, file_format)
    faults = faults_of(prepared, file_format, target.name)
    if faults:
        raise GeoError(faults)
    described = describe(prepared.drop(columns=prepared.geometry.name), fields)
    style = qml([field.name for field in described], described) if _has_areas(prepared) else ""
    main = main_name(target, file_format)
    _not_busy(target)
    job = _Job(prepared, described, provenance, file_format, main, style, _codebook_name(target))
    with aside(target) as folder:
        try:
            files = _fill(job, folder, zipped=is_zip(target))
        except _ENGINE as error:
            raise GeoError(
                f"{target} could not be written: {error}", "Make room, or choose another --out."
            ) from error
        if is_zip(target):
            _zip(folder, files, target.name)
            return put_in_place(folder, [target.name], target.parent)
        together = file_format == "shapefile"
        stale = [target.with_suffix(ending) for ending in _STALE] if together else []
        return put_in_place(folder, files, target.parent, stale, fit_together=together)


def _codebook_name(target: Path) -> str:
    """Return `fields.csv`, or a name of its own where another export in the folder has that one."""
    plain, own = target.with_name("fields.csv"), target.with_name(f"{target.name}.fields.csv")
    another_has_it = plain.exists() and (own.exists() or not target.exists())
    return own.name if another_has_it and not is_zip(target) else plain.name


def _not_busy(target: Path) -> None:
    for ending in _BUSY if target.suffix.lower() == ".gpkg" else ():
        if target.with_name(target.name + ending).exists():
            what = f"{target} is open in another program ({target.name}{ending} stands beside it)."
            raise GeoError(what, "Close it there first, or choose another --out.")


def _prepared(frame: gpd.GeoDataFrame, file_format: str) -> gpd.GeoDataFrame:
    plain = _as_text(frame.reset_index(drop=not frame.index.name))
    if file_format != "csv" or plain.crs is None or plain.empty:
        return plain
    points = plain.geometry if set(plain.geom_type.dropna()) <= {"Point"} else plain.representative_point()
    if {"x", "y"} <= set(plain.columns):
        points = gpd.GeoSeries.from_xy(plain["x"], plain["y"], index=plain.index, crs=plain.crs)
    added = {"x": points.x, "y": points.y}
    if is_located(pyproj.CRS(plain.crs)):
        degrees = points.to_crs(WIRE)
        added |= {"lon": degrees.x.round(7), "lat": degrees.y.round(7)}
    return plain.assign(**{name: value for name, value in added.items() if name not in plain.columns})


def _as_text(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the frame with its categories as text, which every format can keep."""
    kinds = {name: frame.dtypes.iloc[at] for at, name in enumerate(frame.columns)}
    names = [name for name, kind in kinds.items() if isinstance(kind, types.CategoricalDtype)]
    return frame.assign(**{name: frame[name].astype("str").where(frame[name].notna()) for name in names})


def _has_areas(frame: gpd.GeoDataFrame) -> bool:
    return bool(frame.geom_type.dropna().isin(["Polygon", "MultiPolygon"]).any())


def _crs_name(job: _Job) -> str:
    crs = pyproj.CRS(WIRE if job.file_format == "geojson" else job.frame.crs)
    return f"{crs.name} ({crs.to_string()})" if len(crs.to_string()) < 40 else str(crs.name)


def _fill(job: _Job, folder: Path, *, zipped: bool) -> list[str]:
    """Write the main file and its companions into a folder and return their names, the main one first."""
    main = folder / job.main
    crs = _crs_name(job)
    meaning = {**job.provenance.as_dict(), "crs": crs}
    WRITERS[job.file_format](job.frame, main, job.fields, meaning, job.style)
    before = "" if zipped else f"{main.name}."
    companions = [main.with_suffix(ending).name for ending in _SHAPE_PARTS if job.file_format == "shapefile"]
    table = codebook(job.fields, short=job.file_format == "shapefile")
    write_table(table, folder / job.codebook)
    notes = NOTES[job.file_format]
    (folder / f"{before}README.txt").write_text(job.provenance.readme(crs, notes), encoding="utf-8")
    text = json.dumps(meaning, ensure_ascii=False, indent=2) + "\n"
    (folder / f"{before}provenance.json").write_text(text, encoding="utf-8")
    companions += [job.codebook, f"{before}README.txt", f"{before}provenance.json"]
    if job.style and job.file_format not in ("csv", "gpkg"):
        main.with_suffix(".qml").write_text(job.style, encoding="utf-8")
        companions.append(main.with_suffix(".qml").name)
    return [main.name, *companions]


def _zip(folder: Path, files: Sequence[str], name: str) -> None:
    with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as pack:
        for file in files:
            pack.write(folder / file, file)
