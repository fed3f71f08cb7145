"""Grid references: letters and digits to metres and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.geocode import from_grid, from_grid_reference, geocode
from geo.gridref import from_reference, looks_like_reference


@pytest.mark.parametrize(
    ("text", "point"),
    [
        # Ordnance Survey's own examples: the summit of Ben Nevis, and the origin of the grid
        ("NN 16667 71285", (216_667.5, 771_285.5, 1)),
        ("SV 00000 00000", (0.5, 0.5, 1)),
        ("TQ 699 908", (569_950.0, 190_850.0, 100)),
        ("tq6990", (569_500.0, 190_500.0, 1_000)),
        ("TQ 6 9", (565_000.0, 195_000.0, 10_000)),
        ("HP 60 10", (460_500.0, 1_210_500.0, 1_000)),
        ("TQ 69880 90818", (569_880.5, 190_818.5, 1)),
    ],
)
def test_references(text: str, point: tuple[float, float, int]) -> None:
    assert from_reference(text) == point


@pytest.mark.parametrize(
    "text", ["", "TQ", "TQ 123", "TI 12 34", "ZZ 12 34", "AA 12 34", "TQ 123456 123456", "51.5"]
)
def test_texts_that_are_none(text: str) -> None:
    assert from_reference(text) is None


LETTERS = "ABCDEFGHJKLMNOPQRSTUVWXYZ"


@given(st.integers(0, 699_999), st.integers(0, 1_299_999))
def test_every_metre_of_the_grid_comes_back(easting: int, northing: int) -> None:
    """Property: the letters worked out the other way, by counting squares from the north-west."""
    major = (3 - (northing // 500_000)) * 5 + easting // 500_000 + 2
    minor = (4 - northing % 500_000 // 100_000) * 5 + easting % 500_000 // 100_000
    text = f"{LETTERS[major]}{LETTERS[minor]} {easting % 100_000:05d} {northing % 100_000:05d}"
    assert from_reference(text) == (easting + 0.5, northing + 0.5, 1)


def test_a_reference_is_geocoded_with_the_size_of_its_square() -> None:
    found = from_grid_reference("TQ 69880 90818")
    # Code-Point Open gives the grid reference 569880, 190818 as these degrees
    assert (found.longitude, found.latitude) == pytest.approx((0.450957, 51.590602), abs=2e-5)
    assert (found.method, found.status, found.note) == ("grid", "found", "The middle of a square of 1 m.")
    assert from_grid_reference("TQ 1").status == "malformed"
    assert "not a grid reference" in from_grid_reference("XX 12 34").note
    assert looks_like_reference("tq 699 908")
    assert not looks_like_reference("SS15 4JE")


def test_numbers_far_off_the_grid_are_outside_it() -> None:
    # the formula wraps them round to degrees that look sound
    assert from_grid(570_250, 999_999_999).status == "outside"
    assert from_grid(-5, 100_000).status == "outside"


def test_typed_references_are_found_in_a_place() -> None:
    assert geocode("NN 16667 71285", None).method == "grid"  # type: ignore[arg-type]
