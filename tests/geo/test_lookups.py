"""Lookups: the column that matches best, vintages in names, parents and names of columns."""

import pandas as pd
import pytest

from geo.errors import GeoError
from geo.lookups import code_column, match, name_column, parents
from geo.names import area_names
from geo.vintage import named_vintage

CODES = ["E00000001", "E00000002", "E00000003"]


def matched(table: pd.DataFrame, **changes: object):
    asked = {"file": "f.csv", "role": "lookup", "level": "oa", "vintage": "2021", "need_all": True}
    return match(table, CODES, **{**asked, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("column", "vintage"),
    [
        ("oa21cd", "2021"),
        ("OA11CD", "2011"),
        ("lsoa21_code", "2021"),
        ("LSOA2011CD", "2011"),
        ("msoa_11_code", "2011"),
        ("WD25CD", None),
        ("lad21cd", None),
        ("code", None),
        ("board21", None),
    ],
)
def test_the_vintage_in_a_columns_name(column: str, vintage: str | None) -> None:
    assert named_vintage(column) == vintage


def test_the_column_that_matches_best_wins() -> None:
    table = pd.DataFrame({"old": ["E00000001", "x", "y"], "new": CODES, "number": [1.0, 2.0, 3.0]})
    assert code_column(table, CODES, "2021", "f") == "new"


def test_among_equals_the_one_named_for_the_vintage_wins() -> None:
    table = pd.DataFrame({"OA11CD": CODES, "OA21CD": CODES})
    assert code_column(table, CODES, "2021", "f") == "OA21CD"
    assert code_column(table, CODES, "2011", "f") == "OA11CD"


def test_no_column_of_codes() -> None:
    with pytest.raises(GeoError, match="No column holds any"):
        code_column(pd.DataFrame({"a": ["x"]}), CODES, "2021", "f")


def test_the_match_rate_counts_areas_and_other_places_apart() -> None:
    found = matched(pd.DataFrame({"oa21cd": ["E00000001", "E00000002", "E00000009"]}))
    assert found.join.sentence() == "lookup: 2 of 3 areas matched, 66.7 %"
    assert found.join.unmatched == ("E00000003",)
    assert found.join.extra == 1
    assert len(found.faults) == 1


def test_nearly_all_is_never_called_all() -> None:
    codes = [f"E00{number:06}" for number in range(10_000)]
    table = pd.DataFrame({"oa21cd": codes[:-1]})
    found = match(table, codes, file="f", role="lookup", level="oa", vintage="2021", need_all=True)
    assert found.join.sentence() == "lookup: 9999 of 10000 areas matched, 99.9 %"


def test_parents_are_known_by_their_codes_and_names_by_their_columns() -> None:
    table = pd.DataFrame(
        {
            "oa21cd": CODES,
            "small": ["E01000001"] * 3,
            "lsoa21cd": ["E01000001"] * 3,
            "LSOA21NM": ["Ash 001A"] * 3,
            "msoa21cd": ["E02000001"] * 3,
            "msoa21nm": ["Ash 001"] * 3,
            "msoa21hclnm": ["Harrow Field"] * 3,
            "rgn": ["E12000006"] * 3,
        }
    )
    found, faults, notes = parents(matched(table.drop(columns="small")), "oa", "2021")
    assert faults == []
    assert notes == []
    assert found.loc["E00000001"].to_dict() == {
        "lsoa": "E01000001",
        "lsoa_name": "Ash 001A",
        "msoa": "E02000001",
        "msoa_name": "Harrow Field",
        "region": "E12000006",
    }


def test_parents_of_another_vintage_are_left() -> None:
    table = pd.DataFrame({"oa21cd": CODES, "lsoa11cd": ["E01000009"] * 3, "lsoa21cd": ["E01000001"] * 3})
    found, _, notes = parents(matched(table), "oa", "2021")
    assert found["lsoa"].unique().tolist() == ["E01000001"]
    assert "lsoa21cd gives each area's lsoa" in notes[0]


def test_an_area_in_two_parents_is_a_fault() -> None:
    table = pd.DataFrame({"oa21cd": [*CODES, "E00000001"], "lsoa21cd": ["E01000001"] * 3 + ["E01000002"]})
    _, faults, _ = parents(matched(table, may_repeat=True), "oa", "2021")
    assert "E00000001 belongs to more than one lsoa: E01000001, E01000002" in faults[0].what


@pytest.mark.parametrize(
    ("code", "name"),
    [("lsoa21cd", "lsoa21nm"), ("WARD_CODE", "ward_name"), ("other", None), ("lad21cd", None)],
)
def test_columns_of_names(code: str, name: str | None) -> None:
    assert name_column(["lsoa21nm", "ward_name", "x"], code) == name


def test_output_areas_are_named_by_their_neighbourhood() -> None:
    known = pd.DataFrame(
        {
            "lsoa": ["E01000001", "E01000001", "E01000002"],
            "lsoa_name": ["Ash 001A", "Ash 001A", "Ash 001B"],
            "msoa_name": ["Harrow Field", "Harrow Field", "Ash 001"],
        },
        index=CODES,
    )
    assert area_names(known).tolist() == ["Harrow Field A1", "Harrow Field A2", "Ash 001B · 1"]
