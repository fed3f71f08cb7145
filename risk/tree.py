"""The tree of areas: output areas in LSOAs in MSOAs in one district, and how effects travel along it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd

from risk.errors import RiskError
from words.faults import Fault

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

ROOT_SPREAD = 3.0
"""Standard deviation of the district's own level, in log odds around 0: wide enough to say nothing."""


@dataclass(frozen=True)
class Tree:
    """Areas nested in levels, the finest first.

    `codes` names the leaves. `parents[k]` gives, for each node of step k (0: the leaves), the position of its parent
    among the nodes of step k + 1; the last parent is always the district, node 0. `levels` names the parents' levels.
    """

    codes: pd.Index
    levels: tuple[str, ...]
    parents: tuple[Integers, ...]

    @property
    def steps(self) -> int:
        """Return how many links lead from a leaf to the district: as many as there are spreads."""
        return len(self.parents)


@dataclass(frozen=True)
class Evidence:
    """What is known of each node's value x, as exp(-precision x^2 / 2 + pull x); batch x nodes."""

    precision: Floats
    pull: Floats


@dataclass(frozen=True)
class Gathered:
    """Evidence of every step, leaves first and the district last, and the logarithm of its integral (batch)."""

    steps: tuple[Evidence, ...]
    log_integral: Floats


def plant(places: pd.DataFrame, levels: Sequence[str] = ("lsoa", "msoa")) -> Tree:
    """Return the tree of the areas in `places`, with those of `levels` (finest first) that it has as columns.

    `places` has one row a leaf, indexed by code. A level whose areas do not nest in the next is an error, because
    shrinking towards it would count an area twice. Raises RiskError with every area that has no parent or two.
    """
    present = tuple(level for level in levels if level in places)
    faults = [
        Fault(
            "The area has no parent at this level.",
            "Add the lookup of the place.",
            column=level,
            value=str(code),
        )
        for level in present
        for code in places.index[places[level].isna()]
    ]
    for low, high in pairwise(present):
        several = places.groupby(low)[high].nunique()
        faults += [
            Fault(
                f"This {low} lies in several areas of {high}.",
                "Check the lookup.",
                column=low,
                value=str(code),
            )
            for code in several.index[several > 1]
        ]
    if not places.index.is_unique:
        twice = places.index[places.index.duplicated()]
        faults += [Fault("The area stands twice.", "Give it one row.", value=str(code)) for code in twice]
    if faults:
        raise RiskError(faults)
    return Tree(places.index, present, _parents(places, present))


def gather(tree: Tree, evidence: Evidence, constant: Floats, spreads: Floats) -> Gathered:
    """Return all evidence, passed up from the leaves to the district, with what it says of the spreads.

    A node's value differs from its parent's by a normal deviate with the step's standard deviation; the district's from
    0 with ROOT_SPREAD. Integrating a node out of exp(-w x^2 / 2 + h x) over x ~ N(v, t^2) leaves the same form in v,
    with w / (1 + w t^2) and h / (1 + w t^2): so one pass up the tree is exact and takes a time in line with the areas.

    `evidence` is of the leaves; `constant` (batch) is added to the logarithm; `spreads` is batch x steps, log odds.
    """
    steps, total = [evidence], constant
    for k, parent in enumerate(tree.parents):
        variance = spreads[:, [k]] ** 2
        seen, added = _pass_up(steps[-1], variance)
        count = int(parent.max()) + 1
        steps.append(Evidence(_sum(seen.precision, parent, count), _sum(seen.pull, parent, count)))
        total = total + added
    _, added = _pass_up(steps[-1], np.full((len(spreads), 1), ROOT_SPREAD**2))
    return Gathered(tuple(steps), np.asarray(total + added))


def settle(
    tree: Tree, gathered: Gathered, spreads: Floats, noise: np.random.Generator | None = None
) -> Floats:
    """Return the leaves' values given all evidence, batch x leaves: the most likely, or with `noise` one draw each."""
    variances = [spreads[:, [k]] ** 2 for k in range(tree.steps)]
    value = _given(gathered.steps[-1], np.zeros((len(spreads), 1)), np.full((1, 1), ROOT_SPREAD**2), noise)
    for k in reversed(range(tree.steps)):
        value = _given(gathered.steps[k], value[:, tree.parents[k]], variances[k], noise)
    return value


def leaf_variances(tree: Tree, gathered: Gathered, spreads: Floats) -> Floats:
    """Return the variance of each leaf's value given all evidence, batch x leaves.

    A node's is what is left of it where its parent is known, and its share of the parent's own: one pass down is exact.
    """
    value = _left(gathered.steps[-1], np.zeros((len(spreads), 1)), np.full((1, 1), ROOT_SPREAD**2))
    for k in reversed(range(tree.steps)):
        value = _left(gathered.steps[k], value[:, tree.parents[k]], spreads[:, [k]] ** 2)
    return value


def _parents(places: pd.DataFrame, levels: Sequence[str]) -> tuple[Integers, ...]:
    parents, node = [], np.arange(len(places))
    for level in levels:
        above = pd.factorize(places[level], sort=True)[0].astype(np.int64)
        parent = np.zeros(int(node.max()) + 1, dtype=np.int64)
        parent[node] = above
        parents.append(parent)
        node = above
    return (*parents, np.zeros(int(node.max()) + 1, dtype=np.int64))


def _pass_up(seen: Evidence, variance: Floats) -> tuple[Evidence, Floats]:
    scale = 1 + seen.precision * variance
    added = 0.5 * (seen.pull**2 * variance / scale - np.log(scale)).sum(axis=1)
    return Evidence(seen.precision / scale, seen.pull / scale), added


def _given(seen: Evidence, above: Floats, variance: Floats, noise: np.random.Generator | None) -> Floats:
    scale = 1 + seen.precision * variance
    value = (seen.pull * variance + above) / scale
    if noise is not None:
        value = value + np.sqrt(variance / scale) * noise.standard_normal(value.shape)
    return np.asarray(value)


def _left(seen: Evidence, above: Floats, variance: Floats) -> Floats:
    scale = 1 + seen.precision * variance
    return np.asarray(variance / scale + above / scale**2)


def _sum(values: Floats, groups: Integers, count: int) -> Floats:
    """Return the sums of the last axis by group, batch x count."""
    if count == 1:
        return np.asarray(values.sum(axis=1, keepdims=True))
    flat = (np.arange(len(values))[:, None] * count + groups).ravel()
    sums = np.bincount(flat, weights=values.ravel(), minlength=len(values) * count)
    return np.asarray(sums.reshape(-1, count), dtype=np.float64)
