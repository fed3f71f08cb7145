"""Indicators that a recipe reads from a raster of the place, as columns beside the place's own."""

import pandas as pd

from bake.recipe import Recipe
from bake.recipe_parts import IndexRisk, Indicator
from geo.errors import GeoError
from geo.place import Place
from geo.surface import ASSESSED, PARTLY, remarks, zonal
from words.faults import Fault

LEAST_COVERED = 0.8
"""An area of which a smaller share has cells with data gets no number: the rest may look different."""
_TOTALS = ("sum", "density_total")


def surfaces_read(recipe: Recipe) -> list[Indicator]:
    """Return the indicators of a recipe that are read from a raster."""
    risk = recipe.risk
    return [item for item in risk.indicators if item.raster] if isinstance(risk, IndexRisk) else []


def with_surfaces(recipe: Recipe, place: Place) -> pd.DataFrame:
    """Return the indicators of the place's areas and then of its surroundings, indexed by `code`.

    With a column for each raster that a recipe reads.

    :raises GeoError: every fault of every raster, one that the place does not have among them.
    """
    areas = pd.concat([place.areas(), place.surroundings()])
    table = pd.concat([place.indicators(), place.surroundings_indicators()]).reindex(areas.index)
    faults, columns = list[Fault](), {}
    read = surfaces_read(recipe)
    for item in read:
        try:
            columns[item.column] = _column(item, place, areas, table)
        except GeoError as error:
            faults += error.faults
    if faults:
        raise GeoError(faults)
    return table.assign(**columns)


def surface_decisions(recipe: Recipe, place: Place) -> list[str]:
    """Return what was decided in reading a recipe's rasters, as sentences."""
    areas, told = place.areas(), []
    for item in surfaces_read(recipe):
        path = place.raster(item.raster or "")
        if path is None:
            continue
        scaled = "" if item.scale is None else f", stored numbers times {item.scale:g}"
        told.append(
            f"{item.label} ({item.column}) is the {item.statistic} of the raster {item.raster!r} in each "
            f"area{scaled}; cells that a border cuts count by their share. An area of which less than "
            f"{LEAST_COVERED:.0%} has cells with data has no number."
        )
        told += [sentence for sentence in remarks(areas, path) if sentence not in told]
    return told


def _column(item: Indicator, place: Place, areas: pd.DataFrame, table: pd.DataFrame) -> pd.Series:
    path = place.raster(item.raster or "")
    if item.column in table.columns:
        what = f"The place {place.name!r} has an indicator of the name that this raster's would get."
        raise GeoError([Fault(what, "Add the raster under another name.", column=item.column)])
    if path is None:
        known = ", ".join(place.rasters()) or "none"
        cure = f"Add the place with it (`larder place add`). The rasters it has: {known}."
        raise GeoError([Fault(f"The place {place.name!r} has no such raster.", cure, value=str(item.raster))])
    found = zonal(areas, path, item.statistic or "", scale=item.scale)
    enough = found["status"].eq(ASSESSED)
    if item.statistic not in _TOTALS:
        # a total over a part is too small however large the part, a mean over most of it is not
        enough |= found["status"].eq(PARTLY) & found["coverage"].ge(LEAST_COVERED)
    return found["value"].where(enough)
