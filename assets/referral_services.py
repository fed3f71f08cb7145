"""From assets to services of Open Referral UK: what the source said, with what people here changed since."""

import re
from collections.abc import Mapping
from datetime import UTC
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from assets.open_referral import checked_service
from assets.schema import Asset
from words.categories import CATEGORIES

_SPACE = uuid5(NAMESPACE_URL, "https://larder.invalid/open-referral")
_DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_RULE = re.compile(r"(?P<days>[A-Za-z ,-]+) (?P<opens>\d\d:\d\d)-(?P<closes>\d\d:\d\d)")
_SCHEMES = {"charity": ("GB-CHC", "Charity number"), "company": ("GB-COH", "Company number")}
_SAME = {"name": "name", "description": "description", "website": "url", "email": "email", "cost": "fees",
         "confirmed_on": "assured_date"}  # fmt: skip
_PERSONAL = ("contacts", "assurer_email")


def service_of(
    asset: Asset, said: Mapping[str, Any] | None, *, private: bool
) -> tuple[dict[str, Any], list[str]]:
    """Return an asset as a service, and what of it the profile has no sound place for.

    `said` is what its source said when it was last imported (`asset_sources.values`), None where that was no
    such feed. A record of a feed comes out as it went in, but for what was changed here since. Without
    `private`, named contacts stay out, and an asset that is not shown exactly has no other place than the
    one it is shown at.
    """
    record = said.get("record") if said else None
    if not isinstance(record, Mapping):
        return _sound(_made(asset))
    told = _changed(dict(record), asset, said or {})
    if private:
        return told, []
    told = {key: value for key, value in told.items() if key not in _PERSONAL}
    if asset.precision != "exact":
        told.pop("service_at_locations", None)
        return _sound(told | _places(asset))
    return _without_attention(told), []


def _without_attention(told: dict[str, Any]) -> dict[str, Any]:
    """Return a record whose addresses name no person, and whose places have no named contacts."""
    if "service_at_locations" not in told:
        return told
    return told | {"service_at_locations": [_impersonal(link) for link in told["service_at_locations"]]}


def _impersonal(part: Any) -> Any:
    if isinstance(part, Mapping):
        return {
            key: _impersonal(value) for key, value in part.items() if key not in ("attention", "contacts")
        }
    return [_impersonal(one) for one in part] if isinstance(part, list) else part


def _changed(record: dict[str, Any], asset: Asset, said: Mapping[str, Any]) -> dict[str, Any]:
    """Return a source's record with the fields that were changed here since it was imported."""
    before, now = dict(record), asset.as_dict()
    for name, key in _SAME.items():
        if name in said and now[name] != said[name]:
            _put(record, key, now[name])
    if "organisation" in said and now["organisation"] != said["organisation"]:
        record["organization"] = {
            **_organization(asset),
            **record.get("organization", {}),
            "name": asset.organisation,
        }
        if not asset.organisation:
            record.pop("organization")
    if "opening_hours" in said and now["opening_hours"] != said["opening_hours"]:
        _put(record, "schedules", _schedules(asset))
    places = ("longitude", "latitude", "postcode", "address", "accessibility")
    if any(name in said and now[name] != said[name] for name in places):
        record |= _places(asset)
    if record != before:
        record["last_modified"] = _moment(asset)
    return record


def _put(record: dict[str, Any], key: str, value: Any) -> None:
    if value in (None, "", []):
        record.pop(key, None)
    else:
        record[key] = value


def _made(asset: Asset) -> dict[str, Any]:
    """Return the record of an asset that no feed brought."""
    record: dict[str, Any] = {"id": asset.id, "name": asset.name, "status": "active"}
    for name, key in _SAME.items():
        value = getattr(asset, name)
        _put(record, key, value.isoformat() if name == "confirmed_on" and value else value)
    record["last_modified"] = _moment(asset)
    _put(record, "schedules", _schedules(asset))
    if asset.organisation:
        record["organization"] = _organization(asset)
    record |= _places(asset)
    category = CATEGORIES.get(asset.category)
    if category is not None:
        term = {
            "id": _id("category", category.code),
            "name": category.name,
            "taxonomy": "Larder asset categories",
        }
        term |= {"description": f"Assets of the category {category.name}.", "term": category.code}
        record["attributes"] = [
            {"id": _id("class", asset.id), "link_type": "category", "taxonomy_term": term}
        ]
    if asset.phone:
        record["phones"] = [{"id": _id("phone", asset.id), "number": asset.phone}]
    return record


