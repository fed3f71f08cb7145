"""Extract schemas: contracts as pandera schemas, and what pandera finds as faults that name no value."""

import re
from collections.abc import Callable, Iterator

import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors

from risk.contract import Column, Contract
from words.faults import Fault

SHOWN = 5
"""Rows told of each kind of fault; the rest are counted."""

_WHOLE = re.compile(r"[+-]?\d+(\.0+)?")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
_JOINED = re.compile(r"(?=.{3,40}$)[a-z]+(_[a-z]+)+")


def mask(value: object) -> str:
    """Return the shape of a value and nothing else of it: letters as a or A, digits as 9, at most 24 characters.

    Example: `mask("Smith, 3/5/2019")` is `"Aaaaa, 9/9/9999"`.
    """
    shape = re.sub(r"[^\W\d_]", lambda found: "A" if found.group().isupper() else "a", str(value))
    shape = re.sub(r"\d", "9", shape)
    return shape if len(shape) <= 24 else f"{shape[:23]}…"


def shown_name(name: str, contract: Contract) -> str:
    """Return a column's name as it may be told: masked where it could be a value of a person.

    A file whose header was lost or mixed up has names, dates and numbers of persons where columns are named. What is
    told as it stands is a name that was agreed, however spelled (*NHS Number*), and small words joined by a stroke
    (*gp_notes*), which is how computers name columns and nobody writes a person.
    """
    agreed = {_folded(known) for known in contract.columns}
    return name if _folded(name) in agreed or _JOINED.fullmatch(name) else mask(name)


