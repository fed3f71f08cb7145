"""The pipeline: a recipe and a place in, a published run out."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import geopandas as gpd
import pandas as pd

from bake.answers import Answers, answer
from bake.checks import fit
from bake.clusters import Clusters, clusters, moran_of_columns, whole_map
from bake.columns import COLUMNS
from bake.errors import BakeError
from bake.garbage import of_this_alone
from bake.levels import POPULATION, Ground, coarser, level_asked, own_ground
from bake.manifest import indicator_rows, manifest, record
from bake.neighbourhood import neighbour_decisions, neighbourhood
from bake.recipe import Recipe
from bake.recipe_parts import IndexRisk
from bake.recipe_records import RecordsRisk
from bake.runs import Run, publish
from bake.stages import Say, quiet
from bake.steadiness import Steadiness, steadiness
from bake.surfaces import surface_decisions
from geo.adjacency import Adjacency
from geo.place import Place
from words.faults import Fault


@dataclass(frozen=True)
class Records:
    """Where agencies' extracts lie (unset: `home`/extracts/PLACE), and on which engine they are linked."""

    extracts: Path | None = None
    engine: Literal["duckdb", "spark"] = "duckdb"


def bake(
    recipe: Recipe, place: Place, home: Path, progress: Say = quiet, records: Records | None = None
) -> Run:
    """Answer a recipe's question for every area of a place, and publish the answer as a run.

    Everything that can be checked is checked first; then values, neighbours, clusters, stability, bands. The
    same recipe, place and seed give the same bytes of `areas.parquet`.

    :param recipe: the question.
    :param place: the areas, their population and indicators.
    :param home: the folder under which `runs` lies.
    :param progress: called with a sentence before each step.
    :param records: for a recipe that reads agencies' records.
    :returns: the run, as published.
    :raises BakeError: every reason why the recipe does not fit the place, at once; nothing is published.
    """
    progress(f"Checking {recipe.id} against {place.title}.")
    if faults := [*_unused(recipe, records), *fit(recipe, place)]:
        raise BakeError(faults)
    if isinstance(recipe.risk, RecordsRisk):
        return _from_records(recipe, place, home, progress, records or Records())
    return _from_open_data(recipe, place, home, progress)


def _unused(recipe: Recipe, records: Records | None) -> list[Fault]:
    """Return what was said of agencies' extracts to a recipe that reads none: it would have no effect."""
    if isinstance(recipe.risk, RecordsRisk) or records is None:
        return []
    what, cure = (
        f"{recipe.id} reads no records: ",
        "Leave it out, or name a recipe with risk.kind = 'records'.",
    )
    faults = []
    if records.extracts is not None:
        faults.append(Fault(f"{what}--extracts would change nothing.", cure, value=str(records.extracts)))
    if records.engine != Records.engine:
        faults.append(Fault(f"{what}--engine would change nothing.", cure, value=records.engine))
    return faults


def _from_records(recipe: Recipe, place: Place, home: Path, progress: Say, records: Records) -> Run:
    # linkage, features and models take seconds to load, which a recipe of published numbers need not wait for
    from bake.records import bake_records, extracts_of  # noqa: PLC0415
    from risk.unforeseen import quoting_nothing  # noqa: PLC0415

    folder = records.extracts or extracts_of(home, place.name, progress)
    with quoting_nothing(), of_this_alone():
        return bake_records(recipe, place, home, extracts=folder, engine=records.engine, say=progress)


def _from_open_data(recipe: Recipe, place: Place, home: Path, progress: Say) -> Run:
    ground = _ground(recipe, place)
    progress(f"Working out the answers of {len(ground.areas)} areas.")
    answers = answer(recipe, ground)
    progress(f"Finding neighbours ({recipe.hotspots.neighbours}) and clusters.")
    hood = neighbourhood(ground, recipe.hotspots.neighbours)
    found = clusters(answers, hood.whole, recipe.hotspots)
    steady = steadiness(recipe, ground, answers, found, progress)
    areas = _assembled(ground, answers, found, steady)
    decisions = [
        *_ground_decisions(recipe, place, ground),
        *surface_decisions(recipe, place),
        *answers.decisions,
        *neighbour_decisions(ground, answers, hood),
        *found.decisions,
        *steady.decisions,
    ]
    progress("Publishing the run.")
    told = _told(recipe, place, ground, areas, adjacency=hood.within, decisions=decisions, steady=steady)
    run = publish(home, areas, told, record(recipe, place))
    progress(f"Baked {run.id}: {_outcome(areas)}")
    return run


def _ground(recipe: Recipe, place: Place) -> Ground:
    own, level = own_ground(recipe, place), level_asked(recipe, place)
    return own if level == place.level else coarser(own, level, recipe)


def _assembled(ground: Ground, answers: Answers, found: Clusters, steady: Steadiness) -> gpd.GeoDataFrame:
    kept = [name for name in ground.areas.columns if name in COLUMNS]
    areas = ground.areas[kept]
    if POPULATION not in kept:
        areas = areas.assign(population=pd.NA)
    joined = areas.join([answers.table.drop(columns="status"), found.table, steady.table])
    return gpd.GeoDataFrame(joined, geometry="geometry", crs=ground.areas.crs)


def _told(
    recipe: Recipe,
    place: Place,
    ground: Ground,
    areas: gpd.GeoDataFrame,
    *,
    adjacency: Adjacency,
    decisions: list[str],
    steady: Steadiness,
) -> dict[str, Any]:
    moran_i = moran_of_columns(ground.columns, adjacency)
    return manifest(
        recipe,
        place,
        areas,
        moran=whole_map(areas["value"], adjacency),
        indicators=indicator_rows(recipe, ground, place, moran_i),
        decisions=decisions,
        settings={
            **recipe.hotspots.model_dump(mode="json"),
            "grid": steady.settings,
            "disagree": steady.disagree,
        },
    )


def _ground_decisions(recipe: Recipe, place: Place, ground: Ground) -> list[str]:
    told = [f"{len(ground.areas)} areas of {place.title}, level {ground.level}, codes of {place.vintage}."]
    if place.vintage_status != "checked":
        told.append("The vintage of the codes was not checked: the place was added without a lookup.")
    if ground.aggregated:
        how = "per cents weighted by population" if isinstance(recipe.risk, IndexRisk) else "counts added up"
        told.append(
            f"The place's {ground.parent_of.size} areas were put together to {ground.level}: {how}; an area "
            "of which a part misses a number misses it as a whole."
        )
        told += _surroundings_decisions(place, ground)
    return told


def _surroundings_decisions(place: Place, ground: Ground) -> list[str]:
    """Return what became of the surroundings at a coarser level, where the place has any."""
    around = len(place.surroundings())
    if not around:
        return []
    whole = len(ground.beyond.areas)
    found = f"{whole} {ground.level} could be put together whole" if whole else "they are left out"
    return [
        f"Of the {around} areas of the surroundings {found}: the others reach too far, or no lookup knows them."
    ]


def _outcome(areas: gpd.GeoDataFrame) -> str:
    signs = areas["sign"].value_counts()
    return (
        f"{int(signs.get('firm', 0))} areas firm, {int(signs.get('suggestive', 0))} suggestive, "
        f"{int(signs.get('not assessed', 0))} not assessed, of {len(areas)}."
    )
