"""Text on the screen: names come from registers and people, so all of it is escaped."""

from html import escape

import streamlit as st


def lead(sentence: str) -> None:
    """Write a sentence that is to be read first."""
    st.html(f'<p class="larder-lead">{escape(sentence)}</p>')


def note(sentence: str) -> None:
    """Write a sentence that stands behind; nothing where there is none."""
    if sentence:
        st.html(f'<p class="larder-note">{escape(sentence)}</p>')


def heading(text: str, level: int = 2) -> None:
    """Write a heading; nothing in it is read as markup."""
    st.html(f"<h{level}>{escape(text)}</h{level}>")


def plain(text: str) -> str:
    """Return text that Markdown shows as it is."""
    return "".join(f"\\{mark}" if mark in "\\`*_{}[]()<>#+-.!|$~:&" else mark for mark in text)


def link(words: str, address: str) -> None:
    """Write a link to one of our plain pages; `address` is relative, so that it holds wherever the app stands."""
    st.html(f'<p class="larder-link"><a href="{escape(address)}" target="_self">{escape(words)}</a></p>')
