"""The first screen: where need clusters, how sure we are, what is already there."""

from datetime import date

import geopandas as gpd
import streamlit as st

from bake.runs import Run
from geo.place import Place
from store.home import home
from ui import cache, find, gatedmap, register, rows, session
from ui import runs as known
from ui.components import chart, downloads, empty, filters, head, legend, panel, table, voices
from ui.components.text import note
from ui.register import Shelf
from ui.state import View
from words.records import LAYERS
from words.sentences import map_alternative

SHOWS = {"areas": "Areas", "assets": "Assets"}


def page() -> None:
    """Draw the screen: what was clicked comes first, the address last."""
    session.take_picks(chart.KEY)
    places, runs = cache.places(home()), cache.runs(home())
    if empty.nothing_to_show(places, runs):
        return
    place, run = head.choose_run(places, runs)
    areas = cache.areas(str(run.folder))
    if session.view().area and session.view().area not in areas.index:
        session.add_problem(f"There is no area “{session.view().area}” in this run. None is chosen.")
        session.change(area="")
    _look(place, areas)
    for problem in [*session.problems(), empty.lost_places(places, runs)]:
        if problem:
            st.warning(problem)
    view = session.view()
    shelf = cache.shelf(home(), place)
    _bar(run, areas, shelf)
    with st.container(key="screen"):
        with st.container(key="sentence", gap="xsmall"):
            _sentence(run, place, areas, shelf)
        with st.container(key="table"):
            _table(run, areas, view, shelf.of(view.categories))
        with st.container(key="map"):
            _map(run, place, areas, view, shelf.of(view.categories))
    session.publish()


def _look(place: Place, areas: gpd.GeoDataFrame) -> None:
    """Answer what was typed into *Find*, and the wish to look closer."""
    text = str(st.session_state.get("find", "")).strip()
    if text:
        found = find.find(text, place, areas)
        if session.is_new("find", (text, place.name)):
            session.follow(found.area, found.ward, found.camera)
        st.info(" ".join(part for part in (found.sentence, find.others_sentence(found)) if part))
    else:
        session.is_new("find", None)
    if session.zoom_asked() and session.view().area:
        session.change(camera=find.look_at(areas, [session.view().area]))


def _bar(run: Run, areas: gpd.GeoDataFrame, shelf: Shelf) -> None:
    wards = sorted(areas["ward_name"].dropna().unique()) if "ward_name" in areas.columns else []
    with st.container(horizontal=True, vertical_alignment="center", key="bar"):
        gated = "rate_from" in areas.columns
        filters.draw_filters(
            wards, shelf.categories(), **({"bands": gatedmap.need_bands(areas)} if gated else {})
        )
        downloads.draw_downloads(run, areas, session.view())
        st.toggle(
            "Show the map",
            key=session.hold_map_wish(),
            on_change=session.take_map_wish,
            help="All that is on the map is in the table too.",
        )
        if session.view().camera:
            st.button("Show the whole place", on_click=session.change, kwargs={"camera": None})


def _sentence(run: Run, place: Place, areas: gpd.GeoDataFrame, shelf: Shelf) -> None:
    code = session.view().area
    if not code:
        panel.whole_place(run, areas, head.title_of(place))
        return
    panel.one_area(run, areas, code, head.title_of(place))
    coarser = known.coarser_run(run, cache.runs(home()))
    if coarser:
        panel.larger_areas(coarser, cache.comparison(home(), run, coarser), code)
    point = (float(areas.loc[code, "x"]), float(areas.loc[code, "y"]))
    near = register.near(shelf, point, date.today())
    there = {asset.category for asset in near}
    missing = [category for category in run.manifest["asset_categories"] if category not in there]
    absent = register.absences(home(), place.name, code, missing, date.today())
    panel.near_area(near[: register.NEAR_COUNT], absent, register.NEAR_METRES)
    voices.beside_need(home(), place.name, code, areas.loc[code])
    panel.area_buttons()


def _table(run: Run, areas: gpd.GeoDataFrame, view: View, drawn: Shelf) -> None:
    st.segmented_control(
        "The table shows",
        list(SHOWS),
        key=session.bind("show-choice", "show"),
        format_func=SHOWS.__getitem__,
        on_change=session.take,
        args=("show-choice", "show"),
        required=True,
    )
    if view.show == "areas":
        table.draw_areas(run, len(areas), view)
    else:
        names = {str(code): str(name) for code, name in areas["name"].items()}
        table.draw_assets(register.asset_table(drawn.assets, names, date.today()))


def _map(run: Run, place: Place, areas: gpd.GeoDataFrame, view: View, drawn: Shelf) -> None:
    inside, larger = areas[rows.shown(areas, view)], cache.larger(str(run.folder))
    if larger is not None:
        _choose_layer()
    if session.map_wanted():
        name = str(areas.loc[view.area, "name"]) if view.area else ""
        shows = f"{run.question} {LAYERS[view.layer]}." if larger is not None else run.question
        told = map_alternative(
            shows, head.title_of(place), rows.counts_by(inside, "sign"), len(drawn.assets), name,
            observed=larger is not None,
        )  # fmt: skip
        chart.draw_map(str(run.folder), place, view, drawn, told)
        note(f"{head.title_of(place)}. Click an area to read about it. {place.licence}")
    legend.draw_legend(inside, drawn.counts(), view.layer, larger)


def _choose_layer() -> None:
    """Let the reader choose what the map of a run from records shows."""
    st.selectbox(
        "The map shows",
        list(LAYERS),
        key=session.bind("layer-choice", "layer"),
        format_func=LAYERS.__getitem__,
        on_change=session.take,
        args=("layer-choice", "layer"),
    )


page()
