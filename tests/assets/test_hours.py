"""Opening hours: expected answers read off the notation by hand; 23 November 2026 is a Monday."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.hours import hours_faults, opening_at, opens_on

MONDAY = datetime(2026, 11, 23, 10)
CHRISTMAS = datetime(2026, 12, 25, 10)


@pytest.mark.parametrize(
    ("text", "now", "today"),
    [
        ("Mo-Fr 09:00-17:00", "open", "open today 09:00 to 17:00"),
        ("Mo 08:00-09:30,14:00-18:00", "closed", "open today 08:00 to 09:30 and 14:00 to 18:00"),
        ("24/7", "open", "open all day"),
        ("Sa 10:00-12:00", "closed", "closed today"),
        ("Mo 22:00-24:00", "closed", "open today 22:00 to 24:00"),
        ('Mo 10:00-12:00 "term time"', "unknown", "open today 10:00 to 12:00 (term time)"),
        ('"by appointment"', "unknown", ""),
        ("sunrise-sunset", "unknown", ""),
        ("Mon to Fri, nine to five", "unknown", ""),
        ("", "unknown", ""),
    ],
)
def test_what_hours_say(text: str, now: str, today: str) -> None:
    assert (opening_at(text, MONDAY), opens_on(text, MONDAY)) == (now, today)


def test_public_holidays_are_those_here() -> None:
    assert opens_on("Mo-Fr 09:00-17:00; PH off", CHRISTMAS) == "closed today"


def test_hours_that_cannot_be_read_are_a_fault_with_a_cure() -> None:
    (fault,) = hours_faults("Mon to Fri, nine to five")
    assert (fault.column, "Mo-Fr 09:00-17:00" in fault.cure) == ("opening_hours", True)
    assert hours_faults("Mo-Fr 09:00-17:00") == hours_faults("") == []


@given(st.text(max_size=200))
def test_any_text_has_an_answer(text: str) -> None:
    now, today = opening_at(text, MONDAY), opens_on(text, MONDAY)
    assert now in {"open", "closed", "unknown"}
    assert not today or today.startswith(("open today ", "open all day", "closed today"))
    assert not hours_faults(text) or (now, today) == ("unknown", "")
