"""The linear programme: beside another solver, its prices by duality, and what agrees with nothing."""

import highspy
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, sparse

from disclosure.errors import DisclosureError
from disclosure.programme import Answer, Bounded, Moves, Programme


def town(seed: int) -> Bounded:
    """Return random sums of nine cells of up to ten children, each rounded, so that a true table agrees."""
    random = np.random.default_rng(seed)
    cells = random.integers(0, 11, 9)
    matrix = random.integers(0, 2, (6, 9)).astype(float)
    sums = matrix @ cells
    return Bounded(sparse.csc_array(matrix), sums - 2, sums + 2, np.zeros(9), np.full(9, 10.0))


def by_another_solver(rows: Bounded, weights: np.ndarray) -> float:
    matrix = rows.matrix.toarray()
    found = optimize.linprog(
        -weights,
        A_ub=np.vstack([matrix, -matrix]),
        b_ub=np.concatenate([rows.high, -rows.low]),
        bounds=np.column_stack([rows.lower, rows.upper]),
        method="highs-ipm",
    )
    return -float(found.fun)


def by_prices(rows: Bounded, weights: np.ndarray, answer: Answer) -> float:
    """Return what the prices prove that no table goes beyond (weak duality)."""
    left = weights - rows.matrix.T @ (answer.prices_high - answer.prices_low)
    return float(
        answer.prices_high @ rows.high
        - answer.prices_low @ rows.low
        + np.maximum(left * rows.lower, left * rows.upper).sum()
    )


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.lists(st.floats(-3, 3), min_size=27, max_size=27))
def test_one_sum_after_another_is_as_great_as_another_solver_says(seed: int, weights: list[float]) -> None:
    rows = town(seed)
    programme = Programme(rows)
    for asked in np.array(weights).reshape(3, 9):
        answer = programme.greatest(asked)
        expected = by_another_solver(rows, asked)
        assert answer.value == pytest.approx(expected, abs=1e-5)
        assert answer.columns @ asked == pytest.approx(expected, abs=1e-5)
        assert by_prices(rows, asked, answer) == pytest.approx(expected, abs=1e-5)
        sums = rows.matrix @ answer.columns
        assert (sums >= rows.low - 1e-6).all()
        assert (sums <= rows.high + 1e-6).all()


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.lists(st.floats(-3, 3), min_size=9, max_size=9))
def test_moves_from_a_table_end_where_the_whole_does(seed: int, weights: list[float]) -> None:
    rows, asked = town(seed), np.array(weights)
    start = np.random.default_rng(seed).integers(0, 11, 9).astype(float)  # the table that `town` rounds
    answer = Moves(rows, start).greatest(asked)
    expected = by_another_solver(rows, asked)
    assert answer.value == pytest.approx(expected, abs=1e-5)
    assert answer.columns @ asked == pytest.approx(expected, abs=1e-5)
    assert by_prices(rows, asked, answer) == pytest.approx(expected, abs=1e-5)


def test_a_form_counts_up_to_its_goal_and_no_further() -> None:
    # Two cells share ten children: one form wants 3 of the first, the other 6 of the second; both fit, no more counts.
    rows = Bounded(
        sparse.csc_array([[1.0, 1.0]]), np.array([10.0]), np.array([10.0]), np.zeros(2), np.full(2, 10.0)
    )
    answer = Programme(rows.counting(sparse.csr_array(np.eye(2)), np.array([3.0, 6.0]))).greatest(
        np.array([0.0, 0.0, 1.0, 1.0])
    )
    assert answer.value == pytest.approx(9.0)
    assert answer.columns[0] >= 3 - 1e-9
    assert answer.columns[1] >= 6 - 1e-9


class Lost:
    """A solver that says a number of times that it does not know how it stands."""

    def __init__(self, solver: highspy.Highs, times: int) -> None:
        self.solver, self.times = solver, times

    def __getattr__(self, name: str) -> object:
        return getattr(self.solver, name)

    def getModelStatus(self) -> highspy.HighsModelStatus:  # noqa: N802 - as HiGHS calls it
        self.times -= 1
        return highspy.HighsModelStatus.kUnknown if self.times >= 0 else self.solver.getModelStatus()


@pytest.mark.parametrize("times", [0, 1, 2])
def test_a_programme_on_which_the_solver_loses_its_footing_is_solved_anew(times: int) -> None:
    rows, asked = town(7), np.arange(9.0)
    programme = Programme(rows)
    programme._solver = Lost(programme._solver, times)  # type: ignore[assignment]
    for weights in (asked, -asked):
        assert programme.greatest(weights).value == pytest.approx(by_another_solver(rows, weights), abs=1e-5)


def test_one_that_is_never_solved_is_refused_and_no_number_is_told() -> None:
    programme = Programme(town(7))
    programme._solver = Lost(programme._solver, 9)  # type: ignore[assignment]
    with pytest.raises(DisclosureError, match="not solved"):
        programme.greatest(np.arange(9.0))


def test_rows_that_no_table_agrees_with_are_said() -> None:
    rows = Bounded(
        sparse.csc_array([[1.0, 1.0]]), np.array([30.0]), np.array([40.0]), np.zeros(2), np.full(2, 10.0)
    )
    with pytest.raises(DisclosureError, match="no table"):
        Programme(rows).greatest(np.array([1.0, 0.0]))
