"""Reading an Excel workbook (.xlsx): one sheet of it, dates and numbers as text, merged cells told."""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import ParseError

import openpyxl
from defusedxml.common import DefusedXmlException
from openpyxl.cell.cell import Cell
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from assets.errors import AssetError
from assets.importers.hearing import hearing
from assets.importers.limits import (
    LARGEST_SHEETS,
    LARGEST_WORKBOOK,
    at_most_rows,
    check_archive,
    checked_file,
)
from assets.importers.table import Table, TableRow, cell_text, headings_of, refusal, table_row, tidied

MOST_CELLS = 5_000_000
_OLD = b"\xd0\xcf\x11\xe0"
_EARLIEST_FORMULA = (b"<f>", b"<f ", b"<f/>")
# openpyxl checks a file by assigning what it reads: a damaged one ends in whichever of these comes first
_DAMAGED = (
    zipfile.BadZipFile, zlib.error, struct.error, InvalidFileException, ParseError, DefusedXmlException, OSError,
    EOFError, LookupError, ValueError, TypeError, AttributeError, ArithmeticError, RecursionError,
    NotImplementedError, AssertionError,
)  # fmt: skip


def read_workbook(path: Path, sheet: str | None = None) -> Table:
    """Read one sheet of an .xlsx workbook as rows of text.

    `sheet` is needed where more than one sheet that can be seen has cells. Dates become 2026-05-31, whole
    numbers lose their ".0", the value of merged cells counts in each of them and the row says so, a formula
    counts as the value that the spreadsheet last saw. Macros, passwords, old .xls files, XML that declares
    entities and archives that would swell are refused.

    Raises AssetError where the workbook or the sheet cannot be read, naming the cure.
    """
    _checked(path)
    try:
        with hearing("workbook") as told:
            book = _opened(path, values=True)
            chosen, notes = _chosen(path, book, sheet)
            formulas = _formulas(path, chosen.title)
            rows, found = _rows(path, chosen, formulas)
    except _DAMAGED as error:
        if isinstance(error, AssetError):
            raise
        declares = isinstance(error, DefusedXmlException) or isinstance(error.__cause__, DefusedXmlException)
        what = "It declares XML entities." if declares else "It is damaged."
        raise refusal(path.name, what, "Open it in a spreadsheet, save it as .xlsx and try again.") from error
    return Table(found, rows, (*notes, *told, *tidied(rows)))


def _opened(path: Path, *, values: bool) -> Workbook:
    # the file is opened here, for openpyxl leaves its own open where it fails
    with path.open("rb") as file:
        return openpyxl.load_workbook(file, data_only=values, keep_links=False)


def _checked(path: Path) -> None:
    """Refuse what is no workbook, and workbooks that are not opened at all."""
    with checked_file(path, LARGEST_WORKBOOK).open("rb") as file:
        start = file.read(4)
    if start == _OLD:
        what = "It is an old .xls workbook, or protected with a password."
        raise refusal(path.name, what, "Save it as .xlsx without a password.")
    if start != b"PK\x03\x04":
        raise refusal(path.name, "This is not an Excel workbook.", "Give an .xlsx file, or import it as csv.")
    names = {member.filename.lower() for member in check_archive(path, LARGEST_SHEETS)}
    if any(name.endswith(("vbaproject.bin", ".bin.rels")) or "macrosheets/" in name for name in names):
        raise refusal(path.name, "It holds macros.", "Save it as .xlsx, which holds none.")
    if "xl/workbook.xml" not in names:
        raise refusal(path.name, "This is not an Excel workbook.", "Give an .xlsx file, or import it as csv.")


def _chosen(path: Path, book: Workbook, sheet: str | None) -> tuple[Worksheet, list[str]]:
    sheets = {one.title: one for one in book.worksheets}
    filled = [one for one in sheets.values() if one.sheet_state == "visible" and _has_cells(one)]
    names = ", ".join(sheets) or "none"
    if sheet is not None:
        if sheet not in sheets:
            raise refusal(path.name, f"It has no sheet {sheet!r}.", f"Its sheets are: {names}.")
        return sheets[sheet], [f"Read the sheet {sheet!r}."]
    if not filled:
        raise refusal(path.name, "The file is empty.", "Give a sheet with headings in its first row.")
    if len(filled) > 1:
        what = f"It has {len(filled)} sheets: {', '.join(one.title for one in filled)}."
        raise refusal(path.name, what, "Say which with --layer.")
    unseen = [name for name, one in sheets.items() if one.sheet_state != "visible"]
    told = [f"Hidden sheets were not read: {', '.join(unseen)}."] if unseen else []
    return filled[0], [f"Read the sheet {filled[0].title!r}.", *told]


