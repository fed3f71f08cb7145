"""Answers: what only people can say of a run from records, and which of it a release cannot do without."""

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

NOT_GIVEN = "not given"
UNANSWERED = "..."
"""What stands for an answer in an example: whoever leaves it as it is has not answered."""
EXAMPLES = {
    "assessments": f'assessments = [{{kind = "data protection", name = "{UNANSWERED}"}}]',
    "risks": f'risks = [{{risk = "{UNANSWERED}", mitigation = "{UNANSWERED}"}}]',
}
"""How the keys that hold more than a text are written."""


def _answered(value: object) -> object:
    return "" if isinstance(value, str) and value.strip() == UNANSWERED else value


Text = Annotated[str, BeforeValidator(_answered), StringConstraints(strip_whitespace=True)]
DATA_PROTECTION = "data protection"


class Part(BaseModel):
    """What every part has in common: no unknown key, no change once read; empty means not given."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Assessment(Part):
    """An impact assessment that was made."""

    kind: Literal["data protection", "equality", "other"] = Field(
        description="'data protection', 'equality' or 'other'."
    )
    name: Text = Field(min_length=1, description="What it is called.")
    date: Text = Field(default="", description="When it was made, as 2027-05-01.")
    link: Text = Field(default="", description="Where it can be read.")
    description: Text = Field(default="", description="What it found, in a sentence or two.")


class Hazard(Part):
    """A risk that was seen, and what is done about it."""

    risk: Text = Field(min_length=1, description="What could go wrong, and for whom.")
    mitigation: Text = Field(min_length=1, description="What is done about it.")


class Answers(Part):
    """What a recipe from records asks of the people who answer for it. Every key may be left out; that shows."""

    organisation: Text = Field(default="", description="Who answers for the tool.")
    team: Text = Field(default="", description="Which team of theirs.")
    senior_responsible_owner: Text = Field(
        default="", description="The post that is accountable, by name or title."
    )
    contact: Text = Field(default="", description="An address that residents can write to.")
    website: Text = Field(default="", description="Where this is published.")
    supplier: Text = Field(default="", description="Who supplied the tool, or 'none'.")
    supplier_role: Text = Field(default="", description="What the supplier does.")
    procurement: Text = Field(default="", description="How it was procured.")
    terms_of_access: Text = Field(default="", description="On what terms a supplier may see the data.")
    lawful_basis: Text = Field(default="", description="The lawful basis of putting these records together.")
    benefit: Text = Field(default="", description="Who is meant to gain, and what.")
    previous_process: Text = Field(default="", description="How this was decided before.")
    alternatives_considered: Text = Field(
        default="", description="What else was thought of, and why this was chosen."
    )
    integration: Text = Field(default="", description="Which decision the result informs, and how.")
    human_review: Text = Field(
        default="", description="Who looks at a result before anything is done, and can say no."
    )
    frequency_and_scale: Text = Field(
        default="", description="How often it is used, and how many people it touches."
    )
    training: Text = Field(default="", description="What people who use it have to learn first.")
    appeals: Text = Field(default="", description="How a resident can ask, correct, object, and be answered.")
    phase: Text = Field(default="", description="Idea, design, pilot, in use, or retired.")
    maintenance: Text = Field(default="", description="Who keeps it right, and how often.")
    assessments: list[Assessment] = Field(default_factory=list, description="Impact assessments made.")
    risks: list[Hazard] = Field(
        default_factory=list, description="Risks seen, each with what is done about it."
    )


NEEDED = (
    "organisation",
    "senior_responsible_owner",
    "contact",
    "lawful_basis",
    "benefit",
    "integration",
    "human_review",
    "appeals",
    "risks",
)
"""What a record must say before a run is released, beside a named data protection assessment."""


def lacking(answers: Answers) -> dict[str, str]:
    """Return what a release still asks for, as key and meaning; empty where the record is complete."""
    asked = {
        name: str(Answers.model_fields[name].description) for name in NEEDED if not getattr(answers, name)
    }
    if not any(made.kind == DATA_PROTECTION for made in answers.assessments):
        asked["assessments"] = "A data protection impact assessment, by its name."
    return asked


def said(text: str) -> str:
    """Return an answer, or 'not given'."""
    return text or NOT_GIVEN
