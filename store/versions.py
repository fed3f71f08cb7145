"""Versions: every change is kept, with who, when, why and what it was before."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, String, Text, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.roles import Actor, require
from store.session import Base, Moment

REMOVED = "[removed]"
"""What stands where words or a person were taken out for good."""


@dataclass(frozen=True)
class Version:
    """One change of one thing.

    `changes` holds what it was and what it became, a field: `{"name": ["Old Hall", "New Hall"]}`; `values`
    the whole thing after the change. `number` counts from 1 for each thing.
    """

    kind: str
    entity: str
    number: int
    at: datetime
    actor: str
    actor_name: str
    via: str
    action: str
    reason: str
    changes: dict[str, list[Any]]
    values: dict[str, Any]


class VersionRow(Base):
    """The table `versions`."""

    __tablename__ = "versions"
    __table_args__ = (UniqueConstraint("kind", "entity", "number", name="versions_in_order"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    entity: Mapped[str] = mapped_column(String(64))
    number: Mapped[int]
    at: Mapped[datetime] = mapped_column(Moment)
    actor: Mapped[str] = mapped_column(Text)
    actor_name: Mapped[str] = mapped_column(Text)
    via: Mapped[str] = mapped_column(String(20))
    action: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(Text)
    changes: Mapped[dict[str, list[Any]]] = mapped_column(JSON)
    values: Mapped[dict[str, Any]] = mapped_column(JSON)

    def version(self) -> Version:
        """Return the row as a value that no longer hangs on the session."""
        return Version(**{field.name: getattr(self, field.name) for field in fields(Version)})


def record(
    session: Session,
    kind: str,
    entity: str,
    *,
    actor: Actor,
    action: str,
    reason: str = "",
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
) -> int:
    """Keep one change of one thing and return its number.

    `before` and `after` are the whole thing in values that JSON can hold; None where there was none, or
    there is none any more. A change without a history of the thing so far is its number 1.
    """
    number = latest(session, kind, entity) + 1
    session.add(
        VersionRow(
            kind=kind,
            entity=entity,
            number=number,
            at=datetime.now(UTC),
            actor=actor.id,
            actor_name=actor.name,
            via=actor.via,
            action=action,
            reason=reason,
            changes=differences(before or {}, after or {}),
            values=dict(after or {}),
        )
    )
    session.flush()
    return number


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Return what differs: field -> [before, after], in the order of the fields."""
    names = dict.fromkeys((*before, *after))
    return {
        name: [before.get(name), after.get(name)] for name in names if before.get(name) != after.get(name)
    }


def latest(session: Session, kind: str, entity: str) -> int:
    """Return the number of the last version of a thing, 0 where it has none."""
    query = select(func.max(VersionRow.number)).where(VersionRow.kind == kind, VersionRow.entity == entity)
    return session.scalar(query) or 0


def history(session: Session, kind: str, entity: str) -> list[Version]:
    """Return the versions of a thing, oldest first. Who may see them is for the caller to ask."""
    return [row.version() for row in _rows(session, kind, entity)]


def redact_history(session: Session, kind: str, entity: str, *, actor: Actor, reason: str) -> int:
    """Take the words and the people out of every version of a thing, and record that this was done and why.

    What stays of a version is its number, time, way and action. Returns the number of the record. Raises
    Forbidden where the actor may not redact.
    """
    require(actor, "redact")
    for row in _rows(session, kind, entity):
        row.actor, row.actor_name, row.reason = "", REMOVED, REMOVED if row.reason else ""
        row.changes, row.values = {}, {}
    return record(session, kind, entity, actor=actor, action="redact", reason=reason, before=None, after=None)


def _rows(session: Session, kind: str, entity: str) -> list[VersionRow]:
    query = select(VersionRow).where(VersionRow.kind == kind, VersionRow.entity == entity)
    return list(session.scalars(query.order_by(VersionRow.number)))
