"""Where somebody has looked: the table of a place's areas, and the form that records a look."""

from datetime import date

import pandas as pd
import streamlit as st
from sqlalchemy.orm import Session

from assets.coverage import EVERY, coverage, keep_looks, take_back
from assets.errors import AssetError
from geo.place import Place
from store.home import home
from store.roles import Actor, may
from ui import account, desk, said
from ui.components.text import heading, link, note
from words.categories import CATEGORIES
from words.coverage import for_words
from words.faults import Fault
from words.freshness import day_words
from words.labels import category_label, place_label
from words.sentences import count_words

FOUND = {"none": "I looked and found none", "all": "I looked, and all that I found is recorded"}
HEIGHT = 380
UNDO = "look-undo"
FIELDS = {
    "look-areas": [],
    "look-whole": False,
    "look-categories": [],
    "look-everything": False,
    "look-found": None,
}
"""What nobody has chosen yet: a look says something of people's streets, so none of it is chosen for them."""


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
    note(_where_nobody_looked(never, len(found)))
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


def _where_nobody_looked(never: int, areas: int) -> str:
    if never:
        return f"In {count_words(never, 'area')} of {areas:,} nobody has looked yet."
    return f"Somebody has looked in all {areas:,} areas."


def draw_form(place: Place, who: Actor, today: date) -> None:
    """Draw the form in which somebody says that they looked, for who may record that."""
    if not may(who, "add_look"):
        link("You know one that is not here? Add it", "add")
        return
    names = desk.area_names(place)
    with st.form("looked", border=False, clear_on_submit=False):
        heading("I looked here", 3)
        st.multiselect(
            "Areas", list(names), key="look-areas", format_func=names.__getitem__, placeholder="Choose areas"
        )
        st.checkbox(f"The whole place, all {len(names):,} areas", key="look-whole")
        categories = sorted(CATEGORIES, key=category_label)
        st.multiselect(
            "For what?", categories, key="look-categories", format_func=category_label,
            placeholder="Choose categories",
        )  # fmt: skip
        st.checkbox("Everything, whatever its category", key="look-everything")
        st.radio(
            "What did you find?", list(FOUND), key="look-found", format_func=FOUND.__getitem__, index=None
        )
        st.text_input(
            "On which day?", value=today.isoformat(), key="look-day", help="Write it like 2026-05-03"
        )
        st.text_input("A word about it (may stay empty)", key="look-note", max_chars=300)
        st.form_submit_button("Record it", type="primary", on_click=_keep, args=(place,))


def draw_undo() -> None:
    """Draw the way back from the look that was just recorded here."""
    if st.session_state.get(UNDO):
        st.button(
            "Undo: I did not look there", key="look-undo-button", on_click=_undo, icon=":material/undo:"
        )


def _keep(place: Place) -> None:
    state = st.session_state
    kept = said.attempt(
        lambda session: _recorded(session, place), "Thank you. It is recorded that somebody looked."
    )
    if kept:
        state[UNDO] = kept
        state.update({**FIELDS, "look-note": ""})


def _recorded(session: Session, place: Place) -> tuple[str, ...]:
    """Keep what the form says; every thing that is missing or cannot be is said at once."""
    state = st.session_state
    faults: list[Fault] = []
    areas = _chosen("look-areas", "look-whole", "areas", "the whole place", faults)
    categories = _chosen("look-categories", "look-everything", "categories", "everything", faults)
    found = state["look-found"]
    if found is None:
        faults.append(Fault("It is not said what you found.", "Choose one of the two answers."))
    day = _day(str(state["look-day"]).strip(), faults)
    if faults or day is None:
        raise AssetError(faults)
    return keep_looks(
        session, actor=account.actor(), place=place, looked_on=day, found=found, areas=areas,
        categories=categories, note=str(state["look-note"]),
    )  # fmt: skip


def _chosen(some: str, every: str, noun: str, whole: str, faults: list[Fault]) -> list[str]:
    """Return what was chosen, `*` for all of it; neither or both is a fault."""
    named, ticked = list(st.session_state[some]), bool(st.session_state[every])
    if named and ticked:
        faults.append(Fault(f"Some {noun} are chosen, and {whole} is ticked.", "Keep one of the two."))
    elif not named and not ticked:
        faults.append(Fault(f"No {noun} are chosen.", f"Choose them, or tick {whole}."))
    return [EVERY] if ticked else named


def _day(text: str, faults: list[Fault]) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        faults.append(Fault(f"“{text}” is no day.", "Write it like 2026-05-03."))
        return None


def _undo() -> None:
    ids = st.session_state.pop(UNDO, ())
    said.attempt(
        lambda session: take_back(session, ids, actor=account.actor()),
        "It is taken back: nobody is said to have looked there.",
    )
