"""How we know: what a run was made from, how well it does, for whom it is worse, and what it must not be used for."""

import streamlit as st

from bake.release import told_record
from bake.runs import Run
from geo.place import Place
from store.home import home
from ui import cache, session
from ui import runs as known
from ui.components import (
    account,
    baselines,
    calibration,
    empty,
    groups,
    head,
    match_weights,
    told,
    transparency,
)


def page() -> None:
    """Draw the account of the run that the map shows."""
    places, runs = {place.name: place for place in cache.places(home())}, cache.runs(home())
    if empty.nothing_to_show(list(places.values()), runs):
        return
    top = st.container()
    run = _run(runs, places)
    with top:
        for problem in session.problems():
            st.warning(problem)
        account.question(run, places[run.place])
    told.standing_first(run)
    if known.from_records([run]):
        _of_records(run, places[run.place])
    else:
        _of_open_data(run, places[run.place])


def _of_open_data(run: Run, place: Place) -> None:
    account.never_for(run)
    account.method(run)
    account.answers(run)
    account.limits(run)
    account.sources(run, place)
    account.behind(run)


def _of_records(run: Run, place: Place) -> None:
    record = told_record(run)
    baselines.mark(record)
    calibration.draw(record)
    groups.for_whom(record)
    account.never_for(run)
    transparency.challenge(record)
    account.method(run)
    transparency.whose(record)
    transparency.limits(record)
    account.answers(run)
    transparency.downloads(run, record)
    account.areas_checked(place)
    match_weights.draw(record)
    transparency.for_analysts(record)
    account.behind(run)


def _run(runs: list[Run], places: dict[str, Place]) -> Run:
    """Let the reader choose a run; that of the address or of the map comes first, else one that is no draft."""
    usable = {run.id: run for run in runs if run.place in places}
    asked = head.current_run(list(usable.values()), places).id
    chosen = st.selectbox(
        "Run",
        list(usable),
        index=list(usable).index(asked),
        format_func=lambda run_id: account.run_label(usable[run_id], places[usable[run_id].place]),
    )
    return usable[chosen]


with st.container(key="page"):
    page()
