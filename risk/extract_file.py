"""Extract files: one agency's CSV, Excel or Parquet file, read as text exactly as it was handed over."""

import csv
import datetime
import io
import math
import zlib
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from risk.contract import Contract
from risk.errors import RiskError
from risk.extract_schema import shown_name
from words.faults import Fault

ENDINGS = (".csv", ".xlsx", ".parquet")
MOST_TOLD = 20
"""Rows of the wrong length told of, at most."""

_ONE = "Keep one and move the other away."
_MARKS = {";": "semicolons", "\t": "tabs", "|": "upright strokes"}
_NOT_EXCEL = (BadZipFile, KeyError, ValueError, IndexError, ParseError, EOFError, zlib.error)
"""What openpyxl raises where a file is no workbook, or half of one."""


def files_of(contract: Contract, folder: Path) -> list[Path]:
    """Return the files in the folder that are called as the agency's extract is."""
    stem = contract.file.removesuffix(".csv")
    return [folder / f"{stem}{ending}" for ending in ENDINGS if (folder / f"{stem}{ending}").is_file()]


def find_file(contract: Contract, folder: Path) -> Path:
    """Return the one file of the agency in the folder; RiskError where there is none, or more than one."""
    stem = contract.file.removesuffix(".csv")
    found = files_of(contract, folder)
    if not found:
        names = " or ".join(f"{stem}{ending}" for ending in ENDINGS)
        cure = f"Put {names} into the folder, or leave the agency out."
        raise RiskError([Fault(f"There is no extract of {contract.title}.", cure, file=stem)])
    if len(found) > 1:
        names = " and ".join(path.name for path in found)
        raise RiskError([Fault(f"There are two extracts of {contract.title}: {names}.", _ONE, file=stem)])
    return found[0]


def read_text(path: Path, contract: Contract) -> pd.DataFrame:
    """Return the file's rows with every value as text, blank as None, values stripped; RiskError where unreadable.

    A cell of Excel or Parquet that is a date is written out in the contract's format, a whole number without a point,
    so that one contract serves all three kinds of file.
    """
    try:
        table = _read_parquet(path, contract) if path.suffix == ".parquet" else _READERS[path.suffix](path)
    except OSError as wrong:
        what = f"The file cannot be read: {wrong.strerror or 'it is damaged'}."
        raise RiskError([Fault(what, "Look at its permissions, or copy it anew.", file=path.name)]) from wrong
    _check_head([str(name) for name in table.columns], contract, path.name)
    formats = {name: column.format or "%Y-%m-%d" for name, column in contract.columns.items()}
    texts = {str(name): _as_texts(table[name], formats.get(str(name), "%Y-%m-%d")) for name in table.columns}
    return pd.DataFrame(texts, index=table.index, columns=list(texts), dtype=object)


def _check_head(head: list[str], contract: Contract, file: str) -> None:
    """Raise RiskError where the first row is no header, or names a column twice."""
    if not set(head) & set(contract.columns):
        # its cells are then values of a person, and must not be told
        cure = f"Export it with its header: {', '.join(list(contract.columns)[:3])}, …"
        raise RiskError([Fault("No column is named as agreed: is the header missing?", cure, file=file)])
    twice = sorted({name for name in head if head.count(name) > 1})
    if twice:
        shown = [shown_name(name, contract) for name in twice]
        raise RiskError(
            [Fault("Two columns have this name.", _ONE, file=file, column=name) for name in shown]
        )


def _as_texts(values: pd.Series, form: str) -> list[str | None]:
    """Return cells as the contract would have them written, None where blank."""
    cells = values.tolist()
    # an extract says the same few things again and again: each text is stripped once
    texts = {text: text.strip() or None for text in {cell for cell in cells if isinstance(cell, str)}}
    return [texts[cell] if isinstance(cell, str) else _as_text(cell, form) for cell in cells]


