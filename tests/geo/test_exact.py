"""The exact law of the neighbour sum against full enumeration, by hand, and in ugly cases."""

from fractions import Fraction
from itertools import combinations
from math import comb

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import exact
from geo.adjacency import Adjacency, from_links
from geo.cells import lattice_step, on_cells
from geo.errors import GeoError


def adjacency(n: int, degrees: list[int], seed: int = 0) -> Adjacency:
    """Give each area so many neighbours, chosen at random (the relation need not be mutual)."""
    rng = np.random.default_rng(seed)
    chosen = [
        np.sort(rng.choice(np.delete(np.arange(n), i), k, replace=False)) for i, k in enumerate(degrees)
    ]
    return from_links(
        pd.RangeIndex(n), np.repeat(np.arange(n), degrees), np.concatenate(chosen).astype(np.int64)
    )


def by_subsets(values: list, links: Adjacency) -> tuple[list[float], list[float]]:
    """Count every subset in exact fractions: an oracle that shares no code with the project."""
    numbers = [Fraction(str(value)) for value in values]
    upper, lower = [], []
    for i in range(len(values)):
        mine = links.neighbours[links.starts[i] : links.starts[i + 1]]
        observed = sum(numbers[j] for j in mine)
        others = numbers[:i] + numbers[i + 1 :]
        sums = [sum(choice) for choice in combinations(others, len(mine))]
        upper.append(sum(s >= observed for s in sums) / len(sums))
        lower.append(sum(s <= observed for s in sums) / len(sums))
    return upper, lower


@pytest.fixture
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    """Switch full enumeration off, so that the law itself is tested on tiny cases."""
    monkeypatch.setattr(exact, "MOST_SUBSETS", 0)


def test_nine_areas_by_hand() -> None:
    """Values 1..9, one neighbour: the neighbour 9 of area 1 is reached by 1 of 8 others, so p = 2/8."""
    links = from_links(pd.RangeIndex(9), np.array([0]), np.array([8]))
    tails = exact.neighbour_sum_tails(np.arange(1.0, 10.0), links)
    assert tails.method == "enumeration"
    assert tails.upper[0, 0] == pytest.approx(1 / 8, abs=1e-15)
    assert tails.lower[0, 0] == pytest.approx(1.0, abs=1e-15)
    assert tails.two_sided[0, 0] == pytest.approx(1 / 4, abs=1e-15)
    assert np.isnan(tails.upper[0, 1:]).all()


@pytest.mark.parametrize(
    "values",
    [
        [0, 0, 1, 3, 3, 3, 4, 7, 7, 8, 9, 11],
        [12.5, 3.1, 0.0, 0.0, 99.9, 45.2, 45.2, 45.3, 7.7, 0.1, 50.0, 50.0],
        [-3, -2, -2, 0, 5, 5, 5, 5, 5, 6, 20, -40],
    ],
)
@pytest.mark.parametrize("k", range(1, 12))
def test_equals_every_subset_with_ties(values: list[float], k: int, fast: None) -> None:
    links = adjacency(12, [k] * 12, seed=k)
    tails = exact.neighbour_sum_tails(np.array(values, dtype=float), links)
    upper, lower = by_subsets(values, links)
    assert tails.method == "step"
    np.testing.assert_allclose(tails.upper[0], upper, atol=1e-12)
    np.testing.assert_allclose(tails.lower[0], lower, atol=1e-12)


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_enumeration_equals_every_subset_untied(data: st.DataObject) -> None:
    n = data.draw(st.integers(3, 9))
    values = data.draw(st.lists(st.integers(-(10**6), 10**6), min_size=n, max_size=n, unique=True))
    degrees = data.draw(st.lists(st.integers(1, n - 2), min_size=n, max_size=n))
    links = adjacency(n, degrees, seed=n)
    decimals = [value / 1000 for value in values]
    tails = exact.neighbour_sum_tails(np.array(decimals), links)
    upper, lower = by_subsets(decimals, links)
    np.testing.assert_allclose(tails.upper[0], upper, atol=1e-12)
    np.testing.assert_allclose(tails.lower[0], lower, atol=1e-12)


@pytest.mark.parametrize(("n", "most"), [(14, 12), (18, 16)])
def test_untied_small_n_is_enumerated_up_to_n_minus_2(n: int, most: int) -> None:
    rng = np.random.default_rng(n)
    values = np.round(rng.lognormal(size=n), 6)
    links = adjacency(n, [1 + i % most for i in range(n)], seed=n)
    tails = exact.neighbour_sum_tails(values, links)
    upper, lower = by_subsets(list(values), links) if n < 15 else (None, None)
    assert tails.method == "enumeration"
    if upper is not None:
        np.testing.assert_allclose(tails.upper[0], upper, atol=1e-12)
        np.testing.assert_allclose(tails.lower[0], lower, atol=1e-12)
    both = tails.upper + tails.lower  # untied: only the observed set itself is in both tails
    assert (both > 1).all()
    assert both.max() <= 1 + 2 / n