def _folded(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def contract_schema(contract: Contract) -> pa.DataFrameSchema:
    """Return the contract as a pandera schema of text columns: presence, blanks, keys, values, ranges and period."""
    return pa.DataFrameSchema(
        {
            name: pa.Column(
                None,
                checks=_checks(name, column, contract),
                nullable=column.blank,
                unique=column.unique,
                report_duplicates="exclude_first",
            )
            for name, column in contract.columns.items()
        },
        strict=True,
        unique=contract.key if len(contract.key) > 1 else None,
        report_duplicates="exclude_first",
        name=contract.agency,
    )


def schema_faults(table: pd.DataFrame, contract: Contract, file: str) -> list[Fault]:
    """Return every breach of the contract by a table of text, values masked, rows counted from 1.

    Of each kind of breach in each column the first rows are told one by one and the others counted.
    """
    try:
        contract_schema(contract).validate(table, lazy=True)
    except SchemaErrors as broken:
        return list(_faults(broken.failure_cases, table, contract, file))
    return []


def parsed(values: pd.Series, column: Column) -> pd.Series:
    """Return a column of text in the type that its contract gives it; missing stays missing.

    What does not parse is missing too: tables are checked before they are parsed.
    """
    if column.type in ("text", "code"):
        return values.astype("string")
    number, known = pd.factorize(values)  # each different value is read once
    read = pd.Series(_read(pd.Series(known, dtype=object), column)).array
    return pd.Series(read.take(number, allow_fill=True), values.index, name=values.name)


def _read(known: pd.Series, column: Column) -> pd.Series:
    if column.type == "date":
        return pd.to_datetime(known, format=column.format, errors="coerce")
    number = pd.to_numeric(known, errors="coerce")
    return number.round().astype("Int64") if column.type == "integer" else number.astype("Float64")


def _checks(name: str, column: Column, contract: Contract) -> list[pa.Check]:
    checks = []
    if column.pattern:
        pattern = re.compile(column.pattern)
        checks.append(_check("pattern", lambda values: _of_form(values, pattern)))
    if column.type == "code" and column.allowed:
        allowed = frozenset(column.allowed)
        checks.append(_check("allowed", lambda values: values.isin(allowed)))
    if column.type == "date":
        checks.append(_check("date", lambda values: parsed(values, column).notna()))
    if column.type in ("integer", "number"):
        form = _WHOLE if column.type == "integer" else _NUMBER
        checks.append(_check(column.type, lambda values: _of_form(values, form)))
        checks.append(_check("range", lambda values: _in_range(values, column)))
    if name == contract.as_of:
        checks.append(_check("period", lambda values: _in_period(parsed(values, column), contract)))
    return checks


def _check(name: str, holds: Callable[[pd.Series], pd.Series]) -> pa.Check:
    """Return a check that looks at each different value once; pandera leaves blanks to `nullable`."""

    def every(values: pd.Series) -> pd.Series:
        number, known = pd.factorize(values)
        return pd.Series(holds(pd.Series(known, dtype=object)).to_numpy(bool)[number], values.index)

    return pa.Check(every, name=name)


def _of_form(values: pd.Series, form: re.Pattern[str]) -> pd.Series:
    return values.map(lambda text: form.fullmatch(text) is not None).astype(bool)


def _in_range(values: pd.Series, column: Column) -> pd.Series:
    """Say which values lie in range; what is no number is told by another check."""
    number = pd.to_numeric(values, errors="coerce")
    inside = pd.Series(True, index=values.index)
    if column.minimum is not None:
        inside &= ~(number < column.minimum)
    if column.maximum is not None:
        inside &= ~(number > column.maximum)
    return inside


def _in_period(when: pd.Series, contract: Contract) -> pd.Series:
    """Say which dates lie in the period; what is no date is told by another check."""
    first, last = pd.Timestamp(contract.period_from), pd.Timestamp(contract.period_to)
    return when.isna() | ((when >= first) & (when < last + pd.Timedelta(days=1)))


def _faults(cases: pd.DataFrame, table: pd.DataFrame, contract: Contract, file: str) -> Iterator[Fault]:
    cases = cases.assign(column=cases["column"].fillna("").astype(str), check=cases["check"].astype(str))
    for (check, name), found in cases.groupby(["check", "column"], sort=False):
        kind = check.split("(")[0]
        if kind in ("column_in_dataframe", "column_in_schema"):
            yield from (
                _column_fault(kind, str(case), table, contract, file) for case in found["failure_case"]
            )
            continue
        column = " + ".join(contract.key) if kind == "multiple_fields_uniqueness" else name
        what, cure = _words(kind, contract.columns.get(name), contract)
        rows = found["index"].drop_duplicates().sort_values()
        for row in rows.head(SHOWN):
            value = table[name].loc[row] if name in table and kind != "not_nullable" else None
            yield Fault(what, cure, file, int(row) + 1, column, "" if value is None else mask(value))
        if len(rows) > SHOWN:
            yield Fault(
                f"{len(rows) - SHOWN:,} more rows: {what[0].lower()}{what[1:]}", cure, file, column=column
            )


def _column_fault(kind: str, name: str, table: pd.DataFrame, contract: Contract, file: str) -> Fault:
    if kind == "column_in_dataframe":
        label = contract.columns[name].label
        return Fault(f"The column is missing ({label}).", "Ask the agency for it.", file, column=name)
    # where it stands is told too, because its name may be masked
    what = f"The contract does not name this column, number {list(table).index(name) + 1} of the file."
    agreed = next((known for known in contract.columns if _folded(known) == _folded(name)), "")
    cure = (
        f"Write it as {agreed}."
        if agreed
        else "Take it out: a column that no contract names may not be held."
    )
    return Fault(what, cure, file, column=shown_name(name, contract))


def _words(kind: str, column: Column | None, contract: Contract) -> tuple[str, str]:
    """Return what is wrong and the cure, for one kind of breach."""
    allowed = ", ".join(column.allowed or ()) if column else ""
    form = column.format if column else ""
    low, high = (column.minimum, column.maximum) if column else (None, None)
    texts = {
        "not_nullable": ("A value is missing.", "Fill it in at the agency, or agree that it may be blank."),
        "field_uniqueness": ("The value is there already.", "Send each row once."),
        "multiple_fields_uniqueness": ("The key is there already.", "Send each row once."),
        "pattern": (
            "The value has another form than agreed.",
            f"It should match {column and column.pattern}.",
        ),
        "allowed": ("The value is not among those agreed.", f"Use one of: {allowed}."),
        "date": (
            "This is not a date as agreed.",
            f"Write dates as {form}; in Excel, format the column as dates.",
        ),
        "integer": ("This is not a whole number.", "Write digits only."),
        "number": ("This is not a number.", "Write digits and at most one point."),
        "range": ("The number is out of range.", f"It should lie from {low} to {high}."),
        "period": (
            "The row lies outside the period agreed.",
            f"Send rows from {contract.period_from} to {contract.period_to} only.",
        ),
    }
    return texts.get(kind, (f"The contract's check {kind!r} fails.", "Look at the contract."))
