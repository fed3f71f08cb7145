"""Near: a street, a neighbourhood or a landmark that somebody names, as a point of a place."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path

import geopandas as gpd

from geo.crs import WIRE
from geo.gazetteer import fold, locate
from geo.place import Place, read_place
from words.labels import level_name

MOST = 8
_BEFORE = ("near ", "by ", "opposite ", "behind ", "next to ", "close to ", "on ", "at ", "the ")
_SPOKEN = {
    "place_name": "neighbourhood",
    "park": "green space",
    "station": "station",
    "main_road": "road",
    "woodland": "wood",
}
"""What a kind of thing is called where its code is not the word."""


@dataclass(frozen=True)
class Spot:
    """Something named: its name, what it is (a layer of the scenery, a level or a street), a point in degrees."""

    name: str
    kind: str
    longitude: float
    latitude: float

    def label(self) -> str:
        """Return the name with what it is, as a choice is worded."""
        return f"{self.name} ({_SPOKEN.get(self.kind, level_name(self.kind))})"


def near(text: str, place: Place) -> list[Spot]:
    """Return what a text may mean in a place, best first: streets and landmarks, then wards and areas.

    "near the station in Mill Lane" is not understood; "near Mill Lane" is. Nothing found is an empty list.
    """
    key = fold(_without_before(text))
    if not key:
        return []
    spots = [*_search(key, _index(place.folder, place.digest)), *_areas(_without_before(text), place)]
    known: dict[tuple[str, str], Spot] = {}
    for spot in spots:
        known.setdefault((fold(spot.name), spot.kind), spot)
    found = list(known.values())
    exact = [spot for spot in found if fold(spot.name) == key]
    return (exact or found)[:MOST]


def _without_before(text: str) -> str:
    told = " ".join(text.casefold().split())
    while (before := next((word for word in _BEFORE if told.startswith(word)), "")) and len(told) > len(
        before
    ):
        told = told.removeprefix(before)
    return told


def _areas(text: str, place: Place) -> Iterator[Spot]:
    for match in locate(text, place):
        if match.longitude is not None and match.latitude is not None:
            yield Spot(match.label, match.kind, round(match.longitude, 6), round(match.latitude, 6))


def _search(key: str, index: dict[str, list[Spot]]) -> Iterator[Spot]:
    if key in index:
        yield from index[key]
        return
    begins = sorted(other for other in index if other.startswith(key) and len(key) > 2)
    for other in begins or get_close_matches(key, list(index), n=4, cutoff=0.8):
        yield from index[other]


@lru_cache(maxsize=8)
def _index(folder: Path, digest: str) -> dict[str, list[Spot]]:
    """Return the named streets and landmarks of a place by their folded name."""
    place = read_place(folder)
    index: dict[str, list[Spot]] = {}
    for spot in _named(place):
        index.setdefault(fold(spot.name), []).append(spot)
    return index


def _named(place: Place) -> Iterator[Spot]:
    scenery, streets = place.scenery(), place.streets()
    if scenery is not None and "name" in scenery.columns:
        for kind in ("place_name", "station", "park", "woodland"):
            yield from _spots(scenery[scenery["layer"] == kind], kind)
    if streets is not None and "name" in streets.columns:
        named = streets[streets["name"].fillna("") != ""][["name", "geometry"]]
        yield from _spots(named.dissolve("name").reset_index(), "street")


def _spots(layer: gpd.GeoDataFrame, kind: str) -> Iterator[Spot]:
    """Yield a point on each named thing: in the middle of a line, within a surface."""
    if layer.empty:
        return
    lines = layer.geometry.geom_type.isin(["LineString", "MultiLineString"])
    points = layer.geometry.representative_point()
    points[lines] = layer.geometry[lines].interpolate(0.5, normalized=True)
    degrees = gpd.GeoSeries(points, crs=layer.crs).to_crs(WIRE)
    for name, point in zip(layer["name"], degrees, strict=True):
        if isinstance(name, str) and name:
            yield Spot(name, kind, round(point.x, 6), round(point.y, 6))
