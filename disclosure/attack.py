"""The attack: the least and the greatest that each hidden count can be, given everything published together."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import optimize, sparse

from disclosure.errors import DisclosureError
from disclosure.geography import Key
from disclosure.knowledge import Floats, Knowledge

SLACK = 1e-6
ROUND = 400  # targets that one linear programme tries to show safe together
IDLE_ROUNDS = 2  # rounds without a gain after which the rest is solved one by one
FEW = 4  # sides that are solved one by one without such a round


@dataclass(frozen=True)
class Targets:
    """Cells that nobody may work out, and how far the range of each has to reach.

    `matrix` takes the cells to the targets, a row each; the range of each has to hold `reach_low` to `reach_high`.
    """

    keys: tuple[Key, ...]
    matrix: sparse.csr_array
    reach_low: Floats
    reach_high: Floats

    def only(self, chosen: npt.NDArray[np.bool_]) -> "Targets":
        """Return the targets chosen."""
        return self.at(np.flatnonzero(chosen))

    def at(self, places: npt.NDArray[np.int64]) -> "Targets":
        """Return the targets at some places."""
        keys = tuple(self.keys[place] for place in places)
        return Targets(keys, self.matrix[places], self.reach_low[places], self.reach_high[places])


@dataclass(frozen=True)
class Shortfall:
    """One target whose range does not reach: `side` is 1 for its top, -1 for its bottom; `bound` is how far it goes.

    `prices` are the dual values of the rows: of their upper bounds, then of their lower.
    """

    target: int
    side: int
    bound: float
    prices: Floats


class Programme:
    """The linear programme of an attacker, set up once and asked many times."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        limits = np.concatenate([knowledge.high, -knowledge.low])
        self._bounding = np.flatnonzero(np.isfinite(limits))
        matrix, self._sums = with_sums(knowledge)
        self._rows = sparse.csr_array(sparse.vstack([matrix, -matrix]))[self._bounding]
        self._limits = limits[self._bounding]
        self._prices = len(limits)
        self._width = len(knowledge.upper)
        more = matrix.shape[1] - self._width
        self._bounds = np.column_stack(
            [np.append(knowledge.lower, np.zeros(more)), np.append(knowledge.upper, np.full(more, np.inf))]
        )

    def greatest(self, form: Floats) -> tuple[float, Floats, Floats]:
        """Return the greatest value of a sum of cells, the rows' prices, and a table that attains it.

        Raises `DisclosureError` when no table agrees with what is said to be published.
        """
        answer = optimize.linprog(
            -_padded(form, self._rows.shape[1]),
            A_ub=self._rows,
            b_ub=self._limits,
            A_eq=self._sums,
            b_eq=np.zeros(self._sums.shape[0]),
            bounds=self._bounds,
            method="highs",
        )
        value, prices = -_solved(answer), np.zeros(self._prices)
        prices[self._bounding] = -answer.ineqlin.marginals
        return value, prices, np.asarray(answer.x)[: self._width]

    def greatest_whole(self, form: Floats) -> float:
        """Return the greatest value of a sum of cells when every cell is a whole number."""
        known = self.knowledge
        answer = optimize.milp(
            -form,
            constraints=[optimize.LinearConstraint(known.matrix, known.low, known.high)],
            bounds=optimize.Bounds(known.lower, known.upper),
            integrality=np.arange(len(known.upper)) < len(known.cells.upper),
        )
        return -_solved(answer)

    def together(self, forms: sparse.csr_array, goals: Floats, weights: Floats) -> Floats:
        """Return a table that takes as many of several sums as it can up to their goals.

        Each sum counts up to its goal and no further, so one table can show many targets safe at once.
        """
        number, width = forms.shape[0], self._rows.shape[1]
        forms = sparse.csr_array((forms.data, forms.indices, forms.indptr), shape=(number, width))
        rows = sparse.block_array([[self._rows, None], [-forms, sparse.eye_array(number)]], format="csr")
        bounds = np.vstack([self._bounds, np.column_stack([np.full(number, -np.inf), goals])])
        costs = np.concatenate([np.zeros(width), -weights])
        limits = np.concatenate([self._limits, np.zeros(number)])
        sums = sparse.csr_array(
            (self._sums.data, self._sums.indices, self._sums.indptr),
            shape=(self._sums.shape[0], width + number),
        )
        answer = optimize.linprog(
            costs,
            A_ub=rows,
            b_ub=limits,
            A_eq=sums,
            b_eq=np.zeros(sums.shape[0]),
            bounds=bounds,
            method="highs",
        )
        _solved(answer)
        return np.asarray(answer.x)[: self._width]


