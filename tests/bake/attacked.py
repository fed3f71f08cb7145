"""The attack on what runs tell together, as it lies on the disk: all that their guards hold, and the true counts."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from bake.guard import read_guard
from bake.records import shelf_of
from bake.runs import Run
from disclosure.attack import narrow
from disclosure.geography import Cells
from disclosure.knowledge import Facts, joined
from disclosure.planning import facts_of
from disclosure.released import Released
from tests.disclosure.tables import goals, knowledge


def told(*runs: Run) -> list[Released]:
    """Return all that runs tell of their outcome."""
    return [one for run in runs for one in shelf_of(read_guard(run.folder.parent.parent, run.id))]


def narrowed(releases: Sequence[Released], table: pd.DataFrame, wanted: Sequence[Released] = ()) -> int:
    """Return how many small counts, of these releases or those `wanted`, the attack narrows below 1 to 7."""
    targets = goals(wanted or releases, table)
    spoken_of = {period for one in releases for period in (*one.windows, *one.geography.cohorts)}
    own = np.array(
        [key.period in spoken_of for key in targets.keys]
    )  # next year's window is no figure of these
    return len(narrow(knowledge(releases, table), targets.only(own)))


def narrowed_with_the_rest(
    releases: Sequence[Released], table: pd.DataFrame, others: Sequence[Released]
) -> int:
    """Return the same where `others` tell of all the children that the table does not count."""
    cells = Cells.over([one.geography for one in (*releases, *others)])
    children = next(one for one in releases if one.kind == "counts").geography.denominators
    parts = [part for one in others for part in facts_of(one, cells, children - table, granted=False)]
    known = knowledge(releases, table)
    return len(narrow(known.and_also(_turned(joined(parts), cells)), goals(releases, table)))


def _turned(facts: Facts, cells: Cells) -> Facts:
    """Return facts about the rest of the children as facts about the children: low <= M (all - x) <= high."""
    everybody = np.asarray(facts.matrix @ cells.upper)
    return Facts(facts.matrix, everybody - facts.high, everybody - facts.low, facts.keys)
