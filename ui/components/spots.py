"""An area of any level: its choice, what is first said of it, and what stands in for one too small to tell of."""

import pandas as pd
import streamlit as st

from bake.runs import Run
from ui import overview, session
from ui.components.text import heading, lead, note
from ui.overview import Spot, Tables
from ui.rows import number
from words.labels import level_name, level_term
from words.records import (
    LEVELS_EXPLAINED,
    band_sentence,
    beside_sentence,
    forecast_sentence,
    hidden_sentence,
    instead_sentence,
    no_forecast_sentence,
    past_sentence,
)
from words.sentences import sentence_case

DRIVERS_FROM = ("district", "msoa")
COUNTED = ("district", "msoa", "lsoa")


def choose(tables: Tables, spot: Spot) -> None:
    """Draw the choice of a level and of one of its areas."""
    levels = overview.levels(tables)
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    st.session_state["look-level"] = spot.level
    with left:
        st.segmented_control(
            "Look at",
            levels,
            key="look-level",
            format_func=lambda level: sentence_case(level_name(level)),
            help=LEVELS_EXPLAINED,
            on_change=lambda: session.change(
                look=overview.moved(tables, spot, st.session_state["look-level"])
            ),
            required=True,
        )
    known = overview.spots(tables, spot.level)
    st.session_state["look-area"] = spot.code
    with right:
        st.selectbox(
            "Which one",
            list(known),
            key="look-area",
            format_func=known.__getitem__,
            on_change=lambda: session.change(look=st.session_state["look-area"]),
        )


def say(run: Run, tables: Tables, spot: Spot) -> None:
    """Say first what a commissioner asks first: how many children, how sure, how it compares."""
    heading(spot.name, 2)
    year = str(run.manifest["settings"]["records"]["next_cohort"] or "")
    if spot.level in ("oa", "ward"):
        lead(_in_bands(run, tables, spot))
        note(
            f"How many children will need more support in {year} is told of larger areas only."
            if year
            else ""
        )
        return
    coming = overview.ahead(tables, spot.level)
    if spot.code in coming.index and pd.notna(coming.loc[spot.code, "expected"]):
        row = coming.loc[spot.code]
        expected = float(row["expected"])
        lead(
            forecast_sentence(
                spot.name,
                year,
                float(row["children"]),
                expected,
                low=float(row["low"]),
                high=float(row["high"]),
            )
        )
    elif year:
        lead(no_forecast_sentence(spot.name, year, _why(coming, spot.code)))
    note(_so_far(tables, spot))


def _why(coming: pd.DataFrame, code: str) -> str:
    """Return why nothing is expected of an area: the gate's own reason where it gives one."""
    if code not in coming.index:
        return "a small number could be worked out from it"
    row = coming.loc[code]
    return str(row.get("reason") or row["status"])


def _so_far(tables: Tables, spot: Spot) -> str:
    row = overview.past(tables, spot) or {}
    count, rate, children = (number(row.get(name)) for name in ("count", "rate", "denominator"))
    period = overview.pooled_period(tables)
    if count is None or rate is None or children is None:
        return hidden_sentence(period)
    beside = "" if spot.level == "district" else beside_sentence(rate, _district_rate(tables, spot))
    return f"{past_sentence(period, count, children, rate)} {beside}".strip()


def _in_bands(run: Run, tables: Tables, spot: Spot) -> str:
    row = tables.areas.loc[spot.code] if spot.level == "oa" else overview.past(tables, spot) or {}
    names = ("rate_from", "rate_to") if spot.level == "oa" else ("band_from", "band_to")
    low, high = (number(row[name]) for name in names)
    if low is not None:
        return band_sentence(low, high, run.manifest["unit"], ward=spot.level == "ward")
    around = overview.parent(tables, spot, "lsoa")
    whole = overview.past(tables, around) or {}
    return instead_sentence(
        level_term("lsoa"),
        around.name,
        number(whole.get("rate")),
        count=number(whole.get("count")),
        children=number(whole.get("denominator")) or 0.0,
        period=overview.pooled_period(tables),
    )


def _district_rate(tables: Tables, spot: Spot) -> float:
    row = overview.past(tables, overview.parent(tables, spot, "district")) or {}
    return number(row.get("rate")) or 0.0


def told_of(tables: Tables, spot: Spot, levels: tuple[str, ...]) -> Spot:
    """Return the area itself where its level is told of, else the smallest around it that is; and say so."""
    if spot.level in levels:
        return spot
    around = overview.parent(tables, spot, levels[-1])
    where = "which holds most of it" if spot.level == "ward" else "around it"
    note(f"Not told of so small an area: this is {around.name}, {where}.")
    return around
