"""Tables kept from one search for the next: they save work, and never settle what they do not show."""

from dataclasses import replace

import numpy as np
import pytest

from disclosure.attack import Targets, shortfalls
from disclosure.examples import Examples
from disclosure.knowledge import Knowledge
from disclosure.nearby import Nearby, some_table
from tests.disclosure.tables import district, goals, knowledge, nested, release


@pytest.fixture(scope="module")
def case() -> tuple[Knowledge, Targets]:
    parts = district(seed=3, areas=75)
    released = [release(parts, secondary=False)]
    return knowledge(released, parts[0], granted=True), goals(released, parts[0])


def named(known: Knowledge, targets: Targets, examples: Examples | None) -> set[tuple[int, int]]:
    return {(one.target, one.side) for one in shortfalls(known, targets, examples=examples)}


def tightened(known: Knowledge, share: float) -> Knowledge:
    """Return the same facts with their bounds drawn in towards the true table, as if more were told."""
    assert known.example is not None
    sums = known.matrix @ known.example
    return known.within(sums - share * (sums - known.low), sums + share * (known.high - sums))


@pytest.mark.parametrize("share", [1.0, 0.7, 0.2, 0.0])
def test_what_was_found_before_changes_no_answer(case: tuple[Knowledge, Targets], share: float) -> None:
    known, targets = case
    examples = Examples()
    before = named(known, targets, examples)
    assert len(examples.changes) > 10
    more = tightened(known, share)
    assert named(more, targets, examples) == named(more, targets, None)
    assert before <= named(more, targets, None)
    assert (len(before) < len(named(more, targets, None))) == (share < 1)


def test_every_table_kept_agrees_with_what_was_known(case: tuple[Knowledge, Targets]) -> None:
    known, targets = case
    examples = Examples()
    named(known, targets, examples)
    for change in examples.changes:
        table = known.example.copy()
        table[change.columns] += change.values
        assert known.admits(table)
        assert (table >= known.lower - 1e-6).all()
        assert (table <= known.upper + 1e-6).all()


def small() -> tuple[Knowledge, Targets]:
    """Return two LSOAs of two areas: 4 + 6 and 8 + 12 cases of 15 children each."""
    parts = nested([[4], [6], [8], [12]], [[15]] * 4)
    released = [release(parts, secondary=False)]
    return knowledge(released, parts[0]), goals(released, parts[0])


def test_a_table_settles_the_forms_it_takes_to_their_goals_and_no_other() -> None:
    known, _ = small()
    near = Nearby(known, some_table(known))
    examples = Examples()
    examples.keep(np.array([0, 1]), np.array([3.0, -3.0]), 4)  # 7 + 3: the same sum, so it agrees
    forms = np.eye(4)
    settled = examples.settle(near, type(known.matrix)(forms), np.array([7.0, 6.5, 8.0, 12.5]))
    assert settled.tolist() == [True, False, False, False]
    examples.keep(np.array([2]), np.array([8.0]), 4)  # 16 + 12 = 28 is not 18 to 22: it does not agree
    assert not examples.settle(near, type(known.matrix)(forms), np.array([9.0, 9.0, 15.0, 13.0])).any()


def test_tables_over_other_cells_are_left_aside() -> None:
    known, _ = small()
    near = Nearby(replace(known), some_table(known))
    examples = Examples()
    examples.keep(np.array([0]), np.array([1.0]), 7)
    assert not examples.settle(near, known.matrix, np.full(len(known.low), 1e3)).any()
