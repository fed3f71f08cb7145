"""Freshness of the register: the state of each asset, and the same in the database, to find and to count by.

In the database too it is reckoned from the day of the check alone: it holds on any day, and nothing has to be kept up.
"""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from itertools import groupby

from sqlalchemy import ColumnElement, and_, case, false, func, literal, literal_column, or_, select, true
from sqlalchemy.orm import Session

from assets.schema import Asset, AssetRow
from words.categories import CATEGORIES
from words.freshness import GRACE, LIMITS, STATES, State, half_life, state_of

_EVERY_DAYS = [half_life(category, kind).days for category in CATEGORIES for kind in ("", *LIMITS)]
_BY_AGE: tuple[State, ...] = ("fresh", "ageing", "stale")


def freshness(asset: Asset, today: date) -> State:
    """Return whether an asset is fresh, ageing, stale or unconfirmed on a day."""
    return state_of(asset.confirmed_on, asset.category, asset.kind, today)


def columns(asset: Asset, today: date) -> dict[str, str | int]:
    """Return what every export says of an asset's freshness, as of `today`."""
    return {
        "freshness": freshness(asset, today),
        "confirmed_on": "" if asset.confirmed_on is None else asset.confirmed_on.isoformat(),
        "half_life_days": half_life(asset.category, asset.kind).days,
        "freshness_as_of": today.isoformat(),
    }


def in_states(states: Collection[State], today: date) -> ColumnElement[bool]:
    """Return the condition on the table of assets that holds for just those that `freshness` puts in some states."""
    day = AssetRow.confirmed_on
    fresh_from, ageing_from = _first_day(today, halves=1), _first_day(today, halves=2)
    shortest, longest = min(_EVERY_DAYS), max(_EVERY_DAYS)
    # what holds for every half-life comes first: it is asked of an index, or spares most rows the other
    until = {
        "fresh": day <= today + GRACE,
        "ageing": and_(day < today - timedelta(shortest // 2), day < fresh_from),
        "stale": and_(day < today - timedelta(shortest), day < ageing_from),
    }
    since = {
        "fresh": and_(day >= today - timedelta(longest // 2), day >= fresh_from),
        "ageing": and_(day >= today - timedelta(longest), day >= ageing_from),
        "stale": true(),
    }
    conditions = [or_(day.is_(None), day > today + GRACE)] if "unconfirmed" in states else []
    # states that follow one another are one stretch of days: a bound is worked out row by row, and dear
    for wanted, stretch in groupby(_BY_AGE, lambda state: state in states):
        if wanted:
            together = list(stretch)
            conditions.append(and_(until[together[0]], since[together[-1]]))
    return or_(false(), *conditions)


def count_states(session: Session, where: Sequence[ColumnElement[bool]], today: date) -> dict[State, int]:
    """Return how many of the assets for which some conditions hold are in each state, in one pass over them."""
    day = AssetRow.confirmed_on
    state = case(
        (or_(day.is_(None), day > today + GRACE), "unconfirmed"),
        (day < _first_day(today, halves=2), "stale"),
        (day < _first_day(today, halves=1), "ageing"),
        else_="fresh",
    ).label("state")
    counted = select(state, func.count().label("assets")).select_from(AssetRow).where(*where)
    rows = session.execute(counted.group_by(literal_column("state")))
    found = {row.state: row.assets for row in rows}
    return {each: found.get(each, 0) for each in STATES}


def _first_day(today: date, *, halves: int) -> ColumnElement[date]:
    """Return, row by row, the first day of a check that is not older today than one or two halves of the half-life."""

    def first(category: str, kind: str) -> date:
        days = half_life(category, kind).days
        return today - timedelta(days=days if halves == 2 else days // 2)

    def by_category(kind: str) -> ColumnElement[date]:
        other = first("other", kind)
        days = {category: day for category in CATEGORIES if (day := first(category, kind)) != other}
        return case(days, value=AssetRow.category, else_=other) if days else literal(other)

    # most have a kind that sets no limit: theirs comes first
    limited = [(AssetRow.kind == kind, by_category(kind)) for kind in LIMITS]
    return case((AssetRow.kind.not_in(LIMITS), by_category("")), *limited)
