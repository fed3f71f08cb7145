"""Neighbourhood: how finely a note says where; no finer than one, so that nobody can be known by it."""

from geo.place import Place, list_places
from store.home import home

FINEST = "oa"
HOLDERS = ("lsoa", "msoa", "ward")
"""The areas that hold an output area, the smallest first, as columns of a place's areas."""


def coarsened(place: str, area: str | None) -> str | None:
    """Return the LSOA of an output area, and any other area as it is.

    Where a place does not know the LSOA, the next larger area that it knows;
    where it knows none, None, which is the whole place.
    A place that is not set up here says nothing of its areas, so they stay as they are.
    """
    if not area:
        return None
    known = _place(place)
    if known is None or known.level != FINEST:
        return area
    areas = known.areas()
    if area not in areas.index:
        return area
    held = (areas.at[area, level] for level in HOLDERS if level in areas.columns)
    # a cell without an answer is no text
    return next((code for code in held if isinstance(code, str)), None)


def _place(name: str) -> Place | None:
    return next((place for place in list_places(home()) if place.name == name), None)
