"""The demo place: a fictional town that is always known, set up by the same code as any place from files."""

from collections.abc import Callable
from pathlib import Path

from geo.errors import GeoError
from geo.folder import sha256
from geo.place import DEMO, RECORD, Place, read_place
from geo.placing import PlaceRequest, place_add
from words.faults import Fault

FILES = Path(__file__).resolve().parent.parent / "data" / "boundaries" / "demo"
TITLE = "Marshwick"
LICENCE = "A fictional town, made by the script beside its files: free for any use (CC0 1.0)."


def ensure_demo(home: Path, say: Callable[[str], None] = lambda _: None) -> Place:
    """Return the demo place of `home`, set up there first if it is absent, broken or made from other files.

    GeoError where the project's own files of it are missing or damaged.
    """
    request = demo_request(FILES)
    current = _current(home / "places" / DEMO, request)
    return current if current is not None else place_add(request, home, say)


def demo_request(files: Path) -> PlaceRequest:
    """Return the request that sets the demo place up from a folder of its files."""
    if not (files / "areas.parquet").is_file():
        raise GeoError(
            [Fault("The files of the demo place are missing.", "Check the project out again.", str(files))]
        )
    return PlaceRequest(
        name=DEMO,
        title=TITLE,
        licence=LICENCE,
        fictional=True,
        replace=True,
        vintage="2021",
        areas=files / "areas.parquet",
        code="code",
        lookup=files / "lookup.csv",
        population=files / "population.csv",
        population_column="total",
        indicators=(files / "indicators.csv", files / "household_counts.csv"),
        dictionary=_optional(files / "indicator_dictionary.csv"),
        postcodes=files / "postcodes.csv",
        wards=files / "wards.parquet",
        streets=_optional(files / "streets.parquet"),
        scenery=_optional(files / "scenery.parquet"),
        terrain=_optional(files / "terrain.tif"),
    )


def _optional(path: Path) -> Path | None:
    return path if path.is_file() else None


def _current(folder: Path, request: PlaceRequest) -> Place | None:
    """Return the place in `folder` if it was made from these very files, or None."""
    if not (folder / RECORD).is_file():
        return None
    try:
        place = read_place(folder)
    except GeoError:
        return None
    made_from = [(file["role"], file["sha256"]) for file in place.files]
    return place if made_from == [(role, sha256(path)) for role, path in request.files()] else None
