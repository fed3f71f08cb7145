"""Reading a CSV file whatever wrote it: encoding, delimiter, rows too long or too short, stray quotes."""

import csv
import io
import re
from pathlib import Path

from assets.importers.limits import LARGEST_CSV, at_most_rows, checked_file
from assets.importers.table import Table, headings_of, refusal, table_row, tidied
from words.faults import Fault

DELIMITERS = (",", ";", "\t", "|")
_SPOKEN = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_STRAY = Fault('A quote (") in this row is stray or never closed.', "Double it, or close it.")


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
        raise refusal(path.name, "The file is empty.", "Give a CSV file with headings in its first row.")
    at_most_rows(path.name, len(lines) - 1)
    headings = headings_of(path.name, lines[0][1])
    rows = tuple(
        table_row(number, headings, cells, faults=(_STRAY,) if number in broken else ())
        for number, cells in lines[1:]
    )
    notes = [f"Read as {encoding}, with {_SPOKEN[delimiter]} between cells."]
    return Table(headings, rows, (*notes, *tidied(rows)))


def _decoded(path: Path) -> tuple[str, str]:
    """Return the file as text and the name of its encoding."""
    data = checked_file(path, LARGEST_CSV).read_bytes()
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        cure = "Import it as excel, or save it as CSV (UTF-8) and import that."
        raise refusal(path.name, "This is a workbook, not a CSV file.", cure)
    encodings = ("utf-16",) if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            break
        return text, {"utf-8-sig": "UTF-8", "cp1252": "Windows-1252", "utf-16": "UTF-16"}[encoding]
    cure = "Save it as CSV (UTF-8) and import that."
    raise refusal(path.name, "This is not a file of text that can be read.", cure)


def _delimiter(text: str) -> str:
    heading = next((line for line in text.splitlines() if line.strip()), "")
    return max(DELIMITERS, key=heading.count)


def _records(text: str, delimiter: str) -> tuple[list[tuple[int, list[str]]], set[int]]:
    """Return the records that are not blank, each with its row in a spreadsheet, and the rows that a stray quote broke.

    A quote that is opened and never closed would swallow the rest of the file: then each line is read alone.
    """
    try:
        whole = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        numbered = enumerate(whole, start=1)
        return [(row, cells) for row, cells in numbered if any(cell.strip() for cell in cells)], set()
    except csv.Error:
        pass
    records: list[tuple[int, list[str]]] = []
    broken = set()
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), start=1):
        if not line.strip(f"{delimiter} \t"):
            continue
        try:
            cells = next(csv.reader([line], delimiter=delimiter, strict=True))
        except csv.Error:
            cells = line.split(delimiter)
            broken.add(number)
        records.append((number, cells))
    return records, broken
