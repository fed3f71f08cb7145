"""Whether a recipe fits a place: every reason why not, at once, with its cure."""

import numpy as np
import pytest

from bake.checks import fit
from tests.bake.conftest import index_recipe, rate_recipe


def told(recipe, place) -> list[str]:
    return [fault.sentence() for fault in fit(recipe, place)]


def test_a_recipe_that_fits_has_no_faults(make_place, table):
    assert told(index_recipe(), make_place(table)) == []
    assert told(rate_recipe(), make_place(table)) == []
    assert told(rate_recipe("lsoa"), make_place(table)) == []


def test_a_missing_column_is_named_with_the_nearest(make_place, table):
    found = told(rate_recipe(), make_place(table.rename(columns={"crowded": "crowdid"})))
    assert len(found) == 1
    assert "question.toml, column 'crowded'" in found[0]
    assert "'crowdid'" in found[0]
    assert "larder place show town" in found[0]


def test_every_fault_is_told_at_once(make_place, table):
    broken = table.drop(columns="crowded")
    broken.loc["A1", "very crowded"] = -1
    broken["homes"] = np.nan
    found = " | ".join(told(rate_recipe("msoa"), make_place(broken)))
    assert "geography.level" in found
    assert "column 'crowded'" in found
    assert "below 0" in found
    assert "Every value is missing" in found


@pytest.mark.parametrize(
    ("level", "place_is", "said"),
    [
        ("msoa", ("oa", True), "Add the place with a lookup"),
        ("lsoa", ("oa", False), "Add the place with a lookup"),
        ("oa", ("lsoa", True), "Ask at lsoa"),
        ("lsoa", ("area", True), "Ask at area"),
    ],
)
def test_levels_that_cannot_be_had(make_place, table, level, place_is, said):
    found = told(rate_recipe(level), make_place(table, *place_is))
    assert len(found) == 1
    assert said in found[0]


def test_population_is_needed_where_it_is_asked_for(make_place, table):
    nobody = make_place(table, people=np.nan)
    assert any("no population" in one for one in told(rate_recipe(denominator="population"), nobody))
    assert any("no population" in one for one in told(index_recipe("lsoa"), nobody))
    assert told(index_recipe(), nobody) == []


def test_a_column_without_spread_cannot_be_standardised(make_place, table):
    table["poor"] = 3.0
    found = told(index_recipe(transform="zscore"), make_place(table))
    assert len(found) == 1
    assert "place town, column 'poor', value '3'" in found[0]
    assert told(index_recipe(transform="none"), make_place(table)) == []


def test_ranks_must_be_ranks_and_cannot_be_averaged(make_place, table):
    ranked = index_recipe("lsoa", transform='exponential_rank"\nrank_of = 5 #')
    found = " | ".join(told(ranked, make_place(table)))
    assert "cannot be averaged" in found
    assert "no rank of 1 to 5. So in B3 and in 3 more areas" in found


def test_more_counted_than_there_are(make_place, table):
    table.loc["C3", "homes"] = 9
    found = told(rate_recipe(), make_place(table))
    assert len(found) == 1
    assert "C3" in found[0]
    assert "value '10'" in found[0]
    events = rate_recipe(more='interval = "byar"')
    assert told(events, make_place(table)) == []


def test_more_neighbours_than_areas(make_place, table):
    recipe = index_recipe(more='[hotspots]\nneighbours = "knn:9"\n')
    assert "at most 8" in told(recipe, make_place(table))[0]
