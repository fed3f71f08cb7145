"""What became of a click: done in one go or refused, and said once, at the top of the page that comes next."""

from collections.abc import Callable
from typing import TypeVar

import streamlit as st
from sqlalchemy.orm import Session

from store.home import home
from store.session import writing
from ui.components.text import plain
from words.faults import LarderError

T = TypeVar("T")
SAID, FAULTS = "said-done", "said-faults"


def attempt(
    work: Callable[[Session], T],
    done: Callable[[T], str] | str,
    *,
    through: tuple[type[LarderError], ...] = (),
) -> T | None:
    """Do a piece of work in one transaction and keep the sentence to say; where it is refused, keep why instead.

    Returns what the work gave, or None where nothing was changed. Errors named in `through` are the caller's to tell.
    """
    try:
        with writing(home()) as session:
            result = work(session)
    except LarderError as error:
        if isinstance(error, through):
            raise
        st.session_state[FAULTS] = [fault.sentence() for fault in error.faults]
        return None
    st.session_state[SAID] = done if isinstance(done, str) else done(result)
    return result


def refuse(sentence: str) -> None:
    """Keep why nothing was done."""
    st.session_state[FAULTS] = [sentence]


def show() -> None:
    """Say once what became of the last click."""
    if faults := st.session_state.pop(FAULTS, None):
        st.error("Nothing was changed.\n\n" + "\n".join(f"- {plain(fault)}" for fault in faults))
    if told := st.session_state.pop(SAID, ""):
        st.success(plain(told))
