"""Exporting: a run as files for other programs, on disk or as bytes to download."""

import json
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from bake.errors import BakeError
from bake.release import standing
from bake.runs import Run
from geo.export import export
from geo.formats import ENDINGS
from geo.provenance import Provenance
from words.fields import FIELDS, P_CONVENTION, Field

MIME: dict[str, str] = {
    "gpkg": "application/geopackage+sqlite3",
    "geoparquet": "application/vnd.apache.parquet",
    "geojson": "application/geo+json",
}
ZIP = "application/zip"
DRAFT = "Draft, not released: do not pass it on or act on it."
_IN_UNIT = ("value", "low", "high", "shown")


def export_run(run: Run, file_format: str, out: Path) -> list[Path]:
    """Write the areas of a run as shapefile, gpkg, geoparquet, geojson or csv, with what explains them.

    :param out: the file; `.zip` at its end puts everything in one zip.
    :returns: the files written, the main one first.
    :raises BakeError: the run was withdrawn; nothing is written.
    :raises GeoError: see `geo.export.export`.
    """
    now = standing(run)
    if now.state == "withdrawn":
        raise BakeError(
            f"{run.id} was withdrawn at {now.at}: {now.reason.rstrip('.')}. Nothing is written.",
            "Choose another run: `larder runs` lists them.",
        )
    return export(
        run.areas(), out, provenance=provenance_of(run), fields=fields_of(run), file_format=file_format
    )


def export_bytes(run: Run, file_format: str) -> tuple[str, str, bytes]:
    """Return a run as one download: its file name, its media type, its bytes.

    A GeoPackage, GeoParquet or GeoJSON file carries its codebook and provenance inside. A shapefile is
    several files and a CSV explains nothing, so these two come as a zip.
    """
    ending = ENDINGS.get(file_format, ("",))[0]
    name = f"{run.id}{ending}" if file_format in MIME else f"{run.id}-{file_format}.zip"
    with tempfile.TemporaryDirectory() as folder:
        main = export_run(run, file_format, Path(folder) / name)[0]
        return main.name, MIME.get(file_format, ZIP), main.read_bytes()


def fields_of(run: Run) -> tuple[Field, ...]:
    """Return the descriptions of a run's columns, its value as the run defines it and in its unit."""
    unit = _text(run.manifest.get("unit"))
    meaning = _text(_part(run.manifest, "outcome").get("definition"))
    return tuple(_of_run(field, unit, meaning) if field.name in _IN_UNIT else field for field in FIELDS)


def provenance_of(run: Run) -> Provenance:
    """Return what `run.json` says of where a run's numbers come from."""
    manifest = run.manifest
    place, recipe = _part(manifest, "place"), _part(manifest, "recipe")
    versions = _part(manifest, "versions")
    return Provenance(
        title=run.title,
        standing=standing_of(run),
        question=run.question,
        run=run.id,
        recipe=_text(recipe.get("id")),
        recipe_digest=_text(recipe.get("digest")),
        place=_text(place.get("title") or place.get("name")),
        fictional=bool(place.get("fictional")),
        vintage=_text(place.get("vintage")),
        vintage_status=_text(place.get("vintage_status")),
        period=_text(manifest.get("period")),
        unit=_text(manifest.get("unit")),
        baked_at=_text(manifest.get("baked_at")),
        seed=_text(manifest.get("seed")),
        code_version=_text(versions.get("larder")),
        versions=tuple(f"{name} {version}" for name, version in versions.items()),
        sources=_sentences(manifest.get("sources")),
        attribution=_sentences(place.get("attribution") or place.get("licence") or manifest.get("licence")),
        p_convention=_text(manifest.get("p_convention")) or P_CONVENTION,
        must_not_be_used_for=_sentences(manifest.get("must_not_be_used_for")),
        limits=_sentences(manifest.get("limits")),
        decisions=_sentences(manifest.get("decisions")),
    )


def standing_of(run: Run) -> str:
    """Return where a run from records stands, in a sentence; nothing of a run that needs no release."""
    now = standing(run)
    told = {
        "draft": DRAFT,
        "released": f"Released by {now.by} at {now.at}.",
        "withdrawn": f"Withdrawn at {now.at}: {now.reason}",
    }
    return told.get(now.state, "")


def _of_run(field: Field, unit: str, meaning: str) -> Field:
    definition = f"{field.definition} Here: {meaning}" if meaning else field.definition
    return replace(field, unit=unit, definition=definition)


def _part(manifest: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = manifest.get(name)
    return part if isinstance(part, Mapping) else {}


def _text(part: object) -> str:
    if part is None:
        return ""
    return part if isinstance(part, str) else json.dumps(part, ensure_ascii=False)


def _sentences(part: object) -> tuple[str, ...]:
    if part is None or part == "":
        return ()
    if isinstance(part, list | tuple):
        return tuple(sentence for one in part for sentence in _sentences(one))
    if isinstance(part, Mapping):
        return (", ".join(_text(value) for value in part.values() if value not in (None, "")),)
    return (_text(part),)
