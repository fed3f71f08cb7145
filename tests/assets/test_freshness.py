"""Freshness in the database says the same as in words, for each category, kind and turning point, on both databases."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from assets.freshness import columns, count_states, freshness, in_states
from assets.schema import KINDS, AssetRow, new_id
from store.session import reading, writing
from words.categories import CATEGORIES
from words.freshness import STATES, half_life

TODAY = date(2026, 6, 1)
UNKNOWN = "a category of another edition"


def row(category: str, kind: str, confirmed_on: date | None) -> dict[str, object]:
    texts = dict.fromkeys(("source_category", "postcode", "address", "website", "description"), "")
    return texts | {
        "id": new_id(),
        "name": "x",
        "category": category,
        "kind": kind,
        "confirmed_on": confirmed_on,
        "geocode_method": "none",
        "geocode_quality": "",
        "status": "accepted",
        "review_reason": "",
        "source": "made for a test",
        "identity": "",
        "created_at": datetime(2026, 1, 1, tzinfo=UTC),
        "updated_at": datetime(2026, 1, 1, tzinfo=UTC),
    }


def turning_points(category: str, kind: str) -> list[date | None]:
    """The days on either side of each change of state, nobody's confirmation, tomorrow and the day after."""
    days = half_life(category, kind).days
    ages = (0, days // 2, days // 2 + 1, days, days + 1, 9000, -1, -2)
    return [None, *(TODAY - timedelta(days=age) for age in ages)]


@pytest.fixture
def full(database: str, larder_home: Path) -> Path:
    """A register with every category, kind and turning point."""
    rows = [
        row(category, kind, day)
        for category in (*CATEGORIES, UNKNOWN)
        for kind in KINDS
        for day in turning_points(category, kind)
    ]
    with writing(larder_home) as session:
        session.execute(insert(AssetRow), rows)
    return larder_home


def test_the_condition_in_the_database_holds_for_just_those_in_the_state(full: Path) -> None:
    with reading(full) as session:
        told = {one.id: freshness(one.asset(), TODAY) for one in session.scalars(select(AssetRow))}
        assert len(told) == (len(CATEGORIES) + 1) * len(KINDS) * 9
        for some in (each for many in range(len(STATES) + 1) for each in combinations(STATES, many)):
            found = set(session.scalars(select(AssetRow.id).where(in_states(some, TODAY))))
            assert found == {one for one, is_ in told.items() if is_ in some}
            assert bool(found) == bool(some)
        counted = count_states(session, [AssetRow.kind == "event"], TODAY)
        events = set(session.scalars(select(AssetRow.id).where(AssetRow.kind == "event")))
        assert counted == Counter(state for one, state in told.items() if one in events)


def test_what_an_export_says_of_freshness() -> None:
    asset = AssetRow(**row("library", "event", date(2026, 5, 20))).asset()
    # an event holds for 30 days at most: 12 days on it is fresh
    assert columns(asset, TODAY) == {
        "freshness": "fresh",
        "confirmed_on": "2026-05-20",
        "half_life_days": 30,
        "freshness_as_of": "2026-06-01",
    }
    never = AssetRow(**row("library", "place", None)).asset()
    assert (columns(never, TODAY)["freshness"], columns(never, TODAY)["confirmed_on"]) == ("unconfirmed", "")