def with_sums(knowledge: Knowledge) -> tuple[sparse.csr_array, sparse.csr_array]:
    """Return the rows of knowledge with a column more for each area's sum over cohorts, and what ties the two.

    Most rows speak of pooled counts, so each names every cohort of many areas alike; a column that stands for that sum
    leaves a fifth of the entries, and the programmes are solved three times as fast. The answers stay the same.
    """
    number, cohorts = len(knowledge.cells.areas), len(knowledge.cells.cohorts)
    cells, whole = number * cohorts, sparse.csr_array(knowledge.matrix)
    if not whole.nnz or cohorts == 1:
        return whole, sparse.csr_array((0, whole.shape[1]))
    blocks = [sparse.csr_array(whole[:, place:cells:cohorts]) for place in range(cohorts)]
    middle = blocks[cohorts // 2]
    alike = [_alike(block, middle) for block in blocks]
    core = [place for place, one in enumerate(alike) if one.nnz > middle.nnz / 2]
    shared = middle
    for place in core:
        shared = sparse.csr_array(shared.multiply(alike[place]))
    chosen = np.zeros((1, cohorts))
    chosen[0, core] = 1.0
    taken = sparse.csr_array(sparse.kron(shared, chosen))
    taken.resize((whole.shape[0], whole.shape[1]))
    rest = sparse.csr_array(whole - taken)
    rest.data[np.abs(rest.data) < 1e-12] = 0.0
    rest.eliminate_zeros()
    ties = sparse.csr_array(sparse.kron(sparse.eye_array(number), chosen))
    ties.resize((number, whole.shape[1]))
    return (
        sparse.csr_array(sparse.hstack([rest, shared])),
        sparse.csr_array(sparse.hstack([ties, -sparse.eye_array(number)])),
    )


def _alike(block: sparse.csr_array, other: sparse.csr_array) -> sparse.csr_array:
    """Return 1 where two matrices have the same entry, and not 0."""
    here = sparse.csr_array(other.sign().multiply(other.sign()))
    apart = sparse.csr_array(abs(block - other))
    apart.data = (apart.data > 1e-12).astype(float)
    apart.eliminate_zeros()
    same = sparse.csr_array(here - here.multiply(apart))
    same.eliminate_zeros()
    return same


def _solved(answer: optimize.OptimizeResult) -> float:
    if answer.status != 0:
        raise DisclosureError(
            f"The attack found no table that agrees with what is published ({answer.message}).",
            "Check that all releases speak of the same children.",
        )
    return float(answer.fun)


def shortfalls(knowledge: Knowledge, targets: Targets, seed: int = 0) -> list[Shortfall]:
    """Return every target, and side, whose range does not reach as far as it has to.

    First tables are sought that agree with all that is known and take many targets to their goals at once; what no
    such table shows safe is solved one by one, exactly. So a target is named if and only if it falls short.
    """
    programme = Programme(knowledge)
    forms = sparse.csr_array(sparse.vstack([targets.matrix, -targets.matrix]))
    goals = np.concatenate([targets.reach_high, -targets.reach_low])
    open_ = _unproven(programme, forms, goals, np.random.default_rng(seed))
    found = []
    for place in np.flatnonzero(open_):
        form = _padded(forms[[place]].toarray().ravel(), knowledge.matrix.shape[1])
        bound, prices, _ = programme.greatest(form)
        if bound < goals[place] - SLACK:
            number = len(targets.keys)
            found.append(Shortfall(int(place) % number, 1 if place < number else -1, bound, prices))
    return found


def _unproven(
    programme: Programme, forms: sparse.csr_array, goals: Floats, random: np.random.Generator
) -> npt.NDArray[np.bool_]:
    cells = forms.shape[1]
    open_ = np.ones(forms.shape[0], dtype=bool)
    idle = 0
    while open_.sum() > FEW and idle < IDLE_ROUNDS:
        chosen = random.permutation(np.flatnonzero(open_))[:ROUND]
        table = programme.together(forms[chosen], goals[chosen], random.uniform(0.5, 1.5, len(chosen)))
        reached = forms @ table[:cells] >= goals - SLACK
        idle = 0 if (open_ & reached).any() else idle + 1
        open_ &= ~reached
    return open_


def _padded(form: Floats, width: int) -> Floats:
    return np.concatenate([form, np.zeros(width - len(form))])


def narrow(knowledge: Knowledge, targets: Targets) -> pd.DataFrame:
    """Return the targets whose range is narrower than it has to be, with the range found.

    The frame has level, code, period, low, high (the exact range, by linear programme) and reach_low, reach_high
    (a range that is wide enough); it is empty when the attack recovers nothing.
    """
    named = np.zeros(len(targets.keys), dtype=bool)
    named[[shortfall.target for shortfall in shortfalls(knowledge, targets)]] = True
    found = ranges(knowledge, targets.only(named))
    return found[found["high"] - found["low"] < found["reach_high"] - found["reach_low"]].reset_index(
        drop=True
    )


def ranges(knowledge: Knowledge, targets: Targets, *, whole: bool = False) -> pd.DataFrame:
    """Return the exact range of every target, rounded inward to whole numbers.

    With `whole` the attacker also uses that every cell is a whole number (slower: an integer programme each).
    """
    programme = Programme(knowledge)
    rows = []
    for place, key in enumerate(targets.keys):
        form = _padded(targets.matrix[[place]].toarray().ravel(), knowledge.matrix.shape[1])
        low, high = (_extreme(programme, side * form, whole) * side for side in (-1, 1))
        rows.append((key.level, key.code, key.period, np.ceil(low - SLACK), np.floor(high + SLACK)))
    frame = pd.DataFrame(rows, columns=["level", "code", "period", "low", "high"])
    return frame.assign(reach_low=targets.reach_low, reach_high=targets.reach_high)


def _extreme(programme: Programme, form: Floats, whole: bool) -> float:
    return programme.greatest_whole(form) if whole else programme.greatest(form)[0]
