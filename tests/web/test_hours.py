"""Opening times: what is typed, in OSM's notation and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from web.hours import DAYS, ROWS, Hours, Row, clock, hours_of, in_words, read_back, written


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("9", "09:00"), ("9:30", "09:30"), ("0930", "09:30"), ("9am", "09:00"), ("9 PM", "21:00"), ("12am", "00:00"),
        ("12pm", "12:00"), ("21.30", "21:30"), ("24:00", "24:00"), ("24:01", ""), ("25", ""), ("13pm", ""),
        ("9:75", ""), ("noon", ""), ("", ""),
    ],
)  # fmt: skip
def test_times_as_people_write_them(typed: str, read: str) -> None:
    assert clock(typed) == read


@given(
    some.lists(
        some.tuples(
            some.sampled_from([code for code in DAYS if code]), some.integers(0, 23), some.integers(0, 59)
        ),
        max_size=ROWS,
    ),
    some.text("abc, ", max_size=20),
)
def test_what_is_written_is_read_back(rows: list[tuple[str, int, int]], remark: str) -> None:
    filled = tuple(Row(days, f"{hour:02d}:{minute:02d}", "23:59") for days, hour, minute in rows)
    hours = Hours((*filled, *(Row() for _ in range(ROWS - len(filled)))), " ".join(remark.split()))
    told, faults = written(hours)
    assert faults == []
    assert read_back(told) == hours
    assert hours_of(hours.fields()) == hours


@pytest.mark.parametrize(
    "text", ["24/7", "Mo[1] 10:00-12:00", "sunrise-sunset", "Mo-Fr 08:00-12:00,13:00-17:00"]
)
def test_what_the_form_cannot_say_stays_as_it_is_written(text: str) -> None:
    assert read_back(text) is None
    assert in_words(text) == [text]


def test_in_words() -> None:
    told = in_words('Mo-Fr 09:00-17:00; Sa 10:00-13:00 || "not in August"')
    assert told == ["Monday to Friday 09:00 to 17:00", "Saturday 10:00 to 13:00", "not in August"]
    assert in_words("") == []
    assert in_words('"ring first"') == ["ring first"]


def test_a_row_without_days_or_time_is_told() -> None:
    _, faults = written(Hours((Row("", "9", "17"), Row("Mo", "9", ""), Row("Xx", "9", "10"), Row())))
    assert [fault.column for fault in faults] == ["days_1", "closes_2", "days_3"]
