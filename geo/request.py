"""The request to add a place: which files, and what the asker allows."""

import re
from dataclasses import dataclass
from pathlib import Path

from geo.errors import GeoError
from geo.place import DEMO
from words.faults import Fault

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,40}")
_RASTER = re.compile(r"[a-z][a-z0-9_]{1,40}")
_VINTAGE = re.compile(r"(19|20)\d\d")


@dataclass(frozen=True)
class PlaceRequest:
    """What `larder place add` was asked: files as given, and what the asker allows."""

    name: str
    areas: Path
    code: str
    vintage: str = "2021"
    layer: str | None = None
    surroundings: Path | None = None
    surroundings_layer: str | None = None
    lookup: Path | None = None
    population: Path | None = None
    population_column: str | None = None
    indicators: tuple[Path, ...] = ()
    dictionary: Path | None = None
    postcodes: Path | None = None
    wards: Path | None = None
    wards_layer: str | None = None
    streets: Path | None = None
    scenery: Path | None = None
    terrain: Path | None = None
    rasters: tuple[tuple[str, Path], ...] = ()
    title: str = ""
    licence: str = ""
    fictional: bool = False
    mend: bool = False
    allow_missing: bool = False
    allow_holes: bool = False
    replace: bool = False

    def files(self) -> list[tuple[str, Path]]:
        """Return each file with its role, in the order they are read."""
        single = (
            "areas",
            "lookup",
            "population",
            "dictionary",
            "postcodes",
            "wards",
            "streets",
            "scenery",
            "terrain",
            "surroundings",
        )
        named = [(role, getattr(self, role)) for role in single if getattr(self, role) is not None]
        rasters = [(f"raster {name}", path) for name, path in self.rasters]
        return named[:3] + [("indicators", path) for path in self.indicators] + named[3:] + rasters


def check_request(request: PlaceRequest, home: Path) -> None:
    """Raise GeoError where the name, the vintage or a path is wrong, or the place is there already."""
    faults = []
    if not _NAME.fullmatch(request.name):
        faults.append(
            Fault(
                "A place's name is lower-case letters, digits, - and _.",
                "Such as new_town.",
                value=request.name,
            )
        )
    elif request.name == DEMO and not request.fictional:
        faults.append(
            Fault("The name demo is kept for the demo place.", "Choose another name.", value=request.name)
        )
    elif (home / "places" / request.name).exists() and not request.replace:
        faults.append(
            Fault(f"There is a place {request.name!r} already.", "Choose another name, or say --replace.")
        )
    if not _VINTAGE.fullmatch(request.vintage):
        faults.append(
            Fault(
                "A vintage is the year of the areas' census.",
                "Such as --vintage 2021.",
                value=request.vintage,
            )
        )
    faults += [
        Fault(f"There is no such file for the {role}.", "Check the path.", str(path))
        for role, path in request.files()
        if not path.exists()
    ]
    faults += _raster_name_faults([name for name, _ in request.rasters])
    if faults:
        raise GeoError(faults)


def _raster_name_faults(names: list[str]) -> list[Fault]:
    """Return what is wrong with the names by which recipes will ask for rasters."""
    faults = []
    for name in dict.fromkeys(names):
        if not _RASTER.fullmatch(name):
            cure = "Such as flood_depth: lower-case letters, digits and _."
            faults.append(Fault("This is not a name for a raster.", cure, value=name))
        elif name == "terrain":
            faults.append(
                Fault("The raster of heights has an option of its own.", "Use --terrain FILE.", value=name)
            )
        elif names.count(name) > 1:
            faults.append(Fault("Two rasters have this name.", "Name each differently.", value=name))
    return faults
