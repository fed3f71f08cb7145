"""People: everybody who ever signed in, and the role of each."""

import streamlit as st

from store.errors import StoreError
from store.home import home
from store.people import Person, list_people, set_role
from store.roles import ACCOUNT_ROLES, Role
from store.session import reading, writing
from ui import account
from ui.components import who
from ui.components.text import heading, lead, note, plain
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
    heading("People", 1)
    if not people:
        lead("Nobody has signed in yet. Whoever does comes first as a viewer, and stands here then.")
    else:
        lead(f"{sentence_case(count_words(len(people), 'person has', 'people have'))} signed in here.")
    _told()
    for person in people:
        _row(person)
    with st.expander("What each role may do"):
        for role, meaning in MEANINGS.items():
            st.markdown(f"- **{role}** {plain(meaning)}")
    note("A role holds from the next click of that person on. Nobody can take away the last administrator.")


def _row(person: Person) -> None:
    name = person.name or person.email or "somebody without a name"
    with st.container(border=True):
        note(f"{name}{f', {person.email}' if person.email and person.email != name else ''}. "
             f"First here {person.created_at:%d %B %Y}.")  # fmt: skip
        key = f"role-{person.id}"
        st.session_state[key] = person.role
        st.selectbox(f"Role of {name}", ACCOUNT_ROLES, key=key, on_change=_give, args=(person.id, key))


def _give(person_id: str, key: str) -> None:
    role: Role = st.session_state[key]
    try:
        with writing(home()) as session:
            person = set_role(session, person_id, role, account.actor())
    except StoreError as error:
        st.session_state["people-said"] = str(error)
        return
    st.session_state["people-said"] = (
        f"{person.name or person.email} is now {account.ROLE_WORDS[person.role]}."
    )


def _told() -> None:
    said = st.session_state.pop("people-said", "")
    if said:
        st.info(plain(said))


page()
