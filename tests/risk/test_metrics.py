"""Metrics against scikit-learn's own functions, weights and all."""

import numpy as np
import pytest
from scipy.special import expit, logit
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score

from risk import metrics


@pytest.fixture
def children() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(4)
    chance = np.round(rng.beta(2, 4, 400), 2).clip(0.01, 0.99)  # rounded, so that there are ties
    return (rng.random(400) < chance).astype(float), chance, rng.integers(0, 40, 400)


def test_auc_is_scikit_learns_for_any_weights(children: tuple[np.ndarray, np.ndarray, np.ndarray]) -> None:
    outcome, chance, _ = children
    weights = np.random.default_rng(1).integers(0, 4, (5, 400)).astype(float)
    expected = [roc_auc_score(outcome, chance, sample_weight=row) for row in weights]
    np.testing.assert_allclose(metrics.auc(outcome, chance, np.arange(400), weights), expected, rtol=1e-12)


def test_slope_is_an_unpenalised_logistic_regressions(
    children: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> None:
    outcome, chance, _ = children
    weights = np.random.default_rng(1).integers(0, 4, (3, 400)).astype(float)
    expected = [
        LogisticRegression(C=np.inf, tol=1e-10)
        .fit(logit(chance)[:, None], outcome, sample_weight=row)
        .coef_[0, 0]
        for row in weights
    ]
    np.testing.assert_allclose(metrics.slope(outcome, chance, weights), expected, rtol=1e-4)


def test_values_are_scikit_learns_and_lie_in_their_intervals(
    children: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> None:
    outcome, chance, area = children
    found = metrics.scores(outcome, chance, area, metrics.resample(40, 200, 1))
    assert found["log_loss"].value == pytest.approx(log_loss(outcome, chance))
    assert found["brier"].value == pytest.approx(brier_score_loss(outcome, chance))
    assert found["auc"].value == pytest.approx(roc_auc_score(outcome, chance))
    assert all(one.low < one.value < one.high for one in found.values())


def test_log_loss_has_the_standard_error_that_theory_gives() -> None:
    # One child an area: the bootstrap's spread is the standard error of a mean.
    rng = np.random.default_rng(2)
    chance = rng.uniform(0.1, 0.6, 900)
    outcome = (rng.random(900) < chance).astype(float)
    found = metrics.scores(outcome, chance, np.arange(900), metrics.resample(900, 1000, 3))["log_loss"]
    error = metrics.log_losses(outcome, chance).std() / 30
    assert found.high - found.low == pytest.approx(2 * 1.96 * error, rel=0.1)


def test_children_of_one_area_are_drawn_together() -> None:
    # Twenty areas of ten children each who all have the same outcome: as much is known as from twenty children.
    outcome = np.repeat(np.tile([0.0, 1.0], 10), 10)
    area = np.repeat(np.arange(20), 10)
    found = metrics.scores(outcome, np.full(200, 0.5), area, metrics.resample(20, 2000, 1))[
        "calibration_in_the_large"
    ]
    assert found.high - found.low == pytest.approx(2 * 1.96 * 0.5 / np.sqrt(20), rel=0.1)


def test_a_constant_chance_has_no_slope() -> None:
    outcome = np.tile([0.0, 1.0], 20)
    found = metrics.scores(outcome, np.full(40, 0.5), np.arange(40), metrics.resample(40, 60, 1))
    assert found["calibration_slope"].as_dict() == {"value": None, "low": None, "high": None}
    assert found["auc"].value == 0.5


@pytest.mark.parametrize("too_far", [0.5, 1.0, 2.0])
def test_the_slope_tells_chances_too_far_apart(too_far: float) -> None:
    rng = np.random.default_rng(6)
    odds = rng.standard_normal(20000)
    outcome = (rng.random(20000) < expit(odds)).astype(float)
    found = metrics.slope(outcome, expit(too_far * odds), np.ones((1, 20000)))[0]
    assert found == pytest.approx(1 / too_far, rel=0.06)


def test_the_curve_has_bins_of_as_many_children_and_observed_shares() -> None:
    chance = np.repeat([0.1, 0.5, 0.9], 10)
    outcome = np.r_[[1.0] + [0.0] * 9, [1.0] * 5 + [0.0] * 5, [1.0] * 9 + [0.0]]
    curve = metrics.calibration_curve(outcome, chance, bins=3)
    assert [one["chance"] for one in curve] == [0.1, 0.5, 0.9]
    assert [one["observed"] for one in curve] == [0.1, 0.5, 0.9]
    # Wilson, 5 of 10: 0.2366 to 0.7634 (Brown, Cai and DasGupta 2001, by formula).
    assert (curve[1]["low"], curve[1]["high"]) == (0.2366, 0.7634)


def test_a_constant_chance_gives_a_curve_of_one_bin() -> None:
    curve = metrics.calibration_curve(np.array([0.0, 1.0, 0.0, 0.0]), np.full(4, 0.25))
    assert [(one["chance"], one["observed"]) for one in curve] == [(0.25, 0.25)]
