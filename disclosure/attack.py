"""The attack: the least and the greatest that each hidden count can be, given everything published together."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import optimize, sparse

from disclosure.errors import DisclosureError
from disclosure.examples import Examples
from disclosure.geography import Key
from disclosure.knowledge import Floats, Knowledge
from disclosure.nearby import Layout, Nearby, Part, some_table
from disclosure.search import Search

Integers = npt.NDArray[np.int64]
SLACK = 1e-6


@dataclass(frozen=True)
class Targets:
    """Cells that nobody may work out, and how far the range of each has to reach.

    `matrix` takes the cells to the targets, a row each; the range of each has to hold `reach_low` to `reach_high`.
    `sure` says of which it is known that they are small; as it comes, of all.
    """

    keys: tuple[Key, ...]
    matrix: sparse.csr_array
    reach_low: Floats
    reach_high: Floats
    sure: npt.NDArray[np.bool_] | None = None

    def only(self, chosen: npt.NDArray[np.bool_]) -> "Targets":
        """Return the targets chosen."""
        return self.at(np.flatnonzero(chosen))

    def at(self, places: npt.NDArray[np.int64]) -> "Targets":
        """Return the targets at some places."""
        keys = tuple(self.keys[place] for place in places)
        sure = None if self.sure is None else self.sure[places]
        return Targets(keys, self.matrix[places], self.reach_low[places], self.reach_high[places], sure)

    def surely(self) -> npt.NDArray[np.bool_]:
        """Return of which targets it is known that they are small."""
        return np.ones(len(self.keys), dtype=bool) if self.sure is None else self.sure


@dataclass(frozen=True)
class Shortfall:
    """One target whose range does not reach: `side` is 1 for its top, -1 for its bottom.

    No table takes it beyond `bound`. The `prices` prove that: dual values of the rows, of their upper bounds, then of
    their lower.
    """

    target: int
    side: int
    bound: float
    prices: Floats


@dataclass(frozen=True)
class Bound:
    """What is known of the greatest value of a sum: a table reaches `reached`, none goes beyond `most`.

    The table is the true one but for the columns of `part`, which are `table`.
    """

    reached: float
    most: float
    prices: Floats
    part: Part
    table: Floats


def shortfalls(
    knowledge: Knowledge,
    targets: Targets,
    seed: int = 0,
    examples: Examples | None = None,
    layout: Layout | None = None,
) -> list[Shortfall]:
    """Return every target, and side, whose range does not reach as far as it has to.

    First tables are sought, part by part of the map, that agree with all that is known and take many targets to their
    goals at once. What no such table shows safe is asked one by one, of as much of the map as it takes to be certain:
    a target is named if and only if it falls short. `examples` are tables found before; those found now are added.
    `layout` is that of the same facts, where it is at hand.
    """
    near = Nearby(knowledge, some_table(knowledge), layout)
    return list(_asked(near, targets, seed, examples or Examples(), both_sides=True))


def falling_short(
    knowledge: Knowledge, targets: Targets, examples: Examples, layout: Layout | None = None
) -> Integers:
    """Return the numbers of the targets that `shortfalls` names; of one that does, the other side is not asked."""
    near = Nearby(knowledge, some_table(knowledge), layout)
    found = _asked(near, targets, 0, examples, both_sides=False)
    return np.array(sorted(one.target for one in found), dtype=np.int64)


def _asked(
    near: Nearby, targets: Targets, seed: int, examples: Examples, *, both_sides: bool
) -> Iterator[Shortfall]:
    if not targets.keys:
        return
    forms = _over_all(sparse.csr_array(sparse.vstack([targets.matrix, -targets.matrix])), near)
    goals = np.concatenate([targets.reach_high, -targets.reach_low])
    number = len(targets.keys)
    open_ = Search(near, forms, goals, np.random.default_rng(seed)).unproven(examples)
    for place in range(len(goals)):
        if not open_[place]:
            continue
        goal = float(goals[place])
        bound = _greatest(near, _row(forms, place), partial(_decided, goal))
        if bound.most < goal - SLACK:
            target, side = place % number, 1 if place < number else -1
            if not both_sides:
                open_[number + target] = False
            yield Shortfall(target, side, bound.most, bound.prices)
        else:
            table = near.table.copy()
            table[bound.part.columns] = bound.table
            open_ &= forms @ table < goals - SLACK
            examples.keep(bound.part.columns, bound.table - near.table[bound.part.columns], len(near.table))


def _decided(goal: float, reached: float, most: float) -> bool:
    return reached >= goal - SLACK or most < goal - SLACK


def _row(forms: sparse.csr_array, place: int) -> Floats:
    """Return one form as numbers for all columns."""
    here = slice(forms.indptr[place], forms.indptr[place + 1])
    form = np.zeros(forms.shape[1])
    form[forms.indices[here]] = forms.data[here]
    return form


def _over_all(forms: sparse.csr_array, near: Nearby) -> sparse.csr_array:
    """Return forms over the cells as forms over all columns."""
    wide = sparse.csr_array(forms)
    return sparse.csr_array((wide.data, wide.indices, wide.indptr), shape=(wide.shape[0], len(near.table)))


def _greatest(near: Nearby, form: Floats, enough: Callable[[float, float], bool]) -> Bound:
    """Return bounds on the greatest value of a sum, from as many areas around it as it takes until they are enough.

    Once all areas are taken in, the two bounds are one.
    """
    for areas in near.outward(near.areas_at(np.flatnonzero(form))):
        bound = _bound(near, near.part(areas), form, enough)
        if enough(bound.reached, bound.most):
            break
    return bound


def _bound(near: Nearby, part: Part, form: Floats, enough: Callable[[float, float], bool]) -> Bound:
    weights = form[part.columns]
    number = near.matrix.shape[0]
    prices = np.zeros(2 * number)
    reached = part.least.greatest(weights)
    if enough(reached.value, np.inf):
        return Bound(reached.value, np.inf, prices, part, reached.columns)
    beyond = part.most.greatest(weights)
    prices[part.open_rows], prices[number + part.open_rows] = beyond.prices_high, beyond.prices_low
    return Bound(reached.value, beyond.value, prices, part, reached.columns)


def narrow(knowledge: Knowledge, targets: Targets) -> pd.DataFrame:
    """Return the targets whose range is narrower than it has to be, with the range found.

    The frame has level, code, period, low, high (the exact range, by linear programme) and reach_low, reach_high
    (a range that is wide enough); it is empty when the attack recovers nothing.
    """
    found = ranges(knowledge, targets.at(falling_short(knowledge, targets, Examples())))
    return found[found["high"] - found["low"] < found["reach_high"] - found["reach_low"]].reset_index(
        drop=True
    )


def ranges(
    knowledge: Knowledge, targets: Targets, *, whole: bool = False, layout: Layout | None = None
) -> pd.DataFrame:
    """Return the exact range of every target, rounded inward to whole numbers.

    With `whole` the attacker also uses that every cell is a whole number (slower: an integer programme each).

    Raises `DisclosureError` when no table agrees with what is said to be published.
    """
    near = Nearby(knowledge, some_table(knowledge), layout)
    forms = _over_all(targets.matrix, near)
    rows = []
    for place, key in enumerate(targets.keys):
        low, high = (_extreme(near, side * _row(forms, place), whole) for side in (-1, 1))
        rows.append((key.level, key.code, key.period, -low, high))
    frame = pd.DataFrame(rows, columns=["level", "code", "period", "low", "high"])
    return frame.assign(reach_low=targets.reach_low, reach_high=targets.reach_high)


def _extreme(near: Nearby, form: Floats, whole: bool) -> float:
    """Return the greatest whole number that a sum can be."""
    if whole:
        return _down(_greatest_whole(near.knowledge, form))
    return _down(_greatest(near, form, _same_whole).reached)


def _same_whole(reached: float, most: float) -> bool:
    return _down(reached) == _down(most)


def _down(value: float) -> float:
    return float(np.floor(value + SLACK))


def _greatest_whole(known: Knowledge, form: Floats) -> float:
    """Return the greatest value of a sum of cells when every cell is a whole number."""
    answer = optimize.milp(
        -form,
        constraints=[optimize.LinearConstraint(known.matrix, known.low, known.high)],
        bounds=optimize.Bounds(known.lower, known.upper),
        integrality=np.arange(len(known.upper)) < len(known.cells.upper),
    )
    if answer.status != 0:
        raise DisclosureError(
            f"The attack found no table that agrees with what is published ({answer.message}).",
            "Check that all releases speak of the same children.",
        )
    return -float(answer.fun)
