"""How we know: what a run was made from, what was decided on the way, and what it must not be used for."""

import streamlit as st

from bake.runs import Run
from geo.place import Place
from store.home import home
from ui import cache, session
from ui.components import account, empty


def page() -> None:
    """Draw the account of the run that the map shows."""
    places, runs = {place.name: place for place in cache.places(home())}, cache.runs(home())
    if empty.nothing_to_show(list(places.values()), runs):
        return
    run = _run(runs, places)
    account.question(run, places[run.place])
    account.never_for(run)
    account.method(run)
    account.sources(run, places[run.place])
    account.decisions(run)
    account.answers(run)
    account.behind(run)


def _run(runs: list[Run], places: dict[str, Place]) -> Run:
    """Let the reader choose a run; the one on the map comes first."""
    usable = {run.id: run for run in runs if run.place in places}
    asked = session.view().run
    chosen = st.selectbox(
        "Run",
        list(usable),
        index=list(usable).index(asked) if asked in usable else 0,
        format_func=lambda run_id: account.run_label(usable[run_id], places[usable[run_id].place]),
    )
    return usable[chosen]


with st.container(key="page"):
    page()
