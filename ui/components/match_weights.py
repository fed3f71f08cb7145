"""What each agreement between two records weighs when they are linked: sentences, a picture, a table."""

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from risk.match_weights import weighed, weight_rows, weight_sentences
from ui.components import told
from ui.components.style import HUE, INK, MUTED
from ui.components.text import heading
from words.linkage import Weighed, weight_text

ROW = 32
"""Pixels of a bar."""


def draw(record: Mapping[str, Any]) -> None:
    """Say and draw how records of one child were found; nothing where the record has no weights."""
    linkage = record["linkage"]
    rows = weighed(linkage)
    if not rows:
        return
    heading("How records are found to be one child's", 2)
    told.sentences(weight_sentences(linkage), "How records are found to be one child's")
    st.altair_chart(weights_chart(rows), width="stretch")
    with st.expander("The weights as a table"):
        told.table(("Compared", "Outcome", "Weight", "It is seen"), weight_rows(linkage), "Match weights")


def weights_chart(rows: Sequence[Weighed]) -> Any:
    """Return the picture: bars to the right speak for one child, hollow ones to the left against, all with numbers."""
    frame = pd.DataFrame(
        {
            "told": f"{name}: {outcome}",
            "weight": weight,
            "number": weight_text(weight),
            "speaks": "for one child" if weight >= 0 else "against",
        }
        for name, outcome, weight in rows
    )
    most = float(frame["weight"].abs().max()) * 1.3
    # two lines a label and no legend, so that a phone has room for the bars
    sides = alt.Axis(
        title=None,
        labelExpr="split(datum.label, ': ')",
        labelOverlap=False,
        labelLimit=190,
        labelOffset=-6,
        labelColor=INK,
        ticks=False,
    )
    base = alt.Chart(frame).encode(
        y=alt.Y("told:N", sort=None, axis=sides),
        x=alt.X(
            "weight:Q",
            title="← against · weight · for one child →",
            axis=alt.Axis(tickCount=5),
            scale=alt.Scale(domain=[-most, most]),
        ),
        tooltip=["told:N", "number:N", "speaks:N"],
    )
    look = alt.Scale(domain=["for one child", "against"], range=[HUE, "#ffffff"])
    bars = base.mark_bar(stroke=INK, strokeWidth=1, height=ROW // 2).encode(
        fill=alt.Fill("speaks:N", scale=look, legend=None)
    )
    right = base.transform_filter("datum.weight >= 0").mark_text(align="left", dx=5, color=INK)
    left = base.transform_filter("datum.weight < 0").mark_text(align="right", dx=-5, color=INK)
    middle = alt.Chart(pd.DataFrame({"at": [0]})).mark_rule(color=MUTED).encode(x="at:Q")
    numbers = [one.encode(text="number:N") for one in (right, left)]
    return alt.layer(bars, *numbers, middle).properties(
        height=alt.Step(ROW),
        description="What each agreement or difference between two records weighs, for one child or against.",
    )
