"""Rates before hotspots: crude, with an interval, shrunken for display, standardised for testing."""

from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import gammaincinv, ndtri

from geo.errors import GeoError
from geo.measured import TestingRefused, mark
from words.faults import Fault

__all__ = ["TestingRefused", "crude", "eb_standardise", "interval", "shrink_global", "shrunken_interval"]

Floats = npt.NDArray[np.float64]
Booleans = npt.NDArray[np.bool_]
NO_SPREAD = (
    "The areas' rates differ by no more than chance makes them differ, "
    "so the spread between areas was taken as 0."
)
_AMEND = "Give 0 or more, or leave it empty."


def crude(count: pd.Series, population: pd.Series) -> pd.Series:
    """Return count / population, NaN where either is missing or the population is 0; it may be tested.

    Raises GeoError, with every fault named, for negative or infinite numbers or people counted where nobody
    lives.
    """
    counts, people = _checked(count, population)
    return mark(pd.Series(_divide(counts, people), count.index, name=count.name), "crude rate")


def interval(
    count: pd.Series,
    population: pd.Series,
    *,
    level: float = 0.95,
    method: Literal["wilson", "byar"] = "wilson",
) -> tuple[pd.Series, pd.Series]:
    """Return the lower and upper limit of each crude rate.

    "wilson" is for people out of people (count at most population): it keeps its level for small numbers and
    never leaves 0 to 1. "byar" is for events, which one person can have several times (a rate may pass 1): an
    approximation to the exact Poisson limits. Both are what English public health statistics use.

    Raises GeoError as `crude` does, and for Wilson where a count exceeds its population. References: Wilson
    (1927), JASA 22, 209-212; Breslow and Day (1987), Statistical Methods in Cancer Research II, 69.
    """
    counts, people = _checked(count, population)
    z = float(ndtri(0.5 + level / 2))
    low, high = _wilson(count, counts, people, z) if method == "wilson" else _byar(counts, people, z)
    return pd.Series(low, count.index, name="low"), pd.Series(high, count.index, name="high")


def shrink_global(count: pd.Series, population: pd.Series) -> pd.Series:
    """Return each rate pulled towards the rate of all, the more the smaller its population.

    For display, never tested. Marshall's empirical Bayes: with m the overall rate and A the variance between
    areas, estimated by moments, the shrunken rate is m + (r_i - m) A / (A + m / n_i). Where the estimate of A
    is negative A is 0, every area gets m, and `attrs["note"]` says so. An area without a population has none
    (NaN); one with a population but without a count has none either.

    Raises GeoError as `crude` does. Reference: Marshall (1991), Applied Statistics 40, 283-294.
    """
    counts, people = _checked(count, population)
    overall, between = _moments(counts, people)
    rates = _divide(counts, people)
    with np.errstate(divide="ignore", invalid="ignore"):
        trust = between / (between + overall / people)
    shrunken = overall + np.where(between > 0, trust, 0.0) * (rates - overall)
    return _noted(mark(pd.Series(shrunken, count.index, name=count.name), "shrunken"), between)


def shrunken_interval(
    count: pd.Series, population: pd.Series, *, level: float = 0.95
) -> tuple[pd.Series, pd.Series]:
    """Return the posterior interval of each shrunken rate.

    Given m and A the true rates follow a gamma law with that mean and variance, so that the posterior of an
    area is gamma (m^2 / A + count, m / A + population), whose mean is the shrunken rate. With A = 0 both
    limits are m. That m and A are estimates themselves is not in the interval: with few areas it is too
    short.
    """
    counts, people = _checked(count, population)
    overall, between = _moments(counts, people)
    known = np.isfinite(_divide(counts, people))
    limits = [np.where(known, overall, np.nan), np.where(known, overall, np.nan)]
    if between > 0 and overall > 0:
        shape, rate = overall**2 / between + counts, overall / between + people
        tail = (1 - level) / 2
        limits = [np.where(known, gammaincinv(shape, at) / rate, np.nan) for at in (tail, 1 - tail)]
    low, high = (
        _noted(mark(pd.Series(limit, count.index, name=name), "shrunken"), between)
        for limit, name in zip(limits, ("low", "high"), strict=True)
    )
    return low, high


