"""The parts of which Open Referral UK 3.0 builds all others: terms, people to ask, places and hours."""

from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict, model_validator

from assets.referral_values import (
    Clock,
    Country,
    Day,
    Days,
    Email,
    Id,
    Kind,
    Latitude,
    Longitude,
    Name,
    Number,
    Uri,
)


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
