"""Open Referral UK 3.0: what the profile asks of a service, checked by schema and by range.

Reference: the UK profile of the Human Services Data Specification 3.0, https://docs.openreferraluk.org.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from words.faults import Fault

_EMAIL = re.compile(r"[^@\s<>\"'(),:;\[\]\\]+@[^@\s<>\"'(),:;\[\]\\.]+(\.[^@\s<>\"'(),:;\[\]\\.]+)+")
_DAYS = re.compile(r"[+-]?\d{0,2}(MO|TU|WE|TH|FR|SA|SU)(,[+-]?\d{0,2}(MO|TU|WE|TH|FR|SA|SU))*")


def _uuid(text: str) -> str:
    try:
        UUID(text)
    except ValueError as error:
        raise ValueError("it is not a UUID") from error
    return text


def _filled(text: str) -> str:
    if not text.strip():
        raise ValueError("it is blank")
    return text


def _uri(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("it is not a web address: write it like https://example.org")
    return text


def _email(text: str) -> str:
    if not _EMAIL.fullmatch(text):
        raise ValueError("it is not an e-mail address")
    return text


def _day(text: str) -> str:
    try:
        date.fromisoformat(text)
    except ValueError as error:
        raise ValueError("it is not a day: write it like 2026-05-31") from error
    return text


def _moment(text: str) -> str:
    try:
        datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError("it is not a time: write it like 2026-05-31T10:30:00.000Z") from error
    return text


def _clock(text: str) -> str:
    try:
        time.fromisoformat(text)
    except ValueError as error:
        raise ValueError("it is not a time of day: write it like 10:00") from error
    return text


def _byday(text: str) -> str:
    if not _DAYS.fullmatch(text):
        raise ValueError("it is not a list of days: write it like MO,WE")
    return text


Id = Annotated[str, AfterValidator(_uuid)]
Name = Annotated[str, AfterValidator(_filled)]
Uri = Annotated[str, AfterValidator(_uri)]
Email = Annotated[str, AfterValidator(_email)]
Day = Annotated[str, AfterValidator(_day)]
Moment = Annotated[str, AfterValidator(_moment)]
Clock = Annotated[str, AfterValidator(_clock)]
Days = Annotated[str, AfterValidator(_byday)]
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
Kind = Literal["physical", "postal", "virtual"]
Number = Annotated[int | float, Field(allow_inf_nan=False)]
Age = Annotated[int | float, Field(ge=0, le=130, allow_inf_nan=False)]
Latitude = Annotated[int | float, Field(ge=-90, le=90, allow_inf_nan=False)]
Longitude = Annotated[int | float, Field(ge=-180, le=180, allow_inf_nan=False)]


class Part(BaseModel):
    """Any part of a record: kept as it came; a value of null counts as absent; other keys are left out."""

    model_config = ConfigDict(extra="ignore", strict=True, frozen=True)

    id: Id

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, data: object) -> object:
        if not isinstance(data, Mapping):
            return data
        return {key: value for key, value in data.items() if value is not None}


class Term(Part):
    """A term of a taxonomy."""

    name: Name
    description: str
    parent_id: Id | None = None
    taxonomy: str | None = None
    taxonomy_id: Id | None = None
    term_uri: Uri | None = None
    term: str | None = None
    code: str | None = None


class Taxonomy(Part):
    """A taxonomy."""

    name: Name
    description: str
    uri: Uri | None = None
    version: str | None = None
    taxonomy_terms: list[Term] | None = None


class Attribute(Part):
    """What classifies a part: a link to a term."""

    link_id: Id | None = None
    taxonomy_term_id: Id | None = None
    link_type: str | None = None
    link_entity: str | None = None
    value: str | None = None
    taxonomy_term: Term | None = None


class Classified(Part):
    """A part that terms classify."""

    attributes: list[Attribute] | None = None


class Language(Part):
    """A language in which a service is given."""

    service_id: Id | None = None
    location_id: Id | None = None
    phone_id: Id | None = None
    name: str | None = None
    code: str | None = None
    note: str | None = None


class Phone(Classified):
    """A telephone number."""

    number: Name
    extension: str | Number | None = None
    type: str | None = None
    description: str | None = None
    languages: list[Language] | None = None


class Contact(Classified):
    """Whom to ask."""

    service_id: Id | None = None
    organization_id: Id | None = None
    name: str | None = None
    title: str | None = None
    department: str | None = None
    email: Email | None = None
    phones: list[Phone] | None = None


class Address(Classified):
    """An address of a location."""

    location_id: Id | None = None
    attention: str | None = None
    address_1: str
    city: str
    region: str | None = None
    state_province: str
    postal_code: str
    country: Country
    address_type: Kind


class Accessibility(Classified):
    """How people with disabilities get in."""

    location_id: Id | None = None
    description: str | None = None
    details: str | None = None
    url: Uri | None = None
    accessibility: str | None = None


class Schedule(Classified):
    """When a service is open."""

    service_id: Id | None = None
    service_at_location_id: Id | None = None
    location_id: Id | None = None
    valid_from: Day | None = None
    valid_to: Day | None = None
    dtstart: Day | None = None
    freq: Literal["WEEKLY", "MONTHLY"] | None = None
    interval: Number | None = None
    byday: Days | None = None
    bymonthday: str | None = None
    description: str | None = None
    opens_at: Clock | None = None
    closes_at: Clock | None = None
    schedule_link: Uri | None = None
    attending_type: str | None = None
    notes: str | None = None


class Location(Classified):
    """Where a service is given."""

    location_type: Kind
    name: str | None = None
    description: str | None = None
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    external_identifier: str | None = None
    external_identifier_type: str | None = None
    addresses: list[Address] | None = None
    accessibility: list[Accessibility] | None = None
    contacts: list[Contact] | None = None
    phones: list[Phone] | None = None
    schedules: list[Schedule] | None = None
    languages: list[Language] | None = None


class ServiceAtLocation(Classified):
    """That a service is given at a location."""

    service_id: Id | None = None
    location_id: Id | None = None
    description: str | None = None
    location: Location | None = None
    contacts: list[Contact] | None = None
    phones: list[Phone] | None = None
    schedules: list[Schedule] | None = None


class ServiceArea(Classified):
    """For whose area a service is."""

    service_id: Id | None = None
    name: str | None = None
    description: str | None = None
    extent: str | None = None
    extent_type: str | None = None
    uri: str | None = None
    service_area: str | None = None


class OrganizationIdentifier(Classified):
    """A number of an organisation in a register of others."""

    organization_id: Id | None = None
    identifier_scheme: str | None = None
    identifier_type: str
    identifier: Name


class Funding(Classified):
    """Who pays."""

    organization_id: Id | None = None
    service_id: Id | None = None
    source: str | None = None


class Organization(Classified):
    """Who gives a service."""

    name: Name
    description: str
    email: Email | None = None
    website: Uri | None = None
    logo: str | None = None
    uri: Uri | None = None
    parent_organization_id: Id | None = None
    organization_identifiers: list[OrganizationIdentifier] | None = None
    funding: list[Funding] | None = None
    contacts: list[Contact] | None = None
    phones: list[Phone] | None = None


class CostOption(Classified):
    """What a service costs."""

    service_id: Id | None = None
    valid_from: Day | None = None
    valid_to: Day | None = None
    option: str | None = None
    currency: str | None = None
    amount: Number | None = None
    amount_description: str | None = None


class Service(Classified):
    """A service, with all that the profile hangs on it."""

    organization_id: Id | None = None
    name: Name
    description: str | None = None
    url: Uri | None = None
    email: Email | None = None
    status: Literal["active", "inactive", "defunct", "temporarily closed"]
    fees: str | None = None
    accreditations: str | None = None
    minimum_age: Age | None = None
    maximum_age: Age | None = None
    assured_date: Day | None = None
    assurer_email: Email | None = None
    alert: str | None = None
    last_modified: Moment | None = None
    schedules: list[Schedule] | None = None
    service_areas: list[ServiceArea] | None = None
    service_at_locations: list[ServiceAtLocation] | None = None
    languages: list[Language] | None = None
    organization: Organization | None = None
    funding: list[Funding] | None = None
    cost_options: list[CostOption] | None = None
    contacts: list[Contact] | None = None
    phones: list[Phone] | None = None

    @model_validator(mode="after")
    def _ages_in_order(self) -> "Service":
        if (
            self.minimum_age is not None
            and self.maximum_age is not None
            and self.minimum_age > self.maximum_age
        ):
            raise ValueError("its minimum age is above its maximum age")
        return self


def checked_service(
    record: object, file: str = "", row: int | None = None
) -> tuple[dict[str, Any], list[Fault]]:
    """Return what the profile knows of a service's record, as it came, and everything that is wrong with it."""
    try:
        service = Service.model_validate(record)
    except ValidationError as error:
        return {}, [
            _fault(part, file, row) for part in error.errors(include_url=False, include_context=False)
        ]
    except RecursionError:
        return {}, [Fault("The record is nested too deep.", "Mend it at its source.", file, row)]
    return service.model_dump(exclude_unset=True), []


