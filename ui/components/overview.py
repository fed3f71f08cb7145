"""The overview of one area: what was counted and is expected, where, what agencies know, what sets it apart."""

from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from bake.runs import Run
from ui import overview, session
from ui.components import told
from ui.components.text import heading, lead, note
from ui.overview import Spot, Tables
from ui.rows import number
from words.labels import KINDS, rate_band, sign_label
from words.records import (
    LEVEL_WORDS,
    LEVELS_EXPLAINED,
    NOT_PROLONGED,
    band_sentence,
    beside_sentence,
    between,
    deprivation_line,
    district_line,
    forecast_sentence,
    hidden_sentence,
    instead_sentence,
    kinds_summary,
    known_sentence,
    no_forecast_sentence,
    past_sentence,
    reason_line,
    trend_sentence,
    unexplained_sentence,
)
from words.sentences import sentence_case

CHART_HEIGHT = 320
INK, MUTED, HUE = "#1d1b22", "#6b6472", "#5b3fa0"
DRIVERS_FROM = ("district", "msoa")
COUNTED = ("district", "msoa", "lsoa")


def choose_spot(tables: Tables, spot: Spot) -> None:
    """Draw the choice of a level and of one of its areas."""
    levels = overview.levels(tables)
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    st.session_state["look-level"] = spot.level
    with left:
        st.segmented_control(
            "Look at",
            levels,
            key="look-level",
            format_func=lambda level: sentence_case(LEVEL_WORDS[level][0]),
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
        "LSOA",
        around.name,
        number(whole.get("rate")),
        count=number(whole.get("count")),
        children=number(whole.get("denominator")) or 0.0,
        period=overview.pooled_period(tables),
    )


def _district_rate(tables: Tables, spot: Spot) -> float:
    row = overview.past(tables, overview.parent(tables, spot, "district")) or {}
    return number(row.get("rate")) or 0.0


def _told_of(tables: Tables, spot: Spot, levels: tuple[str, ...]) -> Spot:
    """Return the area itself where its level is told of, else the smallest around it that is; and say so."""
    if spot.level in levels:
        return spot
    around = overview.parent(tables, spot, levels[-1])
    where = "which holds most of it" if spot.level == "ward" else "around it"
    note(f"Not told of so small an area: this is {around.name}, {where}.")
    return around


def draw_trend(tables: Tables, spot: Spot) -> None:
    """Draw the rate of each cohort and the next one's, say what the picture says, and give it as a table."""
    heading("Year by year", 3)
    shown = _told_of(tables, spot, COUNTED if spot.level == "lsoa" else DRIVERS_FROM)
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


def draw_where(tables: Tables, spot: Spot, key: str) -> None:
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
    level = LEVEL_WORDS[overview.INSIDE[spot.level]][1]
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
            "So far": [_per_cent(rate) for rate in rows["rate"]],
            "Expected next": expected,
            "Observed": rows["observed"],
            "Predicted": rows["predicted"],
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
        "Area": st.column_config.TextColumn(width="medium"),
        "So far": st.column_config.TextColumn(
            help="Per cent of children who needed more support, all years together."
        ),
        "Expected next": st.column_config.TextColumn(
            help="Children of the coming year who will probably need more support, of how many, likely between."
        ),
        "Observed": st.column_config.Column(help="Output areas in an observed hotspot."),
        "Predicted": st.column_config.Column(help="Output areas in a predicted hotspot."),
    }


def draw_agencies(run: Run, tables: Tables, spot: Spot) -> None:
    """Say which part of the children each agency knows, and what it does not know."""
    heading("What agencies know, and do not know", 3)
    around = _told_of(tables, spot, COUNTED)
    known = overview.agencies(tables, around.code)
    if known.empty:
        note("This run was baked before this was told. Bake it again to see it.")
        return
    lines = [
        known_sentence(
            str(row["title"]), number(row["rate"]), number(row["band_from"]), number(row["band_to"])
        )
        for _, row in known.iterrows()
    ]
    told.sentences(lines, "What part of the children each agency knows")
    outcome = str(run.manifest["settings"]["records"]["outcome"]["agency"]).replace("_", " ")
    note(
        f"Of the other children these agencies say nothing, which is not the same as no need. {outcome.capitalize()} "
        "know every child counted here, because they assessed them."
    )
    _facts(tables, around if around.level in DRIVERS_FROM else overview.parent(tables, around, "msoa"))


def _facts(tables: Tables, spot: Spot) -> None:
    district = overview.parent(tables, spot, "district")
    facts = overview.facts(tables, spot.code, district.code)
    with st.expander(f"What they say of the children of {spot.name}"):
        note("Of all children, those of whom this is known, all years together. An empty cell is not told.")
        same = spot.level == "district"
        heads = ("Of the children", "Told by", "In the district") + (() if same else (f"In {spot.name}",))
        told.table(
            heads,
            [
                (str(row["label"]), str(row["title"]), _per_cent(row["district"]))
                + (() if same else (_per_cent(row["here"]),))
                for _, row in facts.iterrows()
            ],
            f"What agencies say of the children of {spot.name}",
        )
        years = overview.by_cohort(tables, spot.code)
        cohorts = [name for name in years.columns if name not in ("title", "label")]
        note("Year by year, per cent:")
        told.table(
            ("Of the children", *cohorts),
            [
                (f"{row['label']} ({row['title']})", *(_per_cent(row[one]) for one in cohorts))
                for _, row in years.iterrows()
            ],
            "What agencies say, by year",
        )


def _per_cent(value: object) -> str:
    found = number(value)
    return "not told" if found is None else f"{found:.0f} %"


def draw_reasons(run: Run, tables: Tables, spot: Spot) -> None:
    """Say in words what sets an area apart, strengths beside needs; only from MSOA up."""
    of_district = spot.level == "district"
    heading("What goes with need" if of_district else "What sets it apart from the district", 3)
    settings = run.manifest["settings"]["records"]
    if settings["shown"] != "model":
        note(
            "The map shows a simpler answer than the model, so nothing is told of what the model would go by."
        )
        return
    around = _told_of(tables, spot, DRIVERS_FROM)
    found = overview.reasons(tables, around.code)
    if of_district:
        note("What the model goes by most, the strongest first. Choose an MSOA to read what sets it apart.")
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
