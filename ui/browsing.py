"""What a visitor of the page of assets has chosen: kept in the session, written to the address, read from a link."""

from dataclasses import replace
from typing import Any

import streamlit as st

from ui.listing import Listing, from_query, to_query

CHOSEN, WRITTEN = "listing", "listing-written"


def current() -> Listing:
    """Return the listing; a link that was opened comes before what the session held."""
    state = st.session_state
    asked = {key: st.query_params.get_all(key) for key in st.query_params}
    if CHOSEN not in state or (asked and asked != state.get(WRITTEN)):
        state[CHOSEN], state[WRITTEN] = from_query(asked), asked
    chosen: Listing = state[CHOSEN]
    return chosen


def change(**parts: Any) -> None:
    """Change parts of the listing; whatever narrows it differently begins at its first page."""
    if not set(parts) <= {"page", "asset"}:
        parts["page"] = 1
    st.session_state[CHOSEN] = replace(current(), **parts)


def take(key: str, field: str) -> None:
    """Take a widget's new value into the listing."""
    value = st.session_state[key]
    change(**{field: tuple(value) if isinstance(value, list) else value or ""})


def bind(key: str, field: str) -> str:
    """Give a widget the value that the listing holds, and return its key."""
    value = getattr(current(), field)
    st.session_state[key] = list(value) if isinstance(value, tuple) else value
    return key


def publish() -> None:
    """Write the listing into the address."""
    query = to_query(current())
    if query != {key: st.query_params.get_all(key) for key in st.query_params}:
        st.query_params.from_dict(query)
        st.session_state[WRITTEN] = query