def _has_cells(sheet: Worksheet) -> bool:
    if sheet.max_row * sheet.max_column > 1_000:
        return True  # too wide to look into every cell: its size is judged when it is read
    return any(value is not None for row in sheet.iter_rows(values_only=True) for value in row)


def _formulas(path: Path, title: str) -> set[str]:
    """Return the cells of the sheet that hold a formula, such as "B7"; looked up only where one does."""
    with zipfile.ZipFile(path) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/")]
        if not any(mark in archive.read(name) for name in sheets for mark in _EARLIEST_FORMULA):
            return set()
    book = _opened(path, values=False)
    return {cell.coordinate for row in book[title].iter_rows() for cell in row if cell.data_type == "f"}


def _rows(path: Path, sheet: Worksheet, formulas: set[str]) -> tuple[tuple[TableRow, ...], tuple[str, ...]]:
    at_most_rows(path.name, sheet.max_row)
    if sheet.max_row * sheet.max_column > MOST_CELLS:
        what = f"The sheet is {sheet.max_column} columns wide and {sheet.max_row} rows long."
        raise refusal(path.name, what, "Delete its empty columns and rows at the right and below.")
    merged = _merged(sheet)
    lines = [line for line in _lines(sheet, merged, formulas) if any(cell.strip() for cell in line[1])]
    if not lines:
        raise refusal(path.name, "The file is empty.", "Give a sheet with headings in its first row.")
    first, heading, told = lines[0]
    if any("merged" in mend for mend in told):
        cure = "Unmerge it, and give each column a heading of its own in the first row."
        raise refusal(path.name, f"Row {first} of the sheet, the heading, has merged cells.", cure)
    names = headings_of(path.name, heading)
    rows = tuple(table_row(number, names, cells, mends=mends) for number, cells, mends in lines[1:])
    return rows, names


def _merged(sheet: Worksheet) -> dict[tuple[int, int], tuple[int, int]]:
    """Return, for each cell that a merge covers, the one that holds its value."""
    covered: dict[tuple[int, int], tuple[int, int]] = {}
    for area in sheet.merged_cells.ranges:
        if area.size["rows"] * area.size["columns"] > 100_000:
            raise AssetError(f"The cells {area.coord} are merged into one.", "Unmerge them.")
        top = (area.min_row, area.min_col)
        for row in range(area.min_row, area.max_row + 1):
            covered.update(
                {
                    (row, column): top
                    for column in range(area.min_col, area.max_col + 1)
                    if (row, column) != top
                }
            )
    return covered


def _lines(
    sheet: Worksheet, merged: dict[tuple[int, int], tuple[int, int]], formulas: set[str]
) -> Iterator[tuple[int, list[str], list[str]]]:
    """Yield each row of the sheet: its number there, its cells as text, how they were read."""
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        texts, mends = [], []
        for cell in cells:
            top = merged.get((cell.row, cell.column))
            value = sheet.cell(*top).value if top else cell.value
            if top and value is not None:
                mends.append(f"cell {cell.coordinate} is merged with others: their value counts here too")
            text, mend = _text(cell, value, is_formula=cell.coordinate in formulas)
            texts.append(text)
            mends += mend
        yield number, texts, mends


def _text(cell: Cell, value: object, *, is_formula: bool) -> tuple[str, list[str]]:
    """Return a value of the sheet as text, and what is to be said about it."""
    if value is None:
        told = f"the formula in {cell.coordinate} has no value: it counts as blank"
        return "", [told] if is_formula else []
    if cell.data_type == "e":
        return "", [f"cell {cell.coordinate} holds the error {value}: it counts as blank"]
    return cell_text(value), []
