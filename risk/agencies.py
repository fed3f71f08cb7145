"""Agencies: what each agency's records say of the children of an area, as counts that have yet to pass the gate."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import floor, isfinite, log10

import numpy as np
import pandas as pd

from risk.declarations import Feature
from risk.extracts import Extract
from risk.meanings import Meaning
from risk.sources import Linked

TAIL = 0.2
"""The share of the children, about, who count as having a fact of a measured feature: the end where need gathers."""
_HALF = 0.5


@dataclass(frozen=True)
class Fact:
    """One thing that can be true of a child: a declared feature as yes or no.

    `words` narrow its label where the feature counts or measures (*one or more*, *2,900 or less*). `with_need` says
    whether the outcome is more frequent among children who have it. `features` are those that speak of the same rows,
    so that an effect is theirs together. `meaning` says of which children it is true.
    """

    name: str
    agency: str
    label: str
    words: str
    with_need: bool
    features: tuple[str, ...]
    meaning: Meaning

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
    table: pd.DataFrame, features: Sequence[Feature], knowing: Knowing, areas: pd.Index, as_of: str = ""
) -> Agencies:
    """Return what agencies say of the children with a known outcome, area by area and cohort by cohort.

    A feature becomes a fact that a child has or has not: it *ever* happened, there is *one or more*, the code is 1, or
    a measured value lies at the end where the outcome is more frequent, beyond a threshold of two significant digits
    near the last fifth. A child of whom nothing is known does not have the fact. Days since an event are no fact of
    their own: they stand with the count of the same events.

    :param table: the feature table; rows without outcome are left out. :param areas: codes of all areas.
    :param as_of: the cut-off date in words: facts as of another are others.
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
        end = _end(feature, past[feature.name].astype(float), past["outcome"].astype(float))
        flag = end.holds(past[feature.name].astype(float))
        if flag.any():
            with_need = bool(past.loc[flag, "outcome"].mean() >= past.loc[~flag, "outcome"].mean())
            asked.append(
                Fact(
                    feature.name,
                    feature.agency,
                    feature.label,
                    end.words(feature),
                    with_need,
                    _together(feature, features),
                    _meaning(feature, end, as_of),
                )
            )
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


@dataclass(frozen=True)
class _End:
    """The end of a feature's values at which a child has the fact: from an edge on, or beyond it."""

    edge: float
    above: bool
    beyond: bool = False

    def holds(self, values: pd.Series) -> pd.Series:
        """Return which children have the fact; one of whom nothing is known has it not."""
        if self.beyond:
            return values > self.edge if self.above else values < self.edge
        return values >= self.edge if self.above else values <= self.edge

    def words(self, feature: Feature) -> str:
        """Return the words that narrow the feature to the fact."""
        if _yes_or_no(feature):
            return ""
        if feature.kind == "count":
            return "one or more"
        if self.beyond:
            return f"{'more' if self.above else 'less'} than {self.edge:,.10g}"
        if self.edge == 0 and not self.above:
            return "none"
        return f"{self.edge:,.10g} or {'more' if self.above else 'less'}"


def _yes_or_no(feature: Feature) -> bool:
    return feature.kind == "ever" or bool(feature.codes and set(feature.codes.values()) <= {0.0, 1.0})


def _end(feature: Feature, values: pd.Series, outcome: pd.Series) -> _End:
    """Return which end of a feature's values is the fact."""
    if _yes_or_no(feature) or feature.kind == "count":
        return _End(1.0, above=True)
    high = _needs_more(values, outcome)
    end = _End(_two_digits(float(values.quantile(1 - TAIL if high else TAIL))), high)
    # where many children share the value, those beyond it are the end
    return replace(end, beyond=bool(end.holds(values).sum() > _HALF * values.notna().sum()))


def _meaning(feature: Feature, end: _End, as_of: str) -> Meaning:
    """Return which children have a fact, without what only names it."""
    whose = Meaning(
        kind="home",
        agency=feature.agency,
        of=feature.of,
        within_days=feature.within_days,
        dated=feature.dated,
        as_of=as_of,
    )
    if feature.kind in ("count", "ever"):
        where = tuple(sorted((name, tuple(sorted(values))) for name, values in feature.where.items()))
        return replace(whose, kind="rows", where=where)
    measured = replace(whose, edge=end.edge, above=end.above, beyond=end.beyond)
    if feature.kind == "household_size":
        return measured
    if _yes_or_no(feature):
        ones = tuple(sorted(code for code, number in feature.codes.items() if number == 1))
        return replace(whose, kind="value", column=feature.column, values=ones)
    codes = tuple(sorted(feature.codes.items()))
    return replace(measured, kind="value", column=feature.column, codes=codes)


def _needs_more(values: pd.Series, outcome: pd.Series) -> bool:
    """Return whether the outcome is more frequent among high values than among low ones."""
    low, high = values.quantile(TAIL), values.quantile(1 - TAIL)
    return bool(outcome[values >= high].mean() >= outcome[values <= low].mean())


def _two_digits(value: float) -> float:
    """Return a value to two significant digits, so that it is no child's own."""
    if not isfinite(value) or value == 0:
        return 0.0
    return round(value, 1 - floor(log10(abs(value))))
