"""Coverage: when somebody last looked in an area, and for what, so that *none there* is told from *nobody looked*.

A look is a row: where, for which category (or all), on which day, and what came of it. It is never changed; whoever
recorded it may take it back, and its history keeps that. An area of `*` is the whole place, a category of `*` is every
category. What is recorded in the register says nothing of where
people have looked; only a look does, or an import whose mapping says that its source is complete.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from pathlib import Path
from typing import Literal, get_args

import pandas as pd
from sqlalchemy import CheckConstraint, Index, String, Text, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from assets.errors import AssetError
from assets.find import find_assets, in_place
from assets.register import list_assets
from assets.schema import Asset, new_id, now
from geo.place import Place
from store.roles import ANYONE, Actor, Forbidden, require
from store.session import Base, Moment, reading
from store.versions import record
from words.categories import CATEGORIES
from words.faults import Fault
from words.freshness import State, state_of
from words.sentences import count_words, joined, sentence_case

EVERY = "*"
MOST_NAMED = 5
KIND = "look"
"""The kind by which a history names a look."""
Found = Literal["none", "all"]


@dataclass(frozen=True)
class Look:
    """Somebody looked in an area for a category: they found none, or recorded all that they found."""

    place: str
    area: str
    category: str
    looked_on: date
    found: Found
    by: str
    by_name: str
    note: str

    def state(self, category: str, today: date) -> State:
        """Return how fresh this look is for a category: it ages as a confirmation does."""
        return state_of(self.looked_on, category, "place", today)


class LookRow(Base):
    """The table `looks`."""

    __tablename__ = "looks"
    __table_args__ = (
        CheckConstraint("found IN ('none', 'all')", name="looks_found"),
        Index("looks_by_area", "place", "area", "category", "looked_on"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    place: Mapped[str] = mapped_column(String(200))
    area: Mapped[str] = mapped_column(String(40))
    category: Mapped[str] = mapped_column(String(40))
    looked_on: Mapped[date]
    found: Mapped[str] = mapped_column(String(10))
    by: Mapped[str] = mapped_column(Text)
    by_name: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Moment)

    def look(self) -> Look:
        """Return the row as a value that no longer hangs on the session."""
        return Look(**{field.name: getattr(self, field.name) for field in fields(Look)})


def add_look(
    session: Session,
    *,
    actor: Actor,
    place: Place,
    looked_on: date,
    found: Found,
    areas: Sequence[str] = (EVERY,),
    categories: Sequence[str] = (EVERY,),
    note: str = "",
) -> int:
    """Keep that somebody looked in some areas of a place for some categories; return how many looks that makes.

    Parameters and errors are those of `keep_looks`.
    """
    kept = keep_looks(
        session, actor=actor, place=place, looked_on=looked_on, found=found, areas=areas, categories=categories,
        note=note,
    )  # fmt: skip
    return len(kept)


def keep_looks(
    session: Session,
    *,
    actor: Actor,
    place: Place,
    looked_on: date,
    found: Found,
    areas: Sequence[str],
    categories: Sequence[str],
    note: str = "",
) -> tuple[str, ...]:
    """Keep that somebody looked in some areas of a place for some categories; return the ids of these looks.

    `found` is *none* where there is nothing of the kind, *all* where everything they found is recorded. Raises
    AssetError with every fault: an unknown category, a day to come, no area, no category, a word for what was found
    that is neither, *none* where something of the kind is published; Forbidden where the actor may not.
    """
    require(actor, "add_look")
    faults = _faults(looked_on, found, areas, categories)
    if found == "none" and all(category in CATEGORIES or category == EVERY for category in categories):
        faults += _untrue(published_in(session, place, areas, categories))
    if faults:
        raise AssetError(faults)
    rows = [
        LookRow(
            id=new_id(),
            place=place.name,
            area=area,
            category=category,
            looked_on=looked_on,
            found=found,
            by=actor.id,
            by_name=actor.name,
            note=note.strip(),
            created_at=now(),
        )
        for area in dict.fromkeys(areas)
        for category in dict.fromkeys(categories)
    ]
    session.add_all(rows)
    session.flush()
    return tuple(row.id for row in rows)


def take_back(session: Session, ids: Sequence[str], *, actor: Actor) -> int:
    """Take looks back that were recorded by mistake; return how many there were. Their history keeps that they stood.

    Raises Forbidden where one of them is not the actor's own, or they may record none. One that is gone is passed over.
    """
    require(actor, "add_look")
    rows = session.scalars(select(LookRow).where(LookRow.id.in_(ids))).all()
    if any((row.by, row.by_name) != (actor.id, actor.name) for row in rows):
        raise Forbidden("Somebody else recorded this look.", "Ask them to take it back.")
    for row in rows:
        stood = {field.name: getattr(row, field.name) for field in fields(Look)}
        before = stood | {"looked_on": row.looked_on.isoformat()}
        record(session, KIND, row.id, actor=actor, action="remove", before=before, after=None)
        session.delete(row)
    session.flush()
    return len(rows)


def published_in(
    session: Session, place: Place, areas: Sequence[str], categories: Sequence[str]
) -> list[Asset]:
    """Return what is published of some categories in some areas of a place, by name: where it is, *none* is untrue."""
    wanted = None if EVERY in categories else categories
    listed = list_assets(session, status="accepted", categories=wanted, actor=ANYONE)
    return [asset for asset in in_place(listed, place) if asset.area in areas or EVERY in areas]


def _untrue(there: Sequence[Asset]) -> list[Fault]:
    """Return why *found none* cannot be: what is published there, by name."""
    if not there:
        return []
    named = [asset.name for asset in there[:MOST_NAMED]]
    more = [f"{len(there) - len(named):,} more"] if len(there) > len(named) else []
    what = sentence_case(count_words(len(there), "asset is", "assets are"))
    cure = "If you did not find them, open each and report it as wrong; then record what you looked for beside them."
    return [Fault(f"{what} recorded there: {joined([*named, *more])}.", cure)]


def _faults(looked_on: date, found: str, areas: Sequence[str], categories: Sequence[str]) -> list[Fault]:
    known = ", ".join(CATEGORIES)
    faults = [
        Fault("This category is not known.", f"Use one of: {known}.", column="category", value=category)
        for category in categories
        if category != EVERY and category not in CATEGORIES
    ]
    if looked_on > now().date():
        cure = "Give the day on which somebody looked."
        faults.append(Fault("This day is still to come.", cure, value=looked_on.isoformat()))
    if found not in get_args(Found):
        faults.append(
            Fault("A look finds none, or all is recorded.", "Say *none* or *all*.", value=str(found))
        )
    if not areas or not categories:
        faults.append(Fault("A look is somewhere, for something.", "Name an area and a category, or `*`."))
    return faults


def looks_in(session: Session, place: str, area: str) -> list[Look]:
    """Return the looks that hold for an area of a place, those at the whole place among them, latest first."""
    wanted = select(LookRow).where(LookRow.place == place, or_(LookRow.area == area, LookRow.area == EVERY))
    return [
        row.look()
        for row in session.scalars(wanted.order_by(LookRow.looked_on.desc(), LookRow.created_at.desc()))
    ]


def last_looks(looks: Iterable[Look], categories: Iterable[str]) -> dict[str, Look | None]:
    """Return the latest look for each category, given looks latest first; None where nobody has looked for it."""
    kept = list(looks)
    return {
        category: next((look for look in kept if look.category in (category, EVERY)), None)
        for category in categories
    }


def coverage(home: Path, place: Place, actor: Actor) -> pd.DataFrame:
    """Return for each area of a place what is recorded there and when somebody last looked, indexed by code.

    Columns: `assets`, the number that `actor` may see; `looked_on`, the last look for everything or anything,
    NaT where nobody has looked; `looked_for`, the codes of the categories ever looked for in a tuple, `("*",)` among
    them for everything. Hidden assets count for nobody who may not see them.
    """
    with reading(home) as session:
        looks = [row.look() for row in session.scalars(select(LookRow).where(LookRow.place == place.name))]
    counts: dict[str, int] = {}
    for asset in find_assets(home, place, "accepted", actor=actor):
        if asset.area:
            counts[asset.area] = counts.get(asset.area, 0) + 1
    areas = place.areas()
    whole = [look for look in looks if look.area == EVERY]
    by_area: dict[str, list[Look]] = {}
    for look in looks:
        by_area.setdefault(look.area, []).append(look)
    rows = [_row(counts.get(str(code), 0), [*whole, *by_area.get(str(code), [])]) for code in areas.index]
    found = pd.DataFrame(rows, index=areas.index, columns=["assets", "looked_on", "looked_for"])
    return found.assign(looked_on=pd.to_datetime(found["looked_on"]))


def _row(assets: int, looks: Sequence[Look]) -> tuple[int, date | None, tuple[str, ...]]:
    last = max((look.looked_on for look in looks), default=None)
    return assets, last, tuple(sorted({look.category for look in looks}))
