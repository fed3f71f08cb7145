"""Whether a recipe fits a place: everything that can be known before anything is computed."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from difflib import get_close_matches

import geopandas as gpd
import pandas as pd

from bake.asking import names_faults
from bake.levels import NESTED, POPULATION, columns_read, has_level, level_asked
from bake.recipe import Recipe
from bake.recipe_parts import IndexRisk, RateRisk
from bake.recipe_records import RecordsRisk
from bake.surfaces import surfaces_read, with_surfaces
from geo.errors import GeoError
from geo.neighbours import parse
from geo.place import Place
from words.faults import Fault


def fit(recipe: Recipe, place: Place) -> list[Fault]:
    """Return every reason why this recipe cannot be baked for this place; none if it can.

    :param recipe: what is asked.
    :param place: of which areas.
    :returns: faults that name the recipe's file or the place's, the column, the value and the cure.
    """
    try:
        table = with_surfaces(recipe, place)
    except GeoError as error:  # a raster that is absent or wrong; the rest is known without it
        surfaces = {item.column for item in surfaces_read(recipe)}
        faults = [replace(fault, file=fault.file or recipe.file) for fault in error.faults]
        return faults + _absent_columns(recipe, place, place.indicators(), surfaces)
    areas = place.areas()
    if isinstance(recipe.risk, RecordsRisk):
        lacking = _records_faults(recipe, place, areas) + _absent_columns(recipe, place, table)
        return lacking + names_faults(recipe.risk, recipe.file)
    coarsened = level_asked(recipe, place) != place.level
    faults = _level_faults(recipe, place, areas) + _neighbour_faults(recipe, place, areas)
    faults += _absent_columns(recipe, place, table)
    if (coarsened and isinstance(recipe.risk, IndexRisk)) or POPULATION in columns_read(recipe):
        faults += _population_faults(recipe, place, areas)
    people = pd.concat([areas, place.surroundings()]).get(POPULATION)
    every = table.assign(**{POPULATION: people})
    if isinstance(recipe.risk, IndexRisk):
        faults += _index_faults(recipe.risk, every.loc[areas.index], place, coarsened)
        faults += _rank_faults(recipe.risk, every, place)
    else:
        faults += _rate_faults(recipe.risk, every.loc[areas.index], place)
        faults += _count_faults(recipe.risk, every, place)
    return faults


def _records_faults(recipe: Recipe, place: Place, areas: gpd.GeoDataFrame) -> list[Fault]:
    """Return what a place lacks so that persons can be placed in it and figures of them told safely."""
    faults = _level_faults(recipe, place, areas) + _neighbour_faults(recipe, place, areas)
    faults += _population_faults(recipe, place, areas)
    faults += [
        Fault(
            f"The areas of {place.name!r} do not all have their {level}, in which figures of records are told.",
            "Add the place with --lookup FILE.",
            file=f"place {place.name}",
            column=level,
        )
        for level in ("lsoa", "msoa", "district")
        if level not in areas.columns or areas[level].isna().any()
    ]
    if place.postcodes() is None:
        cure = "Add the place with --postcodes FILE."
        faults.append(Fault(f"The place {place.name!r} has no postcodes to place records by.", cure))
    return faults


def near_names(name: str, known: Iterable[object]) -> str:
    """Return the cure for a name that is not known: the nearest ones, or how to see them all."""
    near = get_close_matches(name, [str(one) for one in known], n=3, cutoff=0.6)
    return f"Nearest: {', '.join(repr(one) for one in near)}." if near else ""


def _level_faults(recipe: Recipe, place: Place, areas: gpd.GeoDataFrame) -> list[Fault]:
    asked = level_asked(recipe, place)
    if has_level(place.level, areas, asked):
        return []
    what = f"key geography.level asks for {asked}, but the areas of {place.name!r} are {place.level}."
    coarser = asked in NESTED and place.level in NESTED and NESTED.index(asked) > NESTED.index(place.level)
    given = f"Add the place with a lookup that gives every area its {asked}."
    cure = given if coarser else f"Ask at {place.level}, or bake another place."
    return [Fault(what, cure, file=recipe.file, value=asked)]


def _neighbour_faults(recipe: Recipe, place: Place, areas: gpd.GeoDataFrame) -> list[Fault]:
    rule = parse(recipe.hotspots.neighbours)
    asked = level_asked(recipe, place)
    count = len(areas) if asked == place.level else areas.get(asked, areas.index.to_series()).nunique()
    if rule.kind != "knn" or rule.size < count:
        return []
    what = f"key hotspots.neighbours asks for {rule.size:g} neighbours of each area, of {count} areas in all."
    return [Fault(what, f"Ask for at most {count - 1}.", file=recipe.file, value=str(rule))]


def _absent_columns(
    recipe: Recipe, place: Place, table: pd.DataFrame, others: Collection[str] = ()
) -> list[Fault]:
    known = {POPULATION, *others, *table.columns}
    absent = [name for name in columns_read(recipe) if name not in known]
    cure = f"`larder place show {place.name}` lists the columns it has ({table.shape[1]})."
    return [
        Fault(
            f"The indicators of the place {place.name!r} have no such column.",
            f"{near_names(name, table.columns)} {cure}".strip(),
            file=recipe.file,
            column=name,
        )
        for name in absent
    ]


def _population_faults(recipe: Recipe, place: Place, areas: pd.DataFrame) -> list[Fault]:
    if POPULATION in areas.columns and areas[POPULATION].notna().any():
        return []
    what = f"The place {place.name!r} has no population, which this recipe needs."
    return [Fault(what, "Add the place with --population FILE.", file=recipe.file, column=POPULATION)]


def _index_faults(risk: IndexRisk, table: pd.DataFrame, place: Place, coarsened: bool) -> list[Fault]:
    faults = []
    for item in risk.indicators:
        if item.column not in table.columns:
            continue
        values = table[item.column].astype("float64")
        if coarsened and item.transform == "exponential_rank":
            what = "A rank of finer areas cannot be averaged into a rank of coarser ones."
            faults.append(_fault(what, "Use a place whose areas were ranked.", place, item.column, values))
        if values.nunique() == 0:
            faults.append(_fault("Every value is missing.", "Leave it out.", place, item.column))
        elif values.nunique() == 1 and item.transform == "zscore":
            what = "Every area has the same value, so it cannot be standardised."
            cure = "Leave the indicator out, or use transform = 'none'."
            faults.append(_fault(what, cure, place, item.column, values))
    return faults


def _rank_faults(risk: IndexRisk, table: pd.DataFrame, place: Place) -> list[Fault]:
    """Return the columns of ranks that hold other numbers, in the place or its surroundings."""
    faults = []
    for item in risk.indicators:
        if item.rank_of is not None and item.column in table.columns:
            values = table[item.column].astype("float64")
            outside = values[(values < 1) | (values > item.rank_of) | (values * 2 % 1 != 0)].dropna()
            what = f"This is no rank of 1 to {item.rank_of}."
            faults += _example(what, "Name a column of ranks, or mend rank_of.", place, item.column, outside)
    return faults


def _rate_faults(risk: RateRisk, table: pd.DataFrame, place: Place) -> list[Fault]:
    return [
        _fault("Every value is missing.", "Name another column.", place, name)
        for name in (*risk.count, risk.denominator)
        if name != POPULATION and name in table.columns and table[name].notna().sum() == 0
    ]


def _count_faults(risk: RateRisk, table: pd.DataFrame, place: Place) -> list[Fault]:
    """Return the counts that cannot be, in the place or its surroundings."""
    faults = []
    present = [name for name in (*risk.count, risk.denominator) if name in table.columns]
    for name in present:
        below = table[name].astype("float64").pipe(lambda values: values[values < 0])
        faults += _example(
            "A count is below 0.", "Mend the file and add the place again.", place, name, below
        )
    for name in (name for name in risk.count if name in table.columns):
        part = table[name].astype("float64").pipe(lambda values: values[values % 1 > 0])
        cure = "Name columns of counts: a per cent is no count."
        faults += _example("A count is a whole number.", cure, place, name, part)
    if len(present) == len(risk.count) + 1 and risk.interval == "wilson":
        count = table[risk.count].astype("float64").sum(axis=1, skipna=False)
        more = count[count > table[risk.denominator].astype("float64")]
        what = f"More are counted than the denominator {risk.denominator!r} holds."
        cure = "Name the whole that these counts are part of, or use interval = 'byar' for events."
        faults += _example(what, cure, place, " + ".join(risk.count), more)
    return faults


def _example(what: str, cure: str, place: Place, column: str, wrong: pd.Series) -> list[Fault]:
    if wrong.empty:
        return []
    others = f" and in {len(wrong) - 1} more areas" if len(wrong) > 1 else ""
    return [_fault(f"{what} So in {wrong.index[0]}{others}.", cure, place, column, wrong)]


def _fault(what: str, cure: str, place: Place, column: str, values: pd.Series | None = None) -> Fault:
    known = pd.Series(dtype="float64") if values is None else values.dropna()
    value = f"{known.iloc[0]:g}" if len(known) else ""
    return Fault(what, cure, file=f"place {place.name}", column=column, value=value)
