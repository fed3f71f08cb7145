"""Extracts: each breach of a contract is told with file, row, column, a masked value and a cure, all at once."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.enforcement import EnforcementPermit
from risk.errors import RiskError
from risk.extract_schema import mask
from risk.extracts import ExtractReport, check_extracts, read_extracts
from tests.risk.extracts.contracts import CLINIC, HEAD, ROWS, write_contract, write_extract

PERMIT = EnforcementPermit(
    "Warnings are the only sign of homes where the clinic does not go.", "Ann Analyst", "Sam Second"
)


@dataclass(frozen=True)
class Settings:
    agencies: tuple[str, ...] = ("clinic",)
    enforcement: EnforcementPermit | None = None


@pytest.fixture
def contracts(tmp_path: Path) -> Path:
    return write_contract(tmp_path / "contracts")


def check(tmp_path: Path, contracts: Path, **settings: object) -> ExtractReport:
    return check_extracts(Settings(**settings), tmp_path / "in", contracts=contracts)  # type: ignore[arg-type]


def test_extract_that_keeps_its_contract_is_read_in_its_types(tmp_path: Path, contracts: Path):
    folder = write_extract(tmp_path / "in")
    assert check(tmp_path, contracts).ok
    extract = read_extracts(folder, ["clinic"], contracts=contracts)["clinic"]
    table = extract.table
    assert table["seen"].tolist() == [
        pd.Timestamp(2024, 2, 3),
        pd.Timestamp(2024, 2, 4),
        pd.Timestamp(2024, 12, 31),
    ]
    assert table["weight"].tolist() == [3100, pd.NA, 3200]
    assert table["fee"].isna().tolist() == [False, True, False]
    assert table["surname"].isna().tolist() == [False, False, True]
    assert list(extract.facts()) == ["seen", "weight", "fee"]
    assert "Cholmondeley" not in repr(extract)


@pytest.mark.parametrize(
    ("old", "new", "row", "column", "shape", "said"),
    [
        ("V002", "X002", 2, "visit", "A999", "another form"),
        ("V002", "V001", 2, "visit", "A999", "there already"),
        ("V002", "", 2, "visit", "", "missing"),
        ("C2,Ch", ",Ch", 2, "child", "", "missing"),
        (",M,", ",Male,", 2, "sex", "Aaaa", "not among those agreed"),
        ("04/02/2024", "2024-02-04", 2, "seen", "9999-99-99", "not a date as agreed"),
        ("04/02/2024", "30/02/2024", 2, "seen", "99/99/9999", "not a date as agreed"),
        ("04/02/2024", "04/02/2025", 2, "seen", "99/99/9999", "outside the period"),
        ("3100", "3100.5", 1, "weight", "9999.9", "not a whole number"),
        ("3100", "heavy", 1, "weight", "aaaaa", "not a whole number"),
        ("3100", "399", 1, "weight", "999", "out of range"),
        ("3100", "6001", 1, "weight", "9999", "out of range"),
        ("2.50", "two", 1, "fee", "aaa", "not a number"),
        ("2.50", "10.01", 1, "fee", "99.99", "out of range"),
        (",Y", ",Q", 1, "warned", "A", "not among those agreed"),
    ],
)
def test_each_breach_is_told_masked(  # noqa: PLR0917
    tmp_path: Path, contracts: Path, old: str, new: str, row: int, column: str, shape: str, said: str
):
    text = "\n".join(ROWS)
    assert old in text
    write_extract(tmp_path / "in", tuple(text.replace(old, new, 1).split("\n")))
    report = check(tmp_path, contracts)
    found = [fault for fault in report.faults if said in fault.what]
    assert [(f.file, f.row, f.column, f.value) for f in found] == [("clinic.csv", row, column, shape)]
    assert found[0].cure
    assert len(new) < 3 or new not in "\n".join(report.sentences())


def test_column_missing_column_too_many_and_name_given_twice(tmp_path: Path, contracts: Path):
    write_extract(tmp_path / "in", head=HEAD.replace("fee", "shoe_size"))
    told = {(f.column, f.what.split(".")[0]) for f in check(tmp_path, contracts).faults}
    assert told == {
        ("fee", "The column is missing (Fee)"),
        ("shoe_size", "The contract does not name this column, number 7 of the file"),
    }
    write_extract(tmp_path / "in", head=HEAD.replace("fee", "sex"))
    assert "Two columns have this name" in str(check(tmp_path, contracts).faults)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("shoe_size", "shoe_size"),
        ("Fee", "Fee"),
        ("Featherstonehaugh", "Aaaaaaaaaaaaaaaaa"),
        ("smithson", "aaaaaaaa"),
        ("Zoe Smithson 03/02/2019", "Aaa Aaaaaaaa 99/99/9999"),
        ("9434765919", "9999999999"),
        ("flat_2_mill_lane", "aaaa_9_aaaa_aaaa"),
        ("x" * 20 + "_" + "y" * 20, "a" * 20 + "_aa…"),
    ],
)
def test_the_name_of_a_column_that_may_be_a_value_is_masked_and_its_place_told(
    tmp_path: Path, contracts: Path, name: str, shown: str
):
    write_extract(tmp_path / "in", head=HEAD.replace("fee", name))
    (fault,) = [one for one in check(tmp_path, contracts).faults if "does not name" in one.what]
    assert (fault.column, "number 7 of the file" in fault.what) == (shown, True)
    assert fault.cure == ("Write it as fee." if name == "Fee" else fault.cure)
    write_extract(tmp_path / "in", head=HEAD.replace("fee", name).replace("weight", name))
    assert [one.column for one in check(tmp_path, contracts).faults] == [shown]


@pytest.mark.parametrize("cell", [{"given": "Zoe"}, ["Zoe", "Jo"], b"Zoe"], ids=["struct", "list", "bytes"])
def test_a_column_of_parquet_whose_cells_are_no_single_values_is_refused(
    tmp_path: Path, contracts: Path, cell: object
):
    (tmp_path / "in").mkdir()
    table = pd.DataFrame([row.split(",") for row in ROWS], columns=HEAD.split(","))
    table["surname"] = table["surname"].astype("category")  # plain values behind numbers, which is fine
    table.to_parquet(tmp_path / "in" / "clinic.parquet", index=False)
    assert check(tmp_path, contracts).ok
    table.assign(surname=[cell] * 3).to_parquet(tmp_path / "in" / "clinic.parquet", index=False)
    (fault,) = check(tmp_path, contracts).faults
    assert (fault.file, fault.column) == ("clinic.parquet", "surname")
    assert "lists, structures or bytes" in fault.what
    assert "Zoe" not in fault.sentence()


def test_all_faults_of_all_agencies_come_in_one_report_and_many_rows_are_counted(
    tmp_path: Path, contracts: Path
):
    write_contract(contracts, CLINIC.replace('"clinic"', '"surgery"'), "surgery")
    rows = tuple(f"V{n:03d},C{n},Smithson,Z,05/05/2024,1,-1,Y" for n in range(200))
    write_extract(tmp_path / "in", rows)
    report = check(tmp_path, contracts, agencies=("clinic", "surgery", "births"))
    text = "\n".join(report.sentences())
    assert "There is no contract of this agency" in text  # births is not among these contracts
    assert not report.ok
    report = check(tmp_path, contracts, agencies=("clinic", "surgery"))
    assert [fault.column for fault in report.faults if "195 more rows" in fault.what] == [
        "sex",
        "weight",
        "fee",
    ]
    assert len([fault for fault in report.faults if fault.file == "surgery"]) == 1
    assert "Smithson" not in text
    with pytest.raises(RiskError) as refused:
        read_extracts(tmp_path / "in", ["clinic", "surgery"], contracts=contracts)
    assert refused.value.faults == report.faults


def test_rows_are_counted_as_the_file_has_them_past_a_blank_one(tmp_path: Path, contracts: Path):
    write_extract(tmp_path / "in", (ROWS[0], "", ROWS[1].replace(",M,", ",?,")))
    assert [fault.row for fault in check(tmp_path, contracts).faults] == [3]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no header"),
        (HEAD.encode() + b"\n", "no row"),
        (HEAD.encode() + b"\nV001,C1\n", "2 values under 8 columns"),
        (HEAD.encode() + b"\nV001,C1,Zo\xeb,F,03/02/2024,,,\n", "not UTF-8"),
        (HEAD.encode() + b'\n"V001,C1\n', "not CSV"),
    ],
)
def test_files_that_cannot_be_read(tmp_path: Path, contracts: Path, content: bytes, said: str):
    write_extract(tmp_path / "in")
    (tmp_path / "in" / "clinic.csv").write_bytes(content)
    assert [said in fault.what for fault in check(tmp_path, contracts).faults] == [True]


def test_excel_and_parquet_read_as_csv_does(tmp_path: Path, contracts: Path):
    folder = write_extract(tmp_path / "in")
    by_csv = read_extracts(folder, ["clinic"], contracts=contracts)["clinic"].table
    typed = pd.DataFrame(
        {
            "visit": ["V001", "V002", "V003"],
            "child": ["C1", "C2", "C1"],
            "surname": ["Featherstonehaugh", "Cholmondeley", None],
            "sex": ["F", "M", "F"],
            "seen": [date(2024, 2, 3), date(2024, 2, 4), date(2024, 12, 31)],
            "weight": [3100, None, 3200],
            "fee": [2.5, None, 0.0],
            "warned": ["Y", "N", None],
        }
    )
    for ending in ("xlsx", "parquet"):
        other = tmp_path / ending
        other.mkdir()
        if ending == "xlsx":
            typed.to_excel(other / "clinic.xlsx", index=False)
        else:
            typed.to_parquet(other / "clinic.parquet", index=False)
        read = read_extracts(other, ["clinic"], contracts=contracts)["clinic"]
        pd.testing.assert_frame_equal(read.table, by_csv)
    typed.to_excel(folder / "clinic.xlsx", index=False)
    assert "two extracts" in str(check(tmp_path, contracts).faults)


@pytest.mark.parametrize("ending", ["xlsx", "parquet"])
def test_a_file_that_is_not_what_its_name_says(tmp_path: Path, contracts: Path, ending: str):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / f"clinic.{ending}").write_text("visit,child\n")
    assert len(check(tmp_path, contracts).faults) == 1


def test_no_folder_and_no_file(tmp_path: Path, contracts: Path):
    assert "no folder" in check(tmp_path, contracts).faults[0].what
    (tmp_path / "in").mkdir()
    assert "There is no extract of Clinic" in check(tmp_path, contracts).faults[0].what


def test_enforcement_is_off_unless_permitted(tmp_path: Path, contracts: Path):
    folder = write_extract(tmp_path / "in")
    assert "warned" not in read_extracts(folder, ["clinic"], contracts=contracts)["clinic"].table
    assert "warned not read" in " ".join(check(tmp_path, contracts).notes)
    read = read_extracts(folder, ["clinic"], contracts=contracts, allow_enforcement=PERMIT)
    assert read["clinic"].table["warned"].tolist()[:2] == ["Y", "N"]
    assert "agreed by Sam Second" in " ".join(check(tmp_path, contracts, enforcement=PERMIT).notes)


def test_a_file_that_lies_there_unread_is_said_to_and_why(tmp_path: Path, contracts: Path):
    folder = write_extract(tmp_path / "in")
    only = CLINIC.replace('"clinic"', '"patrol"').replace('["need", "enforcement"]', '["enforcement"]')
    write_contract(contracts, only.replace('measures = "need"', 'measures = "enforcement"'), "patrol")
    write_contract(contracts, CLINIC.replace('"clinic"', '"surgery"'), "surgery")
    assert [note for note in check(tmp_path, contracts).notes if "not read" in note] == [
        "Clinic: warned not read, since enforcement is off."
    ]
    for name in ("patrol.csv", "surgery.parquet"):
        (folder / name).write_text("not even opened")
    off, unnamed = check(tmp_path, contracts).notes[1:]
    assert "patrol.csv lies with the extracts and was not read, since it measures enforcement" in off
    assert (
        "surgery.parquet lies with the extracts and was not read, since the recipe does not name" in unnamed
    )
    permitted = " ".join(check(tmp_path, contracts, enforcement=PERMIT).notes)
    assert "patrol.csv lies with the extracts and was not read, since the recipe does not name" in permitted


def test_an_extract_of_enforcement_alone_is_refused_without_permission(tmp_path: Path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "police.csv").write_text("not even opened")
    with pytest.raises(RiskError, match="measures enforcement, which is off"):
        read_extracts(tmp_path / "in", ["police"])


@pytest.mark.parametrize(
    ("permit", "said"),
    [
        (EnforcementPermit("Useful.", "Ann", "Sam"), "too short"),
        (EnforcementPermit(PERMIT.reason, "Ann Analyst", "ann  analyst "), "is the one who asked"),
        (EnforcementPermit(PERMIT.reason, "Ann", " "), "Nobody is named"),
        (EnforcementPermit(PERMIT.reason, "", "Sam"), "Nobody is named"),
    ],
)
def test_a_permission_needs_a_reason_and_a_second_person(
    tmp_path: Path, contracts: Path, permit: EnforcementPermit, said: str
):
    folder = write_extract(tmp_path / "in")
    with pytest.raises(RiskError, match=said):
        read_extracts(folder, ["clinic"], contracts=contracts, allow_enforcement=permit)


@given(st.text(max_size=60))
def test_a_mask_tells_no_letter_and_no_digit(text: str):
    shape = mask(text)
    assert len(shape) <= 24
    assert {letter for letter in shape if letter.isalnum() and letter.isascii()} <= {"a", "A", "9"}
