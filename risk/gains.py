"""Gains: how many children are found in the places that one would visit first, and how many more than otherwise."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from risk.metrics import Measured, measured

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
RankBy = Literal["expected", "rate"]


@dataclass(frozen=True)
class _Cohort:
    """The places of one cohort, first to last: number among all areas, children found, where groups of ties start."""

    area: Ints
    found: Floats
    starts: Ints

    @property
    def ends(self) -> Ints:
        """Return where groups of ties end."""
        return np.append(self.starts[1:], len(self.area))

    @classmethod
    def of(cls, area: Ints, found: Floats, score: Floats) -> Self:
        """Return the places by falling score."""
        order = np.argsort(-score, kind="stable")
        starts = np.flatnonzero(np.r_[True, np.diff(score[order]) < 0])
        return cls(area[order], found[order], starts)


@dataclass(frozen=True)
class Visits:
    """Places in the order in which a predictor would visit them, each cohort for itself."""

    cohorts: tuple[_Cohort, ...]
    _kept: dict[tuple[float, int], tuple[Floats, tuple[Floats, Floats, Floats]]] = field(
        default_factory=dict, repr=False, compare=False
    )

    def whole_and_resampled(self, share: float, weights: Floats) -> tuple[Floats, Floats, Floats]:
        """Return `found` for all areas counting once, then for each row of weights; kept, for it is asked often."""
        key = (share, id(weights))
        if key not in self._kept:  # the weights are kept too, so that no others can get their number
            both = np.vstack([np.ones((1, weights.shape[1])), weights])
            self._kept[key] = (weights, self.found(share, both))
        return self._kept[key][1]

    def found(self, share: float, weights: Floats) -> tuple[Floats, Floats, Floats]:
        """Return children found, places visited and children there are, for each row of weights (times x areas).

        A share of the places, rounded up, is visited in each cohort. Places that tie are visited by lot, so each
        counts by its part.
        """
        totals = np.zeros((3, len(weights)))
        for cohort in self.cohorts:
            drawn = weights[:, cohort.area]
            visited = np.ceil(share * len(cohort.area) - 1e-9) / len(cohort.area) * drawn.sum(axis=1)
            places = np.add.reduceat(drawn, cohort.starts, axis=1)
            before = np.cumsum(places, axis=1) - places
            # most places are visited in no resample at all
            some = int((before < visited[:, None]).any(axis=0).sum())
            before, places, end = before[:, :some], places[:, :some], cohort.ends[some - 1]
            children = np.add.reduceat(drawn[:, :end] * cohort.found[:end], cohort.starts[:some], axis=1)
            part = np.clip((visited[:, None] - before) / np.maximum(places, 1e-12), 0, 1)
            totals += np.stack([(part * children).sum(axis=1), visited, drawn @ cohort.found])
        return totals[0], totals[1], totals[2]


def visits(rows: pd.DataFrame, chance: Floats, areas: pd.Index, rank_by: RankBy = "expected") -> Visits:
    """Return the order of visits by a predictor's chances.

    :param rows: cohort, area, outcome of each child. :param chance: in the same order.
    :param areas: all areas, which resampled weights follow.
    :param rank_by: most children expected first, or the highest mean chance.
    """
    by = rows.assign(chance=chance).groupby(["cohort", "area"], sort=True)
    score = by["chance"].sum() if rank_by == "expected" else by["chance"].mean()
    table = pd.DataFrame({"score": score.round(9), "found": by["outcome"].sum()}).reset_index()
    return Visits(
        tuple(
            _Cohort.of(
                areas.get_indexer(one["area"]), one["found"].to_numpy(float), one["score"].to_numpy(float)
            )
            for _, one in table.groupby("cohort")
        )
    )


def recall(order: Visits, share: float, weights: Floats) -> Measured:
    """Return the part of all children with the outcome who live in the share of places visited first."""
    return measured(*_with_value(order, share, weights, lambda found, _visited, all_: found / all_))


def found_per_place(order: Visits, share: float, weights: Floats) -> Measured:
    """Return the children found in each place visited."""
    return measured(*_with_value(order, share, weights, lambda found, visited, _all: found / visited))


def gain(better: Visits, worse: Visits, share: float, weights: Floats, certainty: float = 0.95) -> Measured:
    """Return how many more children the first order finds in each place visited, over the same resamples."""
    found, visited, _ = better.whole_and_resampled(share, weights)
    otherwise, _, _ = worse.whole_and_resampled(share, weights)
    each = (found - otherwise) / visited
    return measured(float(each[0]), each[1:], certainty)


def best_recall(rows: pd.DataFrame, true_risk: Floats, share: float, rank_by: RankBy = "expected") -> float:
    """Return the recall of one who knew every child's true risk: the most that any model could hope for."""
    areas = pd.Index(rows["area"].unique())
    order = visits(rows, true_risk, areas, rank_by)
    return recall(order, share, np.ones((1, len(areas)))).value


def visited_first(
    rows: pd.DataFrame, chance: Floats, share: float, rank_by: RankBy = "expected"
) -> npt.NDArray[np.bool_]:
    """Return whether each child lives in the places visited first; ties go by the area's code."""
    by = rows.assign(chance=chance).groupby(["cohort", "area"])["chance"]
    score = (by.sum() if rank_by == "expected" else by.mean()).rename("score").reset_index()
    score = score.sort_values(["cohort", "score", "area"], ascending=[True, False, True])
    rank, size = score.groupby("cohort").cumcount(), score.groupby("cohort")["area"].transform("size")
    chosen = score.loc[rank < np.ceil(share * size - 1e-9), ["cohort", "area"]].assign(visited=True)
    return np.asarray(rows[["cohort", "area"]].merge(chosen, how="left")["visited"].notna())


def _with_value(
    order: Visits, share: float, weights: Floats, how: Callable[[Floats, Floats, Floats], Floats]
) -> tuple[float, Floats]:
    each = how(*order.whole_and_resampled(share, weights))
    return float(each[0]), each[1:]
