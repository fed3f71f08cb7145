"""Addresses: asking a geocoding service, through geopy, where somebody has set one up."""

import os
import re
import warnings
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlsplit

from geo.errors import GeoError

VARIABLE = "LARDER_GEOCODER"
_PATTERN = re.compile(r"(nominatim|pelias):(https?://\S+)", re.IGNORECASE)
_AGENT = "larder-asset-register"
SECONDS = 10


@dataclass(frozen=True)
class Address:
    """What a service found: degrees (EPSG:4326), its words for the place, and how near that is.

    `precision` is "building", "street", "area" (a village, a town, a postcode) or "unknown".
    """

    longitude: float
    latitude: float
    label: str
    precision: str


class AddressService(Protocol):
    """Anything that finds addresses."""

    def find(self, address: str) -> Address | None:
        """Return the best answer, or None where there is none. Raises GeoError where the service fails."""


def address_service() -> AddressService | None:
    """Return the service that LARDER_GEOCODER names, or None where it is not set: then nobody is asked.

    It is written `nominatim:https://host/path` or `pelias:https://host/path`. Addresses that are looked up
    leave the machine, so nothing is asked unless somebody sets it. Raises GeoError where it is set to
    something else.
    """
    text = os.environ.get(VARIABLE, "").strip()
    if not text:
        return None
    found = _PATTERN.fullmatch(text)
    if found is None:
        raise GeoError(
            f"{VARIABLE} is not the address of a geocoder.",
            "Write it like nominatim:https://nominatim.example.org, or leave it out.",
        )
    return Service(found.group(1).lower(), found.group(2))


class Service:
    """A Nominatim or Pelias server."""

    def __init__(self, kind: str, address: str, seconds: float = SECONDS) -> None:
        parts = urlsplit(address)
        domain = f"{parts.netloc}{parts.path}".rstrip("/")
        # geopy takes 0.2 s to import, and only a home with a geocoder needs it
        from geopy.geocoders import Nominatim, Pelias  # noqa: PLC0415

        made = {"nominatim": Nominatim, "pelias": Pelias}[kind]
        self._kind = kind
        self._coder: Any = made(domain=domain, scheme=parts.scheme, user_agent=_AGENT, timeout=seconds)

    def find(self, address: str) -> Address | None:
        """Return the best answer for an address in the United Kingdom."""
        from geopy.exc import GeopyError  # noqa: PLC0415 - as above

        only_here = {"country_codes": "gb"} if self._kind == "nominatim" else {"countries": ["GBR"]}
        try:
            with warnings.catch_warnings():
                # geopy warns of a latitude out of range and then refuses it, which is told below
                warnings.simplefilter("ignore", UserWarning)
                found = self._coder.geocode(address, exactly_one=True, **only_here)
        except (GeopyError, KeyError, ValueError, TypeError, AttributeError) as error:
            what = f"The geocoder does not answer as one: {type(error).__name__}."
            raise GeoError(what, f"Check {VARIABLE}, or leave it out.") from error
        if found is None or not (-90 <= found.latitude <= 90 and -180 <= found.longitude <= 180):
            return None
        return Address(found.longitude, found.latitude, str(found.address), _precision(self._kind, found.raw))


_NOMINATIM = {
    "building": "building", "house": "building", "amenity": "building", "shop": "building", "leisure": "building",
    "office": "building", "place": "building", "road": "street", "residential": "street", "street": "street",
}  # fmt: skip
_PELIAS = {"address": "building", "venue": "building", "street": "street"}


def _precision(kind: str, raw: object) -> str:
    if not isinstance(raw, dict):
        return "unknown"
    if kind == "nominatim":
        told = str(raw.get("addresstype") or raw.get("type") or "")
        return _NOMINATIM.get(told, "area" if told else "unknown")
    properties = raw.get("properties")
    layer = str(properties.get("layer", "")) if isinstance(properties, dict) else ""
    return _PELIAS.get(layer, "area" if layer else "unknown")
