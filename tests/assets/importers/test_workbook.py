"""Reading Excel: what a sheet says as text, and every workbook that is not opened."""

from datetime import date, datetime, time
from pathlib import Path

import openpyxl
import pytest

from assets.errors import AssetError
from assets.importers.intake import import_file
from assets.importers.workbook import read_workbook
from assets.register import list_assets
from store.roles import CLI
from store.session import reading
from tests.assets.importers.workbooks import rewritten, write_book

HEAD = ["name", "category", "postcode", "reference", "confirmed_on", "notes"]


def test_dates_numbers_and_answers_are_text(tmp_path: Path) -> None:
    row = ["The Hall", "hall", "SS15 4JE", 1138529.0, datetime(2026, 5, 31), True]
    other = ["B", None, 12.5, date(2026, 1, 2), time(9, 30), datetime(2026, 5, 31, 10, 15)]
    table = read_workbook(write_book(tmp_path / "a.xlsx", ("list", [HEAD, row, other])))
    assert table.headings == tuple(HEAD)
    assert list(table.rows[0].cells.values()) == [
        "The Hall",
        "hall",
        "SS15 4JE",
        "1138529",
        "2026-05-31",
        "yes",
    ]
    assert list(table.rows[1].cells.values()) == [
        "B",
        "",
        "12.5",
        "2026-01-02",
        "09:30:00",
        "2026-05-31 10:15:00",
    ]
    assert "Read the sheet 'list'." in table.notes


def test_a_workbook_comes_in_as_a_csv_file_does(town_home: Path, tmp_path: Path) -> None:
    path = write_book(
        tmp_path / "assets.xlsx", ("s", [HEAD, ["A", "hall", "SS15 4JE", 7, date(2026, 5, 31), "x"]])
    )
    report = import_file(path, home=town_home)
    assert (report.format, report.totals["accepted"]) == ("excel", 1)
    with reading(town_home) as session:
        (asset,) = list_assets(session, actor=CLI)
    assert (asset.name, asset.confirmed_on, asset.area) == ("A", date(2026, 5, 31), "B2")
    assert import_file(path, home=town_home).totals["unchanged"] == 1


def test_several_sheets_need_a_name_and_empty_or_hidden_ones_do_not_count(tmp_path: Path) -> None:
    path = write_book(
        tmp_path / "a.xlsx", ("one", [["name"], ["A"]]), ("two", [["name"], ["B"]]), ("none", [])
    )
    with pytest.raises(AssetError, match="2 sheets: one, two"):
        read_workbook(path)
    assert read_workbook(path, "two").rows[0].cells == {"name": "B"}
    with pytest.raises(AssetError, match=r"no sheet 'three'.*one, two"):
        read_workbook(path, "three")
    book = openpyxl.load_workbook(path)
    book["two"].sheet_state = "hidden"
    book.save(path)
    table = read_workbook(path)
    assert table.rows[0].cells == {"name": "A"}
    assert any("Hidden sheets were not read: two" in note for note in table.notes)


def test_merged_cells_count_in_each_row_and_that_is_said(tmp_path: Path) -> None:
    path = write_book(tmp_path / "a.xlsx", ("s", [["name", "category"], ["A", "hall"], ["B", None]]))
    book = openpyxl.load_workbook(path)
    book["s"].merge_cells("B2:B3")
    book.save(path)
    rows = read_workbook(path).rows
    assert [row.cells["category"] for row in rows] == ["hall", "hall"]
    assert "cell B3 is merged" in rows[1].mends[0]


def test_a_merged_heading_is_refused(tmp_path: Path) -> None:
    path = write_book(tmp_path / "a.xlsx", ("s", [["Our assets", None], ["name", "category"], ["A", "hall"]]))
    book = openpyxl.load_workbook(path)
    book["s"].merge_cells("A1:B1")
    book.save(path)
    with pytest.raises(AssetError, match="the heading, has merged cells"):
        read_workbook(path)


def test_formulas_and_errors_count_as_blank_and_that_is_said(tmp_path: Path) -> None:
    path = write_book(tmp_path / "a.xlsx", ("s", [["name", "cost", "email"], ["A", "=1+1", "#REF!"]]))
    row = read_workbook(path).rows[0]
    assert row.cells == {"name": "A", "cost": "", "email": ""}
    assert any("formula in B2 has no value" in mend for mend in row.mends)
    assert any("C2 holds the error #REF!" in mend for mend in row.mends)


def test_a_formula_with_a_value_counts_as_its_value(tmp_path: Path) -> None:
    path = write_book(tmp_path / "a.xlsx", ("s", [["name", "cost"], ["A", "=1+1"]]))
    rewritten(path, lambda name, data: data.replace(b"<v></v>", b"<v>2</v>").replace(b"<v />", b"<v>2</v>"))
    assert read_workbook(path).rows[0].cells["cost"] == "2"


BOMB = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;&x;">]>'


def _with_entities(name: str, data: bytes) -> bytes:
    return BOMB + data[data.index(b"<worksheet") :] if name.startswith("xl/worksheets/sheet") else data


def _swollen(name: str, data: bytes) -> bytes:
    return data + b" " * 40_000_000 if name == "xl/styles.xml" else data


def _cut(name: str, data: bytes) -> bytes:
    return data[: len(data) // 2] if name.startswith("xl/worksheets/sheet") else data


WRONG = {
    "entities": (_with_entities, {}, "declares XML entities"),
    "a bomb": (_swollen, {}, "would swell to"),
    "half a sheet": (_cut, {}, "damaged"),
    "macros": (lambda _, data: data, {"xl/vbaProject.bin": b"x"}, "holds macros"),
    "old macros": (lambda _, data: data, {"xl/macrosheets/sheet1.xml": b"x"}, "holds macros"),
}


@pytest.mark.parametrize("case", WRONG)
def test_workbooks_that_are_not_opened(tmp_path: Path, case: str) -> None:
    change, extra, said = WRONG[case]
    path = rewritten(write_book(tmp_path / "a.xlsx", ("s", [["name"], ["A"]])), change, extra)  # type: ignore[arg-type]
    with pytest.raises(AssetError, match=said):
        read_workbook(path)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"name\nA\n", "not an Excel workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old .xls workbook, or protected"),
        (b"PK\x03\x04 and no more", "not a sound zip"),
    ],
)
def test_files_that_are_no_workbook(tmp_path: Path, data: bytes, said: str) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(data)
    with pytest.raises(AssetError, match=said):
        read_workbook(path)


def test_a_zip_that_is_no_workbook(tmp_path: Path) -> None:
    path = write_book(tmp_path / "a.xlsx", ("s", [["name"], ["A"]]))
    import zipfile

    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("hello.txt", "hello")
    with pytest.raises(AssetError, match="not an Excel workbook"):
        read_workbook(path)


def test_a_sheet_without_end_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = write_book(tmp_path / "a.xlsx", ("s", [["name"], ["A"]]))
    book = openpyxl.load_workbook(path)
    book["s"]["XFD200000"] = "far away"
    book.save(path)
    with pytest.raises(AssetError, match="16384 columns wide"):
        read_workbook(path)


def test_an_empty_workbook(tmp_path: Path) -> None:
    with pytest.raises(AssetError, match="empty"):
        read_workbook(write_book(tmp_path / "a.xlsx", ("s", [])))
    with pytest.raises(AssetError, match="same heading"):
        read_workbook(write_book(tmp_path / "b.xlsx", ("s", [["name", "Name"], ["A", "B"]])))
