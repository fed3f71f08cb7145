"""Pooling: which cohorts are taken together, and which children, in which area, with what outcome."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from risk.errors import RiskError
from words.faults import Fault

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

POOLED = 5
"""Cohorts that are pooled unless a recipe says otherwise."""
NEEDED = ("cohort", "area", "outcome")
_EXTREME = 1e-4


@dataclass(frozen=True)
class Pool:
    """Children of some cohorts, sorted by area.

    `rows` are their positions in the feature table; `area` the position of their area among the places; `outcome` is
    1, 0 or NaN where it is still to come; `cohort` is the year.
    """

    rows: Integers
    area: Integers
    outcome: Floats
    cohort: Integers

    @property
    def cohorts(self) -> tuple[int, ...]:
        """Return the cohorts, oldest first."""
        return tuple(int(year) for year in np.unique(self.cohort))


def check_table(table: pd.DataFrame, draws: Floats, places: pd.DataFrame) -> None:
    """Raise RiskError with everything by which feature table, draws and places do not fit together."""
    faults = [
        Fault("The feature table lacks this column.", "Make the features again.", column=name)
        for name in NEEDED
        if name not in table
    ]
    if not faults:
        unknown = sorted({str(code) for code in table["area"]} - {str(code) for code in places.index})
        faults = [
            Fault("The place has no such area.", "Check the vintage of the codes.", column="area", value=code)
            for code in unknown
        ]
        odd = table["outcome"].dropna()
        faults += [
            Fault(
                "An outcome is 1, 0 or not known yet.",
                "Check the features.",
                column="outcome",
                value=f"{value:g}",
            )
            for value in sorted(set(odd[~odd.isin([0.0, 1.0])]))
        ]
    if draws.ndim != 2 or draws.shape[1] != len(table) or len(draws) < 2:
        said = " x ".join(str(size) for size in draws.shape)
        cure = f"Give at least 2 draws x {len(table)} rows, in the order of the table."
        faults.append(Fault("The draws do not fit the feature table.", cure, value=said))
    elif not (draws.min() >= 0 and draws.max() <= 1):
        faults.append(Fault("A drawn chance is not between 0 and 1.", "Give probabilities, with no gaps."))
    if faults:
        raise RiskError(faults)


def pool_known(table: pd.DataFrame, places: pd.DataFrame, cohorts: int = POOLED) -> Pool:
    """Return the children of the latest `cohorts` cohorts whose outcome is known.

    Raises RiskError where no outcome is known at all.
    """
    known = table["outcome"].notna()
    years = sorted(table.loc[known, "cohort"].unique())[-cohorts:]
    if not years:
        raise RiskError("No cohort has an outcome yet.", "Give extracts that hold outcomes of past cohorts.")
    return _pool(table, places, known & table["cohort"].isin(years))


def pool_next(table: pd.DataFrame, places: pd.DataFrame) -> Pool:
    """Return the children of the cohort whose outcome is still to come.

    Raises RiskError where there is none, or more than one.
    """
    ahead = table["outcome"].isna() & (table["cohort"] > table.loc[table["outcome"].notna(), "cohort"].max())
    years = sorted(int(year) for year in table.loc[ahead, "cohort"].unique())
    if len(years) != 1:
        told = ", ".join(map(str, years)) or "none"
        raise RiskError(
            f"A forecast needs one cohort without outcomes after the known ones; there is: {told}.",
            "Give the children of the next cohort alone, with no outcome.",
        )
    return _pool(table, places, ahead)


def log_odds(chances: Floats) -> Floats:
    """Return log odds of chances; 0 and 1 are taken as 0.0001 and 0.9999, because no chance is a certainty."""
    kept = np.clip(chances, _EXTREME, 1 - _EXTREME)
    return np.asarray(np.log(kept / (1 - kept)))


def chances_of(log_odds: Floats) -> Floats:
    """Return chances of log odds; by way of tanh, which takes a third of the time of SciPy's expit."""
    chances = np.asarray(log_odds * 0.5)
    np.tanh(chances, out=chances)
    chances *= 0.5
    chances += 0.5
    return chances


def _pool(table: pd.DataFrame, places: pd.DataFrame, kept: pd.Series) -> Pool:
    rows = np.flatnonzero(kept.to_numpy(dtype=bool))
    area = np.asarray(places.index.get_indexer(table["area"].to_numpy()[rows]), dtype=np.int64)
    order = np.argsort(area, kind="stable")
    rows, area = rows[order].astype(np.int64), area[order]
    outcome = table["outcome"].to_numpy(dtype=np.float64)[rows]
    return Pool(rows, area, outcome, table["cohort"].to_numpy(dtype=np.int64)[rows])
