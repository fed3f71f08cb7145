"""GSS codes and postcodes: forms and levels (ONS Register of Geographic Codes), and how they go wrong."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.codes import as_text, check_codes, common_level, is_fictional, is_pseudo, level_of
from geo.errors import GeoError
from geo.postcodes import is_fictional as is_fictional_postcode
from geo.postcodes import normalise


@pytest.mark.parametrize(
    ("code", "level"),
    [
        ("E00107872", "oa"),
        ("W00000001", "oa"),
        ("S00088956", "oa"),
        ("E01021237", "lsoa"),
        ("W01001234", "lsoa"),
        ("S01006506", "lsoa"),
        ("E02004424", "msoa"),
        ("S02001236", "msoa"),
        ("E05015640", "ward"),
        ("W05000981", "ward"),
        ("S13002835", "ward"),
        ("E06000033", "district"),
        ("E07000066", "district"),
        ("E08000001", "district"),
        ("E09000001", "district"),
        ("W06000015", "district"),
        ("S12000033", "district"),
        ("N09000003", "district"),
        ("E10000012", "county"),
        ("E12000006", "region"),
        ("X00000001", "oa"),
        ("X07000001", "district"),
        ("E99999999", None),
        ("E0010787", None),
        ("e00107872", None),
        ("E001078722", None),
        ("", None),
    ],
)
def test_level_of_a_code(code: str, level: str | None) -> None:
    assert level_of(code) == level


def test_pseudo_and_fictional_codes() -> None:
    assert is_pseudo("W99999999")
    assert not is_pseudo("E00107872")
    assert is_fictional("X01000001")
    assert not is_fictional("E01000001")


def test_the_level_of_most_codes_is_the_columns() -> None:
    assert common_level(pd.Series(["E00107872", " e00107873", "bad"])) == "oa"
    assert common_level(pd.Series(["Q1", "Q2", "E00107872"])) is None
    assert common_level(pd.Series([], dtype=object)) is None


def test_numbers_serve_as_codes_elsewhere_and_decimals_do_not() -> None:
    assert as_text(pd.Series([75101, 75102]), "f", "c").tolist() == ["75101", "75102"]
    with pytest.raises(GeoError, match="Codes are text"):
        as_text(pd.Series([1.5, 2.0]), "f", "c")


def test_codes_of_other_countries_need_only_be_there_and_unique() -> None:
    assert check_codes(pd.Series(["Q1", "Q2"]), "f", "c") == []
    faults = check_codes(pd.Series(["Q1", "Q1", " "]), "f", "c")
    assert [(fault.row, fault.value) for fault in faults] == [(3, " "), (2, "Q1")]


def test_a_fictional_place_has_no_real_codes() -> None:
    [fault] = check_codes(pd.Series(["X00000001", "X00000002", "E00000003"]), "f", "c", fictional=True)
    assert fault.row == 3


def test_many_faults_are_counted_and_not_all_listed() -> None:
    faults = check_codes(pd.Series([f"E00{n:06}" for n in range(100)] + [" E00000001"] * 50), "f", "c")
    assert "30 more like these" in faults[20].what


@pytest.mark.parametrize(
    ("text", "postcode"),
    [
        ("SS15 4JE", "SS15 4JE"),
        (" ss154je ", "SS15 4JE"),
        ("m11ae", "M1 1AE"),
        ("EC1A 1BB", "EC1A 1BB"),
        ("W1A0AX", "W1A 0AX"),
        ("ZZ1 1AA", "ZZ1 1AA"),
        ("SS15", None),
        ("SS15 JE4", None),
        ("SS15 4CE", None),
        ("", None),
        ("12345", None),
    ],
)
def test_postcodes(text: str, postcode: str | None) -> None:
    assert normalise(text) == postcode


def test_fictional_postcodes() -> None:
    assert is_fictional_postcode("ZZ1 1AA")
    assert not is_fictional_postcode("SS15 4JE")


@given(st.text())
def test_what_is_normalised_stays_so(text: str) -> None:
    once = normalise(text)
    assert once is None or normalise(once) == once


@given(st.from_regex(r"[A-Z]{1,2}[1-9][0-9]? [0-9][ABD-HJLNP-UW-Z]{2}", fullmatch=True))
def test_case_and_spaces_never_matter(postcode: str) -> None:
    assert normalise(postcode.lower().replace(" ", "")) == normalise(f"  {postcode} ") == postcode
