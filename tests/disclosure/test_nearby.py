"""A part of the map alone: its two bounds hold the answer of the whole, worked by hand and by a plain programme."""

from dataclasses import replace

import numpy as np
import pytest

from disclosure.attack import Targets, ranges, shortfalls
from disclosure.knowledge import Knowledge
from disclosure.nearby import Nearby, some_table
from disclosure.programme import Programme
from tests.disclosure.peer import extremes
from tests.disclosure.tables import district, goals, knowledge, nested, release


@pytest.fixture(scope="module")
def case() -> tuple[Knowledge, Targets]:
    """Return what is known of a district of 75 areas without secondary suppression, and 40 of its small counts."""
    parts = district(seed=3, areas=75)
    released = [release(parts, secondary=False)]
    targets = goals(released, parts[0])
    some = np.random.default_rng(0).permutation(len(targets.keys))[:40]
    return knowledge(released, parts[0], granted=True), targets.at(np.sort(some))


@pytest.fixture(scope="module")
def plain(case: tuple[Knowledge, Targets]) -> np.ndarray:
    return extremes(*case)


def test_the_answer_of_the_whole_lies_between_those_of_a_part(case, plain) -> None:  # type: ignore[no-untyped-def]
    known, targets = case
    near = Nearby(known, some_table(known))
    narrower = 0
    for place, (least, most) in enumerate(plain):
        form = targets.matrix[[place]]
        for areas in near.outward(near.layout.areas_of(form).toarray().ravel() > 0):
            part = near.part(areas)
            weights = form[:, part.columns].toarray().ravel()
            for side, true in ((1, most), (-1, -least)):
                within = Programme(part.within).greatest(side * weights).value
                without = Programme(part.without).greatest(side * weights).value
                assert within <= true + 1e-6 <= without + 2e-6
                narrower += without > within + 1e-6
                if areas.all():
                    assert within == pytest.approx(without, abs=1e-6)
    assert narrower  # some part leaves a question open, so the test could fail


def test_ranges_are_those_of_a_plain_programme_over_all_cells(case, plain) -> None:  # type: ignore[no-untyped-def]
    found = ranges(*case)
    assert (found["low"] == np.ceil(plain[:, 0] - 1e-6)).all()
    assert (found["high"] == np.floor(plain[:, 1] + 1e-6)).all()


@pytest.fixture(scope="module")
def sharp(case, plain) -> Targets:  # type: ignore[no-untyped-def]
    """Return the targets with goals half a child beyond what is possible at every other one, and half within it."""
    targets = case[1]
    beyond = np.where(np.arange(len(plain)) % 2, 0.5, -0.5)
    return replace(targets, reach_low=plain[:, 0] - beyond, reach_high=plain[:, 1] + beyond)


@pytest.mark.parametrize("example", ["the true table", "one that is sought"])
def test_a_target_is_named_if_and_only_if_it_falls_short(case, sharp, example: str) -> None:  # type: ignore[no-untyped-def]
    known = case[0] if example == "the true table" else replace(case[0], example=None)
    found = {(one.target, one.side) for one in shortfalls(known, sharp)}
    assert found == {(place, side) for place in range(1, len(sharp.keys), 2) for side in (1, -1)}


def test_prices_prove_that_a_target_falls_short(case, sharp) -> None:  # type: ignore[no-untyped-def]
    known, number = case[0], len(case[0].low)
    for one in shortfalls(known, sharp):
        high, low = one.prices[:number], one.prices[number:]
        left = one.side * sharp.matrix[[one.target]].toarray().ravel() - known.matrix.T @ (high - low)
        proven = (
            high @ known.high - low @ known.low + np.maximum(left * known.lower, left * known.upper).sum()
        )
        goal = sharp.reach_high[one.target] if one.side == 1 else -sharp.reach_low[one.target]
        assert proven <= one.bound + 1e-5 < goal


def test_a_part_by_hand() -> None:
    # L0 has two areas of 15 children, 10 cases told as 8 to 12; L1 the same with 20 (18 to 22); D 30 (28 to 32).
    parts = nested([[4], [6], [8], [12]], [[15]] * 4)
    known = knowledge([release(parts, secondary=False)], parts[0])
    near = Nearby(known, some_table(known))
    part = near.part(np.array([True, True, False, False]))
    # From within, the 20 cases of L1 stay as they are, and the district leaves 28 - 20 to 12. From without the district
    # leaves 28 - 30 to 32, which says nothing, and L0's own 8 to 12 is all there is.
    for rows in (part.within, part.without):
        programme = Programme(rows)
        assert programme.greatest(np.array([1.0, 1.0])).value == pytest.approx(12.0)
        assert programme.greatest(np.array([-1.0, -1.0])).value == pytest.approx(-8.0)
    assert len(part.without.low) == 1
