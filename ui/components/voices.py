"""What residents said, beside the need: only what was approved, and only as far as its consent allows."""

from html import escape
from pathlib import Path
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


def beside_need(home: Path, place: str, code: str) -> None:
    """Draw what was said about an area, then what was said about the whole place, the newest first."""
    with reading(home) as session:
        notes = shown_insight(session, place, account.actor())
    here = [note for note in notes if note.area == code] + [note for note in notes if note.area is None]
    heading("What people here say", 3)
    if here:
        items = "".join(_item(one) for one in here[:MOST])
        st.html(f'<ul class="larder-voices" aria-label="What people here say">{items}</ul>')
    if len(here) > MOST:
        note(f"And {len(here) - MOST} more that are older.")
    if not here:
        note("Nobody has passed on yet what people here say.")
    link("Pass on what people here say", f"voice?{urlencode({'place': place, 'area': code})}")


def _item(said: Shown) -> str:
    theme = THEMES[said.theme].name if said.theme in THEMES else said.theme
    about = "" if said.area else ", about the whole place"
    origin = (
        f"{theme}{about}. {GATHERED.get(said.gathered, said.gathered)}, {day_words(said.heard_on)}; "
        f"passed on by {HEARD_BY.get(said.heard_by, said.heard_by).lower()}"
        f"{', in the words of those who look after this register' if said.is_summary else ''}."
    )
    return f'<li><p dir="auto">{escape(said.text)}</p><p class="larder-note">{escape(origin)}</p></li>'