def test_counting_zeros_and_ones_is_hypergeometric() -> None:
    """With 0/1 values the neighbour sum is hypergeometric: scipy's law, for k up to most of n."""
    from scipy.stats import hypergeom

    rng = np.random.default_rng(3)
    n = 400
    values = (rng.random(n) < 0.2).astype(float)
    degrees = [int(k) for k in rng.choice([1, 3, 6, 18, 60, 199, 250, 390], n)]
    links = adjacency(n, degrees, seed=5)
    tails = exact.neighbour_sum_tails(values, links)
    sums = links.sums(values)
    ones = values.sum() - values
    np.testing.assert_allclose(
        tails.upper[0], hypergeom.sf(sums - 1, n - 1, ones, degrees), atol=1e-12, rtol=1e-9
    )
    np.testing.assert_allclose(
        tails.lower[0], hypergeom.cdf(sums, n - 1, ones, degrees), atol=1e-12, rtol=1e-9
    )


def test_grid_agrees_with_a_grid_sixteen_times_as_fine() -> None:
    rng = np.random.default_rng(11)
    n = 2_000
    values = rng.gamma(1.5, size=n)
    links = adjacency(n, [int(k) for k in rng.integers(1, 25, n)], seed=1)
    coarse, fine = (exact.neighbour_sum_tails(values, links, cells_per_scale=c) for c in (150, 2400))
    assert coarse.method == "grid"
    assert coarse.error > fine.error > 0
    np.testing.assert_allclose(coarse.upper, fine.upper, rtol=5e-3, atol=1e-7)
    np.testing.assert_allclose(coarse.lower, fine.lower, rtol=5e-3, atol=1e-7)


def test_grid_agrees_with_random_subsets() -> None:
    """Some 50,000 random subsets: within five standard errors in each of 60 comparisons."""
    rng = np.random.default_rng(21)
    n, draws = 300, 60_000
    values = rng.lognormal(sigma=1.0, size=n)
    links = adjacency(n, [1 + i % 12 for i in range(n)], seed=2)
    tails = exact.neighbour_sum_tails(values, links)
    assert tails.method == "grid"
    for i in range(0, 60):
        k = 1 + i % 12
        others = np.delete(values, i)
        picks = np.sort(rng.integers(0, n - 1, (draws, k)), axis=1)
        sample = others[picks[(np.diff(picks, axis=1) > 0).all(axis=1)]].sum(axis=1)
        share = np.mean(sample >= links.sums(values)[i])
        p = tails.upper[0, i]
        assert abs(share - p) <= 5 * np.sqrt(p * (1 - p) / len(sample)) + 1 / len(sample)


def test_ties_off_any_step_stay_inclusive() -> None:
    """Rates have no step, but many are exactly 0: P(S <= 0) must hold the whole weight of drawing zeros only."""
    n = 300
    rng = np.random.default_rng(8)
    values = np.where(rng.random(n) < 0.6, 0.0, rng.random(n) * np.pi)
    links = adjacency(n, [4] * n, seed=9)
    tails = exact.neighbour_sum_tails(values, links)
    assert tails.method == "grid"
    zeros = int((values == 0).sum())
    for i in np.flatnonzero(links.sums(values) == 0):
        left = zeros - (values[i] == 0)
        assert tails.lower[0, i] == pytest.approx(comb(left, 4) / comb(n - 1, 4), rel=1e-3)
        assert tails.upper[0, i] == pytest.approx(1.0, abs=1e-9)


def test_many_neighbours_of_many_areas() -> None:
    """A wide band: 120 of 600 areas; the tails still follow the normal law to its own accuracy."""
    from scipy.stats import norm

    rng = np.random.default_rng(2)
    n = 600
    values = rng.normal(size=n)
    links = adjacency(n, [120] * n, seed=3)
    tails = exact.neighbour_sum_tails(values, links)
    others_mean = (values.sum() - values) / (n - 1)
    others_sd = np.sqrt(((values**2).sum() - values**2) / (n - 1) - others_mean**2)
    z = (links.sums(values) - 120 * others_mean) / (others_sd * np.sqrt(120 * (n - 121) / (n - 2)))
    np.testing.assert_allclose(tails.upper[0], norm.sf(z), atol=2e-3)


def test_too_many_neighbours_is_refused_with_the_cure() -> None:
    with pytest.raises(GeoError, match="Use fewer neighbours"):
        exact.neighbour_sum_tails(np.random.default_rng(0).normal(size=(2, 9_000)), _ring(9_000, 2_000))


def _ring(n: int, k: int) -> Adjacency:
    each = np.sort((np.arange(n)[:, None] + np.arange(1, k + 1)) % n, axis=1)
    return from_links(pd.RangeIndex(n), np.repeat(np.arange(n), k), each.ravel())


