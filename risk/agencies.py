"""Agencies: what each agency's records say of the children of an area, as counts that have yet to pass the gate."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import floor, isfinite, log10

import numpy as np
import pandas as pd

from risk.declarations import Feature
from risk.extracts import Extract
from risk.sources import Linked

TAIL = 0.2
"""The share of the children, about, who count as having a fact of a measured feature: the end where need gathers."""
_HALF = 0.5


@dataclass(frozen=True)
class Fact:
    """One thing that can be true of a child: a declared feature as yes or no.

    `words` narrow its label where the feature counts or measures (*one or more*, *2,900 or less*). `with_need` says
    whether the outcome is more frequent among children who have it. `features` are those that speak of the same rows,
    so that an effect is theirs together.
    """

    name: str
    agency: str
    label: str
    words: str
    with_need: bool
    features: tuple[str, ...]

    def sentence(self) -> str:
        """Return the fact as a person reads it."""
        return f"{self.label} ({self.words})" if self.words else self.label


@dataclass(frozen=True)
class Agencies:
    """What agencies say, areas x cohorts (as text), children with a known outcome: nothing here may be shown yet.

    `known` counts by agency the children whom it has in its records; `facts` by name those of whom a fact is known.
    `titles` names the agencies in plain words.
    """

    titles: Mapping[str, str]
    known: Mapping[str, pd.DataFrame]
    facts: Mapping[str, pd.DataFrame]
    asked: tuple[Fact, ...]


@dataclass(frozen=True)
class Knowing:
    """Which children (opaque numbers) each agency knows, and what the agency is called; never leaves memory."""

    titles: Mapping[str, str]
    people: Mapping[str, frozenset[int]]


def who_knows_whom(read: Mapping[str, Extract], linked: Linked) -> Knowing:
    """Return which children each agency has in its records, at any time."""
    return Knowing(
        {agency: extract.contract.title for agency, extract in read.items()},
        {
            agency: frozenset(linked.facts(extract)["person"].dropna().astype(int))
            for agency, extract in read.items()
        },
    )


def count_agencies(
    table: pd.DataFrame, features: Sequence[Feature], knowing: Knowing, areas: pd.Index
) -> Agencies:
    """Return what agencies say of the children with a known outcome, area by area and cohort by cohort.

    A feature becomes a fact that a child has or has not: it *ever* happened, there is *one or more*, the code is 1, or
    a measured value lies at the end where the outcome is more frequent, beyond a threshold of two significant digits
    near the last fifth. A child of whom nothing is known does not have the fact. Days since an event are no fact of
    their own: they stand with the count of the same events.

    :param table: the feature table; rows without outcome are left out. :param areas: codes of all areas.
    """
    past = table[table["outcome"].notna()]
    area, (cohort, years) = (
        areas.get_indexer(past["area"]),
        pd.factorize(past["cohort"].astype(str), sort=True),
    )

    def count(flag: pd.Series) -> pd.DataFrame:
        found = np.zeros((len(areas), len(years)), dtype=np.int64)
        np.add.at(found, (area, cohort), flag.to_numpy(np.int64))
        return pd.DataFrame(found, index=areas, columns=pd.Index(years, name="cohort"))

    asked, having = [], {}
    for feature in features:
        if feature.kind == "recency" or feature.name not in past:
            continue
        words, flag = _flag(feature, past[feature.name].astype(float), past["outcome"].astype(float))
        if flag.any():
            with_need = bool(past.loc[flag, "outcome"].mean() >= past.loc[~flag, "outcome"].mean())
            same = _together(feature, features)
            asked.append(Fact(feature.name, feature.agency, feature.label, words, with_need, same))
            having[feature.name] = count(flag)
    known = {agency: count(past["person"].isin(people)) for agency, people in knowing.people.items()}
    return Agencies(knowing.titles, known, having, tuple(asked))


def _together(feature: Feature, features: Sequence[Feature]) -> tuple[str, ...]:
    same = [
        other.name
        for other in features
        if other.kind == "recency"
        and (other.agency, other.where, other.of) == (feature.agency, feature.where, feature.of)
    ]
    return (feature.name, *(same if feature.kind in ("count", "ever") else ()))


def _flag(feature: Feature, values: pd.Series, outcome: pd.Series) -> tuple[str, pd.Series]:
    """Return the words that narrow a feature to a fact, and which children have it."""
    if feature.kind == "ever" or (feature.codes and set(feature.codes.values()) <= {0.0, 1.0}):
        return "", values == 1
    if feature.kind == "count":
        return "one or more", values > 0
    high = _needs_more(values, outcome)
    edge = _two_digits(float(values.quantile(1 - TAIL if high else TAIL)))
    flag = values >= edge if high else values <= edge
    if (
        flag.sum() > _HALF * values.notna().sum()
    ):  # many children share the value: those beyond it are the end
        return f"{'more' if high else 'less'} than {edge:,.10g}", values > edge if high else values < edge
    if edge == 0 and not high:
        return "none", flag
    return f"{edge:,.10g} or {'more' if high else 'less'}", flag


def _needs_more(values: pd.Series, outcome: pd.Series) -> bool:
    """Return whether the outcome is more frequent among high values than among low ones."""
    low, high = values.quantile(TAIL), values.quantile(1 - TAIL)
    return bool(outcome[values >= high].mean() >= outcome[values <= low].mean())


def _two_digits(value: float) -> float:
    """Return a value to two significant digits, so that it is no child's own."""
    if not isfinite(value) or value == 0:
        return 0.0
    return round(value, 1 - floor(log10(abs(value))))
