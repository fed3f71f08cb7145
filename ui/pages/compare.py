"""Compare: the same question on smaller and larger areas, or at two times, with where the two agree."""

import streamlit as st

from bake.runs import Run
from geo.place import Place
from store.home import home
from ui import cache, session
from ui import runs as known
from ui.components import empty, head, sidebyside
from ui.components.text import heading, note


def page() -> None:
    """Draw two runs side by side: the result in a sentence, the two choices, the maps, the table."""
    places, runs = {place.name: place for place in cache.places(home())}, cache.runs(home())
    if empty.nothing_to_show(list(places.values()), runs):
        return
    usable = [run for run in runs if run.place in places]
    run = head.current_run(usable, places)
    place, others = places[run.place], known.comparable(run, usable)
    heading(run.question, 1)
    told, chosen = st.container(key="compare-told"), st.container(key="compare-choices")
    left, right = chosen.columns([3, 2])
    with left:
        sidebyside.choose_first(run, usable, places)
    with right:
        other = sidebyside.choose_second(run, others, place) if others else None
    with told:
        for problem in session.problems():
            st.warning(problem)
    if other is None:
        with told:
            empty.nothing_to_compare(known.second_run_command(run, place))
    else:
        _result(*known.in_order(run, other), place, told)
    session.publish()


def _result(first: Run, second: Run, place: Place, told: st.delta_generator.DeltaGenerator) -> None:
    found = cache.comparison(home(), first, second)
    with told:
        sidebyside.say(first, second, found)
    with st.container(key="compare-table"):
        sidebyside.draw_table(first, second, found)
    with st.container(key="compare-maps"):
        st.toggle(
            "Show the maps",
            key=session.hold_map_wish(),
            on_change=session.take_map_wish,
            help="All that is on them is in the table too.",
        )
        if session.map_wanted():
            sidebyside.draw_maps(home(), first, second, place, found)
        sidebyside.draw_legend(first, second, found)
        note(f"{head.title_of(place)}. {place.licence}")


page()