def test_several_draws_give_what_each_gives_alone() -> None:
    rng = np.random.default_rng(4)
    draws = rng.gamma(2.0, size=(5, 250))
    links = adjacency(250, [int(k) for k in rng.integers(1, 9, 250)], seed=4)
    together = exact.neighbour_sum_tails(draws, links)
    for row, draw in enumerate(draws):
        alone = exact.neighbour_sum_tails(draw, links)
        np.testing.assert_allclose(together.upper[row], alone.upper[0], rtol=2e-3, atol=1e-7)


VALUES = st.lists(st.integers(0, 400), min_size=40, max_size=40).filter(lambda y: len(set(y)) > 1)


@given(
    VALUES, st.permutations(range(40)), st.sampled_from([1.0, 0.1, 1e-6, 1e6, np.pi]), st.integers(-500, 500)
)
@settings(max_examples=60, deadline=None)
def test_order_unit_and_level_change_no_p(
    values: list[int], order: list[int], unit: float, level: int
) -> None:
    links = adjacency(40, [1 + i % 9 for i in range(40)], seed=7)
    p = exact.neighbour_sum_tails(np.array(values, dtype=float), links).two_sided[0]
    moved = exact.neighbour_sum_tails((np.array(values) + level) * unit, links).two_sided[0]
    np.testing.assert_allclose(moved, p, atol=1e-9)
    shuffled = links.reorder(pd.Index(order))
    q = exact.neighbour_sum_tails(np.array(values, dtype=float)[order], shuffled).two_sided[0]
    np.testing.assert_allclose(q, p[order], atol=1e-9)
    assert (p <= 1).all()
    assert (p > 0).all()


@given(st.integers(0, 10**6), st.floats(0.01, 100), st.floats(-100, 100))
@settings(max_examples=30, deadline=None)
def test_order_unit_and_level_change_no_p_without_a_step(seed: int, unit: float, level: float) -> None:
    rng = np.random.default_rng(seed)
    values = rng.gamma(2.0, size=60)
    links = adjacency(60, [1 + i % 9 for i in range(60)], seed=7)
    p = exact.neighbour_sum_tails(values, links).two_sided[0]
    np.testing.assert_allclose(
        exact.neighbour_sum_tails(values * unit + level, links).two_sided[0], p, atol=1e-9
    )
    order = rng.permutation(60)
    shuffled = exact.neighbour_sum_tails(values[order], links.reorder(pd.Index(order))).two_sided[0]
    np.testing.assert_allclose(shuffled, p[order], atol=1e-9)


@given(VALUES)
@settings(max_examples=30, deadline=None)
def test_turning_the_values_round_swaps_the_tails(values: list[int]) -> None:
    links = adjacency(40, [1 + i % 9 for i in range(40)], seed=7)
    y = np.array(values, dtype=float)
    there, back = exact.neighbour_sum_tails(y, links), exact.neighbour_sum_tails(-y, links)
    np.testing.assert_allclose(there.upper, back.lower, atol=1e-9)
    np.testing.assert_allclose(there.lower, back.upper, atol=1e-9)


@pytest.mark.parametrize(("values", "step"), [
    ([0, 3, 5, 9], 1.0), ([0.1, 0.4, 12.3, 99.9], 0.1), ([0, 1 / 12, 0.25, 5.0], 1 / 12),
    ([1e6, 1e6 + 2, 1e6 + 8], 2.0), ([-7.5, 0.0, 2.5], 2.5), ([0.0, np.pi, 1.0], 0.0), ([0, 1e-3, 1e6], 0.0),
])  # fmt: skip
def test_step_of_the_data(values: list[float], step: float) -> None:
    assert lattice_step(np.array(values, dtype=float)) == pytest.approx(step, rel=1e-9)


@pytest.mark.parametrize("far", [[1e6 * np.pi], [-1e6 * np.pi], [1e6 * np.pi, -1e7 / 3, 2e6 * np.pi]])
@pytest.mark.parametrize("k", [1, 3, 6, 10, 11])
def test_outliers_beside_counts_equal_every_subset(far: list[float], k: int, fast: None) -> None:
    """Counts and a few values a million times as large: the counts stay exact, whoever is next to the outlier."""
    values = [*far, *[0, 0, 1, 1, 2, 3, 3, 5, 8, 13][: 13 - len(far)]]
    n = len(values)
    k = min(k, n - 2)
    links = adjacency(n, [k] * n, seed=k)
    tails = exact.neighbour_sum_tails(np.array(values, dtype=float), links)
    assert tails.error == 0
    upper, lower = by_subsets(values, links)
    np.testing.assert_allclose(tails.upper[0], upper, atol=1e-12)
    np.testing.assert_allclose(tails.lower[0], lower, atol=1e-12)


def test_heavy_tails_say_what_the_grid_costs() -> None:
    rng = np.random.default_rng(0)
    draws = rng.pareto(0.3, size=(1, 2_000))
    assert on_cells(draws, 8, 150).error > on_cells(np.log(draws), 8, 150).error
