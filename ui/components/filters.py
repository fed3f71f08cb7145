"""The filters: one set for map, table, legend and file."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import streamlit as st

from ui import session
from words.labels import BAND_LABELS, SIGNS, category_label, sign_label

T = TypeVar("T")
FIELDS = ("signs", "bands", "wards", "categories")


def draw_filters(
    wards: Sequence[str], categories: Sequence[str], bands: Mapping[int, str] = BAND_LABELS
) -> None:
    """Draw the filters behind one button that says how many are set; `bands` are the words of each band of need."""
    view = session.view()
    count = sum(bool(getattr(view, field)) for field in FIELDS)
    with st.popover(f"Filters ({count} set)" if count else "Filters", icon=":material/filter_alt:"):
        st.caption("Nothing chosen lets everything through.")
        _choose("Hotspot", list(SIGNS), "signs", sign_label)
        known = _with_set(sorted(bands, reverse=True), session.view().bands)
        _choose("Need", known, "bands", lambda band: bands.get(band, BAND_LABELS[band]))
        if wards:
            _choose("Ward", _with_set(wards, view.wards), "wards", str)
        if categories:
            _choose("Assets on the map", _with_set(categories, view.categories), "categories", category_label)
        st.button("Clear all filters", on_click=_clear, disabled=not count)


def _with_set(known: Sequence[T], chosen: Sequence[T]) -> list[T]:
    return list(dict.fromkeys([*known, *chosen]))


def _choose(label: str, options: Sequence[T], field: str, words: Callable[[T], str]) -> None:
    key = f"filter-{field}"
    st.multiselect(
        label,
        options,
        key=session.bind(key, field),
        format_func=words,
        on_change=session.take,
        args=(key, field),
        placeholder="All",
    )


def _clear() -> None:
    session.change(**dict.fromkeys(FIELDS, ()))
