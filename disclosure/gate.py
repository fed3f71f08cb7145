"""The gate: counts from records go in, figures that are safe to show come out; nothing else makes them."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from disclosure.attack import narrow
from disclosure.errors import DisclosureError
from disclosure.examples import Examples
from disclosure.geography import Cells, Geography, Key, Window, checked, windows_of
from disclosure.given import Given
from disclosure.knowledge import Knowledge
from disclosure.planning import known_before, plans_for_counts
from disclosure.policy import DEFAULT, Policy
from disclosure.released import COUNT_COLUMNS, SEAL, Parts, Released
from disclosure.seen import told_alike
from disclosure.sizes import first_pass
from disclosure.suppression import withhold
from disclosure.targets import small_places, targets_of

SUPPRESSED = "suppressed: too small a number to tell, or one from which such a number could be worked out"
TOO_FEW = "too few children"


def release_counts(
    table: pd.DataFrame,
    hierarchy: pd.DataFrame,
    denominators: pd.DataFrame,
    policy: Policy = DEFAULT,
    *,
    windows: Sequence[Sequence[str]] | None = None,
    earlier: Sequence[Released] = (),
    examples: Examples | None = None,
    whole: pd.DataFrame | None = None,
) -> Released:
    """Return what may be told of a table of counts, at every level and period together.

    Counts of the chain's levels (LSOA, MSOA, district) are told for each cohort and each window: 0 stays (unless
    nothing else would keep a small count from being worked out), 1 to 7 is suppressed, others are rounded to 5, and
    the rate is that of the rounded count. The other levels (output area, ward) get a band of the rate, over the windows
    only. Under 20 children nothing is said. Then figures are withheld, such that the fewest children lose theirs, until
    the attack of `disclosure.attack` finds no small count, even with `earlier` beside it.

    `table`: children with the outcome, whole numbers, a row a smallest area, a column a cohort. `denominators`:
    all children, the same shape; public. `hierarchy`: same index, named by its level (`oa`), a column for each level
    above. `windows`: cohorts to pool (as it comes, all of them). `earlier`: what was released before. `examples`: what
    searches find, for the gates that follow. `whole`: the same counts in all cohorts and areas of which they are known,
    for what earlier releases told of others than `table` has (as it comes, `table`).

    Returns `Released`, whose frame has a row a level, area and period: denominator (none where it is under 20), count
    (rounded), rate and band (per cent), status (*published*, *band*, *suppressed*, *too few children*) and reason.

    Raises `DisclosureError` for tables that do not fit together, or when earlier releases told too much.

    Reference: docs/methods/disclosure.md.
    """
    counts, geography = checked(table, hierarchy, denominators, policy.chain)
    return release_within(
        counts, geography, policy, windows=windows, earlier=earlier, examples=examples, whole=whole
    )


def release_within(
    counts: pd.DataFrame,
    geography: Geography,
    policy: Policy,
    *,
    windows: Sequence[Sequence[str]] | None = None,
    earlier: Sequence[Released] = (),
    examples: Examples | None = None,
    whole: pd.DataFrame | None = None,
) -> Released:
    """Return what `release_counts` does of a table and a geography that were checked."""
    periods = windows_of(geography.cohorts, windows)
    cells = Cells.over([geography, *(release.geography for release in earlier)])
    given = Given(
        counts,
        geography,
        periods,
        policy,
        *_told_before(earlier, geography, periods, cells),
        examples or Examples(),
        whole,
        tuple(release for release in earlier if release.kind == "counts"),
    )
    frame = _with_shown(first_pass(counts, geography, given.windows, policy), given)
    notes: tuple[str, ...] = ()
    away = 0
    if policy.secondary:
        before, left_out = known_before(earlier, cells, given.known)
        plain, _ = known_before(earlier, cells, given.known, granted=False)
        away = _given_away(given, frame, cells, plain) if earlier else 0
        frame, lost = _second_pass(given, frame, cells, (before, plain))
        frame, notes = _with_shown(frame, given), (*left_out_note(left_out), *_lost(lost))
    frame["denominator"] = children_told(frame["denominator"], policy)
    parts = Parts(
        "counts",
        frame[list(COUNT_COLUMNS)],
        policy,
        geography,
        given.windows,
        notes=notes,
        given_away=away,
    )
    return Released(SEAL, parts)


def _given_away(given: Given, frame: pd.DataFrame, cells: Cells, before: Knowledge) -> int:
    """Return how many small counts of the cells asked for earlier releases narrow, whatever is told of them now."""
    targets, _ = targets_of(given, frame, cells, {})
    return len(narrow(before, targets.at(np.arange(len(small_places(given, frame))))))


def children_told(children: pd.Series, policy: Policy) -> pd.Series:
    """Return the numbers of children that may be told: none under the policy's least, of which nothing is said."""
    return children.astype("Int64").mask(children < policy.minimum_denominator)


