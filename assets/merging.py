"""Merging: two entries of one asset become one; both keep their histories, and it can be undone."""

from typing import Any

from sqlalchemy.orm import Session

from assets.edits import check_reason
from assets.errors import AssetError
from assets.keeping import KIND, from_recorded, living_row, recorded, row_of, write_version
from assets.register import DETAILS
from assets.schema import PRIVATE, Asset, AssetRow, now
from store.roles import Actor, require
from store.versions import history

FILLED = (
    "website",
    "description",
    *(name for name in DETAILS if name not in {"kind", "precision", "licence"}),
)
"""The fields that the asset that stays takes from the other one where its own are blank."""

TOOK_IN = "took_in"
"""What the version of a merge tells beside the fields: the id of the asset that was taken in."""


def merge_assets(session: Session, keep: str, gone: str, *, actor: Actor, reason: str) -> Asset:
    """Merge the asset `gone` into `keep` and return that: its blank fields are filled from the other one.

    Raises Forbidden; AssetError without a reason, for an asset and itself, or where one of them was removed.
    """
    require(actor, "merge")
    check_reason(reason)
    if keep == gone:
        raise AssetError("An asset cannot be merged with itself.", "Choose two.")
    stays, goes = living_row(session, keep), living_row(session, gone)
    before_stays, before_goes = recorded(stays), recorded(goes)
    for name, value in _filling(stays, goes).items():
        setattr(stays, name, value)
    goes.merged_into, goes.deleted_at, goes.deleted_reason = keep, now(), reason
    write_version(session, goes, before_goes, actor=actor, action="merged", reason=reason)
    return write_version(
        session, stays, before_stays, actor=actor, action="merge", reason=reason, also={TOOK_IN: gone}
    )


def unmerge_asset(session: Session, gone: str, *, actor: Actor, reason: str) -> Asset:
    """Undo a merge and return the asset that is there again.

    What the other one took from it, it gives back, unless somebody changed that since. Raises Forbidden;
    AssetError without a reason, or where the asset was not merged.
    """
    require(actor, "merge")
    check_reason(reason)
    goes = row_of(session, gone)
    if goes.merged_into is None:
        raise AssetError("This asset was not merged into another one.", "There is nothing to undo.")
    stays = row_of(session, goes.merged_into)
    before_stays, before_goes = recorded(stays), recorded(goes)
    for name, value in taken_from(session, stays, gone).items():
        setattr(stays, name, value)
    goes.merged_into, goes.deleted_at, goes.deleted_reason = None, None, ""
    if recorded(stays) != before_stays:
        write_version(session, stays, before_stays, actor=actor, action="unmerge", reason=reason)
    return write_version(session, goes, before_goes, actor=actor, action="unmerged", reason=reason)


def living_id(session: Session, asset_id: str) -> str:
    """Return the id under which an asset lives on: its own, or that of the one it was merged into."""
    row = row_of(session, asset_id)
    while row.merged_into is not None:
        row = row_of(session, row.merged_into)
    return row.id


def taken_from(session: Session, stays: AssetRow, gone: str) -> dict[str, Any]:
    """Return what an asset had before it took blanks from another one, for fields that still say the same."""
    merges = [each for each in history(session, KIND, stays.id) if each.values.get(TOOK_IN) == gone]
    if not merges:
        return {}
    present = recorded(stays)
    return from_recorded(
        {
            name: old
            for name, (old, new) in merges[-1].changes.items()
            if name in present and present[name] == new
        }
    )


def _filling(stays: AssetRow, goes: AssetRow) -> dict[str, Any]:
    filled = {
        name: getattr(goes, name)
        for name in FILLED
        if name not in (*PRIVATE, "consent_on", "identifiers")
        and not getattr(stays, name)
        and getattr(goes, name)
    }
    if not any(getattr(stays, name) for name in PRIVATE):
        # a private contact and the consent to it go together
        filled |= {name: getattr(goes, name) for name in (*PRIVATE, "consent_on") if getattr(goes, name)}
    identifiers = {**goes.identifiers, **stays.identifiers}
    return filled | ({"identifiers": identifiers} if identifiers != stays.identifiers else {})
