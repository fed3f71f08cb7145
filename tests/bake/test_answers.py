"""Values, bands and sentences of answers, by hand."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bake.answers import answer, bands
from bake.levels import own_ground
from tests.bake.conftest import index_recipe, rate_recipe


def test_bands_are_fifths_and_ties_share_one():
    assert bands(pd.Series(range(10), dtype="float64")).tolist() == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]
    assert bands(pd.Series([1.0, 1, 1, 1, 9])).tolist() == [2, 2, 2, 2, 5]
    assert bands(pd.Series([4.0] * 7)).tolist() == [3] * 7
    found = bands(pd.Series([1.0, np.nan, 2.0]))
    assert found.isna().tolist() == [False, True, False]
    assert bands(pd.Series([np.nan, np.nan])).isna().all()


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=60))
def test_a_higher_value_is_never_in_a_lower_band(numbers):
    values = pd.Series(numbers).sort_values()
    found = bands(values)
    assert found.is_monotonic_increasing
    assert found.between(1, 5).all()
    assert found.groupby(values).nunique().max() == 1


def test_an_index_has_no_interval_and_shows_what_it_tests(make_place, table):
    recipe = index_recipe()
    found = answer(recipe, own_ground(recipe, make_place(table))).table
    assert found["value"].tolist() == list(range(1, 10))
    assert found["shown"].equals(found["value"].rename("shown"))
    assert found[["low", "high"]].isna().all(axis=None)
    assert "count" not in found.columns


def test_a_rate_is_per_cent_of_the_denominator(make_place, table):
    recipe = rate_recipe()
    found = answer(recipe, own_ground(recipe, make_place(table)))
    assert found.table["value"].tolist() == pytest.approx([2, 3, 4, 5, 6, 7, 8, 9, 10])
    assert found.table["count"].tolist() == list(range(2, 11))
    assert any("it is 6.00 per cent" in sentence for sentence in found.decisions)


def test_rates_that_chance_explains_are_said_to_be_shown_as_one(make_place, table):
    table["crowded"] = [4, 5, 6, 5, 5, 5, 4, 6, 5]
    recipe = rate_recipe()
    found = answer(recipe, own_ground(recipe, make_place(table)))
    assert found.table["shown"].nunique() == 1
    assert any("every area is shown with the overall rate" in sentence for sentence in found.decisions)


def test_missing_indicators_are_counted_in_a_sentence(make_place, table):
    table.loc["A1", "poor"] = np.nan
    recipe = index_recipe()
    found = answer(recipe, own_ground(recipe, make_place(table)))
    assert any("Poor (poor) is missing in 1 of 9 areas" in sentence for sentence in found.decisions)
    assert found.table.loc["A1", "status"] == "missing"
