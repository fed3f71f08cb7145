"""Options: how large the district is, what is true there, and how badly its agencies keep their records."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Literal, get_args

from risk.errors import RiskError
from words.faults import Fault

Scenario = Literal["district", "deprivation", "even", "broken"]
SCENARIOS: tuple[str, ...] = get_args(Scenario)
AGENCIES = ("births", "schools", "housing", "social_care", "police")
BUT_POLICE = AGENCIES[:4]
GROUPS = ("newcomer", "private_rent", "british", "south_asian", "west_african", "east_european", "arabic")
COHORTS = 5


@dataclass(frozen=True)
class Coverage:
    """The share of the children it should hold that an agency does, times `by[group]` for each group a child is in."""

    share: float
    by: Mapping[str, float] = field(default_factory=dict)


COVERAGE: Mapping[str, Coverage] = {
    "births": Coverage(0.985, {"newcomer": 0.55, "east_european": 0.95, "arabic": 0.95}),
    "schools": Coverage(0.98, {"newcomer": 0.97, "private_rent": 0.985}),
    "housing": Coverage(0.97, {"newcomer": 0.85, "private_rent": 0.80, "east_european": 0.75}),
    "social_care": Coverage(0.98, {"newcomer": 0.85}),
    "police": Coverage(0.95, {"newcomer": 0.90}),
}


@dataclass(frozen=True)
class Slips:
    """How often each kind of slip is made, as a share of the rows that it can happen to.

    A diminutive can only be written for a name that has one, a day and a month be swapped only when the day is at
    most 12 and is not the month, and so on. The last two groups say what is blank and what is entered twice.
    """

    diminutive: float = 0.06
    spelling: float = 0.12
    forename_typo: float = 0.02
    surname_typo: float = 0.02
    middle_name: float = 0.02
    not_yet_named: float = 0.02
    names_swapped: float = 0.004
    half_barrel: float = 0.30
    earlier_surname: float = 0.50
    day_month_swapped: float = 0.010
    date_typo: float = 0.008
    first_of_month: float = 0.004
    wrong_year: float = 0.003
    wrong_sex: float = 0.005
    postcode_typo: float = 0.010
    address_typo: float = 0.02
    wrong_uprn: float = 0.006
    contradicted: float = 0.01

    no_forename: float = 0.002
    no_surname: float = 0.001
    no_sex: float = 0.008
    no_date_of_birth: float = 0.005
    no_address: float = 0.010
    no_postcode: float = 0.020
    no_uprn: float = 0.15
    no_guardian: float = 0.08

    entered_twice: float = 0.02

    def scaled(self, typos: float, missing: float, duplicates: float) -> "Slips":
        """Return the slips with each of the three groups multiplied, at most to a share of 1."""

        def factor(name: str) -> float:
            if name == "entered_twice":
                return duplicates
            return missing if name.startswith("no_") else typos

        return replace(
            self, **{f.name: min(1.0, getattr(self, f.name) * factor(f.name)) for f in fields(self)}
        )


@dataclass(frozen=True)
class Options:
    """What the district is like.

    `people` is the number of children (the persons to be linked) in all cohorts, or None for as many as the place's
    own ages give. `typos`, `missing` and `duplicates` multiply the shares of `slips`; 0 turns a kind off and leaves
    the people, their homes and their true risk as they are. `police` says whether the police hand over an extract too:
    it measures enforcement, so a recipe reads it only by a stated permission. `base_rate` is the mean true risk of the
    children living there when they are assessed, as a share. `deprivation` names indicator columns of the place, more
    being worse; empty for those of the usual ones that the place has. `last_cohort` is the year of the last assessment
    known.
    """

    people: int | None = None
    scenario: Scenario = "district"
    typos: float = 1.0
    missing: float = 1.0
    duplicates: float = 1.0
    police: bool = True
    base_rate: float = 0.28
    last_cohort: int = 2026
    deprivation: tuple[str, ...] = ()
    slips: Slips = field(default_factory=Slips)
    coverage: Mapping[str, Coverage] = field(default_factory=lambda: COVERAGE)

    @property
    def cohorts(self) -> tuple[int, ...]:
        """Return the years of assessment whose outcome is known, oldest first."""
        return tuple(range(self.last_cohort - COHORTS + 1, self.last_cohort + 1))

    @property
    def next_cohort(self) -> int:
        """Return the year of assessment still to come."""
        return self.last_cohort + 1

    @property
    def extracted_on(self) -> date:
        """Return the day the extracts were taken: the September after the last assessment."""
        return date(self.last_cohort, 9, 30)

    @property
    def agencies(self) -> tuple[str, ...]:
        """Return the agencies that hand over an extract."""
        return AGENCIES if self.police else BUT_POLICE

    def recorded(self) -> Slips:
        """Return the slips as they are made."""
        return self.slips.scaled(self.typos, self.missing, self.duplicates)


def check_options(options: Options) -> None:
    """Raise RiskError with every option that is out of range."""
    faults = [
        Fault("This cannot be below 0.", "Give 0 or more.", column=name, value=str(getattr(options, name)))
        for name in ("typos", "missing", "duplicates")
        if not getattr(options, name) >= 0
    ]
    if options.scenario not in SCENARIOS:
        cure = f"Choose one of: {', '.join(SCENARIOS)}."
        faults.append(
            Fault("There is no such scenario.", cure, column="scenario", value=str(options.scenario))
        )
    if options.people is not None and not 100 <= options.people <= 2_000_000:
        cure = "Ask for 100 to 2,000,000 children."
        faults.append(Fault("Too few or too many.", cure, column="people", value=str(options.people)))
    if not 0.01 <= options.base_rate <= 0.99:
        cure = "Give a share from 0.01 to 0.99, such as 0.28."
        faults.append(Fault("Not a base rate.", cure, column="base_rate", value=str(options.base_rate)))
    shares = [(f"slips.{f.name}", getattr(options.slips, f.name)) for f in fields(options.slips)]
    for agency in AGENCIES:
        told = options.coverage.get(agency)
        if told is None:
            faults.append(Fault("No coverage is given.", "Give one for each agency.", column=agency))
            continue
        shares += [
            (f"coverage.{agency}", told.share),
            *((f"coverage.{agency}.{g}", v) for g, v in told.by.items()),
        ]
        unknown = [group for group in told.by if group not in GROUPS]
        cure = f"Choose from: {', '.join(GROUPS)}."
        faults += [Fault("There is no such group.", cure, column=agency, value=group) for group in unknown]
    faults += [
        Fault("A share lies from 0 to 1.", "Give such a number.", column=name, value=str(value))
        for name, value in shares
        if not 0 <= value <= 1
    ]
    if faults:
        raise RiskError(faults)
