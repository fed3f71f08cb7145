"""The index: risk of areas from several open indicators, each with direction, transformation and weight."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from risk.transforms import RELATIVE, TRANSFORMS, Direction


@dataclass(frozen=True)
class Part:
    """One indicator's part in an index: its column, which way is worse, how it is transformed, its weight."""

    column: str
    direction: Direction = "higher_is_worse"
    weight: float = 1.0
    transform: str = "zscore"
    rank_of: int | None = None


def scores(table: pd.DataFrame, parts: Sequence[Part], reference: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return each indicator made comparable: one column a part, higher = more need.

    :param table: one row an area, the parts' columns in their own units.
    :param parts: what to take, at least one.
    :param reference: the areas to compare with, where they are others: the same columns.
    :returns: the same rows; missing stays missing.
    :raises RiskError: an indicator without spread where one is needed, or a number that is no rank.
    """
    others = table if reference is None else reference
    scored = {part.column: _score(table[part.column], part, others[part.column]) for part in parts}
    return pd.DataFrame(scored, index=table.index)


def combine(
    table: pd.DataFrame,
    parts: Sequence[Part],
    how: Literal["mean", "weighted_sum"] = "mean",
    reference: pd.DataFrame | None = None,
) -> pd.Series:
    """Return the index: the weighted mean of the parts' scores, or their weighted sum.

    An area that misses any indicator gets no index: leaving an indicator out would compare it with the
    others by another measure. More need in any indicator never lowers the index.

    :param table: one row an area, the parts' columns in their own units.
    :param parts: what to take, at least one.
    :param how: 'mean' divides by the sum of the weights; 'weighted_sum' takes the weights as they are.
    :param reference: the areas to compare with, where they are others: the same columns.
    :returns: the index by area, higher = more need, NaN where an indicator is missing; the name is 'value'.
    :raises RiskError: as `scores`.
    """
    scored = scores(table, parts, reference)
    weights = pd.Series({part.column: part.weight for part in parts})
    total = scored.mul(weights).sum(axis=1, skipna=False)
    return (total / weights.sum() if how == "mean" else total).rename("value")


def _score(values: pd.Series, part: Part, others: pd.Series) -> pd.Series:
    options = {} if part.rank_of is None else {"rank_of": part.rank_of}
    relative = {"reference": others} if part.transform in RELATIVE else {}
    return TRANSFORMS[part.transform](values, part.direction, **options, **relative)
