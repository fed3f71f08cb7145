"""Who is at the screen: the actor of this run, by login and our own table of roles, looked up on every run.

The provider says who somebody is; what they may do stands in our table alone, so that a role taken away is gone at the
next click, whatever the cookie says. Without a login there is one user, who sits at this computer; where the app can be
reached from elsewhere that mode is off, and everybody is *anyone*.
"""

import ipaddress
import os
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from urllib.parse import urlsplit

import streamlit as st

from store.home import home
from store.people import Person, PersonRow, find_person, person_for
from store.roles import ANYONE, LOCAL, Actor, may
from store.session import reading, writing
from words.faults import LarderError

Mode = Literal["login", "single-user", "closed", "broken"]
LOOPBACK = ("127.0.0.1", "localhost", "::1")
PASSED_ON = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")
"""What a proxy writes into a request that it passes on."""
SEEN_AGAIN = timedelta(hours=12)
ROLE_WORDS = {
    "anyone": "somebody without an account",
    "viewer": "a viewer",
    "contributor": "a contributor",
    "steward": "a steward",
    "analyst": "an analyst",
    "admin": "an administrator",
}
SINGLE_USER = (
    "Single-user mode: no login is set up, so whoever sits at this computer may do everything. "
    "Larder answers to this computer alone."
)
CLOSED = (
    "No login is set up and others can reach this address, so everything here can be read and nothing changed. "
    "To look after the register here, set up a login."
)
BROKEN = (
    "A login is set up, but its settings cannot be read, so nobody can sign in. "
    "Whoever runs Larder has to mend them."
)


def mode() -> Mode:
    """Return how this app knows people: by login, as its one user, or not at all (and whether that is a fault).

    Settings that are named and cannot be read never fall back to single-user mode.
    """
    return login_settings() or ("single-user" if from_here() else "closed")


def login_settings() -> Literal["login", "broken"] | None:
    """Return whether a login is set up, or was meant to be and cannot be read; None where there is none."""
    if st.secrets.load_if_toml_exists() and "auth" in st.secrets:
        return "login"
    return "broken" if os.environ.get("STREAMLIT_SECRETS_FILES") or _unread_file() else None


def is_public() -> bool:
    """Return whether whoever runs the app said that others may reach it, to read what is published."""
    return os.environ.get("LARDER_PUBLIC", "") not in ("", "0")


def beyond_loopback() -> bool:
    """Return whether the app is set up so that others than this computer can reach it."""
    return is_public() or st.get_option("server.address") not in LOOPBACK


def check_address() -> None:
    """Raise LarderError where the app is to answer others than this computer without a login, unless that was said."""
    address = st.get_option("server.address")
    if address not in LOOPBACK and login_settings() is None and not is_public():
        raise LarderError(
            f"Larder is to listen on {address or 'every address'}, where others can reach it, and no login is set up.",
            "Leave the address out, so that it answers to this computer alone; or set up a login (docs/accounts.md); "
            "or set LARDER_PUBLIC=1, and everybody who reaches it may read what is published and change nothing.",
        )


def _unread_file() -> bool:
    """Return whether there is a file of settings that could not be read."""
    paths = [str(path) for path in st.get_option("secrets.files")]
    return any(os.path.exists(path) for path in paths) and not st.secrets.load_if_toml_exists()  # noqa: PTH110


def from_here() -> bool:
    """Return whether this visit comes from this computer, by every sign that we have."""
    peer = st.context.ip_address
    if isinstance(peer, str) and not _is_loopback(peer):
        return False
    return not beyond_loopback() and not passed_on(st.context.headers)


def passed_on(headers: Mapping[str, str]) -> bool:
    """Say whether a request came by way of a proxy, or asks for another name than this computer's own."""
    given = {name.lower(): value for name, value in headers.items()}
    return any(name in given for name in PASSED_ON) or not _is_loopback(given.get("host") or LOOPBACK[0])


def _is_loopback(host: str) -> bool:
    try:
        name = urlsplit(f"//{host}").hostname or ""
        return name == "localhost" or ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def may_see_drafts() -> bool:
    """Return whether drafts are shown: to who may see them, and on this computer alone."""
    return from_here() and may_do("see_draft_runs")


def actor() -> Actor:
    """Return who acts in this run: the person who is signed in with the role that our table gives, or nobody known."""
    how = mode()
    if how == "single-user":
        return LOCAL
    if how != "login" or not st.user.is_logged_in:
        return ANYONE
    person = _person(st.user.to_dict())
    return ANYONE if person is None else person.actor()


def _person(claims: Mapping[str, Any]) -> Person | None:
    """Return the person whom the provider names, as our table knows them; a first visit makes them a viewer."""
    issuer, subject = str(claims.get("iss") or ""), str(claims.get("sub") or "")
    if not issuer or not subject:
        return None
    with reading(home()) as session:
        known = find_person(session, issuer, subject)
    if known is not None and datetime.now(UTC) - known.last_seen_at < SEEN_AGAIN:
        return known
    email = str(claims.get("email") or "")
    name = str(claims.get("name") or "")
    with writing(home()) as session:
        return person_for(
            session, issuer, subject, name, email, email_verified=claims.get("email_verified") is True
        )


def again(who: Actor) -> Actor:
    """Return an actor with the role that they have now, for what is done after the run that knew them."""
    if who.via != "login":
        return who
    with reading(home()) as session:
        row = session.get(PersonRow, who.id)
        return ANYONE if row is None else row.person().actor()


def may_do(action: str) -> bool:
    """Return whether whoever is at the screen may do something."""
    return may(actor(), action)


def refused(who: Actor) -> str:
    """Return the sentence for a page that somebody opened and may not see."""
    if mode() == "login" and who.role == "anyone":
        return "This page is for people who look after the register. Please sign in first."
    role = ROLE_WORDS.get(who.role, who.role)
    return f"This page is not open to {role}. Whoever gives out the roles here can change that."
