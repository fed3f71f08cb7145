"""What the first visit would otherwise wait for: imports, and the newest run with its place."""

import logging

from bake.runs import list_runs
from geo.place import list_places
from store.home import home
from ui import cache, icons
from words.faults import LarderError

LOG = logging.getLogger("larder")


def warm() -> None:
    """Read the newest run and prepare its map; say so and go on where that fails, for the page says it better."""
    try:
        places = {place.name: place for place in list_places(home())}
        newest = next((run for run in list_runs(home()) if run.place in places), None)
        if newest is not None:
            cache.in_degrees(str(newest.folder))
            cache.area_layers(str(newest.folder), (), (), ())
            cache.scenery_layers(str(places[newest.place].folder), places[newest.place].digest)
            icons.atlas()
    except (LarderError, OSError) as error:
        LOG.warning("Starting without a warm map: %s", error)
