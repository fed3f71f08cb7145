"""Freshness of the register: the state of each asset, the same as a condition in the database, and what is due."""

from collections import defaultdict
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, case, false, or_

from assets.schema import Asset, AssetRow
from words.categories import CATEGORIES
from words.freshness import GRACE, LIMITS, State, half_life, state_of


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


def in_state(state: State, today: date) -> ColumnElement[bool]:
    """Return the condition on the table of assets that holds for just those that `freshness` puts in a state."""
    never = or_(AssetRow.confirmed_on.is_(None), AssetRow.confirmed_on > today + GRACE)
    if state == "unconfirmed":
        return never
    ageing_before, stale_before = _cutoff(today, halves=1), _cutoff(today, halves=2)
    known = and_(AssetRow.confirmed_on.is_not(None), AssetRow.confirmed_on <= today + GRACE)
    if state == "fresh":
        return and_(known, AssetRow.confirmed_on >= ageing_before)
    if state == "ageing":
        return and_(known, AssetRow.confirmed_on < ageing_before, AssetRow.confirmed_on >= stale_before)
    return and_(known, AssetRow.confirmed_on < stale_before)


def in_states(states: tuple[State, ...], today: date) -> ColumnElement[bool]:
    """Return the condition that holds for assets in any of some states."""
    return or_(false(), *(in_state(state, today) for state in states))


def _cutoff(today: date, *, halves: int) -> ColumnElement[date]:
    """Return, row by row, the last day on which a check is not older than one or two halves of the half-life."""
    by_day: dict[tuple[str, date], list[str]] = defaultdict(list)
    for kind in ("", *LIMITS):
        for category in CATEGORIES:
            days = half_life(category, kind).days
            by_day[kind, today - timedelta(days=days if halves == 2 else days // 2)].append(category)
    whens = [
        (and_(*([AssetRow.kind == kind] if kind else []), AssetRow.category.in_(categories)), day)
        for (kind, day), categories in sorted(by_day.items(), key=lambda one: not one[0][0])
    ]
    other = half_life("other").days
    return case(*whens, else_=today - timedelta(days=other if halves == 2 else other // 2))
