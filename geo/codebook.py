"""The codebook: which fields an export holds, what each is called in a shapefile, and what each means."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace

import pandas as pd
from pandas.api import types

from words.fields import Field, Kind

WIDTH = 10
"""How many characters a shapefile keeps of a column's name."""

UNKNOWN = "Kept as it was in the file that was given; Larder does not know what it means."


def describe(table: pd.DataFrame, known: Sequence[Field]) -> tuple[Field, ...]:
    """Return one field for each column, in the table's order, with short names that are unique.

    A column that `known` describes keeps its description and its short name. Any other is said to be unknown
    and gets a short name of its own, made from its letters and, where that is taken, a number.

    :param table: the columns to publish, without the geometry.
    :param known: fields by the names of the columns.
    :returns: as many fields as columns; `short` unique whatever the case.
    """
    by_name = {field.name: field for field in known}
    fields = [by_name.get(str(name)) or _unknown(table[name]) for name in table.columns]
    taken = {field.short.lower() for field in fields if field.name in by_name}
    named = []
    for field in fields:
        short = field.short if field.name in by_name else short_name(field.name, taken)
        taken.add(short.lower())
        named.append(replace(field, short=short))
    return tuple(named)


def short_name(name: str, taken: Iterable[str] = ()) -> str:
    """Return a name of at most 10 plain characters that is not among those taken, whatever the case.

    Example: `short_name("unemployment_rate")` is `"unemployme"`, and with that taken `"unemploy_2"`.
    """
    used = {other.lower() for other in taken}
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = re.sub(r"\W+", "_", plain).strip("_") or "column"
    plain = plain if plain[0].isalpha() else f"f{plain}"
    short, number = plain[:WIDTH], 1
    while short.lower() in used:
        number += 1
        ending = f"_{number}"
        short = plain[: WIDTH - len(ending)] + ending
    return short


def codebook(fields: Sequence[Field], *, short: bool = False) -> pd.DataFrame:
    """Return the codebook as a table of text, one row a field.

    :param fields: the fields of the export, in the order of its columns.
    :param short: whether the file calls its columns by their short names.
    """
    rows = [
        {
            "column": field.short if short else field.name,
            "full_name": field.name,
            "title": field.title,
            "definition": field.definition,
            "unit": field.unit,
            "type": field.kind,
            "allowed_values": " | ".join(field.allowed),
            "empty_means": "no answer, never nought",
        }
        for field in fields
    ]
    return pd.DataFrame(rows, dtype="str")


def _unknown(column: pd.Series) -> Field:
    name = str(column.name)
    return Field(name, name, name, UNKNOWN, "not recorded", _kind(column))


def _kind(column: pd.Series) -> Kind:
    if types.is_bool_dtype(column.dtype):
        return "true or false"
    if types.is_integer_dtype(column.dtype):
        return "integer"
    if types.is_numeric_dtype(column.dtype):
        return "number"
    if types.is_datetime64_any_dtype(column.dtype):
        return "date and time"
    return "date" if types.infer_dtype(column, skipna=True) == "date" else "text"
