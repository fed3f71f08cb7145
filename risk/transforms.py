"""Transformations that make indicators of different units comparable; each returns higher = more need."""

from collections.abc import Callable
from math import exp
from typing import Literal

import numpy as np
import pandas as pd

from risk.errors import RiskError

Direction = Literal["higher_is_worse", "lower_is_worse"]
STEEPNESS = 23.0
"""The constant of the Indices of Deprivation: the worst tenth of areas gets half of the range of scores."""


def zscore(
    values: pd.Series, direction: Direction = "higher_is_worse", *, reference: pd.Series | None = None
) -> pd.Series:
    """Return how many standard deviations each value lies above the mean, or below it where lower is worse.

    The standard deviation is that of all areas given (divided by n, not n - 1): they are the whole place,
    not a sample of it. Missing values stay missing and take no part.

    :param values: any unit, indexed by area.
    :param reference: the values of other areas, whose mean and standard deviation count instead.
    :returns: standard deviations, the same index.
    :raises RiskError: every known value is the same, so that there is no spread to measure by.

    Example: 1, 2, 3 gives -1.2247, 0, 1.2247.
    """
    known = (values if reference is None else reference).dropna()
    if known.nunique() < 2:
        raise RiskError(
            f"Every known value of {values.name!r} is the same, so it cannot be standardised.",
            "Leave it out, or use transform = 'none'.",
        )
    scores = (values - known.mean()) / known.std(ddof=0)
    return scores if direction == "higher_is_worse" else -scores


def percentile(
    values: pd.Series, direction: Direction = "higher_is_worse", *, reference: pd.Series | None = None
) -> pd.Series:
    """Return the per cent of areas that lie below each value, with half of those that equal it.

    The mid-rank definition: tied areas share one percentile, and all areas equal gives 50 for each. Turning
    the direction turns the scale: p becomes 100 - p.

    :param values: any unit, indexed by area.
    :param reference: the values of other areas, among which each value is placed instead; a value beyond
        all of them gets 0 or 100.
    :returns: per cent, above 0 and below 100, the same index; missing stays missing.

    Example: 1, 2, 2, 5 gives 12.5, 50, 50, 87.5.
    """
    known = np.sort((values if reference is None else reference).dropna().to_numpy(dtype=np.float64))
    numbers = values.to_numpy(dtype=np.float64, na_value=np.nan)
    below, up_to = np.searchsorted(known, numbers, "left"), np.searchsorted(known, numbers, "right")
    if direction == "lower_is_worse":
        below, up_to = len(known) - up_to, len(known) - below
    share = pd.Series((below + up_to) / 2, index=values.index, name=values.name).where(values.notna())
    return share / len(known) * 100


def unchanged(values: pd.Series, direction: Direction = "higher_is_worse") -> pd.Series:
    """Return the values as they are, or with the sign turned where lower is worse."""
    return values if direction == "higher_is_worse" else -values


def exponential_rank(
    values: pd.Series, direction: Direction = "lower_is_worse", *, rank_of: int
) -> pd.Series:
    """Return the exponential score of a rank, as the Indices of Deprivation make it: 100 for the worst area.

    X = -23 ln(1 - R (1 - exp(-100 / 23))), where R = (n - rank + 1) / n for rank 1 = worst (lower is worse),
    and R = rank / n for rank n = worst. It spreads the worst ranks out, so that a good rank in one domain
    does not cancel a bad one in another. Tied ranks are used as they were published.

    :param values: ranks from 1 to `rank_of`, indexed by area.
    :param rank_of: n, the number of areas among which the rank was given, mostly more than are in the place.
    :returns: scores above 0 and up to 100, the same index; missing stays missing.
    :raises RiskError: a rank below 1 or above `rank_of`.
    Reference: The English Indices of Deprivation 2019, technical report, appendix on the exponential
    transformation.

    Example: with n = 9, rank 1 gives 100 and rank 9 gives -23 ln(1 - (1 - exp(-100 / 23)) / 9) = 2.67.
    """
    outside = values[(values < 1) | (values > rank_of)]
    if len(outside):
        raise RiskError(
            f"{values.name!r} holds {outside.iloc[0]:g} for {outside.index[0]}, no rank of 1 to {rank_of}.",
            "Give rank_of the number of areas that were ranked, or name the column of ranks.",
        )
    share = (rank_of - values + 1) / rank_of if direction == "lower_is_worse" else values / rank_of
    logarithm: pd.Series = np.log(1 - share * (1 - exp(-100 / STEEPNESS)))
    return -STEEPNESS * logarithm


RELATIVE = ("zscore", "percentile")
"""Those that compare an area with others, and so take a `reference`."""

TRANSFORMS: dict[str, Callable[..., pd.Series]] = {
    "zscore": zscore,
    "percentile": percentile,
    "none": unchanged,
    "exponential_rank": exponential_rank,
}
"""By the names that recipes use."""
