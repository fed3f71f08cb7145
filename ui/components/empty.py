"""What stands on the screen when there is nothing to show yet: why, and which command changes that."""

from collections.abc import Sequence

import streamlit as st

from bake.runs import Run
from geo.place import Place
from ui.components.text import heading, lead, note


def nothing_to_show(places: Sequence[Place], runs: Sequence[Run]) -> bool:
    """Say what is missing where no run can be shown, and return whether that is so."""
    names = {place.name for place in places}
    if any(run.place in names for run in runs):
        return False
    if not runs:
        heading("Nothing has been baked yet", 1)
        lead(
            "A map appears here once a question has been asked of a place. In a terminal, in Larder's folder:"
        )
        st.code("larder bake early_years_open --place demo", language="bash")
        note(
            "This sets up the demo place, a fictional town, and takes a few seconds. Then load this page again."
        )
        return True
    lost = sorted({run.place for run in runs})
    heading("The place of these runs is gone", 1)
    lead(f"There are runs, but the folder of their place is not here any more: {', '.join(lost)}.")
    note("Add the place again under the same name; the runs themselves are unharmed.")
    st.code(f"larder place add {lost[0]} --areas FILE --code COLUMN --vintage 2021", language="bash")
    return True


def no_records() -> None:
    """Say that no run from agencies' records can be shown, and which command makes one."""
    lead("No question has been asked of agencies' records yet, so there is nothing to tell here.")
    note(
        "The questions on the map are answered from open data. This makes a run from records of the demo place, in "
        "which every person is invented; in a terminal, in Larder's folder:"
    )
    st.code("larder bake school_readiness --place demo", language="bash")
    note("It takes about a minute. Then load this page again.")


def nothing_to_compare(command: str) -> None:
    """Say why nothing can be compared yet, and which command makes the second run."""
    lead("This question has been asked only once of this place, so there is nothing to compare it with yet.")
    note("Ask it of other areas, or again when the data have changed. In a terminal, in Larder's folder:")
    st.code(command, language="bash")
    note("It takes a few seconds. Then load this page again.")


def lost_places(places: Sequence[Place], runs: Sequence[Run]) -> str:
    """Name in a sentence the places whose runs cannot be shown, or nothing."""
    names = {place.name for place in places}
    lost = sorted({run.place for run in runs if run.place not in names})
    if not lost:
        return ""
    return f"Runs of {', '.join(lost)} are not listed: the folder of that place is gone. Add it again to see them."
