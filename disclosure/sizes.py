"""Sizes: what the size of each count alone lets be told, before anything is withheld for others' sake."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from disclosure.geography import Geography, Window
from disclosure.policy import Policy

PUBLISHED, BAND, SUPPRESSED, TOO_FEW = "published", "band", "suppressed", "too few children"


def true_counts(
    table: pd.DataFrame, geography: Geography, windows: Mapping[str, Window], level: str
) -> pd.DataFrame:
    """Return the sums of a table at a level, a row an area, a column a period."""
    codes, inside = geography.membership(level)
    pooled = np.array([[cohort in window for window in windows.values()] for cohort in geography.cohorts])
    sums = inside @ (table[list(geography.cohorts)].to_numpy() @ pooled)
    return pd.DataFrame(sums, index=codes, columns=list(windows))


def first_pass(
    table: pd.DataFrame, geography: Geography, windows: Mapping[str, Window], policy: Policy
) -> pd.DataFrame:
    """Return every cell with its true count and the status that its own size gives it.

    The frame has level, code, period, denominator, true and status. Levels that get bands have none in single cohorts.
    """
    names: list[tuple[str, str, str]] = []
    numbers = []
    for level in (level for level in geography.levels() if level in (*policy.chain, *policy.banded)):
        told = {
            name: window for name, window in windows.items() if len(window) > 1 or level not in policy.banded
        }
        counts = true_counts(table, geography, told, level)
        children = true_counts(geography.denominators, geography, told, level)
        own = geography.own_areas(level)
        names += [(level, code, period) for period in told for code in counts.index[own]]
        both = (children.to_numpy()[own], counts.to_numpy()[own])
        numbers.append(np.column_stack([part.ravel("F") for part in both]))
    frame = pd.DataFrame(names, columns=["level", "code", "period"])
    frame[["denominator", "true"]] = np.concatenate(numbers).astype(np.int64)
    frame["status"] = [
        status_of(name[0], true, children, policy)
        for name, true, children in zip(
            names, frame["true"].tolist(), frame["denominator"].tolist(), strict=True
        )
    ]
    return frame


def status_of(level: str, count: int, children: int, policy: Policy) -> str:
    """Return the status that a count's own size gives it."""
    if children < policy.minimum_denominator:
        return TOO_FEW
    if level in policy.banded:
        return BAND
    return SUPPRESSED if policy.is_small(count) else PUBLISHED
