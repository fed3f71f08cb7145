"""Overview: what agencies' records say together of a district, its neighbourhoods and its smallest areas."""

import streamlit as st

from bake.runs import Run
from geo.place import Place
from store.home import home
from ui import cache, overview, session
from ui import runs as known
from ui.components import (
    account,
    agencies,
    baselines,
    drivers,
    empty,
    head,
    smaller_areas,
    spots,
    told,
    trend,
)
from ui.components.text import heading, note
from ui.overview import Spot, Tables


def page() -> None:
    """Draw the overview: the choice, the sentence, then year by year, where, and what agencies know."""
    places, runs = {place.name: place for place in cache.places(home())}, cache.runs(home())
    if empty.nothing_to_show(list(places.values()), runs):
        return
    usable = [run for run in known.from_records(runs) if run.place in places]
    if not usable:
        heading("Overview", 1)
        empty.no_records()
        return
    top, choices, said = (st.container(key=f"overview-{part}") for part in ("head", "choices", "said"))
    with choices:
        run = _choose(usable, places)
    tables = cache.tables(str(run.folder))
    spot = overview.find(tables, session.view().look)
    if spot is None:
        session.add_problem(f"There is no area “{session.view().look}” in this run. The district is shown.")
        session.change(look="")
        spot = overview.find(tables, "")
    assert spot is not None
    with top:
        heading(run.question, 1)
        for problem in session.problems():
            st.warning(problem)
        told.standing_first(run)
    with choices:
        spots.choose(tables, spot)
    with said:
        spots.say(run, tables, spot)
        note(baselines.in_short(run.record()))
    _in_detail(run, tables, spot)
    session.publish()


def _in_detail(run: Run, tables: Tables, spot: Spot) -> None:
    """Draw year by year, where, what agencies know and what sets the area apart; last what was counted."""
    left, right = st.columns([2, 3], gap="large")
    with left:
        trend.draw(tables, spot)
    with right:
        smaller_areas.draw(tables, spot, f"inside-{run.id}-{spot.code}")
    left, right = st.columns([2, 3], gap="large")
    with left:
        agencies.draw(run, tables, spot)
    with right:
        drivers.draw(run, tables, spot)
    note(f"{run.manifest['outcome']['definition']} Period: {run.manifest['period']}.")
    st.page_link("pages/about.py", label="How we know", icon=":material/info:")


def _choose(usable: list[Run], places: dict[str, Place]) -> Run:
    """Let the reader choose a run from records; that of the map comes first, where it is one."""
    by_id, view = {run.id: run for run in usable}, session.view()
    here = [run.id for run in usable if run.place == view.place]
    current = view.run if view.run in by_id else (here or list(by_id))[0]
    st.session_state["overview-run"] = current
    st.selectbox(
        "Run",
        list(by_id),
        key="overview-run",
        format_func=lambda one: account.run_label(by_id[one], places[by_id[one].place]),
        on_change=lambda: head.settle(by_id[st.session_state["overview-run"]]),
    )
    return by_id[current]


with st.container(key="overview"):
    page()
