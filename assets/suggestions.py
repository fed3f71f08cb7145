"""Suggestions: what anybody may say of an asset, and what becomes of it when a steward has decided."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from assets.edits import change_asset, confirm_asset
from assets.errors import AssetError
from assets.keeping import KIND, living_row
from assets.locate import Where
from assets.merging import merge_assets
from assets.register import DETAILS, add_asset, get_asset, unknown_faults
from assets.rules import asset_faults, detail_faults
from assets.schema import Asset
from store import answers
from store.answers import plain, still_waiting
from store.queue import Status, Submission, decide, submit
from store.roles import Actor, require
from words.categories import category_code
from words.faults import Fault

SUGGESTIBLE = (
    "name", "category", "longitude", "latitude", "postcode", "place", "address", "website", "description",
    *(name for name in DETAILS if name != "licence"),
)  # fmt: skip
"""The fields that anybody may suggest a value for."""
SAID = {
    "approved": "It is in the register now.",
    "amended": "It is in the register now, with some changes.",
    "refused": "It was not taken over.",
}
"""What the suggester is told of each decision."""
_DATES = ("consent_on", "confirmed_on")


def suggest_new(
    session: Session,
    values: Mapping[str, Any],
    *,
    actor: Actor,
    note: str = "",
    contact_email: str = "",
    key: str | None = None,
) -> Submission:
    """Suggest an asset that the register does not have.

    Raises AssetError with every fault of the values; that no postcode table knows the postcode is for the
    steward to mend, and no fault here.
    """
    faults = _value_faults(values, whole=True)
    if values.get("longitude") is None and not str(values.get("postcode") or values.get("address") or ""):
        cure = "Give a postcode or an address, or a point on the map."
        faults.append(Fault("There is no location.", cure, column="postcode"))
    _raise(faults, note, contact_email)
    return submit(
        session, actor=actor, kind="new", subject_kind=KIND, payload={"values": plain(values)}, note=note,
        contact_email=contact_email, key=key,
    )  # fmt: skip


def suggest_change(
    session: Session,
    asset_id: str,
    changes: Mapping[str, Any],
    *,
    actor: Actor,
    base_version: int | None = None,
    note: str = "",
    contact_email: str = "",
    key: str | None = None,
) -> Submission:
    """Suggest other values for some fields of an asset, of which `base_version` was seen.

    Raises AssetError where the actor can see no such asset, with every fault of the values, or where nothing
    is suggested.
    """
    asset = get_asset(session, asset_id, actor)
    faults = _value_faults(changes, whole=False)
    if not changes and not note.strip():
        faults.append(Fault("Nothing is suggested.", "Change a field, or write what is wrong."))
    _raise(faults, note, contact_email)
    return submit(
        session, actor=actor, kind="change", subject_kind=KIND, subject_id=asset.id,
        base_version=base_version or asset.version, payload={"changes": plain(changes)}, note=note,
        contact_email=contact_email, key=key,
    )  # fmt: skip


def suggest_confirmation(
    session: Session,
    asset_id: str,
    *,
    actor: Actor,
    on: date,
    how: str,
    contact_email: str = "",
    key: str | None = None,
) -> Submission:
    """Say that an asset is still right, without the right to confirm it: a steward decides."""
    asset = get_asset(session, asset_id, actor)
    _raise(detail_faults({"how": how}), "", contact_email)
    return submit(
        session, actor=actor, kind="confirm", subject_kind=KIND, subject_id=asset.id,
        base_version=asset.version, payload={"on": on.isoformat(), "how": how}, contact_email=contact_email, key=key,
    )  # fmt: skip


def report_wrong(
    session: Session,
    asset_id: str,
    note: str,
    *,
    actor: Actor,
    contact_email: str = "",
    key: str | None = None,
) -> Submission:
    """Say that something is wrong with an asset. Raises AssetError without a word on what."""
    asset = get_asset(session, asset_id, actor)
    faults = [] if note.strip() else [Fault("It is not said what is wrong.", "Write it in a few words.")]
    _raise(faults, note, contact_email)
    return submit(
        session, actor=actor, kind="report", subject_kind=KIND, subject_id=asset.id,
        base_version=asset.version, payload={}, note=note, contact_email=contact_email, key=key,
    )  # fmt: skip


def approve(
    session: Session,
    submission_id: str,
    *,
    actor: Actor,
    amendments: Mapping[str, Any] | None = None,
    reason: str = "",
    expected_version: int,
    asset_version: int | None = None,
    where: Where | None = None,
) -> Asset:
    """Do what a suggestion says, with a steward's amendments, and return the asset as it then is.

    New: added. Change or conflict: its fields are set. Confirm: confirmed. Report: the amendments are made,
    or without any it is held until somebody has looked. Duplicate: the other one is merged into it.
    `asset_version` is the version of the asset that the steward saw, else the one that the suggester saw.

    Raises Forbidden; Outdated where the suggestion, Conflict where the asset was changed meanwhile;
    AssetError with every fault of the values.
    """
    require(actor, "decide")
    submission = still_waiting(session, submission_id, actor, expected_version=expected_version)
    asset = _do(
        session,
        submission,
        dict(amendments or {}),
        actor=actor,
        reason=reason,
        asset_version=asset_version,
        where=where,
    )
    status: Status = "amended" if amendments else "approved"
    decided = decide(
        session, submission_id, actor=actor, status=status, reason=reason, expected_version=expected_version,
        subject_id=asset.id,
    )  # fmt: skip
    _tell(session, decided, asset.name)
    return asset


def refuse(
    session: Session, submission_id: str, *, actor: Actor, reason: str, expected_version: int
) -> Submission:
    """Refuse a suggestion; its reason goes to the suggester where they left an e-mail address.

    Raises Forbidden; StoreError without a reason; Outdated where it was changed or decided meanwhile.
    """
    decided = decide(
        session,
        submission_id,
        actor=actor,
        status="refused",
        reason=reason,
        expected_version=expected_version,
    )
    _tell(session, decided, str(decided.payload.get("values", {}).get("name", "")))
    return decided


def _do(
    session: Session,
    submission: Submission,
    amendments: dict[str, Any],
    *,
    actor: Actor,
    reason: str,
    asset_version: int | None,
    where: Where | None,
) -> Asset:
    told = reason or f"suggested by {submission.submitter_name or 'a visitor'}"
    if submission.kind == "new":
        values = _typed({**submission.payload["values"], **amendments})
        return add_asset(session, actor=actor, reason=told, where=where, **values)
    asset_id = submission.subject_id or ""
    if submission.kind == "confirm":
        on = date.fromisoformat(submission.payload["on"])
        confirmed = confirm_asset(session, asset_id, actor=actor, on=on, how=submission.payload["how"])
        if not amendments:
            return confirmed
    if submission.kind == "duplicate":
        return merge_assets(session, asset_id, submission.payload["other"], actor=actor, reason=told)
    changes = _typed({**submission.payload.get("changes", {}), **amendments})
    if submission.kind == "report" and not changes:
        changes = {"status": "held", "review_reason": "somebody reported that it is wrong"}
    seen = asset_version or submission.base_version or living_row(session, asset_id).version
    return change_asset(
        session, asset_id, changes, actor=actor, reason=told, expected_version=seen, where=where
    )


def _tell(session: Session, submission: Submission, name: str) -> None:
    opening = f"Thank you for your suggestion{f' about {name}' if name else ''}."
    answers.tell(session, submission, title="Your suggestion to the register", opening=opening, said=SAID)


def _value_faults(values: Mapping[str, Any], *, whole: bool) -> list[Fault]:
    faults = unknown_faults(values, SUGGESTIBLE)
    checked = {"name": "x", "category": "other", **({"name": "", "category": ""} if whole else {}), **values}
    category = str(checked["category"])
    faults += asset_faults(
        str(checked["name"]), category_code(category) or category, "accepted",
        values.get("longitude"), values.get("latitude"),
    )  # fmt: skip
    return faults + detail_faults(values)


def _raise(faults: list[Fault], note: str, contact_email: str) -> None:
    faults = faults + detail_faults({"note": note}) + answers.address_faults(contact_email)
    if faults:
        raise AssetError(faults)


def _typed(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: date.fromisoformat(each) if name in _DATES and isinstance(each, str) and each else each
        for name, each in values.items()
    }
