"""Tables: what every reader makes of its file - headings, rows of text, what was done to read each row."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from assets.errors import AssetError
from words.cells import plain_cell
from words.faults import Fault

# A spreadsheet marks a number kept as text with an apostrophe, and exports the mark: '1138529
TEXT_MARK = re.compile(r"'(?=\d)")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_HALF_CHARACTER = re.compile(r"[\ud800-\udfff]")
LONGEST_CELL = 32_767
"""How many characters one cell may hold: as many as a cell of a workbook."""


@dataclass(frozen=True)
class TableRow:
    """One row as it was read.

    `number` is the row as the file's own program shows it: in a sheet the headings have a row too, and so have blank
    lines; in a file of features or services the first is 1. `cells` has one cell a heading, `raw` what the file held;
    `mends` says what was done to read it, `doubts` why a steward should look, `notes` what else is worth knowing;
    `faults` say why the row cannot be read. `record` is the whole record of a source that has more than cells.
    """

    number: int
    cells: dict[str, str]
    raw: tuple[str, ...]
    mends: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    record: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Table:
    """A file of rows: its headings, its rows, and what was found out on the way, as sentences.

    `is_whole` is False where the source says that there is more of it than was read.
    """

    headings: tuple[str, ...]
    rows: tuple[TableRow, ...]
    notes: tuple[str, ...] = ()
    is_whole: bool = True


def refusal(file: str, what: str, cure: str) -> AssetError:
    """Return the error that refuses a whole file."""
    return AssetError(f"{file}: {what}", cure)


def headings_of(file: str, cells: Sequence[str]) -> tuple[str, ...]:
    """Return the headings, a name for each that is blank; blank ones at the end do not count.

    Raises AssetError where two are the same.
    """
    names = [plain_cell(" ".join(cell.split())) or f"column {at}" for at, cell in enumerate(cells, start=1)]
    while len(names) > 1 and not cells[len(names) - 1].strip():
        names.pop()
    folded = [name.casefold() for name in names]
    twice = sorted({name for name in names if folded.count(name.casefold()) > 1})
    if twice:
        what = f"Two columns have the same heading: {', '.join(twice)}."
        raise refusal(file, what, "Give each column a heading of its own.")
    return tuple(names)


def table_row(
    number: int,
    headings: Sequence[str],
    cells: Sequence[str],
    *,
    mends: Sequence[str] = (),
    doubts: Sequence[str] = (),
    notes: Sequence[str] = (),
    faults: Sequence[Fault] = (),
    record: Mapping[str, Any] | None = None,
) -> TableRow:
    """Return the row of some cells, tidied: short rows filled up, too long ones with a fault."""
    raw = tuple(cells)
    cells = list(cells)
    while len(cells) > len(headings) and not cells[-1].strip():
        cells.pop()
    told = list(mends)
    if len(cells) < len(headings):
        told.append(f"the row ends after {len(cells)} of {len(headings)} cells: the others count as blank")
    tidied = [tidy(cell) for cell in cells]
    if any(controls for _, controls in tidied):
        told.append("characters that cannot be shown were taken out")
    values = dict.fromkeys(headings, "")
    values.update(zip(headings, (cell for cell, _ in tidied), strict=False))
    found = list(faults)
    if not found and len(cells) > len(headings):
        what = f"The row has {len(cells)} cells and the heading {len(headings)}."
        found.append(Fault(what, "Put quotes round a cell that holds the delimiter."))
    found += [
        Fault(f"The cell has {len(cell)} characters.", f"Keep it under {LONGEST_CELL}.", column=name)
        for name, cell in values.items()
        if len(cell) > LONGEST_CELL
    ]
    return TableRow(number, values, raw, tuple(told), tuple(doubts), tuple(notes), tuple(found), record)


def tidy(cell: str) -> tuple[str, bool]:
    """Return the cell without spaces, spreadsheet marks, control characters, and whether it had the last.

    Half a character (a lone surrogate, which no database keeps) goes the way of control characters.
    """
    text = _HALF_CHARACTER.sub("", _CONTROL.sub("", cell))
    return TEXT_MARK.sub("", plain_cell(text.strip(" \u00a0\r\n")), count=1), text != cell


def cell_text(value: object) -> str:
    """Return a value as the text of a cell: yes and no, whole numbers without ".0", days as 2026-05-31."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds").removesuffix(" 00:00:00")
    return value.isoformat() if isinstance(value, date | time) else str(value)


def tidied(rows: Sequence[TableRow]) -> list[str]:
    """Return, as sentences, what was dropped from the cells of all rows."""
    padded = sum(any(cell != cell.strip(" \u00a0") for cell in row.raw) for row in rows)
    marked = sum(any(TEXT_MARK.match(cell) for cell in row.raw) for row in rows)
    notes = []
    if padded:
        notes.append(f"Spaces round cells were dropped in {padded} rows.")
    if marked:
        notes.append(f"The apostrophe that a spreadsheet puts before a number was dropped in {marked} rows.")
    if not rows:
        notes.append("The file has headings and no rows.")
    return notes
