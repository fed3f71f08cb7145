"""The areas a question is asked of: a place's own, or the coarser ones that its lookup builds from them."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from bake.columns import PARENTS
from bake.errors import BakeError
from bake.recipe import Recipe
from bake.recipe_parts import IndexRisk
from bake.recipe_records import RecordsRisk
from bake.surfaces import with_surfaces
from geo.place import Place

NESTED = ("oa", "lsoa", "msoa")
"""Levels of which each nests in the next."""
POPULATION = "population"


@dataclass(frozen=True)
class Beyond:
    """Areas beyond the border, and the columns a recipe reads of them, by `code`: neighbours, never an answer."""

    areas: gpd.GeoDataFrame
    columns: pd.DataFrame


@dataclass(frozen=True)
class Ground:
    """The areas of one level and the columns a recipe reads of them, both indexed by `code`.

    `parent_of` gives for each of the place's own areas the code of the area of this level that holds it.
    `beyond` is what surrounds them at the same level; it has no rows where nothing is known of it.
    """

    level: str
    areas: gpd.GeoDataFrame
    columns: pd.DataFrame
    parent_of: pd.Series
    aggregated: bool
    beyond: Beyond

    @property
    def whole(self) -> gpd.GeoDataFrame:
        """Return outlines and points of the areas, and then of those beyond the border."""
        shown = ["x", "y", "geometry"]
        return pd.concat([self.areas[shown], self.beyond.areas[shown]])


def columns_read(recipe: Recipe) -> list[str]:
    """Return the columns that a recipe reads, each once; `population` is one where it is the denominator."""
    risk = recipe.risk
    if isinstance(risk, IndexRisk):
        return [item.column for item in risk.indicators]
    if isinstance(risk, RecordsRisk):
        return list(risk.deprivation)
    return [*risk.count, risk.denominator]


def at_level(recipe: Recipe, level: str) -> Recipe:
    """Return the recipe asked of another level; ways of asking at finer levels fall away.

    The text and its digest stay: it is the same question.

    :raises BakeError: there is no such level.
    """
    if level not in NESTED:
        raise BakeError(f"There is no level {level!r}.", f"Use one of {', '.join(NESTED)}.")
    if isinstance(recipe.risk, RecordsRisk) and level != "oa":
        raise BakeError(
            "A recipe from records is asked of output areas; larger areas are told beside them.",
            "Leave --level out.",
        )
    geography = recipe.geography.model_copy(update={"level": level})
    stability = recipe.hotspots.stability
    scales = [scale for scale in stability.scales if NESTED.index(scale) >= NESTED.index(level)]
    hotspots = recipe.hotspots.model_copy(
        update={"stability": stability.model_copy(update={"scales": scales})}
    )
    return recipe.model_copy(update={"geography": geography, "hotspots": hotspots})


def level_asked(recipe: Recipe, place: Place) -> str:
    """Return the level that a recipe means in this place: 'area' means the place's own, whatever they are."""
    return place.level if recipe.geography.level == "area" else recipe.geography.level


def has_level(place_level: str, areas: gpd.GeoDataFrame, level: str) -> bool:
    """Return whether a level can be had: the areas' own, or a coarser one whose code every area has."""
    if level == place_level:
        return True
    nested = level in NESTED and place_level in NESTED and NESTED.index(level) > NESTED.index(place_level)
    return nested and level in areas.columns and bool(areas[level].notna().all())


def own_ground(recipe: Recipe, place: Place) -> Ground:
    """Return the place's own areas with the columns that a recipe reads."""
    areas, around = place.areas(), place.surroundings()
    table = with_surfaces(recipe, place)
    if POPULATION in areas.columns:
        table = table.assign(population=pd.concat([_people(areas), _people(around)]))
    columns = table[columns_read(recipe)].astype("float64")
    beyond = Beyond(around, columns.loc[around.index])
    codes = pd.Series(areas.index, index=areas.index)
    return Ground(place.level, areas, columns.loc[areas.index], codes, aggregated=False, beyond=beyond)


def _people(areas: gpd.GeoDataFrame) -> pd.Series:
    return areas[POPULATION].astype("Float64").astype("float64")


def coarser(ground: Ground, level: str, recipe: Recipe) -> Ground:
    """Return the areas of a coarser level, with counts added up and per cents weighted by population.

    An area of which any part misses a number misses it as a whole: a sum over the rest would be too small.
    Of what surrounds them the areas are taken that are known whole.

    :param ground: the place's own areas, with the level's codes in the column of its name.
    :param level: 'lsoa' or 'msoa'.
    :param recipe: says whether the columns are counts (a rate) or per cents (an index).
    """
    areas, columns = _put_together(ground.areas, ground.columns, level, recipe)
    around = ground.beyond.areas
    known = around[around[level].notna()] if level in around.columns else around.iloc[:0]
    beyond = Beyond(*_put_together(known, ground.beyond.columns.loc[known.index], level, recipe))
    return Ground(level, areas, columns, ground.areas[level], aggregated=True, beyond=beyond)


def _put_together(
    fine: gpd.GeoDataFrame, table: pd.DataFrame, level: str, recipe: Recipe
) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    if fine.empty:  # nothing has no outline to dissolve
        return fine, table
    parents, people = fine[level], _people(fine)
    areas = _dissolved(fine, parents, level, people)
    index = isinstance(recipe.risk, IndexRisk)
    columns = _weighted(table, people, parents) if index else _summed(table, parents)
    return areas, columns.reindex(areas.index)


def _summed(table: pd.DataFrame, parents: pd.Series) -> pd.DataFrame:
    whole = table.notna().groupby(parents).all()
    return table.groupby(parents).sum().where(whole)


def _weighted(table: pd.DataFrame, people: pd.Series, parents: pd.Series) -> pd.DataFrame:
    total = _summed(people.to_frame("people"), parents)["people"]
    return _summed(table.mul(people, axis=0), parents).div(total.where(total > 0), axis=0)


def _dissolved(
    areas: gpd.GeoDataFrame, parents: pd.Series, level: str, people: pd.Series
) -> gpd.GeoDataFrame:
    groups = areas.groupby(parents)
    shapes = areas.geometry.groupby(parents).apply(lambda parts: parts.union_all())
    found = gpd.GeoDataFrame(geometry=gpd.GeoSeries(shapes, crs=areas.crs), crs=areas.crs)
    found.index.name = "code"
    named = f"{level}_name"
    found["name"] = groups[named].first() if named in areas.columns else found.index
    for column in PARENTS:
        # A ward that cuts across an LSOA is no property of that LSOA: it is left out rather than guessed.
        if column in areas.columns and bool((groups[column].nunique(dropna=False) == 1).all()):
            found[column] = groups[column].first()
    found[POPULATION] = _summed(people.to_frame("people"), parents)["people"]
    centres = _centres(areas[["x", "y"]], people, parents)
    found["x"], found["y"] = centres["x"], centres["y"]
    return found.sort_index()


def _centres(points: pd.DataFrame, people: pd.Series, parents: pd.Series) -> pd.DataFrame:
    weighted = _weighted(points, people, parents)
    return weighted.where(np.isfinite(weighted), points.groupby(parents).mean())
