"""Every cache of the app. Keys are small: a folder that never changes, a digest, frozen filters; never a frame.

What is kept is shared between visitors: nobody may change it. A run's folder never changes once it is there, and a
place's digest changes with its data, so nothing here needs a time limit; the oldest entries make room.
"""

from pathlib import Path

import geopandas as gpd
import pandas as pd
import streamlit as st
from sqlalchemy import func, select

from assets.find import find_assets
from assets.locate import Where, locator
from assets.schema import AssetRow
from bake.agencies import AGENCIES, DRIVERS
from bake.compare import Comparison, across, change
from bake.release import is_served
from bake.runs import COUNTS, OUTLOOK, Run, list_runs, read_run
from coproduce.reach import located
from geo.crs import WIRE
from geo.local_tables import FOLDER as TABLES
from geo.place import Place, list_places, read_place
from store.session import reading
from ui import account, deck, gatedmap, rows, scenery, sides
from ui.overview import Tables
from ui.payload import Hosted, host
from ui.register import Shelf
from ui.state import View


def stamp(folder: Path) -> int:
    """Return when something was last put into or taken out of a folder, in nanoseconds; 0 where there is none."""
    return folder.stat().st_mtime_ns if folder.is_dir() else 0


def places(home: Path) -> list[Place]:
    """Return the places; read again when one was added or replaced."""
    return _places(str(home), stamp(home / "places"))


def runs(home: Path) -> list[Run]:
    """Return the runs that whoever is here may see, newest first; read again when one was baked or released."""
    return _runs(str(home), stamp(home / "runs"), account.may_see_drafts())


def runs_for_anyone(home: Path) -> list[Run]:
    """Return the runs that everybody may see, newest first: for what is made ready before anybody is here."""
    return _runs(str(home), stamp(home / "runs"), False)


@st.cache_resource(max_entries=4, show_spinner=False)
def _places(home: str, mark: int) -> list[Place]:
    return list_places(Path(home))


@st.cache_resource(max_entries=4, show_spinner=False)
def _runs(home: str, mark: int, drafts: bool) -> list[Run]:
    return [run for run in list_runs(Path(home)) if is_served(run, beyond_loopback=not drafts)]


def where(home: Path) -> Where:
    """Return what knows postcodes and which area holds a point; read again when a place or a table was put in."""
    return _where(str(home), tuple(place.digest for place in places(home)), stamp(home / TABLES))


@st.cache_resource(max_entries=2, show_spinner=False)
def _where(home: str, digests: tuple[str, ...], tables: int) -> Where:
    return locator(Path(home))


@st.cache_resource(max_entries=8, show_spinner="Reading the areas …")
def areas(run_folder: str) -> gpd.GeoDataFrame:
    """Return a run's areas in metres, simplified for the screen."""
    return deck.drawable(Run(Path(run_folder), {}).areas())


@st.cache_resource(max_entries=8, show_spinner=False)
def larger(run_folder: str) -> pd.DataFrame | None:
    """Return what the gate let through of larger areas, pooled, indexed by code; None for a run of open data."""
    path = Path(run_folder) / COUNTS
    if not path.is_file():
        return None
    table = pd.read_parquet(path)
    pooled = table[table["period"] == max(table["period"].unique(), key=len)]
    return pooled[pooled["level"] != "ward"].set_index("code")


@st.cache_resource(max_entries=8, show_spinner="Reading what agencies say …")
def tables(run_folder: str) -> Tables:
    """Return the released tables of a run from records; one that was baked before there were some has them empty."""
    read = {name: Path(run_folder) / name for name in (COUNTS, OUTLOOK, AGENCIES, DRIVERS)}
    frames = {name: pd.read_parquet(path) if path.is_file() else None for name, path in read.items()}
    counts, outlook = frames[COUNTS], frames[OUTLOOK]
    assert counts is not None
    assert outlook is not None
    agencies, drivers = frames[AGENCIES], frames[DRIVERS]
    return Tables(
        areas(run_folder),
        counts,
        outlook,
        pd.DataFrame(columns=["agency", "fact", "code", "period"]) if agencies is None else agencies,
        pd.DataFrame(columns=["fact", "level", "code", "side"]) if drivers is None else drivers,
    )


