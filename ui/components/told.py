"""Plain parts that say something: a list of sentences, a table, the banner of a draft. All text is escaped."""

import re
from collections.abc import Iterable, Sequence
from html import escape

import streamlit as st

from bake.release import standing
from bake.runs import Run
from ui.components.text import plain
from words.records import DRAFT, DRAFT_MEANING

_NUMBER = re.compile(r"[\d.,]+( %)?")


def sentences(told: Iterable[str], name: str = "") -> None:
    """Write sentences as a list; nothing where there is none."""
    items = "".join(f"<li>{escape(one)}</li>" for one in told if one)
    label = f' aria-label="{escape(name)}"' if name else ""
    if items:
        st.html(f'<ul class="larder-told"{label}>{items}</ul>')


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], caption: str) -> None:
    """Write a small table that a phone can scroll by itself; numbers stand to the right, their heading too."""
    rows = list(rows)
    numbers = [bool(rows) and all(_NUMBER.fullmatch(row[at]) for row in rows) for at in range(len(heads))]
    head = "".join(
        f'<th scope="col"{" class=number" if number else ""}>{escape(one)}</th>'
        for one, number in zip(heads, numbers, strict=True)
    )
    body = "".join(f"<tr>{_row(row)}</tr>" for row in rows)
    st.html(
        f'<div class="larder-wide" tabindex="0" role="region" aria-label="{escape(caption)}">'
        f'<table class="larder-plain"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def _row(row: Sequence[str]) -> str:
    first, *rest = row
    cells = "".join(
        f"<td{' class=number' if _NUMBER.fullmatch(one) else ''}>{escape(one)}</td>" for one in rest
    )
    return f'<th scope="row">{escape(first)}</th>{cells}'


def standing_first(run: Run) -> None:
    """Say what has to be known before anything else: that a run is a draft, that its model adds nothing."""
    if standing(run).state == "draft":
        st.html(f'<p class="larder-draft" role="note"><b>{escape(DRAFT)}</b> {escape(DRAFT_MEANING)}</p>')
    for sentence in run.manifest.get("top", []):
        st.warning(plain(str(sentence)))
