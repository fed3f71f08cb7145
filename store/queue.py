"""The queue: what people suggest, until a steward has decided."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID, uuid4

from sqlalchemy import JSON, CheckConstraint, Index, String, Text, cast, func, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from store import outbox
from store.errors import StoreError
from store.pages import Page, rows_of
from store.roles import Actor, Forbidden, may, opens, require
from store.session import Base, Moment
from store.versions import REMOVED

Kind = Literal["new", "change", "confirm", "report", "insight", "conflict", "duplicate"]
Status = Literal["waiting", "approved", "amended", "refused", "withdrawn"]
DECISIONS: tuple[Status, ...] = ("approved", "amended", "refused")
SUBMISSION = "submission"
"""The kind by which a private link names a submission."""


@dataclass(frozen=True)
class Submission:
    """One suggestion.

    `subject_kind` and `subject_id` name what it is about, without an id for something new; `base_version` is
    the version of it that the suggester saw. `payload` holds what is suggested in values that JSON can hold.
    `version` counts the changes of the suggestion itself.
    """

    id: str
    kind: str
    subject_kind: str
    subject_id: str | None
    base_version: int | None
    payload: dict[str, Any]
    note: str
    submitter: str
    submitter_name: str
    contact_email: str
    status: str
    submitted_at: datetime
    decided_at: datetime | None
    decided_by: str
    decision_reason: str
    version: int


class SubmissionRow(Base):
    """The table `submissions`."""

    __tablename__ = "submissions"
    __table_args__ = (
        CheckConstraint(
            "status IN ('waiting', 'approved', 'amended', 'refused', 'withdrawn')", name="submissions_status"
        ),
        Index("submissions_waiting", "status", "submitted_at"),
        Index("submissions_by_subject", "subject_kind", "subject_id"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[str | None] = mapped_column(String(64))
    base_version: Mapped[int | None]
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    note: Mapped[str] = mapped_column(Text)
    submitter: Mapped[str] = mapped_column(Text)
    submitter_name: Mapped[str] = mapped_column(Text)
    contact_email: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(String(20))
    submitted_at: Mapped[datetime] = mapped_column(Moment)
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    decided_by: Mapped[str] = mapped_column(Text)
    decision_reason: Mapped[str] = mapped_column(Text)
    version: Mapped[int]

    def submission(self) -> Submission:
        """Return the row as a value that no longer hangs on the session."""
        return Submission(**{field.name: getattr(self, field.name) for field in fields(Submission)})


class Outdated(StoreError):  # noqa: N818 - what it is, not what it does
    """Somebody else changed or decided it meanwhile."""


def submit(
    session: Session,
    *,
    actor: Actor,
    kind: Kind,
    subject_kind: str,
    subject_id: str | None = None,
    base_version: int | None = None,
    payload: Mapping[str, Any],
    note: str = "",
    submitter_name: str = "",
    contact_email: str = "",
    key: str | None = None,
) -> Submission:
    """Put a suggestion into the queue. Nothing that is published changes by it.

    `key` is the id that it gets, where the caller has one: what comes with the same key again, over a line
    that broke, is the same suggestion and is returned as it is.
    """
    require(actor, "suggest")
    known = session.get(SubmissionRow, _checked(key)) if key else None
    if known is not None:
        return known.submission()
    row = SubmissionRow(
        id=_checked(key) if key else str(uuid4()),
        kind=kind,
        subject_kind=subject_kind,
        subject_id=subject_id,
        base_version=base_version,
        payload=dict(payload),
        note=note,
        submitter=actor.id,
        submitter_name=submitter_name or (actor.name if actor.id else ""),
        contact_email=contact_email,
        status="waiting",
        submitted_at=datetime.now(UTC),
        decided_at=None,
        decided_by="",
        decision_reason="",
        version=1,
    )
    session.add(row)
    session.flush()
    return row.submission()


def waiting(
    session: Session, actor: Actor, *, kind: Kind | None = None, page: int = 1, size: int = 50
) -> Page[Submission]:
    """Return a page of what waits: what people sent in, then likely duplicates that were looked for; the oldest first.

    Raises Forbidden for who may not see the queue.
    """
    require(actor, "see_queue")
    query = select(SubmissionRow).where(SubmissionRow.status == "waiting")
    if kind is not None:
        query = query.where(SubmissionRow.kind == kind)
    # hundreds of pairs can come of one search: nobody who wrote has to wait behind them
    ordered = query.order_by(SubmissionRow.kind == "duplicate", SubmissionRow.submitted_at, SubmissionRow.id)
    rows, total = rows_of(session, ordered, page, size)
    return Page(tuple(row.submission() for row in rows), total, page, size)


def submissions_about(session: Session, subject_kind: str, subject_id: str, actor: Actor) -> list[Submission]:
    """Return what was ever suggested about a thing, oldest first. Raises Forbidden as `waiting` does."""
    require(actor, "see_queue")
    query = select(SubmissionRow).where(
        SubmissionRow.subject_kind == subject_kind, SubmissionRow.subject_id == subject_id
    )
    return [row.submission() for row in session.scalars(query.order_by(SubmissionRow.submitted_at))]


def by_contact(session: Session, email: str, *, since: datetime) -> list[Submission]:
    """Return what was suggested with an e-mail address since a time, newest first, to send its links there."""
    query = select(SubmissionRow).where(
        func.lower(SubmissionRow.contact_email) == email.lower(), SubmissionRow.submitted_at >= since
    )
    rows = session.scalars(query.order_by(SubmissionRow.submitted_at.desc(), SubmissionRow.id).limit(50))
    return [row.submission() for row in rows]


def get_submission(session: Session, submission_id: str, actor: Actor) -> Submission:
    """Return one suggestion, for stewards, for who made it, and for who holds its private link.

    Raises Forbidden for everybody else, whether there is one or not; StoreError where there is none.
    """
    return _allowed(session, submission_id, actor).submission()


def revise(
    session: Session,
    submission_id: str,
    payload: Mapping[str, Any],
    *,
    actor: Actor,
    expected_version: int,
    note: str | None = None,
) -> Submission:
    """Change a suggestion that still waits, for those whom `get_submission` shows it to.

    Raises Outdated where it was changed or decided since `expected_version`.
    """
    row = _allowed(session, submission_id, actor)
    _check(row, expected_version)
    row.payload = dict(payload)
    row.note = row.note if note is None else note
    row.version += 1
    session.flush()
    return row.submission()


def withdraw(session: Session, submission_id: str, *, actor: Actor, expected_version: int) -> Submission:
    """Take a suggestion back that still waits, for those whom `get_submission` shows it to."""
    row = _allowed(session, submission_id, actor)
    _check(row, expected_version)
    row.status, row.decided_at, row.decided_by = "withdrawn", datetime.now(UTC), actor.id
    row.version += 1
    session.flush()
    return row.submission()


def decide(
    session: Session,
    submission_id: str,
    *,
    actor: Actor,
    status: Status,
    reason: str = "",
    expected_version: int,
    subject_id: str | None = None,
) -> Submission:
    """Close a suggestion: approved, amended or refused, the last with a reason.

    `subject_id` names what came of a new one. Raises Forbidden for who may not decide; StoreError for a
    refusal without a reason; Outdated where it was changed or decided since `expected_version`.
    """
    require(actor, "decide")
    if status not in DECISIONS:
        raise StoreError(f"{status!r} is not a decision.", f"Use one of: {', '.join(DECISIONS)}.")
    if status == "refused" and not reason.strip():
        raise StoreError("A refusal needs its reason: the suggester reads it.", "Write why, in a sentence.")
    row = _row(session, submission_id)
    _check(row, expected_version)
    row.status, row.decided_at, row.decided_by = status, datetime.now(UTC), actor.id
    row.decision_reason = reason
    row.subject_id = subject_id or row.subject_id
    row.version += 1
    session.flush()
    return row.submission()


def redact_submissions(session: Session, subject_kind: str, subject_id: str, *, actor: Actor) -> int:
    """Take the words and the person out of every suggestion about a thing, or that names it.

    Those that still wait are withdrawn, and so are messages about them. Returns how many there were. Raises
    Forbidden where the actor may not redact.
    """
    require(actor, "redact")
    about = (SubmissionRow.subject_kind == subject_kind) & (SubmissionRow.subject_id == subject_id)
    names = cast(SubmissionRow.payload, Text).contains(subject_id, autoescape=True)
    rows = session.scalars(select(SubmissionRow).where(or_(about, names))).all()
    for row in rows:
        row.payload, row.note, row.submitter, row.contact_email = {}, "", "", ""
        row.submitter_name = REMOVED
        row.decision_reason = REMOVED if row.decision_reason else ""
        if row.status == "waiting":
            row.status, row.decided_at, row.decided_by = "withdrawn", datetime.now(UTC), actor.id
        row.version += 1
        outbox.withdraw(session, SUBMISSION, row.id)
    session.flush()
    return len(rows)


def _checked(key: str) -> str:
    try:
        return str(UUID(key))
    except ValueError as error:
        raise StoreError("This key of a suggestion is none.", "Load the page again.") from error


def _row(session: Session, submission_id: str) -> SubmissionRow:
    row = session.get(SubmissionRow, submission_id)
    if row is None:
        raise StoreError(
            f"There is no suggestion {submission_id!r}.", "It may have been opened by an old link."
        )
    return row


def _allowed(session: Session, submission_id: str, actor: Actor) -> SubmissionRow:
    row = session.get(SubmissionRow, submission_id)
    own = row is not None and actor.via == "login" and row.submitter == actor.id
    if not (may(actor, "see_queue") or own or opens(actor, "edit", SUBMISSION, submission_id)):
        raise Forbidden("This suggestion is not yours.", "Open it with the private link that you were given.")
    return _row(session, submission_id)


def _check(row: SubmissionRow, expected_version: int) -> None:
    if row.status != "waiting":
        raise Outdated(f"This suggestion is {row.status} already.", "Load the queue again.")
    if row.version != expected_version:
        raise Outdated(
            "This suggestion was changed while you looked at it.",
            "Load it again, and decide on what it says now.",
        )
