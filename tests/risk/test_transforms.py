"""Transformations against values worked by hand."""

from math import exp, log, sqrt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.errors import RiskError
from risk.transforms import TRANSFORMS, exponential_rank, percentile, unchanged, zscore

CODES = ["A1", "A2", "A3", "B1", "B2", "B3", "C1", "C2", "C3"]


def series(*numbers: float) -> pd.Series:
    return pd.Series(numbers, index=CODES[: len(numbers)], name="column", dtype="float64")


def test_zscore_by_hand_on_the_town():
    # 1..9 has mean 5 and variance (9^2 - 1) / 12 = 20 / 3.
    scores = zscore(series(*range(1, 10)))
    assert scores["B2"] == pytest.approx(0)
    assert scores["A1"] == pytest.approx(-4 / sqrt(20 / 3))
    assert scores["C3"] == pytest.approx(4 / sqrt(20 / 3))


def test_zscore_turned_where_lower_is_worse():
    assert zscore(series(1, 2, 3), "lower_is_worse").tolist() == pytest.approx([sqrt(1.5), 0, -sqrt(1.5)])


def test_zscore_leaves_missing_out():
    scores = zscore(series(1, np.nan, 3))
    assert scores.dropna().tolist() == pytest.approx([-1, 1])
    assert np.isnan(scores["A2"])


@pytest.mark.parametrize("numbers", [(2, 2, 2), (2, np.nan), (np.nan, np.nan)])
def test_zscore_refuses_a_column_without_spread(numbers):
    with pytest.raises(RiskError, match="'column'"):
        zscore(series(*numbers))


def test_percentile_with_ties_by_hand():
    # Below 2: one of four, and half of the two that equal it: (1 + 1) / 4.
    assert percentile(series(1, 2, 2, 5)).tolist() == [12.5, 50, 50, 87.5]
    assert percentile(series(1, 2, 2, 5), "lower_is_worse").tolist() == [87.5, 50, 50, 12.5]


def test_percentile_of_equal_values_and_with_missing():
    assert percentile(series(3, 3, 3)).tolist() == [50, 50, 50]
    found = percentile(series(1, np.nan, 2))
    assert found.dropna().tolist() == [25, 75]
    assert np.isnan(found["A2"])


def test_unchanged():
    assert unchanged(series(1, 2)).tolist() == [1, 2]
    assert unchanged(series(1, 2), "lower_is_worse").tolist() == [-1, -2]


def test_exponential_rank_by_hand():
    scores = exponential_rank(series(1, 9), rank_of=9)
    assert scores["A1"] == pytest.approx(100, abs=1e-9)
    assert scores["A2"] == pytest.approx(-23 * log(1 - (1 - exp(-100 / 23)) / 9))
    assert scores["A2"] == pytest.approx(2.6719, abs=1e-4)  # ln 0.890326 = -0.116168


def test_exponential_rank_halves_its_range_at_the_worst_tenth():
    # Published property of the transformation: the most deprived 10 % of areas lie between about 50 and 100.
    assert exponential_rank(series(3376), rank_of=33755)["A1"] == pytest.approx(50, abs=0.5)


def test_exponential_rank_turned():
    assert exponential_rank(series(1, 9), "higher_is_worse", rank_of=9).tolist() == pytest.approx(
        exponential_rank(series(9, 1), rank_of=9).tolist()
    )


@pytest.mark.parametrize("rank", [0, 10, -1])
def test_exponential_rank_refuses_what_is_no_rank(rank):
    with pytest.raises(RiskError, match="A2"):
        exponential_rank(series(1, rank), rank_of=9)


numbers = st.lists(st.integers(1, 50), min_size=3, max_size=9).filter(lambda n: len(set(n)) > 1)


@pytest.mark.parametrize("name", sorted(TRANSFORMS))
@given(numbers=numbers)
def test_more_need_never_lowers_a_score(name, numbers):
    values = series(*numbers)
    options = {"rank_of": 50} if name == "exponential_rank" else {}
    worse = TRANSFORMS[name](values, "higher_is_worse", **options)
    assert worse[values.sort_values(kind="stable").index].is_monotonic_increasing
    better = TRANSFORMS[name](values, "lower_is_worse", **options)
    assert better[values.sort_values(kind="stable").index].is_monotonic_decreasing


def test_others_are_compared_with_the_reference_and_do_not_move_it():
    near = pd.Series([3.0, 10, np.nan], index=["X", "Y", "Z"], name="column")
    # 1, 2, 3 has mean 2 and variance 2 / 3
    assert zscore(near, reference=series(1, 2, 3)).tolist()[:2] == pytest.approx([sqrt(1.5), 8 * sqrt(1.5)])
    # of four, three lie below 3; all lie below 10, none above it
    assert percentile(near, reference=series(1, 2, 2, 5)).tolist()[:2] == [75, 100]
    assert percentile(near, "lower_is_worse", reference=series(1, 2, 2, 5)).tolist()[:2] == [25, 0]
    assert percentile(near, reference=series(1, 2)).isna().tolist() == [False, False, True]


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=40))
def test_a_reference_of_the_values_themselves_changes_nothing(numbers):
    values = pd.Series(numbers, name="column")
    assert percentile(values, reference=values).equals(percentile(values))
    ranks = (values.rank(method="average") - 0.5) / len(values) * 100
    assert percentile(values).equals(ranks)
