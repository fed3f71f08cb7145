"""The form of an asset: its fields, reading them into the register's values, and writing values back into them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from geo.place import Place
from web import hours, where
from web.fields import Choice, Field, address_faults, clean, read
from web.near import Spot
from words.categories import CATEGORIES
from words.faults import Fault
from words.palette import asset_mark

KIND_CHOICES = (
    Choice("place", "A place", "a building or room where people go"),
    Choice("group", "A group", "people who meet"),
    Choice("service", "A service", "help that people can get"),
    Choice("skill", "A skill", "something that somebody can do or teach"),
    Choice("green_space", "A green space", "outdoors, open to people"),
    Choice("event", "An event", "something that happens on certain days"),
)
PRECISION_CHOICES = (
    Choice("exact", "The exact spot"),
    Choice("postcode", "Only the postcode", "for a room in somebody's home, say"),
    Choice("lsoa", "Only the neighbourhood"),
    Choice("hidden", "Not at all", "only those who look after the register know of it"),
)


def _categories() -> tuple[Choice, ...]:
    listed = (
        Choice(code, one.name[:1].upper() + one.name[1:], "", asset_mark(code).label)
        for code, one in CATEGORIES.items()
    )
    return tuple(sorted(listed, key=lambda one: (one.group == "Other", one.group, one.words)))


WHAT = (
    Field("kind", "What is it?", kind="radio", needed=True, choices=KIND_CHOICES, missing="Choose what it is."),
    Field("name", "Name", "What people call it.", needed=True, missing="It needs a name: what people call it."),
    Field(
        "category", "Category", kind="choice", needed=True, choices=_categories(),
        missing="Choose the category that fits best.",
    ),
)  # fmt: skip
MORE = (
    Field("for_whom", "Who is it for?", "For example: parents with babies; everybody."),
    Field("cost", "What does it cost?", "For example: free; £2 a visit."),
    Field(
        "accessibility", "Getting in and around", "For example: step-free, a lift, a hearing loop.", most=500
    ),
    Field("description", "What happens there?", kind="area", most=2000),
    Field("organisation", "Who runs it?"),
)
CONTACT = (
    Field("website", "Website", kind="url", most=300),
    Field(
        "phone",
        "Telephone for everybody",
        "It is shown to everybody: no private number.",
        kind="tel",
        most=40,
    ),
    Field(
        "email",
        "E-mail for everybody",
        "It is shown to everybody: no private address.",
        kind="email",
        most=254,
    ),
)
PRECISION = Field(
    "precision", "How exactly may people be shown where it is?", kind="radio", choices=PRECISION_CHOICES
)
PRIVATE = (
    Field("private_name", "Name of a person to ask", keep="tab"),
    Field("private_phone", "That person's telephone", kind="tel", most=40, keep="tab"),
    Field("private_email", "That person's e-mail", kind="email", most=254, keep="tab"),
    Field(
        "consent",
        "This person agrees that those who look after the register keep this contact.",
        kind="check",
        keep="tab",
    ),
)
REMARK = Field("hours_remark", "Anything else about the times", "For example: not in August; ring first.")
RAW_HOURS = Field("hours_raw", "Opening times, in the notation of OpenStreetMap", most=1000)
PRIVATE_LINK = "Only to send you a private link, with which you can change this later, and the answer."
FOR_STEWARDS = "It is not shown to anybody else."
LAST = (
    Field("note", "A note to those who look after the register", FOR_STEWARDS, kind="area", most=2000),
    Field(
        "contact_email", "Your e-mail", PRIVATE_LINK,
        kind="email", most=254, keep="tab", autocomplete="email",
    ),
)  # fmt: skip
PLAIN = (*WHAT, *where.FIELDS, *MORE, *CONTACT, PRECISION, *PRIVATE, REMARK, RAW_HOURS, *LAST)
HIDDEN = ("place", "map", "pinned", "spot", "seen")
HOURS = tuple(f"{name}_{at}" for at in range(1, hours.ROWS + 1) for name in ("days", "opens", "closes"))
NAMES = (*(field.name for field in PLAIN), *HIDDEN, *HOURS)
LABELS = {field.name: field.label for field in PLAIN} | {
    name: {"days": "Days", "opens": "From", "closes": "To"}[name.partition("_")[0]] for name in HOURS
} | {"spot": "Which one?", "place": "Place"}  # fmt: skip
_COPIED = (
    "kind", "name", "category", "address", "for_whom", "cost", "accessibility", "description", "organisation",
    "website", "phone", "email", "private_name", "private_phone", "private_email",
)  # fmt: skip
UNSEEN = ("private_name", "private_phone", "private_email", "consent_on")
"""What the public never sees of an asset, so that an empty field says nothing of it."""
SHOWN = (*_COPIED, "postcode", "precision", "opening_hours", "longitude", "latitude", "consent_on")


@dataclass(frozen=True)
class Reading:
    """What a form said: the register's values, the note, the sender's address, and all faults."""

    values: dict[str, Any]
    note: str
    contact_email: str
    faults: tuple[Fault, ...]
    spots: tuple[Spot, ...] = ()
    found: where.Found | None = None


def typed(sent: Mapping[str, str]) -> dict[str, str]:
    """Return every field of the form as it was typed, empty where it was not sent."""
    return {name: sent.get(name, "") for name in NAMES}


def read_form(sent: Mapping[str, str], listed: Sequence[Place], *, needs_point: bool = True) -> Reading:
    """Return what a form says, with every fault at once.

    Without `needs_point` nothing said of a location means that it stays as it is.
    """
    cleaned, faults = read(PLAIN, sent)
    faults += _contact_faults(cleaned)
    opening, wrong = _opening(cleaned, sent)
    faults += wrong
    values: dict[str, Any] = {name: cleaned[name] for name in _COPIED}
    values |= {"opening_hours": opening, "precision": cleaned["precision"] or "exact"}
    values["consent_on"] = datetime.now(UTC).date() if cleaned["consent"] else None
    told = where.Answer()
    if needs_point or any(cleaned[name] for name in ("postcode", "near", "latitude", "longitude")):
        told = where.find(cleaned, listed, where.chosen_place(listed, sent.get("place", "")))
    faults += told.faults
    if told.spots:
        faults.append(Fault("Several are called this.", "Choose the one that you mean.", column="spot"))
    if told.found:
        values |= _location(told.found)
    note = _where_note(cleaned["note"], clean(sent.get("pinned", ""))[:150], told.found)
    return Reading(values, note, cleaned["contact_email"], tuple(faults), told.spots, told.found)


def _location(found: where.Found) -> dict[str, Any]:
    """Return what the register keeps of a point; that of a postcode it looks up by itself."""
    point = {} if found.method == "postcode" else {"longitude": found.longitude, "latitude": found.latitude}
    return {**point, "postcode": found.postcode}


def new_values(reading: Reading) -> dict[str, Any]:
    """Return the values of a new asset; with its place, where others hold its point too and it had to be chosen."""
    found = reading.found
    return {**reading.values, "place": found.place} if found and found.is_shared else dict(reading.values)


def _where_note(note: str, pinned: str, found: where.Found | None) -> str:
    """Return the note with a line on a point that was taken from what it is near, so that nobody thinks it exact."""
    told = pinned or (found.quality if found and found.quality.startswith("near ") else "")
    return f"{note}\n(The point was placed {told}: it is not exact.)".strip() if found and told else note


def _opening(cleaned: Mapping[str, str], sent: Mapping[str, str]) -> tuple[str, list[Fault]]:
    return (cleaned["hours_raw"], []) if cleaned["hours_raw"] else hours.written(hours.hours_of(sent))


def _contact_faults(cleaned: Mapping[str, str]) -> list[Fault]:
    faults = address_faults(cleaned, "email", "private_email", "contact_email")
    given = any(cleaned[name] for name in ("private_name", "private_phone", "private_email"))
    if given and not cleaned["consent"]:
        what = "A private contact is kept only when that person agrees."
        faults.append(Fault(what, "Ask them and tick this, or leave the contact out.", column="consent"))
    return faults


def filled(values: Mapping[str, Any]) -> dict[str, str]:
    """Return the form's fields for the values of an asset or of a suggestion."""
    fields = dict.fromkeys(NAMES, "")
    fields |= {name: str(values.get(name) or "") for name in (*_COPIED, "postcode", "precision")}
    fields |= {
        name: f"{values[name]:.6f}" for name in ("longitude", "latitude") if values.get(name) is not None
    }
    fields["consent"] = "yes" if values.get("consent_on") else ""
    known = hours.read_back(str(values.get("opening_hours") or ""))
    if known is None:
        fields["hours_raw"] = str(values["opening_hours"])
        return fields
    return fields | known.fields()
