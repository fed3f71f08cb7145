"""The order of dates in an extract: a few rows that contradict themselves are unknown, many are a fault."""

import pandas as pd

from risk.contract import Contract
from words.faults import Fault

FEW_ROWS, FEW_SHARE = 5, 0.05
"""As many rows, or this share of those with both dates, may contradict themselves before something larger is wrong."""


def order_of_dates(table: pd.DataFrame, contract: Contract, file: str) -> tuple[list[Fault], list[str]]:
    """Return what is wrong with the order of dates in a parsed table, and what is only to be said.

    The contract names pairs of dates of which the first cannot be after the second. Agencies make slips: what such a
    row says counts as unknown later on, and the count is said. But where more rows do so than slips explain, two
    columns were exchanged or day and month mixed up, and the extract is refused.
    """
    faults, notes = [], []
    for earlier, later in contract.in_order:
        if earlier not in table or later not in table:
            continue
        first, second = table[earlier], table[later]
        known, turned = int((first.notna() & second.notna()).sum()), first > second
        rows = int(turned.sum())
        what = f"{rows:,} of {known:,} rows have {earlier} after {later}"
        if rows > max(FEW_ROWS, FEW_SHARE * known):
            cure = "Look whether the two columns were exchanged, or day and month mixed up."
            row = int(table.index[turned.to_numpy()][0]) + 1
            faults.append(Fault(f"{what}, this one first.", cure, file, row, f"{earlier} + {later}"))
        elif rows:
            notes.append(f"{contract.title}: {what}; what they say counts as unknown.")
    return faults, notes
