"""Who is at the screen, said on the screen: signed in as whom, in which role, or in single-user mode."""

import streamlit as st

from store.roles import Actor, may
from ui import account
from ui.components.text import heading, lead, note


def foot(who: Actor) -> None:
    """Say below every page how this app knows people, and who this is."""
    how = account.mode()
    told = {"single-user": account.SINGLE_USER, "closed": account.CLOSED, "broken": account.BROKEN}
    with st.container(key="foot"):
        if how == "login":
            note(signed_in(who) if who.role != "anyone" else "You are not signed in.")
        else:
            note(told[how])


def is_open(title: str, action: str) -> bool:
    """Return whether a page is open to whoever is here; where it is not, say so in its place."""
    actor = account.actor()
    if may(actor, action):
        return True
    heading(title, 1)
    lead(account.refused(actor))
    if account.mode() == "login" and actor.role == "anyone":
        sign_in_button()
    return False


def signed_in(who: Actor) -> str:
    """Return who is signed in, and as what."""
    return f"Signed in as {who.name}, {account.ROLE_WORDS.get(who.role, who.role)}."


def sign_in_button() -> None:
    """Draw the button that leads to the login."""
    st.button("Sign in", on_click=st.login, type="primary", key="sign-in")


def draw_account(who: Actor) -> None:
    """Draw the page that signs people in and out."""
    how = account.mode()
    if how == "single-user":
        heading("This computer's user", 1)
        lead(account.SINGLE_USER)
    elif how != "login":
        heading("Nobody can sign in here", 1)
        lead(account.CLOSED if how == "closed" else account.BROKEN)
    elif who.role == "anyone":
        heading("Sign in", 1)
        lead("For people who look after the register. Adding an asset or a correction needs no account.")
        sign_in_button()
    else:
        heading("Your account", 1)
        lead(signed_in(who))
        note("Your role is kept here and not by the service that you sign in with.")
        st.button("Sign out", on_click=st.logout, key="sign-out")
