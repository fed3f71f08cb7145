"""Extracts that hold something twice: rows again under other keys, or children again as of another year."""

from itertools import combinations

import numpy as np
import pandas as pd

from risk.contract import Contract
from risk.extract_order import FEW_ROWS, FEW_SHARE
from words.faults import Fault

LEAST_OF_A_YEAR, AGAIN = 20, 0.5
"""Children born in a school year, at least; the share of them that has to come again before it is no chance."""
SEPTEMBER = 9
_NAMES = ("forename", "surname", "sex")


def twice_given(table: pd.DataFrame, contract: Contract, file: str) -> list[Fault]:
    """Return what a parsed table that keeps its contract holds twice.

    Agencies enter a child twice now and then, with slips; that is for linkage. But many rows that differ in nothing
    but their key, or a year's children who come again with the same names and birthdays in another year, are a
    delivery that was made twice, the second time perhaps under another year.
    """
    return [*_rows_again(table, contract, file), *_years_again(table, contract, file)]


def _rows_again(table: pd.DataFrame, contract: Contract, file: str) -> list[Fault]:
    again = table.duplicated([name for name in contract.columns if name not in contract.key])
    rows = int(again.sum())
    if rows <= max(FEW_ROWS, FEW_SHARE * len(table)):
        return []
    what = f"{rows:,} of {len(table):,} rows differ from an earlier one in nothing but their key, this one first."
    row = int(table.index[again.to_numpy()][0]) + 1
    return [Fault(what, "Was a part of the extract given twice?", file, row, " + ".join(contract.key))]


def _years_again(table: pd.DataFrame, contract: Contract, file: str) -> list[Fault]:
    roles = [contract.column_of(role) for role in _NAMES]  # type: ignore[arg-type]
    named = [name for name in roles if name is not None]
    birth = contract.column_of("date_of_birth")
    if birth is None or len(named) < 2:
        return []
    born = table[birth]
    school_year = born.dt.year - (born.dt.month < SEPTEMBER)
    who = table[named].assign(day=born.dt.month * 100 + born.dt.day, year=school_year).dropna()
    child = who.groupby([*named, "day"], sort=False).ngroup().to_numpy()
    year, years = pd.factorize(who["year"].astype(int), sort=True)
    there = np.zeros((len(who), len(years)), dtype=np.int64)
    there[child, year] = 1
    sizes, both = there.sum(axis=0), there.T @ there
    faults = []
    for (i, earlier), (j, later) in combinations(enumerate(years), 2):
        smaller, shared = min(sizes[i], sizes[j]), both[i, j]
        if smaller >= LEAST_OF_A_YEAR and shared > AGAIN * smaller:
            what = (
                f"{shared:,} children born in the school year from September {earlier} come again as born in that "
                f"from September {later}, with the same names and birthdays."
            )
            cure = "Was a cohort given twice, the second time under another year? Take one out."
            faults.append(Fault(what, cure, file, column=birth))
    return faults
