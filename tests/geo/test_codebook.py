"""The codebook: every column is described, and no two share a shapefile name."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.codebook import UNKNOWN, codebook, describe, short_name
from words.fields import BY_NAME, FIELDS


@pytest.mark.parametrize(
    ("name", "taken", "short"),
    [
        ("unemployment_rate", (), "unemployme"),
        ("unemployment_count", ("unemployme",), "unemploy_2"),
        ("UNEMPLOYME", ("unemployme",), "UNEMPLOY_2"),
        ("no qualifications (%)", (), "no_qualifi"),
        ("0-4", (), "f0_4"),
        ("Tŷ hyn", (), "Ty_hyn"),
        ("数", (), "column"),
        ("数", ("column",), "column_2"),
    ],
)
def test_short_names_by_hand(name: str, taken: tuple[str, ...], short: str) -> None:
    assert short_name(name, taken) == short


def test_long_columns_that_collide_get_names_of_their_own() -> None:
    names = [f"households_in_band_{letter}" for letter in "abcdefghijkl"] + ["household", "code", "people"]
    fields = describe(pd.DataFrame(columns=names), FIELDS)
    assert [field.name for field in fields] == names
    assert [field.short for field in fields[:3]] == ["households", "househol_2", "househol_3"]
    assert fields[11].short == "househo_12"
    assert len({field.short.lower() for field in fields}) == len(names)


def test_a_stranger_never_takes_the_name_of_a_known_column() -> None:
    # `dist_name` is what a shapefile calls our own district_name, which comes later in the table
    strange, known = describe(pd.DataFrame(columns=["dist_name", "district_name"]), FIELDS)
    assert (strange.short, known.short) == ("dist_nam_2", "dist_name")
    assert strange.definition == UNKNOWN
    assert known == BY_NAME["district_name"]


@given(st.lists(st.text(min_size=1, max_size=30), unique=True, max_size=40))
def test_short_names_are_always_short_plain_and_unique(names: list[str]) -> None:
    fields = describe(pd.DataFrame(columns=names), FIELDS)
    shorts = [field.short.lower() for field in fields]
    assert len(set(shorts)) == len(names)
    assert all(1 <= len(short) <= 10 and short.isascii() and short[0].isalpha() for short in shorts)


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([True, False], "true or false"),
        (pd.array([1, None], dtype="Int64"), "integer"),
        ([0.5, 1.0], "number"),
        (["a", "b"], "text"),
        (pd.to_datetime(["2026-05-03", "2026-05-04"]), "date and time"),
    ],
)
def test_the_kind_of_an_unknown_column_is_that_of_its_values(values: object, kind: str) -> None:
    assert describe(pd.DataFrame({"mine": values}), FIELDS)[0].kind == kind


def test_the_codebook_says_what_the_file_calls_each_column() -> None:
    fields = describe(pd.DataFrame(columns=["district_name", "sign"]), FIELDS)
    table = codebook(fields, short=True)
    assert table["column"].tolist() == ["dist_name", "sign"]
    assert table["full_name"].tolist() == ["district_name", "sign"]
    assert table["allowed_values"].tolist() == ["", "firm | suggestive | no sign | not assessed"]
    assert codebook(fields)["column"].tolist() == ["district_name", "sign"]
