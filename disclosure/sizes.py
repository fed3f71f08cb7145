"""Sizes: what the size of each count alone lets be told, before anything is withheld for others' sake."""

from collections.abc import Mapping

import pandas as pd

from disclosure.geography import Geography, Window
from disclosure.policy import Policy

PUBLISHED, BAND, SUPPRESSED, TOO_FEW = "published", "band", "suppressed", "too few children"


def true_counts(
    table: pd.DataFrame, geography: Geography, windows: Mapping[str, Window], level: str
) -> pd.DataFrame:
    """Return the sums of a table at a level, a row an area, a column a period."""
    return pd.DataFrame({name: geography.totals(table, level, window) for name, window in windows.items()})


def first_pass(
    table: pd.DataFrame, geography: Geography, windows: Mapping[str, Window], policy: Policy
) -> pd.DataFrame:
    """Return every cell with its true count and the status that its own size gives it.

    The frame has level, code, period, denominator, true and status. Levels that get bands have none in single cohorts.
    """
    parts = []
    for level in (level for level in geography.levels() if level in (*policy.chain, *policy.banded)):
        counts = true_counts(table, geography, windows, level)
        children = true_counts(geography.denominators, geography, windows, level)
        for period, window in windows.items():
            if level in policy.banded and len(window) == 1:
                continue
            part = pd.DataFrame({"denominator": children[period], "true": counts[period]}).astype("int64")
            part = part.rename_axis("code").reset_index()
            parts.append(part.assign(level=level, period=period))
    frame = pd.concat(parts, ignore_index=True)
    frame["status"] = [
        status_of(level, true, children, policy)
        for level, true, children in frame[["level", "true", "denominator"]].itertuples(index=False)
    ]
    return frame[["level", "code", "period", "denominator", "true", "status"]]


def status_of(level: str, count: int, children: int, policy: Policy) -> str:
    """Return the status that a count's own size gives it."""
    if children < policy.minimum_denominator:
        return TOO_FEW
    if level in policy.banded:
        return BAND
    return SUPPRESSED if policy.is_small(count) else PUBLISHED
