"""Shrinking: what the children's outcomes say of areas beyond what was predicted of them, with all its doubt."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import product

import numpy as np
import numpy.typing as npt

from risk.pooling import chances_of
from risk.tree import Evidence, Floats, Integers, Tree, gather, leaf_variances, settle

SPREADS = (0.03, 0.1, 0.18, 0.28, 0.42, 0.65, 1.0)
"""Standard deviations, in log odds, at which each step of the tree is tried."""
PRIOR_SPREAD = 0.5
"""Scale, in log odds, of the Rayleigh law that each spread is held to follow before the outcomes are seen."""
STEPS, STILL = 30, 1e-4
_SPAN, _STEP = 8.0, 0.05
_CELLS = 1_000_000
_AT_ONCE = 16


@dataclass(frozen=True)
class Children:
    """The children with an outcome, sorted by area: `area` (position of the leaf) and `outcome` (1 or 0)."""

    area: Integers
    outcome: Floats

    def sums(self, values: Floats, areas: int) -> Floats:
        """Return the sums by area of values that have children in their last axis, batch x areas."""
        some, starts = self._areas
        found = np.zeros((len(values), areas))
        found[:, some] = np.add.reduceat(values, starts, axis=1)
        return found

    @cached_property
    def _areas(self) -> tuple[Integers, npt.NDArray[np.intp]]:
        """Return the areas that have children, and where those of each start."""
        return np.unique(self.area, return_index=True)


@dataclass(frozen=True)
class Spreads:
    """How much areas differ beyond their prediction: points in log odds (points x steps) and their weights."""

    points: Floats
    weights: Floats

    @property
    def mean(self) -> Floats:
        """Return the expected standard deviation of each step of the tree, in log odds."""
        return np.asarray(self.weights @ self.points)

    def draw(self, n: int, rng: np.random.Generator) -> Floats:
        """Return n draws of the spreads, n x steps."""
        return np.asarray(self.points[rng.choice(len(self.points), size=n, p=self.weights)])


def spreads_of(tree: Tree, children: Children, log_odds: Floats) -> Spreads:
    """Return what the outcomes say of the spreads between areas, between their parents, and so on.

    Every combination of SPREADS is weighed by its prior and by the likelihood of the outcomes with all effects
    integrated out (Laplace's approximation; exact in the tree). The prior is 0 at a spread of 0, so that an unlucky
    sample does not declare areas alike. `log_odds` is one prediction for each child.

    Reference: Chung et al. (2013), Psychometrika 78, 685-709; Tierney and Kadane (1986), JASA 81, 82-86;
    docs/methods/areas.md.
    """
    points = np.array(list(product(SPREADS, repeat=tree.steps)))
    table = _Tabulated.of(children, log_odds, len(tree.codes))
    batch = max(1, _CELLS // max(len(tree.codes), 1))
    fitted = [_weigh(tree, table, points[at : at + batch]) for at in range(0, len(points), batch)]
    weights = np.concatenate(fitted) + np.log(_prior())[_positions(tree.steps)].sum(axis=1)
    weights = np.exp(weights - weights.max())
    return Spreads(points, weights / weights.sum())


def draw_effects(
    tree: Tree,
    children: Children,
    log_odds: Floats,
    *,
    kept: npt.NDArray[np.bool_],
    spreads: Floats,
    rng: np.random.Generator,
) -> Floats:
    """Return one draw of every area's effect for each row of `log_odds`, batch x areas, in log odds.

    The effects' law given the outcomes is taken as normal, with the curvature at its mode and around its mean, which
    lies a little beside the mode. `log_odds` and `kept` (whether a child's outcome counts as evidence of its area) are
    batch x children; `spreads` is batch x steps.

    Reference: Lindley (1980), Trabajos de Estadistica 31, from p. 223; docs/methods/areas.md.
    """

    def slopes(effects: Floats) -> tuple[Floats, Floats, Floats]:
        expected, precision, bend = (np.empty_like(effects) for _ in range(3))
        for rows in few(len(effects)):
            chance = chances_of(log_odds[rows] + effects[rows][:, children.area])
            heard = chance * kept[rows]
            first, second, third = (
                children.sums(part, effects.shape[1])
                for part in (heard, heard * chance, heard * chance * chance)
            )
            expected[rows], precision[rows] = first, first - second
            bend[rows] = first - 3 * second + 2 * third
        return cases - expected, precision, bend

    cases = children.sums(children.outcome * kept, len(tree.codes))
    effects, nothing = np.zeros((len(log_odds), len(tree.codes))), np.zeros(len(log_odds))
    for _ in range(STEPS):
        before = effects
        pull, precision, _ = slopes(effects)
        gathered = gather(tree, _evidence(effects, pull, precision), nothing, spreads)
        effects = _step(before, settle(tree, gathered, spreads))
        if np.abs(effects - before).max() < STILL:
            break
    pull, precision, bend = slopes(effects)
    gathered = gather(tree, _evidence(effects, pull, precision), nothing, spreads)
    # the mean lies beside the mode, in every area to the same side: together that would move the whole district
    pull = pull - 0.5 * bend * leaf_variances(tree, gathered, spreads)
    return settle(tree, gather(tree, _evidence(effects, pull, precision), nothing, spreads), spreads, rng)


def batches(draws: int, children: int) -> Iterator[slice]:
    """Give slices of the draws small enough to be held in memory with all children."""
    size = max(1, _CELLS // max(children, 1))
    for start in range(0, draws, size):
        yield slice(start, min(start + size, draws))


def few(draws: int) -> Iterator[slice]:
    """Give slices of a few draws, so that all children of them stay in the processor's cache."""
    for start in range(0, draws, _AT_ONCE):
        yield slice(start, min(start + _AT_ONCE, draws))


@dataclass(frozen=True)
class _Tabulated:
    """Each area's log-likelihood and its two slopes as functions of its effect: they do not depend on the spreads."""

    log_likelihood: Floats
    pull: Floats
    precision: Floats

    @classmethod
    def of(cls, children: Children, log_odds: Floats, areas: int) -> "_Tabulated":
        at = np.arange(-_SPAN, _SPAN + _STEP / 2, _STEP)
        parts = [np.empty((len(at), areas)) for _ in range(3)]
        for row, effect in enumerate(at):
            shifted = log_odds + effect
            chance = chances_of(shifted)
            told = children.outcome * shifted - _log_of_one_and_exp(shifted)
            for part, values in zip(
                parts, (told, children.outcome - chance, chance * (1 - chance)), strict=True
            ):
                part[row] = children.sums(values[None, :], areas)[0]
        return cls(*(np.ascontiguousarray(part.T) for part in parts))

    def at(self, effects: Floats) -> tuple[Floats, Floats, Floats]:
        """Return log-likelihood, pull and precision at effects, batch x areas, between the tabulated points."""
        place = np.clip((effects + _SPAN) / _STEP, 0, self.pull.shape[1] - 1.000001)
        cell = place.astype(np.int64)
        part = place - cell
        flat = cell + np.arange(effects.shape[1]) * self.pull.shape[1]
        told, pull, precision = (
            whole.ravel()[flat] * (1 - part) + whole.ravel()[flat + 1] * part
            for whole in (self.log_likelihood, self.pull, self.precision)
        )
        # a straight line lies below a concave curve by at most this, which adds up over many areas
        return told + 0.5 * precision * part * (1 - part) * _STEP**2, pull, precision


def _weigh(tree: Tree, table: _Tabulated, points: Floats) -> Floats:
    """Return the log-likelihood of each point of spreads, with the effects integrated out."""
    effects = np.zeros((len(points), len(tree.codes)))
    for _ in range(STEPS):
        before = effects
        _, pull, precision = table.at(effects)
        gathered = gather(tree, _evidence(effects, pull, precision), np.zeros(len(points)), points)
        effects = _step(before, settle(tree, gathered, points))
        if np.abs(effects - before).max() < STILL:
            break
    told, pull, precision = table.at(effects)
    constant = (told - pull * effects - 0.5 * precision * effects**2).sum(axis=1)
    return gather(tree, _evidence(effects, pull, precision), constant, points).log_integral


def _log_of_one_and_exp(values: Floats) -> Floats:
    """Return log(1 + exp(values)), of functions for which NumPy takes several numbers at once."""
    return np.asarray(np.maximum(values, 0.0) + np.log1p(np.exp(-np.abs(values))))


def _evidence(effects: Floats, pull: Floats, precision: Floats) -> Evidence:
    return Evidence(precision, precision * effects + pull)


def _step(before: Floats, after: Floats) -> Floats:
    """Return a Newton step of at most 2 in log odds: longer ones can swing."""
    return np.asarray(before + np.clip(after - before, -2.0, 2.0))


def _prior() -> Floats:
    """Return the prior weight of each spread: the Rayleigh density times the width it stands for."""
    at = np.array(SPREADS)
    edges = np.concatenate([[0.0], (at[1:] + at[:-1]) / 2, [at[-1] + (at[-1] - at[-2]) / 2]])
    return np.asarray(at * np.exp(-0.5 * (at / PRIOR_SPREAD) ** 2) * np.diff(edges))


def _positions(steps: int) -> Integers:
    return np.array(list(product(range(len(SPREADS)), repeat=steps)), dtype=np.int64)
