"""Categories of assets: codes, plain names, the group whose mark draws them, and the spellings people use."""

import re
from dataclasses import dataclass
from typing import Literal

Group = Literal["meeting", "learning", "health", "food", "outdoors", "sport", "other"]


@dataclass(frozen=True)
class Category:
    """One category: its code, its plain name for one and for many, the group of marks it is drawn with."""

    code: str
    name: str
    plural: str
    group: Group
    spellings: tuple[str, ...] = ()


_ALL = (
    Category("community_centre", "community centre", "community centres", "meeting",
             ("community center", "community hub", "day centre", "neighbourhood centre")),
    Category("hall", "hall", "halls", "meeting",
             ("village hall", "church hall", "community hall", "scout hall", "memorial hall")),
    Category("club", "club", "clubs", "meeting", ("social club", "club house", "clubhouse", "group")),
    Category("place_of_worship", "place of worship", "places of worship", "meeting",
             ("church", "mosque", "temple", "synagogue", "chapel", "gurdwara", "worship", "faith")),
    Category("cafe", "café", "cafés", "meeting", ("café", "coffee shop", "community cafe")),
    Category("warm_space", "warm space", "warm spaces", "meeting",
             ("warm hub", "warm bank", "warm place")),
    Category("museum", "museum or gallery", "museums and galleries", "meeting", ("gallery", "art gallery")),
    Category("theatre", "theatre", "theatres", "meeting", ("theater", "arts centre", "cinema")),
    Category("library", "library", "libraries", "learning", ("public library",)),
    Category("school", "school", "schools", "learning",
             ("primary school", "secondary school", "infant school", "junior school", "academy")),
    Category("college", "college", "colleges", "learning", ("further education", "adult education")),
    Category("childcare", "nursery or childcare", "nurseries and childcare", "learning",
             ("nursery", "day nursery", "preschool", "pre school", "playgroup", "kindergarten", "early years",
              "childminder", "creche", "nurseries")),
    Category("family_hub", "family hub", "family hubs", "learning",
             ("childrens centre", "children s centre", "family centre", "sure start")),
    Category("youth_centre", "youth centre", "youth centres", "learning", ("youth club", "youth")),
    Category("gp", "GP practice", "GP practices", "health",
             ("gp practice", "gp surgery", "doctor", "doctors", "general practice")),
    Category("pharmacy", "pharmacy", "pharmacies", "health", ("chemist",)),
    Category("dentist", "dentist", "dentists", "health", ("dental practice", "dental surgery")),
    Category("hospital", "hospital or hospice", "hospitals and hospices", "health", ("hospice",)),
    Category("health", "other health service", "other health services", "health",
             ("clinic", "health centre", "surgery", "healthcare")),
    Category("sports_centre", "sports centre", "sports centres", "sport",
             ("leisure centre", "gym", "gymnasium", "sport", "swimming pool", "sports", "fitness centre")),
    Category("sports_ground", "sports ground", "sports grounds", "sport",
             ("pitch", "playing field", "sports pitch", "golf course")),
    Category("playground", "playground", "playgrounds", "outdoors", ("play area", "play park")),
    Category("park", "park or green space", "parks and green spaces", "outdoors",
             ("green space", "open space", "recreation ground", "nature reserve", "garden")),
    Category("allotment", "allotment", "allotments", "outdoors", ("community garden",)),
    Category("food_bank", "food bank", "food banks", "food",
             ("foodbank", "community larder", "food pantry", "community fridge")),
    Category("advice", "advice service", "advice services", "food",
             ("citizens advice", "advice centre", "counselling")),
    Category("charity", "charity", "charities", "food", ("voluntary organisation",)),
    Category("emergency_service", "police, fire or ambulance station",
             "police, fire and ambulance stations", "other",
             ("police station", "fire station", "ambulance station")),
    Category("other", "other", "other assets", "other", ("misc", "miscellaneous")),
)  # fmt: skip

CATEGORIES: dict[str, Category] = {category.code: category for category in _ALL}


def category_code(text: str) -> str | None:
    """Return the code that a usual spelling stands for, or None where nothing here knows it.

    Case, hyphens, underscores, a plural and spaces at the ends do not count.
    Example: `category_code("Community Centres")` is `"community_centre"`.
    """
    return _SPELLINGS.get(_plain(text))


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text.casefold()).strip()


def _spellings() -> dict[str, str]:
    known: dict[str, str] = {}
    for category in _ALL:
        own = (category.code, category.name, category.plural)
        for spelling in own + category.spellings + tuple(f"{word}s" for word in category.spellings):
            known.setdefault(_plain(spelling), category.code)
        known.setdefault(_plain(f"{category.code}s"), category.code)
    return known


_SPELLINGS = _spellings()
