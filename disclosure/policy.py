"""The policy: how small a number may be, how it is rounded, and which bands a rate may be told in."""

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from disclosure.errors import DisclosureError
from words.faults import Fault

# Band edges are compared with counts; this keeps 0.4 x 20 from being 8.000000000000002.
EPSILON = 1e-9


@dataclass(frozen=True)
class Policy:
    """The rules of the gate, in one object that every figure from records passes.

    `threshold` (children): counts from 1 to it are suppressed. `base`: other counts are rounded to it, halves up.
    `minimum_denominator` (children): below it nothing is said but *too few children*. `edges` (shares, rising): where
    a band of a rate may begin; an area uses those that leave a whole 0 to `threshold` on either side (`edges_for`).
    `q_edges`: where a band of q begins. `chance_edges`: where a band of the chance of a predicted hotspot may begin.
    `stability_step`: stability is told to the nearest of this.
    `chain`: the levels whose counts are told, finest first, each nested in the next; `banded`: the levels that get
    bands only. `secondary`: hide further cells so that no small count can be worked out; off only in tests.

    Raises `DisclosureError` with every fault when the numbers contradict each other.
    """

    threshold: int = 7
    base: int = 5
    minimum_denominator: int = 20
    edges: tuple[float, ...] = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8)
    q_edges: tuple[float, ...] = (0.01, 0.05, 0.1)
    chance_edges: tuple[float, ...] = (0.05, 0.2, 0.5, 0.8, 0.95)
    stability_step: float = 0.1
    chain: tuple[str, ...] = ("lsoa", "msoa", "district")
    banded: tuple[str, ...] = ("oa", "ward")
    secondary: bool = True

    def __post_init__(self) -> None:
        faults = list(_faults(self))
        if faults:
            raise DisclosureError(faults)

    @property
    def width(self) -> int:
        """Return how wide a hidden count's range has to stay: from 1 to the threshold."""
        return self.threshold - 1

    def is_small(self, count: int) -> bool:
        """Say whether a count is one that must not be told."""
        return 1 <= count <= self.threshold

    def rounded(self, count: int, denominator: int) -> int:
        """Return a count to the nearest `base`, halves up; 0 stays; never more than there are children.

        Example: of 100 children 8 is 10, 12 is 10, 13 is 15; of 23 children 23 is 20.
        """
        return min(math.floor(count / self.base + 0.5) * self.base, self._top(denominator))

    def behind(self, shown: int, denominator: int) -> tuple[int, int]:
        """Return the least and the greatest count that are shown as `shown`.

        Example: of 100 children 0 is (0, 0), 10 is (8, 12), 15 is (13, 17); of 23 children 20 is (18, 23).
        """
        if shown == 0:
            return 0, 0
        low = max(self.threshold + 1, math.ceil(shown - self.base / 2))
        high = math.ceil(shown + self.base / 2) - 1
        return low, denominator if shown == self._top(denominator) else min(high, denominator)

    def _top(self, denominator: int) -> int:
        return denominator // self.base * self.base

    def edges_for(self, denominator: int) -> tuple[float, ...]:
        """Return the band edges that an area with this public denominator may use.

        An edge splits the counts 0 to `denominator` in two. It is used only where all of 0 to `threshold` fall below
        it, and as many children without the outcome above it, so a band holds all of 1 to 7 or none. The choice rests
        on the denominator alone, which is public, and so tells nothing.

        Example: of 20 children only 0.4, 0.5 and 0.6 may be used; of 80, all but 0.05.
        """
        need = self.threshold + 1 - EPSILON
        return tuple(edge for edge in self.edges if edge * denominator >= need <= (1 - edge) * denominator)

    def band(self, count: int, denominator: int) -> tuple[float, float]:
        """Return the band of a rate as its least and greatest share: at least the first, under the second (or 1)."""
        edges = (0.0, *self.edges_for(denominator), 1.0)
        low = max(edge for edge in edges[:-1] if count >= edge * denominator - EPSILON)
        return low, edges[edges.index(low) + 1]

    def behind_band(self, low: float, high: float, denominator: int) -> tuple[int, int]:
        """Return the least and the greatest count that a band tells of, given the public denominator."""
        least = math.ceil(low * denominator - EPSILON)
        most = denominator if high >= 1 else math.ceil(high * denominator - EPSILON) - 1
        return least, most

    def q_band(self, q: float) -> tuple[float, float]:
        """Return the band of a q value: over the first, up to the second."""
        edges = (0.0, *self.q_edges, 1.0)
        high = next((edge for edge in edges[1:] if q <= edge), 1.0)
        return edges[edges.index(high) - 1], high

    def chance_band(self, chance: float) -> tuple[float, float]:
        """Return the band of the chance of a predicted hotspot: at least the first, under the second (or 1).

        Example: 0.8 is (0.8, 0.95), 0.79 is (0.5, 0.8), 1 is (0.95, 1).
        """
        return self.chance_bands(np.array([chance]))[0]

    def chance_bands(self, chances: npt.NDArray[np.float64]) -> list[tuple[float, float]]:
        """Return the band of each of many chances."""
        bands = list(pairwise((0.0, *self.chance_edges, 1.0)))
        return [bands[place] for place in np.searchsorted(self.chance_edges, chances + EPSILON, side="right")]

    def expected(self, value: float) -> int:
        """Return an expected count to the nearest `base`, halves up; 0 up to half a child over the threshold.

        Example: 7.4 is 0, 7.5 is 10, 12.4 is 10, 12.5 is 15.
        """
        if value < self.threshold + 0.5:
            return 0
        return max(
            math.floor(value / self.base + 0.5) * self.base, math.ceil(self.threshold / self.base) * self.base
        )

    def behind_expected(self, shown: int) -> tuple[float, float]:
        """Return between which values an expected count lies that is shown as `shown`."""
        edge = self.threshold + 0.5
        first = math.ceil(self.threshold / self.base) * self.base
        if shown == 0:
            return -math.inf, edge
        return (edge if shown == first else shown - self.base / 2), shown + self.base / 2

    def stability(self, share: float) -> float:
        """Return a stability (0 to 1) to the nearest step."""
        return round(math.floor(share / self.stability_step + 0.5 + EPSILON) * self.stability_step, 6)


def _faults(policy: Policy) -> list[Fault]:
    said = []
    if policy.threshold < 1:
        said.append(
            Fault("The threshold has to be 1 or more.", "Give the greatest count to hide, such as 7.")
        )
    if policy.base < 1 or policy.base / 2 > policy.threshold + 1:
        said.append(
            Fault(
                "The base does not fit the threshold: counts would be rounded to 0.",
                "Give a base of at most twice the threshold and two.",
            )
        )
    if policy.minimum_denominator < 2 * (policy.threshold + 1):
        said.append(
            Fault(
                "The minimum denominator is so small that no band could hold every small count.",
                f"Give at least {2 * (policy.threshold + 1)}.",
            )
        )
    for name in ("edges", "q_edges", "chance_edges"):
        edges = getattr(policy, name)
        if list(edges) != sorted(set(edges)) or not all(0 < edge < 1 for edge in edges):
            said.append(Fault(f"The {name} have to rise between 0 and 1.", "Mend the list."))
    if not 0 < policy.stability_step <= 0.5:
        said.append(Fault("The step of stability has to lie between 0 and a half.", "Give 0.1."))
    return said


DEFAULT = Policy()
