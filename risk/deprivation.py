"""Deprivation: the tenth of a place's areas that each is in, from open indicators; the baseline that all must face."""

from collections.abc import Sequence

import pandas as pd

from risk.errors import RiskError
from words.faults import Fault


def deprivation_deciles(indicators: pd.DataFrame, columns: Sequence[str]) -> pd.Series:
    """Return the decile of each area by the mean of the standardised columns, more being worse: 10 is the worst tenth.

    Ties are settled by the order of the areas. RiskError where a column is not there, has gaps or does not vary.
    """
    faults = [
        Fault("The place has no such indicator.", "Name one that `larder place show` lists.", column=column)
        for column in columns
        if column not in indicators
    ] or [
        Fault("The indicator has gaps or does not vary.", "Choose another.", column=column)
        for column in columns
        if indicators[column].isna().any() or indicators[column].nunique() < 2
    ]
    if faults or not columns:
        raise RiskError(faults or "No indicator is named.", "" if faults else "Name at least one.")
    table = indicators[list(columns)].astype("float64")
    score = ((table - table.mean()) / table.std(ddof=0)).mean(axis=1)
    rank = score.rank(method="first") - 1
    return (rank * 10 // len(score) + 1).astype("int64").rename("deprivation_decile")