def left_out_note(number: int) -> tuple[str, ...]:
    """Return what is said where figures of earlier releases no longer agree with the records."""
    said = f"{number} figures of earlier releases no longer agree with the records and were left out of the check."
    return (said,) if number else ()


def _told_before(
    earlier: Sequence[Released], geography: Geography, windows: dict[str, Window], cells: Cells
) -> tuple[frozenset[Key], frozenset[Key]]:
    """Return the cells of which a count or a band was told before, and those of which a count was."""
    counts = [release for release in earlier if release.kind == "counts"]

    def told(*statuses: str) -> frozenset[Key]:
        alike = (told_alike(release, geography, windows, cells, statuses) for release in counts)
        return frozenset().union(*alike)

    return told("published", "band"), told("published")


def _lost(number: int) -> tuple[str, ...]:
    said = f"{number} small counts are narrowed by zeros, marks and earlier releases already, whatever is withheld now."
    return (said,) if number else ()


def _second_pass(
    given: Given, frame: pd.DataFrame, cells: Cells, before: tuple[Knowledge, Knowledge]
) -> tuple[pd.DataFrame, int]:
    """Return the cells, with those withheld for others' sake marked, and how many small counts no choice protects."""
    try:
        # mostly every figure could keep its whole reach, and to look for those that could not takes long
        plans, rows, lost = plans_for_counts(given, frame, cells, before, guarded=False)
        chosen = rows[withhold(plans)]
    except DisclosureError:
        plans, rows, lost = plans_for_counts(given, frame, cells, before)
        chosen = rows[withhold(plans)]
    banded = frame["level"].isin(given.policy.banded).to_numpy()
    status = frame["status"].to_numpy(dtype=object).copy()
    status[chosen] = np.where(banded[chosen], "too few children", "suppressed")
    return frame.assign(status=status), lost


def _with_shown(frame: pd.DataFrame, given: Given) -> pd.DataFrame:
    """Fill in what each status lets be seen: the rounded count and its rate, the band, the reason."""
    policy = given.policy
    shown = []
    for level, children, true, status in frame[["level", "denominator", "true", "status"]].itertuples(
        index=False
    ):
        count = policy.rounded(true, children) if status == "published" else None
        rate = None if count is None else round(100 * count / children)
        band = policy.band(true, children) if status == "band" else None
        low, high = (None, None) if band is None else (round(100 * share, 6) for share in band)
        shown.append((count, rate, low, high, _reason(level, status, given)))
    names = ["count", "rate", "band_from", "band_to", "reason"]
    filled = pd.DataFrame(shown, columns=names, index=frame.index)
    types = {"count": "Int64", "rate": "Float64", "band_from": "Float64", "band_to": "Float64"}
    return frame.assign(**{name: filled[name] for name in names}).astype(types)


def _reason(level: str, status: str, given: Given) -> str:
    if status == "suppressed":
        return SUPPRESSED
    if status != "too few children":
        return ""
    above = [name for name in given.policy.chain if name in given.geography.parents]
    if level in given.policy.banded and level == given.geography.parents.index.name and above:
        return f"{TOO_FEW}: see its {above[0].upper()}"
    return TOO_FEW
