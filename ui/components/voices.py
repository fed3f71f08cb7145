"""What residents said, beside the need: only what was approved, and only as far as its consent allows."""

from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from coproduce.insight import shown_insight
from coproduce.notes import Shown
from store.session import reading
from ui import account
from ui.components.text import heading, link, note
from words.freshness import day_words
from words.voices import GATHERED, HEARD_BY, THEMES

MOST = 5
AROUND = ("lsoa", "msoa", "ward", "district")
"""The larger areas that a note may speak of: it is kept no finer than a neighbourhood."""


def beside_need(home: Path, place: str, code: str, row: Mapping[str, Any]) -> None:
    """Draw what was said of an area and of those it lies in, then of the whole place; of each the newest first.

    `row` is the run's row of the area, with the larger areas that the place knows.
    """
    with reading(home) as session:
        notes = shown_insight(session, place, account.actor())
    names = around(code, row)
    here = [note for area in names for note in notes if note.area == area]
    here += [note for note in notes if note.area is None]
    heading("What people here say", 3)
    if here:
        items = "".join(_item(one, names) for one in here[:MOST])
        st.html(f'<ul class="larder-voices" aria-label="What people here say">{items}</ul>')
    if len(here) > MOST:
        note(f"And {len(here) - MOST} more.")
    if not here:
        note("Nothing that people here said is shown yet.")
    link("Pass on what people here say", f"voice?{urlencode({'place': place, 'area': code})}")


def around(code: str, row: Mapping[str, Any]) -> dict[str, str]:
    """Return what is said beside a note of an area or of one that it lies in, by code, the smallest first."""
    larger = {
        str(row[level]): f", said of {row.get(f'{level}_name') or row[level]}"
        for level in AROUND
        if isinstance(row.get(level), str)
    }
    return {code: ""} | {area: words for area, words in larger.items() if area != code}


def _item(said: Shown, names: Mapping[str, str]) -> str:
    theme = THEMES[said.theme].name if said.theme in THEMES else said.theme
    about = names[said.area] if said.area else ", about the whole place"
    origin = (
        f"{theme}{about}. {GATHERED.get(said.gathered, said.gathered)}, {day_words(said.heard_on)}; "
        f"passed on by {HEARD_BY.get(said.heard_by, said.heard_by).lower()}"
        f"{', in the words of those who look after this register' if said.is_summary else ''}."
    )
    return f'<li><p dir="auto">{escape(said.text)}</p><p class="larder-note">{escape(origin)}</p></li>'
