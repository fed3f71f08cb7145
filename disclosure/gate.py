"""The gate: counts from records go in, figures that are safe to show come out; nothing else makes them."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from disclosure.errors import DisclosureError
from disclosure.geography import Cells, Key, checked, windows_of
from disclosure.knowledge import Facts, Knowledge
from disclosure.planning import Given, facts_of, known_before, plans_for_counts, targets_of, true_counts
from disclosure.policy import DEFAULT, Policy
from disclosure.released import COUNT_COLUMNS, SEAL, STATISTIC_COLUMNS, Parts, Released
from disclosure.statistics import Surroundings, may_tell_own
from disclosure.suppression import FIXED, Plan, attainable, withhold

SUPPRESSED = "suppressed: too small a number to tell, or one from which such a number could be worked out"
TOO_FEW = "too few children"
WITHHELD = "withheld: a small number could be worked out from it"


def release_counts(
    table: pd.DataFrame,
    hierarchy: pd.DataFrame,
    denominators: pd.DataFrame,
    policy: Policy = DEFAULT,
    *,
    windows: Sequence[Sequence[str]] | None = None,
    earlier: Sequence[Released] = (),
) -> Released:
    """Return what may be told of a table of counts, at every level and period together.

    Counts of the chain's levels (LSOA, MSOA, district) are told for each cohort and each window: 0 stays, 1 to 7
    is suppressed, others are rounded to 5, and the rate is that of the rounded count. The other levels (output
    area, ward) get a band of the rate, over the windows only. Under 20 children nothing is said. Then figures are
    withheld, such that the fewest children lose theirs, until the attack of `disclosure.attack` finds no small
    count, even with `earlier` beside it.

    `table`: children with the outcome, whole numbers, a row a smallest area, a column a cohort. `denominators`:
    all children, the same shape; public. `hierarchy`: same index, named by its level (`oa`), a column for each level
    above. `windows`: cohorts to pool (as it comes, all of them). `earlier`: what was released before.

    Returns `Released`, whose frame has a row a level, area and period: denominator, count (rounded), rate and
    band (per cent), status (*published*, *band*, *suppressed*, *too few children*) and reason.

    Raises `DisclosureError` for tables that do not fit together, or when earlier releases told too much.

    Reference: docs/methods/disclosure.md.
    """
    counts, geography = checked(table, hierarchy, denominators, policy.chain)
    given = Given(counts, geography, windows_of(geography.cohorts, windows), policy, _told_before(earlier))
    frame = _with_shown(_first_pass(given), given)
    notes: tuple[str, ...] = ()
    if policy.secondary:
        cells = Cells.over([geography, *(release.geography for release in earlier)])
        before, left_out = known_before(earlier, cells, counts)
        plain, _ = known_before(earlier, cells, counts, granted=False)
        frame, lost = _second_pass(given, frame, cells, (before, plain))
        frame, notes = _with_shown(frame, given), (*_left_out(left_out), *_lost(lost))
    parts = Parts("counts", frame[list(COUNT_COLUMNS)], policy, geography, given.windows, notes=notes)
    return Released(SEAL, parts)


def _left_out(number: int) -> tuple[str, ...]:
    said = f"{number} figures of earlier releases no longer agree with the records and were left out of the check."
    return (said,) if number else ()


def _told_before(earlier: Sequence[Released]) -> frozenset[Key]:
    frames = [release.frame for release in earlier if release.kind == "counts"]
    told = [frame[frame["status"].isin(["published", "band"])] for frame in frames]
    names = ["level", "code", "period"]
    return frozenset(Key(*row) for frame in told for row in frame[names].itertuples(index=False))


def _lost(number: int) -> tuple[str, ...]:
    said = f"{number} small counts are narrowed by zeros, marks and earlier releases already, whatever is withheld now."
    return (said,) if number else ()


def _first_pass(given: Given) -> pd.DataFrame:
    """Return every cell with its true count and the status that its own size gives it."""
    policy, geography = given.policy, given.geography
    rows = []
    for level in (level for level in geography.levels() if level in (*policy.chain, *policy.banded)):
        counts = true_counts(given.table, geography, given.windows, level)
        children = true_counts(geography.denominators, geography, given.windows, level)
        for period, window in given.windows.items():
            if level in policy.banded and len(window) == 1:
                continue
            for code, count, all_ in zip(counts.index, counts[period], children[period], strict=True):
                rows.append(
                    (
                        level,
                        code,
                        period,
                        int(all_),
                        int(count),
                        _status(level, int(count), int(all_), policy),
                    )
                )
    return pd.DataFrame(rows, columns=["level", "code", "period", "denominator", "true", "status"])


def _status(level: str, count: int, children: int, policy: Policy) -> str:
    if children < policy.minimum_denominator:
        return "too few children"
    if level in policy.banded:
        return "band"
    return "suppressed" if policy.is_small(count) else "published"


def _second_pass(
    given: Given, frame: pd.DataFrame, cells: Cells, before: tuple[Knowledge, Knowledge]
) -> tuple[pd.DataFrame, int]:
    """Return the cells, with those withheld for others' sake marked, and how many small counts no choice protects."""
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


