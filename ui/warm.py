"""What the first visit would otherwise wait for: imports, and the newest run with its place."""

import logging

from streamlit.runtime.pages_manager import PagesManager

from geo.place import list_places
from store.home import home
from ui import cache, icons, runs
from words.faults import LarderError

LOG = logging.getLogger("larder")


def warm() -> None:
    """Read the newest run and prepare its map; say so and go on where that fails, for the page says it better."""
    # A link to a page may be the very first visit: Streamlit would take the folder for its old kind of pages, and
    # draw that page without its head. Only `st.navigation` tells it otherwise, and that has not run yet.
    PagesManager.uses_pages_directory = False
    # Caches are filled here before there is any visitor, which Streamlit warns of and which is meant.
    logging.getLogger("streamlit.runtime.scriptrunner_utils.script_run_context").setLevel(logging.ERROR)
    try:
        places = {place.name: place for place in list_places(home())}
        usable = [run for run in cache.runs_for_anyone(home()) if run.place in places]
        if usable:
            newest = runs.first(usable, places)
            cache.in_degrees(str(newest.folder))
            cache.area_layers(str(newest.folder), (), (), ())
            cache.scenery_layers(str(places[newest.place].folder), places[newest.place].digest)
            icons.atlas()
    except (LarderError, OSError) as error:
        LOG.warning("Starting without a warm map: %s", error)
