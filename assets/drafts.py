"""Drafts: the values of an asset before the register has written it."""

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class Draft:
    """The values of an asset to be."""

    name: str
    category: str
    source_category: str
    longitude: float | None
    latitude: float | None
    postcode: str
    address: str
    website: str
    description: str
    geocode_method: str
    geocode_quality: str
    place: str | None
    area: str | None
    confirmed_on: date | None
    source: str
    kind: str = "place"
    for_whom: str = ""
    opening_hours: str = ""
    accessibility: str = ""
    cost: str = ""
    organisation: str = ""
    phone: str = ""
    email: str = ""
    private_name: str = ""
    private_email: str = ""
    private_phone: str = ""
    consent_on: date | None = None
    identifiers: dict[str, str] = field(default_factory=dict, hash=False)
    precision: str = "exact"
    licence: str = ""
