"""Judging one row: what is mended, held for review or refused, each with the reason and its cure."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from assets.drafts import Draft
from assets.importers.candidates import Candidate
from assets.importers.mapping import HoldRule, Mapping
from assets.locate import PostcodePoint, Where
from assets.postcode_mending import is_district, readings
from assets.rules import LONGEST_NAME, point_faults
from geo.crs import in_united_kingdom
from words.categories import CATEGORIES, category_code

FAR_METRES = 5_000
_DATES = ("%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%d/%m/%Y", "%d %B %Y", "%d %b %Y")


@dataclass(frozen=True)
class Verdict:
    """What becomes of one row.

    `mends` says what was changed, `holds` why a steward must look, `refusals` why it cannot be kept, `notes`
    what else is worth knowing. A row that is not refused has a draft.
    """

    draft: Draft | None
    mends: tuple[str, ...] = ()
    holds: tuple[str, ...] = ()
    refusals: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass
class _Findings:
    mends: list[str]
    holds: list[str]
    refusals: list[str]
    notes: list[str]


@dataclass(frozen=True)
class _Point:
    longitude: float | None = None
    latitude: float | None = None
    method: str = "none"
    quality: str = ""


def judge(
    candidate: Candidate, mapping: Mapping, rules: Sequence[HoldRule], where: Where, today: date
) -> Verdict:
    """Judge one candidate.

    `rules` are the words that speak against an asset in any file; the mapping may have more. `today` bounds
    the dates of confirmation.
    """
    findings = _Findings(list(candidate.mends), [], [], [])
    if candidate.fault:
        return Verdict(None, refusals=(candidate.fault,))
    _judge_name(candidate, findings)
    category = _category(candidate, mapping, findings)
    postcode, location = _postcode(candidate, where, findings)
    point = _point(candidate, mapping, (postcode, location), where, findings)
    confirmed = _confirmed(candidate.confirmed_on, today, findings)
    website = _website(candidate.website, findings)
    findings.holds += _held_for(candidate, (*rules, *mapping.hold))
    if findings.refusals:
        return Verdict(None, refusals=tuple(findings.refusals))
    place, area = _spot(point, where, findings)
    draft = Draft(
        name=candidate.name,
        category=category,
        source_category=candidate.category,
        longitude=point.longitude,
        latitude=point.latitude,
        postcode=postcode,
        address=candidate.address,
        website=website,
        description=candidate.description,
        geocode_method=point.method,
        geocode_quality=point.quality,
        place=place,
        area=area,
        confirmed_on=confirmed,
        source=candidate.source,
    )
    return Verdict(draft, tuple(findings.mends), tuple(findings.holds), (), tuple(findings.notes))


def _judge_name(candidate: Candidate, findings: _Findings) -> None:
    if not re.search(r"\w", candidate.name):
        findings.refusals.append("There is no name. Write what people call it.")
    elif len(candidate.name) > LONGEST_NAME:
        findings.holds.append(
            f"the name has {len(candidate.name)} characters: shorten it and put the rest in the description"
        )


def _category(candidate: Candidate, mapping: Mapping, findings: _Findings) -> str:
    """Return the category's code: by the mapping, the description, the usual spellings, else *other*."""
    given = candidate.category
    translated = mapping.categories.get(given.casefold()) or category_code(given)
    for rule in mapping.category_rules:
        word = rule.found(candidate.description)
        if not word or not (rule.overrules or given.casefold() in rule.only_categories):
            continue
        if rule.overrules and rule.category != translated and given:
            name = CATEGORIES[rule.category].name
            findings.mends.append(f"category {name}, for the description says {word!r} (the file: {given!r})")
        return rule.category
    if translated:
        return translated
    if given:
        findings.notes.append(f"category {given!r} is not known here: it counts as other")
    else:
        findings.notes.append("no category is given: it counts as other")
    return "other"


def _postcode(candidate: Candidate, where: Where, findings: _Findings) -> tuple[str, PostcodePoint | None]:
    """Return the postcode as it is written, mended if need be, and its point if a table here knows it."""
    given = candidate.postcode
    if not given:
        return "", None
    possible = readings(given)
    if not possible:
        findings.notes.append(
            f"postcode {given!r} is only the first half of one"
            if is_district(given)
            else f"postcode {given!r} is not of the form of one"
        )
        return given, None
    known = ((reading, where.postcode(reading)) for reading in possible)
    chosen, location = next(((reading, at) for reading, at in known if at), (possible[0], None))
    if chosen != given:
        findings.mends.append(f"postcode {given!r} read as {chosen}")
    if location and location.terminated:
        findings.notes.append(f"postcode {chosen} is no longer in use: its last position is taken")
    return chosen, location


