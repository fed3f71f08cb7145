"""About: which area a note speaks of, no finer than a neighbourhood, so that nobody can be known by it."""

from dataclasses import dataclass

from assets.locate import Where
from assets.postcode_mending import readings
from geo.gazetteer import fold
from geo.place import Place
from web.near import near

LEVELS = ("lsoa", "msoa", "ward")


@dataclass(frozen=True)
class About:
    """An area of a place: its code and what it is called."""

    area: str
    name: str


def about(text: str, place: Place, where: Where) -> About | None:
    """Return the area that a postcode, a street or a neighbourhood lies in, None where nothing is found.

    It is the LSOA, or for a neighbourhood the MSOA, where the place knows them; else the area itself.
    """
    for written in readings(text):
        point = where.postcode(written)
        if point:
            return _at(place, where, (point.longitude, point.latitude), "lsoa")
    spots = near(text, place)
    if not spots:
        return None
    level = "msoa" if spots[0].kind in {"place_name", "msoa", "ward"} else "lsoa"
    return _at(place, where, (spots[0].longitude, spots[0].latitude), level)


def _at(place: Place, where: Where, point: tuple[float, float], level: str) -> About | None:
    spot = where.spot(*point, place.name)
    if spot is None or spot.place != place.name:
        return None
    areas = place.areas()
    row = areas.loc[spot.area]
    if level in areas.columns and isinstance(row[level], str):
        return About(row[level], str(row.get(f"{level}_name", row[level])))
    return About(spot.area, str(row["name"]))


def named(code: str, place: Place) -> str:
    """Return what the area of a code is called, whatever its level; nothing where the place has none of that code."""
    if not fold(code):
        return ""
    areas = place.areas()
    if code in areas.index:
        return str(areas.loc[code, "name"])
    for level in LEVELS:
        if level in areas.columns and (areas[level] == code).any():
            row = areas[areas[level] == code].iloc[0]
            return str(row.get(f"{level}_name", code))
    return ""
