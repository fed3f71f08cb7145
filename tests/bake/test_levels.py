"""Coarser areas, put together by hand from the rows of the 3 x 3 town."""

import numpy as np
import pytest

from bake.errors import BakeError
from bake.levels import at_level, coarser, own_ground
from bake.recipe import load_recipe
from tests.bake.conftest import index_recipe, rate_recipe


def test_counts_are_added_up(make_place, table):
    recipe = rate_recipe("lsoa", "population")
    ground = coarser(
        own_ground(recipe, make_place(table, people=[1, 2, 3, 4, 5, 6, 7, 8, 9])), "lsoa", recipe
    )
    assert ground.columns["crowded"].to_dict() == {"A": 6, "B": 15, "C": 24}
    assert ground.columns["population"].to_dict() == {"A": 6, "B": 15, "C": 24}
    assert ground.areas["population"].to_dict() == {"A": 6, "B": 15, "C": 24}


def test_per_cents_are_weighted_by_population(make_place, table):
    recipe = index_recipe("lsoa")
    place = make_place(table, people=[10, 10, 20, 1, 1, 1, 0, 0, 5])
    ground = coarser(own_ground(recipe, place), "lsoa", recipe)
    # A: (1 x 10 + 2 x 10 + 3 x 20) / 40; nobody lives in C1 and C2.
    assert ground.columns["poor"].to_dict() == pytest.approx({"A": 2.25, "B": 5, "C": 9})


def test_an_area_that_misses_a_part_misses_the_whole(make_place, table):
    table.loc["B1", ["poor", "crowded"]] = np.nan
    for recipe, column in ((index_recipe("lsoa"), "poor"), (rate_recipe("lsoa"), "crowded")):
        ground = coarser(own_ground(recipe, make_place(table)), "lsoa", recipe)
        assert list(ground.columns.index[ground.columns[column].isna()]) == ["B"]


def test_shapes_are_joined_and_wards_that_cut_across_are_left_out(make_place, table):
    recipe = index_recipe("lsoa")
    ground = coarser(own_ground(recipe, make_place(table)), "lsoa", recipe)
    assert ground.areas.area.to_dict() == {"A": 30000, "B": 30000, "C": 30000}
    assert ground.areas.loc["A", ["x", "y"]].tolist() == [150, 250]
    assert "ward" not in ground.areas.columns
    assert ground.areas["lsoa"].tolist() == ["A", "B", "C"]
    assert ground.areas.crs.to_epsg() == 27700


def test_a_recipe_asked_of_another_level_is_the_same_question_without_finer_ways():
    recipe = load_recipe("crowded_homes")
    asked = at_level(recipe, "lsoa")
    assert asked.geography.level == "lsoa"
    assert asked.hotspots.stability.scales == ["lsoa"]
    assert asked.digest == recipe.digest
    assert recipe.geography.level == "oa"


def test_a_level_that_does_not_exist_is_refused():
    with pytest.raises(BakeError, match="no level 'ward'"):
        at_level(load_recipe("crowded_homes"), "ward")
