"""From a service's record to cells: what of Open Referral the register has a place for."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from words.categories import category_code

HEADINGS = (
    "id", "name", "category", "kind", "organisation", "description", "longitude", "latitude", "postcode",
    "address", "website", "email", "phone", "opening_hours", "accessibility", "cost", "for_whom",
    "confirmed_on", "uprn", "charity", "company",
)  # fmt: skip
_DAYS = {"MO": "Mo", "TU": "Tu", "WE": "We", "TH": "Th", "FR": "Fr", "SA": "Sa", "SU": "Su"}
_SCHEMES = {"GB-CHC": "charity", "GB-SC": "charity", "GB-NIC": "charity", "GB-COH": "company"}
_Found = tuple[dict[str, str], list[str], list[str]]


def cells_of(record: Mapping[str, Any]) -> _Found:
    """Return the cells of a record that was checked, the doubts it raises, and what else is to be known."""
    cells, doubts, notes = _service(record)
    locations = [link["location"] for link in record.get("service_at_locations", []) if link.get("location")]
    there = [one for one in locations if one["location_type"] == "physical"]
    if there:
        cells |= _location(there[0])
    if len(there) > 1:
        notes.append(f"it is given at {len(there)} locations: the first is on the map")
    if locations and not there:
        notes.append("it is not given at a place that people go to")
    hours, left = opening_hours(record.get("schedules", []))
    cells["opening_hours"] = hours
    if left:
        notes.append(f"{left} of its schedules cannot be said as weekly hours")
    if record["status"] != "active":
        doubts.append(f"the source says that it is {record['status']}")
    return cells, doubts, notes


def _service(record: Mapping[str, Any]) -> _Found:
    organisation = record.get("organization", {})
    contact: Mapping[str, Any] = next(iter(record.get("contacts", [])), {})
    phones = [*record.get("phones", []), *contact.get("phones", []), *organisation.get("phones", [])]
    category, others = _category(record)
    cells = {
        "id": record["id"], "name": record["name"], "category": category, "kind": "service",
        "organisation": organisation.get("name", ""), "description": record.get("description", ""),
        "website": record.get("url", ""), "email": record.get("email", ""),
        "phone": phones[0]["number"] if phones else "", "cost": _cost(record), "for_whom": _ages(record),
        "confirmed_on": record.get("assured_date", ""),
    }  # fmt: skip
    for one in organisation.get("organization_identifiers", []):
        known = _SCHEMES.get(one.get("identifier_scheme", ""))
        if known:
            cells[known] = one["identifier"]
    notes = [f"it is also classed as {', '.join(others[:5])}"] if others else []
    if record.get("alert"):
        notes.append(f"the source warns: {record['alert'][:200]}")
    return cells, [], notes


def _category(record: Mapping[str, Any]) -> tuple[str, list[str]]:
    """Return the term that a category here is called by, else the first, and the others."""
    terms = [
        name
        for attribute in record.get("attributes", [])
        if (name := (attribute.get("taxonomy_term") or {}).get("name"))
    ]
    chosen = next((term for term in terms if category_code(term)), terms[0] if terms else "")
    return chosen, [term for term in dict.fromkeys(terms) if term != chosen]


def _location(location: Mapping[str, Any]) -> dict[str, str]:
    address: Mapping[str, Any] = next(
        (one for one in location.get("addresses", []) if one["address_type"] == "physical"),
        next(iter(location.get("addresses", [])), {}),
    )
    lines = [
        location.get("name", ""),
        *(address.get(key, "") for key in ("address_1", "city", "state_province")),
    ]
    access = [
        one.get("description") or one.get("accessibility") or "" for one in location.get("accessibility", [])
    ]
    is_uprn = location.get("external_identifier_type", "").upper().endswith("UPRN")
    return {
        "longitude": _number(location.get("longitude")),
        "latitude": _number(location.get("latitude")),
        "postcode": address.get("postal_code", ""),
        "address": ", ".join(dict.fromkeys(line.strip() for line in lines if line.strip())),
        "accessibility": " ".join(text for text in access if text),
        "uprn": location.get("external_identifier", "") if is_uprn else "",
    }


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.7f}" if isinstance(value, float) else str(value)


def _ages(record: Mapping[str, Any]) -> str:
    low, high = record.get("minimum_age"), record.get("maximum_age")
    if low is not None and high is not None:
        return f"ages {low:g} to {high:g}"
    if low is not None:
        return f"ages {low:g} and over"
    return f"ages up to {high:g}" if high is not None else ""


def _cost(record: Mapping[str, Any]) -> str:
    if record.get("fees"):
        return str(record["fees"])
    told = [_option(one) for one in record.get("cost_options", [])]
    return "; ".join(text for text in told if text)


def _option(one: Mapping[str, Any]) -> str:
    amount = one.get("amount")
    shown = "" if amount is None else "free" if amount == 0 else f"£{amount:g}"
    if amount and one.get("currency", "GBP") != "GBP":
        shown = f"{amount:g} {one['currency']}"
    return " ".join(
        part for part in (one.get("option", ""), shown, one.get("amount_description", "")) if part
    )


def opening_hours(schedules: Iterable[Mapping[str, Any]]) -> tuple[str, int]:
    """Return the weekly hours in OpenStreetMap's syntax, and how many schedules could not be said so.

    Example: TH,FR from 10:00:00 to 18:00:00 every week is "Th,Fr 10:00-18:00".
    """
    said, left = [], 0
    for one in schedules:
        text = _weekly(one)
        if text:
            said.append(text)
        else:
            left += 1
    return "; ".join(dict.fromkeys(said)), left


def _weekly(one: Mapping[str, Any]) -> str:
    days = [_DAYS.get(day) for day in str(one.get("byday", "")).split(",")]
    plain: Sequence[str] = [day for day in days if day is not None]
    opens, closes = one.get("opens_at"), one.get("closes_at")
    weekly = one.get("freq", "WEEKLY") == "WEEKLY" and one.get("interval", 1) == 1
    if not (weekly and opens and closes and plain and len(plain) == len(days)):
        return ""
    return f"{','.join(plain)} {opens[:5]}-{closes[:5]}"
