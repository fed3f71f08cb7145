"""Shrinking against integrals worked out on a grid."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit, log_expit

from risk.shrinking import SPREADS, Children, draw_effects, spreads_of
from risk.tree import ROOT_SPREAD, plant


def one_level(cases: list[int], sizes: list[int]) -> tuple[pd.DataFrame, Children]:
    places = pd.DataFrame(index=[f"A{n}" for n in range(len(cases))])
    area = np.repeat(np.arange(len(sizes)), sizes)
    outcome = np.concatenate([np.r_[np.ones(y), np.zeros(n - y)] for y, n in zip(cases, sizes, strict=True)])
    return places, Children(area, outcome)


def by_quadrature(cases: list[int], sizes: list[int]) -> np.ndarray:
    """Return the weight of each spread, district and area effects integrated out on a fine grid."""
    root = np.linspace(-5, 5, 401)
    away = np.linspace(-6, 6, 481)
    whole = []
    for spread in SPREADS:
        effect = root[:, None] + spread * away[None, :]
        inner = np.zeros(len(root))
        for y, n in zip(cases, sizes, strict=True):
            likely = np.exp(y * log_expit(effect) + (n - y) * log_expit(-effect) - away**2 / 2)
            inner += np.log(likely.sum(axis=1))
        whole.append(np.exp(inner - inner.max() - root**2 / (2 * ROOT_SPREAD**2)).sum() * np.exp(inner.max()))
    at = np.array(SPREADS)
    edges = np.concatenate([[0.0], (at[1:] + at[:-1]) / 2, [at[-1] + (at[-1] - at[-2]) / 2]])
    weights = np.array(whole) * at * np.exp(-2 * at**2) * np.diff(edges)
    return np.asarray(weights / weights.sum())


@pytest.mark.parametrize(
    ("cases", "sizes"),
    [([3, 9, 1, 6, 2, 11, 5, 4], [20] * 8), ([2, 8, 3, 14, 6], [12, 30, 25, 25, 18])],
)
def test_the_weights_of_the_spreads_are_those_of_the_exact_integral(cases, sizes):
    places, children = one_level(cases, sizes)
    found = spreads_of(plant(places), children, np.zeros(sum(sizes)))
    # Laplace's approximation: within 2 of 100 of the weight of any spread
    np.testing.assert_allclose(found.weights, by_quadrature(cases, sizes), atol=0.02)


def test_areas_that_differ_more_are_given_a_larger_spread():
    alike, children = one_level([6] * 30, [20] * 30)
    apart, others = one_level([1, 11] * 15, [20] * 30)
    low = spreads_of(plant(alike), children, np.zeros(600)).mean[0]
    high = spreads_of(plant(apart), others, np.zeros(600)).mean[0]
    assert low < 0.25
    assert high > 0.6


def test_effects_follow_the_exact_law_of_one_area():
    # One area, its own spread next to nothing: the effect's law is the likelihood times the district's normal law.
    places, children = one_level([14], [20])
    n = 20_000
    drawn = draw_effects(
        plant(places),
        children,
        np.zeros((n, 20)),
        kept=np.ones((n, 20), dtype=bool),
        spreads=np.full((n, 1), 1e-6),
        rng=np.random.default_rng(2),
    )[:, 0]
    at = np.linspace(-4, 5, 2001)
    law = np.exp(14 * log_expit(at) + 6 * log_expit(-at) - at**2 / (2 * ROOT_SPREAD**2))
    law /= law.sum()
    mean = float((at * law).sum())
    # the mode lies 0.046 below the mean; 20,000 draws tell the mean to 0.0035, one standard error
    assert drawn.mean() == pytest.approx(mean, abs=0.012)
    assert drawn.std() == pytest.approx(np.sqrt(float(((at - mean) ** 2 * law).sum())), rel=0.06)


def test_together_as_many_cases_are_expected_as_were_counted():
    """Whatever the spreads, all effects shifted together change the law's logarithm by what was counted less expected.

    The mean of such a change is 0 under the law itself, but for the district's prior, which is next to flat. Around the
    modes of 200 small areas 20 cases more would be expected.
    """
    counted, size, n = np.random.default_rng(4).binomial(20, 0.28, 200), 20, 2_000
    places, children = one_level(list(counted), [size] * 200)
    drawn = draw_effects(
        plant(places),
        children,
        np.full((n, 200 * size), -1.2),
        kept=np.ones((n, 200 * size), dtype=bool),
        spreads=np.full((n, 1), 0.5),
        rng=np.random.default_rng(5),
    )
    expected = size * expit(drawn - 1.2).sum(axis=1)
    # one standard error is sqrt(200 x 20 x 0.28 x 0.72 / 2,000) = 0.6
    assert expected.mean() == pytest.approx(counted.sum(), abs=3)


def test_outcomes_that_are_left_out_do_not_count():
    places, children = one_level([20, 0], [20, 20])
    kept = np.concatenate([np.zeros(20, dtype=bool), np.ones(20, dtype=bool)])[None, :]
    draw = {"spreads": np.full((1, 1), 0.03), "rng": np.random.default_rng(1)}
    found = draw_effects(plant(places), children, np.zeros((1, 40)), kept=kept, **draw)
    assert expit(found).max() < 0.3
