"""What sets an area apart from its district, strengths beside needs: in words, and only from MSOA up."""

import pandas as pd
import streamlit as st

from bake.runs import Run
from ui import overview
from ui.components import told
from ui.components.spots import DRIVERS_FROM, told_of
from ui.components.text import heading, lead, note
from ui.overview import Spot, Tables
from words.records import deprivation_line, district_line, reason_line, unexplained_sentence


def draw(run: Run, tables: Tables, spot: Spot) -> None:
    """Say in words what sets an area apart, strengths beside needs; only from MSOA up."""
    of_district = spot.level == "district"
    heading("What goes with need" if of_district else "What sets it apart from the district", 3)
    settings = run.manifest["settings"]["records"]
    if settings["shown"] != "model":
        note(
            "The map shows a simpler answer than the model, so nothing is told of what the model would go by."
        )
        return
    around = told_of(tables, spot, DRIVERS_FROM)
    found = overview.reasons(tables, around.code)
    if of_district:
        note(
            "What the model goes by most, the strongest first. Choose a wider neighbourhood to read what sets it apart."
        )
    left, right = st.columns(2)
    with left:
        _side("What goes with more need", found[found["side"] == "need"], "need")
    with right:
        _side("Strengths: what goes with less need", found[found["side"] == "strength"], "strength")
    over = found[found["fact"] == "unexplained"]
    if len(over):
        lead(unexplained_sentence(str(over.iloc[0]["side"])))
    note(
        "These go together with need in the records; none of them is shown to be its cause. They speak of an area, "
        "never of a child."
    )


def _reason(row: pd.Series, side: str) -> str:
    if row["fact"] == "deprivation":
        return deprivation_line(side)
    if row["level"] == "district":
        return district_line(str(row["label"]), float(row["here"]))
    return reason_line(str(row["label"]), float(row["here"]), float(row["district"]))


def _side(title: str, rows: pd.DataFrame, side: str) -> None:
    st.html(f"<h4>{title}</h4>")
    lines = [_reason(row, side) for _, row in rows.iterrows() if row["fact"] != "unexplained"]
    if lines:
        told.sentences(lines, title)
    else:
        note("Nothing that stands out.")
