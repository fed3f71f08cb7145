"""What we say of the chosen area, or of the whole place while none is chosen."""

import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import geopandas as gpd
import pandas as pd
import streamlit as st

from bake.compare import Comparison
from bake.runs import Run
from ui import cache, gatedmap, rows, session
from ui.components import told
from ui.components.text import heading, lead, note, plain
from ui.find import look_at
from ui.icons import mark_html
from ui.runs import level_of
from words.comparing import scale_sentence
from words.labels import level_term
from words.palette import asset_mark
from words.records import chance_sentence, instead_sentence
from words.sentences import (
    Answer,
    Near,
    category_word,
    certainty_sentence,
    count_words,
    counted_sentence,
    joined,
    kinds_sentence,
    metres_words,
    nearby_sentence,
    need_sentence,
    place_sentence,
)

_NUMBERED = re.compile(r"\s\d+$")


def whole_place(run: Run, areas: gpd.GeoDataFrame, place: str) -> None:
    """Say what the run says of the place, and how to choose an area."""
    heading(run.question)
    told.standing_first(run)
    lead(place_sentence(rows.counts_by(areas, "sign"), place, observed="kinds" in areas.columns))
    note("Choose an area in the table, on the map, or by its name or postcode, to read how high the need is there, "
         "how sure we are, and which assets are near.")  # fmt: skip
    _neighbourhoods(areas[areas["sign"] == "firm"])


def _neighbourhoods(firm: gpd.GeoDataFrame) -> None:
    """Name the parts of the place that hold firm hotspots, by name and not by rank, each to look at closer."""
    part = next((column for column in ("msoa_name", "ward_name") if column in firm.columns), None)
    if part is None or firm.empty:
        return
    heading("Where the firm hotspots are", 3)
    with st.container(horizontal=True, key="parts"):
        for name, members in firm.groupby(part, sort=True):
            st.button(
                f"{plain(part_name(str(name), members))}: {count_words(len(members), 'area')}",
                key=f"part-{name}",
                on_click=session.follow,
                args=("", "", look_at(firm, list(members.index))),
            )


def part_name(name: str, members: pd.DataFrame) -> str:
    """Return what a part of the place is called; one that has but a number is told by the wards of its members."""
    if not _NUMBERED.search(name) or "ward_name" not in members or members["ward_name"].isna().any():
        return name
    return f"{name} ({joined(sorted(members['ward_name'].unique()))})"


def one_area(run: Run, areas: gpd.GeoDataFrame, code: str, place: str) -> None:
    """Say of one area how high the need is and how sure we are."""
    row = areas.loc[code]
    heading(str(row["name"]))
    note(_part_of(row, code, place))
    answer = rows.answer(row, is_rate="count" in areas.columns)
    table = cache.larger(str(run.folder))
    if table is not None:
        _of_records(run, row, answer, table)
        return
    assessed = int(areas["band"].notna().sum())
    lead(need_sentence(answer, assessed, str(run.manifest["unit"])))
    lead(certainty_sentence(answer, ways(run.manifest)))


def _of_records(run: Run, row: Mapping[str, Any], answer: Answer, table: pd.DataFrame) -> None:
    """Say what was observed of an area, then what is predicted; where it has too few children, what its LSOA says."""
    told.standing_first(run)
    few = answer.rate_from is None
    if few:
        lead(_instead(row, table))
    else:
        lead(need_sentence(answer, 0, str(run.manifest["unit"])))
        lead(f"Observed so far. {certainty_sentence(answer, ways(run.manifest))}")
    settings = run.manifest["settings"]["records"]
    chance = rows.number(row["chance_from"])
    if chance is not None:
        words = gatedmap.chance_words(chance, float(row["chance_to"]))
        lead(chance_sentence(words, float(settings["margin"]), hot=row["predicted"] == "hot"))
    note(kinds_sentence(str(row["kinds"])))
    _around(row, table, ("msoa",) if few else ("lsoa", "msoa"))
    st.page_link("pages/overview.py", label="What agencies know around here", icon=":material/monitoring:")


def _instead(row: Mapping[str, Any], table: pd.DataFrame) -> str:
    whole = table.loc[row["lsoa"]]
    return instead_sentence(
        level_term("lsoa"),
        str(whole["name"]),
        rows.number(whole["rate"]),
        count=rows.number(whole["count"]),
        children=rows.number(whole["denominator"]) or 0.0,
        period=str(whole["period"]),
    )


def _around(row: Mapping[str, Any], table: pd.DataFrame, levels: Sequence[str]) -> None:
    """Say what is told of the LSOA and the MSOA that the area lies in."""
    for level in levels:
        whole = table.loc[row[level]]
        note(
            counted_sentence(
                str(whole["name"]),
                str(whole["period"]),
                rows.number(whole["count"]),
                rows.number(whole["denominator"]) or 0.0,
                rows.number(whole["rate"]),
            )
        )


def larger_areas(coarser: Run, found: Comparison, code: str) -> None:
    """Say whether the larger areas, asked the same, put this place in a hotspot too."""
    if code not in found.table.index:
        return
    row = found.table.loc[code]
    hot = None if pd.isna(row["second"]) else bool(row["second"])
    here = not pd.isna(row["first"]) and bool(row["first"])
    note(scale_sentence(hot, level_of(coarser), here=here))


def near_area(near: Sequence[Near], absent: Sequence[str], within: float) -> None:
    """Say which assets are near, nearest first, and of what matters and is not recorded whether anybody looked."""
    heading("What is already here", 3)
    lead(nearby_sentence(near, within)) if not near else _list(near)
    for sentence in absent:
        note(sentence)
    if near:
        note("Distances are straight lines from the middle of where people live.")


def _list(near: Sequence[Near]) -> None:
    items = [
        f"<li>{mark_html(asset_mark(asset.category).group, asset.state)}"
        f"<span><b>{escape(asset.name)}</b>, {escape(category_word(asset.category))}"
        f", {escape(asset.told)}</span>"
        f'<span class="far">{metres_words(asset.metres)}</span></li>'
        for asset in near
    ]
    st.html(f'<ul class="larder-assets" aria-label="Assets near here">{"".join(items)}</ul>')


def area_buttons() -> None:
    """Offer to look closer, and to let the choice go."""
    with st.container(horizontal=True):
        st.button("Zoom to this area", on_click=session.ask_zoom, icon=":material/zoom_in:")
        st.button("Clear the choice", on_click=session.choose, args=("",), kwargs={"pin": True})


def ways(manifest: Mapping[str, Any]) -> int:
    """Return how many ways of asking a run tried, 1 where it does not say."""
    return len(manifest.get("settings", {}).get("grid", [])) or 1


def _part_of(row: Mapping[str, Any], code: str, place: str) -> str:
    parents = [str(row[column]) for column in ("msoa_name", "ward_name") if row.get(column)]
    return f"In {', '.join(dict.fromkeys([*parents, place]))} · code {code}"
