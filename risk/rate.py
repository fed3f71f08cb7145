"""The rate: risk of areas as a count over a population, with its interval and a shrunken rate to show."""

from dataclasses import dataclass
from typing import Literal

import pandas as pd

from geo import rates

Interval = Literal["wilson", "byar"]
PER_CENT = 100.0
TOO_FEW = "too few people"
MISSING = "missing"


@dataclass(frozen=True)
class Rates:
    """Rates by area, in per cent, and what was noticed on the way.

    `table` is indexed by area: `count`, `denominator`, `value` (the crude rate, which is tested), `low` and
    `high` (its 95 per cent interval), `shown` (the shrunken rate, for the map only) and `status`: 'missing',
    'too few people' or '' where there is a rate. `overall` is the rate of all areas with an answer together,
    and `note` says what shrinking had to assume.
    """

    table: pd.DataFrame
    overall: float
    note: str


def rate(
    count: pd.Series,
    denominator: pd.Series,
    minimum_denominator: int = 20,
    *,
    interval: Interval = "wilson",
) -> Rates:
    """Return the rate of each area in per cent, with interval, shrunken rate and status.

    The crude rate is what was observed, so it is what may be tested. The shrunken rate (global empirical
    Bayes, Marshall 1991) draws the rates of small areas towards the overall rate; it is for display, because
    testing it would find clusters that the shrinking made.

    :param count: how many, at least 0, by area.
    :param denominator: out of how many, same index.
    :param minimum_denominator: below it there is no rate, only a status.
    :param interval: 'wilson' for people out of people, 'byar' for events of which one person can have
    several.
    :returns: rates in per cent; NaN wherever `status` is not empty.
    :raises GeoError: a count below 0, or above its denominator with 'wilson'.
    Reference: Marshall R J (1991), Mapping disease and mortality rates using empirical Bayes estimators.

    Example: 5 of 50 gives 10.0, with the Wilson interval 4.35 to 21.36.
    """
    status = statuses(count, denominator, minimum_denominator)
    counted, people = _answered(count, denominator, status)
    low, high = rates.interval(counted, people, method=interval)
    shown = rates.shrink_global(counted, people)
    found = {"value": rates.crude(counted, people), "low": low, "high": high, "shown": shown}
    table = pd.DataFrame({"count": count, "denominator": denominator, "status": status})
    for name, values in found.items():
        table[name] = (values * PER_CENT).reindex(count.index)
    overall = float(counted.sum() / people.sum()) * PER_CENT if len(people) else float("nan")
    note = str(shown.attrs.get("note", "")) if len(people) else ""
    return Rates(table, overall, note)


def crude(count: pd.Series, denominator: pd.Series, minimum_denominator: int = 20) -> pd.Series:
    """Return the crude rate of each area in per cent, NaN where it has none; the parameters are those of `rate`."""
    status = statuses(count, denominator, minimum_denominator)
    found = rates.crude(*_answered(count, denominator, status)) * PER_CENT
    return found.reindex(count.index)


def standardised(
    count: pd.Series,
    denominator: pd.Series,
    minimum_denominator: int = 20,
    reference: tuple[pd.Series, pd.Series] | None = None,
) -> pd.Series:
    """Return each rate's distance from the overall rate in its own standard deviations, which may be tested.

    Areas of few people no longer look extreme for that reason alone (Assunção and Reis 1999). The parameters
    are those of `rate`; with `reference`, the count and denominator of other areas, the overall rate and the
    spread are theirs. NaN where an area has no rate.
    """
    known = _answered(count, denominator, statuses(count, denominator, minimum_denominator))
    others = None
    if reference is not None:
        others = _answered(*reference, statuses(*reference, minimum_denominator))
    return rates.eb_standardise(*known, others).reindex(count.index)


def statuses(count: pd.Series, denominator: pd.Series, minimum_denominator: int) -> pd.Series:
    """Return why an area has no rate: 'missing', 'too few people', or '' where it has one."""
    people = denominator.astype("float64")
    status = pd.Series("", index=count.index, dtype="str")
    status[people < minimum_denominator] = TOO_FEW
    status[count.isna() | people.isna()] = MISSING
    return status


def _answered(count: pd.Series, denominator: pd.Series, status: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Return the areas with an answer only, so that the others move neither overall rate nor its spread."""
    known = status == ""
    return count[known].astype("float64"), denominator[known].astype("float64")
