"""Insight, in its first form: notes of what residents said, tied to a place, an area or an asset.

A note says what was said, under which theme, how it was gathered, when, by somebody in which role, and what the person
who said it agreed to: that it is shown as it stands, that only a steward's summary is, or that it stays with stewards.
It goes through the same queue, versions and private links as an asset does.
"""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from coproduce.errors import CoproduceError
from coproduce.insight_rules import (
    EDITABLE,
    SUGGESTIBLE,
    consent_faults,
    day_of,
    summary_faults,
    value_faults,
)
from coproduce.neighbourhood import coarsened
from coproduce.notes import Insight, InsightRow, Shown
from store import answers, outbox
from store.answers import plain, still_waiting
from store.queue import Outdated, Submission, decide, redact_submissions, submit
from store.roles import Actor, require
from store.versions import REMOVED, Version, history, record, redact_history

KIND = "insight"
"""How versions, the queue and private links name a note."""
SAID = {
    "approved": "It was taken over.",
    "amended": "It was taken over, with some changes.",
    "refused": "It was not taken over.",
}
"""What who passed a note on is told of each decision."""


def suggest_insight(
    session: Session,
    values: Mapping[str, Any],
    *,
    actor: Actor,
    note: str = "",
    contact_email: str = "",
    key: str | None = None,
) -> Submission:
    """Pass on what residents said. Nothing of it is shown before a steward has read it.

    `values` are SUGGESTIBLE; `heard_on` is a date or its ISO text. An output area is kept as its LSOA. Raises
    CoproduceError with every fault.
    """
    faults = value_faults(values, SUGGESTIBLE) + answers.address_faults(contact_email)
    if faults:
        raise CoproduceError(faults)
    return submit(
        session, actor=actor, kind="insight", subject_kind=KIND, payload={"values": plain(kept(values))}, note=note,
        contact_email=contact_email, key=key,
    )  # fmt: skip


