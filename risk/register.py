"""The open register of addresses that a folder of extracts may bring: each UPRN's point."""

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from risk.errors import RiskError
from words.faults import Fault

COLUMNS = ("uprn", "x", "y")
MOST_TOLD = 5
"""Rows told of, of each kind of fault, at most; the rest are counted."""

_NAMES = {"uprn": "uprn", "x": "x", "x_coordinate": "x", "y": "y", "y_coordinate": "y"}
_NO_CSV = (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError)


def read_register(path: Path) -> pd.DataFrame:
    """Return the register in a CSV file, checked; RiskError with every fault, rows counted from 1."""
    try:
        table = pd.read_csv(path, encoding="utf-8-sig", low_memory=False)
    except OSError as wrong:
        what = f"The file cannot be read: {wrong.strerror or 'it is damaged'}."
        raise RiskError([Fault(what, "Look at its permissions, or copy it anew.", path.name)]) from wrong
    except _NO_CSV as wrong:
        raise RiskError([Fault("This is not CSV.", "Save it as CSV UTF-8.", path.name)]) from wrong
    return check_register(table, path.name)


def check_register(table: pd.DataFrame, file: str = "") -> pd.DataFrame:
    """Return a register as uprn (text without leading zeros), x and y (metres).

    The columns may be named so, or UPRN, X_COORDINATE and Y_COORDINATE as in OS Open UPRN; others are left out.

    RiskError where a column is lacking or there twice, a value is no number, a UPRN repeats, or x and y are degrees.
    """
    named = table.rename(columns={name: _NAMES.get(str(name).strip().lower(), name) for name in table})
    cure = "It needs uprn, x and y, each once."
    _raise(
        Fault(
            f"The register of addresses {'lacks a' if not there else 'repeats this'} column.",
            cure,
            file,
            column=name,
        )
        for name in COLUMNS
        if (there := list(named).count(name)) != 1
    )
    named = named[list(COLUMNS)]
    numbers = named.apply(pd.to_numeric, errors="coerce")
    _raise(fault for name in COLUMNS for fault in _no_number(named[name], numbers[name], file))
    found = numbers[["x", "y"]].astype(float).assign(uprn=named["uprn"].astype("string").str.lstrip("0"))
    repeated = int(found["uprn"].duplicated().sum())
    if repeated:
        what = f"The register repeats {repeated:,} UPRNs."
        raise RiskError([Fault(what, "Leave one row for each address.", file, column="uprn")])
    if len(found) and found[["x", "y"]].abs().to_numpy().max() <= 180:
        cure = "Give x and y in metres, as the place has them."
        raise RiskError([Fault("The register of addresses is in degrees.", cure, file, column="x + y")])
    return found[list(COLUMNS)]


def _no_number(given: pd.Series, number: pd.Series, file: str) -> list[Fault]:
    """Return the first rows whose value is missing or no finite number, and how many more there are."""
    wrong = given[~number.abs().lt(float("inf")).fillna(False).to_numpy(dtype=bool)]
    cure = "Give each address its UPRN and its point, in digits."
    faults = [
        Fault(
            "A value is missing." if pd.isna(value) else "This is not a number.",
            cure,
            file,
            int(row) + 1,
            str(given.name),
            "" if pd.isna(value) else str(value),
        )
        for row, value in wrong.head(MOST_TOLD).items()
    ]
    if len(wrong) > MOST_TOLD:
        more = f"{len(wrong) - MOST_TOLD:,} more rows have no number."
        faults.append(Fault(more, cure, file, column=str(given.name)))
    return faults


def _raise(faults: Iterable[Fault]) -> None:
    if told := list(faults):
        raise RiskError(told)
