"""Likeness: whether two descriptions are of one asset, judged by names, address, category, identifiers and distance."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import cos, hypot, radians
from typing import Any

from rapidfuzz import fuzz

from assets.precision import fold
from words.categories import CATEGORIES

METRES_A_DEGREE = 111_320.0
SAME_SITE_METRES = 60.0
"""Two points of one building: a postcode's centre and a door are rarely farther apart than neighbours are."""
LIKELY = 85.0
"""From which score on two assets are likely one: a person is asked."""

_SITE_IDENTIFIERS = ("uprn", "urn", "ods", "osm")
"""Identifiers of one place each; a charity or a company has many."""
_EMPTY_WORDS = frozenset({
    "the", "a", "an", "and", "of", "at", "in", "for", "limited", "ltd", "plc", "cic", "llp", "uk", "trust",
    "association", "assn", "society", "company", "group", "services", "service", "centre", "center", "building",
    "premises", "unit",
})  # fmt: skip
"""Words that say little about which one it is; a name that holds nothing else keeps them."""
_TELL_APART = (
    ("infant", "infants", "junior", "juniors", "primary", "secondary", "high", "nursery", "preschool", "playgroup",
     "college"),
    ("surgery", "pharmacy", "chemist", "chemists", "dental", "dentist"),
    ("police", "fire", "ambulance"),
    ("north", "south", "east", "west"),
    ("shop", "library", "school", "church", "hospital", "hospice"),
)  # fmt: skip
"""Words of one row name different things, whatever else the names share: an infant school is not the junior school."""
_VAGUE = frozenset({"other", "charity"})
"""Categories that a source uses where it does not know better."""
_KIN = (
    frozenset({
        "hall", "community_centre", "club", "warm_space", "cafe", "place_of_worship", "youth_centre", "family_hub",
    }),
    frozenset({"sports_centre", "sports_ground", "club"}),
    frozenset({"park", "playground", "sports_ground", "allotment"}),
    frozenset({"childcare", "family_hub"}),
    frozenset({"food_bank", "advice", "warm_space"}),
    frozenset({"school", "college"}),
)  # fmt: skip
"""Categories that one asset may be given by two people."""

_NUMBER = re.compile(r"\d+(st|nd|rd|th|[a-z])?")


@dataclass(frozen=True)
class Description:
    """What is known of an asset when it is compared; the point in degrees (EPSG:4326)."""

    name: str
    category: str = ""
    address: str = ""
    postcode: str = ""
    longitude: float | None = None
    latitude: float | None = None
    identifiers: dict[str, str] = field(default_factory=dict, hash=False)

    @classmethod
    def of(cls, known: Any) -> "Description":
        """Return what an asset, a draft or a row of the register tells."""
        return cls(
            known.name, known.category, known.address, known.postcode, known.longitude, known.latitude,
            dict(known.identifiers or {}),
        )  # fmt: skip


@dataclass(frozen=True)
class Likeness:
    """How sure it is that two descriptions are of one asset, 0 to 100; metres apart; why, in words."""

    score: float
    metres: float | None
    reasons: tuple[str, ...]

    @property
    def likely(self) -> bool:
        """Whether the two are likely one."""
        return self.score >= LIKELY


def likeness(one: Description, other: Description) -> Likeness:
    """Return how alike two assets are.

    An identifier of a place settles it, either way. Otherwise they have to be at one site (the same postcode, or
    within 60 m), of categories that one asset may be given twice, and no word may tell them apart (*infant* and
    *junior*, *1st* and *4th*, another number in the street). Then the likeness of names counts, each also compared
    with the other's address, because lists give the occupier where people give the building. Names that are the same
    at another site score low: a chain, or one organisation's several buildings.
    """
    metres = metres_between(one, other)
    settled = _by_identifier(one, other)
    if settled is not None:
        return Likeness(100.0 if settled else 0.0, metres, ("the same identifier",) if settled else ())
    apart = _told_apart(one, other)
    if apart or not compatible(one.category, other.category):
        return Likeness(0.0, metres, (apart,) if apart else ())
    names, why = _names(one, other)
    same_postcode = bool(one.postcode) and _tight(one.postcode) == _tight(other.postcode)
    if same_postcode or (metres is not None and metres <= SAME_SITE_METRES):
        where = "the same postcode" if same_postcode else "at the same spot"
        return Likeness(names, metres, (why, where))
    return Likeness(names * 0.5, metres, (why, "at another site"))


