"""Where an asset is: the point of a postcode, and the place and area that hold a point."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
from pyproj import Transformer
from shapely import Point, STRtree

from geo.addresses import Address, AddressService, address_service
from geo.crs import BRITISH_GRID, WIRE
from geo.local_tables import FOLDER, known_postcodes, uprn_points
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

    def spots(self, longitude: float, latitude: float) -> tuple[Spot, ...]:
        """Return every place that holds the point, with the area there; places may overlap."""

    def spot(self, longitude: float, latitude: float, place: str | None = None) -> Spot | None:
        """Return the place and area that hold the point: `place` where it is among several, else the first."""

    def neighbourhood(self, longitude: float, latitude: float) -> tuple[float, float] | None:
        """Return the middle of the LSOA that holds a point, in degrees, or None where no place here knows it."""

    def uprn(self, number: str) -> PostcodePoint | None:
        """Return the point of a property number (UPRN), or None where no table here knows it."""

    def address(self, text: str) -> Address | None:
        """Return what a geocoding service says of an address, or None where none is set up or it has none."""


class Nowhere:
    """The answer where no place is set up: no postcode is known, no point lies in a place."""

    def postcode(self, postcode: str) -> PostcodePoint | None:
        """Return None."""

    def spots(self, longitude: float, latitude: float) -> tuple[Spot, ...]:
        """Return none."""
        return ()

    def spot(self, longitude: float, latitude: float, place: str | None = None) -> Spot | None:
        """Return None."""

    def neighbourhood(self, longitude: float, latitude: float) -> tuple[float, float] | None:
        """Return None."""

    def uprn(self, number: str) -> PostcodePoint | None:
        """Return None."""

    def address(self, text: str) -> Address | None:
        """Return None."""


class Locator:
    """Answers from the postcode tables and areas of some places, the first that knows.

    With a `home`, its own tables of postcodes and property numbers are asked after the places'; with a
    `service`, addresses are asked there. Places are read when the first question is asked, once.
    """

    def __init__(
        self, places: Sequence[Place], home: Path | None = None, service: AddressService | None = None
    ) -> None:
        self._places = tuple(places)
        self._home = home
        self._service = service
        self._addresses: dict[str, Address | None] = {}
        self._layers: tuple[_Layer, ...] | None = None

    def postcode(self, postcode: str) -> PostcodePoint | None:
        """Return the point of a normalised postcode, or None where no table here knows it."""
        found = next((found for layer in self._loaded() if (found := layer.postcode(postcode))), None)
        return found or self._home_postcode(postcode)

    def _home_postcode(self, postcode: str) -> PostcodePoint | None:
        table = None if self._home is None else known_postcodes(self._home)
        if table is None or postcode not in table.index:
            return None
        return _postcode_point(table.loc[postcode], transformer(BRITISH_GRID, WIRE))

    def uprn(self, number: str) -> PostcodePoint | None:
        """Return the point of a property number (UPRN), or None where the home's table does not know it."""
        found = {} if self._home is None else uprn_points(self._home, [int(number)])
        if int(number) not in found:
            return None
        longitude, latitude = transformer(BRITISH_GRID, WIRE).transform(*found[int(number)])
        return PostcodePoint(
            round(longitude, 6), round(latitude, 6), "of the property (UPRN)", terminated=False
        )

    def address(self, text: str) -> Address | None:
        """Return what the geocoding service says of an address, each asked once."""
        if self._service is None:
            return None
        if text not in self._addresses:
            self._addresses[text] = self._service.find(text)
        return self._addresses[text]

    def spots(self, longitude: float, latitude: float) -> tuple[Spot, ...]:
        """Return every place that holds the point, in their order, with the area there; places may overlap."""
        return tuple(found for layer in self._loaded() if (found := layer.spot(longitude, latitude)))

    def spot(self, longitude: float, latitude: float, place: str | None = None) -> Spot | None:
        """Return the place and area that hold the point, or None outside every place.

        Where several do it is `place`, if that is one of them, else the first of them.
        """
        found = self.spots(longitude, latitude)
        return next((spot for spot in found if spot.place == place), next(iter(found), None))

    def neighbourhood(self, longitude: float, latitude: float) -> tuple[float, float] | None:
        """Return the middle of the LSOA that holds a point, in degrees, or None where no place here knows it.

        The middle is where the people of the LSOA live on average, so it says nothing of where in it the point lies.
        """
        layers = self._loaded()
        return next((found for layer in layers if (found := layer.neighbourhood(longitude, latitude))), None)

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
        self.middles = _middles(areas, place.level)
        table = place.postcodes()
        self.table = None if table is None else table.drop_duplicates("postcode").set_index("postcode")

    def postcode(self, postcode: str) -> PostcodePoint | None:
        if self.table is None or postcode not in self.table.index:
            return None
        return _postcode_point(self.table.loc[postcode], self.out)

    def spot(self, longitude: float, latitude: float) -> Spot | None:
        found = self._holding(longitude, latitude)
        return None if found is None else Spot(self.place.name, self.codes[found])

    def neighbourhood(self, longitude: float, latitude: float) -> tuple[float, float] | None:
        found = None if self.middles is None else self._holding(longitude, latitude)
        if self.middles is None or found is None:
            return None
        longitude, latitude = self.out.transform(*self.middles[found])
        return round(longitude, 6), round(latitude, 6)

    def _holding(self, longitude: float, latitude: float) -> int | None:
        point = Point(self.into.transform(longitude, latitude))
        return min(map(int, self.tree.query(point, predicate="intersects")), default=None)


