"""Where an asset is: the point of a postcode, and the place and area that hold a point."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import geopandas as gpd
import pandas as pd
from pyproj import Transformer
from shapely import Point, STRtree

from geo.crs import WIRE
from geo.place import Place, find_place, list_places
from geo.postcodes import NO_LOCATION


@dataclass(frozen=True)
class PostcodePoint:
    """The point of a postcode: degrees in EPSG:4326, its quality in words, whether the postcode has ended."""

    longitude: float
    latitude: float
    quality: str
    terminated: bool


@dataclass(frozen=True)
class Spot:
    """The place and the code of the area that hold a point."""

    place: str
    area: str


class Where(Protocol):
    """What an import asks about locations."""

    def postcode(self, postcode: str) -> PostcodePoint | None:
        """Return the point of a normalised postcode, or None where no table here knows it."""

    def spot(self, longitude: float, latitude: float) -> Spot | None:
        """Return the place and area that hold the point, or None outside every place."""


class Nowhere:
    """The answer where no place is set up: no postcode is known, no point lies in a place."""

    def postcode(self, postcode: str) -> PostcodePoint | None:
        """Return None."""

    def spot(self, longitude: float, latitude: float) -> Spot | None:
        """Return None."""


class Locator:
    """Answers from the postcode tables and areas of some places, the first that knows.

    Places are read when the first question is asked, once.
    """

    def __init__(self, places: Sequence[Place]) -> None:
        self._places = tuple(places)
        self._layers: tuple[_Layer, ...] | None = None

    def postcode(self, postcode: str) -> PostcodePoint | None:
        """Return the point of a normalised postcode, or None where no table here knows it."""
        return next((found for layer in self._loaded() if (found := layer.postcode(postcode))), None)

    def spot(self, longitude: float, latitude: float) -> Spot | None:
        """Return the place and area that hold the point, or None outside every place."""
        return next((found for layer in self._loaded() if (found := layer.spot(longitude, latitude))), None)

    def _loaded(self) -> tuple["_Layer", ...]:
        if self._layers is None:
            self._layers = tuple(_Layer(place) for place in self._places)
        return self._layers


class _Layer:
    """One place's areas and postcodes, ready to be asked."""

    def __init__(self, place: Place) -> None:
        areas = place.areas()
        self.place = place
        self.codes = [str(code) for code in areas.index]
        self.tree = STRtree(areas.geometry.to_numpy())
        self.out = transformer(place.crs, WIRE)
        self.into = transformer(WIRE, place.crs)
        table = place.postcodes()
        self.table = None if table is None else table.drop_duplicates("postcode").set_index("postcode")

    def postcode(self, postcode: str) -> PostcodePoint | None:
        if self.table is None or postcode not in self.table.index:
            return None
        row: Any = self.table.loc[postcode]
        quality = None if pd.isna(row["quality"]) else int(row["quality"])
        if quality in NO_LOCATION or pd.isna(row["x"]) or pd.isna(row["y"]):
            return None
        longitude, latitude = self.out.transform(float(row["x"]), float(row["y"]))
        told = "of the postcode" if quality is None else f"positional quality {quality}"
        ended = not pd.isna(row["terminated"]) and bool(row["terminated"])
        return PostcodePoint(round(longitude, 6), round(latitude, 6), told, ended)

    def spot(self, longitude: float, latitude: float) -> Spot | None:
        point = Point(self.into.transform(longitude, latitude))
        found = sorted(self.tree.query(point, predicate="intersects"))
        return Spot(self.place.name, self.codes[found[0]]) if found else None


@lru_cache(maxsize=16)
def transformer(source: str, target: str) -> Transformer:
    """Return the transformer between two CRS, x before y (longitude before latitude)."""
    return Transformer.from_crs(source, target, always_xy=True)


def locator(home: Path, place: str | None = None) -> Where:
    """Return what answers for one place, or for every place of the home where none is named.

    Raises GeoError where the home has no such place.
    """
    places = [find_place(home, place)] if place else list_places(home)
    return Locator(places) if places else Nowhere()


def points_in(place: Place, longitudes: Sequence[float], latitudes: Sequence[float]) -> "pd.Series[str]":
    """Return the code of the area that holds each point (degrees), indexed by position.

    Points outside the place are left out.
    """
    x, y = transformer(WIRE, place.crs).transform(list(longitudes), list(latitudes))
    areas = place.areas()
    points = gpd.points_from_xy(x, y)
    at, area = STRtree(areas.geometry.to_numpy()).query(points, predicate="intersects")
    codes = pd.Series([str(areas.index[number]) for number in area], index=at, dtype=object)
    return codes.sort_values().groupby(level=0).first() if len(codes) else codes
