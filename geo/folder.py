"""A place's folder: written whole beside its final name, then renamed into place."""

import hashlib
import json
import shutil
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from geo.assembly import Contents
from geo.errors import GeoError
from geo.place import DATA_FILES, PLACES, RECORD, Join, Place, read_place
from geo.request import PlaceRequest
from geo.whole_folder import half_folder, locked, take_place
from words.faults import Fault


def write_place(
    request: PlaceRequest, contents: Contents, joins: tuple[Join, ...], notes: tuple[str, ...], home: Path
) -> Place:
    """Write a place's folder whole and rename it into place; a crash leaves what was there before.

    GeoError where a place of that name appeared meanwhile and may not be replaced.
    """
    places = home / PLACES
    folder = places / request.name
    with half_folder(places) as draft:
        _write_data(draft, request, contents)
        record = _record(draft, request, contents, joins, notes)
        (draft / RECORD).write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        with locked(places):
            if folder.exists() and not request.replace:
                raise GeoError(
                    [Fault(f"There is a place {request.name!r} already.", "Say --replace to replace it.")]
                )
            take_place(draft, folder)
        return read_place(folder)


def _write_data(draft: Path, request: PlaceRequest, contents: Contents) -> None:
    assert contents.table is not None
    contents.table.to_parquet(draft / "areas.parquet", index=False)
    frames: dict[str, pd.DataFrame | None] = {
        "population.parquet": None if contents.population is None else contents.population.reset_index(),
        "indicators.parquet": None if contents.indicators is None else contents.indicators.reset_index(),
        "postcodes.parquet": contents.postcodes,
        "streets.parquet": contents.streets,
        "scenery.parquet": contents.scenery,
        "wards.parquet": contents.wards,
        **_surroundings(contents.beyond),
    }
    for name, frame in frames.items():
        if frame is not None:
            frame.to_parquet(draft / name, index=False)
    if request.terrain is not None:
        shutil.copyfile(request.terrain, draft / "terrain.tif")
    for name, path in request.rasters:
        (draft / "rasters").mkdir(exist_ok=True)
        shutil.copyfile(path, draft / "rasters" / f"{name}.tif")


def _surroundings(beyond: Contents | None) -> dict[str, pd.DataFrame | None]:
    if beyond is None:
        return {}
    figures = None if beyond.indicators is None else beyond.indicators.reset_index()
    return {"surroundings.parquet": beyond.table, "surroundings_indicators.parquet": figures}


def _record(
    draft: Path, request: PlaceRequest, contents: Contents, joins: tuple[Join, ...], notes: tuple[str, ...]
) -> dict[str, Any]:
    assert contents.table is not None
    rows = {join.file: join.matched for join in joins}
    layers = ("areas", "postcodes", "wards", "streets", "scenery")
    rows |= {role: len(held) for role in layers if (held := getattr(contents, role)) is not None}
    if contents.beyond is not None:
        rows["surroundings"] = len(contents.beyond.codes)
    return {
        "name": request.name,
        "title": request.title or request.name.replace("_", " ").replace("-", " ").capitalize(),
        "fictional": request.fictional,
        "level": contents.level,
        "vintage": request.vintage,
        "vintage_status": "checked" if contents.vintage_checked else "not checked",
        "crs": str(contents.table.crs),
        "licence": request.licence or "not stated when the place was added",
        "created_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "digest": _digest(draft),
        "files": [
            {
                "role": role,
                "name": path.name,
                "sha256": sha256(path),
                "rows": rows.get(role, rows.get(path.name)),
            }
            for role, path in request.files()
        ],
        "joins": [asdict(join) for join in joins],
        "notes": list(notes),
        "indicators": contents.sources,
    }


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file, or of the names and contents in a folder (a file geodatabase)."""
    if path.is_file():
        with path.open("rb") as handle:
            return hashlib.file_digest(handle, "sha256").hexdigest()
    whole = hashlib.sha256()
    for part in sorted(part for part in path.rglob("*") if part.is_file()):
        whole.update(f"{part.relative_to(path)} {sha256(part)}\n".encode())
    return whole.hexdigest()


def _digest(folder: Path) -> str:
    """Return one digest over the place's data files, their names and contents."""
    whole = hashlib.sha256()
    rasters = sorted(f"rasters/{path.name}" for path in (folder / "rasters").glob("*.tif"))
    for name in (*DATA_FILES, *rasters):
        if (folder / name).is_file():
            whole.update(f"{name} {sha256(folder / name)}\n".encode())
    return whole.hexdigest()
