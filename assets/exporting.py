"""Exports: the register as a file, with how fresh each asset is, where it comes from and under which licence."""

import tempfile
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

from pyogrio.errors import DataSourceError
from sqlalchemy import select
from sqlalchemy.orm import Session

from assets.errors import AssetError
from assets.export_files import write_csv, write_excel, write_geojson, write_geopackage, write_json
from assets.find import find_assets
from assets.freshness import columns
from assets.importers.sources import RECORD
from assets.licences import attribution, is_shared_alike, licence_code
from assets.referral_services import service_of
from assets.schema import IDENTIFIERS, PRIVATE, Asset, SourceRow
from store.roles import Actor, may, require
from store.session import reading
from words.categories import CATEGORIES

ShareAlike = Literal["with", "without", "only"]
FORMATS: dict[str, str] = {
    "csv": ".csv", "excel": ".xlsx", "geojson": ".geojson", "gpkg": ".gpkg", "open_referral": ".json",
}  # fmt: skip
_FIELDS = (
    "id", "name", "category", "kind", "longitude", "latitude", "precision", "postcode", "address", "place", "area",
    "for_whom", "opening_hours", "accessibility", "cost", "organisation", "phone", "email", "website",
    "description", "geocode_method", "geocode_quality", "updated_at",
)  # fmt: skip
_FOR_STEWARDS = ("status", "review_reason", "source_row", *PRIVATE, "consent_on")


@dataclass(frozen=True)
class ExportReport:
    """What an export wrote: its file, how many assets, and what to know of them, as sentences."""

    file: Path
    rows: int
    notes: tuple[str, ...]


def export_assets(
    home: Path,
    out: Path,
    format: str,
    *,
    actor: Actor,
    place: str | None = None,
    only: Collection[str] | None = None,
    share_alike: ShareAlike = "with",
    today: date | None = None,
) -> ExportReport:
    """Write the assets that the actor may see into one file, whole or not at all.

    `format` is one of FORMATS. Who may not export everything gets what is published: nothing hidden or held,
    no private contact, no point more exact than it may be shown. Each row has its freshness as of `today`
    (default: the present day), its source, licence and attribution; `share_alike` leaves the rows that must
    be shared alike (OpenStreetMap's) in, out, or alone, so that they can be kept apart. `only` are the ids of
    those to write (None: all); one that the actor may not see is left out.

    Raises Forbidden; AssetError for an unknown format or a file that cannot be written; GeoError for an
    unknown place.
    """
    require(actor, "export_public")
    if format not in FORMATS:
        raise AssetError(f"There is no format {format!r}.", f"Use one of: {', '.join(FORMATS)}.")
    _check_target(out)
    status = None if may(actor, "export_all") else "accepted"
    found = find_assets(home, place, status=status, actor=actor)
    keep = {"with": (True, False), "only": (True,), "without": (False,)}[share_alike]
    wanted = None if only is None else set(only)
    assets = [
        asset
        for asset in found
        if is_shared_alike(asset.licence) in keep and (wanted is None or asset.id in wanted)
    ]
    day = today or date.today()
    notes = _notes(assets, day)
    if format == "open_referral":
        services, left = _services(home, assets, actor, day)
        notes += left
        _write(out, FORMATS[format], lambda part: write_json(part, _page(services)))
    else:
        rows = [_row(asset, day, may(actor, "export_all")) for asset in assets]
        writers = {"csv": write_csv, "excel": write_excel, "geojson": write_geojson, "gpkg": write_geopackage}
        headings = _headings(may(actor, "export_all"))
        _write(out, FORMATS[format], lambda part: writers[format](part, headings, rows, notes))
    return ExportReport(out, len(assets), tuple(notes))


def _check_target(out: Path) -> None:
    if out.is_dir():
        raise AssetError(f"{out.name} is a folder.", "Name the file to write.")
    if not out.parent.is_dir():
        raise AssetError(f"There is no folder {out.parent}.", "Make it first, or choose another.")


def _write(out: Path, ending: str, write: Callable[[Path], None]) -> None:
    """Write a file beside its target and put it in its place when it is whole."""
    try:
        with tempfile.TemporaryDirectory(prefix=f".{out.name[:40]}.", dir=out.parent) as folder:
            part = Path(folder) / f"part{ending}"
            write(part)
            part.replace(out)
    except (OSError, DataSourceError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        what = f"The file {out.name} cannot be written: {why}."
        raise AssetError(what, "Choose another folder, or make room.") from error


def _headings(everything: bool) -> tuple[str, ...]:
    freshness = ("freshness", "confirmed_on", "half_life_days", "freshness_as_of")
    own = ("source", "licence", "attribution", "share_alike")
    return (*_FIELDS, "category_name", *IDENTIFIERS, *freshness, *own, *(_FOR_STEWARDS if everything else ()))


def _row(asset: Asset, today: date, everything: bool) -> dict[str, Any]:
    """Return an asset as one row: plain values under the headings of an export."""
    values = asset.as_dict()
    category = CATEGORIES.get(asset.category)
    row: dict[str, Any] = {name: values[name] for name in _FIELDS}
    row["category_name"] = category.name if category else asset.category
    row |= {key: asset.identifiers.get(key, "") for key in IDENTIFIERS}
    row |= columns(asset, today)
    row |= {
        "source": asset.source,
        "licence": licence_code(asset.licence),
        "attribution": attribution(asset.licence, asset.source),
        "share_alike": "yes" if is_shared_alike(asset.licence) else "no",
    }
    return row | ({name: values[name] for name in _FOR_STEWARDS} if everything else {})


def _notes(assets: Sequence[Asset], today: date) -> list[str]:
    """Return what a reader of the file must know: whom to name, what to share alike, as of when."""
    notes = [f"{len(assets)} assets; freshness as of {today.isoformat()}."]
    names = sorted({attribution(asset.licence, asset.source) for asset in assets if asset.licence})
    notes += [f"{name}." for name in names]
    shared = sum(is_shared_alike(asset.licence) for asset in assets)
    if shared:
        notes.append(
            f"{shared} of them must be shared under the same licence, and so must what is made from them: they "
            "are marked in the column share_alike and can be left out."
        )
    return notes


def _services(
    home: Path, assets: Sequence[Asset], actor: Actor, today: date
) -> tuple[list[dict[str, Any]], list[str]]:
    """Return the assets as services, each with its freshness, and what the profile has no sound place for."""
    with reading(home) as session:
        said = _records(session, {asset.id for asset in assets})
    services, left = [], []
    for asset in assets:
        private = may(actor, "export_all") and may(actor, "see_private_contact")
        service, lost = service_of(asset, said.get(asset.id), private=private)
        own = {**columns(asset, today), "category": asset.category, "kind": asset.kind}
        own |= {
            "licence": licence_code(asset.licence),
            "attribution": attribution(asset.licence, asset.source),
        }
        services.append({**service, "larder": own})
        left += lost
    return services, [f"Left out, for the profile refuses it: {one}" for one in left[:20]]


def _records(session: Session, wanted: set[str]) -> dict[str, dict[str, Any]]:
    """Return what feeds said of some assets, the source that an asset came from before others."""
    found: dict[str, dict[str, Any]] = {}
    for row in session.scalars(select(SourceRow).order_by(SourceRow.id.desc())):
        if row.asset_id in wanted and RECORD in (row.values or {}):
            found[row.asset_id] = dict(row.values)
    return found


def _page(services: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return {
        "total_items": len(services), "total_pages": 1, "page_number": 1, "size": len(services),
        "first_page": True, "last_page": True, "empty": not services, "contents": list(services),
    }  # fmt: skip
