"""Postcodes as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.postcode_mending import is_district, readings
from geo.postcodes import normalise


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("SS15 4JE", "SS15 4JE"),
        ("  ss15 4je ", "SS15 4JE"),
        ("SS154JE", "SS15 4JE"),
        ("ss15-4je", "SS15 4JE"),
        ("SSI5 4JE", "SS15 4JE"),
        ("SS15 AJE", None),
        ("SW1A OAA", "SW1A 0AA"),
        ("M1 1AE", "M1 1AE"),
        ("ZZ1 1AA", "ZZ1 1AA"),
        ("SS15", None),
        ("", None),
        ("nowhere", None),
        ("12345", None),
    ],
)
def test_readings(typed: str, meant: str | None) -> None:
    found = readings(typed)
    assert (found[0] if found else None) == meant


def test_a_letter_o_that_is_well_formed_is_read_both_ways_the_typed_one_first() -> None:
    assert readings("SS1O 4JE") == ["SS1O 4JE", "SS10 4JE"]


def test_half_a_postcode_is_known_as_such() -> None:
    assert is_district("ss15")
    assert not is_district("SS15 4JE")
    assert not is_district("")


@given(st.text(max_size=12))
def test_every_reading_is_a_postcode(text: str) -> None:
    for reading in readings(text):
        assert normalise(reading) == reading
