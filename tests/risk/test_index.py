"""The index against sums worked by hand on the 3 x 3 town."""

from math import sqrt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.index import Part, combine, scores

CODES = ["A1", "A2", "A3", "B1", "B2", "B3", "C1", "C2", "C3"]


@pytest.fixture
def table() -> pd.DataFrame:
    return pd.DataFrame({"poor": range(1, 10), "green": range(9, 0, -1)}, index=CODES, dtype="float64")


def test_mean_of_z_scores_by_hand(table):
    # Both columns have variance 20 / 3; green is 9..1, lower is worse, so its score equals poor's.
    parts = [Part("poor"), Part("green", direction="lower_is_worse")]
    value = combine(table, parts)
    assert value["C3"] == pytest.approx(4 / sqrt(20 / 3))
    assert value["B2"] == pytest.approx(0)
    assert value.name == "value"


def test_weighted_sum_and_weighted_mean_by_hand(table):
    parts = [Part("poor", weight=2, transform="none"), Part("green", weight=1, transform="none")]
    assert combine(table, parts, "weighted_sum")["A2"] == 2 * 2 + 8
    assert combine(table, parts, "mean")["A2"] == (2 * 2 + 8) / 3


def test_a_missing_value_leaves_that_area_without_an_answer_and_no_other(table):
    table.loc["B2", "green"] = np.nan
    parts = [Part("poor", transform="none"), Part("green", transform="none")]
    value = combine(table, parts)
    assert list(value[value.isna()].index) == ["B2"]
    assert value.drop("B2").tolist() == [5] * 8


def test_scores_are_one_column_a_part(table):
    found = scores(table, [Part("poor", transform="percentile"), Part("green", transform="none")])
    assert list(found.columns) == ["poor", "green"]
    assert found.loc["A1", "poor"] == pytest.approx(50 / 9)


def test_the_published_deprivation_score_comes_out_of_the_ranks(shared):
    table = pd.read_csv(shared / "basildon" / "basildon_imd2025_lsoa21.csv", index_col="lsoa21_code")
    weights = {
        "Income_rank": 0.225,
        "Employment_rank": 0.225,
        "Education_rank": 0.135,
        "Health_rank": 0.135,
        "Crime_rank": 0.093,
        "Housing_and_Services_rank": 0.093,
        "Environment_rank": 0.093,
    }
    parts = [
        Part(column, "lower_is_worse", weight, "exponential_rank", 33755)
        for column, weight in weights.items()
    ]
    value = combine(table, parts, "weighted_sum")
    assert len(value) == 112
    assert (value - table["IMD_score"]).abs().max() < 0.001


@given(
    numbers=st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=9, max_size=9),
    more=st.integers(1, 20),
)
def test_more_need_in_one_indicator_never_lowers_that_areas_rank(numbers, more):
    table = pd.DataFrame(numbers, columns=["a", "b"], index=CODES, dtype="float64")
    parts = [Part("a", transform="percentile"), Part("b", transform="percentile", weight=2)]
    before = combine(table, parts).rank(method="max")["A1"]
    table.loc["A1", "a"] += more
    assert combine(table, parts).rank(method="max")["A1"] >= before