def _point(
    candidate: Candidate,
    mapping: Mapping,
    known: tuple[str, PostcodePoint | None],
    where: Where,
    findings: _Findings,
) -> _Point:
    """Return the row's point: its coordinates, else its postcode's (`known`: the postcode and its point)."""
    location = known[1]
    texts = (candidate.longitude, candidate.latitude)
    if any(texts) and not all(texts):
        missing = "latitude" if texts[0] else "longitude"
        findings.notes.append(f"the {missing} is missing: the other coordinate is not used")
    if not all(texts):
        return _postcode_point(*known, findings)
    numbers = [_number(text) for text in texts]
    if None in numbers:
        shown = " and ".join(repr(text) for text, value in zip(texts, numbers, strict=True) if value is None)
        findings.refusals.append(f"{shown} is no number of degrees. Write it like 51.57, or leave both out.")
        return _Point()
    longitude, latitude = (value for value in numbers if value is not None)
    faults = point_faults(longitude, latitude)
    if faults:
        findings.refusals += [fault.sentence() for fault in faults]
        return _Point()
    findings.holds += _doubts(longitude, latitude, location, where)
    if mapping.constants.geocode_method == "postcode":
        quality = location.quality if location else "of the postcode"
        return _Point(longitude, latitude, "postcode", quality)
    return _Point(longitude, latitude, "coordinates", "as given")


def _postcode_point(postcode: str, location: PostcodePoint | None, findings: _Findings) -> _Point:
    if location:
        return _Point(location.longitude, location.latitude, "postcode", location.quality)
    reason = f"postcode {postcode} is in no postcode table here" if postcode else "there is no location"
    findings.holds.append(f"{reason}: give its full postcode or its coordinates to put it on the map")
    return _Point()


def _number(text: str) -> float | None:
    try:
        return float(text) if re.fullmatch(r"[+-]?[\d.eE+-]+", text, re.ASCII) else None
    except ValueError:
        return None


def _doubts(longitude: float, latitude: float, location: PostcodePoint | None, where: Where) -> list[str]:
    """Return why coordinates in range may still be wrong: 0, 0, swapped, far from their postcode."""
    if longitude == 0 and latitude == 0:
        return ["the coordinates are 0, 0, which stands for none: give the true ones or a postcode"]
    if _look_swapped(longitude, latitude, where):
        return ["longitude and latitude look swapped: exchange them in the file"]
    if location:
        metres = _metres(longitude, latitude, location.longitude, location.latitude)
        if metres > FAR_METRES:
            return [f"the coordinates lie {metres / 1000:.0f} km from the postcode: correct one of them"]
    return []


def _look_swapped(longitude: float, latitude: float, where: Where) -> bool:
    if abs(longitude) > 90 or where.spot(longitude, latitude):
        return False
    if where.spot(latitude, longitude):
        return True
    return in_united_kingdom(latitude, longitude) and not in_united_kingdom(longitude, latitude)


def _metres(longitude: float, latitude: float, other_longitude: float, other_latitude: float) -> float:
    """Return the distance on the globe in metres, near enough (0.5 %) to doubt a pair of coordinates."""
    one, other = math.radians(latitude), math.radians(other_latitude)
    half = math.sin((one - other) / 2) ** 2
    half += math.cos(one) * math.cos(other) * math.sin(math.radians(longitude - other_longitude) / 2) ** 2
    return 2 * 6_371_000 * math.asin(min(1.0, math.sqrt(half)))


def _confirmed(text: str, today: date, findings: _Findings) -> date | None:
    if not text:
        return None
    for form in _DATES:
        try:
            day = datetime.strptime(text, form).date()
        except ValueError:
            continue
        if day > today:
            findings.holds.append(f"it was confirmed on {day.isoformat()}, a day to come: correct the date")
            return None
        return day
    findings.holds.append(f"{text!r} is not a day that can be read: write it like 2026-05-31")
    return None


def _website(text: str, findings: _Findings) -> str:
    """Return the web address; one that a browser could run is kept out and the row is held."""
    if not text or re.match(r"https?://", text, re.IGNORECASE):
        return text
    if re.fullmatch(r"[\w-]+(\.[\w-]+)+(/\S*)?", text):
        findings.mends.append(f"web address {text!r} completed to https://")
        return f"https://{text}"
    findings.holds.append(f"{text[:80]!r} is not a web address: write it like https://example.org")
    return ""


def _held_for(candidate: Candidate, rules: Sequence[HoldRule]) -> list[str]:
    """Return why the words of the row speak against an asset, each reason once."""
    reasons: dict[str, str] = {}
    texts = {
        "name": candidate.name,
        "description": candidate.description,
        "category": candidate.category.replace("_", " "),
    }
    for rule in rules:
        if rule.only_categories and candidate.category.casefold() not in rule.only_categories:
            continue
        word = rule.found(*(texts[place] for place in rule.looks_in))
        if word:
            reasons.setdefault(rule.reason, word)
    return [f"{reason} ({word!r})" for reason, word in reasons.items()]


def _spot(point: _Point, where: Where, findings: _Findings) -> tuple[str | None, str | None]:
    if point.longitude is None or point.latitude is None:
        return None, None
    spot = where.spot(point.longitude, point.latitude)
    if spot is None:
        findings.notes.append("it lies outside every place that was asked")
        return None, None
    return spot.place, spot.area
