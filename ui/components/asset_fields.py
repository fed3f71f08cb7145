"""The fields of an asset as a form: drawn from values, read back as values, each fault beside the name of its field."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

import streamlit as st

from words.categories import CATEGORIES
from words.faults import Fault
from words.labels import category_label
from words.register import ASSET_KINDS, PRECISIONS, field_label

PUBLIC = (
    "name", "kind", "category", "description", "for_whom", "opening_hours", "cost", "accessibility", "organisation",
    "address", "postcode", "latitude", "longitude", "website", "phone", "email", "identifiers",
)  # fmt: skip
STEWARDS = (*PUBLIC, "precision", "private_name", "private_email", "private_phone", "consent_on")
HINTS = {
    "opening_hours": "As OpenStreetMap writes them, for example Mo-Fr 09:00-17:00; Sa 10:00-12:00",
    "identifiers": "For example uprn: 100012345678, charity: 1234567",
    "consent_on": "The day on which they agreed, as 2026-05-03",
    "latitude": "In degrees, for example 51.57210",
    "longitude": "In degrees, for example 0.45680; west of Greenwich with a minus",
}
_CHOICES: dict[str, tuple[Mapping[str, object], Callable[[str], str]]] = {
    "kind": (ASSET_KINDS, ASSET_KINDS.__getitem__),
    "category": (dict.fromkeys(sorted(CATEGORIES, key=category_label)), category_label),
    "precision": (PRECISIONS, PRECISIONS.__getitem__),
}


def draw_fields(prefix: str, values: Mapping[str, Any], fields: Iterable[str]) -> None:
    """Draw one widget a field, filled from `values` the first time; `prefix` keeps forms apart."""
    for field in fields:
        key = f"{prefix}-{field}"
        text = written(field, values.get(field))
        if field in _CHOICES:
            options, words = _CHOICES[field]
            st.session_state.setdefault(key, text if text in options else next(iter(options)))
            st.selectbox(field_label(field), list(options), key=key, format_func=words)
        else:
            st.session_state.setdefault(key, text)
            widget = st.text_area if field == "description" else st.text_input
            widget(field_label(field), key=key, help=HINTS.get(field))


def read_fields(prefix: str, fields: Iterable[str]) -> tuple[dict[str, Any], list[Fault]]:
    """Return what stands in the widgets as the register keeps it, and what of it cannot be read."""
    values: dict[str, Any] = {}
    faults: list[Fault] = []
    for field in fields:
        text = str(st.session_state.get(f"{prefix}-{field}") or "").strip()
        try:
            values[field] = typed(field, text)
        except ValueError:
            cure = HINTS.get(field, "Write it anew.")
            faults.append(Fault(f"{field_label(field)} “{text}” cannot be read.", cure))
    return values, faults


def typed(field: str, text: str) -> Any:
    """Return a typed text as the value of a field. Raises ValueError where it is none."""
    if field in ("latitude", "longitude"):
        return float(text) if text else None
    if field == "consent_on":
        return date.fromisoformat(text) if text else None
    if field == "identifiers":
        parts = [part.partition(":") for part in text.split(",") if part.strip()]
        if any(not mark for _, mark, _ in parts):
            raise ValueError(text)
        return {name.strip().lower(): value.strip() for name, _, value in parts}
    return text


def written(field: str, value: Any) -> str:
    """Return the value of a field as somebody would type it; `typed` reads it back."""
    if value is None:
        return ""
    if field == "identifiers":
        return ", ".join(f"{name}: {text}" for name, text in dict(value).items())
    return repr(value) if isinstance(value, float) else str(value)


def changed(base: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values that differ from those the form was filled with."""
    return {
        field: value
        for field, value in values.items()
        if written(field, value) != written(field, base.get(field))
    }
