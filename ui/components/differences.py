"""A suggestion side by side with what is published: a table whose every row says in a word what changes."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from words.register import CHANGE_WORDS, Difference

EMPTY = "nothing"


def draw_differences(rows: Sequence[Difference], caption: str, *, now: str, then: str) -> None:
    """Draw the rows under two headings; on a narrow screen each row becomes a block of its own."""
    head = "".join(f'<th scope="col">{escape(word)}</th>' for word in ("Field", now, then, "So it is"))
    body = "".join(_row(row, now, then) for row in rows)
    st.html(
        f'<table class="larder-differences"><caption>{escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def _row(row: Difference, now: str, then: str) -> str:
    kind = row.change.replace(" ", "-")
    return (
        f'<tr class="{kind}"><th scope="row">{escape(row.label)}</th>'
        f'<td data-label="{escape(now)}">{_value(row.now)}</td>'
        f'<td data-label="{escape(then)}">{_value(row.then)}</td>'
        f'<td data-label="So it is" class="word">{escape(CHANGE_WORDS[row.change])}</td></tr>'
    )


def _value(text: str) -> str:
    return f'<span dir="auto">{escape(text)}</span>' if text else f'<span class="none">{EMPTY}</span>'
