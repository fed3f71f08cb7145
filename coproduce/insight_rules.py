"""The rules of a note of what residents said: what must hold of its values."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from words.faults import Fault
from words.voices import CONSENTS, GATHERED, HEARD_BY, THEMES

LONGEST = 4_000
SUGGESTIBLE = ("place", "area", "asset", "theme", "gathered", "heard_on", "heard_by", "consent", "words")
"""The fields that anybody may suggest; the summary is a steward's."""
EDITABLE = (*SUGGESTIBLE, "summary")
_CODES = (("theme", THEMES), ("gathered", GATHERED), ("heard_by", HEARD_BY), ("consent", CONSENTS))


def value_faults(values: Mapping[str, Any], known: tuple[str, ...]) -> list[Fault]:
    """Return everything that keeps these values from being a note, by field."""
    faults = [
        Fault("This field cannot be set.", "Leave it out.", column=name)
        for name in values
        if name not in known
    ]
    faults += [
        Fault("This is not one of the choices.", f"Use one of: {', '.join(codes)}.", column=name)
        for name, codes in _CODES
        if values.get(name) not in codes
    ]
    for name in ("words", "summary"):
        if len(str(values.get(name, ""))) > LONGEST:
            faults.append(
                Fault(f"This is longer than {LONGEST:,} characters.", "Please shorten it.", column=name)
            )
    if not str(values.get("words", "")).strip():
        faults.append(Fault("Nothing is written yet.", "Write what was said.", column="words"))
    if not values.get("place"):
        faults.append(Fault("It is not said which place this is about.", "Choose the place.", column="place"))
    return faults + _day_faults(values.get("heard_on"))


def _day_faults(value: Any) -> list[Fault]:
    try:
        day = day_of(value)
    except (TypeError, ValueError):
        return [Fault("This is not a date.", "Write it like 2026-05-31.", column="heard_on")]
    if day > datetime.now(UTC).date():
        return [Fault("This day is still to come.", "Give the day on which it was said.", column="heard_on")]
    return []


def summary_faults(values: Mapping[str, Any]) -> list[Fault]:
    """Return a fault where only a summary may be shown and there is none."""
    if values["consent"] != "summarised" or values.get("summary"):
        return []
    return [Fault("Only a summary of this may be shown.", "Write one, in your own words.", column="summary")]


def no_wider(agreed: str) -> list[str]:
    """Return the consents under which no more is shown than under this one, the widest first."""
    order = list(CONSENTS)
    return order[order.index(agreed) :] if agreed in order else []


def consent_faults(agreed: Mapping[str, Any], values: Mapping[str, Any]) -> list[Fault]:
    """Return a fault where more would be shown than was agreed to."""
    allowed = no_wider(str(agreed.get("consent")))
    if not allowed or values.get("consent") not in CONSENTS or values["consent"] in allowed:
        return []
    cure = "Keep to what was agreed, or show less."
    return [Fault("More would be shown than the person agreed to.", cure, column="consent")]


def day_of(value: Any) -> date:
    """Return a date, or the one that an ISO text names; TypeError or ValueError where it names none."""
    return value if isinstance(value, date) else date.fromisoformat(value)
