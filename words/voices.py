"""Voices: the themes that notes of what residents said are kept under, how they came, what may be shown of them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Theme:
    """One theme: its code, its plain name, and what belongs to it."""

    code: str
    name: str
    about: str


_THEMES = (
    Theme("getting_about", "Getting about", "buses, walking, crossings, cost of travel"),
    Theme("home", "Homes", "rent, damp, space, repairs, moving"),
    Theme("money", "Money and work", "bills, jobs, hours, benefits"),
    Theme("food", "Food", "shops, prices, cooking, growing"),
    Theme("health", "Health and care", "doctors, dentists, waiting, minds, carers"),
    Theme("early_years", "Babies and small children", "nursery, playgroups, talking, parents"),
    Theme("young_people", "Young people", "somewhere to go, school, college, safety"),
    Theme("older_people", "Growing older", "company, help at home, getting out"),
    Theme("safety", "Feeling safe", "streets, lights, neighbours, traffic"),
    Theme("outdoors", "Green space and play", "parks, playgrounds, dogs, litter, air"),
    Theme("together", "Being together", "groups, faith, language, newcomers, loneliness"),
    Theme("services", "Dealing with services", "being heard, forms, offices, online only"),
    Theme("strengths", "What is good here", "people, places and habits worth keeping"),
    Theme("other", "Something else", "what fits nowhere above"),
)

THEMES: dict[str, Theme] = {theme.code: theme for theme in _THEMES}

GATHERED: dict[str, str] = {
    "conversation": "In conversation",
    "workshop": "At a workshop or meeting",
    "visit": "On a visit or walk",
    "survey": "In a survey",
    "message": "By letter, e-mail or message",
    "own": "It is my own experience",
    "other": "In another way",
}

HEARD_BY: dict[str, str] = {
    "resident": "A resident",
    "volunteer": "A volunteer or community organiser",
    "worker": "A worker of a service or charity",
    "councillor": "A councillor",
    "researcher": "A researcher",
}
"""Who wrote the note down: a role, never a name."""

CONSENTS: dict[str, str] = {
    "shown": "It may be shown as it stands here",
    "summarised": "Only a summary may be shown, in the words of those who look after this register",
    "private": "It must stay with those who look after this register",
}
"""What the person who said it agreed to."""


NOTE_FIELDS: dict[str, str] = {
    "words": "What was said",
    "theme": "What it is about",
    "place": "Place",
    "area": "Part of the place",
    "asset": "Asset",
    "gathered": "How it was gathered",
    "heard_on": "On which day",
    "heard_by": "Who wrote it down",
    "consent": "What the person agreed to",
}
"""The fields of a note that people read, in the order in which they are told."""


def theme_name(code: str) -> str:
    """Return a theme's plain name; a code that is not known is shown as it is."""
    return THEMES[code].name if code in THEMES else code