def kept(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a note as they are kept: its area no finer than a neighbourhood."""
    area = values.get("area")
    return (
        dict(values) if not area else {**values, "area": coarsened(str(values.get("place") or ""), str(area))}
    )


def approve_insight(
    session: Session,
    submission_id: str,
    *,
    actor: Actor,
    amendments: Mapping[str, Any] | None = None,
    summary: str = "",
    reason: str = "",
    expected_version: int,
) -> Insight:
    """Keep a note that was passed on, with a steward's amendments and summary.

    A note of which only a summary may be shown needs one. Who passed it on may widen what is shown, a steward only
    narrow it. Raises Forbidden; Outdated where the suggestion was changed or decided meanwhile; CoproduceError.
    """
    require(actor, "decide")
    submission = still_waiting(session, submission_id, actor, expected_version=expected_version)
    suggested = submission.payload["values"]
    values = kept({**suggested, **(amendments or {}), "summary": summary.strip()})
    faults = value_faults(values, EDITABLE) + summary_faults(values) + consent_faults(suggested, values)
    if faults:
        raise CoproduceError(faults)
    row = InsightRow(
        **{name: values.get(name) or None for name in ("area", "asset")},
        **{name: values[name] for name in ("place", "theme", "gathered", "heard_by", "consent", "words", "summary")},
        heard_on=day_of(values["heard_on"]), id=str(uuid4()), version=1, created_at=_now(), updated_at=_now(),
        withdrawn_at=None,
    )  # fmt: skip
    session.add(row)
    session.flush()
    told = reason or f"passed on by {submission.submitter_name or 'a visitor'}"
    record(session, KIND, row.id, actor=actor, action="add", reason=told, before=None, after=_recorded(row))
    decided = decide(
        session, submission_id, actor=actor, status="amended" if amendments else "approved", reason=reason,
        expected_version=expected_version, subject_id=row.id,
    )  # fmt: skip
    _tell(session, decided)
    return row.insight()


def refuse_insight(
    session: Session, submission_id: str, *, actor: Actor, reason: str, expected_version: int
) -> Submission:
    """Refuse a note that was passed on; the reason goes to who passed it on, where they left an e-mail address."""
    decided = decide(
        session,
        submission_id,
        actor=actor,
        status="refused",
        reason=reason,
        expected_version=expected_version,
    )
    _tell(session, decided)
    return decided


def shown_insight(session: Session, place: str, actor: Actor) -> list[Shown]:
    """Return what may be shown of the notes of a place, the newest first.

    A note shown as it stands gives its words, one to be summarised only its summary, a private one nothing at all,
    whoever asks.
    """
    require(actor, "see_published")
    query = select(InsightRow).where(
        InsightRow.place == place, InsightRow.withdrawn_at.is_(None), InsightRow.consent != "private"
    )
    rows = session.scalars(query.order_by(InsightRow.heard_on.desc(), InsightRow.id))
    return [row.shown() for row in rows if row.consent == "shown" or row.summary]


def all_insight(session: Session, place: str, actor: Actor) -> list[Insight]:
    """Return every note of a place with its words, private and withdrawn ones too. Raises Forbidden."""
    require(actor, "see_insight_private")
    query = select(InsightRow).where(InsightRow.place == place)
    return [
        row.insight() for row in session.scalars(query.order_by(InsightRow.heard_on.desc(), InsightRow.id))
    ]


def change_insight(
    session: Session,
    insight_id: str,
    changes: Mapping[str, Any],
    *,
    actor: Actor,
    reason: str = "",
    expected_version: int,
) -> Insight:
    """Change a note; what was agreed to may only be narrowed. Raises Forbidden, Outdated, CoproduceError."""
    require(actor, "decide")
    row = _row(session, insight_id, expected_version)
    before = _recorded(row)
    # what was kept before stays as it was, unless it is the area that changes
    values = {**before, **(kept({**before, **changes}) if changes.get("area") else changes)}
    faults = (
        value_faults(values, (*EDITABLE, "withdrawn_at"))
        + summary_faults(values)
        + consent_faults(before, values)
    )
    if faults:
        raise CoproduceError(faults)
    for name in EDITABLE:
        value = values[name]
        setattr(
            row,
            name,
            day_of(value) if name == "heard_on" else (value or None) if name in {"area", "asset"} else value,
        )
    return _write(session, row, before, actor, action="change", reason=reason)


def withdraw_insight(
    session: Session, insight_id: str, *, actor: Actor, reason: str, expected_version: int
) -> Insight:
    """Show a note no more, for a reason; its history stays. Raises Forbidden, Outdated, CoproduceError."""
    require(actor, "decide")
    _check_reason(reason)
    row = _row(session, insight_id, expected_version)
    before = _recorded(row)
    row.withdrawn_at = _now()
    return _write(session, row, before, actor, action="withdraw", reason=reason)


def redact_insight(session: Session, insight_id: str, *, actor: Actor, reason: str) -> None:
    """Take the words of a note out of it, its history and its suggestion for good; that this was done, and why, stays.

    Raises Forbidden for who may not redact; CoproduceError where there is no such note.
    """
    require(actor, "redact")
    _check_reason(reason)
    row = session.get(InsightRow, insight_id)
    if row is None:
        raise CoproduceError(f"There is no note {insight_id!r}.")
    row.words, row.summary, row.consent, row.withdrawn_at = REMOVED, "", "private", _now()
    row.version += 1
    redact_history(session, KIND, insight_id, actor=actor, reason=reason)
    redact_submissions(session, KIND, insight_id, actor=actor)
    outbox.withdraw(session, KIND, insight_id)


def insight_history(session: Session, insight_id: str, actor: Actor) -> list[Version]:
    """Return every version of a note, words and all. Raises Forbidden for who may not see private notes."""
    require(actor, "see_insight_private")
    return history(session, KIND, insight_id)


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise CoproduceError("It is not said why.", "Write the reason in a sentence.")


def _row(session: Session, insight_id: str, expected_version: int) -> InsightRow:
    row = session.get(InsightRow, insight_id)
    if row is None or row.withdrawn_at is not None:
        raise CoproduceError("This note is not there any more.", "Load the list again.")
    if row.version != expected_version:
        raise Outdated("This note was changed while you looked at it.", "Load it again.")
    return row


def _write(
    session: Session, row: InsightRow, before: Mapping[str, Any], actor: Actor, *, action: str, reason: str
) -> Insight:
    row.version, row.updated_at = row.version + 1, _now()
    session.flush()
    record(
        session, KIND, row.id, actor=actor, action=action, reason=reason, before=before, after=_recorded(row)
    )
    return row.insight()


def _recorded(row: InsightRow) -> dict[str, Any]:
    kept = {
        name: value for name, value in asdict(row.insight()).items() if name in {*EDITABLE, "withdrawn_at"}
    }
    return plain(kept)


def _now() -> datetime:
    return datetime.now(UTC)


def _tell(session: Session, submission: Submission) -> None:
    """Tell who passed a note on what was decided, without a word of the note itself."""
    opening = "Thank you for passing on what was said."
    answers.tell(session, submission, title="What you passed on to the register", opening=opening, said=SAID)
