"""Beside: which earlier runs tell of the same children, whatever their recipe or their place is called.

What others have seen once stays seen: a run that was released counts for good, also when it was withdrawn since or its
folder is gone.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from bake.guard import about_guard, check_guard, guarded_ids
from bake.runs import AREAS, FROM_RECORDS, GUARDED, RELEASE, Run, list_runs
from bake.subject import Subject
from words.sentences import joined

APART_CURE = (
    "Withdrawing that run does not help, because it was seen. Split the values as it does, or keep this run for this "
    "machine."
)


@dataclass(frozen=True)
class Beside:
    """Runs that others have seen and that tell of the same column of some of the same areas, oldest first, by id.

    Beside those of `same`, which count the same children, the gate can make a run safe. Beside those `apart` nothing
    can, because they split the column's values another way: what both tell are sums of other children.
    """

    same: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()


def beside(home: Path, subject: Subject, codes: Collection[str], but: str = "") -> Beside:
    """Return the runs that have to be reckoned with beside one of this subject and these areas.

    :param codes: of its smallest areas.
    :param but: the id of a run that is left out.
    :raises BakeError: one of them has no guard, or one that was changed.
    """
    wanted = set(map(str, codes))
    found = [
        (run_id, other)
        for run_id, other in [*_gone(home, subject, wanted), *_there(home, subject, wanted)]
        if run_id != but
    ]
    return Beside(
        tuple(run_id for run_id, other in found if other.splits_as(subject)),
        tuple(run_id for run_id, other in found if not other.splits_as(subject)),
    )


def apart_sentence(ids: Sequence[str]) -> str:
    """Say beside which runs one cannot be told, and why."""
    return (
        f"This run cannot be released beside {joined(list(ids))}: of the same column and of some of the same areas it "
        "counts other values, and both together would tell small numbers whatever is withheld."
    )


GIVEN_AWAY = (
    "This run cannot be released: it would speak of small numbers that earlier runs had given away already, though "
    "they did not speak of them."
)
GIVEN_AWAY_CURE = (
    "Pool as many cohorts as the runs before it, or one fewer; or keep this run for this machine."
)


def of_records(run: Run) -> dict[str, Any]:
    """Return what `run.json` says of the records of a run; nothing for a run of published numbers."""
    found = run.manifest.get("settings", {}).get("records", {})
    return found if isinstance(found, dict) else {}


def subject_told(run: Run) -> Subject | None:
    """Return of what a run tells; None where it does not say, as of published numbers."""
    told = of_records(run)
    written = told.get("subject") or told.get("outcome") or {}
    return Subject.read(written) if {"agency", "column", "bad", "good"} <= set(written) else None


def codes_of(run: Run) -> set[str]:
    """Return the codes of a run's areas."""
    return set(pd.read_parquet(run.folder / AREAS, columns=["code"])["code"].astype(str))


def was_seen(run: Run) -> bool:
    """Say whether others may have seen a run: it was released once, whatever became of it."""
    return bool(run.manifest.get(FROM_RECORDS)) and (run.folder.parent / f"{run.id}{RELEASE}").is_file()


def _there(home: Path, subject: Subject, codes: set[str]) -> list[tuple[str, Subject]]:
    found = []
    for run in reversed(list_runs(home)):
        other = subject_told(run)
        if other is None or not was_seen(run) or not other.is_of_the_column_of(subject):
            continue
        if codes & codes_of(run):
            check_guard(run)
            found.append((run.id, other))
    return found


def _gone(home: Path, subject: Subject, codes: set[str]) -> list[tuple[str, Subject]]:
    """Return those whose guard alone is left: nobody can say whether they were seen, so they were."""
    there = {run.id for run in list_runs(home)}
    about = {run_id: about_guard(home, run_id) for run_id in guarded_ids(home) if run_id not in there}
    return [
        (run_id, one.subject)
        for run_id, one in about.items()
        if one.subject.is_of_the_column_of(subject) and codes & one.codes
    ]


def has_guard(run: Run) -> bool:
    """Say whether a run is one that has to have a guard: it says so, or it says of which column it tells."""
    return GUARDED in run.manifest or subject_told(run) is not None
