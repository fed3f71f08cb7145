"""Geocoding: a postcode, coordinates or a typed name brought to a point and the areas that it means."""

import re
from dataclasses import dataclass, replace

import pandas as pd
import pyproj
import shapely

from geo.crs import BRITISH_GRID, WIRE, in_united_kingdom
from geo.gridref import from_reference, looks_like_reference
from geo.place import Place
from geo.postcodes import NO_LOCATION, normalise

_GRID_EAST, _GRID_NORTH = 700_000, 1_300_000
_NUMBER = r"([+-]?\d+(?:\.\d+)?)\s*°?"
_PAIR = re.compile(rf"\s*{_NUMBER}\s*[,; ]\s*{_NUMBER}\s*")
_POSTCODE_LIKE = re.compile(r"[a-z]{1,2}\d[a-z\d]?\s*\d\w{2}", re.IGNORECASE)


@dataclass(frozen=True)
class Location:
    """Where something is, in degrees of EPSG:4326, and how that was found.

    `status` is "found", "terminated" (a postcode no longer in use, still with its point), "swapped"
    (latitude and longitude were the wrong way round; the point is the one meant), "outside" (not in the
    United Kingdom), "no location", "unknown" (a postcode that the place's table lacks) or "malformed";
    `note` says it in a sentence. Without a point, longitude and latitude are None. `quality` is the
    postcode table's own positional quality.
    """

    longitude: float | None
    latitude: float | None
    method: str
    status: str = "found"
    quality: int | None = None
    note: str = ""
    area: str | None = None


def geocode(text: str, place: Place) -> Location:
    """Return where a postcode, a grid reference or a text such as "51.57, 0.45" (latitude first) is.

    Two numbers too large for degrees are an easting and a northing in metres.
    """
    if looks_like_reference(text):
        return from_grid_reference(text, place)
    pair = _PAIR.fullmatch(text)
    if pair:
        first, second = float(pair.group(1)), float(pair.group(2))
        if max(abs(first), abs(second)) > 180:
            return from_grid(first, second, place)
        return from_coordinates(first, second, place)
    return from_postcode(text, place)


def from_coordinates(latitude: float, longitude: float, place: Place | None = None) -> Location:
    """Return the location of a point in degrees, saying where the two are swapped or outside Britain."""
    method = "coordinates"
    if not (_degrees(latitude, longitude) or _degrees(longitude, latitude)):
        return Location(None, None, method, "malformed", note=f"{latitude:g}, {longitude:g} are not degrees.")
    if latitude == 0 and longitude == 0:
        return Location(
            None, None, method, "no location", note="0, 0 stands for a location that is not known."
        )
    if in_united_kingdom(longitude, latitude):
        return Location(longitude, latitude, method, area=_area_at(longitude, latitude, place))
    if in_united_kingdom(latitude, longitude):
        note = (
            f"Latitude and longitude were swapped: taken as latitude {longitude:g}, longitude {latitude:g}."
        )
        return Location(
            latitude, longitude, method, "swapped", note=note, area=_area_at(latitude, longitude, place)
        )
    area = _area_at(longitude, latitude, place)
    if area is not None:
        return Location(longitude, latitude, method, area=area)
    note = f"Latitude {latitude:g}, longitude {longitude:g} lies outside the United Kingdom."
    return Location(longitude, latitude, method, "outside", note=note)


def from_grid(easting: float, northing: float, place: Place | None = None) -> Location:
    """Return the location of a point of the British grid (EPSG:27700, metres)."""
    move = pyproj.Transformer.from_crs(BRITISH_GRID, WIRE, always_xy=True)
    longitude, latitude = move.transform(easting, northing)
    # numbers far off the grid come back as degrees that look sound
    on_grid = 0 <= easting <= _GRID_EAST and 0 <= northing <= _GRID_NORTH
    if not (on_grid and in_united_kingdom(longitude, latitude)):
        note = f"{easting:g}, {northing:g} lies outside the British grid."
        return Location(None, None, "grid", "outside", note=note)
    return Location(longitude, latitude, "grid", area=_area_at(longitude, latitude, place))


def from_grid_reference(text: str, place: Place | None = None) -> Location:
    """Return the location of a reference of the British grid, such as "TQ 699 908".

    `note` says how large the square is whose middle the point stands for.
    """
    found = from_reference(text)
    if found is None:
        note = f"{text.strip()!r} is not a grid reference of Britain."
        return Location(None, None, "grid", "malformed", note=note)
    easting, northing, metres = found
    location = from_grid(easting, northing, place)
    size = f"{metres} m" if metres < 1000 else f"{metres // 1000} km"
    return replace(location, note=location.note or f"The middle of a square of {size}.")


def from_postcode(text: str, place: Place) -> Location:
    """Return the location of a postcode by the place's table, with its quality, terminated or not."""
    postcode = normalise(text)
    if postcode is None:
        return Location(None, None, "postcode", "malformed", note=f"{text.strip()!r} is not a postcode.")
    table = place.postcodes()
    row = None if table is None else table[table["postcode"] == postcode]
    if row is None or row.empty:
        note = f"{postcode} is not among the postcodes of {place.title}."
        return Location(None, None, "postcode", "unknown", note=note)
    return postcode_location(postcode, row.iloc[0], place)


def postcode_location(postcode: str, row: pd.Series, place: Place) -> Location:
    """Return the location that one row of a place's postcode table gives."""
    quality = None if pd.isna(row["quality"]) else int(row["quality"])
    if quality in NO_LOCATION or pd.isna(row["x"]):
        note = f"{postcode} has no known location."
        return Location(None, None, "postcode", "no location", quality, note)
    move = pyproj.Transformer.from_crs(place.crs, WIRE, always_xy=True)
    longitude, latitude = move.transform(float(row["x"]), float(row["y"]))
    note = f"{postcode} is no longer in use." if row["terminated"] else ""
    status = "terminated" if row["terminated"] else "found"
    return Location(longitude, latitude, "postcode", status, quality, note, str(row["area"]))


def _degrees(latitude: float, longitude: float) -> bool:
    return -90 <= latitude <= 90 and -180 <= longitude <= 180


def looks_like_postcode(text: str) -> bool:
    """Say whether a typed text is meant as a postcode, right or wrong."""
    return _POSTCODE_LIKE.fullmatch(text.strip()) is not None


def _area_at(longitude: float, latitude: float, place: Place | None) -> str | None:
    """Return the code of the area that holds a point, or None."""
    if place is None:
        return None
    areas = place.areas()
    move = pyproj.Transformer.from_crs(WIRE, place.crs, always_xy=True)
    point = shapely.Point(*move.transform(longitude, latitude))
    found = areas.index[areas.geometry.intersects(point)]
    return str(found[0]) if len(found) else None
