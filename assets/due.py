"""What is due for a check: the stale, longest unchecked first, then what nobody ever confirmed, oldest entry first."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from assets.freshness import in_states
from assets.schema import Asset, AssetRow
from assets.stewardship import Charge, charges_of, in_charge
from store.pages import Page, check_page
from store.roles import Actor, require


def due(
    session: Session,
    actor: Actor,
    today: date,
    *,
    steward: str | None = None,
    place: str | None = None,
    page: int = 1,
    size: int = 50,
) -> Page[Asset]:
    """Return a page of the assets that are due for a check, hidden ones too.

    `steward` is a person's id and keeps to what they look after; `place` keeps to a place. Raises Forbidden for who
    may not see the due list, StoreError for a page that there cannot be.
    """
    require(actor, "see_due")
    check_page(page, size)
    charges = charges_of(session, steward) if steward else []
    there = in_register(charges, place)
    stale = in_states(["stale"], today)
    never = AssetRow.confirmed_on.is_(None)
    stale_count, never_count = (_count(session, and_(there, condition)) for condition in (stale, never))
    start = (page - 1) * size
    ids = _ids(session, and_(there, stale), start, size) if start < stale_count else []
    if len(ids) < size:
        ids += _ids(session, and_(there, never), max(0, start - stale_count), size - len(ids))
    return Page(_assets(session, ids), stale_count + never_count, page, size)


def _count(session: Session, where: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(AssetRow).where(where)) or 0


def in_register(charges: Iterable[Charge], place: str | None = None) -> ColumnElement[bool]:
    """Return the condition for assets that are in the register, of some charges, in a place."""
    return and_(
        AssetRow.status == "accepted",
        AssetRow.deleted_at.is_(None),
        AssetRow.merged_into.is_(None),
        in_charge(charges),
        *([] if place is None else [AssetRow.place == place]),
    )


def _ids(session: Session, where: ColumnElement[bool], start: int, count: int) -> list[str]:
    query = select(AssetRow.id).where(where)
    query = query.order_by(AssetRow.confirmed_on, AssetRow.created_at, AssetRow.id)
    return list(session.scalars(query.offset(start).limit(count)))


def _assets(session: Session, ids: list[str]) -> tuple[Asset, ...]:
    rows = {row.id: row.asset() for row in session.scalars(select(AssetRow).where(AssetRow.id.in_(ids)))}
    return tuple(rows[one] for one in ids)
