"""Keeping: how every change of an asset is written, with its version, and what each reader may see of it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, literal_column
from sqlalchemy.orm import Session

from assets.drafts import Draft
from assets.errors import AssetError
from assets.identity import identity_of
from assets.locate import Nowhere, Where
from assets.precision import search_text, shown_point, sort_key
from assets.schema import Asset, AssetRow, now
from store.roles import Actor, may
from store.scanning import scanned
from store.versions import latest, record

KIND = "asset"
_NOT_RECORDED = {"id", "version", "created_at", "updated_at", "shown_longitude", "shown_latitude"}
DATES = {"confirmed_on": date, "consent_on": date, "deleted_at": datetime}


def write_version(
    session: Session,
    row: AssetRow,
    before: Mapping[str, Any] | None,
    *,
    actor: Actor,
    action: str,
    reason: str = "",
    where: Where | None = None,
    also: Mapping[str, Any] | None = None,
) -> Asset:
    """Write a row as it now stands, with what follows from its fields, and keep this as a version.

    `before` is what `recorded` gave before the change, None for a new asset; `also` is what else the version
    has to tell.
    """
    derive(row, where)
    row.version = latest(session, KIND, row.id) + 1
    row.updated_at = now()
    session.flush()
    after = recorded(row) | dict(also or {})
    record(session, KIND, row.id, actor=actor, action=action, reason=reason, before=before, after=after)
    return row.asset()


def derive(row: AssetRow, where: Where | None = None) -> None:
    """Set what follows from a row's other fields: the point shown, what is searched and sorted, the identity."""
    row.shown_longitude, row.shown_latitude = shown_point(row, where or Nowhere())
    row.search, row.name_key = search_text(row), sort_key(row.name)
    row.identity = identity_of(
        row.name,
        row.category,
        longitude=row.longitude,
        latitude=row.latitude,
        postcode=row.postcode,
        address=row.address,
    )


def recorded(row: AssetRow) -> dict[str, Any]:
    """Return what a version keeps of a row, as values that JSON can hold."""
    return {name: value for name, value in row.asset().as_dict().items() if name not in _NOT_RECORDED}


def from_recorded(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a version kept, as the values that a row holds."""
    return {
        name: kind.fromisoformat(values[name]) if (kind := DATES.get(name)) and values[name] else values[name]
        for name in values
    }


def draft_values(draft: Draft) -> dict[str, Any]:
    """Return the fields of a draft as a row takes them."""
    return {name: getattr(draft, name) for name in Draft.__dataclass_fields__}


def visible(actor: Actor) -> list[ColumnElement[bool]]:
    """Return what must hold of the rows that a list may show the actor.

    Never what was removed or merged; without the right, nothing hidden and nothing held for review. The words stand
    in the question itself: PostgreSQL keeps an index of the words of just those assets for which they hold.
    """
    conditions: list[ColumnElement[bool]] = [AssetRow.deleted_at.is_(None)]
    if not may(actor, "see_hidden"):
        conditions.append(AssetRow.precision != literal_column("'hidden'"))
    if not may(actor, "see_held"):
        conditions.append(scanned(AssetRow.status) == literal_column("'accepted'"))
    return conditions


def view(asset: Asset, actor: Actor) -> Asset:
    """Return as much of an asset as the actor may see."""
    return asset if may(actor, "see_private_contact") else asset.public()


def row_of(session: Session, asset_id: str) -> AssetRow:
    """Return an asset's row. Raises AssetError where the register has none with this id."""
    row = session.get(AssetRow, asset_id)
    if row is None:
        raise unknown(asset_id)
    return row


def living_row(session: Session, asset_id: str) -> AssetRow:
    """Return the row of an asset that is in the register. Raises AssetError for one that was removed."""
    row = row_of(session, asset_id)
    if row.merged_into is not None:
        raise AssetError(
            f"This asset was merged into {row.merged_into}.", "Change that one, or undo the merge first."
        )
    if row.deleted_at is not None:
        raise AssetError(f"This asset was removed: {row.deleted_reason}", "Restore it first.")
    return row


def unknown(asset_id: str) -> AssetError:
    """Return the error for an id that leads to nothing that may be seen."""
    return AssetError(f"The register has no asset {asset_id!r}.", "See `larder assets list` for the ids.")
