"""Judging one row: what is mended, held for review or refused, each with the reason and its cure."""

import re
from collections.abc import Mapping as Cells
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from assets.drafts import Draft
from assets.hours import hours_faults
from assets.importers.candidates import Candidate
from assets.importers.mapping import HoldRule, Mapping
from assets.importers.whereabouts import Findings, Spotted, locate
from assets.locate import Where
from assets.rules import LONGEST_NAME, detail_faults
from assets.schema import KINDS, PRECISIONS, PRIVATE
from store.outbox import is_address
from words.categories import CATEGORIES, category_code
from words.faults import Fault
from words.sentences import joined

_DATES = ("%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%d/%m/%Y", "%d %B %Y", "%d %b %Y")
_TEXTS = ("for_whom", "opening_hours", "accessibility", "cost", "organisation", "phone")


@dataclass(frozen=True)
class Verdict:
    """What becomes of one row.

    `mends` says what was changed, `holds` why a steward must look, `refusals` why it cannot be kept, `notes`
    what else is worth knowing. A row that is not refused has a draft.
    """

    draft: Draft | None
    mends: tuple[str, ...] = ()
    holds: tuple[str, ...] = ()
    refusals: tuple[Fault, ...] = ()
    notes: tuple[str, ...] = ()


def judge(
    candidate: Candidate, mapping: Mapping, rules: Sequence[HoldRule], where: Where, today: date
) -> Verdict:
    """Judge one candidate.

    `rules` are the words that speak against an asset in any file; the mapping may have more. `today` bounds
    the dates of confirmation.
    """
    if candidate.faults:
        return Verdict(None, refusals=candidate.faults)
    findings = Findings(list(candidate.mends), list(candidate.doubts), [], list(candidate.notes))
    _judge_name(candidate, findings)
    category = category_of(candidate, mapping, findings)
    postcode, point = locate(candidate, mapping, where, findings)
    confirmed = _day(candidate.confirmed_on, "confirmed", today, findings)
    website = _website(candidate.website, findings)
    details = _details(candidate, today, findings)
    findings.holds += _held_for(candidate, (*rules, *mapping.hold))
    texts = {"postcode": postcode, "address": candidate.address, "website": website}
    description = _description(candidate, details, findings)
    texts |= {
        "description": description,
        "category": candidate.category,
        "source": candidate.source,
    }
    findings.refusals += detail_faults({**texts, **details})
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
        description=description,
        geocode_method=point.method,
        geocode_quality=point.quality,
        place=place,
        area=area,
        confirmed_on=confirmed,
        source=candidate.source,
        **details,
    )
    return Verdict(draft, tuple(findings.mends), tuple(findings.holds), (), tuple(findings.notes))


def of_place(verdict: Verdict, place: str | None) -> Verdict:
    """Return the verdict with a draft that has no point counted to the place that the import names."""
    draft = verdict.draft
    if draft is None or draft.longitude is not None or place is None:
        return verdict
    return replace(verdict, draft=replace(draft, place=place))


def _judge_name(candidate: Candidate, findings: Findings) -> None:
    if not re.search(r"\w", candidate.name):
        findings.refusals.append(Fault("There is no name.", "Write what people call it.", column="name"))
    elif len(candidate.name) > LONGEST_NAME:
        findings.holds.append(
            f"the name has {len(candidate.name)} characters: shorten it and put the rest in the description"
        )


def category_of(candidate: Candidate, mapping: Mapping, findings: Findings) -> str:
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
        findings.mends.append(f"category {given[:80]!r} is not known here: it counts as other")
    else:
        findings.notes.append("no category is given: it counts as other")
    return "other"


def _details(candidate: Candidate, today: date, findings: Findings) -> dict[str, Any]:
    """Return the other fields of a draft; what cannot be kept is left out, and that is said."""
    given = candidate.details
    details: dict[str, Any] = {name: given.get(name, "") for name in _TEXTS}
    details["kind"] = _one_of("kind", given.get("kind", ""), KINDS, findings) or "place"
    # who asks for a precision that is not known here asked for some care: the most careful one is taken
    precision = given.get("precision", "")
    details["precision"] = _one_of("precision", precision, PRECISIONS, findings) or (
        "hidden" if precision else "exact"
    )
    details["licence"] = given.get("licence", "")
    details["identifiers"] = dict(candidate.identifiers)
    email = given.get("email", "")
    if email and not is_address(email):
        findings.holds.append(f"{email[:80]!r} is not an e-mail address: it was left out")
        email = ""
    details["email"] = email
    return details | _private(given, today, findings)


def _description(candidate: Candidate, details: dict[str, Any], findings: Findings) -> str:
    """Return the description; opening hours that cannot be read as such move into it, so that they are not lost."""
    hours = details["opening_hours"]
    if not hours_faults(hours):
        return candidate.description
    details["opening_hours"] = ""
    findings.notes.append(
        "its opening hours are not in OpenStreetMap's notation: they stand in the description"
    )
    return f"{candidate.description} Opening hours: {hours}".strip()


def _one_of(name: str, text: str, known: Sequence[str], findings: Findings) -> str:
    plain = re.sub(r"[\s-]+", "_", text.casefold())
    if plain in known:
        return plain
    if text:
        findings.holds.append(f"the {name} {text[:40]!r} is not known: use {', '.join(known)}")
    return ""


def _private(given: Cells[str, str], today: date, findings: Findings) -> dict[str, Any]:
    """Return the private contact, which is kept only with the day on which that person agreed."""
    contact = {name: given.get(name, "") for name in PRIVATE}
    if not any(contact.values()):
        return {}
    consent = _day(given.get("consent_on", ""), "agreed to", today, findings)
    if consent is None:
        findings.notes.append("its private contact was left out: the day of that person's consent is missing")
        return {}
    if contact["private_email"] and not is_address(contact["private_email"]):
        findings.holds.append("the private e-mail address is not one: it was left out")
        contact["private_email"] = ""
    return {**contact, "consent_on": consent}


def _day(text: str, what: str, today: date, findings: Findings) -> date | None:
    if not text:
        return None
    for form in _DATES:
        try:
            day = datetime.strptime(text, form).date()
        except ValueError:
            continue
        if day > today:
            findings.holds.append(f"it was {what} on {day.isoformat()}, a day to come: correct the date")
            return None
        return day
    findings.holds.append(f"{text[:80]!r} is not a day that can be read: write it like 2026-05-31")
    return None


def _website(text: str, findings: Findings) -> str:
    """Return the web address; one that a browser could run is kept out and the row is held."""
    if not text or re.match(r"https?://", text, re.IGNORECASE):
        return text
    if re.fullmatch(r"[\w-]+(\.[\w-]+)+(/\S*)?", text):
        findings.mends.append(f"web address {text[:80]!r} completed to https://")
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


def _spot(point: Spotted, where: Where, findings: Findings) -> tuple[str | None, str | None]:
    if point.longitude is None or point.latitude is None:
        return None, None
    spots = where.spots(point.longitude, point.latitude)
    if not spots:
        findings.notes.append("it lies outside every place that was asked")
        return None, None
    if len(spots) > 1:
        names = joined([spot.place for spot in spots])
        findings.notes.append(
            f"it lies in {names}, which overlap: it is listed under {spots[0].place}; --place names another"
        )
    return spots[0].place, spots[0].area
