"""Where a row is: its coordinates, a property number, a grid reference, its postcode or its address."""

import math
import re
from dataclasses import dataclass, field

from assets.importers.candidates import Candidate
from assets.importers.mapping import Mapping
from assets.locate import PostcodePoint, Where
from assets.postcode_mending import is_district, readings
from assets.rules import point_faults
from geo.crs import in_united_kingdom
from geo.geocode import from_grid
from geo.gridref import from_reference
from words.faults import Fault

FAR_METRES = 5_000
_EXACT_ENOUGH = "building"


@dataclass
class Findings:
    """What judging a row found: mends, holds, refusals and notes, as they come."""

    mends: list[str] = field(default_factory=list)
    holds: list[str] = field(default_factory=list)
    refusals: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Spotted:
    """The point of a row in degrees, how it was found and how good that is; None for no point."""

    longitude: float | None = None
    latitude: float | None = None
    method: str = "none"
    quality: str = ""


def locate(candidate: Candidate, mapping: Mapping, where: Where, findings: Findings) -> tuple[str, Spotted]:
    """Return the row's postcode as it is written and its point.

    Asked in this order, and the first that gives a point is taken: coordinates, UPRN, grid reference,
    postcode, and the address, where a geocoding service is set up. What is doubtful about them is said.
    """
    postcode, location = _postcode(candidate, where, findings)
    given = _coordinates(candidate, findings)
    if findings.refusals:
        return postcode, Spotted()
    if given is not None:
        findings.holds += _doubts(given, location, where)
        return postcode, _named(given, mapping, location)
    found = _by_uprn(candidate, where, findings) or _by_grid(candidate, findings)
    if found is not None:
        return postcode, found
    if location is not None:
        return postcode, Spotted(location.longitude, location.latitude, "postcode", location.quality)
    return postcode, _by_address(candidate, postcode, where, findings) or _nowhere(postcode, findings)


def _named(given: Spotted, mapping: Mapping, location: PostcodePoint | None) -> Spotted:
    """Return the coordinates as what they are: some sources' own are only their postcode's."""
    if mapping.constants.geocode_method != "postcode" or given.method != "coordinates":
        return given
    quality = location.quality if location else "of the postcode"
    return Spotted(given.longitude, given.latitude, "postcode", quality)


def _nowhere(postcode: str, findings: Findings) -> Spotted:
    reason = f"postcode {postcode} is in no postcode table here" if postcode else "there is no location"
    findings.holds.append(f"{reason}: give its full postcode or its coordinates to put it on the map")
    return Spotted()


def _postcode(candidate: Candidate, where: Where, findings: Findings) -> tuple[str, PostcodePoint | None]:
    """Return the postcode as it is written, mended if need be, and its point if a table here knows it."""
    given = candidate.postcode
    if not given:
        return "", None
    possible = readings(given)
    if not possible:
        findings.notes.append(
            f"postcode {given!r} is only the first half of one"
            if is_district(given)
            else f"postcode {given[:40]!r} is not of the form of one"
        )
        return given, None
    known = ((reading, where.postcode(reading)) for reading in possible)
    chosen, location = next(((reading, at) for reading, at in known if at), (possible[0], None))
    if chosen != given:
        findings.mends.append(f"postcode {given!r} read as {chosen}")
    if location and location.terminated:
        findings.notes.append(f"postcode {chosen} is no longer in use: its last position is taken")
    return chosen, location


def _coordinates(candidate: Candidate, findings: Findings) -> Spotted | None:
    """Return the point that two columns give, in degrees or in metres of the British grid."""
    degrees = _pair(candidate.longitude, candidate.latitude, ("longitude", "latitude"), findings)
    if degrees is None and not findings.refusals:
        metres = _pair(candidate.easting, candidate.northing, ("easting", "northing"), findings)
        return None if metres is None else _from_metres(*metres, findings)
    if degrees is None:
        return None
    longitude, latitude = degrees
    if abs(longitude) > 180 and abs(latitude) > 90:
        found = _from_metres(longitude, latitude, None)
        if found is not None:
            findings.mends.append(
                "its coordinates are metres of the British grid, read as easting and northing"
            )
            return found
    findings.refusals += point_faults(longitude, latitude)
    return Spotted(longitude, latitude, "coordinates", "as given")


