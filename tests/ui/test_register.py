"""What the panel says of an asset near by; 23 November 2026 is a Monday."""

from datetime import date
from types import SimpleNamespace

import pytest

from ui.register import told_near

MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("confirmed_on", "told"),
    [
        (date(2026, 11, 1), "open today 09:00 to 17:00, confirmed 1 November 2026"),
        (None, "not confirmed"),
        (date(2015, 1, 1), "not confirmed since 1 January 2015"),
    ],
)
def test_hours_are_passed_on_while_somebody_checks_them(confirmed_on: date | None, told: str) -> None:
    library = SimpleNamespace(
        opening_hours="Mo-Fr 09:00-17:00", confirmed_on=confirmed_on, category="library", kind="place"
    )
    assert told_near(library, MONDAY) == told
