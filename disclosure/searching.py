"""Searching: which figures of a draft have to be withheld, beside all that was released already."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from disclosure.attack import Targets
from disclosure.examples import Examples
from disclosure.geography import Cells
from disclosure.given import Given
from disclosure.knowledge import Facts, Floats, Knowledge, merged
from disclosure.planning import known_before
from disclosure.released import Released
from disclosure.sizes import first_pass
from disclosure.suppression import FIXED, Plan, attainable, needed, withhold
from disclosure.targets import targets_of

Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Draft:
    """What a draft would tell, row by row; which of its items each row belongs to; and what each item costs.

    An item is withheld as a whole. `costs` are children of whom less would be told.
    """

    facts: Facts
    items: Integers
    costs: Floats


def unsafe(draft: Draft, given: Given, told: Sequence[Released]) -> tuple[npt.NDArray[np.bool_], int]:
    """Return which items of a draft to withhold, and how many figures told before no longer agree with the records.

    `told` is all that stands beside the draft, first the release of the counts that it rests on. Nothing of it can be
    withheld any more. As with counts two readers are asked: one who is granted which of the suppressed counts are
    small; and, of the counts about which such a reader knows too much already, one who is granted nothing.

    Raises `DisclosureError` when nothing that may be withheld makes the draft safe.
    """
    cells = Cells.over([given.geography, *(release.geography for release in told)])
    before, left_out = known_before(told, cells, given.known)
    frame = first_pass(given.table, given.geography, given.windows, given.policy)
    targets, guards = targets_of(given, frame, cells, dict.fromkeys(_withheld(frame, told[0]), FIXED))
    width = float(given.policy.width)
    base = needed(_plan(draft, before, targets, guards, given.examples))
    strong, moved = attainable(base, width)
    plans = [strong]
    if len(moved):
        plainly, _ = known_before(told, cells, given.known, granted=False)
        places = moved["place"].to_numpy(dtype=np.int64)
        plain = _plan(draft, plainly, base.targets.at(places), base.guards[places], given.examples)
        plans.append(attainable(needed(plain), width)[0])
    return withhold(plans), left_out


def _plan(draft: Draft, before: Knowledge, targets: Targets, guards: Integers, examples: Examples) -> Plan:
    """Return the plan of one reader: rows told before stay, those of the draft can be withheld with their item."""
    facts, kept = merged(draft.facts, before.upper, draft.items)
    most = facts.matrix @ before.upper[: facts.matrix.shape[1]]
    nothing = np.zeros(len(most))
    return Plan(
        knowledge=before.and_also(facts),
        items=np.concatenate([np.full(len(before.keys), FIXED), draft.items[kept]]),
        low_withheld=np.concatenate([before.low, nothing]),
        high_withheld=np.concatenate([before.high, most]),
        costs=draft.costs,
        targets=targets,
        guards=guards,
        examples=examples,
    )


def _withheld(frame: pd.DataFrame, counts: Released) -> list[int]:
    """Return the rows of greater counts that a release withholds for others' sake."""
    names = ["level", "code", "period"]
    status = frame[names].merge(counts.frame[[*names, "status"]], on=names, how="left")["status"]
    hidden = (frame["status"] == "published") & (frame["true"] > 0) & (status == "suppressed")
    return [int(place) for place in np.flatnonzero(hidden)]
