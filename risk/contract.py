"""Contracts: what each agency's extract is agreed to hold, on what basis and for how long, as TOML with a schema."""

import tomllib
from collections.abc import Sequence
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from risk.errors import RiskError
from words.faults import Fault

SHIPPED = Path(__file__).resolve().parent / "contracts"

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Measure = Literal["identifier", "administrative", "need", "contact", "enforcement", "outcome"]
PersonalRole = Literal[
    "record",
    "person",
    "household",
    "forename",
    "surname",
    "sex",
    "date_of_birth",
    "guardian",
    "guardian_forename",
    "guardian_surname",
    "address",
    "postcode",
    "uprn",
]
Role = Literal[PersonalRole, "group", "outcome"]
PERSONAL: tuple[PersonalRole, ...] = get_args(PersonalRole)
"""Roles that no feature table may hold, whatever a contract says the column measures."""


class Part(BaseModel):
    """What every part of a contract has in common: no unknown key, no guessed type, no change once read."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Column(Part):
    """One column of an extract."""

    type: Literal["text", "code", "integer", "number", "date"]
    measures: Measure
    label: Text
    role: Role | None = None
    blank: bool = False
    unique: bool = False
    pattern: Text | None = None
    allowed: list[Text] | None = None
    minimum: float | int | None = None
    maximum: float | int | None = None
    format: Text | None = None
    known_on: Text | None = None
    male: Text | None = None
    female: Text | None = None
    order: Text | None = Field(
        default=None,
        description="For a guardian: the parts of the name, in order, such as 'surname initial'.",
    )


class Contract(Part):
    """The contract of one agency's extract.

    `key` names the columns that tell rows apart, `person` the one by which the agency tells persons apart, and `as_of`
    the date of each row, which must lie from `period_from` to `period_to`. `in_order` lists pairs of date columns of
    which the first cannot be after the second: a row that says otherwise contradicts itself. `home_as_of` is the date
    on which a row's address was known to be right, where that is another than `as_of`.
    """

    agency: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,40}$")]
    title: Text
    file: Text
    one_row: Text
    key: Annotated[list[Text], Field(min_length=1)]
    person: Text
    as_of: Text
    home_as_of: Text | None = None
    controller: Text
    lawful_basis: Text
    period_from: date
    period_to: date
    retention: Text
    measures: Annotated[list[Measure], Field(min_length=1)]
    in_order: list[Annotated[list[Text], Field(min_length=2, max_length=2)]] = Field(default_factory=list)
    columns: Annotated[dict[str, Column], Field(min_length=1)]

    def column_of(self, role: Role) -> str | None:
        """Return the name of the column with this role, or None."""
        return next((name for name, column in self.columns.items() if column.role == role), None)

    def dates(self) -> list[str]:
        """Return the columns that hold dates."""
        return [name for name, column in self.columns.items() if column.type == "date"]

    def personal(self) -> list[str]:
        """Return the columns that say who or where a person is: none of them may reach a feature table."""
        return [
            name
            for name, column in self.columns.items()
            if column.measures == "identifier" or column.role in PERSONAL
        ]

    def enforcement(self) -> list[str]:
        """Return the columns that measure enforcement."""
        return [name for name, column in self.columns.items() if column.measures == "enforcement"]

    @property
    def only_enforcement(self) -> bool:
        """Say whether this extract tells of nothing but enforcement."""
        return set(self.measures) == {"enforcement"}


def read_contracts(agencies: Sequence[str], folder: Path = SHIPPED) -> list[Contract]:
    """Return the contracts of the agencies, in the order asked for; RiskError with every fault of every contract."""
    contracts: list[Contract] = []
    faults: list[Fault] = []
    for agency in agencies:
        try:
            contracts.append(read_contract(agency, folder))
        except RiskError as refused:
            faults += refused.faults
    faults += [
        Fault("This agency is named twice.", "Name each agency once.", value=agency)
        for agency in dict.fromkeys(agencies)
        if list(agencies).count(agency) > 1
    ]
    if not agencies:
        faults.append(Fault("No agency is named.", "Name at least one agency whose extract is to be read."))
    if faults:
        raise RiskError(faults)
    return contracts


def read_contract(agency: str, folder: Path = SHIPPED) -> Contract:
    """Return one agency's contract, `folder`/AGENCY.toml; RiskError with every fault it holds."""
    known = sorted(path.stem for path in folder.glob("*.toml"))
    if agency not in known:
        near = get_close_matches(agency, known, 1)
        hint = f"Did you mean {near[0]!r}? " if near else ""
        cure = f"{hint}The contracts in {folder.name} are: {', '.join(known) or 'none'}."
        raise RiskError([Fault("There is no contract of this agency.", cure, value=agency)])
    file = f"{agency}.toml"
    try:
        contract = Contract.model_validate(tomllib.loads((folder / file).read_text("utf-8")))
    except tomllib.TOMLDecodeError as broken:
        raise RiskError([Fault(f"This is not TOML: {broken}.", "Mend the line.", file=file)]) from broken
    except ValidationError as invalid:
        raise RiskError(_schema_faults(invalid, file)) from invalid
    faults = _inner_faults(contract, agency, file)
    if faults:
        raise RiskError(faults)
    return contract