@st.cache_resource(max_entries=8, show_spinner=False)
def in_degrees(run_folder: str) -> gpd.GeoSeries:
    """Return the shapes of a run's areas in EPSG:4326, indexed by code.

    Kept because a transformation between coordinate systems is set up anew in each thread, and each click is one.
    """
    return areas(run_folder).geometry.to_crs(WIRE)


@st.cache_resource(max_entries=32, show_spinner="Drawing the map …")
def area_layers(
    run_folder: str,
    signs: tuple[str, ...],
    bands: tuple[int, ...],
    wards: tuple[str, ...],
    layer: str = "observed",
) -> tuple[list[Hosted], list[Hosted]]:
    """Return the layers of areas, for one run, one set of filters and one thing shown: the ground, and the outlines."""
    frame, around = areas(run_folder), larger(run_folder)
    shown = rows.shown(frame, View(signs=signs, bands=bands, wards=wards)).tolist()
    if around is None:
        ground, lines = deck.ground_layers(frame, shown), deck.outline_layers(frame, shown)
    else:
        ground, lines = gatedmap.layers(frame, shown, layer, around)
    return [host(one) for one in ground], [host(one) for one in lines]


@st.cache_resource(max_entries=8, show_spinner=False)
def scenery_layers(place_folder: str, digest: str) -> tuple[list[Hosted], list[str]]:
    """Return the layers of a place's scenery, its lines and its names; `digest` is the place's."""
    drawn = read_place(Path(place_folder)).scenery()
    if drawn is None:
        return [], []
    return [host(layer) for layer in scenery.line_layers(drawn)], [deck.compact(scenery.name_layer(drawn))]


@st.cache_resource(max_entries=8, show_spinner=False)
def area_names(place_folder: str, digest: str) -> dict[str, str]:
    """Return the name of each area of a place by its code; `digest` is the place's."""
    names = read_place(Path(place_folder)).areas()["name"]
    return {str(code): str(name) for code, name in names.items()}


def shelf(home: Path, place: Place) -> Shelf:
    """Return the accepted assets of a place as the register has them now; read again when anything in it changed."""
    with reading(home) as session:
        mark = session.execute(select(func.count(AssetRow.id), func.max(AssetRow.updated_at))).one()
    return _shelf(str(home), str(place.folder), place.digest, str(tuple(mark)))


@st.cache_resource(max_entries=8, show_spinner=False)
def _shelf(home: str, place_folder: str, digest: str, mark: str) -> Shelf:
    place = read_place(Path(place_folder))
    found = [asset for asset in find_assets(Path(home), place, "accepted") if asset.longitude is not None]
    return Shelf(tuple(found), tuple(located(found, place.crs)))


@st.cache_resource(max_entries=64, show_spinner=False)
def table(
    run_folder: str, signs: tuple[str, ...], bands: tuple[int, ...], wards: tuple[str, ...], pinned: str
) -> pd.DataFrame:
    """Return the rows of the table for one run, one set of filters and the area that comes first."""
    frame = areas(run_folder)
    inside = frame[rows.shown(frame, View(signs=signs, bands=bands, wards=wards))]
    return rows.table_rows(inside, pinned, larger(run_folder))


def comparison(home: Path, first: Run, second: Run) -> Comparison:
    """Return what two runs say of the same areas, given in the order of `ui.runs.in_order`."""
    return _comparison(str(home), first.id, second.id)


@st.cache_resource(max_entries=16, show_spinner="Comparing the runs …")
def _comparison(home: str, first: str, second: str) -> Comparison:
    one, other = read_run(Path(home), first), read_run(Path(home), second)
    return change(one, other) if one.manifest["level"] == other.manifest["level"] else across(one, other)


def side_layers(home: Path, first: Run, second: Run) -> tuple[list[Hosted], list[Hosted]]:
    """Return the layers of the two maps of a comparison."""
    across_levels = first.manifest["level"] != second.manifest["level"]
    holder = str(second.manifest["level"]) if across_levels else ""
    return _side_layers(str(home), str(first.folder), str(second.folder), holder)


@st.cache_resource(max_entries=32, show_spinner="Drawing the maps …")
def _side_layers(home: str, first: str, second: str, holder: str) -> tuple[list[Hosted], list[Hosted]]:
    table = _comparison(home, Path(first).name, Path(second).name).table
    compared = areas(first)
    return (
        [host(layer) for layer in sides.layers(compared, compared, table, "first")],
        [host(layer) for layer in sides.layers(compared, areas(second), table, "second", holder)],
    )