def compatible(one: str, other: str) -> bool:
    """Return whether one asset may be found under both categories."""
    if one == other or not one or not other or {one, other} & _VAGUE:
        return True
    if "health" in {one, other}:
        kind = CATEGORIES.get(other if one == "health" else one)
        return kind is not None and kind.group == "health"
    return any({one, other} <= kin for kin in _KIN)


def metres_between(one: Any, other: Any) -> float | None:
    """Return the metres between two points in degrees, so close that the earth is flat; None where one has none."""
    if None in (one.longitude, one.latitude, other.longitude, other.latitude):
        return None
    across = (one.longitude - other.longitude) * cos(radians(one.latitude))
    return float(hypot(across, one.latitude - other.latitude) * METRES_A_DEGREE)


def _by_identifier(one: Description, other: Description) -> bool | None:
    shared = [kind for kind in _SITE_IDENTIFIERS if one.identifiers.get(kind) and other.identifiers.get(kind)]
    if not shared:
        return None
    # many services share one building's UPRN, so that the same UPRN alone settles nothing
    same = [kind for kind in shared if one.identifiers[kind] == other.identifiers[kind]]
    if any(kind != "uprn" for kind in same):
        return True
    return None if same else False


def _told_apart(one: Description, other: Description) -> str:
    """Return the words that make two names name different things, or nothing."""
    left, right = fold(one.name).split(), fold(other.name).split()
    numbers = [{word for word in words if _NUMBER.fullmatch(word)} for words in (left, right)]
    if numbers[0] and numbers[1] and not numbers[0] & numbers[1]:
        return f"{min(numbers[0])} and {min(numbers[1])}"
    for row in _TELL_APART:
        mine, theirs = ({_singular(word) for word in words if word in row} for words in (left, right))
        if mine and theirs and not mine & theirs:
            return f"{min(mine)} and {min(theirs)}"
    return ""


def _names(one: Description, other: Description) -> tuple[float, str]:
    """Return how alike the names are, each also taken with the other's address, and how that reads."""
    left, right = _core(one.name), _core(other.name)
    if left and left == right:
        return 100.0, "the same name"
    direct = float(min(fuzz.token_sort_ratio(left, right) + 5, fuzz.WRatio(left, right)))
    through = max(_within(left, _core(other.address)), _within(right, _core(one.address)))
    if {one.category, other.category} & _VAGUE:
        through *= 0.8  # an organisation in a building is not the building
    return (
        (direct, "a name like it")
        if direct >= through
        else (through, "the name stands in the other's address")
    )


def _within(name: str, address: str) -> float:
    """Return how much of a name of two words or more stands in an address, word by word, typing slips allowed."""
    words = name.split()
    if len(words) < 2 or not address:
        return 0.0
    there = address.split()
    return sum(max(fuzz.ratio(word, each) for each in there) for word in words) / len(words)


def _core(text: str) -> str:
    """Return the words of a name that tell which one it is."""
    words = fold(text).split()
    return " ".join(_without(words, _EMPTY_WORDS)) or " ".join(words)


def _without(words: Iterable[str], dropped: frozenset[str]) -> list[str]:
    return [word for word in words if word not in dropped]


def _singular(word: str) -> str:
    return word.removesuffix("s")


def _tight(postcode: str) -> str:
    return postcode.replace(" ", "").upper()
