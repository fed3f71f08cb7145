"""Examples: tables that agree with what is known, kept from one search for the next."""

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import sparse

from disclosure.nearby import Nearby

SLACK = 1e-6


class Change(NamedTuple):
    """A table, by the columns in which it differs from the true one and by how much, of so many."""

    columns: npt.NDArray[np.int64]
    values: npt.NDArray[np.float64]
    width: int


@dataclass(frozen=True)
class Examples:
    """Tables that agreed with what was known when they were found, each as a change of the true one.

    A target that one of them takes to its goal is safe for as long as that table agrees. So they are looked at before
    others are sought: the gate for statistics begins with what the gate for counts has found. They show areas nearly as
    they truly are, and so are never released, written down or told.
    """

    changes: list[Change] = field(default_factory=list, repr=False)
    later: bool = False
    """Whether other gates come later: then the first search is for tables that go on agreeing (`disclosure.search`)."""

    def keep(self, columns: npt.NDArray[np.int64], change: npt.NDArray[np.float64], width: int) -> None:
        """Keep a table by the columns in which it differs from the true one, of so many."""
        moved = change != 0
        self.changes.append(Change(columns[moved], change[moved], width))

    def settle(
        self, near: Nearby, forms: sparse.csr_array, goals: npt.NDArray[np.float64]
    ) -> npt.NDArray[np.bool_]:
        """Return the forms that some table which agrees with all that is known takes to their goals."""
        width = len(near.table)
        changes = [change for change in self.changes if change.width == width]
        if not changes:
            return np.zeros(len(goals), dtype=bool)
        tables = _stacked(changes)
        known = near.knowledge
        columns = tables.tocoo()
        values = near.table[columns.col] + columns.data
        outside = (values < known.lower[columns.col] - SLACK) | (values > known.upper[columns.col] + SLACK)
        moved = sparse.coo_array(near.matrix @ tables.T)
        sums = near.sums[moved.row] + moved.data
        broken = (sums < known.low[moved.row] - SLACK) | (sums > known.high[moved.row] + SLACK)
        agrees = np.ones(len(changes), dtype=bool)
        agrees[columns.row[outside]] = False
        agrees[moved.col[broken]] = False
        taken = sparse.coo_array(forms @ sparse.csr_array(tables[np.flatnonzero(agrees)]).T)
        reached = (forms @ near.table)[taken.row] + taken.data >= goals[taken.row] - SLACK
        settled = np.zeros(len(goals), dtype=bool)
        settled[taken.row[reached]] = True
        return settled


def _stacked(changes: list[Change]) -> sparse.csr_array:
    """Return changes of one width, a row each."""
    starts = np.cumsum([0, *(len(change.columns) for change in changes)])
    columns, values = (np.concatenate(part) for part in list(zip(*changes, strict=True))[:2])
    return sparse.csr_array((values, columns, starts), shape=(len(changes), changes[0].width))
