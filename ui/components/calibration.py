"""Whether children who are given a chance turn out to need support as often: a sentence, a picture, a table."""

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from ui.components import told
from ui.components.style import CHART_HEIGHT, HUE, INK, MUTED
from ui.components.text import heading, lead
from words.records import calibration_sentence


def draw(record: Mapping[str, Any]) -> None:
    """Say and draw whether children who are given a chance turn out to need support as often."""
    heading("Are the chances right?", 2)
    curve = [one for one in record["calibration"].get("curve", []) if None not in one.values()]
    lead(calibration_sentence(curve))
    if not curve:
        return
    st.altair_chart(calibration_chart(curve), width="stretch")
    with st.expander("The same as a table"):
        told.table(
            ("Chance given, of 100", "Turned out to need support", "Likely between"),
            [
                (
                    f"{100 * one['chance']:.0f}",
                    f"{100 * one['observed']:.0f}",
                    f"{100 * one['low']:.0f} and {100 * one['high']:.0f}",
                )
                for one in curve
            ],
            "Chances and what came of them",
        )


def calibration_chart(curve: Sequence[Mapping[str, float]]) -> Any:
    """Return the picture: where the points lie on the line, the chances were right."""
    frame = pd.DataFrame(list(curve)) * 100
    top = float(frame[["chance", "high"]].to_numpy().max()) * 1.05
    scale = alt.Scale(domain=[0, top])
    x = alt.X("chance:Q", title="Chance given, of 100 children", scale=scale)
    right = (
        alt.Chart(pd.DataFrame({"chance": [0, top], "observed": [0, top]}))
        .mark_line(color=MUTED, strokeDash=[5, 4])
        .encode(x=x, y="observed:Q")
    )
    base = alt.Chart(frame).encode(
        x=x,
        tooltip=[alt.Tooltip(f"{name}:Q", format=".0f") for name in ("chance", "observed", "low", "high")],
    )
    title = "Turned out to need support, of 100"
    spans = base.mark_rule(color=INK).encode(y=alt.Y("low:Q", title=title, scale=scale), y2="high:Q")
    points = base.mark_point(filled=True, size=90, color=HUE, opacity=1).encode(
        y=alt.Y("observed:Q", title=title, scale=scale)
    )
    return alt.layer(right, spans, points).properties(
        height=CHART_HEIGHT,
        description="Chances given, and how often they came true; on the dashed line they were right.",
    )