def _schema_faults(invalid: ValidationError, file: str) -> list[Fault]:
    return [
        Fault(
            f"{error['msg']}.",
            "See the head of a shipped contract for the keys of a column.",
            file=file,
            column=".".join(str(part) for part in error["loc"]),
        )
        for error in invalid.errors(include_input=False, include_url=False)
    ]


def _inner_faults(contract: Contract, agency: str, file: str) -> list[Fault]:
    """Return what contradicts itself in a contract whose every key is well formed."""
    faults: list[Fault] = []

    def fault(what: str, cure: str, column: str = "") -> None:
        faults.append(Fault(what, cure, file=file, column=column))

    if contract.agency != agency:
        fault(
            f"The contract speaks of {contract.agency!r}.", "Name the file as the agency is named.", "agency"
        )
    if contract.period_from > contract.period_to:
        fault("The period ends before it begins.", "Exchange the two dates.", "period_from")
    for name in (*contract.key, contract.person, contract.as_of):
        if name not in contract.columns:
            fault(f"{name!r} is not among the columns.", "Describe it under [columns].")
    faults += _date_faults(contract, file)
    for name, column in contract.columns.items():
        known = contract.columns.get(column.known_on) if column.known_on else None
        if column.known_on and (known is None or known.type != "date"):
            fault(f"known_on = {column.known_on!r} is not a date column here.", "Name one.", name)
        if column.type == "date" and not column.format:
            fault("A date needs its format.", 'Give such as format = "%d/%m/%Y".', name)
        if column.type == "code" and not column.allowed:
            fault("A code needs its allowed values.", "List them as allowed = [...].", name)
        # identifiers and dates of administration measure nothing of the person; the rest must be declared on top
        if column.measures not in (*contract.measures, "identifier", "administrative"):
            fault(
                f"It measures {column.measures}, which the extract does not declare.",
                "Add it to measures.",
                name,
            )
    roles = [column.role for column in contract.columns.values() if column.role not in (None, "group")]
    for role in sorted({role for role in roles if role and roles.count(role) > 1}):
        fault(f"Two columns have the role {role!r}.", "Leave it to one.")
    return faults


def _date_faults(contract: Contract, file: str) -> list[Fault]:
    """Return where a contract names as a date what is none of its date columns."""
    pairs = [("in_order", name) for pair in contract.in_order for name in pair]
    named = [("as_of", contract.as_of), ("home_as_of", contract.home_as_of), *pairs]
    dates = contract.dates()
    return [
        Fault(
            f"{key} must be a date, and {name!r} is not a date column here.",
            'Give it type = "date", or name another.',
            file=file,
            column=name,
        )
        for key, name in dict.fromkeys(named)
        if name and name not in dates and (key != "as_of" or name in contract.columns)
    ]
