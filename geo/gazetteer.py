"""The gazetteer of a place: what somebody types into "Find", and the areas it means."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyproj

from geo.crs import WIRE
from geo.geocode import geocode, looks_like_postcode, postcode_location
from geo.place import Place, read_place
from geo.postcodes import normalise

LIMIT = 20
_KINDS = ("ward", "msoa", "lsoa", "district")
_OUTWARD = re.compile(r"[a-z]{1,2}\d[a-z\d]?")


@dataclass(frozen=True)
class Match:
    """Something found by its name: its kind, its label, the areas it covers and its middle in degrees."""

    kind: str
    label: str
    codes: tuple[str, ...]
    longitude: float | None
    latitude: float | None
    note: str = ""


@dataclass(frozen=True)
class _Entry:
    kind: str
    label: str
    codes: tuple[str, ...]


class Gazetteer:
    """Every name and code of a place, ready to be searched."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self._areas = place.areas()
        self._postcodes = place.postcodes()
        self._entries: dict[str, list[_Entry]] = {}
        for key, entry in _entries(self._areas):
            self._entries.setdefault(key, []).append(entry)
        self._out = pyproj.Transformer.from_crs(place.crs, WIRE, always_xy=True)

    def locate(self, text: str) -> list[Match]:
        """Return what the text may mean, best first: a postcode, coordinates, or names and codes of areas.

        Upper and lower case, spaces, punctuation and accents do not matter. Exact names come before names
        that begin so, those before names that hold the text, and close spellings come only where nothing
        else is found. An empty list means that nothing is.
        """
        key = fold(text)
        if not key:
            return []
        special = self._postcode(text) or self._coordinates(text) or self._district(key)
        return special or [self._match(entry) for entry in self._search(key)][:LIMIT]

    def _postcode(self, text: str) -> list[Match]:
        postcode = normalise(text)
        if postcode is None or self._postcodes is None:
            return []
        row = self._postcodes[self._postcodes["postcode"] == postcode]
        if row.empty:
            return []
        found = postcode_location(postcode, row.iloc[0], self.place)
        codes = (found.area,) if found.area else ()
        return [Match("postcode", postcode, codes, found.longitude, found.latitude, found.note)]

    def _coordinates(self, text: str) -> list[Match]:
        if looks_like_postcode(text) or not re.match(r"\s*[+-]?\d", text):
            return []
        found = geocode(text, self.place)
        if found.method == "postcode" or found.area is None:
            return []
        return [Match("point", text.strip(), (found.area,), found.longitude, found.latitude, found.note)]

    def _district(self, key: str) -> list[Match]:
        """Return the areas that hold postcodes of a postcode district such as SS15."""
        if self._postcodes is None or not _OUTWARD.fullmatch(key):
            return []
        outward = self._postcodes["postcode"].str.split(" ").str[0]
        codes = sorted(self._postcodes["area"][outward == key.upper()].dropna().unique())
        return [self._match(_Entry("postcode district", key.upper(), tuple(codes)))] if codes else []

    def _search(self, key: str) -> Iterator[_Entry]:
        keys = list(self._entries)
        exact = [key] if key in self._entries else []
        begins = sorted(other for other in keys if other.startswith(key) and other != key)
        holds = sorted(other for other in keys if len(key) > 2 and key in other and not other.startswith(key))
        found = [*exact, *begins, *holds] or get_close_matches(key, keys, n=3, cutoff=0.75)
        for one in found:
            yield from self._entries[one]

    def _match(self, entry: _Entry) -> Match:
        rows = self._areas.loc[list(entry.codes)]
        longitude, latitude = self._out.transform(float(rows["x"].mean()), float(rows["y"].mean()))
        return Match(entry.kind, entry.label, entry.codes, longitude, latitude)


def fold(text: str) -> str:
    """Return a text with case, accents, spaces and punctuation taken away, for comparing.

    >>> fold("Harrow-Field  B3")
    'harrowfieldb3'
    """
    plain = unicodedata.normalize("NFKD", text).casefold()
    return re.sub(r"[^a-z0-9]", "", plain)


def locate(text: str, place: Place) -> list[Match]:
    """Return what a typed text means in a place, best first; see `Gazetteer.locate`."""
    return _gazetteer(place.folder, place.digest).locate(text)


@lru_cache(maxsize=4)
def _gazetteer(folder: Path, digest: str) -> Gazetteer:
    """Return the gazetteer of the place in a folder; the digest makes a replaced place a new one."""
    place = read_place(folder)
    return Gazetteer(place)


def _entries(areas: gpd.GeoDataFrame) -> Iterator[tuple[str, _Entry]]:
    """Yield each name and code with what it stands for: larger areas first, then the areas themselves."""
    for kind in _KINDS:
        if kind not in areas.columns:
            continue
        for code, members in areas.groupby(kind, sort=True):
            name = members[f"{kind}_name"].iloc[0] if f"{kind}_name" in areas.columns else None
            label = name if isinstance(name, str) else str(code)
            entry = _Entry(kind, label, tuple(str(member) for member in members.index))
            yield fold(str(code)), entry
            if fold(label) != fold(str(code)):
                yield fold(label), entry
    for code, name in areas["name"].items():
        label = name if isinstance(name, str) and not pd.isna(name) else str(code)
        entry = _Entry("area", label, (str(code),))
        yield fold(str(code)), entry
        if fold(label) != fold(str(code)):
            yield fold(label), entry
