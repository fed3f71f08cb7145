"""Lookups: which column of a file holds the areas' codes, how well it matches, and who belongs to whom."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import pandas as pd

from geo.codes import LEVELS, capped, common_level, some
from geo.errors import GeoError
from geo.place import Join
from geo.tables import is_blank
from geo.vintage import check_column, named_vintage, unmatched_fault
from words.faults import Fault

PARENTS = ("lsoa", "msoa", "ward", "district", "county", "region")
_CENTRES = (
    ("pwc_lon", "pwc_lat"),
    ("pwc_x", "pwc_y"),
    ("longitude", "latitude"),
    ("long", "lat"),
    ("lon", "lat"),
    ("easting", "northing"),
    ("x", "y"),
)


@dataclass(frozen=True)
class Matched:
    """One file's rows brought to the areas: `rows` is indexed by area code, and `row` is the row in the file.

    `rows` holds only areas that matched; `column` is the column of codes that matched best.
    """

    rows: pd.DataFrame
    column: str
    join: Join
    faults: tuple[Fault, ...] = ()
    notes: tuple[str, ...] = ()
    file_rows: pd.Series = field(default_factory=lambda: pd.Series(dtype=int))


def code_column(table: pd.DataFrame, codes: Sequence[str], vintage: str, file: str) -> str:
    """Return the column that holds most of the areas' codes; among equals, the one named for the vintage.

    GeoError where no column holds any.
    """
    wanted = pd.Index(codes)
    best, best_key = "", (0, False)
    for column in table.columns:
        values = table[column]
        if pd.api.types.is_float_dtype(values) or pd.api.types.is_bool_dtype(values):
            continue
        matched = int(wanted.isin(values.astype("string").str.strip().str.upper()).sum()) or int(
            wanted.isin(values.astype("string")).sum()
        )
        key = (matched, named_vintage(str(column)) == vintage)
        if matched and key > best_key:
            best, best_key = str(column), key
    if not best:
        raise GeoError(
            [
                Fault(
                    f"No column holds any of the areas' codes (such as {some(list(codes), 3)}).",
                    f"Its columns are {some([str(column) for column in table.columns], 20)}. "
                    "Is it of another place or another kind of area?",
                    file,
                )
            ]
        )
    return best


def match(
    table: pd.DataFrame,
    codes: Sequence[str],
    *,
    file: str,
    role: str,
    level: str,
    vintage: str,
    need_all: bool,
    cure: str = "",
    may_repeat: bool = False,
    column: str | None = None,
) -> Matched:
    """Bring a file's rows to the areas by the column of codes that matches best, or by the one named.

    With `need_all`, areas without a row are a fault (which says so where it looks like a mix-up of
    vintages). Rows of other places are counted and left. `may_repeat` leaves several rows an area to the
    caller. Faults found are in the result; GeoError where no column matches and none is named.
    """
    column = code_column(table, codes, vintage, file) if column is None else column
    table = table.set_axis(pd.RangeIndex(1, len(table) + 1))
    keys = table[column].astype("string")
    faults = check_column(column, vintage, file, role) + _padded(keys, codes, file, column)
    found = table[keys.isin(codes)]
    found_keys = keys[found.index]
    if not may_repeat:
        faults += _repeated(found_keys, file, column)
    first = found[~found_keys.duplicated()] if not may_repeat else found
    known = set(found_keys)
    unmatched = [code for code in codes if code not in known]
    if unmatched and need_all:
        faults.append(
            unmatched_fault(
                unmatched,
                len(codes),
                file=file,
                role=role,
                column=column,
                vintage=vintage,
                level=level,
                cure=cure,
            )
        )
    matched = len(codes) - len(unmatched)
    join = Join(
        file=file,
        role=role,
        areas=len(codes),
        matched=matched,
        share=matched / len(codes),
        column=column,
        unmatched=tuple(unmatched),
        extra=int(keys[~keys.isin(codes)].nunique()),
    )
    rows = first.set_axis(pd.Index(keys[first.index].astype(object), name="code"))
    return Matched(rows, column, join, tuple(faults), (), pd.Series(first.index, index=rows.index))


def _padded(keys: pd.Series, codes: Sequence[str], file: str, column: str) -> list[Fault]:
    """Return a fault for each code that would match an area were it not for spaces or lower case."""
    plain = keys.str.strip().str.upper()
    spoilt = keys[(keys != plain) & plain.isin(codes) & ~keys.isin(codes)].dropna()
    what, cure = "The code has spaces around it or lower-case letters.", "Write it as the areas do:"
    return capped(
        [
            Fault(what, f"{cure} {plain[row]}.", file, int(row), column, str(code))
            for row, code in spoilt.items()
        ]
    )


def _repeated(keys: pd.Series, file: str, column: str) -> list[Fault]:
    rows = keys[keys.duplicated(keep=False)]
    faults = []
    for code in rows.unique():
        where = [str(row) for row in rows.index[rows == code]]
        what = (
            f"The code stands in {len(where)} rows ({', '.join(where[:5])}): which is right cannot be said."
        )
        faults.append(Fault(what, "Keep one row an area.", file, int(where[1]), column, str(code)))
    return capped(faults)


def parents(matched: Matched, level: str, vintage: str) -> tuple[pd.DataFrame, list[Fault], list[str]]:
    """Return the larger areas each area belongs to: columns lsoa, lsoa_name, msoa, … as the file has them.

    A column is recognised by the level of its codes, its name by the same stem ending in nm; a House of
    Commons Library name (…hclnm) is preferred for an MSOA. Also returns faults (an area in two parents) and
    notes.
    """
    rows = matched.rows
    faults: list[Fault] = []
    notes: list[str] = []
    result = pd.DataFrame(index=rows.index[~rows.index.duplicated()])
    for column, parent in _parent_columns(rows, matched.column, level, vintage, notes).items():
        one = rows.groupby(level=0)[column].nunique()
        for code in one.index[one > 1][:20]:
            values = ", ".join(sorted(set(rows.loc[[code], column].astype(str))))
            what = f"{code} belongs to more than one {parent}: {values}."
            faults.append(Fault(what, "Give a lookup with one row an area.", matched.join.file, None, column))
        result[parent] = _first(rows[column])
        name = name_column(list(rows.columns), column)
        if name is not None:
            result[f"{parent}_name"] = _first(rows[name])
    own = name_column(list(rows.columns), matched.column)
    if own is not None:
        result["name"] = _first(rows[own])
    return result, faults, notes


def _parent_columns(
    rows: pd.DataFrame, own: str, level: str, vintage: str, notes: list[str]
) -> dict[str, str]:
    """Return the columns that hold parents' codes, one a level, the one of the vintage first."""
    above = [
        parent for parent in PARENTS if level not in LEVELS or LEVELS.index(parent) > LEVELS.index(level)
    ]
    found: dict[str, list[str]] = {}
    for column in rows.columns:
        if column == own or not (rows[column].dtype == object or pd.api.types.is_string_dtype(rows[column])):
            continue
        parent = common_level(rows[column])
        if parent in above:
            found.setdefault(parent, []).append(str(column))
    chosen = {}
    for parent in sorted(found, key=above.index):
        columns = [c for c in found[parent] if named_vintage(c) in (None, vintage)]
        if columns:
            chosen[columns[0]] = parent
        if len(found[parent]) > 1 and columns:
            notes.append(
                f"Of the columns {', '.join(found[parent])}, {columns[0]} gives each area's {parent}."
            )
    return chosen


