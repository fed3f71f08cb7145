"""Where somebody has looked: the table of a place's areas, and the form that records a look."""

from datetime import date

import pandas as pd
import streamlit as st

from assets.coverage import EVERY, add_look, coverage
from geo.place import Place
from store.home import home
from store.roles import Actor, may
from ui import account, desk, said
from ui.components.text import heading, link, note
from words.categories import CATEGORIES
from words.coverage import for_words
from words.freshness import day_words
from words.labels import category_label, place_label
from words.sentences import count_words

FOUND = {"none": "I looked and found none", "all": "I looked, and all that I found is recorded"}
HEIGHT = 380


def sentence(place: Place | None) -> str:
    """Return what this view is about."""
    if place is None:
        return "There is no place here yet, so nobody can say where somebody has looked."
    title = place_label(place.title, fictional=place.fictional)
    return (
        f"Where in {title} has somebody looked for assets? Where nobody has, an empty list says nothing: there may "
        "be plenty."
    )


def draw_coverage(place: Place, who: Actor) -> None:
    """Draw each area with how much is recorded there and when somebody last looked, those never looked at first."""
    found = coverage(home(), place, who)
    never = int(found["looked_on"].isna().sum())
    note(f"In {count_words(never, 'area')} of {len(found):,} nobody has looked yet.")
    named = found.assign(name=found.index.map(desk.area_names(place)))
    ordered = named.sort_values(["looked_on", "name"], na_position="first")
    days = [None if pd.isna(day) else day.date() for day in ordered["looked_on"]]
    table = pd.DataFrame(
        {
            "Area": ordered["name"],
            "Last looked": [day_words(day) if day else "Nobody yet" for day in days],
            "For": [for_words(categories) for categories in ordered["looked_for"]],
            "Assets recorded": ordered["assets"],
            "Code": ordered.index,
        }
    )
    st.dataframe(
        table, hide_index=True, height=min(HEIGHT, 38 + 35 * len(table)),
        alt="Table of areas: assets recorded, and when somebody last looked there.",
    )  # fmt: skip


def draw_form(place: Place, who: Actor, today: date) -> None:
    """Draw the form in which somebody says that they looked, for who may record that."""
    if not may(who, "add_look"):
        link("You know one that is not here? Add it", "add")
        return
    names = desk.area_names(place)
    with st.form("looked", border=False, clear_on_submit=False):
        heading("I looked here", 3)
        st.multiselect(
            "Areas",
            list(names),
            key="look-areas",
            format_func=names.__getitem__,
            placeholder="The whole place",
        )
        categories = sorted(CATEGORIES, key=category_label)
        st.multiselect(
            "For what?",
            categories,
            key="look-categories",
            format_func=category_label,
            placeholder="For everything",
        )
        st.radio("What did you find?", list(FOUND), key="look-found", format_func=FOUND.__getitem__)
        st.text_input(
            "On which day?", value=today.isoformat(), key="look-day", help="Write it like 2026-05-03"
        )
        st.text_input("A word about it (may stay empty)", key="look-note", max_chars=300)
        st.form_submit_button("Record it", type="primary", on_click=_keep, args=(place.name,))


def _keep(place: str) -> None:
    state = st.session_state
    try:
        day = date.fromisoformat(str(state["look-day"]).strip())
    except ValueError:
        said.refuse(f"“{state['look-day']}” is no day. Write it like 2026-05-03.")
        return
    said.attempt(
        lambda session: add_look(
            session, actor=account.actor(), place=place, looked_on=day, found=state["look-found"],
            areas=state["look-areas"] or [EVERY], categories=state["look-categories"] or [EVERY],
            note=str(state["look-note"]),
        ),
        "Thank you. It is recorded that somebody looked.",
    )  # fmt: skip
