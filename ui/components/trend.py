"""The rate of an area year by year, and the next year's: a sentence, a picture, a table."""

from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from ui import overview
from ui.components import told
from ui.components.spots import COUNTED, DRIVERS_FROM, told_of
from ui.components.style import CHART_HEIGHT, HUE, INK, MUTED
from ui.components.text import heading, note
from ui.overview import Spot, Tables
from words.records import NOT_PROLONGED, trend_sentence


def draw(tables: Tables, spot: Spot) -> None:
    """Draw the rate of each cohort and the next one's, say what the picture says, and give it as a table."""
    heading("Year by year", 3)
    shown = told_of(tables, spot, COUNTED if spot.level == "lsoa" else DRIVERS_FROM)
    frame = overview.trend(tables, shown)
    observed = frame[frame["kind"] == "Observed"]
    if observed.empty:
        note("Of no single year is a number told here: there are too few children in each.")
        return
    if len(observed) > 1:
        _say_trend(observed)
    st.altair_chart(trend_chart(frame), width="stretch")
    with st.expander("The same as a table"):
        told.table(
            ("Assessed in", "What", "Per cent", "Likely between"),
            [
                (one.year, one.kind, f"{one.rate:.0f}", f"{one.low:.0f} and {one.high:.0f}")
                for one in frame.itertuples()
            ],
            "Rate by year",
        )


def _say_trend(observed: pd.DataFrame) -> None:
    rise = overview.slope(observed)
    low, high = observed["rate"].min(), observed["rate"].max()
    note(trend_sentence(*rise, low, high) if rise else f"Between {low:.0f} and {high:.0f} %.")
    note(NOT_PROLONGED)


def trend_chart(frame: pd.DataFrame) -> Any:
    """Return the picture of rates by cohort: observed filled, expected hollow, each with its interval."""
    base = alt.Chart(frame).encode(
        x=alt.X("year:O", title="Assessed at the end of reception in", axis=alt.Axis(labelAngle=0)),
        tooltip=[
            alt.Tooltip("year:O", title="Year"),
            alt.Tooltip("kind:N", title="What"),
            alt.Tooltip("rate:Q", title="Per cent", format=".0f"),
            alt.Tooltip("low:Q", title="From", format=".0f"),
            alt.Tooltip("high:Q", title="To", format=".0f"),
        ],
    )
    y = alt.Y("rate:Q", title="% needing support", scale=alt.Scale(zero=True))
    kind = alt.Scale(domain=["Observed", "Expected"], range=["circle", "diamond"])
    fill = alt.Scale(domain=["Observed", "Expected"], range=[HUE, "#ffffff"])
    spans = base.mark_rule(color=MUTED, strokeWidth=2).encode(
        y=alt.Y("low:Q", title="% needing support"), y2="high:Q"
    )
    line = base.transform_filter("datum.kind == 'Observed'").mark_line(color=HUE, strokeWidth=2).encode(y=y)
    points = base.mark_point(size=130, stroke=INK, strokeWidth=2, opacity=1).encode(
        y=y,
        shape=alt.Shape("kind:N", scale=kind, title=None),
        fill=alt.Fill("kind:N", scale=fill, title=None),
    )
    return (
        alt.layer(spans, line, points)
        .properties(
            height=CHART_HEIGHT, description="The rate of each year with its interval, and the expected one."
        )
        .configure_legend(orient="top")
    )
