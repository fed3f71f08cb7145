"""The head of the screen: which place, which question, which run, and where to look."""

from collections.abc import Mapping, Sequence

import streamlit as st

from bake.runs import Run
from geo.place import Place
from ui import runs as known
from ui import session
from words.labels import place_label


def title_of(place: Place) -> str:
    """Return a place's title, with *fictional* where it is."""
    return place_label(place.title, fictional=place.fictional)


def choose_run(places: Sequence[Place], runs: Sequence[Run]) -> tuple[Place, Run]:
    """Draw the three choices and return what they hold; only places with a run can be chosen.

    What a link asks for and is not there is said, and the newest run stands in for it.
    """
    by_name = {place.name: place for place in places}
    usable = [run for run in runs if run.place in by_name]
    current = current_run(usable, by_name)
    with st.container(key="head"):
        brand, first, second, third, fourth = st.columns([0.55, 1, 2, 1.1, 1.3], vertical_alignment="bottom")
        brand.html('<h1 class="larder-brand">Larder</h1>')
        place = first.selectbox(
            "Place",
            list(dict.fromkeys(run.place for run in usable)),
            key=_hold("place-choice", current.place),
            format_func=lambda name: title_of(by_name[name]),
            on_change=_place_changed,
            args=(usable, by_name),
        )
        with second:
            recipe = _choose_question(usable, by_name, place, current)
        of_question = {run.id: run for run in usable if run.place == place and run.recipe == recipe}
        third.selectbox(
            "Baked on",
            list(of_question),
            key=_hold("run-choice", current.id),
            format_func=lambda run_id: known.label(of_question[run_id], by_name[place]),
            on_change=_run_changed,
        )
        fourth.text_input(
            "Find a postcode, ward or area",
            key="find",
            type="search",
            placeholder="for example a ward's name",
        )
    return by_name[current.place], current


def _choose_question(usable: Sequence[Run], by_name: Mapping[str, Place], place: str, current: Run) -> str:
    questions = {run.recipe: run.question for run in reversed(usable) if run.place == place}
    return st.selectbox(
        "Question",
        list(questions),
        key=_hold("question-choice", current.recipe),
        format_func=lambda recipe: questions[recipe],
        on_change=_question_changed,
        args=(usable, by_name),
    )


def _hold(key: str, value: str) -> str:
    st.session_state[key] = value
    return key


def current_run(runs: Sequence[Run], places: Mapping[str, Place]) -> Run:
    """Return the run that the view asks for, or the one to begin with; what is not there is said."""
    view = session.view()
    asked = next((run for run in runs if run.id == view.run), None)
    if view.run and asked is None:
        session.add_problem(f"{known.absence(view.run)} Another one is shown instead.")
    here = [run for run in runs if run.place == view.place] if view.place else []
    if view.place and not here:
        session.add_problem(
            f"There is no run of a place “{view.place}” here. Another place is shown instead."
        )
    found = asked or known.first(here or runs, places)
    session.change(place=found.place, run=found.id)
    return found


def _place_changed(runs: Sequence[Run], places: Mapping[str, Place]) -> None:
    settle(known.first([run for run in runs if run.place == st.session_state["place-choice"]], places))


def _question_changed(runs: Sequence[Run], places: Mapping[str, Place]) -> None:
    place, recipe = st.session_state["place-choice"], st.session_state["question-choice"]
    settle(known.first([run for run in runs if (run.place, run.recipe) == (place, recipe)], places))


def settle(run: Run) -> None:
    """Take another run into the view; what was chosen in another place is let go."""
    moved = run.place != session.view().place
    session.change(place=run.place, run=run.id, against="")
    if moved:
        session.change(area="", wards=(), camera=None)


def _run_changed() -> None:
    session.change(run=st.session_state["run-choice"], against="")
