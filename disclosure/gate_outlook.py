"""The gate for the outlook: expected counts of larger areas, rounded or withheld, for they lean on hidden counts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from disclosure.errors import DisclosureError
from disclosure.examples import Examples
from disclosure.foreseen import room, shrinking
from disclosure.gate import TOO_FEW, left_out_note
from disclosure.geography import Cells
from disclosure.given import Given, given_beside
from disclosure.released import OUTLOOK_COLUMNS, SEAL, Parts, Released
from disclosure.searching import Draft, unsafe
from disclosure.tells import OWN, SHRUNKEN, Tell, anchored, as_table, facts_from, outer_level

FIGURES = ("expected", "low", "high")
EXPECTED, SUPPRESSED = "expected", "suppressed"
WHY = "suppressed: too small a number to tell, or one from which such a number could be worked out"


@dataclass(frozen=True)
class Expectation:
    """Expected counts before the gate.

    `table` has level, code, period, children (of whom they are expected), expected, low and high (children, unrounded).
    """

    table: pd.DataFrame


def release_outlook(
    expectation: Expectation,
    table: pd.DataFrame,
    counts: Released,
    *,
    earlier: Sequence[Released] = (),
    examples: Examples | None = None,
    whole: pd.DataFrame | None = None,
) -> Released:
    """Return what may be told of expected counts of larger areas, pooled or of a cohort to come, with their interval.

    An expected count leans on the count that was observed and must not stand in for it. So it is told only where the
    pooled count of the area is, and there are as many children as the policy asks; it is rounded as counts are, and
    suppressed up to the threshold; its three figures are written down as bounds on counts, as somebody would find them
    who knows all else (`disclosure.tells`); and what would narrow a small count is suppressed with the same word.

    `table`: the true counts of `counts`, the release of them. `earlier`: all else released before or beside.
    `whole` as `release_counts` has it.

    Returns `Released` (kind *outlook*): level, code, period, children, expected, low, high, status (*expected*,
    *suppressed*, *too few children*), reason.

    Raises `DisclosureError` for missing columns or areas that the counts do not have.

    Reference: docs/methods/disclosure.md.
    """
    given = given_beside(counts, table, earlier, examples=examples, whole=whole)
    _check(expectation.table, given)
    frame = _shown(expectation.table, given, counts)
    tells = as_table(list(_tells(frame, expectation, given)))
    frame, tells, notes = _safe(frame, tells, given, [counts, *earlier])
    told = frame["status"] == EXPECTED
    for name in FIGURES:
        frame[name] = pd.array(
            [
                counts.policy.expected(value) if open_ else None
                for value, open_ in zip(frame[name], told, strict=True)
            ],
            dtype="Int64",
        )
    base = counts.policy.base
    rounded = (frame["children"] / base).round().astype("Int64") * base
    frame["children"] = rounded.mask(frame["children"] < counts.policy.minimum_denominator)
    frame["reason"] = frame["status"].map({SUPPRESSED: WHY, TOO_FEW: TOO_FEW}).fillna("")
    parts = Parts(
        "outlook",
        frame[list(OUTLOOK_COLUMNS)],
        given.policy,
        given.geography,
        given.windows,
        {},
        notes,
        tells=tells,
    )
    return Released(SEAL, parts)


def _check(table: pd.DataFrame, given: Given) -> None:
    missing = {"level", "code", "period", "children", *FIGURES} - set(table)
    if missing:
        raise DisclosureError(f"The outlook lacks {', '.join(sorted(missing))}.", "Give every column.")
    levels = given.geography.levels()
    for level, codes in table.groupby("level")["code"]:
        if level not in given.policy.chain or level not in levels or not codes.isin(levels[str(level)]).all():
            raise DisclosureError(
                f"The outlook names areas of level {level} that the counts do not tell of.",
                "Use one geography for both.",
            )


def _shown(table: pd.DataFrame, given: Given, counts: Released) -> pd.DataFrame:
    """Return the expectation with the status that sizes alone give it."""
    pooled = _pooled(given)
    told = counts.frame
    open_ = told[(told["period"] == pooled) & (told["status"] == "published")]
    known = set(zip(open_["level"], open_["code"], strict=True))
    frame = table.reset_index(drop=True)
    here = pd.Series([pair in known for pair in zip(frame["level"], frame["code"], strict=True)])
    few = frame["children"] < given.policy.minimum_denominator
    small = frame["expected"].map(given.policy.expected) == 0
    status = np.select([few, ~here | small], [TOO_FEW, SUPPRESSED], EXPECTED)
    return frame.assign(status=status)


def _pooled(given: Given) -> str:
    return max(given.windows, key=lambda name: len(given.windows[name]))


def _tells(frame: pd.DataFrame, expectation: Expectation, given: Given) -> Iterator[Tell]:
    """Yield what the figures of each area and period tell, each form with all else as it truly is."""
    pooled = _pooled(given)
    window = given.windows[pooled]
    outermost = [level for level in given.policy.chain if level in given.geography.parents][-1]
    for level in frame["level"].unique():
        counts = given.geography.totals(given.table, level, window)
        children = given.geography.totals(given.geography.denominators, level, window)
        trusts = pd.Series(shrinking(counts.to_numpy(float), children.to_numpy(float)), counts.index)
        mixes = (
            outer_level(given.geography, outer_level(given.geography, level)) if level != outermost else ""
        )
        for row in frame[(frame["level"] == level) & (frame["status"] == EXPECTED)].to_dict("records"):
            code, all_ = str(row["code"]), int(children[row["code"]])
            less, more = room({name: float(row[name]) for name in FIGURES}, given.policy)
            pull = float(row["children"]) / all_
            where = (str(row["period"]), level, code, pooled)
            yield Tell(*where, OWN, *_whole(int(counts[code]), all_, (less / pull, more / pull)))
            if mixes:
                yield Tell(*where, SHRUNKEN, less / pull, more / pull, float(trusts[code]))


def _whole(count: int, most: int, move: tuple[float, float]) -> tuple[float, float]:
    """Return the least and the greatest whole count that a move from the true one leaves."""
    less, more = (float(np.clip(one, -most, most)) for one in move)
    return max(0.0, np.ceil(count + less - 1e-9)), min(float(most), np.floor(count + more + 1e-9))


def _safe(
    frame: pd.DataFrame, tells: pd.DataFrame, given: Given, told: Sequence[Released]
) -> tuple[pd.DataFrame, pd.DataFrame, tuple[str, ...]]:
    """Return the frame with unsafe figures suppressed, the bounds of what is left, and notes."""
    if tells.empty:
        return frame, tells, ()
    cells = Cells.over([given.geography, *(release.geography for release in told)])
    facts = facts_from(tells, given.geography, given.windows, {}, cells)
    tells, facts = anchored(tells, facts, cells.values(given.table))
    if not given.policy.secondary:
        return frame, tells, ()
    open_ = frame.index[frame["status"] == EXPECTED]
    keys = list(frame.loc[open_, ["level", "code", "period"]].itertuples(index=False, name=None))
    number = {key: place for place, key in enumerate(keys)}
    figures = list(tells[["level", "code", "figure"]].itertuples(index=False, name=None))
    items = np.array([number[key] for key in figures], dtype=np.int64)
    draft = Draft(facts, items, frame.loc[open_, "children"].to_numpy(float))
    withheld, left_out = unsafe(draft, given, told)
    status = frame["status"].copy()
    status.loc[open_[withheld]] = SUPPRESSED
    return frame.assign(status=status), tells[~withheld[items]], left_out_note(left_out)
