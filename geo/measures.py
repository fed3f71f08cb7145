"""Measures: population and open indicators taken from tables, each cell a number or known to be missing."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import pandas as pd

from geo.codes import capped, count, some
from geo.lookups import Matched
from geo.tables import is_blank, is_numeric_column, missing_column, numbers
from words.faults import Fault

_TOTAL = re.compile(
    r"(pop|population|pop_?total|total_?pop|total_population|all[ _]ages|all[ _]persons|persons|"
    r"usual[ _]residents|total|obs_value|observation)[ _]?((19|20)?\d\d)?"
    r"|population[ _].*|total[ :_].*(persons|residents)",
    re.IGNORECASE,
)
_AGE = re.compile(r"ages?[d_ ].*|\d{1,3}(\+|-\d{1,3})?", re.IGNORECASE)


@dataclass(frozen=True)
class Measures:
    """Columns of numbers, indexed by area code, with the faults and notes that came of reading them."""

    values: pd.DataFrame
    faults: tuple[Fault, ...] = ()
    notes: tuple[str, ...] = ()
    columns: tuple[str, ...] = field(default=())


def population(
    matched: Matched, codes: Sequence[str], wanted: str | None, *, allow_missing: bool
) -> Measures:
    """Return people by area: `total`, and the age bands that the file has, under their own names.

    `wanted` names the column of totals; without it the file must have exactly one that is named like a total.
    """
    rows, file = matched.rows, matched.join.file
    column, fault = _total_column(
        [str(name) for name in rows.columns if name != matched.column], wanted, file
    )
    if fault or column is None:
        return Measures(pd.DataFrame(index=pd.Index(codes, name="code")), (fault,) if fault else ())
    ages = [str(name) for name in rows.columns if _AGE.fullmatch(str(name)) and str(name) != column]
    values, faults = _numbers(matched, [column, *ages], allow_missing=allow_missing, codes=codes)
    for name in (column, *ages):
        faults += _negative(values[name], matched, name)
    values = values.rename(columns={column: "total"})
    notes = [f"Population is the column {column!r} of {file}."]
    empty = int((values["total"] == 0).sum())
    if empty:
        codes_of_empty = list(values.index[values["total"] == 0])
        notes.append(f"{count(empty, 'area has', 'areas have')} a population of 0: {some(codes_of_empty)}.")
    return Measures(values, tuple(faults), tuple(notes), (column, *ages))


def _total_column(columns: list[str], wanted: str | None, file: str) -> tuple[str | None, Fault | None]:
    if wanted is not None:
        return (wanted, None) if wanted in columns else (None, missing_column(wanted, columns, file))
    candidates = [column for column in columns if _TOTAL.fullmatch(column.strip())]
    if len(candidates) == 1:
        return candidates[0], None
    what = (
        f"Several columns could be the population: {', '.join(candidates)}."
        if candidates
        else f"No column is named like a population; there are {some(columns, 20)}."
    )
    return None, Fault(what, "Say which with --population-column.", file)


def _negative(values: pd.Series, matched: Matched, column: str) -> list[Fault]:
    found = values.index[values < 0]
    return capped(
        [
            Fault(
                f"{code} has a population below zero.",
                "Correct it, or leave the cell blank if it is not known.",
                matched.join.file,
                int(matched.file_rows[code]),
                column,
                str(matched.rows.at[code, column]),
            )
            for code in found
        ]
    )


def indicators(matched: Matched, codes: Sequence[str], *, allow_missing: bool) -> Measures:
    """Return the numeric columns of a file of indicators under their own names; text columns are left out.

    A column that is mostly numbers is one of numbers: text in it is a fault.
    """
    rows, file = matched.rows, matched.join.file
    others = [str(name) for name in rows.columns if name != matched.column]
    numeric = [name for name in others if is_numeric_column(rows[name])]
    values, faults = _numbers(matched, numeric, allow_missing=allow_missing, codes=codes)
    notes = []
    left_out = [name for name in others if name not in numeric]
    if left_out:
        notes.append(f"{file}: columns that hold no numbers were left out: {some(left_out)}.")
    if not numeric:
        faults.append(Fault("No column holds numbers.", "Give a table of one row an area.", file))
    return Measures(values, tuple(faults), tuple(notes), tuple(numeric))


def of_columns(matched: Matched, columns: Sequence[str], codes: Sequence[str]) -> Measures:
    """Return the named columns as numbers, blank cells and codes without a row as missing."""
    values, faults = _numbers(matched, columns, allow_missing=True, codes=codes)
    return Measures(values, tuple(faults), (), tuple(columns))


def _numbers(
    matched: Matched, columns: Sequence[str], *, allow_missing: bool, codes: Sequence[str]
) -> tuple[pd.DataFrame, list[Fault]]:
    """Return the columns as floats for every area; blank cells are faults unless they are allowed."""
    faults: list[Fault] = []
    values = {}
    for column in columns:
        cells = matched.rows[column].set_axis(pd.Index(matched.file_rows.to_numpy()))
        parsed, wrong = numbers(cells, matched.join.file)
        faults += capped(wrong)
        blank = is_blank(cells)
        if blank.any() and not allow_missing:
            faults.append(_blank_fault(matched, column, list(matched.rows.index[blank.to_numpy()])))
        values[column] = parsed.set_axis(matched.rows.index)
    frame = pd.DataFrame(values, index=matched.rows.index, dtype=float)
    return frame.reindex(pd.Index(codes, name="code")), capped(faults, 60)


def _blank_fault(matched: Matched, column: str, codes: list[str]) -> Fault:
    return Fault(
        f"{count(len(codes), 'area has', 'areas have')} no value: {some(codes)}.",
        "Fill them in, or say --allow-missing to keep them as missing (never as 0).",
        matched.join.file,
        int(matched.file_rows[codes[0]]),
        column,
    )


def missing_notes(values: pd.DataFrame, file: str) -> list[str]:
    """Return a sentence for the cells that stay missing, or none."""
    blank = values.isna().sum()
    blank = blank[blank > 0]
    if blank.empty:
        return []
    columns = some([f"{column} ({count})" for column, count in blank.items()])
    return [f"{file}: {count(int(blank.sum()), 'value stays', 'values stay')} missing, never 0: {columns}."]
