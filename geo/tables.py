"""Tables: CSV and Parquet read as they stand, and numbers taken from text with every fault named."""

import csv
import re
from difflib import get_close_matches
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv as arrow_csv
import pyarrow.parquet as arrow_parquet

from geo.codes import capped
from geo.errors import GeoError
from words.faults import Fault

KINDS = (".csv", ".tsv", ".txt", ".parquet")


def read_table(path: Path) -> pd.DataFrame:
    """Read a CSV, tab-separated or Parquet file as it stands: every CSV cell is text, a blank one is "".

    Nothing is guessed: text that is not UTF-8, rows of uneven length and repeated column names are faults
    (GeoError).
    """
    if not path.is_file():
        raise GeoError([Fault("There is no such file.", "Check the path.", str(path))])
    if path.stat().st_size == 0:
        raise GeoError([Fault("The file is empty.", "Download it again.", path.name)])
    kind = path.suffix.lower()
    if kind not in KINDS:
        raise GeoError(
            [Fault(f"Tables of the kind {kind or '(none)'} are not read.", "Save it as CSV.", path.name)]
        )
    table = _read_parquet(path) if kind == ".parquet" else _read_text(path, "," if kind == ".csv" else "\t")
    if table.empty:
        raise GeoError([Fault("The file has a heading but no rows.", "Download it again.", path.name)])
    return table


def _read_parquet(path: Path) -> pd.DataFrame:
    try:
        table = arrow_parquet.read_table(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise GeoError(
            [Fault(f"This is not a Parquet file ({error}).", "Save it again.", path.name)]
        ) from error
    frame = table.select([name for name in table.column_names if name != "geometry"]).to_pandas()
    return frame.reset_index() if frame.index.name else frame


def _read_text(path: Path, delimiter: str) -> pd.DataFrame:
    names = _heading(path, delimiter)
    ragged: list[Fault] = []

    def keep(row: arrow_csv.InvalidRow) -> str:
        what = f"The row has {row.actual_columns} cells, the heading {row.expected_columns}."
        # the heading is line 1 of the file, so the first row of data is line 2
        where = row.number - 1 if row.number is not None else None
        ragged.append(Fault(what, "Quote cells that hold commas.", path.name, where, value=row.text[:60]))
        return "skip"

    try:
        table = arrow_csv.read_csv(
            path,
            # only the single-threaded reader knows the numbers of faulty rows
            read_options=arrow_csv.ReadOptions(column_names=names, skip_rows=1, use_threads=False),
            parse_options=arrow_csv.ParseOptions(
                delimiter=delimiter, newlines_in_values=True, invalid_row_handler=keep
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types={name: pa.string() for name in names}, strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid as error:
        raise GeoError(
            [Fault(f"The table cannot be read: {error}.", "Save it as CSV (UTF-8).", path.name)]
        ) from error
    if ragged:
        raise GeoError(capped(ragged))
    return table.to_pandas()


def _heading(path: Path, delimiter: str) -> list[str]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            names = next(csv.reader(handle, delimiter=delimiter), [])
    except UnicodeDecodeError as error:
        raise GeoError(
            [Fault("The file is not UTF-8 text.", "Save it as CSV (UTF-8).", path.name)]
        ) from error
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise GeoError(
            [Fault("Two columns have this name.", "Rename one.", path.name, column=name) for name in repeated]
        )
    if not any(names):
        raise GeoError(
            [Fault("The first line names no columns.", "The first line must be the heading.", path.name)]
        )
    if len(names) == 1 and delimiter == "," and ";" in names[0]:
        what = "The cells are separated by semicolons."
        raise GeoError([Fault(what, "Save it as CSV with commas.", path.name, value=names[0])])
    return names


def missing_column(wanted: str, columns: list[str], file: str) -> Fault:
    """Return the fault for a column that is not there, naming the ones that come close."""
    folded = {column.lower().strip(): column for column in reversed(columns)}
    close = [
        folded[name] for name in get_close_matches(wanted.lower().strip(), list(folded), n=3, cutoff=0.5)
    ]
    cure = f"Did you mean {' or '.join(map(repr, close))}?" if close else f"It has {', '.join(columns[:30])}."
    return Fault(f"There is no column {wanted!r}.", cure, file, column=wanted)


def is_blank(cells: pd.Series) -> pd.Series:
    """Return which cells hold nothing: empty text, spaces or a missing value."""
    return cells.isna() | (cells.astype("string").str.strip() == "").fillna(value=True)


def numbers(cells: pd.Series, file: str) -> tuple[pd.Series, list[Fault]]:
    """Return a column as floats, blank cells as NaN, with a fault for each text and each infinite value.

    The index of `cells` holds the rows of the file, counted from 1; the column's name is the series' name.
    """
    blank = is_blank(cells)
    parsed = pd.to_numeric(cells.where(~blank), errors="coerce").astype(float)
    faults = []
    for row in parsed.index[parsed.isna() & ~blank]:
        faults.append(_number_fault("This is not a number.", _number_cure(str(cells[row])), file, row, cells))
    for row in parsed.index[np.isinf(parsed)]:
        faults.append(
            _number_fault("The value is infinite.", "Correct it, or leave the cell blank.", file, row, cells)
        )
    return parsed, faults


def _number_fault(what: str, cure: str, file: str, row: int, cells: pd.Series) -> Fault:
    return Fault(what, cure, file, int(row), str(cells.name), str(cells[row]))


def _number_cure(text: str) -> str:
    if re.fullmatch(r"\s*-?\d{1,3}(,\d{3})+(\.\d+)?\s*", text):
        return "Write it without the commas."
    if text.strip().endswith("%"):
        return "Write it without the per cent sign."
    return "Correct it, or leave the cell blank if it is not known."


def is_numeric_column(cells: pd.Series) -> bool:
    """Say whether at least half of the cells that hold something hold a number."""
    if pd.api.types.is_numeric_dtype(cells) and not pd.api.types.is_bool_dtype(cells):
        return True
    filled = cells[~is_blank(cells)]
    if filled.empty or pd.api.types.is_bool_dtype(cells) or pd.api.types.is_datetime64_any_dtype(cells):
        return False
    return bool(pd.to_numeric(filled, errors="coerce").notna().mean() >= 0.5)