def _organization(asset: Asset) -> dict[str, Any]:
    identifiers = [
        {"id": _id(key, asset.id), "identifier_scheme": scheme, "identifier_type": words, "identifier": text}
        for key, (scheme, words) in _SCHEMES.items()
        if (text := asset.identifiers.get(key))
    ]
    name = asset.organisation or asset.name
    made: dict[str, Any] = {
        "id": _id("organization", name),
        "name": name,
        "description": f"Runs {asset.name}.",
    }
    return made | ({"organization_identifiers": identifiers} if identifiers else {})


def _places(asset: Asset) -> dict[str, Any]:
    """Return where an asset is, as the list of the one location of a service; nothing where it is nowhere."""
    if asset.longitude is None and not asset.address and not asset.postcode:
        return {}
    location: dict[str, Any] = {
        "id": _id("location", asset.id),
        "location_type": "physical",
        "name": asset.name,
    }
    if asset.longitude is not None:
        location |= {"latitude": asset.latitude, "longitude": asset.longitude}
    if asset.identifiers.get("uprn"):
        location |= {"external_identifier": asset.identifiers["uprn"], "external_identifier_type": "UPRN"}
    lines = [line.strip() for line in asset.address.split(",") if line.strip()]
    if len(lines) > 1 and asset.postcode:
        location["addresses"] = [
            {
                "id": _id("address", asset.id), "address_1": ", ".join(lines[:-1]), "city": lines[-1],
                "state_province": "", "postal_code": asset.postcode, "country": "GB", "address_type": "physical",
            }
        ]  # fmt: skip
    elif asset.address or asset.postcode:
        location["description"] = ", ".join(part for part in (asset.address, asset.postcode) if part)
    if asset.accessibility:
        location["accessibility"] = [{"id": _id("access", asset.id), "description": asset.accessibility}]
    return {"service_at_locations": [{"id": _id("at", asset.id), "location": location}]}


def _schedules(asset: Asset) -> list[dict[str, Any]]:
    """Return weekly hours as schedules; hours that are more than that as one schedule of words."""
    if not asset.opening_hours:
        return []
    rules = [_RULE.fullmatch(part.strip()) for part in asset.opening_hours.split(";")]
    days = [_by_day(rule["days"]) if rule else "" for rule in rules]
    if not all(days):
        return [{"id": _id("hours", asset.id), "description": asset.opening_hours}]
    return [
        {
            "id": _id(f"hours {at}", asset.id), "freq": "WEEKLY", "byday": byday, "opens_at": rule["opens"],
            "closes_at": rule["closes"],
        }
        for at, (rule, byday) in enumerate(zip(rules, days, strict=True))
        if rule
    ]  # fmt: skip


def _by_day(text: str) -> str:
    """Return days as the calendar standard writes them: "Mo-We,Fr" is "MO,TU,WE,FR"; nothing for other words."""
    found: list[str] = []
    for part in text.replace(" ", "").split(","):
        first, _, last = part.partition("-")
        if first not in _DAYS or (last and last not in _DAYS):
            return ""
        start, end = _DAYS.index(first), _DAYS.index(last or first)
        if end < start:
            return ""
        found += [day.upper() for day in _DAYS[start : end + 1]]
    return ",".join(found)


def _moment(asset: Asset) -> str:
    return asset.updated_at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _id(kind: str, name: str) -> str:
    return str(uuid5(_SPACE, f"{kind}:{name}"))


def _sound(record: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Return the record without the parts that the profile refuses, and what those were."""
    left: list[str] = []
    while True:
        _, faults = checked_service(record)
        parts = {fault.column.split(".")[0] for fault in faults}
        wrong = [part for part in parts if part in record and part not in ("id", "name", "status")]
        if not wrong:
            return record, left
        left += [f"{record['name']}: {fault.sentence()}" for fault in faults]
        record = {key: value for key, value in record.items() if key not in wrong}
