"""The register in plain words: its fields, kinds and precisions, and what a suggestion would change, field by field."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from words.labels import category_label

ASSET_KINDS: dict[str, str] = {
    "place": "Place",
    "group": "Group",
    "service": "Service",
    "skill": "Skill that somebody offers",
    "green_space": "Green space",
    "event": "Event",
}

PRECISIONS: dict[str, str] = {
    "exact": "Shown where it is",
    "postcode": "Shown at the middle of its postcode",
    "lsoa": "Shown at the middle of its neighbourhood",
    "hidden": "Hidden: on no map, in no list, in no count",
}

ASSET_FIELDS: dict[str, str] = {
    "name": "Name",
    "kind": "What it is",
    "category": "Category",
    "description": "Description",
    "for_whom": "For whom",
    "opening_hours": "Opening hours",
    "cost": "Cost",
    "accessibility": "Access",
    "organisation": "Organisation",
    "address": "Address",
    "postcode": "Postcode",
    "latitude": "Latitude",
    "longitude": "Longitude",
    "precision": "How precisely it is shown",
    "website": "Website",
    "phone": "Public telephone",
    "email": "Public e-mail",
    "private_name": "Private contact: name",
    "private_email": "Private contact: e-mail",
    "private_phone": "Private contact: telephone",
    "consent_on": "Consent to keep the private contact, on",
    "identifiers": "Identifiers",
    "confirmed_on": "Confirmed on",
    "licence": "Licence",
    "source": "Source",
    "status": "Status",
    "merged_into": "Merged into",
    "deleted_at": "Removed",
    "deleted_reason": "Why it was removed",
}
"""The fields of an asset that people read, in the order in which they are told."""

PRIVATE_FIELDS = frozenset({"private_name", "private_email", "private_phone", "consent_on"})

UNREAD_FIELDS = frozenset(
    {"source_category", "source_key", "source_row", "geocode_quality", "review_reason", "took_in"}
)
"""What a history keeps and nobody reads as a change."""

QUEUE_KINDS: dict[str, str] = {
    "new": "New asset",
    "change": "Change",
    "confirm": "Still right",
    "report": "Reported as wrong",
    "conflict": "Import says otherwise",
    "duplicate": "Possible duplicate",
    "insight": "What residents say",
}

ACTION_WORDS: dict[str, str] = {
    "add": "added it",
    "import": "brought it in from a file",
    "place": "found its point",
    "change": "changed it",
    "confirm": "confirmed that it is right",
    "remove": "removed it",
    "restore": "brought an earlier state back",
    "merge": "merged another into it",
    "merged": "merged it into another",
    "unmerge": "undid a merge",
    "unmerged": "took it out of a merge",
    "redact": "took words out of its history for good",
}

Change = Literal["same", "changed", "new", "taken away"]
CHANGE_WORDS: dict[Change, str] = {
    "same": "as it is",
    "changed": "changed",
    "new": "new",
    "taken away": "taken away",
}


POSTCODE_REACH = 500.0
"""How far from the middle of its postcode, in metres, a door may well lie; farther, and one of the two is doubtful."""


def pin_sentence(distance: str, postcode: str, *, disagrees: bool) -> str:
    """Return how far a pin lies from the middle of a postcode, and what that means for who decides."""
    told = f"The pin lies {distance} in a straight line from the middle of the postcode {postcode}"
    if not disagrees:
        return f"{told}: the two agree."
    return (
        f"{told}: the two disagree, so one of them is likely wrong. As it stands, the pin counts on the map. "
        "Ask, or amend one of the two."
    )


@dataclass(frozen=True)
class Difference:
    """One field of a suggestion beside what is published: the label, both values in words, and what changes."""

    field: str
    label: str
    now: str
    then: str
    change: Change


def field_label(field: str) -> str:
    """Return what a field is called; one that is not known is spelt out."""
    return ASSET_FIELDS.get(field, field.replace("_", " ").capitalize())


def value_words(field: str, value: Any) -> str:
    """Return the value of a field as people read it; nothing where it is empty."""
    if value is None or value in ("", {}, []):
        return ""
    if field == "category":
        return category_label(str(value))
    if field == "kind":
        return ASSET_KINDS.get(str(value), str(value))
    if field == "precision":
        return PRECISIONS.get(str(value), str(value))
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {part}" for key, part in value.items())
    return f"{value:.5f}" if isinstance(value, float) else str(value)


def differences(
    now: Mapping[str, Any], then: Mapping[str, Any], fields: Iterable[str] | None = None
) -> list[Difference]:
    """Return a suggestion beside what is published, field by field, in the order in which fields are told.

    `now` is empty for something new. A field that `then` does not name stays as it is. `fields` are those to tell
    (None: all known ones and those that `then` names); where both are empty a field is left out.
    """
    named = dict.fromkeys([*ASSET_FIELDS, *then] if fields is None else fields)
    found = []
    for field in named:
        before = value_words(field, now.get(field))
        after = value_words(field, then[field]) if field in then else before
        if before or after:
            found.append(Difference(field, field_label(field), before, after, _change(before, after)))
    return found


def _change(before: str, after: str) -> Change:
    if before == after:
        return "same"
    if not before:
        return "new"
    return "changed" if after else "taken away"
