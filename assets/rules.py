"""The rules: what must hold of an asset before the register keeps it."""

import re
from collections.abc import Mapping
from datetime import date
from math import isfinite
from typing import Any

from assets.hours import hours_faults
from assets.schema import IDENTIFIERS, KINDS, PRECISIONS, PRIVATE, STATUSES
from store.outbox import is_address
from words.categories import CATEGORIES
from words.faults import Fault

LONGEST_NAME = 300
LONGEST_TEXT = 5_000
_UNSHOWN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def point_faults(longitude: float | None, latitude: float | None) -> list[Fault]:
    """Return what is wrong with a point in degrees: half of it missing, or out of range."""
    if longitude is None and latitude is None:
        return []
    if longitude is None or latitude is None:
        return [Fault("Only one of the two coordinates is given.", "Give both, or neither and a postcode.")]
    checks = (("latitude", latitude, 90.0), ("longitude", longitude, 180.0))
    return [
        Fault(
            f"A {name} lies between -{limit:g} and {limit:g} degrees.",
            "Give degrees (WGS84), or a postcode instead.",
            column=name,
            value=f"{value:g}",
        )
        for name, value, limit in checks
        if not (isfinite(value) and abs(value) <= limit)
    ]


def asset_faults(
    name: str, category: str, status: str, longitude: float | None, latitude: float | None
) -> list[Fault]:
    """Return everything that keeps these values out of the register."""
    faults = point_faults(longitude, latitude)
    if not name.strip():
        faults.append(Fault("An asset needs a name.", "Write what people call it.", column="name"))
    if len(name) > LONGEST_NAME:
        cure = f"Keep it under {LONGEST_NAME} characters and put the rest in the description."
        faults.append(Fault(f"The name has {len(name)} characters.", cure, column="name"))
    faults += _one_of("category", category, tuple(CATEGORIES))
    faults += _one_of("status", status, STATUSES)
    return faults


def detail_faults(values: Mapping[str, Any]) -> list[Fault]:
    """Return everything that keeps the other fields out of the register, as far as they are given."""
    faults = [fault for name, value in values.items() for fault in _text_faults(name, value)]
    faults += _one_of("kind", values.get("kind", KINDS[0]), KINDS)
    faults += _one_of("precision", values.get("precision", PRECISIONS[0]), PRECISIONS)
    for name in ("email", "private_email"):
        address = values.get(name) or ""
        if isinstance(address, str) and address and not is_address(address):
            cure = "Write one address, like name@example.org."
            faults.append(Fault("This is not an e-mail address.", cure, column=name, value=address[:80]))
    faults += hours_faults(str(values.get("opening_hours") or ""))
    faults += _identifier_faults(values.get("identifiers") or {})
    if any(values.get(name) for name in PRIVATE) and values.get("consent_on") is None:
        faults.append(
            Fault(
                "A private contact is kept only with that person's consent.",
                "Give the day on which they agreed, or leave the contact out.",
                column="consent_on",
            )
        )
    if not isinstance(values.get("consent_on"), date | None):
        faults.append(Fault("This is not a date.", "Write it like 2026-05-31.", column="consent_on"))
    return faults


def _identifier_faults(identifiers: Any) -> list[Fault]:
    if not isinstance(identifiers, Mapping):
        return [Fault("Identifiers are pairs of a name and a text.", "", column="identifiers")]
    cure = f"Use: {', '.join(IDENTIFIERS)}."
    return [
        Fault("This identifier is not known.", cure, column="identifiers", value=str(name))
        for name, text in identifiers.items()
        if name not in IDENTIFIERS or not isinstance(text, str) or _text_faults(name, text)
    ]


def _text_faults(name: str, value: Any) -> list[Fault]:
    if not isinstance(value, str):
        return []
    faults = []
    if _UNSHOWN.search(value):
        cure = "Write it again without them."
        faults.append(Fault("The text has characters that cannot be shown.", cure, column=name))
    if len(value) > LONGEST_TEXT:
        cure = f"Keep it under {LONGEST_TEXT} characters."
        faults.append(Fault(f"The text has {len(value)} characters.", cure, column=name))
    return faults


def _one_of(name: str, value: Any, known: tuple[str, ...]) -> list[Fault]:
    if value in known:
        return []
    cure = f"Use one of: {', '.join(known)}."
    return [Fault(f"This {name} is not known.", cure, column=name, value=str(value)[:80])]
