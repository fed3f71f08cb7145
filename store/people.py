"""People: who signed in, and the role that each has here."""

import os
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from sqlalchemy import CheckConstraint, String, Text, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.errors import StoreError
from store.roles import ACCOUNT_ROLES, Actor, Role, require
from store.session import Base, Moment
from store.versions import record

KIND = "person"
_SEEN_AGAIN = timedelta(hours=1)


@dataclass(frozen=True)
class Person:
    """One person with an account, as the login provider names them: `subject` is unique in `issuer`."""

    id: str
    issuer: str
    subject: str
    name: str
    email: str
    role: Role
    created_at: datetime
    last_seen_at: datetime

    def actor(self) -> Actor:
        """Return who this person is to the register."""
        return Actor(self.id, self.name or self.email or "somebody without a name", self.role, "login")


class PersonRow(Base):
    """The table `people`."""

    __tablename__ = "people"
    __table_args__ = (
        UniqueConstraint("issuer", "subject", name="people_once"),
        CheckConstraint(
            "role IN ('viewer', 'contributor', 'steward', 'analyst', 'admin')", name="people_role"
        ),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    issuer: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    email: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime] = mapped_column(Moment)
    last_seen_at: Mapped[datetime] = mapped_column(Moment)

    def person(self) -> Person:
        """Return the row as a value that no longer hangs on the session."""
        return Person(**{field.name: getattr(self, field.name) for field in fields(Person)})


def person_for(
    session: Session, issuer: str, subject: str, name: str, email: str, *, email_verified: bool = False
) -> Person:
    """Return who signed in, kept on their first visit as a viewer.

    `LARDER_ADMINS` (separated by commas) names admins: by an e-mail address that the provider says it has
    verified, or by the subject itself. Needs a session that writes, but writes only what changed, and the
    time of the visit once an hour.
    """
    moment = datetime.now(UTC)
    row = session.scalar(select(PersonRow).where(PersonRow.issuer == issuer, PersonRow.subject == subject))
    if row is None:
        row = PersonRow(
            id=str(uuid4()), issuer=issuer, subject=subject, name=name, email=email, role="viewer",
            created_at=moment, last_seen_at=moment,
        )  # fmt: skip
        session.add(row)
    if _is_named_admin(subject, email if email_verified else "") and row.role != "admin":
        row.role = "admin"
    if (row.name, row.email) != (name, email) or moment - row.last_seen_at > _SEEN_AGAIN:
        row.name, row.email, row.last_seen_at = name, email, moment
    session.flush()
    return row.person()


def find_person(session: Session, issuer: str, subject: str) -> Person | None:
    """Return who signed in with this subject before, or None."""
    row = session.scalar(select(PersonRow).where(PersonRow.issuer == issuer, PersonRow.subject == subject))
    return row.person() if row else None


def set_role(session: Session, person_id: str, role: Role, actor: Actor) -> Person:
    """Give a person another role.

    Raises Forbidden for who may not manage people; StoreError for an unknown person or role, and where it
    would leave no admin.
    """
    require(actor, "manage_people")
    if role not in ACCOUNT_ROLES:
        raise StoreError(f"No role is called {role!r}.", f"Use one of: {', '.join(ACCOUNT_ROLES)}.")
    row = session.get(PersonRow, person_id)
    if row is None:
        raise StoreError(f"There is no person {person_id!r}.", "See `larder people` for the ids.")
    before = row.role
    if before == role:
        return row.person()
    if before == "admin" and _admins(session) == 1:
        raise StoreError(
            "This is the last admin, and somebody has to be one.", "Make somebody else an admin first."
        )
    row.role = role
    record(
        session, KIND, person_id, actor=actor, action="role", before={"role": before}, after={"role": role}
    )
    return row.person()


def list_people(session: Session, actor: Actor) -> list[Person]:
    """Return everybody who ever signed in, by name. Raises Forbidden for who may not manage people."""
    require(actor, "manage_people")
    rows = session.scalars(select(PersonRow).order_by(func.lower(PersonRow.name), PersonRow.id))
    return [row.person() for row in rows]


def _admins(session: Session) -> int:
    return session.scalar(select(func.count()).where(PersonRow.role == "admin")) or 0


def _is_named_admin(subject: str, verified_email: str) -> bool:
    named = {entry.strip().casefold() for entry in os.environ.get("LARDER_ADMINS", "").split(",")} - {""}
    return not named.isdisjoint({subject.casefold(), verified_email.casefold()} - {""})
