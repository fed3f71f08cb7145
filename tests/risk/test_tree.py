"""The tree against the same normal law written out as one dense matrix."""

import numpy as np
import pandas as pd
import pytest

from risk.errors import RiskError
from risk.tree import ROOT_SPREAD, Evidence, gather, leaf_variances, plant, settle

LSOA = ["L2", "L1", "L1", "L3", "L2", "L3"]
MSOA = ["M1", "M1", "M1", "M2", "M1", "M2"]
SPREADS = np.array([[0.3, 0.5, 0.7]])


def town() -> pd.DataFrame:
    return pd.DataFrame({"lsoa": LSOA, "msoa": MSOA}, index=[f"A{n}" for n in range(6)])


def dense_prior() -> np.ndarray:
    def same(names: list[str]) -> np.ndarray:
        return (np.array(names)[:, None] == np.array(names)[None, :]).astype(float)

    return 0.09 * np.eye(6) + 0.25 * same(LSOA) + 0.49 * same(MSOA) + ROOT_SPREAD**2


PRECISION = np.array([[4.0, 1.0, 0.0, 2.5, 7.0, 0.3]])
PULL = np.array([[1.0, -2.0, 0.0, 0.5, 3.0, 0.1]])


def test_the_most_likely_values_are_those_of_the_dense_normal_law():
    tree = plant(town())
    found = settle(tree, gather(tree, Evidence(PRECISION, PULL), np.zeros(1), SPREADS), SPREADS)
    expected = np.linalg.solve(np.linalg.inv(dense_prior()) + np.diag(PRECISION[0]), PULL[0])
    np.testing.assert_allclose(found[0], expected, rtol=1e-10)


def test_the_integral_is_that_of_the_dense_normal_law():
    tree = plant(town())
    found = gather(tree, Evidence(PRECISION, PULL), np.array([0.25]), SPREADS).log_integral
    prior = dense_prior()
    both = np.linalg.inv(prior) + np.diag(PRECISION[0])
    expected = 0.25 + 0.5 * (
        PULL[0] @ np.linalg.solve(both, PULL[0]) - np.linalg.slogdet(both)[1] - np.linalg.slogdet(prior)[1]
    )
    assert found[0] == pytest.approx(expected, rel=1e-10)


def test_draws_have_the_covariance_of_the_dense_normal_law():
    tree, n = plant(town()), 40_000
    spreads = np.repeat(SPREADS, n, axis=0)
    evidence = Evidence(np.repeat(PRECISION, n, axis=0), np.repeat(PULL, n, axis=0))
    drawn = settle(tree, gather(tree, evidence, np.zeros(n), spreads), spreads, np.random.default_rng(3))
    expected = np.linalg.inv(np.linalg.inv(dense_prior()) + np.diag(PRECISION[0]))
    # the standard error of a covariance of n draws is at most sqrt(2 / n) of the variances: 0.7 %
    np.testing.assert_allclose(np.cov(drawn.T), expected, atol=0.03 * expected.max())


def test_the_variances_are_those_of_the_dense_normal_law():
    tree = plant(town())
    found = leaf_variances(tree, gather(tree, Evidence(PRECISION, PULL), np.zeros(1), SPREADS), SPREADS)
    expected = np.diag(np.linalg.inv(np.linalg.inv(dense_prior()) + np.diag(PRECISION[0])))
    np.testing.assert_allclose(found[0], expected, rtol=1e-10)


def test_a_spread_of_nothing_gives_all_areas_of_a_parent_one_value():
    tree, spreads = plant(town()), np.array([[0.0, 0.0, 0.0]])
    found = settle(tree, gather(tree, Evidence(PRECISION, PULL), np.zeros(1), spreads), spreads)
    expected = PULL.sum() / (PRECISION.sum() + 1 / ROOT_SPREAD**2)
    np.testing.assert_allclose(found[0], expected, rtol=1e-10)


def test_levels_that_the_place_lacks_are_left_out():
    tree = plant(town()[["msoa"]])
    assert tree.levels == ("msoa",)
    assert tree.steps == 2
    assert plant(town()[[]]).steps == 1


def test_areas_without_a_parent_with_two_or_twice_are_named_all_at_once():
    places = town()
    places.loc["A3", "lsoa"] = None
    places.loc["A1", "msoa"] = "M2"
    with pytest.raises(RiskError) as error:
        plant(pd.concat([places, places.loc[["A5"]]]))
    assert {fault.value for fault in error.value.faults} == {"A3", "L1", "A5"}
