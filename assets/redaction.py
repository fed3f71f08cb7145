"""Redaction: the words and the person taken out for good; that it was done, and why, stays."""

from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from assets.edits import check_reason
from assets.errors import AssetError
from assets.keeping import KIND, derive, row_of
from assets.merging import TOOK_IN, taken_from
from assets.schema import WORD_INDEX, Asset, AssetRow, SourceRow, now
from store import outbox, tokens
from store.queue import redact_submissions
from store.roles import Actor, require
from store.versions import REMOVED, VersionRow, history, redact_history
from store.wordsearch import forget_words

_TEXTS = (
    "source_category", "postcode", "address", "website", "description", "geocode_quality", "review_reason",
    "source", "for_whom", "opening_hours", "accessibility", "cost", "organisation", "phone", "email",
    "private_name", "private_email", "private_phone", "licence", "confirmed_by", "confirmed_how",
)  # fmt: skip
_NOTHINGS = (
    "longitude", "latitude", "shown_longitude", "shown_latitude", "area", "consent_on", "confirmed_on",
    "source_row",
)  # fmt: skip


def redact_asset(session: Session, asset_id: str, *, actor: Actor, reason: str) -> Asset:
    """Take the words of an asset, and of the people in its history, out of everything that is kept of it.

    That is the asset itself and those merged into it, their versions, what sources said of them, suggestions
    about them, private links, messages that wait or are files in the outbox, and what another asset took from
    it in a merge. It leaves the register; its history says when and why, and who did it. Backups made before
    still hold it, and what a mail server was given is out of reach.

    Raises Forbidden; AssetError without a reason, or for an asset that is merged into another one.
    """
    require(actor, "redact")
    check_reason(reason)
    row = row_of(session, asset_id)
    if row.merged_into is not None:
        raise AssetError(
            f"This asset was merged into {row.merged_into}.", "Undo the merge first, or redact that one."
        )
    for merged in session.scalars(select(AssetRow).where(AssetRow.merged_into == asset_id)).all():
        merged.merged_into = None
        redact_asset(session, merged.id, actor=actor, reason=reason)
    _redact_takers(session, asset_id)
    outbox.withdraw(session, KIND, asset_id, _passages(session, row))
    _blank(row)
    session.execute(delete(SourceRow).where(SourceRow.asset_id == asset_id))
    redact_submissions(session, KIND, asset_id, actor=actor)
    tokens.revoke(session, KIND, asset_id)
    row.version = redact_history(session, KIND, asset_id, actor=actor, reason=reason)
    forget_words(session, index=WORD_INDEX)
    return row.asset()


def _passages(session: Session, row: AssetRow) -> list[str]:
    """Return how messages about several assets, and answers to suggestions, name this one, now and formerly."""
    earlier = (version.values.get("name", "") for version in history(session, KIND, row.id))
    names = sorted({row.name, *map(str, earlier)} - {"", REMOVED})
    return [passage for name in names for passage in (f"{name} (", f"about {name}.")]


def _blank(row: AssetRow) -> None:
    row.name, row.identifiers, row.precision = REMOVED, {}, "hidden"
    for name in _TEXTS:
        setattr(row, name, "")
    for name in _NOTHINGS:
        setattr(row, name, None)
    # its key in the source stays, a digest: so that a later import of the same row does not bring it back
    row.geocode_method = "none"
    row.deleted_at, row.deleted_reason, row.updated_at = now(), "redacted", now()
    derive(row)
    row.search = ""


def _redact_takers(session: Session, gone: str) -> None:
    """Take out what other assets took from this one while it was merged into them."""
    query = select(VersionRow).where(VersionRow.kind == KIND, VersionRow.action == "merge")
    for merge in session.scalars(query).all():
        if merge.values.get(TOOK_IN) != gone:
            continue
        taken = {name: new for name, (_, new) in merge.changes.items() if name != TOOK_IN}
        stays = row_of(session, merge.entity)
        for name, value in taken_from(session, stays, gone).items():
            setattr(stays, name, value)
        derive(stays)
        for version in _later(session, merge):
            version.values = _without(version.values, taken)
            version.changes = {
                name: pair for name, pair in version.changes.items() if taken.get(name, _UNSET) not in pair
            }


_UNSET = object()


def _later(session: Session, merge: VersionRow) -> list[VersionRow]:
    query = select(VersionRow).where(
        VersionRow.kind == KIND, VersionRow.entity == merge.entity, VersionRow.number >= merge.number
    )
    return list(session.scalars(query))


def _without(values: dict[str, Any], taken: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in taken or value != taken[name]}
