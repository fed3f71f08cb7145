"""Benjamini and Hochberg's q, by hand and by its properties."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import false_discovery_control

from geo.multiplicity import benjamini_hochberg, fewest_at_floor

P = st.lists(st.floats(1e-13, 1.0), min_size=1, max_size=60)


def test_by_hand() -> None:
    """0.04 x 4 / 3 = 0.0533; 0.03 x 4 / 2 = 0.06 but 0.0533 stands above it; 0.01 x 4 = 0.04; 0.9 stays."""
    q = benjamini_hochberg(np.array([0.9, 0.01, 0.04, 0.03]))
    np.testing.assert_allclose(q, [0.9, 0.04, 0.16 / 3, 0.16 / 3])


def test_areas_without_an_answer_are_no_tests() -> None:
    """Two answers among five areas: m = 2, so 0.02 becomes 0.04, not 0.1."""
    q = benjamini_hochberg(np.array([np.nan, 0.02, np.nan, 0.5, np.nan]))
    np.testing.assert_allclose(q, [np.nan, 0.04, np.nan, 0.5, np.nan])


@given(P)
def test_equals_scipy(p: list[float]) -> None:
    np.testing.assert_allclose(benjamini_hochberg(np.array(p)), false_discovery_control(p), rtol=1e-12)


@given(P)
def test_keeps_order_and_ties_and_lies_between_p_and_1(p: list[float]) -> None:
    p = np.array(p + p[:1])
    q = benjamini_hochberg(p)
    assert q[0] == q[-1]
    assert (q >= p * (1 - 1e-12)).all()
    assert (q <= 1).all()
    assert (np.diff(q[np.argsort(p)]) >= 0).all()


def test_draws_are_corrected_one_by_one() -> None:
    p = np.array([[0.01, 0.5, 0.02], [0.3, np.nan, 0.04]])
    np.testing.assert_allclose(benjamini_hochberg(p), [benjamini_hochberg(row) for row in p])


@pytest.mark.parametrize(
    ("areas", "floor", "fewest"), [(550, 0.003, 33), (188_880, 0.001, 3_778), (550, 2e-5, 1)]
)
def test_how_many_must_sit_at_the_floor(areas: int, floor: float, fewest: int) -> None:
    """550 areas with esda's old two-sided floor 3/1000 need 33 (worked by hand: 550 x 0.003 / 0.05)."""
    assert fewest_at_floor(areas, floor, 0.05) == fewest