def _as_text(value: object, form: str) -> str | None:
    """Return one cell that is no text as the contract would have it written, or None where it is blank."""
    if value is None or value is pd.NaT or (isinstance(value, float | Decimal) and math.isnan(value)):
        return None
    if isinstance(value, datetime.datetime | datetime.date):
        return value.strftime(form)
    if isinstance(value, float | Decimal) and math.isfinite(value) and value == int(value):
        return str(int(value))
    return str(value)


def _read_csv(path: Path) -> pd.DataFrame:
    try:
        # as a whole, so that the row is known where it stops being text
        text = path.read_bytes().decode("utf-8-sig")
        return _as_table(csv.reader(io.StringIO(text, newline=""), strict=True), path)
    except UnicodeDecodeError as wrong:
        what = "This is not UTF-8 text."
        row = wrong.object[: wrong.start].count(b"\n") or None
        raise RiskError([Fault(what, "Save it as CSV UTF-8.", file=path.name, row=row)]) from wrong
    except csv.Error as wrong:
        # what the csv module says holds no value of the file
        raise RiskError([Fault(f"This is not CSV: {wrong}.", "Export it again.", file=path.name)]) from wrong


def _read_excel(path: Path) -> pd.DataFrame:
    try:
        with pd.ExcelFile(path, engine="openpyxl") as book:
            sheets = [str(name) for name in book.sheet_names]
            cells = pd.read_excel(book, header=None, dtype=object, na_filter=False)
    except _NOT_EXCEL as wrong:
        cure = "Save it again as .xlsx, without a password."
        raise RiskError([Fault("Excel cannot have written this.", cure, file=path.name)]) from wrong
    if len(sheets) > 1:
        what = f"The workbook has {len(sheets)} sheets."
        raise RiskError([Fault(what, "Leave the one sheet that holds the extract.", file=path.name)])
    return _as_table(cells.values.tolist(), path)


_READERS = {".csv": _read_csv, ".xlsx": _read_excel}


def _read_parquet(path: Path, contract: Contract) -> pd.DataFrame:
    try:
        table = pq.read_table(path)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as wrong:
        raise RiskError([Fault("This is not Parquet.", "Export it again.", file=path.name)]) from wrong
    nested = [
        Fault(
            "The column holds lists, structures or bytes where one text, number or date is meant.",
            "Write one plain value a row, and export it again.",
            file=path.name,
            column=shown_name(one.name, contract),
        )
        for one in table.schema
        if not _is_plain(one.type)
    ]
    if nested:
        raise RiskError(nested)
    return pd.DataFrame(
        {
            name: pd.Series(column.to_pylist(), dtype=object)
            for name, column in zip(table.column_names, table.columns, strict=True)
        }
    )


def _is_plain(kind: pa.DataType) -> bool:
    """Say whether each cell of an Arrow type is one value that can be written as text."""
    if pa.types.is_dictionary(kind):
        return _is_plain(kind.value_type)
    bytes_ = pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind)
    return not (pa.types.is_nested(kind) or bytes_)


def _as_table(lines: Iterable[list[Any]], path: Path) -> pd.DataFrame:
    """Return rows under their header, indexed from 0 as the file counts them; blank rows are left out.

    RiskError with each row whose length differs from the header's.
    """
    rest = iter(lines)
    head = next(rest, [])
    if all(name in (None, "") for name in head):
        raise RiskError([Fault("The file has no header.", "Export it with column names.", file=path.name)])
    if len(head) == 1 and (mark := next((mark for mark in _MARKS if mark in str(head[0])), "")):
        what = f"The columns are kept apart by {_MARKS[mark]}, not by commas."
        raise RiskError([Fault(what, "Export it as CSV with commas.", file=path.name)])
    rows, faults = {}, []
    for number, line in enumerate(rest):
        if not any(line) and all(value in (None, "") for value in line):
            continue
        if len(line) != len(head):
            what = f"The row has {len(line)} values under {len(head)} columns."
            faults.append(Fault(what, "Look for a comma outside quotes.", file=path.name, row=number + 1))
        rows[number] = line
    if faults:
        raise RiskError(faults[:MOST_TOLD])
    names = [str(name).strip() for name in head]
    return pd.DataFrame(list(rows.values()), index=list(rows), columns=names, dtype=object)
