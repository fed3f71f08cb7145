"""A place: one folder that holds the areas of a town or district and what is known about them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from geo.errors import GeoError
from geo.whole_folder import recover

DEMO = "demo"
PLACES = "places"
RECORD = "place.json"
DATA_FILES = (
    "areas.parquet",
    "population.parquet",
    "indicators.parquet",
    "postcodes.parquet",
    "streets.parquet",
    "scenery.parquet",
    "wards.parquet",
    "terrain.tif",
    "surroundings.parquet",
    "surroundings_indicators.parquet",
)


@dataclass(frozen=True)
class Join:
    """How well one file's codes matched the areas: `share` is matched over areas, 0 to 1."""

    file: str
    role: str
    areas: int
    matched: int
    share: float
    column: str = ""
    unmatched: tuple[str, ...] = ()
    extra: int = 0

    def sentence(self) -> str:
        """Return the match rate in words, as it is printed."""
        return f"{self.role}: {self.matched} of {self.areas} areas matched, {_percent(self.share)}"


def _percent(share: float) -> str:
    """Return a share as a per cent that says 100.0 only when nothing is missing."""
    return f"{share:.1%}".replace("%", " %") if share == 1 else f"{min(share, 0.999):.1%}".replace("%", " %")


@dataclass(frozen=True)
class Place:
    """One place as it was added: its name, how its codes were checked, and the folder that holds its data.

    `level` is oa, lsoa, msoa, ward, district or area (codes of no known register); `vintage_status` is
    "checked" or "not checked"; `crs` is the metric CRS of every coordinate in the folder; `digest` is over
    the data files. `indicator_sources` maps each indicator column to at least the `file` it came from.
    """

    name: str
    title: str
    fictional: bool
    level: str
    vintage: str
    vintage_status: str
    crs: str
    folder: Path
    digest: str
    created_at: str = ""
    licence: str = ""
    files: tuple[Mapping[str, Any], ...] = ()
    joins: tuple[Join, ...] = ()
    notes: tuple[str, ...] = ()
    indicator_sources: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def areas(self) -> gpd.GeoDataFrame:
        """Return one row an area, indexed and sorted by `code`, in the place's CRS."""
        return gpd.read_parquet(self.folder / "areas.parquet").set_index("code")

    def population(self) -> pd.DataFrame | None:
        """Return people by area (`total`, and age bands where given), indexed by `code`, or None."""
        return self._table("population.parquet", "code")

    def indicators(self) -> pd.DataFrame:
        """Return the open indicators as floats, indexed by `code`; no columns where none were given."""
        table = self._table("indicators.parquet", "code")
        return pd.DataFrame(index=self.areas().index) if table is None else table

    def surroundings(self) -> gpd.GeoDataFrame:
        """Return the areas kept from beyond the border, indexed by `code`; no rows where none were given.

        Columns: population, x, y, geometry, and lsoa and msoa where all of such an area was kept. They are
        neighbours of the place's areas and never part of an answer.
        """
        layer = self._layer("surroundings.parquet")
        return self.areas().iloc[:0] if layer is None else layer.set_index("code")

    def surroundings_indicators(self) -> pd.DataFrame:
        """Return the open indicators of the surroundings as floats, indexed by `code`, NaN where not known."""
        table = self._table("surroundings_indicators.parquet", "code")
        return pd.DataFrame(index=self.surroundings().index) if table is None else table

    def postcodes(self) -> pd.DataFrame | None:
        """Return postcodes with x, y, quality, terminated and area, or None."""
        return self._table("postcodes.parquet", None)

    def streets(self) -> gpd.GeoDataFrame | None:
        """Return the street network, or None."""
        return self._layer("streets.parquet")

    def scenery(self) -> gpd.GeoDataFrame | None:
        """Return river, railway, roads and names of the place to draw, or None."""
        return self._layer("scenery.parquet")

    def wards(self) -> gpd.GeoDataFrame | None:
        """Return the wards (`code`, `name`, geometry), or None."""
        return self._layer("wards.parquet")

    def terrain(self) -> Path | None:
        """Return the path of the terrain raster, or None."""
        path = self.folder / "terrain.tif"
        return path if path.is_file() else None

    def rasters(self) -> list[str]:
        """Return the names of the rasters that the place was added with, `terrain` among them."""
        named = [path.stem for path in (self.folder / "rasters").glob("*.tif")]
        return sorted([*named, *(["terrain"] if self.terrain() else [])])

    def raster(self, name: str) -> Path | None:
        """Return the path of a raster by its name, or None where the place has none of that name."""
        if name == "terrain":
            return self.terrain()
        path = self.folder / "rasters" / f"{name}.tif"
        return path if path.is_file() else None

    def summary(self) -> dict[str, Any]:
        """Return the place as one JSON object with an `id`, for lists."""
        return {
            "id": self.name,
            "name": self.name,
            "title": self.title,
            "fictional": self.fictional,
            "level": self.level,
            "areas": self.files[0]["rows"] if self.files else None,
            "vintage": self.vintage,
            "vintage_status": self.vintage_status,
            "crs": self.crs,
            "created_at": self.created_at,
            "digest": self.digest,
        }

    def details(self) -> dict[str, Any]:
        """Return everything the place's record says, as one JSON object with an `id`."""
        record: dict[str, Any] = json.loads((self.folder / RECORD).read_text(encoding="utf-8"))
        return {"id": self.name, **self.summary(), **record}

    def sentences(self) -> list[str]:
        """Return what is known about the place in plain words, one sentence a line."""
        made_up = " It is fictional." if self.fictional else ""
        files = [f"  - {file['role']}: {file['name']}" for file in self.files]
        by_file: dict[str, list[str]] = {}
        for column, source in self.indicator_sources.items():
            by_file.setdefault(source["file"], []).append(column)
        columns = [f"  - {file} ({len(names)}): {', '.join(names)}" for file, names in by_file.items()]
        return [
            f"{self.title} ({self.name}), set up {self.created_at}.{made_up}",
            f"Areas: {self.level}, vintage {self.vintage} ({self.vintage_status}), {self.crs}.",
            f"Licence: {self.licence}",
            *(["Files:", *files] if files else []),
            *(
                ["Matches:", *(f"  - {join.sentence()} ({join.file})" for join in self.joins)]
                if self.joins
                else []
            ),
            *(["Indicators:", *columns] if columns else []),
            *(["Notes:", *(f"  - {note}" for note in self.notes)] if self.notes else []),
        ]

    def _table(self, file: str, index: str | None) -> pd.DataFrame | None:
        path = self.folder / file
        if not path.is_file():
            return None
        table = pd.read_parquet(path)
        return table.set_index(index) if index else table

    def _layer(self, file: str) -> gpd.GeoDataFrame | None:
        path = self.folder / file
        return gpd.read_parquet(path) if path.is_file() else None


