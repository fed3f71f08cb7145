"""The table: the same areas as on the map, filtered the same; choosing a row chooses on the map."""

import hashlib
from typing import Any

import pandas as pd
import streamlit as st

from bake.runs import Run
from ui import cache, rows, session
from ui.state import View
from words.sentences import count_words, sentence_case

HEIGHT = 330


def table_key(run_id: str, view: View, pinned: str) -> str:
    """Return the table's key: another for each set of rows, so that a row number never means another area."""
    text = repr((run_id, view.signs, view.bands, view.wards, pinned))
    return f"table-{hashlib.sha256(text.encode()).hexdigest()[:12]}"


def draw_areas(run: Run, total: int, view: View) -> None:
    """Draw the areas that pass the filters, of `total` that the run has."""
    pinned = session.pinned()
    inside = cache.table(str(run.folder), view.signs, view.bands, view.wards, pinned)
    codes = [str(code) for code in inside.index]
    key = table_key(run.id, view, pinned)
    st.session_state[session.TABLE_KEY], st.session_state[session.TABLE_CODES] = key, codes
    st.caption(
        f"{sentence_case(count_words(len(inside), 'area'))} of {total:,}. Choose a row to read about it."
    )
    if not codes:
        st.info("No area passes these filters. Take one away to see more.")
        return
    chosen = [codes.index(view.area)] if view.area in codes else []
    st.dataframe(
        inside,
        key=key,
        hide_index=True,
        height=min(HEIGHT, 38 + 35 * len(codes)),
        on_select="rerun",
        selection_mode="single-row",
        selection_default={"selection": {"rows": chosen}},
        column_config=_columns(str(run.manifest["unit"])),
        alt="Table of areas: need, hotspot and value of each. The same as on the map.",
    )


def _columns(unit: str) -> dict[str, Any]:
    return {
        "Area": st.column_config.TextColumn(width="medium"),
        "Need": st.column_config.TextColumn(width="medium"),
        "Ways that agree": st.column_config.NumberColumn(format="%d %%", help="Of the ways of asking, how many "
                                                         "put the area in a hotspot."),
        **{name: st.column_config.NumberColumn(format="%.1f", help=unit) for name in rows.VALUE_NAMES},
    }  # fmt: skip


def draw_assets(assets: pd.DataFrame) -> None:
    """Draw the assets that are on the map as a table."""
    st.caption(f"{sentence_case(count_words(len(assets), 'asset'))} on the map.")
    if assets.empty:
        st.info("Nobody has recorded an asset that passes these filters. You can add one.")
        return
    st.dataframe(
        assets,
        hide_index=True,
        height=min(HEIGHT, 38 + 35 * len(assets)),
        alt="Table of assets: name, category, area, and how fresh what we know of it is.",
    )
