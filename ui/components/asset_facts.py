"""One asset as its page tells it: a sentence, then what is known of it, field by field."""

from collections.abc import Mapping
from datetime import date
from html import escape
from typing import Any

import streamlit as st

from assets.freshness import freshness
from assets.schema import Asset
from ui.components.text import heading, lead, note
from ui.icons import mark_html
from words.freshness import FRESHNESS_LABELS, FRESHNESS_MEANINGS, checked_words, half_life, span_words
from words.labels import category_label
from words.palette import asset_mark
from words.register import ASSET_FIELDS, PRECISIONS, PRIVATE_FIELDS, field_label, value_words

FACTS = ["position" if field == "latitude" else field for field in ASSET_FIELDS if field != "longitude"]
UNTOLD = frozenset(
    {"name", "kind", "category", "status", "merged_into", "deleted_at", "deleted_reason", "confirmed_on"}
)


def draw_head(asset: Asset, where: str, today: date) -> None:
    """Say what it is, where, and how fresh what we know of it is; and first what is unusual about it."""
    heading(asset.name, 1)
    state = freshness(asset, today)
    place = f" in {where}" if where else ""
    checked = f" ({checked_words(asset.confirmed_on, state)})" if asset.confirmed_on else ""
    lead(
        f"{category_label(asset.category)}{place}. {FRESHNESS_LABELS[state]}{checked}: {FRESHNESS_MEANINGS[state]}."
    )
    holds = half_life(asset.category, asset.kind)
    note(f"We judge that such an entry holds for about {span_words(holds.days)}: {holds.reason}.")
    for sentence in standing(asset):
        st.warning(sentence)


def standing(asset: Asset) -> list[str]:
    """Return what has to be known before anything else: that it is removed, held, merged or hidden."""
    told = []
    if asset.merged_into:
        told.append("This entry was merged into another one and is in no list.")
    elif asset.deleted_at:
        told.append(f"This entry was removed and is in no list. The reason: {asset.deleted_reason}")
    if asset.status == "held":
        told.append(f"This entry is held and not published: {asset.review_reason}")
    if asset.precision == "hidden":
        told.append(f"{PRECISIONS['hidden']}. Please tell nobody where it is.")
    return told


def draw_facts(asset: Asset) -> None:
    """Tell every field that says something; private ones stand apart, and only for who may see them."""
    values = asset.as_dict()
    if asset.latitude is not None and asset.longitude is not None:
        values["position"] = f"{asset.latitude:.5f}, {asset.longitude:.5f}"
    st.html(_list(values, [field for field in FACTS if field not in UNTOLD | PRIVATE_FIELDS]))
    if any(values[field] for field in PRIVATE_FIELDS):
        heading("Private: for those who look after the register", 3)
        st.html(_list(values, [field for field in ASSET_FIELDS if field in PRIVATE_FIELDS]))


def _list(values: Mapping[str, Any], fields: list[str]) -> str:
    told = [(field_label(field), value_words(field, values.get(field))) for field in fields]
    rows = "".join(
        f'<div><dt>{escape(label)}</dt><dd dir="auto">{escape(words)}</dd></div>'
        for label, words in told
        if words
    )
    return f'<dl class="larder-facts">{rows}</dl>'


def row_html(asset: Asset, where: str, today: date) -> str:
    """Return one line of a list: the mark, what it is, where, and how fresh it is."""
    state = freshness(asset, today)
    told = [category_label(asset.category), where, FRESHNESS_LABELS[state]]
    if asset.confirmed_on:
        told.append(checked_words(asset.confirmed_on, state))
    if asset.precision == "hidden":
        told.append("hidden")
    if asset.status == "held":
        told.append("held, not published")
    line = " · ".join(escape(part) for part in told if part)
    return (
        f'<p class="larder-row">{mark_html(asset_mark(asset.category).group, state)}<span>{line}</span></p>'
    )
