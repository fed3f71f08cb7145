"""People: everybody who ever signed in, and the role of each."""

import streamlit as st

from assets.stewardship import EVERY, Charge, charges_of, set_charges
from store.home import home
from store.people import Person, list_people, set_role
from store.roles import ACCOUNT_ROLES, Role
from store.session import reading
from ui import account, desk, said
from ui.components import who
from ui.components.text import heading, lead, note, plain
from words.categories import CATEGORIES
from words.labels import category_label
from words.sentences import count_words, sentence_case

MEANINGS = {
    "viewer": "reads what is published",
    "contributor": "also confirms assets and records where somebody looked",
    "steward": "also decides on suggestions, changes, merges and removes assets",
    "analyst": "also sees drafts of runs and releases them",
    "admin": "may do everything, and gives out the roles",
}


def page() -> None:
    """Draw everybody with their role to choose."""
    if not who.is_open("People", "manage_people"):
        return
    with reading(home()) as session:
        people = list_people(session, account.actor())
        charges = {person.id: charges_of(session, person.id) for person in people}
    heading("People", 1)
    if not people:
        lead("Nobody has signed in yet. Whoever does comes first as a viewer, and stands here then.")
    else:
        lead(f"{sentence_case(count_words(len(people), 'person has', 'people have'))} signed in here.")
    said.show()
    for person in people:
        _row(person, list(desk.places()), charges[person.id])
    with st.expander("What each role may do"):
        for role, meaning in MEANINGS.items():
            st.markdown(f"- **{role}** {plain(meaning)}")
    note("A role holds from the next click of that person on. Nobody can take away the last administrator.")


def _row(person: Person, places: list[str], charges: list[Charge]) -> None:
    name = person.name or person.email or "somebody without a name"
    with st.container(border=True):
        note(f"{name}{f', {person.email}' if person.email and person.email != name else ''}. "
             f"First here {person.created_at:%d %B %Y}.")  # fmt: skip
        key = f"role-{person.id}"
        st.session_state[key] = person.role
        st.selectbox(f"Role of {name}", ACCOUNT_ROLES, key=key, on_change=_give, args=(person.id, key))
        if person.role in ("steward", "admin"):
            _charge(person.id, name, places, charges)


def _charge(person_id: str, name: str, places: list[str], charges: list[Charge]) -> None:
    """Draw what somebody looks after: what is due there is what they are told of."""
    kept = {
        "place": [charge.place for charge in charges],
        "category": [charge.category for charge in charges],
    }
    known = {"place": places, "category": sorted(CATEGORIES, key=category_label)}
    for part, label in (("place", "Places"), ("category", "Categories")):
        key = f"{part}-{person_id}"
        st.session_state[key] = [one for one in dict.fromkeys(kept[part]) if one != EVERY]
        options = list(dict.fromkeys([*known[part], *st.session_state[key]]))
        st.multiselect(
            f"{label} that {name} looks after", options, key=key, placeholder="Every one", on_change=_divide,
            args=(person_id,), format_func=category_label if part == "category" else str,
        )  # fmt: skip


def _give(person_id: str, key: str) -> None:
    role: Role = st.session_state[key]
    said.attempt(
        lambda session: set_role(session, person_id, role, account.actor()),
        lambda person: f"{person.name or person.email} is now {account.ROLE_WORDS[person.role]}.",
    )


def _divide(person_id: str) -> None:
    places = st.session_state[f"place-{person_id}"] or [EVERY]
    categories = st.session_state[f"category-{person_id}"] or [EVERY]
    charges = [Charge(place, category) for place in places for category in categories]
    said.attempt(
        lambda session: set_charges(session, person_id, charges, actor=account.actor()),
        "What they look after was changed.",
    )


with st.container(key="page"):
    page()
