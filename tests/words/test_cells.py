"""Cells: nothing that a spreadsheet could run leaves the house, and nothing is lost on the way."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from words.cells import plain_cell, safe_cell

NUMBER = re.compile(r"[+-][0-9.]+([eE][+-]?[0-9]+)?")
TEXT = st.one_of(st.text(max_size=12), st.text(alphabet="'=+-@\t\r\n 1.eE9", max_size=8))


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+cmd|' /C calc'!A0",
        "-2+3",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "  =1",
        "＝1+1",
        "-",
        "+44 1268 1",
    ],
)
def test_what_could_be_run_gets_an_apostrophe(text: str) -> None:
    assert safe_cell(text) == "'" + text


@pytest.mark.parametrize(
    "text", ["", "-3", "-3.5", "+2", "-1e6", "-.5", "E00000001", "007", "St Mary's", "a=b", "'x"]
)
def test_ordinary_text_and_numbers_stay(text: str) -> None:
    assert safe_cell(text) == text


def test_digits_of_other_scripts_are_no_number() -> None:
    assert safe_cell("-٣") == "'-٣"


@given(TEXT)
def test_no_safe_cell_starts_a_formula(text: str) -> None:
    cell = safe_cell(text)
    assert cell.lstrip(" ")[:1] not in set("=+-@\t\r\n") or NUMBER.fullmatch(cell.strip(" "))


@given(TEXT)
def test_the_way_back_gives_the_same_text(text: str) -> None:
    assert plain_cell(safe_cell(text)) == text


def test_an_apostrophe_of_its_own_survives() -> None:
    assert safe_cell("'=x") == "''=x"
    assert plain_cell("''=x") == "'=x"
    assert plain_cell("'tis the hall") == "'tis the hall"
