"""Sources: linked extracts made ready for features, and the children whom the features are to describe."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, Self

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, model_validator

from risk.declarations import Source
from risk.errors import RiskError
from risk.extracts import Extract
from words.faults import Fault


class Linked(Protocol):
    """What linkage gives: facts without identifiers, persons, and the homes where they were known to live."""

    @property
    def persons(self) -> pd.DataFrame:
        """Return cohort, term of birth and sex by person."""

    def facts(self, extract: Extract) -> pd.DataFrame:
        """Return an extract's facts, with person and area."""

    def known_on(self, extract: Extract) -> Mapping[str, str]:
        """Return which date column says when a column became known."""

    def homes(self, extracts: Sequence[Extract]) -> pd.DataFrame:
        """Return agency, person, household, area and known."""


class Outcome(BaseModel):
    """Where the outcome is: agency, column, and the values that mean 1 (`bad`) and 0 (`good`), none of them both."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    agency: str = Field(description="The agency that tells the outcome.")
    column: str = Field(description="Its column.")
    bad: tuple[str, ...] = Field(description="The values that mean the outcome.")
    good: tuple[str, ...] = Field(description="The values that mean its absence.")

    @model_validator(mode="after")
    def _takes_one_side(self) -> Self:
        both = sorted(set(self.bad) & set(self.good))
        if both:
            raise ValueError(
                f"bad and good both name {', '.join(map(repr, both))}: a value means one of them"
            )
        return self


@dataclass(frozen=True)
class Group:
    """A group for fairness only: an agency's column, and the values that mean *not told*."""

    name: str
    agency: str
    column: str
    not_told: tuple[str, ...] = ()


def make_sources(
    extracts: Mapping[str, Extract],
    linked: Linked,
) -> dict[str, Source]:
    """Return each extract's linked rows as a source, dated by its contract; rows of nobody are left out."""
    return {
        agency: Source(
            agency,
            linked.facts(extract).dropna(subset="person").drop(columns="area"),
            extract.contract.as_of,
            dict(linked.known_on(extract)),
            tuple((earlier, later) for earlier, later in extract.contract.in_order),
        )
        for agency, extract in extracts.items()
    }


def make_homes(extracts: Mapping[str, Extract], linked: Linked) -> pd.DataFrame:
    """Return person, household (a number) and known, for household features."""
    homes = linked.homes(list(extracts.values()))
    return homes.assign(household=pd.factorize(homes["household"])[0])[
        ["person", "household", "known"]
    ].dropna()


def make_children(
    extracts: Mapping[str, Extract],
    linked: Linked,
    outcome: Outcome,
    cohorts: Sequence[int],
    groups: Sequence[Group] = (),
) -> pd.DataFrame:
    """Return the children to describe: person, cohort, area, cutoff, outcome and `group_…`.

    `cohort` is the year of the assessment at the end of reception, as linkage gives it; `cutoff` is the 31 August
    before reception begins, a year earlier; `area` is where the child was known to live on the day nearest to that
    (after it too: this places the child and is no feature). Two outcomes that differ leave it missing. Children without
    cohort or area are left out: the caller counts them.

    :raises RiskError: an outcome or group that is not in the extracts, or a value of the outcome that is neither.
    """
    _check(extracts, outcome, groups)
    persons = linked.persons[linked.persons["cohort"].isin(list(cohorts))]
    found = pd.DataFrame({"person": persons.index, "cohort": persons["cohort"].to_numpy(np.int64)})
    found["cutoff"] = pd.to_datetime((found["cohort"] - 1).astype(str) + "-08-31")
    found["area"] = _areas(found, linked.homes(list(extracts.values())))
    found["outcome"] = found["person"].map(_outcomes(linked.facts(extracts[outcome.agency]), outcome))
    for name in ("sex", "term"):
        found[f"group_{name}"] = found["person"].map(persons[name])
    for group in groups:
        told = linked.facts(extracts[group.agency])
        told = told[~told[group.column].isin(group.not_told)]
        found[f"group_{group.name}"] = found["person"].map(_agreed(told, group.column))
    return found[found["area"].notna()].reset_index(drop=True)


def _areas(children: pd.DataFrame, homes: pd.DataFrame) -> pd.Series:
    known = homes[["person", "area", "known"]].dropna()
    both = children.reset_index()[["index", "person", "cutoff"]].merge(known, on="person")
    both["far"] = (both["known"] - both["cutoff"]).dt.days.abs()
    # the code settles homes equally near, so that it always says the same
    return both.sort_values(["far", "area"]).drop_duplicates("index").set_index("index")["area"]


def _outcomes(facts: pd.DataFrame, outcome: Outcome) -> pd.Series:
    codes = dict.fromkeys(outcome.bad, 1.0) | dict.fromkeys(outcome.good, 0.0)
    unknown = set(facts[outcome.column].dropna().astype(str)) - set(codes)
    if unknown:
        raise RiskError(
            [
                Fault(
                    "is neither the outcome nor its absence.",
                    "Name it in the recipe.",
                    column=outcome.column,
                    value=one,
                )
                for one in sorted(unknown)
            ]
        )
    return _agreed(
        facts.assign(**{outcome.column: facts[outcome.column].astype(object).map(codes)}), outcome.column
    )


def _agreed(facts: pd.DataFrame, column: str) -> pd.Series:
    """Return each person's value, missing where its rows differ."""
    told = facts[["person", column]].dropna()
    by = told.groupby("person")[column]
    return by.first().where(by.nunique() == 1)


def _check(extracts: Mapping[str, Extract], outcome: Outcome, groups: Sequence[Group]) -> None:
    asked = [(outcome.agency, outcome.column), *((group.agency, group.column) for group in groups)]
    faults = [
        Fault(
            "a column that the recipe asks for is not there.",
            "Add the agency or its column.",
            agency,
            column=column,
        )
        for agency, column in asked
        if agency not in extracts or column not in extracts[agency].facts()
    ]
    if faults:
        raise RiskError(faults)
