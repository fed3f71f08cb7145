"""Drafts: what is said of an asset, before the register has written it and after."""

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is said of an asset, in the register or not yet.

    `longitude` and `latitude` are degrees in EPSG:4326, both or neither. `place` and `area` name the place
    whose areas hold the point, None outside every place. `source_category` is the category as the source
    wrote it. `confirmed_on` says when somebody last checked it in the world. `precision` says how precisely
    the public may know where it is. `opening_hours` is in OpenStreetMap's syntax. `identifiers` may hold
    uprn, charity, company, urn, ods and osm.
    """

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


@dataclass(frozen=True, kw_only=True)
class Draft(Facts):
    """The facts of an asset to be."""
