"""Declarations: what a feature is, said as data in a recipe, and the dated rows that it is made from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Self

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, model_validator

from risk.errors import RiskError
from words.faults import Fault

Kind = Literal["count", "ever", "recency", "latest", "household_size"]
RESERVED = ("person", "cohort", "area", "outcome", "cutoff")


class Feature(BaseModel):
    """One feature of a child as of its cut-off date, as a recipe declares it.

    `kind`: 'count' of rows, 'ever' (1 or 0), 'recency' (days from the last such row to the cut-off), 'latest'
    (the newest value of `column`), 'household_size' (other people known at the same home). `where` narrows to
    rows whose columns hold one of the values. `of = "household"` looks at the rows of the *others* at the
    child's home. `within_days` looks back no further than that. `absent` says what it means that an agency
    holds no row: 'unknown' (it may not know this child: the feature is missing) or 'none' (it holds every
    such event: 0). `codes` turns the values of a coded column into numbers; a value not listed is missing.

    `dated` names the date column that says when the fact became known. Leave it out, and the contract's own
    date is taken, which is the safe way.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$", description="A short name of its own.")
    label: str = Field(description="What it says, in plain words.")
    kind: Kind = Field(description="'count', 'ever', 'recency', 'latest' or 'household_size'.")
    agency: str = Field(default="", description="Whose rows are read.")
    column: str = Field(default="", description="With 'latest': the column whose newest value is taken.")
    where: dict[str, tuple[str, ...]] = Field(
        default={}, description="Only rows whose columns hold one of these values."
    )
    codes: dict[str, float] = Field(default={}, description="The number of each code; others are missing.")
    dated: str = Field(
        default="", description="The date on which it became known; unset: as in the contract."
    )
    within_days: int | None = Field(default=None, gt=0, description="How far back it looks, in days.")
    of: Literal["child", "household"] = Field(
        default="child", description="Of the 'child', or of the others in its 'household'."
    )
    absent: Literal["unknown", "none"] = Field(
        default="unknown", description="What no row means: 'unknown', or 'none' where every event is held."
    )

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Self:
        if self.name.startswith("group_") or self.name in RESERVED:
            raise ValueError(f"{self.name!r} is kept for other use; choose another name")
        if self.kind == "household_size":
            if self.agency or self.column or self.where:
                raise ValueError(
                    "household_size is made from the homes alone: leave out agency, column and where"
                )
        elif not self.agency:
            raise ValueError("name the agency")
        if (self.kind == "latest") != bool(self.column):
            raise ValueError("column is for kind 'latest', which needs it")
        if self.kind == "latest" and self.of == "household":
            raise ValueError("the latest value of a household is not defined: count, ever or recency are")
        return self

    def reads(self) -> tuple[str, ...]:
        """Return the columns whose values it reads."""
        return (self.column,) if self.column else tuple(self.where)


@dataclass(frozen=True)
class Source:
    """One agency's linked rows: `person` (opaque number) and typed columns, and when each became known.

    `rows` holds dates as datetime64, numbers as numbers, codes as text, and no identifier. `as_of` is the date
    column on which a row came to be; `known_on` names, for columns that became known later, the date column that
    says when. `in_order` lists pairs of date columns of which the first cannot be after the second: a row that
    says otherwise contradicts itself, and what it says counts as unknown.
    """

    agency: str
    rows: pd.DataFrame
    as_of: str
    known_on: Mapping[str, str] = field(default_factory=dict)
    in_order: Sequence[tuple[str, str]] = ()

    def date_columns(self) -> list[str]:
        """Return the columns that hold dates."""
        return [name for name in self.rows if pd.api.types.is_datetime64_any_dtype(self.rows[name])]


def dated_by(feature: Feature, source: Source) -> str:
    """Return the date column by which a feature's rows count as known."""
    if feature.dated:
        return feature.dated
    return next((source.known_on[name] for name in feature.reads() if name in source.known_on), source.as_of)


def check(features: Sequence[Feature], sources: Mapping[str, Source], homes: pd.DataFrame | None) -> None:
    """Raise RiskError, with every fault, unless each feature can be made from what is there."""
    faults = [fault for source in sources.values() for fault in _source_faults(source)]
    seen: set[str] = set()
    for feature in features:
        if feature.name in seen:
            faults.append(
                Fault("a feature is declared twice.", "Give each its own name.", value=feature.name)
            )
        seen.add(feature.name)
        if homes is None and (feature.of == "household" or feature.kind == "household_size"):
            faults.append(
                Fault("asks for the home, but no homes are given.", "Leave it out.", value=feature.name)
            )
        if feature.kind != "household_size":
            faults += _feature_faults(feature, sources.get(feature.agency))
    if faults:
        raise RiskError(faults)


def _source_faults(source: Source) -> list[Fault]:
    dates = source.date_columns()
    needed = [source.as_of, *source.known_on.values(), *(name for pair in source.in_order for name in pair)]
    faults = [
        Fault("is no column of dates.", "Give it as datetime64.", file=source.agency, column=name)
        for name in dict.fromkeys(needed)
        if name not in dates
    ]
    if "person" not in source.rows:
        faults.append(Fault("has no column 'person'.", "Link the extract first.", file=source.agency))
    return faults


def _feature_faults(feature: Feature, source: Source | None) -> list[Fault]:
    if source is None:
        return [
            Fault(f"feature {feature.name!r} reads an agency that is not there.", "", value=feature.agency)
        ]
    columns = [*feature.reads(), *([feature.dated] if feature.dated else [])]
    faults = [
        Fault(f"feature {feature.name!r} reads a column that is not there.", "", source.agency, column=name)
        for name in columns
        if name not in source.rows
    ]
    if feature.dated and not faults and feature.dated not in source.date_columns():
        faults.append(
            Fault(f"feature {feature.name!r} is dated by no date.", "", source.agency, column=feature.dated)
        )
    if not feature.dated and len({source.known_on.get(name, "") for name in feature.reads()} - {""}) > 1:
        faults.append(
            Fault(
                f"feature {feature.name!r} reads columns that became known on different dates.",
                "Say which counts: dated = …",
                source.agency,
            )
        )
    return faults
