"""Observed hotspots: where children who did need support were found side by side, tested on what was seen alone."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.hotspots import Statistic, local_statistics
from geo.measured import FOR_DISPLAY, KIND, TestingRefused
from risk.areas import MINIMUM, NOBODY, TOO_FEW
from risk.rate import standardised

if TYPE_CHECKING:
    from libpysal.graph import Graph

    from geo.adjacency import Adjacency


def observed_hotspots(
    cases: pd.Series,
    children: pd.Series,
    graph: "Graph | Adjacency",
    *,
    statistic: Statistic = "gi_star",
    alpha: float = 0.05,
    minimum: int = MINIMUM,
) -> pd.DataFrame:
    """Return where high or low rates surround areas more than chance would have it, by the exact test.

    Rates of pooled outcomes are standardised (empirical Bayes, Assunção and Reis 1999), so that areas of few children
    do not look extreme for that alone; nothing is smoothed. The frame is that of `geo.hotspots.local_statistics`;
    where an area has fewer than `minimum` children its status says so.

    `cases` and `children` are whole numbers by area, as `AreaRisk.table` has them. Raises TestingRefused for expected
    cases or any other prediction, GeoError where they do not fit `graph`.
    """
    _refuse_predictions(cases)
    found = local_statistics(
        standardised(cases, children, max(minimum, 1)), graph, statistic=statistic, alpha=alpha
    )
    few = (children > 0) & (children < minimum)
    return found.assign(status=found["status"].mask(few, TOO_FEW).mask(children == 0, NOBODY))


def _refuse_predictions(cases: pd.Series) -> None:
    """Raise TestingRefused for counts that are marked as a prediction, or are no whole numbers as only those are."""
    counts = cases.to_numpy(dtype=np.float64, na_value=np.nan)
    known = counts[np.isfinite(counts)]
    if cases.attrs.get(KIND) in FOR_DISPLAY or not np.array_equal(known, np.round(known)):
        raise TestingRefused(
            f"{cases.name or 'These counts'} were predicted, not observed: {FOR_DISPLAY['predicted']}, "
            "so a permutation p would find clusters that the model made.",
            "Test the cases that were counted; for a prediction ask `risk.exceedance.exceedance`.",
        )
