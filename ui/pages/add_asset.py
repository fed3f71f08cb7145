"""Add an asset: a name, a category and where it is; on the map at once, marked as not confirmed."""

import streamlit as st

from assets.errors import AssetError
from store.home import home
from ui import cache, session
from ui.components import form
from ui.components.text import heading, lead, note


def page() -> None:
    """Draw the form and say what became of it."""
    heading("Add an asset", 1)
    lead("Something good that is already here: a place, a group or a service that people can use.")
    note(
        "It appears on the map at once, marked as not confirmed. Please give nobody's private address or telephone."
    )
    given = form.draw_form()
    if given is None:
        return
    try:
        added = form.keep(home(), given)
    except AssetError as error:
        form.say_faults(error.faults)
        return
    places = {place.name: place for place in cache.places(home())}
    form.say_added(added, places)
    session.follow_asset(added)


with st.container(key="page"):
    page()
