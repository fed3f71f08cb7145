"""A suggestion side by side with what is published: a table whose every row says in a word what changes."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from words.register import CHANGE_WORDS, Difference

EMPTY = "nothing"


def draw_differences(rows: Sequence[Difference], caption: str, *, now: str, then: str) -> None:
    """Draw the rows under two headings; on a narrow screen each row becomes a block of its own.

    The roles are said outright, for a table that is laid out as blocks is none to a screen reader.
    """
    words = ("Field", now, then, "So it is")
    head = "".join(f'<th role="columnheader" scope="col">{escape(word)}</th>' for word in words)
    body = "".join(_row(row, now, then) for row in rows)
    st.html(
        f'<table class="larder-differences" role="table"><caption>{escape(caption)}</caption>'
        f'<thead role="rowgroup"><tr role="row">{head}</tr></thead><tbody role="rowgroup">{body}</tbody></table>'
    )


def draw_new(rows: Sequence[Difference], caption: str) -> None:
    """Draw what is new as a plain list: nothing of it is published, so there is nothing to set beside it."""
    facts = "".join(
        f'<div><dt>{escape(row.label)}</dt><dd dir="auto">{escape(row.then)}</dd></div>' for row in rows
    )
    st.html(f'<h2>{escape(caption)}</h2><dl class="larder-facts">{facts}</dl>')


def _row(row: Difference, now: str, then: str) -> str:
    kind = row.change.replace(" ", "-")
    return (
        f'<tr class="{kind}" role="row"><th role="rowheader" scope="row">{escape(row.label)}</th>'
        f'<td role="cell" data-label="{escape(now)}">{_value(row.now)}</td>'
        f'<td role="cell" data-label="{escape(then)}">{_value(row.then)}</td>'
        f'<td role="cell" data-label="So it is" class="word">{escape(CHANGE_WORDS[row.change])}</td></tr>'
    )


def _value(text: str) -> str:
    return f'<span dir="auto">{escape(text)}</span>' if text else f'<span class="none">{EMPTY}</span>'