def read_place(folder: Path) -> Place:
    """Read the place in `folder`; GeoError where the folder holds no readable place."""
    try:
        record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        return Place(
            name=record["name"],
            title=record["title"],
            fictional=record["fictional"],
            level=record["level"],
            vintage=record["vintage"],
            vintage_status=record["vintage_status"],
            crs=record["crs"],
            folder=folder,
            digest=record["digest"],
            created_at=record["created_at"],
            licence=record["licence"],
            files=tuple(record["files"]),
            joins=tuple(Join(**{**join, "unmatched": tuple(join["unmatched"])}) for join in record["joins"]),
            notes=tuple(record["notes"]),
            indicator_sources=record["indicators"],
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise GeoError(
            f"{folder} holds no place that can be read ({type(error).__name__}: {error}).",
            "Add it again with `larder place add … --replace`.",
        ) from error


def list_places(home: Path) -> list[Place]:
    """Return the places that have been set up under `home`, by name."""
    recover(home / PLACES)
    return [read_place(path.parent) for path in sorted((home / PLACES).glob(f"[!.]*/{RECORD}"))]


def find_place(home: Path, name: str) -> Place:
    """Return the place called `name`, setting the demo place up when it is asked for first.

    GeoError where there is none: it names the places there are.
    """
    if name == DEMO:
        # the demo place is made by the same code as `place add`, which itself reads places
        from geo.demo import ensure_demo  # noqa: PLC0415

        return ensure_demo(home)
    recover(home / PLACES)
    known = sorted({DEMO, *(path.parent.name for path in (home / PLACES).glob(f"[!.]*/{RECORD}"))})
    if name in known:
        return read_place(home / PLACES / name)
    close = get_close_matches(name.lower(), known, n=1)
    hint = f" Did you mean {close[0]!r}?" if close else ""
    raise GeoError(
        f"There is no place {name!r}.{hint}",
        f"The places here are: {', '.join(known)}. Another is added with `larder place add`.",
    )
