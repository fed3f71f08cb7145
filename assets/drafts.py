"""Drafts: the values of an asset before the register has written it."""

from dataclasses import dataclass
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
