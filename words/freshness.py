"""Freshness: how long a confirmation holds for each kind of asset, the four states, and how they are told.

A half-life is the time after which half of such entries can be expected to have changed in something that matters to
who goes there: hours, telephone, price, whether it is there at all. The lengths are judgements, each with its reason,
to be corrected by whoever looks after a register; no study that we know of gives them by category. With half-life *H*
and *t* days since somebody last checked, the chance that an entry still holds is about 2^(-t/H).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from words.categories import CATEGORIES

State = Literal["fresh", "ageing", "stale", "unconfirmed"]
GRACE = timedelta(days=1)
STATES: tuple[State, ...] = ("fresh", "ageing", "stale", "unconfirmed")


@dataclass(frozen=True)
class HalfLife:
    """After how many days half of such entries can be expected to have changed, and why we think so."""

    days: int
    reason: str


_SEASON = HalfLife(120, "it opens for a season and is arranged anew each year")
_VOLUNTEERS = HalfLife(180, "volunteers or short funding keep it going: hours and rooms move")
_SERVICE = HalfLife(
    365, "it has staff and a lease; hours, prices and telephone numbers change within a year or two"
)
_PUBLIC = HalfLife(545, "a public body runs it: it stays, and its hours change with the budget")
_BUILT = HalfLife(1095, "it is built to stay; its condition and who may use it change")
_LAND = HalfLife(1825, "it is land, which seldom moves; its gates and paths do")

HALF_LIVES: dict[str, HalfLife] = {
    "community_centre": _SERVICE,
    "hall": _BUILT,
    "club": _VOLUNTEERS,
    "place_of_worship": _BUILT,
    "cafe": _SERVICE,
    "warm_space": _SEASON,
    "museum": _PUBLIC,
    "theatre": _PUBLIC,
    "library": _PUBLIC,
    "school": _BUILT,
    "college": _BUILT,
    "childcare": _SERVICE,
    "family_hub": _SERVICE,
    "youth_centre": _VOLUNTEERS,
    "gp": _PUBLIC,
    "pharmacy": _SERVICE,
    "dentist": HalfLife(365, "whether it takes new patients changes within the year"),
    "hospital": _BUILT,
    "health": _PUBLIC,
    "sports_centre": _PUBLIC,
    "sports_ground": _BUILT,
    "playground": _BUILT,
    "park": _LAND,
    "allotment": _LAND,
    "food_bank": HalfLife(120, "its sessions and who may come change several times a year"),
    "advice": _VOLUNTEERS,
    "charity": _SERVICE,
    "emergency_service": _BUILT,
    "other": _VOLUNTEERS,
}
"""The half-life of each category; a test holds that each category has one."""

LIMITS: dict[str, HalfLife] = {
    "event": HalfLife(30, "an event passes"),
    "skill": HalfLife(180, "what one person offers depends on that person's year"),
    "group": HalfLife(180, "a group meets where and when its members can"),
}
"""Kinds of asset whose entries cannot hold longer than this, whatever their category."""

FRESHNESS_LABELS: dict[str, str] = {
    "fresh": "Fresh",
    "ageing": "Ageing",
    "stale": "Stale",
    "unconfirmed": "Unconfirmed",
}

FRESHNESS_MEANINGS: dict[str, str] = {
    "fresh": "somebody checked it lately, and it is likely still right",
    "ageing": "checked a while ago: more likely right than not",
    "stale": "checked so long ago that it is as likely to have changed as not",
    "unconfirmed": "nobody has told us that they checked it",
}


def half_life(category: str, kind: str = "place") -> HalfLife:
    """Return the half-life of a category, or that of the kind of asset where it is shorter.

    A category that is not known is taken as *other*.
    """
    own = HALF_LIVES.get(category, HALF_LIVES["other"])
    limit = LIMITS.get(kind)
    return limit if limit and limit.days < own.days else own


def state_of(confirmed_on: date | None, category: str, kind: str, today: date) -> State:
    """Return the state of an asset that was last checked on a day.

    *Fresh* up to half of its half-life (a chance of 71 % or more that it still holds), *ageing* up to the half-life,
    *stale* after it. A day to come confirms nothing, save tomorrow: it is that already where somebody is. Example: a
    library (545 days) checked 272 days ago is fresh, 273 to 545 days ago ageing, 546 days ago stale.
    """
    if confirmed_on is None or confirmed_on > today + GRACE:
        return "unconfirmed"
    age, days = (today - confirmed_on).days, half_life(category, kind).days
    if age <= days // 2:
        return "fresh"
    return "ageing" if age <= days else "stale"


def due_on(confirmed_on: date | None, category: str, kind: str) -> date | None:
    """Return the first day on which an asset is stale; None where it was never confirmed: it is due already."""
    return None if confirmed_on is None else confirmed_on + timedelta(days=half_life(category, kind).days + 1)


def day_words(day: date) -> str:
    """Return a day as people write it: *3 May 2026*."""
    return f"{day.day} {day:%B %Y}"


def checked_words(confirmed_on: date | None, state: State) -> str:
    """Return when an asset was last checked: *confirmed 3 May 2026*, *not confirmed since 3 May 2024*."""
    if confirmed_on is None or state == "unconfirmed":
        return "not confirmed"
    before = {"fresh": "confirmed", "ageing": "last confirmed", "stale": "not confirmed since"}[state]
    return f"{before} {day_words(confirmed_on)}"


def confirmation_words(confirmed_on: date | None, state: State) -> str:
    """Return when an asset was last checked and what that is worth: *confirmed 3 May 2026*, *not confirmed since …*."""
    told = checked_words(confirmed_on, state)
    return f"{told}, ageing" if state == "ageing" else told


def span_words(days: int) -> str:
    """Return a span of days as people say it: *a month*, *4 months*, *a year*, *18 months*, *3 years*."""
    months = round(days / 30.4)
    if months % 12 == 0:
        return "a year" if months == 12 else f"{months // 12} years"
    return "a month" if months <= 1 else f"{months} months"


def freshness_table() -> list[dict[str, str | int]]:
    """Return the published table: each category by name with its half-life in days and the reason."""
    rows: list[dict[str, str | int]] = [
        {"Category": CATEGORIES[code].name, "Half-life (days)": found.days, "Because": found.reason}
        for code, found in HALF_LIVES.items()
    ]
    rows += [
        {"Category": f"any {kind}, at most", "Half-life (days)": found.days, "Because": found.reason}
        for kind, found in LIMITS.items()
    ]
    return rows
