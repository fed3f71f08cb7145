"""Reading a CSV file whatever wrote it; the ugly ones by name."""

import csv
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assets.errors import AssetError
from assets.importers.delimited import read_table
from assets.importers.refused import refused_csv
from assets.importers.report import RowReport
from words.cells import safe_cell


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"name\nCaf\xc3\xa9 \xe2\x80\x93 open\n", "UTF-8"),
        (b"\xef\xbb\xbfname\nCaf\xc3\xa9 \xe2\x80\x93 open\n", "UTF-8"),
        (b"name\r\nCaf\xe9 \x96 open\r\n", "Windows-1252"),
        ("name\nCafé – open\n".encode("utf-16"), "UTF-16"),
    ],
)
def test_encodings(tmp_path: Path, data: bytes, told: str) -> None:
    table = read_table(_written(tmp_path, data))
    assert table.rows[0].cells == {"name": "Café – open"}
    assert told in table.notes[0]


def _written(folder: Path, data: bytes | str) -> Path:
    path = folder / "assets.csv"
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters(tmp_path: Path, delimiter: str) -> None:
    text = f"name{delimiter}category\nThe Hall{delimiter}hall\n"
    assert read_table(_written(tmp_path, text)).rows[0].cells == {"name": "The Hall", "category": "hall"}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"\n\n , ,\n", "empty"),
        (b"PK\x03\x04rest of a workbook", "workbook"),
        (b"\xd0\xcf\x11\xe0old workbook", "workbook"),
        (b"name\n\x00\x01\x02", "not a file of text"),
        (b"name\n\x81\x8d\x8f", "not a file of text"),
        (b"name,Name\na,b\n", "same heading"),
    ],
)
def test_files_that_are_no_table_are_refused(tmp_path: Path, data: bytes, said: str) -> None:
    with pytest.raises(AssetError, match=said):
        read_table(_written(tmp_path, data))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(AssetError, match="cannot be read"):
        read_table(tmp_path / "none.csv")
    with pytest.raises(AssetError, match="cannot be read"):
        read_table(tmp_path)


def test_headings_alone_are_a_table_of_no_rows(tmp_path: Path) -> None:
    table = read_table(_written(tmp_path, "name,category\n"))
    assert table.rows == ()
    assert "no rows" in " ".join(table.notes)


def test_rows_too_short_and_too_long(tmp_path: Path) -> None:
    table = read_table(_written(tmp_path, "name,category\nA\nB,hall,,\nC,hall,left over\n"))
    short, padded, long = table.rows
    assert short.cells == {"name": "A", "category": ""}
    assert "1 of 2 cells" in short.mends[0]
    assert (padded.mends, padded.faults) == ((), ())
    assert "3 cells and the heading 2" in long.faults[0].what


def test_rows_are_numbered_as_a_spreadsheet_shows_them_and_blank_lines_are_no_rows(tmp_path: Path) -> None:
    table = read_table(_written(tmp_path, "\nname\n\nA\n   \nB\n"))
    assert [(row.number, row.cells["name"]) for row in table.rows] == [(4, "A"), (6, "B")]
    quoted = read_table(_written(tmp_path, 'name,notes\nA,"one\ntwo"\nB,\n'))
    assert [row.number for row in quoted.rows] == [2, 3]


def test_a_quote_that_is_never_closed_costs_its_own_row_alone(tmp_path: Path) -> None:
    table = read_table(_written(tmp_path, 'name,category\nA,hall\n"B,hall\nC,"a hall, big"\n'))
    assert [(row.number, bool(row.faults)) for row in table.rows] == [(2, False), (3, True), (4, False)]
    assert table.rows[2].cells == {"name": "C", "category": "a hall, big"}


def test_line_breaks_inside_quotes_are_kept(tmp_path: Path) -> None:
    table = read_table(_written(tmp_path, 'name,notes\nA,"one\ntwo"\n'))
    assert table.rows[0].cells["notes"] == "one\ntwo"


def test_the_apostrophe_of_a_spreadsheet_and_padding_are_dropped_and_said(tmp_path: Path) -> None:
    table = read_table(_written(tmp_path, "ref,name\n'1138529,The Hall        \n"))
    assert table.rows[0].cells == {"ref": "1138529", "name": "The Hall"}
    assert table.rows[0].raw == ("'1138529", "The Hall        ")
    assert "Spaces round cells were dropped in 1 rows." in table.notes
    assert any("apostrophe" in note for note in table.notes)


def test_characters_that_cannot_be_shown_are_taken_out_and_said(tmp_path: Path) -> None:
    row = read_table(_written(tmp_path, "name\nThe\x07 Hall\n")).rows[0]
    assert row.cells["name"] == "The Hall"
    assert row.mends


_CELL = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12)
_ROW = st.lists(_CELL, min_size=3, max_size=3).filter(lambda cells: any(cell.strip() for cell in cells))


@given(st.lists(_ROW, min_size=1, max_size=6))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_refused_rows_read_back_as_they_came(tmp_path: Path, cells: list[list[str]]) -> None:
    """Property: the file of refused rows, read again, gives the same cells; no cell starts a formula."""
    path = tmp_path / "assets.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)
        writer.writerow(["name", "category", "notes"])
        writer.writerows([safe_cell(cell) for cell in row] for row in cells)
    table = read_table(path)
    assert len(table.rows) == len(cells)
    reports = [
        RowReport(row.number, "refused", "", "", ("because",), (), False, None, None) for row in table.rows
    ]
    again = tmp_path / "assets.refused.csv"
    again.write_text(refused_csv(table, reports), encoding="utf-8-sig", newline="")
    second = read_table(again)
    assert [{**row.cells, "reason": f"row {row.number}: because"} for row in table.rows] == [
        row.cells for row in second.rows
    ]
