"""Where in an area: how many hotspots it holds, observed and predicted, and a table of the smaller areas in it."""

from typing import Any

import pandas as pd
import streamlit as st

from ui import overview, session
from ui.components import told
from ui.components.text import heading, lead, note
from ui.figures import per_cent
from ui.overview import Spot, Tables
from ui.rows import number
from words.labels import KINDS, level_terms, rate_band, sign_label
from words.records import between, kinds_summary
from words.sentences import sentence_case

AREA_WIDTH = 165
OBSERVED, PREDICTED = "Hotspots observed", "Hotspots predicted"


def draw(tables: Tables, spot: Spot, key: str) -> None:
    """Say where hotspots were observed and are predicted and where the two differ; list the areas inside."""
    heading("Where", 3)
    lead(kinds_summary(overview.kinds(tables, spot), spot.name))
    note(
        "Observed: more children needed support there and around than chance would bring. Predicted: the coming "
        "years probably exceed the district there and around. The two are never mixed; where they differ, ask why."
    )
    if spot.level == "oa":
        row = tables.areas.loc[spot.code]
        told.sentences([KINDS[str(row["kinds"])], f"Observed: {sign_label(str(row['sign']))}"])
        return
    rows = overview.rows_inside(tables, spot)
    level = level_terms(overview.INSIDE[spot.level])
    st.caption(f"{sentence_case(level)} in {spot.name}, by name. Choose a row to look closer.")
    shown = _small_table(rows) if "kinds" in rows else _larger_table(rows)
    picked = st.dataframe(
        shown,
        key=key,
        hide_index=True,
        height=min(330, 38 + 35 * len(shown)),
        on_select="rerun",
        selection_mode="single-row",
        column_config=_columns(),
        alt=f"Table of the {level} in {spot.name}: what was observed, what is expected, hotspots.",
    )
    chosen = picked["selection"]["rows"]
    if chosen:
        session.change(look=str(rows.index[chosen[0]]))
        st.rerun()


def _larger_table(rows: pd.DataFrame) -> pd.DataFrame:
    expected = [
        f"{row['expected']:.0f} of {row['children']:.0f} ({between(row['low'], row['high'])})"
        if pd.notna(row["expected"])
        else "not told"
        for _, row in rows.iterrows()
    ]
    return pd.DataFrame(
        {
            "Area": rows["Area"],
            "So far": [per_cent(rate) for rate in rows["rate"]],
            "Expected next": expected,
            OBSERVED: rows["observed"],
            PREDICTED: rows["predicted"],
        },
        index=rows.index,
    )


def _small_table(rows: pd.DataFrame) -> pd.DataFrame:
    bands = [
        rate_band(number(low), number(high)) for low, high in zip(rows["low"], rows["high"], strict=True)
    ]
    return pd.DataFrame(
        {
            "Area": rows["Area"],
            "So far": bands,
            "Hotspots": [KINDS.get(str(kind), str(kind)) for kind in rows["kinds"]],
        },
        index=rows.index,
    )


def _columns() -> dict[str, Any]:
    return {
        "Area": st.column_config.TextColumn(width=AREA_WIDTH),
        "So far": st.column_config.TextColumn(
            help="Per cent of children who needed more support, all years together."
        ),
        "Expected next": st.column_config.TextColumn(
            help="Children of the coming year who will probably need more support, of how many, likely between."
        ),
        OBSERVED: st.column_config.Column(help="Small areas in it that are in an observed hotspot."),
        PREDICTED: st.column_config.Column(help="Small areas in it that are in a predicted hotspot."),
    }
