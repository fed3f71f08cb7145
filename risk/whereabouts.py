"""Whereabouts: how surely children lived where they were placed, learnt from what agencies say of the same child."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.optimize import minimize

from risk.errors import RiskError
from risk.pooling import Floats, Integers

YEAR = 365.25
LEAST_PAIRS = 100
"""Children with homes told by two agencies below whom nothing is said of how soon an address grows old."""
_START, _MOST = (0.02, 0.08), (2.0, 2.0)


@dataclass(frozen=True)
class Whereabouts:
    """What the homes of children say of how surely each lived where it was placed.

    `doubt` is the chance, in the order of the feature table, that a child lived in another area on its day; `one` and
    `other` are areas (positions among the places) between which children were seen, each pair in both directions and
    sorted by `one`. `error` is the share of homes that are wrong on their own day, `yearly` the rate at which children
    come to live in another area, a year; `pairs` how many pairs of homes that was learnt from.
    """

    doubt: Floats
    one: Integers
    other: Integers
    error: float
    yearly: float
    pairs: int

    def sentences(self) -> list[str]:
        """Return it in words."""
        if not len(self.one):
            return ["Too few children have homes told by two agencies to say how surely they are placed."]
        return [
            f"Two agencies tell of the home of {self.pairs:,} children: about {self.yearly:.1%} of children a year "
            f"come to live in another area, so in each draw {self.doubt.mean():.1%} are taken to have lived elsewhere."
        ]

    def of_rows(self, rows: Integers) -> "Whereabouts":
        """Return the same for some rows of the feature table."""
        return Whereabouts(self.doubt[rows], self.one, self.other, self.error, self.yearly, self.pairs)

    def moved(
        self, area: Integers, draws: int, rng: np.random.Generator
    ) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp], Integers]:
        """Return who is taken to live elsewhere: draw, child, and the position of the area instead.

        That is one between which and the child's area others were seen to move; without any the child stays.
        """
        draw, child = np.nonzero(rng.random((draws, len(area))) < self.doubt)
        first, last = (np.searchsorted(self.one, area[child], side) for side in ("left", "right"))
        some = last > first
        draw, child, first, last = draw[some], child[some], first[some], last[some]
        chosen = first + np.floor(rng.random(len(child)) * (last - first)).astype(np.int64)
        return draw, child, self.other[chosen]


def find_whereabouts(table: pd.DataFrame, homes: pd.DataFrame, places: pd.DataFrame) -> Whereabouts:
    """Return how surely the children of a feature table are placed.

    The home nearest to the day a child is placed for is compared with the nearest that another agency tells. That both
    are the same has the chance exp(-(2a + r t)), t being the years between them: `a` stands for slips and wrong links,
    `r` for moves. Both are fitted by maximum likelihood; the doubt of a child whose home was told t years from its day
    is 1 - exp(-(a + r t)).

    :param table: the feature table: person, area, and cutoff (the day).
    :param homes: as linkage gives them: agency, person, area, known.
    :raises RiskError: a child has no home at all, so that it cannot have been placed from these homes.
    """
    nearest, others = _two_homes(table, homes)
    gap = (others["known"] - nearest["known"].loc[others.index]).dt.days.abs().to_numpy(np.float64) / YEAR
    differ = np.asarray(others["area"].to_numpy() != others["placed"].to_numpy(), dtype=bool)
    if len(others) < LEAST_PAIRS or not differ.any():
        nobody = np.empty(0, dtype=np.int64)
        return Whereabouts(np.zeros(len(table)), nobody, nobody, 0.0, 0.0, len(others))
    slips, moves = _fit(gap, differ)
    one, other = _both_ways(others[differ], places)
    return Whereabouts(
        doubt=1 - np.exp(-(slips + moves * nearest["far"].to_numpy(np.float64) / YEAR)),
        one=one,
        other=other,
        error=1 - float(np.exp(-slips)),
        yearly=moves,
        pairs=len(others),
    )


def _two_homes(table: pd.DataFrame, homes: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return each child's home nearest to its day, and the nearest that another agency tells where one does."""
    both = table[["person", "area", "cutoff"]].reset_index(drop=True).rename(columns={"area": "placed"})
    both = both.rename_axis("child").reset_index()
    both = both.merge(homes[["agency", "person", "area", "known"]].dropna(), on="person")
    both["far"] = (both["known"] - both["cutoff"]).dt.days.abs()
    both = both.sort_values(["child", "far", "area"]).set_index("child")
    nearest = both[~both.index.duplicated()]
    if len(nearest) < len(table):
        raise RiskError("A child has no home.", "Give the homes that the children were placed from.")
    others = both[both["agency"].to_numpy() != nearest["agency"].loc[both.index].to_numpy()]
    return nearest, others[~others.index.duplicated()]


def _both_ways(pairs: pd.DataFrame, places: pd.DataFrame) -> tuple[Integers, Integers]:
    """Return the areas of pairs of homes, each pair in both directions, sorted by the first."""
    ends = [places.index.get_indexer(pairs[name]).astype(np.int64) for name in ("placed", "area")]
    one, other = np.concatenate(ends), np.concatenate(ends[::-1])
    known = (one >= 0) & (other >= 0)
    order = np.lexsort((other[known], one[known]))
    return one[known][order], other[known][order]


def _fit(gap: Floats, differ: npt.NDArray[np.bool_]) -> tuple[float, float]:
    """Return slips (of one home) and moves (a year) that make it most likely which pairs differ."""

    def unlikelihood(found: Floats) -> float:
        same = np.maximum(2 * found[0] + found[1] * gap, 1e-9)
        return float(same[~differ].sum() - np.log(-np.expm1(-same[differ])).sum())

    bounds = [(0.0, most) for most in _MOST]
    found = minimize(unlikelihood, _START, method="L-BFGS-B", bounds=bounds)
    return float(found.x[0]), float(found.x[1])
