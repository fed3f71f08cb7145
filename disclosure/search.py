"""The search for tables that show many targets safe at once, part by part of the map."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from disclosure.examples import SLACK, Examples
from disclosure.nearby import Chosen, Nearby, Part
from disclosure.programme import Bounded, Floats, Programme

Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Search:
    """Forms, which are sums of cells, and the goals that some table has to take each of them to."""

    near: Nearby
    forms: sparse.csr_array
    goals: Floats
    random: np.random.Generator

    def unproven(self, examples: Examples) -> Chosen:
        """Return the forms of which no table was found that takes them to their goals; add those found to `examples`.

        The first search of all holds the sum of every area over its cohorts: what statistics, the outlook and
        predictions tell later speaks of these sums, so the tables found so go on agreeing.
        """
        first = not examples.changes
        open_ = np.asarray(self.forms @ self.near.table < self.goals - SLACK)
        open_ &= ~examples.settle(self.near, self.forms, self.goals)
        for areas, chosen in self._parts(open_):
            part = self.near.part(areas)
            if first:
                sums = self.near.sums_by_area(part.columns)
                held = part.within.holding(sums, sums @ self.near.table[part.columns])
                open_[chosen] = self._left_open(part, held, chosen, examples, alone=False)
            left = chosen[open_[chosen]]
            open_[left] = self._left_open(part, part.within, left, examples, alone=True)
        return open_

    def _parts(self, open_: Chosen) -> Iterator[tuple[Chosen, Integers]]:
        """Yield areas, and the open forms that speak of them alone, until every open form was named once."""
        untried, named = open_.copy(), self.near.areas_of(self.forms)
        sizes = np.diff(named.indptr)
        while untried.any():
            areas = self.near.around(named[[int(np.argmax(untried))]].toarray().ravel() > 0)
            chosen = np.flatnonzero(untried & (named @ areas.astype(float) == sizes))
            untried[chosen] = False
            yield areas, chosen

    def _left_open(
        self, part: Part, rows: Bounded, chosen: Integers, examples: Examples, *, alone: bool
    ) -> Chosen:
        """Return which of some forms stay under their goals in every table found, all other areas as they truly are.

        One table after another takes as many as it can to their goals; then, if asked to, each that is left alone.
        """
        here, goals = sparse.csr_array(self.forms[chosen][:, part.columns]), self.goals[chosen]
        programme, truth = Programme(rows.counting(here, goals)), self.near.table[part.columns]
        open_ = np.ones(len(goals), dtype=bool)

        def ask(weights: Floats) -> bool:
            table = programme.greatest(np.concatenate([0 * truth, weights])).columns[: len(truth)]
            gained = open_ & (here @ table >= goals - SLACK)
            if gained.any():
                examples.keep(part.columns, table - truth, len(self.near.table))
            open_[gained] = False
            return bool(gained.any())

        while open_.any() and ask(np.where(open_, self.random.uniform(0.5, 1.5, len(goals)), 0.0)):
            pass
        for place in np.flatnonzero(open_) if alone else ():
            if open_[place]:
                ask((np.arange(len(goals)) == place).astype(np.float64))
        return open_