def _middles(areas: gpd.GeoDataFrame, level: str) -> npt.NDArray[np.float64] | None:
    """Return for each area where the people of its LSOA live on average, in the place's CRS; None without LSOAs."""
    if level != "lsoa" and "lsoa" not in areas:
        return None
    lsoa = areas.index.to_numpy() if level == "lsoa" else areas["lsoa"].to_numpy()
    people = (
        areas["population"].astype("Float64").fillna(0.0).to_numpy(np.float64) + 1e-6
    )  # nobody anywhere: alike
    sums = pd.DataFrame({"x": areas["x"] * people, "y": areas["y"] * people, "people": people})
    sums = sums.groupby(lsoa, dropna=False).transform("sum")
    return np.asarray(sums[["x", "y"]].div(sums["people"], axis=0), dtype=np.float64)


def _postcode_point(row: Any, out: Transformer) -> PostcodePoint | None:
    """Return the point that a row of a postcode table gives, or None where it has none."""
    quality = None if pd.isna(row["quality"]) else int(row["quality"])
    if quality in NO_LOCATION or pd.isna(row["x"]) or pd.isna(row["y"]):
        return None
    longitude, latitude = out.transform(float(row["x"]), float(row["y"]))
    told = "of the postcode" if quality is None else f"positional quality {quality}"
    ended = not pd.isna(row["terminated"]) and bool(row["terminated"])
    return PostcodePoint(round(longitude, 6), round(latitude, 6), told, ended)


@lru_cache(maxsize=16)
def transformer(source: str, target: str) -> Transformer:
    """Return the transformer between two CRS, x before y (longitude before latitude)."""
    return Transformer.from_crs(source, target, always_xy=True)


def locator(home: Path, place: str | None = None) -> Where:
    """Return what answers for one place, or for every place of the home where none is named.

    The home's own tables (`geo.local_tables`) and the geocoding service of LARDER_GEOCODER, where one is
    set, answer after the places. Raises GeoError where the home has no such place.
    """
    places = [find_place(home, place)] if place else list_places(home)
    service = address_service()
    has_tables = (home / FOLDER).is_dir()
    return Locator(places, home, service) if places or has_tables or service else Nowhere()


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
