"""What agencies know of the children of an area, what they say of them, and what they do not know."""

import streamlit as st

from bake.runs import Run
from ui import overview
from ui.components import told
from ui.components.spots import COUNTED, DRIVERS_FROM, told_of
from ui.components.text import heading, note
from ui.figures import per_cent
from ui.overview import Spot, Tables
from ui.rows import number
from words.records import known_sentence


def draw(run: Run, tables: Tables, spot: Spot) -> None:
    """Say which part of the children each agency knows, and what it does not know."""
    heading("What agencies know, and do not know", 3)
    around = told_of(tables, spot, COUNTED)
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
                (str(row["label"]), str(row["title"]), per_cent(row["district"]))
                + (() if same else (per_cent(row["here"]),))
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
                (f"{row['label']} ({row['title']})", *(per_cent(row[one]) for one in cohorts))
                for _, row in years.iterrows()
            ],
            "What agencies say, by year",
        )
