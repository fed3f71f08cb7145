"""The unknown: cells of which an earlier release told and today's records say nothing, and what they may have been.

A release may have told of cohorts whose records are gone, or of areas beyond the place. What it told of them together
with cells that are known still tells of these, so it must not be left out. Nobody has the true counts any more; some
table that agrees with all that was told stands in for them.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import optimize, sparse

from disclosure.geography import Cells, Geography, Window
from disclosure.knowledge import Facts, Floats, joined


def unknown_cells(cells: Cells, table: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Return which cells may hold children of whom a table of counts says nothing."""
    lacking = table.reindex(index=cells.areas, columns=list(cells.cohorts)).isna()
    return np.asarray(lacking.to_numpy().ravel() & (cells.upper > 0))


def filled(cells: Cells, table: pd.DataFrame, told: Sequence[Facts]) -> pd.DataFrame:
    """Return a table over all cells: the counts where they are known, else numbers that agree with what was told.

    Where none agree with all of it (records were changed since) they agree with as much as can be.
    """
    values, unknown = np.nan_to_num(cells.values(table)), np.flatnonzero(unknown_cells(cells, table))
    if len(unknown) and told:
        values[unknown] = _fitting(joined(told), values, unknown, cells.upper[unknown])
    shape = (len(cells.areas), len(cells.cohorts))
    return pd.DataFrame(values.reshape(shape), index=cells.areas, columns=list(cells.cohorts))


def _fitting(facts: Facts, values: Floats, unknown: npt.NDArray[np.int64], upper: Floats) -> Floats:
    """Return numbers from 0 to `upper` for the unknown cells, as near to all the facts as can be."""
    here = sparse.csr_array(facts.matrix[:, unknown])
    rows = np.flatnonzero(np.diff(here.indptr))
    if not len(rows):
        return np.zeros(len(unknown))
    known = (facts.matrix @ values)[rows]
    here, number = sparse.csr_array(here[rows]), len(rows)
    nothing = sparse.csr_array((number, number))
    beyond = -sparse.eye_array(number)
    over, under = sparse.hstack([here, beyond, nothing]), sparse.hstack([-here, nothing, beyond])
    high, low = facts.high[rows] - known, known - facts.low[rows]
    limits = np.concatenate([high, low])
    matrix = sparse.csr_array(sparse.vstack([over, under]))[np.isfinite(limits)]
    answer = optimize.linprog(
        np.concatenate([np.zeros(len(unknown)), np.ones(2 * number)]),
        A_ub=matrix,
        b_ub=limits[np.isfinite(limits)],
        bounds=np.column_stack([np.zeros(len(unknown) + 2 * number), [*upper, *[np.inf] * 2 * number]]),
        method="highs",
    )
    found: Floats = np.asarray(answer.x[: len(unknown)], dtype=np.float64)
    return np.clip(found, 0, upper)


def counts_known(
    table: pd.DataFrame, geography: Geography, windows: Mapping[str, Window], level: str
) -> tuple[pd.Index, Floats, npt.NDArray[np.bool_]]:
    """Return a level's codes, and, areas x windows, their sums of a table that may lack cells, and which are whole."""
    cohorts = list(geography.cohorts)
    here = table.reindex(index=geography.parents.index, columns=cohorts)
    lacking = here.isna().to_numpy() & (geography.denominators[cohorts].to_numpy() > 0)
    codes, inside = geography.membership(level)
    pooled = np.array([[cohort in window for window in windows.values()] for cohort in cohorts], dtype=float)
    sums = inside @ (np.nan_to_num(here.to_numpy(dtype=float)) @ pooled)
    return codes, sums, (inside @ (lacking @ pooled)) == 0