def eb_standardise(
    count: pd.Series, population: pd.Series, reference: tuple[pd.Series, pd.Series] | None = None
) -> pd.Series:
    """Return each rate's distance from the overall rate in its own standard deviations; made for testing.

    (r_i - m) / sqrt(A + m / n_i): areas with few people no longer look extreme for that reason alone. Where
    the estimate of the variance between areas is negative A is 0 and `attrs["note"]` says so. m and A are
    those of the areas given, or of `reference`: the counts and populations of other areas.

    Raises GeoError as `crude` does. Reference: Assunção and Reis (1999), Statistics in Medicine 18,
    2147-2162.
    """
    counts, people = _checked(count, population)
    overall, between = _moments(*((counts, people) if reference is None else _checked(*reference)))
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.sqrt(between + overall / people)
        standardised = (_divide(counts, people) - overall) / spread
    standardised = np.where(
        spread > 0, standardised, np.where(np.isfinite(_divide(counts, people)), 0.0, np.nan)
    )
    return _noted(
        mark(pd.Series(standardised, count.index, name=count.name), "EB-standardised rate"), between
    )


def _checked(count: pd.Series, population: pd.Series) -> tuple[Floats, Floats]:
    """Return both as floats with NaN where missing, or raise every fault there is."""
    if not count.index.equals(population.index):
        raise GeoError(
            "Counts and populations do not stand in the same order of areas.", "Join them by code first."
        )
    counts = count.to_numpy(dtype=np.float64, na_value=np.nan)
    people = population.to_numpy(dtype=np.float64, na_value=np.nan)
    nobody = (counts > 0) & (people == 0)
    faults = [
        *_faults(count, counts, (counts < 0) | np.isinf(counts), "is not a count.", _AMEND),
        *_faults(population, people, (people < 0) | np.isinf(people), "is not a population.", _AMEND),
        *_faults(count, counts, nobody, "are counted where nobody lives.", "Check the population."),
    ]
    if faults:
        raise GeoError(faults)
    return counts, people


def _faults(column: pd.Series, numbers: Floats, wrong: Booleans, what: str, cure: str) -> list[Fault]:
    return [
        Fault(
            what,
            cure,
            row=int(row) + 1,
            column=str(column.name or ""),
            value=f"{column.index[row]}: {numbers[row]:g}",
        )
        for row in np.flatnonzero(wrong)
    ]


def _divide(counts: Floats, people: Floats) -> Floats:
    return np.asarray(np.divide(counts, people, out=np.full(len(counts), np.nan), where=people > 0))


def _moments(counts: Floats, people: Floats) -> tuple[float, float]:
    """Return the overall rate and the variance between areas, at least 0, by Marshall's moments."""
    known = np.isfinite(counts) & (people > 0)
    o, n = counts[known], people[known]
    if not len(o):
        return float("nan"), 0.0
    overall = o.sum() / n.sum()
    total = (n * (o / n - overall) ** 2).sum() / n.sum()
    return float(overall), max(0.0, float(total - overall / n.mean()))


def _noted(values: pd.Series, between: float) -> pd.Series:
    if between == 0:
        values.attrs["note"] = NO_SPREAD
    return values


def _wilson(count: pd.Series, counts: Floats, people: Floats, z: float) -> tuple[Floats, Floats]:
    cure = "Check both, or use Byar's interval for events."
    faults = _faults(count, counts, counts > people, "is more than the population.", cure)
    if faults:
        raise GeoError(faults)
    rate, n = _divide(counts, people), np.where(people > 0, people, np.nan)
    middle = (rate + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z * np.sqrt(rate * (1 - rate) / n + z**2 / (4 * n**2)) / (1 + z**2 / n)
    return np.clip(middle - half, 0.0, 1.0), np.clip(middle + half, 0.0, 1.0)


def _byar(counts: Floats, people: Floats, z: float) -> tuple[Floats, Floats]:
    with np.errstate(divide="ignore", invalid="ignore"):
        low = np.where(counts > 0, counts * (1 - 1 / (9 * counts) - z / (3 * np.sqrt(counts))) ** 3, 0.0)
    high = (counts + 1) * (1 - 1 / (9 * (counts + 1)) + z / (3 * np.sqrt(counts + 1))) ** 3
    low = np.where(np.isfinite(counts), np.maximum(low, 0.0), np.nan)
    return _divide(low, people), _divide(high, people)