def release_statistics(
    statistics: pd.DataFrame,
    table: pd.DataFrame,
    counts: Released,
    neighbours: Surroundings,
    *,
    period: str = "",
    earlier: Sequence[Released] = (),
) -> Released:
    """Return what may be told of a test on observed rates: class, status, sign, stability, a band of q.

    z, p, lags, residuals and scores never pass: from z and the public numbers of children nearly every count can be
    worked out. A class of local Moran's I says whether the area's own rate is above the mean, and is told only where
    the public number of children leaves every small count open on one side. Classes from which, together with
    `counts` and `earlier`, a small count could be narrowed are withheld.

    `statistics`: indexed by area code of one level; columns gi_cluster, status, q, and as they come cluster,
    stability (0 to 1), sign. `table`: the true counts of `counts`. `neighbours`: for each code the codes around it,
    which are public. `period`: the window tested (as it comes, the longest of `counts`).

    Returns `Released` (kind *statistics*): level, code, period, gi_cluster, cluster, sign, status, stability to the
    nearest 0.1, q_from and q_to, reason. status is *withheld* where nothing is told.

    Raises `DisclosureError` for missing columns, or codes that `counts` does not have.

    Reference: docs/methods/disclosure.md.
    """
    period = period or max(counts.windows, key=lambda name: len(counts.windows[name]))
    level = _level_of(statistics, counts, period)
    true, geography = checked(
        table, counts.geography.parents, counts.geography.denominators, counts.policy.chain
    )
    given = Given(true, geography, dict(counts.windows), counts.policy)
    frame = _told_statistics(statistics, given, (level, period), _rate_of_all(counts, period))
    around = {str(code): tuple(str(one) for one in neighbours.get(code, ())) for code in statistics.index}
    notes = ("z, p, lags and unrounded scores are not told: counts could be worked out from them.",)
    parts = Parts("statistics", frame, counts.policy, geography, counts.windows, around, notes)
    if counts.policy.secondary:
        parts = _without_unsafe(Released(SEAL, parts), given, [counts, *earlier])
    return Released(SEAL, parts)


def _level_of(statistics: pd.DataFrame, counts: Released, period: str) -> str:
    missing = {"gi_cluster", "status", "q"} - set(statistics)
    if missing:
        raise DisclosureError(
            f"The statistics lack {', '.join(sorted(missing))}.", "Give the columns of the run."
        )
    if counts.kind != "counts" or period not in counts.windows:
        raise DisclosureError(
            f"The release has no counts over {period!r}.", "Release the counts of this period first."
        )
    for level, codes in counts.geography.levels().items():
        if statistics.index.isin(codes).all():
            return level
    raise DisclosureError(
        "The statistics name areas that no level of the counts has.", "Use one geography for both."
    )


def _rate_of_all(counts: Released, period: str) -> float:
    """Return the published rate over the whole table: the sum of the outermost level's published counts."""
    frame = counts.frame
    chain = [level for level in counts.policy.chain if level in counts.geography.levels()]
    told = frame[(frame["level"] == chain[-1]) & (frame["period"] == period) & frame["count"].notna()]
    children = int(told["denominator"].sum())
    return float(told["count"].sum()) / children if children else 0.0


