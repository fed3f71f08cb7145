"""The part of a recipe that speaks of agencies' records: whose, what of them, and what has to be reached."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from risk.answers import Answers
from risk.declarations import Feature
from risk.enforcement import EnforcementPermit
from risk.linkage_settings import Loss
from risk.outcomes import Published
from risk.sources import Group, Outcome
from risk.spec import ModelSpec

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,40}$")]


class Part(BaseModel):
    """What every part has in common: no unknown key, no guessed type, no change once read."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Enforcement(Part):
    """The permission to read fields that measure enforcement: why, who asked, and the second person who agreed."""

    reason: Text = Field(description="Why need cannot be seen without them, in a sentence or more.")
    asked_by: Text = Field(description="The person who asks for it, by name.")
    agreed_by: Text = Field(description="A second person, who has read the reason and agrees, by name.")

    @model_validator(mode="after")
    def _holds(self) -> Self:
        faults = self.permit.faults()
        if faults:
            raise ValueError(" ".join(f"{fault.what} {fault.cure}" for fault in faults))
        return self

    @property
    def permit(self) -> EnforcementPermit:
        """Return the permission as the extracts are read with it."""
        return EnforcementPermit(self.reason, self.asked_by, self.agreed_by)


class Grouping(Part):
    """One grouping by which the result is judged; it never predicts."""

    name: Identifier = Field(description="A short name, such as 'ethnicity'.")
    agency: Identifier = Field(description="The agency that tells it.")
    column: Text = Field(description="Its column.")
    not_told: list[Text] = Field(default_factory=list, description="Values that mean nobody said.")

    @property
    def group(self) -> Group:
        """Return the grouping as the children are made with it."""
        return Group(self.name, self.agency, self.column, tuple(self.not_told))


class LinkageLoss(Part):
    """What a wrong link costs beside a missed one."""

    wrong: Annotated[float, Field(gt=0)] = Field(
        default=9.0, description="The cost of a wrong link, above 0."
    )
    missed: Annotated[float, Field(gt=0)] = Field(
        default=1.0, description="The cost of a missed link, above 0."
    )

    @property
    def loss(self) -> Loss:
        """Return the costs as linkage takes them."""
        return Loss(self.wrong, self.missed)


class RecordsRisk(Part):
    """Risk found from agencies' records of persons."""

    kind: Literal["records"] = Field(description="How risk is made: 'index', 'rate' or 'records'.")
    agencies: Annotated[list[Identifier], Field(min_length=1)] = Field(
        description="The agencies whose extracts are read, each with a contract in risk/contracts."
    )
    enforcement: Enforcement | None = Field(
        default=None, description="The permission to read what measures enforcement; unset: it is not read."
    )
    outcome: Outcome = Field(description="Where the outcome is: agency, column, its bad and its good values.")
    published: Published | None = Field(
        default=None,
        description="The share with the outcome as published elsewhere: shows one that was exchanged.",
    )
    cohorts: Annotated[int, Field(ge=2, le=10)] = Field(
        default=5, description="How many of the latest cohorts with an outcome are pooled."
    )
    cutoff: Literal["31 August before reception"] = Field(
        default="31 August before reception",
        description="Nothing known of a child after this day is read as a feature.",
    )
    deprivation: Annotated[list[Text], Field(min_length=1)] = Field(
        description="The place's indicators, more being worse, whose mean gives the deprivation decile."
    )
    features: Annotated[list[Feature], Field(min_length=1)] = Field(
        description="What is made of the records, one [[risk.features]] table each."
    )
    groups: list[Grouping] = Field(
        default_factory=list, description="Groupings by which the result is judged, beside sex and term."
    )
    linkage: LinkageLoss = Field(default_factory=LinkageLoss, description="What a wrong link costs.")
    model: ModelSpec = Field(
        default_factory=ModelSpec, description="How the model is fitted, and its pass mark."
    )
    draws: Annotated[int, Field(ge=50, le=5000)] = Field(
        default=400, description="How many draws carry the uncertainty."
    )
    margin: Annotated[float, Field(ge=0, lt=1)] = Field(
        default=0.05,
        description="By how much a predicted hotspot exceeds the district, a share: 0.05 is 5 in 100.",
    )
    certainty: Annotated[float, Field(gt=0.5, le=1)] = Field(
        default=0.8, description="From which chance an area is called a predicted hotspot."
    )
    record: Answers = Field(
        default_factory=Answers, description="What only people can say: owner, lawful basis, assessments."
    )

    @model_validator(mode="after")
    def _agencies_are_read(self) -> Self:
        read = [self.outcome.agency, *(item.agency for item in self.groups)]
        read += [item.agency for item in self.features if item.agency]
        absent = sorted({agency for agency in read if agency not in self.agencies})
        if absent:
            raise ValueError(f"agencies does not list {', '.join(absent)}, which the recipe reads")
        return self
