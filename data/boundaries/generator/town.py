"""The town: every part drawn in turn from one seed, each with a stream of chance of its own."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from data.boundaries.generator import plan
from data.boundaries.generator.areas import Areas, make_areas
from data.boundaries.generator.assets import make_assets
from data.boundaries.generator.blocks import make_blocks
from data.boundaries.generator.codes import area_codes, make_lookup, make_wards_table
from data.boundaries.generator.indicators import draw_need, draw_rates, make_dictionary, make_indicators
from data.boundaries.generator.key import describe, plant, queen
from data.boundaries.generator.land import draw_land, terrain
from data.boundaries.generator.lines import draw_lines
from data.boundaries.generator.people import make_households, make_population, make_postcodes
from data.boundaries.generator.scenery import make_scenery
from data.boundaries.generator.streets import make_streets


@dataclass(frozen=True)
class Town:
    """Everything that is written: vector layers, tables, the terrain with its corner, and the answer key."""

    layers: dict[str, gpd.GeoDataFrame]
    tables: dict[str, pd.DataFrame]
    heights: npt.NDArray[np.int16]
    corner: tuple[float, float]
    key: dict[str, object]


def make_town(seed: int) -> Town:
    """Draw the whole town from a seed."""

    def chance(part: int) -> np.random.Generator:
        return np.random.default_rng([seed, part])

    land = draw_land(chance(1))
    drawing = draw_lines(land, chance(2))
    blocks = make_blocks(drawing)
    areas = make_areas(blocks, chance(3))
    streets = make_streets(drawing, chance(4))
    codes = area_codes(len(areas.shapes))
    neighbours = queen(areas.shapes)
    planted = plant(areas, neighbours)
    population = make_population(codes, areas, chance(5))
    households = make_households(population, areas, chance(6))
    postcodes = make_postcodes(blocks, areas, chance(7))
    rates = draw_rates(draw_need(areas, neighbours, planted, chance(8)), areas, planted, chance(9))
    indicators, counts = make_indicators(population, households, rates, chance(10))
    key = describe(seed, planted, codes, areas)
    heights, corner = terrain(land)
    return Town(
        layers={
            "areas": gpd.GeoDataFrame({"code": codes}, geometry=list(areas.shapes), crs=plan.CRS),
            "wards": make_wards_table(areas),
            "streets": streets,
            "scenery": make_scenery(land, streets),
        },
        tables={
            "lookup": make_lookup(codes, areas),
            "population": population,
            "indicators": indicators,
            "household_counts": counts,
            "indicator_dictionary": make_dictionary(),
            "postcodes": postcodes,
            "assets": make_assets(areas, postcodes, streets, _unsurveyed(areas), chance(11)),
        },
        heights=heights,
        corner=corner,
        key=key,
    )


def _unsurveyed(areas: Areas) -> list[int]:
    """Return the areas of the corner nobody has surveyed."""
    names = [estate.name for estate in plan.ESTATES]
    numbers = [names.index(name) for name in plan.UNSURVEYED]
    return np.flatnonzero(np.isin(areas.estate, numbers)).tolist()