def _told_statistics(
    statistics: pd.DataFrame, given: Given, where: tuple[str, str], rate: float
) -> pd.DataFrame:
    """Return the columns that may pass, coarsened; everything else is left behind."""
    policy, (level, period) = given.policy, where
    children = given.geography.totals(given.geography.denominators, level, given.windows[period])
    rows: list[tuple[object, ...]] = []
    for code, row in zip(statistics.index, statistics.to_dict("records"), strict=True):
        few = children[code] < policy.minimum_denominator
        status = "too few children" if few and row["status"] == "assessed" else row["status"]
        if status != "assessed":
            rows.append(
                (level, code, period, None, None, None, status, None, None, None, TOO_FEW if few else "")
            )
            continue
        cluster = row.get("cluster") if may_tell_own(policy, rate, int(children[code])) else None
        share = row.get("stability")
        stability = None if share is None or pd.isna(share) else policy.stability(share)
        q = policy.q_band(row["q"])
        rows.append(
            (level, code, period, row["gi_cluster"], cluster, row.get("sign"), status, stability, *q, "")
        )
    return pd.DataFrame(rows, columns=list(STATISTIC_COLUMNS)).astype(
        {"stability": "Float64", "q_from": "Float64", "q_to": "Float64"}
    )


def _without_unsafe(draft: Released, given: Given, earlier: Sequence[Released]) -> Parts:
    """Return the parts of a release of statistics without the classes that would narrow a small count."""
    frame = draft.frame
    cells = Cells.over([given.geography, *(release.geography for release in earlier)])
    before, left_out = known_before(earlier, cells, given.table)
    facts = facts_of(draft, cells, given.table)
    parts = Parts(
        "statistics", frame, draft.policy, draft.geography, draft.windows, draft.surroundings, draft.notes
    )
    if not facts:
        return parts
    around, own = facts
    count_frame = _first_pass(given)
    suppressed = _suppressed_rows(count_frame, earlier[0])
    targets, guards = targets_of(given, count_frame, cells, dict.fromkeys(suppressed, FIXED))
    items = np.concatenate([np.full(len(before.keys), FIXED), np.arange(len(around.keys) + len(own.keys))])
    known = before.and_also(around).and_also(own)
    told = (*around.keys, *own.keys)
    plan = Plan(
        known,
        items,
        np.concatenate([before.low, np.zeros(len(told))]),
        np.concatenate([before.high, np.ones(len(told))]),
        _costs(around, own, given),
        targets,
        guards,
    )
    unsafe = withhold([attainable(plan, float(given.policy.width))[0]])
    codes = frame["code"]
    hidden = codes.isin([key.code for key, bad in zip(around.keys, unsafe, strict=False) if bad])
    half = hidden | codes.isin(
        [key.code for key, bad in zip(own.keys, unsafe[len(around.keys) :], strict=True) if bad]
    )
    frame.loc[half, "cluster"] = None
    frame.loc[hidden, ["gi_cluster", "sign", "stability", "q_from", "q_to"]] = None
    frame.loc[hidden, "status"], frame.loc[hidden, "reason"] = "withheld", WITHHELD
    notes = (*draft.notes, *_left_out(left_out))
    return Parts("statistics", frame, draft.policy, draft.geography, draft.windows, draft.surroundings, notes)


def _suppressed_rows(frame: pd.DataFrame, counts: Released) -> list[int]:
    """Return the rows of greater counts that a release withholds for others' sake."""
    names = ["level", "code", "period"]
    status = frame[names].merge(counts.frame[[*names, "status"]], on=names, how="left")["status"]
    return [
        int(place) for place in np.flatnonzero((frame["status"] == "published") & (status == "suppressed"))
    ]


def _costs(around: Facts, own: Facts, given: Given) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    key = around.keys[0]
    children = given.geography.totals(given.geography.denominators, key.level, given.windows[key.period])
    whole = [float(children[key.code]) for key in around.keys]
    return np.array([*whole, *(children[key.code] / 2 for key in own.keys)])
