"""Opening times as a form asks for them, up to four rows of days and hours and a remark, in OSM's notation and back."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from words.faults import Fault

ROWS = 4
DAYS: dict[str, str] = {
    "": "choose days",
    "Mo-Su": "Every day",
    "Mo-Fr": "Monday to Friday",
    "Sa-Su": "Saturday and Sunday",
    "Mo": "Monday",
    "Tu": "Tuesday",
    "We": "Wednesday",
    "Th": "Thursday",
    "Fr": "Friday",
    "Sa": "Saturday",
    "Su": "Sunday",
    "Mo-Sa": "Monday to Saturday",
    "PH": "Public holidays",
}
LONGEST_REMARK = 120
_TIME = re.compile(r"(\d{1,2})(?:[:.]?(\d{2}))?\s*(am|pm)?", re.IGNORECASE)
_RULE = re.compile(r"(?P<days>[A-Z][a-z](?:-[A-Z][a-z])?|PH) (?P<opens>\d\d:\d\d)-(?P<closes>\d\d:\d\d)")
_REMARK = re.compile(r'"(?P<remark>[^"]*)"')


@dataclass(frozen=True)
class Row:
    """One row of the form, as it was typed."""

    days: str = ""
    opens: str = ""
    closes: str = ""


@dataclass(frozen=True)
class Hours:
    """The rows and the remark of the form."""

    rows: tuple[Row, ...]
    remark: str = ""

    def fields(self) -> dict[str, str]:
        """Return them under the names that the form's fields have."""
        told = {"hours_remark": self.remark}
        for at, row in enumerate(self.rows, start=1):
            told |= {f"days_{at}": row.days, f"opens_{at}": row.opens, f"closes_{at}": row.closes}
        return told


def hours_of(fields: Mapping[str, str]) -> Hours:
    """Return the rows and the remark that came with a form."""
    rows = (
        Row(*(fields.get(f"{name}_{at}", "").strip() for name in ("days", "opens", "closes")))
        for at in range(1, ROWS + 1)
    )
    return Hours(tuple(rows), " ".join(fields.get("hours_remark", "").split()))


def written(hours: Hours) -> tuple[str, list[Fault]]:
    """Return the hours in OSM's notation, and what is wrong with them, each fault by the field's name.

    Times are understood as 9, 9:30, 0930, 9am and 21.30. A closing time before the opening is after midnight.
    """
    rules, faults = [], []
    for at, row in enumerate(hours.rows, start=1):
        if not (row.days or row.opens or row.closes):
            continue
        opens, closes = clock(row.opens), clock(row.closes)
        faults += _row_faults(at, row, opens, closes)
        rules.append(f"{row.days} {opens}-{closes}")
    if len(hours.remark) > LONGEST_REMARK:
        faults.append(
            Fault(
                f"Keep this under {LONGEST_REMARK} characters.",
                "Put the rest in the description.",
                column="hours_remark",
            )
        )
    if faults:
        return "", faults
    remark = hours.remark.replace('"', "'")
    # a remark of its own stands behind ||, since behind a semicolon it would take the place of the hours
    parts = ("; ".join(rules), f'"{remark}"' if remark else "")
    return " || ".join(part for part in parts if part), []


def _row_faults(at: int, row: Row, opens: str, closes: str) -> list[Fault]:
    faults = []
    if row.days not in DAYS or not row.days:
        faults.append(Fault("The days are missing.", "Choose the days of this row.", column=f"days_{at}"))
    for name, typed, read in (("opens", row.opens, opens), ("closes", row.closes, closes)):
        if not read:
            what = "This is not a time." if typed else "The time is missing."
            faults.append(Fault(what, "Write it like 9:30 or 17:00.", column=f"{name}_{at}", value=typed))
    return faults


def clock(text: str) -> str:
    """Return a typed time as HH:MM, or nothing where it is no time. 24:00 is the end of the day."""
    found = _TIME.fullmatch(text.strip())
    if not found:
        return ""
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").lower()
    if half:
        if not 1 <= hour <= 12:
            return ""
        hour = hour % 12 + (12 if half == "pm" else 0)
    if minute > 59 or hour > 24 or (hour == 24 and minute):
        return ""
    return f"{hour:02d}:{minute:02d}"


def read_back(text: str) -> Hours | None:
    """Return the rows and the remark that a text in OSM's notation stands for, None where the form cannot say it."""
    told, _, last = text.partition("||")
    if not last and told.strip().startswith('"'):
        told, last = "", told
    remark = _REMARK.fullmatch(last.strip())
    if last and not remark:
        return None
    found = [_RULE.fullmatch(rule.strip()) for rule in told.split(";") if rule.strip()]
    rows = [Row(one["days"], one["opens"], one["closes"]) for one in found if one and one["days"] in DAYS]
    if len(rows) != len(found) or len(rows) > ROWS:
        return None
    return Hours((*rows, *(Row() for _ in range(ROWS - len(rows)))), remark["remark"] if remark else "")


def in_words(text: str) -> list[str]:
    """Return opening times a line each, in words as far as the form knows them, else as they are written."""
    hours = read_back(text)
    if hours is None:
        return [text] if text else []
    lines = [f"{DAYS[row.days]} {row.opens} to {row.closes}" for row in hours.rows if row.days]
    return [*lines, *([hours.remark] if hours.remark else [])]