def name_column(columns: list[str], code: str) -> str | None:
    """Return the column of names that goes with a column of codes ("lsoa21cd" has "lsoa21nm"), or None."""
    stem = re.sub(r"_?(cd|code)$", "", code, flags=re.IGNORECASE).lower()
    if stem == code.lower():
        return None
    by_folded = {column.lower().replace("_", ""): column for column in columns}
    for ending in ("hclnm", "nm", "name"):
        found = by_folded.get(stem.replace("_", "") + ending)
        if found is not None:
            return found
    return None


def _first(cells: pd.Series) -> pd.Series:
    texts = cells[~cells.index.duplicated()].astype(object)
    return texts.where(~is_blank(texts), None)


def centre_columns(columns: Sequence[str]) -> tuple[str, str] | None:
    """Return the pair of columns that holds each area's population-weighted centroid, or None."""
    folded = {column.lower(): column for column in columns}
    for x, y in _CENTRES:
        if x in folded and y in folded:
            return folded[x], folded[y]
    return None


def repeats_naturally(table: pd.DataFrame, codes: Sequence[str], level: str, vintage: str, file: str) -> bool:
    """Say whether a lookup repeats areas because its rows are smaller areas or pairs of two vintages."""
    own = code_column(table, codes, vintage, file)
    if level not in LEVELS:
        return False
    for column in table.columns:
        if column != own and pd.api.types.is_string_dtype(table[column]):
            other = common_level(table[column].head(1000))
            if other is not None and LEVELS.index(other) <= LEVELS.index(level):
                return True
    return False
