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
WORTH = 0.02  # the share of forms that one more table has to settle to be worth its while


@dataclass(frozen=True)
class Search:
    """Forms, which are sums of cells, and the goals that some table has to take each of them to."""

    near: Nearby
    forms: sparse.csr_array
    goals: Floats
    random: np.random.Generator

    def unproven(self, examples: Examples) -> Chosen:
        """Return the forms of which no table was found that takes them to their goals; add those found to `examples`.

        Where other gates come later, the first search holds the sum of every area over its cohorts: what statistics,
        the outlook and predictions tell speaks of these sums, so the tables found so go on agreeing.
        """
        first = examples.later and not examples.changes
        open_ = np.asarray(self.forms @ self.near.table < self.goals - SLACK)
        open_ &= ~examples.settle(self.near, self.forms, self.goals)
        for areas, chosen in self._parts(open_):
            part = self.near.part(areas)
            if first:
                sums = self.near.sums_by_area(part.columns)
                held = part.within.holding(sums, sums @ self.near.table[part.columns])
                open_[chosen] = self._left_open(part, held, chosen, examples)
            left = chosen[open_[chosen]]
            open_[left] = self._left_open(part, part.within, left, examples)
        return open_

    def _parts(self, open_: Chosen) -> Iterator[tuple[Chosen, Integers]]:
        """Yield areas, and the open forms that speak of them alone, until every open form was named once."""
        untried, named = open_.copy(), self.near.layout.areas_of(self.forms)
        sizes = np.diff(named.indptr)
        while untried.any():
            areas = self.near.around(self._areas(int(np.argmax(untried))))
            chosen = np.flatnonzero(untried & (named @ areas.astype(float) == sizes))
            untried[chosen] = False
            yield areas, chosen

    def _areas(self, place: int) -> Chosen:
        return self.near.areas_at(self.forms.indices[self.forms.indptr[place] : self.forms.indptr[place + 1]])

    def _left_open(self, part: Part, rows: Bounded, chosen: Integers, examples: Examples) -> Chosen:
        """Return which of some forms stay under their goals in every table found, all other areas as they truly are.

        One table after another takes as many as it can to their goals, as long as that settles more than a few.
        """
        here, goals = part.forms(sparse.csr_array(self.forms[chosen])), self.goals[chosen]
        programme, truth = Programme(rows.counting(here, goals)), self.near.table[part.columns]
        open_, gained = np.ones(len(goals), dtype=bool), len(goals)
        while open_.any() and gained > WORTH * len(goals):
            weights = np.where(open_, self.random.uniform(0.5, 1.5, len(goals)), 0.0)
            table = programme.greatest(np.concatenate([0 * truth, weights])).columns[: len(truth)]
            reached = open_ & (here @ table >= goals - SLACK)
            gained = int(reached.sum())
            if gained:
                examples.keep(part.columns, table - truth, len(self.near.table))
            open_ &= ~reached
        return open_