_SAID = {
    "missing": "This field is required, and missing.",
    "greater_than_equal": "The number is too small: out of range.",
    "less_than_equal": "The number is too large: out of range.",
    "literal_error": "It is none of the values that the profile allows.",
    "string_type": "It is not text.",
    "string_pattern_mismatch": "It is not a code of two letters, such as GB.",
    "list_type": "It is not a list.",
    "model_type": "It is not an object of names and values.",
}


def _fault(part: Mapping[str, Any], file: str, row: int | None) -> Fault:
    message = str(part["msg"]).removeprefix("Value error, ")
    what = _SAID.get(str(part["type"]), f"{message[:1].upper()}{message[1:]}.")
    expected = (
        f" Allowed: {message.removeprefix('Input should be ')}." if part["type"] == "literal_error" else ""
    )
    value = part.get("input")
    shown = "" if part["type"] == "missing" or isinstance(value, dict | list) else str(value)[:60]
    column = ".".join(str(step) for step in part["loc"] if step not in ("int", "float"))
    return Fault(what, f"Mend it at its source.{expected}", file, row, column, shown)


def left_out(record: object, known: Mapping[str, Any], path: str = "") -> set[str]:
    """Return the names of the fields that a record has and the profile does not know, lists not counted."""
    found: set[str] = set()
    if not isinstance(record, Mapping):
        return found
    for key, value in record.items():
        step = f"{path}.{key}" if path else str(key)
        if value is None:
            continue
        if key not in known:
            found.add(step)
        elif isinstance(value, Mapping) and isinstance(known[key], Mapping):
            found |= left_out(value, known[key], step)
        elif isinstance(value, list) and isinstance(known[key], list):
            for one, other in zip(value, known[key], strict=True):
                found |= left_out(one, other, step)
    return found
