"""Reading a CSV file whatever wrote it: encoding, delimiter, rows too long or too short, stray quotes."""

import csv
import io
import re
from dataclasses import dataclass
from pathlib import Path

from assets.errors import AssetError
from words.cells import plain_cell

LARGEST_BYTES = 50_000_000
DELIMITERS = (",", ";", "\t", "|")
# A spreadsheet marks a number kept as text with an apostrophe, and exports the mark: '1138529
_TEXT_MARK = re.compile(r"'(?=\d)")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


@dataclass(frozen=True)
class TableRow:
    """One row as it was read.

    `number` counts rows of data from 1; `cells` has one cell a heading, `raw` what the file held; `mends`
    says what was done to read it; a `fault` says why the row cannot be read.
    """

    number: int
    cells: dict[str, str]
    raw: tuple[str, ...]
    mends: tuple[str, ...] = ()
    fault: str = ""


@dataclass(frozen=True)
class Table:
    """A file of rows: its headings, its rows, and what was found out on the way, as sentences."""

    headings: tuple[str, ...]
    rows: tuple[TableRow, ...]
    notes: tuple[str, ...]


def read_table(path: Path) -> Table:
    """Read a CSV file of text.

    UTF-8 (with or without its mark), UTF-16 with its mark and Windows-1252 are understood; comma, semicolon,
    tab and bar are told apart by the heading. Spaces round a cell and the apostrophe that a spreadsheet puts
    before a number or a formula are dropped, and the notes say so.

    Raises AssetError where there is no such file, or it is empty, too large, or no table of text.
    """
    text, encoding = _decoded(path)
    delimiter = _delimiter(text)
    lines, broken = _records(text, delimiter)
    if not lines:
        raise _refusal(path, "The file is empty.", "Give a CSV file with headings in its first row.")
    headings = _headings(path, lines[0][0])
    rows = tuple(
        _row(number, headings, cells, number in broken)
        for number, (cells, _) in enumerate(lines[1:], start=1)
    )
    notes = [f"Read as {encoding}, with {_SPOKEN[delimiter]} between cells."]
    return Table(headings, rows, (*notes, *_tidied(rows)))


_SPOKEN = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}


def _decoded(path: Path) -> tuple[str, str]:
    """Return the file as text and the name of its encoding."""
    try:
        if path.stat().st_size > LARGEST_BYTES:
            cure = f"Split it into files of less than {LARGEST_BYTES // 1_000_000} MB."
            raise _refusal(path, "The file is too large.", cure)
        data = path.read_bytes()
    except OSError as error:
        raise _refusal(path, f"The file cannot be read: {error.strerror}.", "Check its path.") from error
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise _refusal(path, "This is a workbook, not a CSV file.", "Save it as CSV (UTF-8) and import that.")
    encodings = ("utf-16",) if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            break
        return text, {"utf-8-sig": "UTF-8", "cp1252": "Windows-1252", "utf-16": "UTF-16"}[encoding]
    raise _refusal(
        path, "This is not a file of text that can be read.", "Save it as CSV (UTF-8) and import that."
    )


def _refusal(path: Path, what: str, cure: str) -> AssetError:
    return AssetError(f"{path.name}: {what}", cure)


def _delimiter(text: str) -> str:
    heading = next((line for line in text.splitlines() if line.strip()), "")
    return max(DELIMITERS, key=heading.count)


def _records(text: str, delimiter: str) -> tuple[list[tuple[list[str], str]], set[int]]:
    """Return the records that are not blank, and the numbers of those that a stray quote broke.

    A quote that is opened and never closed would swallow the rest of the file: then each line is read alone.
    """
    try:
        whole = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
        records = [(cells, "") for cells in whole if any(cell.strip() for cell in cells)]
        return records, set()
    except csv.Error:
        pass
    records = []
    broken = set()
    for line in re.split(r"\r\n|\r|\n", text):
        if not line.strip(f"{delimiter} \t"):
            continue
        try:
            cells = next(csv.reader([line], delimiter=delimiter, strict=True))
        except csv.Error:
            cells = line.split(delimiter)
            broken.add(len(records))
        records.append((cells, line))
    return records, broken


def _headings(path: Path, cells: list[str]) -> tuple[str, ...]:
    names = [plain_cell(" ".join(cell.split())) or f"column {at}" for at, cell in enumerate(cells, start=1)]
    while len(names) > 1 and not cells[len(names) - 1].strip():
        names.pop()
    folded = [name.casefold() for name in names]
    twice = sorted({name for name in names if folded.count(name.casefold()) > 1})
    if twice:
        what = f"Two columns have the same heading: {', '.join(twice)}."
        raise _refusal(path, what, "Give each column a heading of its own.")
    return tuple(names)


def _row(number: int, headings: tuple[str, ...], cells: list[str], is_broken: bool) -> TableRow:
    raw = tuple(cells)
    while len(cells) > len(headings) and not cells[-1].strip():
        cells = cells[:-1]
    mends = []
    if len(cells) < len(headings):
        mends.append(f"the row ends after {len(cells)} of {len(headings)} cells: the others count as blank")
    tidy, controls = zip(*(_tidy(cell) for cell in cells), strict=True) if cells else ((), ())
    if any(controls):
        mends.append("characters that cannot be shown were taken out")
    padded = (*tidy, *("" for _ in range(len(headings) - len(tidy))))
    values = dict(zip(headings, padded, strict=False))
    return TableRow(number, values, raw, tuple(mends), _shape_fault(len(cells), len(headings), is_broken))


def _shape_fault(cells: int, headings: int, is_broken: bool) -> str:
    if is_broken:
        return 'A quote (") in this row is stray or never closed. Double it, or close it.'
    if cells > headings:
        return (
            f"The row has {cells} cells and the heading {headings}. Put quotes round a cell that holds the "
            "delimiter."
        )
    return ""


def _tidy(cell: str) -> tuple[str, bool]:
    """Return the cell without spaces, spreadsheet marks, control characters, and whether it had the last."""
    text = _CONTROL.sub("", cell)
    return _TEXT_MARK.sub("", plain_cell(text.strip(" \u00a0\r\n")), count=1), text != cell


def _tidied(rows: tuple[TableRow, ...]) -> list[str]:
    cells = [cell for row in rows for cell in row.raw]
    padded = sum(any(cell != cell.strip(" \u00a0") for cell in row.raw) for row in rows)
    marked = sum(any(_TEXT_MARK.match(cell) for cell in row.raw) for row in rows)
    notes = []
    if padded:
        notes.append(f"Spaces round cells were dropped in {padded} rows.")
    if marked:
        notes.append(f"The apostrophe that a spreadsheet puts before a number was dropped in {marked} rows.")
    if not cells:
        notes.append("The file has headings and no rows.")
    return notes
