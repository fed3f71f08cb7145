from datetime import date, timedelta
from pathlib import Path

import pytest

from words.categories import CATEGORIES
from words.freshness import (
    FRESHNESS_LABELS,
    FRESHNESS_MEANINGS,
    HALF_LIVES,
    LIMITS,
    STATES,
    confirmation_words,
    due_on,
    freshness_table,
    half_life,
    span_words,
    state_of,
)

TODAY = date(2026, 6, 1)


def test_each_category_has_one_half_life_with_a_reason_and_no_other_has() -> None:
    assert HALF_LIVES.keys() == CATEGORIES.keys()
    assert all(
        found.days > 0 and len(found.reason) > 10 for found in [*HALF_LIVES.values(), *LIMITS.values()]
    )
    assert len(freshness_table()) == len(CATEGORIES) + len(LIMITS)


def test_each_state_has_a_label_and_a_meaning() -> None:
    assert set(STATES) == FRESHNESS_LABELS.keys() == FRESHNESS_MEANINGS.keys()


@pytest.mark.parametrize(
    ("days", "state"),
    # a library's half-life is 545 days: half of it, rounded down, is 272
    [(0, "fresh"), (272, "fresh"), (273, "ageing"), (545, "ageing"), (546, "stale"), (5000, "stale")],
)
def test_a_library_passes_from_fresh_to_ageing_to_stale(days: int, state: str) -> None:
    assert state_of(TODAY - timedelta(days=days), "library", "place", TODAY) == state


def test_nobody_or_a_day_to_come_confirms_nothing() -> None:
    assert state_of(None, "library", "place", TODAY) == "unconfirmed"
    assert state_of(TODAY + timedelta(days=2), "library", "place", TODAY) == "unconfirmed"


def test_it_may_be_tomorrow_already_where_somebody_confirms() -> None:
    assert state_of(TODAY + timedelta(days=1), "library", "place", TODAY) == "fresh"


def test_a_kind_shortens_a_half_life_and_never_lengthens_it() -> None:
    assert half_life("park", "event").days == 30
    assert half_life("food_bank", "group").days == 120
    assert half_life("park", "place") == HALF_LIVES["park"]
    assert half_life("something unheard of") == HALF_LIVES["other"]


def test_an_asset_is_due_on_the_first_day_that_it_is_stale() -> None:
    for category in CATEGORIES:
        due = due_on(TODAY, category, "place")
        assert due is not None
        assert state_of(TODAY, category, "place", due) == "stale"
        assert state_of(TODAY, category, "place", due - timedelta(days=1)) == "ageing"
    assert due_on(None, "park", "place") is None


def test_a_span_is_told_as_people_say_it() -> None:
    assert [span_words(days) for days in (30, 120, 180, 365, 545, 1095, 1825)] == [
        "a month",
        "4 months",
        "6 months",
        "a year",
        "18 months",
        "3 years",
        "5 years",
    ]


def test_each_state_is_told_in_words() -> None:
    day = date(2026, 5, 3)
    assert confirmation_words(day, "fresh") == "confirmed 3 May 2026"
    assert confirmation_words(day, "ageing") == "last confirmed 3 May 2026, ageing"
    assert confirmation_words(day, "stale") == "not confirmed since 3 May 2026"
    assert (
        confirmation_words(None, "unconfirmed") == confirmation_words(day, "unconfirmed") == "not confirmed"
    )


def test_the_page_on_freshness_publishes_the_half_lives_as_they_are() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "methods" / "freshness.md").read_text(
        encoding="utf-8"
    )
    for code, found in HALF_LIVES.items():
        assert f"| {CATEGORIES[code].name} | {found.days} | {found.reason} |" in page
    for kind, found in LIMITS.items():
        assert f"{kind} {found.days} days ({found.reason})" in page
