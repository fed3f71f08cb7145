"""The gate for statistics: of a test on records it lets classes, stability and bands of q through, never scores."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from disclosure.errors import DisclosureError
from disclosure.examples import Examples
from disclosure.gate import TOO_FEW, left_out_note
from disclosure.geography import Cells
from disclosure.given import Given, given_beside
from disclosure.knowledge import Facts, Floats, joined
from disclosure.planning import statistics_facts
from disclosure.released import SEAL, STATISTIC_COLUMNS, Parts, Released
from disclosure.searching import Draft, unsafe
from disclosure.statistics import Surroundings, may_tell_own

WITHHELD = "withheld: a small number could be worked out from it"
NEVER_TOLD = "z, p, lags and unrounded scores are not told: counts could be worked out from them."


def release_statistics(
    statistics: pd.DataFrame,
    table: pd.DataFrame,
    counts: Released,
    neighbours: Surroundings,
    *,
    ways: Mapping[str, Surroundings] | None = None,
    period: str = "",
    earlier: Sequence[Released] = (),
    examples: Examples | None = None,
    whole: pd.DataFrame | None = None,
) -> Released:
    """Return what may be told of a test on observed rates: class, status, sign, stability, a band of q.

    z, p, lags, residuals and scores never pass: from z and the public numbers of children nearly every count can be
    worked out. A class of local Moran's I says whether the area's own rate is above the mean, and is told only where
    the public number of children leaves every small count open on one side. Classes from which, together with
    `counts` and `earlier`, a small count could be narrowed are withheld.

    `statistics`: indexed by area code of one level; columns gi_cluster, status, q, and as they come cluster,
    stability (0 to 1), sign; tested are EB-standardised rates of all areas with as many children as the policy asks.
    `table`: the true counts of `counts`; `whole` as `release_counts` has it. `neighbours`: for each code the codes
    around it, which are public. `ways`: the same for each further definition of neighbours that stability and sign
    rest on; without it neither is told. `period`: the window tested (as it comes, the longest of `counts`).

    Returns `Released` (kind *statistics*): level, code, period, gi_cluster, cluster, sign, status, stability to the
    nearest 0.1, q_from and q_to, reason. status is *withheld* where nothing is told.

    Raises `DisclosureError` for missing columns, or codes that `counts` does not have.

    Reference: docs/methods/disclosure.md.
    """
    period = period or max(counts.windows, key=lambda name: len(counts.windows[name]))
    level = _level_of(statistics, counts, period)
    given = given_beside(counts, table, earlier, examples=examples, whole=whole)
    if not ways:
        statistics = statistics.drop(columns=["stability", "sign"], errors="ignore")
    frame = _told_statistics(statistics, given, (level, period), _rate_of_all(counts, period))
    codes = [str(code) for code in statistics.index]
    around = _surroundings(neighbours, codes)
    others = {name: _surroundings(one, codes) for name, one in (ways or {}).items()}
    parts = Parts(
        "statistics", frame, counts.policy, given.geography, counts.windows, around, (NEVER_TOLD,), others
    )
    if counts.policy.secondary:
        parts = _without_unsafe(Released(SEAL, parts), given, [counts, *earlier])
    return Released(SEAL, parts)


def _surroundings(around: Surroundings, codes: Sequence[str]) -> dict[str, tuple[str, ...]]:
    return {code: tuple(str(one) for one in around.get(code, ())) for code in codes}


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


def _without_unsafe(draft: Released, given: Given, told: Sequence[Released]) -> Parts:
    """Return the parts of a release of statistics without the classes that would narrow a small count."""
    frame, notes = draft.frame, draft.notes
    cells = Cells.over([given.geography, *(release.geography for release in told)])
    facts = statistics_facts(draft, cells, given.table)
    if facts:
        around, own, *further = facts
        number = len(around.keys)
        items = [np.arange(number), number + np.arange(len(own.keys)), *(np.arange(number) for _ in further)]
        whole = Draft(joined(facts), np.concatenate(items), _costs(around, own, given))
        withheld, left_out = unsafe(whole, given, told)
        codes, notes = frame["code"], (*notes, *left_out_note(left_out))
        hidden = codes.isin([key.code for key, bad in zip(around.keys, withheld, strict=False) if bad])
        half = hidden | codes.isin(
            [key.code for key, bad in zip(own.keys, withheld[number:], strict=True) if bad]
        )
        frame.loc[half, "cluster"] = None
        frame.loc[hidden, ["gi_cluster", "sign", "stability", "q_from", "q_to"]] = None
        frame.loc[hidden, "status"], frame.loc[hidden, "reason"] = "withheld", WITHHELD
    return Parts(
        "statistics",
        frame,
        draft.policy,
        draft.geography,
        draft.windows,
        draft.surroundings,
        notes,
        draft.ways,
    )


def _costs(around: Facts, own: Facts, given: Given) -> Floats:
    key = around.keys[0]
    children = given.geography.totals(given.geography.denominators, key.level, given.windows[key.period])
    whole = [float(children[key.code]) for key in around.keys]
    return np.array([*whole, *(children[key.code] / 2 for key in own.keys)])
