"""Stewardship: who looks after what, so that what is due reaches somebody."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, String, UniqueConstraint, and_, delete, or_, select, true
from sqlalchemy.orm import Mapped, Session, mapped_column

from assets.errors import AssetError
from assets.schema import AssetRow, new_id
from store.roles import Actor, require
from store.session import Base
from store.versions import record
from words.categories import CATEGORIES

EVERY = "*"
KIND = "stewardship"


@dataclass(frozen=True, order=True)
class Charge:
    """What somebody looks after: the assets of a place, of a category; `*` is every one."""

    place: str = EVERY
    category: str = EVERY


class ChargeRow(Base):
    """The table `stewardships`."""

    __tablename__ = "stewardships"
    __table_args__ = (UniqueConstraint("person", "place", "category", name="stewardships_once"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    person: Mapped[str] = mapped_column(String(36), index=True)
    place: Mapped[str] = mapped_column(String(200))
    category: Mapped[str] = mapped_column(String(40))


def charges_of(session: Session, person: str) -> list[Charge]:
    """Return what a person looks after; an empty list means everything: nobody has divided the work."""
    rows = session.scalars(select(ChargeRow).where(ChargeRow.person == person))
    return sorted(Charge(row.place, row.category) for row in rows)


def set_charges(session: Session, person: str, charges: Iterable[Charge], *, actor: Actor) -> list[Charge]:
    """Say anew what a person looks after.

    Raises Forbidden for who may not manage people; AssetError for an unknown
    category.
    """
    require(actor, "manage_people")
    wanted = sorted(set(charges))
    unknown = [charge.category for charge in wanted if charge.category not in (EVERY, *CATEGORIES)]
    if unknown:
        raise AssetError(f"No category is called {', '.join(unknown)}.", f"Use: {', '.join(CATEGORIES)}.")
    before = charges_of(session, person)
    if before == wanted:
        return wanted
    session.execute(delete(ChargeRow).where(ChargeRow.person == person))
    session.add_all(
        ChargeRow(id=new_id(), person=person, place=charge.place, category=charge.category)
        for charge in wanted
    )
    record(session, KIND, person, actor=actor, action="charge", before=_told(before), after=_told(wanted))
    return wanted


def _told(charges: Iterable[Charge]) -> dict[str, list[str]]:
    return {"charges": [f"{charge.place}/{charge.category}" for charge in charges]}


def in_charge(charges: Iterable[Charge]) -> ColumnElement[bool]:
    """Return the condition on the table of assets for those that somebody looks after; no charge at all is all."""
    conditions = [
        and_(
            true(),
            *([AssetRow.place == charge.place] if charge.place != EVERY else []),
            *([AssetRow.category == charge.category] if charge.category != EVERY else []),
        )
        for charge in charges
    ]
    return or_(*conditions) if conditions else true()
