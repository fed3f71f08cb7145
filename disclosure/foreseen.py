"""The foreseen: predicted classes and expected counts, and for which counts they would have come out the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from disclosure.knowledge import Floats
from disclosure.policy import EPSILON, Policy

HOT, COLD, NONE = "hot", "cold", "none"
Figure = tuple[str, tuple[float, float]]


@dataclass(frozen=True)
class Foreseen:
    """A prediction of the rates of areas, before the gate.

    `draws` is indexed by area code: the true rate (a share) as it may be, a column a draw, NaN where there is no child.
    An area is called hot (or cold) where it and its neighbourhood lie above (or below) the rate of all by more than
    `margin` (a share) with a chance of `certainty` or more.
    """

    draws: pd.DataFrame
    margin: float
    certainty: float


@dataclass(frozen=True)
class Gaps:
    """How far above all others an area and its neighbourhood lie in each draw, and what one child more would add.

    `own` and `around` are areas x draws (shares). A child more in the area adds `step_own` to the one and `step_around`
    to the other; a child more around it adds `step_near` to `around` and takes `step_all` from both.
    """

    own: Floats
    around: Floats
    step_own: Floats
    step_around: Floats
    step_all: float


def gaps_of(draws: Floats, children: Floats, neighbours: Sequence[Sequence[int]]) -> Gaps:
    """Return the gaps of every area, children counting alike.

    :param draws: areas x draws. :param children: by area. :param neighbours: the places of those around each area.
    """
    cases = np.where(children[:, None] > 0, np.nan_to_num(draws) * children[:, None], 0.0)
    everybody = max(float(children.sum()), 1.0)
    district = cases.sum(axis=0) / everybody
    near = np.array([cases[list(others)].sum(axis=0) for others in neighbours]) + cases
    people = np.array([children[list(others)].sum() for others in neighbours]) + children
    with np.errstate(invalid="ignore", divide="ignore"):
        own, around = cases / children[:, None] - district, near / people[:, None] - district
        return Gaps(own, around, 1 / children, 1 / people, 1 / everybody)


def called_at(
    gaps: Gaps, place: int, foreseen: Foreseen, here: Floats, near: Floats
) -> tuple[list[str], Floats]:
    """Return the class of an area and the chance that it is hot, had it and those around it so many children more.

    :param here: children more in the area, a number an answer. :param near: children more around it, likewise.
    """
    all_ = (here + near) * gaps.step_all
    own = gaps.own[place] + (here * gaps.step_own[place] - all_)[:, None]
    around = gaps.around[place] + ((here + near) * gaps.step_around[place] - all_)[:, None]
    above = np.mean((own > foreseen.margin) & (around > foreseen.margin), axis=1)
    below = np.mean((own < -foreseen.margin) & (around < -foreseen.margin), axis=1)
    certain = foreseen.certainty - EPSILON
    return [str(name) for name in np.select([above >= certain, below >= certain], [HOT, COLD], NONE)], above


def same_figure(values: Sequence[Figure | str], place: int) -> tuple[int, int]:
    """Return the first and the last of the places around one at which the figure is the same as there."""
    low = high = place
    while low > 0 and values[low - 1] == values[place]:
        low -= 1
    while high < len(values) - 1 and values[high + 1] == values[place]:
        high += 1
    return low, high


def shrinking(counts: Floats, children: Floats) -> Floats:
    """Return how far each area's shrunken rate follows its own count, from 0 to 1 (Marshall 1991)."""
    some = children > 0
    overall = counts.sum() / max(children.sum(), 1.0)
    rates = np.divide(counts, children, out=np.zeros(len(counts)), where=some)
    between = (children * (rates - overall) ** 2).sum() / max(children.sum(), 1.0)
    between = max(0.0, between - overall / max(children[some].mean() if some.any() else 1.0, 1.0))
    noise = np.divide(overall, children, out=np.full(len(counts), np.inf), where=some)
    return np.asarray(between / (between + noise) if between > 0 else np.zeros(len(counts)))


def room(values: Mapping[str, float], policy: Policy) -> tuple[float, float]:
    """Return by how much expected counts could all be lower, or higher, and still be shown as they are."""
    bounds = [policy.behind_expected(policy.expected(value)) for value in values.values()]
    moves = [(low - value, high - value) for (low, high), value in zip(bounds, values.values(), strict=True)]
    return max(low for low, _ in moves), min(high for _, high in moves)