def _pair(first: str, second: str, names: tuple[str, str], findings: Findings) -> tuple[float, float] | None:
    if any((first, second)) and not all((first, second)):
        missing = names[1] if first else names[0]
        findings.notes.append(f"the {missing} is missing: the other coordinate is not used")
    if not first or not second:
        return None
    numbers = (_number(first), _number(second))
    unit = "degrees" if names[0] == "longitude" else "metres"
    findings.refusals += [
        Fault(
            f"{text[:40]!r} is no number of {unit}.", "Write it like 51.57, or leave both out.", column=name
        )
        for name, text, value in zip(names, (first, second), numbers, strict=True)
        if value is None
    ]
    return None if numbers[0] is None or numbers[1] is None else (numbers[0], numbers[1])


def _from_metres(easting: float, northing: float, findings: Findings | None) -> Spotted | None:
    is_finite = math.isfinite(easting) and math.isfinite(northing)
    found = from_grid(easting, northing) if is_finite and (easting, northing) != (0, 0) else None
    if found is None or found.longitude is None or found.latitude is None:
        if findings is not None:
            what = f"Easting {easting:g}, northing {northing:g} lies outside the British grid."
            findings.refusals.append(Fault(what, "Give metres of EPSG:27700, or degrees.", column="easting"))
        return None
    return Spotted(round(found.longitude, 6), round(found.latitude, 6), "coordinates", "as given, in metres")


def _number(text: str) -> float | None:
    try:
        return float(text) if re.fullmatch(r"[+-]?[\d.eE+-]+", text, re.ASCII) else None
    except ValueError:
        return None


def _doubts(given: Spotted, location: PostcodePoint | None, where: Where) -> list[str]:
    """Return why coordinates in range may still be wrong: 0, 0, swapped, far from their postcode."""
    longitude, latitude = given.longitude, given.latitude
    if longitude is None or latitude is None:
        return []
    if longitude == 0 and latitude == 0:
        return ["the coordinates are 0, 0, which stands for none: give the true ones or a postcode"]
    if _look_swapped(longitude, latitude, where):
        return ["longitude and latitude look swapped: exchange them in the file"]
    if location:
        metres = metres_between(longitude, latitude, location.longitude, location.latitude)
        if metres > FAR_METRES:
            return [f"the coordinates lie {metres / 1000:.0f} km from the postcode: correct one of them"]
    return []


def _look_swapped(longitude: float, latitude: float, where: Where) -> bool:
    if abs(longitude) > 90 or where.spot(longitude, latitude):
        return False
    if where.spot(latitude, longitude):
        return True
    return in_united_kingdom(latitude, longitude) and not in_united_kingdom(longitude, latitude)


def _by_uprn(candidate: Candidate, where: Where, findings: Findings) -> Spotted | None:
    text = candidate.identifiers.get("uprn", "")
    if not text:
        return None
    found = where.uprn(text) if re.fullmatch(r"\d{1,12}", text, re.ASCII) else None
    if found is None:
        findings.notes.append(f"the property number (UPRN) {text[:40]!r} is in no table here")
        return None
    return Spotted(found.longitude, found.latitude, "uprn", found.quality)


def _by_grid(candidate: Candidate, findings: Findings) -> Spotted | None:
    text = candidate.grid_reference
    if not text:
        return None
    found = from_reference(text)
    spotted = None if found is None else _from_metres(found[0], found[1], None)
    if found is None or spotted is None:
        findings.notes.append(f"{text[:40]!r} is not a grid reference of Britain: write it like TQ 699 908")
        return None
    return Spotted(spotted.longitude, spotted.latitude, "grid", f"to {found[2]} m")


def _by_address(candidate: Candidate, postcode: str, where: Where, findings: Findings) -> Spotted | None:
    """Return the point of the address, where a service is set up; anything vaguer than a building is held."""
    asked = ", ".join(part for part in (candidate.address, postcode) if part)
    found = where.address(asked) if candidate.address else None
    if found is None:
        return None
    findings.notes.append(f"its address was found by the geocoding service: {found.label[:200]}")
    if found.precision != _EXACT_ENOUGH:
        findings.holds.append(f"its address was found only to the {found.precision}: check the point")
    quality = f"address service, to the {found.precision}"
    return Spotted(round(found.longitude, 6), round(found.latitude, 6), "address", quality)


def metres_between(longitude: float, latitude: float, other_longitude: float, other_latitude: float) -> float:
    """Return the distance on the globe in metres, near enough (0.5 %) to doubt a pair of coordinates."""
    one, other = math.radians(latitude), math.radians(other_latitude)
    half = math.sin((one - other) / 2) ** 2
    half += math.cos(one) * math.cos(other) * math.sin(math.radians(longitude - other_longitude) / 2) ** 2
    return 2 * 6_371_000 * math.asin(min(1.0, math.sqrt(half)))
