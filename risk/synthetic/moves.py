"""Moves: which home each family lived in, from when to when."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.spatial import cKDTree

from risk.synthetic.ground import Ground
from risk.synthetic.options import Options
from risk.synthetic.people import day
from risk.synthetic.streams import stream

Ints = npt.NDArray[np.int64]
YEARLY = {"own": 0.045, "social": 0.08, "private": 0.22}
NEARBY = 0.65  # of moves within the district that stay among the nearest areas
NEAREST = 12
_SPAN = 10**7


def make_spells(
    families: pd.DataFrame, homes: pd.DataFrame, ground: Ground, options: Options, seed: int
) -> pd.DataFrame:
    """Return one row a family and home, sorted by family and day: family, home (position), since, until (days).

    The first home lies in the family's first area; `until` is the day it left. Families move the more often the less
    secure their home is, two times in three to one of the nearest areas, else anywhere by the number of homes.
    """
    rng = stream(seed, "moves")
    end = day(options.extracted_on)
    opened = np.maximum(families["arrived"].to_numpy(np.int64), families["oldest"].to_numpy(np.int64) - 400)
    closed = families["left"].to_numpy(np.int64)
    years = np.maximum(np.minimum(closed, end) - opened, 0) / 365.25
    rate = families["tenure"].map(YEARLY).to_numpy(float)
    moves = np.minimum(rng.poisson(rate * years), 5)
    number = np.arange(len(families))
    mover = np.repeat(number, moves)
    span = np.maximum(np.minimum(closed, end) - opened, 1)[mover]
    moved = opened[mover] + 1 + (rng.random(len(mover)) * (span - 1)).astype(np.int64)
    spells = pd.DataFrame(
        {
            "family": np.concatenate([number, mover]),
            "home": np.concatenate(
                [
                    _first_homes(families["area"].to_numpy(np.int64), homes, rng),
                    _next_homes(families["area"].to_numpy(np.int64)[mover], homes, ground, rng),
                ]
            ),
            "since": np.concatenate([opened, moved]),
        }
    ).drop_duplicates(["family", "since"])
    spells = spells.sort_values(["family", "since"], ignore_index=True)
    last = spells["family"].ne(spells["family"].shift(-1)).to_numpy()
    until = spells["since"].shift(-1).fillna(0).to_numpy(np.int64)
    spells["until"] = np.where(last, closed[spells["family"].to_numpy()], until)
    return spells


class Residence:
    """Where each family lives on a day, by the spells."""

    def __init__(self, spells: pd.DataFrame) -> None:
        self._family = spells["family"].to_numpy(np.int64)
        self._home = spells["home"].to_numpy(np.int64)
        self._since = spells["since"].to_numpy(np.int64)
        self._until = spells["until"].to_numpy(np.int64)
        self._key = self._family * _SPAN + self._since
        self._first = np.searchsorted(self._family, np.arange(self._family[-1] + 1))

    def at(self, family: Ints, on: Ints) -> tuple[Ints, npt.NDArray[np.bool_]]:
        """Return the home of each family on each day, or else its nearest in time, and whether it lived here then."""
        position = np.searchsorted(self._key, family * _SPAN + on, side="right") - 1
        position = np.maximum(position, self._first[family])
        here = (on >= self._since[position]) & (on < self._until[position])
        return self._home[position], here

    def before(self, family: Ints, on: Ints) -> Ints:
        """Return how many times each family had moved within the district before each day."""
        position = np.searchsorted(self._key, family * _SPAN + on, side="left") - 1
        return np.asarray(np.maximum(position - self._first[family], 0))


def _first_homes(area: Ints, homes: pd.DataFrame, rng: np.random.Generator) -> Ints:
    """Return a home in each family's area, each family's own: an area has more homes than families."""
    count = np.bincount(homes["area"])
    start = count.cumsum() - count
    order = np.lexsort([rng.random(len(homes)), homes["area"].to_numpy()])
    turn = np.arange(len(area)) - np.searchsorted(area, area)  # families come sorted by area
    return np.asarray(order[start[area] + turn])


def _next_homes(origin: Ints, homes: pd.DataFrame, ground: Ground, rng: np.random.Generator) -> Ints:
    """Return any home of a nearby area or of the district."""
    points = np.column_stack([ground.x, ground.y])
    near: npt.NDArray[Any] = (
        cKDTree(points).query(points, k=min(NEAREST, len(points)))[1].reshape(len(points), -1)
    )
    count = np.bincount(homes["area"])
    start = count.cumsum() - count
    nearby = near[origin, rng.integers(0, near.shape[1], len(origin))]
    there = start[nearby] + (rng.random(len(origin)) * count[nearby]).astype(np.int64)
    anywhere = rng.integers(0, len(homes), len(origin))
    return np.asarray(np.where(rng.random(len(origin)) < NEARBY, there, anywhere))
