"""Doubt about linkage: in each draw some children are taken to have been linked wrongly."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from risk.errors import RiskError
from risk.pooling import Floats, Integers

Booleans = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class LinkageDoubt:
    """How likely a child's records are not its own.

    `features`: the chance that what was predicted of a child rests on another's records or lacks some of its own.
    `outcome`: the chance that the outcome found for a child is that of another, living elsewhere. Each is a share: one
    for all children alike, or an array in the order of the feature table.
    """

    features: float | Floats = 0.0
    outcome: float | Floats = 0.0

    def __post_init__(self) -> None:
        faults = [
            f"{name} ({np.min(share):g} to {np.max(share):g})"
            for name, share in (("features", self.features), ("outcome", self.outcome))
            if not (np.all(np.asarray(share) >= 0) and np.all(np.asarray(share) <= 1))
        ]
        if faults:
            raise RiskError(f"No share: doubt about {' and '.join(faults)}.", "Give chances from 0 to 1.")

    @classmethod
    def of(cls, precision: float, recall: float) -> Self:
        """Return the doubt that follows from the expected precision and recall of the links, the same for all.

        A child's features are its own where its links are right and none is missing: 1 - precision x recall. Its
        outcome comes with one of its links: 1 - precision. Both are on the cautious side, because not every wrong link
        changes what is predicted, and many lead to a child of the same area.
        """
        return cls(1 - precision * recall, 1 - precision)

    @property
    def shares(self) -> tuple[float, float]:
        """Return the mean doubt about features and about outcomes."""
        return float(np.mean(self.features)), float(np.mean(self.outcome))

    def of_rows(self, rows: Integers, table: int) -> "LinkageDoubt":
        """Return the doubt about some rows of a feature table of `table` rows.

        Raises RiskError where an array is not as long as the table.
        """
        for share in (self.features, self.outcome):
            if np.ndim(share) and len(np.asarray(share)) != table:
                raise RiskError(
                    f"The doubt is given for {len(np.asarray(share))} children, the table has {table}.",
                    "Give one share a row of the feature table, in its order.",
                )
        features, outcome = (
            np.asarray(share)[rows] if np.ndim(share) else share for share in (self.features, self.outcome)
        )
        return LinkageDoubt(features, outcome)

    def exchanged(self, chances: Floats, area: Integers, rng: np.random.Generator) -> Floats:
        """Return the draws with the prediction of doubtful children taken from another child of their area.

        What a wrongly linked child is really like is not known, but that it lives there is: so the area's expected rate
        stays, and its doubt grows. `chances` is draws x children, sorted by area.
        """
        if not np.any(self.features):
            return chances
        lot = rng.random(chances.shape)
        draw, child = np.nonzero(rng.random(chances.shape) < self.features)
        starts = np.searchsorted(area, area)
        sizes = np.searchsorted(area, area, side="right") - starts
        donor = starts[child] + np.floor(lot[draw, child] * sizes[child]).astype(np.int64)
        exchanged = chances.copy()
        exchanged[draw, child] = chances[draw, donor]
        return exchanged

    def kept(self, draws: int, children: int, rng: np.random.Generator) -> Booleans:
        """Return which outcomes count as evidence of their area in each draw, draws x children."""
        if not np.any(self.outcome):
            return np.ones((draws, children), dtype=bool)
        return np.asarray(rng.random((draws, children)) >= self.outcome)
