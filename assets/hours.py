"""Opening hours in OpenStreetMap's notation: whether they can be read, and whether it is open."""

import re
from datetime import datetime, time, timedelta
from functools import lru_cache
from typing import Literal

from opening_hours import OpeningHours, State, validate

from words.faults import Fault

COUNTRY = "GB"
"""Whose public holidays *PH* means."""
LONGEST = 500
SUN = re.compile(r"sunrise|sunset|dawn|dusk")
Opening = Literal["open", "closed", "unknown"]


@lru_cache(maxsize=2048)
def read_hours(text: str) -> OpeningHours | None:
    """Return hours that can be asked, or None for a text that is not in OpenStreetMap's notation.

    Example: `Mo-Fr 09:00-17:00; PH off`.
    """
    if not text.strip() or len(text) > LONGEST or not validate(text):
        return None
    return OpeningHours(text, country=COUNTRY)


def hours_faults(text: str) -> list[Fault]:
    """Return what is wrong with hours that somebody gives; none is nothing wrong."""
    if not text or read_hours(text) is not None:
        return []
    what = "These opening hours cannot be read."
    cure = "Write them like Mo-Fr 09:00-17:00; Sa 10:00-12:00, or put them into the description."
    return [Fault(what, cure, column="opening_hours", value=text)]


def opening_at(text: str, when: datetime) -> Opening:
    """Return whether hours say *open* at a moment of the clock there; what they leave open is *unknown*."""
    known = _certain(text)
    if known is None:
        return "unknown"
    state, remark = known.state(when)
    if state == State.OPEN:
        return "unknown" if remark else "open"
    return "closed" if state == State.CLOSED else "unknown"


def opens_on(text: str, when: datetime) -> str:
    """Return what to tell of a day: *open today 09:00 to 17:00*, *closed today*; nothing where it is not known.

    A remark stands behind its times, for it may take back what they say: *open today 10:00 to 12:00 (term time)*.
    """
    known = _certain(text)
    if known is None:
        return ""
    morning = datetime.combine(when.date(), time())
    midnight = morning + timedelta(days=1)
    told = []
    for start, end, state, remark in known.intervals(morning, midnight):
        whole = start <= morning and end >= midnight
        if state == State.UNKNOWN or (whole and remark):
            return ""
        if state == State.OPEN:
            times = "all day" if whole else f"{max(start, morning):%H:%M} to {_until(end, midnight)}"
            told.append(f"{times} ({remark})" if remark else times)
    return f"open today {' and '.join(told)}".replace("today all day", "all day") if told else "closed today"


def _certain(text: str) -> OpeningHours | None:
    """Return hours that depend on the clock alone: where the sun rises is not asked here."""
    return None if SUN.search(text) else read_hours(text)


def _until(end: datetime, midnight: datetime) -> str:
    return "24:00" if end == midnight else f"{end:%H:%M}"
