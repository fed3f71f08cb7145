"""Gains on five places, worked by hand."""

import numpy as np
import pandas as pd
import pytest

from risk import gains

# Five places of two children each; the last cohort of one place only.
ROWS = pd.DataFrame(
    {
        "cohort": [1] * 10,
        "area": list("AABBCCDDEE"),
        "outcome": [1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 1.0, 1.0, 0.0, 1.0],  # A 2, B 1, C 0, D 2, E 1
    }
)
AREAS = pd.Index(list("ABCDE"))
ONCE = np.ones((1, 5))


def chance(*by_area: float) -> np.ndarray:
    return np.repeat(by_area, 2).astype(float)


def recall(order: gains.Visits, share: float) -> float:
    return gains.recall(order, share, ONCE).value


def test_recall_and_children_found_in_each_place_visited() -> None:
    order = gains.visits(ROWS, chance(0.9, 0.5, 0.4, 0.3, 0.2), AREAS)
    assert recall(order, 0.2) == pytest.approx(2 / 6)  # A
    assert recall(order, 0.4) == pytest.approx(3 / 6)  # A, B
    assert recall(order, 0.3) == pytest.approx(3 / 6)  # one and a half places: two are visited
    assert gains.found_per_place(order, 0.4, ONCE).value == pytest.approx(1.5)


def test_places_that_tie_are_visited_by_lot() -> None:
    order = gains.visits(ROWS, chance(0.5, 0.5, 0.5, 0.5, 0.5), AREAS)
    assert recall(order, 0.2) == pytest.approx(0.2)
    half = gains.visits(ROWS, chance(0.9, 0.5, 0.5, 0.1, 0.1), AREAS)
    assert recall(half, 0.4) == pytest.approx((2 + 0.5) / 6)  # A, and B or C


def test_the_gain_is_paired() -> None:
    first = gains.visits(ROWS, chance(0.9, 0.1, 0.1, 0.8, 0.1), AREAS)  # A, D: 4
    second = gains.visits(ROWS, chance(0.9, 0.8, 0.1, 0.1, 0.1), AREAS)  # A, B: 3
    assert gains.gain(first, second, 0.4, ONCE).value == pytest.approx(0.5)
    same = gains.gain(first, first, 0.4, np.random.default_rng(1).multinomial(5, [0.2] * 5, 50).astype(float))
    assert (same.value, same.low, same.high) == (0, 0, 0)


def test_an_area_drawn_twice_counts_twice() -> None:
    order = gains.visits(ROWS, chance(0.9, 0.5, 0.4, 0.3, 0.2), AREAS)
    found, visited, everyone = order.found(0.4, np.array([[2.0, 1.0, 1.0, 1.0, 0.0]]))
    assert (found[0], visited[0], everyone[0]) == (4, 2, 7)  # A and A again; all: 2 x 2 + 1 + 0 + 2


def test_expected_and_rate_rank_differently() -> None:
    rows = pd.DataFrame({"cohort": 1, "area": list("AAAAB"), "outcome": [1.0, 1.0, 0.0, 0.0, 1.0]})
    said = np.array([0.4, 0.4, 0.4, 0.4, 0.9])
    areas = pd.Index(["A", "B"])
    by_number = gains.recall(gains.visits(rows, said, areas, "expected"), 0.5, np.ones((1, 2))).value
    by_rate = gains.recall(gains.visits(rows, said, areas, "rate"), 0.5, np.ones((1, 2))).value
    assert (by_number, by_rate) == (pytest.approx(2 / 3), pytest.approx(1 / 3))


def test_each_cohort_is_visited_for_itself() -> None:
    later = ROWS.assign(cohort=2, outcome=[0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0])
    both = pd.concat([ROWS, later], ignore_index=True)
    said = np.r_[chance(0.9, 0.1, 0.1, 0.1, 0.1), chance(0.1, 0.1, 0.9, 0.1, 0.1)]
    assert recall(gains.visits(both, said, AREAS), 0.2) == pytest.approx(4 / 8)


def test_the_best_that_the_true_risk_allows() -> None:
    assert gains.best_recall(ROWS, chance(0.9, 0.5, 0.1, 0.9, 0.5), 0.4) == pytest.approx(4 / 6)


def test_who_lives_in_the_places_visited() -> None:
    visited = gains.visited_first(ROWS, chance(0.9, 0.5, 0.4, 0.3, 0.2), 0.4)
    assert visited.tolist() == [True] * 4 + [False] * 6
    tied = gains.visited_first(ROWS, chance(0.5, 0.5, 0.5, 0.5, 0.5), 0.2)
    assert tied.tolist() == [True] * 2 + [False] * 8  # by code
