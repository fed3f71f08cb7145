"""Observed hotspots: seldom where one rate is true everywhere, and never of a prediction."""

import numpy as np
import pandas as pd
import pytest

from geo.measured import TestingRefused, mark
from risk.observed import observed_hotspots
from tests.risk.districts import codes, grid

SIDE = 24


def test_where_one_rate_is_true_everywhere_few_runs_find_a_hotspot():
    # The bar is 6.5 % of 200 runs: 13. Hot and cold together count here, which is harder than hot alone.
    graph, rng, found = grid(SIDE), np.random.default_rng(20260501), 0
    for _ in range(200):
        children = pd.Series(rng.poisson(rng.gamma(6, 25 / 6, SIDE**2)), codes(SIDE**2))
        cases = pd.Series(rng.binomial(children, 0.28), codes(SIDE**2))
        found += int(observed_hotspots(cases, children, graph)["cluster"].isin(["hot", "cold"]).any())
    assert found <= 13


def test_a_planted_hotspot_is_found_and_nothing_far_from_it():
    graph, rng = grid(SIDE), np.random.default_rng(5)
    children = pd.Series(30, codes(SIDE**2))
    row, column = np.divmod(np.arange(SIDE**2), SIDE)
    planted = (row < 5) & (column < 5)
    cases = pd.Series(rng.binomial(30, np.where(planted, 0.6, 0.25)), codes(SIDE**2))
    hot = (observed_hotspots(cases, children, graph)["cluster"] == "hot").to_numpy()
    assert hot[(row < 4) & (column < 4)].all()
    assert not hot[(row > 7) | (column > 7)].any()


def test_areas_of_few_children_are_not_assessed_and_say_so():
    children = pd.Series(30, codes(9))
    children.iloc[[0, 1]] = [5, 0]
    cases = pd.Series([1, 0, 9, 3, 4, 5, 6, 7, 8], codes(9))
    found = observed_hotspots(cases, children, grid(3))
    assert found["status"].iloc[[0, 1]].tolist() == ["too few children", "no children"]
    assert found["p"].iloc[[0, 1]].isna().all()
    # all that are left lie around the middle, so no other surroundings of it are possible
    assert found["status"].iloc[4] == "all neighbours"
    assert (found["status"].iloc[[2, 3, 5, 6, 7, 8]] == "assessed").all()


@pytest.mark.parametrize("cases", [pd.Series(1.5, codes(9)), mark(pd.Series(2.0, codes(9)), "predicted")])
def test_expected_cases_are_refused_as_predictions(cases):
    with pytest.raises(TestingRefused, match="predicted, not observed"):
        observed_hotspots(cases, pd.Series(30, codes(9)), grid(3))
