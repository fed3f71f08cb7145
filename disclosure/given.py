"""The given: what comes into a gate, checked, and what is known beside it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pandas as pd

from disclosure.examples import Examples
from disclosure.geography import Geography, Key, Window, checked
from disclosure.policy import Policy
from disclosure.released import Released


@dataclass(frozen=True)
class Given:
    """What came in, checked: true counts, their geography, the periods asked for, the policy, the cells told before.

    To withhold what an earlier release told protects nothing, so such cells are told again. `counted_before` are those
    of which a count was told: where it is small by today's policy and was not by that of the day it is known already.
    `whole` is the same table with all that is known beyond it (further cohorts, further areas), for what `earlier`
    releases of counts told of those.
    """

    table: pd.DataFrame
    geography: Geography
    windows: dict[str, Window]
    policy: Policy
    told_before: frozenset[Key] = frozenset()
    counted_before: frozenset[Key] = frozenset()
    examples: Examples = field(default_factory=Examples)
    whole: pd.DataFrame | None = None
    earlier: tuple[Released, ...] = ()

    @property
    def known(self) -> pd.DataFrame:
        """Return all counts that are known: of a cell that the table has, the table's."""
        if self.whole is None:
            return self.table
        return self.table.combine_first(self.whole.rename(columns=str))


def given_beside(
    counts: Released,
    table: pd.DataFrame,
    earlier: Sequence[Released],
    *,
    examples: Examples | None,
    whole: pd.DataFrame | None,
) -> Given:
    """Return what is given to a gate that comes after that of the counts, beside what earlier runs told.

    Raises `DisclosureError` where the table is not that of the counts.
    """
    geography = counts.geography
    true, _ = checked(table, geography.parents, geography.denominators, counts.policy.chain)
    before = tuple(release for release in earlier if release.kind == "counts")
    return Given(
        true,
        geography,
        dict(counts.windows),
        counts.policy,
        examples=examples or Examples(),
        whole=whole,
        earlier=before,
    )
