"""A service as Open Referral UK 3.0 wants it: its locations, the area it is for, who gives it and what it costs."""

from typing import Literal

from pydantic import model_validator

from assets.referral_parts import Classified, Contact, Language, Location, Phone, Schedule
from assets.referral_values import Age, Day, Email, Id, Moment, Name, Number, Uri


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
