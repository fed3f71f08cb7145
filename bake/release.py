"""Release: a run from records is a draft until a named person releases it, and can be withdrawn for a stated reason.

Release and withdrawal are two small files beside the run's folder, each written once and never changed. Beside it and
not inside, because a run does not change; files and not the database, because they belong to the run: whoever copies or
restores `runs` has them too, and no run is served because a database was lost or is another one.
"""

import hashlib
import json
import os
import secrets
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from bake.beside import (
    APART_CURE,
    GIVEN_AWAY,
    GIVEN_AWAY_CURE,
    apart_sentence,
    beside,
    codes_of,
    has_guard,
    of_records,
    subject_told,
)
from bake.errors import BakeError
from bake.guard import check_guard
from bake.lacking import lacking_faults, named_assessments
from bake.runs import FROM_RECORDS, RECORD, RELEASE, TOMBSTONE, Run, list_runs, read_run
from geo.whole_folder import locked
from store.roles import CLI, LOCAL, Actor, may, require
from words.faults import Fault

State = Literal["open", "draft", "released", "withdrawn"]
UNREADABLE = "not readable: restore the file beside the run from a backup"


@dataclass(frozen=True)
class Standing:
    """Where a run stands.

    `open`: made of published numbers, needs no release. `draft`: from records, for those who made it alone. `released`
    and `withdrawn`: `by` whom, `at` which moment (UTC, ISO). `reason` says why it was withdrawn, or why a release does
    not count. `assessments` are those named when it was released.
    """

    state: State
    by: str = ""
    at: str = ""
    reason: str = ""
    assessments: tuple[str, ...] = ()


def standing(run: Run) -> Standing:
    """Return where a run stands. A release counts only for the files that were released, to the last byte."""
    tombstone = _read(_beside(run, TOMBSTONE))
    if tombstone is not None:
        by, at, reason = (str(tombstone.get(name, UNREADABLE)) for name in ("by", "at", "reason"))
        return Standing("withdrawn", by, at, reason)
    if not run.manifest.get(FROM_RECORDS):
        return Standing("open")
    given = _read(_beside(run, RELEASE))
    if given is None:
        return Standing("draft")
    if given.get("run") != run.id or given.get("digest") != digest(run):
        return Standing("draft", reason="The files of this run are not those that were released.")
    return Standing("released", str(given["by"]), str(given["at"]), assessments=tuple(given["assessments"]))


def told_record(run: Run) -> dict[str, Any]:
    """Return the record of a run, with where the run stands today first: that is no part of its folder."""
    return {"standing": asdict(standing(run)), **run.record()}


def is_served(run: Run, *, beyond_loopback: bool, actor: Actor = LOCAL) -> bool:
    """Say whether a run may be shown: a draft to who may see drafts, on this machine; a withdrawn one nowhere."""
    state = standing(run).state
    if state == "draft":
        return not beyond_loopback and may(actor, "see_draft_runs")
    return state in {"open", "released"}


def release(home: Path, run_id: str, *, by: str, at: datetime | None = None, actor: Actor = CLI) -> Standing:
    """Release a run from records: from now on it is served to others.

    :param by: the name of the person who answers for this.
    :param at: the moment, in UTC; now if it is not given.
    :raises Forbidden: the actor may not release runs.
    :raises BakeError: every reason at once why not: no name, nothing to release, withdrawn, released before, or a
        record that lacks an answer or a named assessment.
    """
    require(actor, "release_run")
    run = read_run(home, run_id)
    # one at a time, or two that cannot be told together would each not see the other
    with locked(home / "runs"):
        record = run.record() if (run.folder / RECORD).is_file() else {}
        faults = [
            *_name_faults(by),
            *_state_faults(standing(run)),
            *lacking_faults(record, run.manifest["recipe"]),
            *_together_faults(run, home),
        ]
        if faults:
            raise BakeError(faults)
        content = {
            "run": run.id,
            "by": by.strip(),
            "at": _moment(at),
            "assessments": [str(made["name"]) for made in named_assessments(record)],
            "digest": digest(run),
        }
        if not _write_once(_beside(run, RELEASE), content):
            raise BakeError(
                f"{run.id} has a release that does not count for its files, or another was made in this moment.",
                "Look with `larder runs show`; where files were changed, bake again.",
            )
    return standing(run)


def withdraw(
    home: Path, run_id: str, *, reason: str, by: str = "", at: datetime | None = None, actor: Actor = CLI
) -> Standing:
    """Withdraw a run, for good: it is served nowhere, and a tombstone says when and why.

    Its folder stays, because what was once published has to be reckoned with when the next run is made safe. To show
    the question again, bake again.

    :raises Forbidden: the actor may not withdraw runs.
    :raises BakeError: no reason given, no such run, or withdrawn before.
    """
    require(actor, "release_run")
    run = read_run(home, run_id)
    if not reason.strip():
        raise BakeError("A withdrawal needs a reason, because the tombstone says it.", "Give --reason TEXT.")
    content = {"run": run.id, "by": by.strip() or "not given", "at": _moment(at), "reason": reason.strip()}
    if not _write_once(_beside(run, TOMBSTONE), content):
        earlier = standing(run)
        raise BakeError(
            f"{run.id} was withdrawn before, at {earlier.at}: {earlier.reason}", "Nothing is to be done."
        )
    return standing(run)


def told_of(home: Path, run_id: str, *, drafts: bool) -> Standing | None:
    """Return how a run was withdrawn, for whom asks for it by its id; None where there is nothing to tell.

    :param drafts: whether who asks may see drafts: a run that was withdrawn before anybody released it is told of to
        nobody else.
    """
    run = next((one for one in list_runs(home) if one.id == run_id), None)
    if run is None or standing(run).state != "withdrawn":
        return None
    was_for_all = not run.manifest.get(FROM_RECORDS) or _beside(run, RELEASE).is_file()
    return standing(run) if drafts or was_for_all else None


def digest(run: Run) -> str:
    """Return the SHA-256 over the names and contents of all files of a run."""
    whole = hashlib.sha256()
    for path in sorted(run.folder.iterdir()):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        whole.update(f"{path.name}\0{content}\n".encode())
    return whole.hexdigest()


def _name_faults(by: str) -> list[Fault]:
    if by.strip():
        return []
    return [Fault("Nobody is named who releases the run.", "Give --by NAME: a person, not a team.")]


def _state_faults(now: Standing) -> list[Fault]:
    told = {
        "open": Fault("This run is made of published numbers.", "It needs no release."),
        "released": Fault(
            f"This run was released before, by {now.by} at {now.at}.", "Nothing is to be done."
        ),
        "withdrawn": Fault(f"This run was withdrawn: {now.reason}", "Bake again and release the new run."),
    }
    return [told[now.state]] if now.state in told else []


def _together_faults(run: Run, home: Path) -> list[Fault]:
    """Return beside which runs that others have seen this one cannot be told: what the gate did not or cannot know."""
    subject = subject_told(run)
    if not has_guard(run) or subject is None:
        return []
    try:
        check_guard(run)
        found = beside(home, subject, codes_of(run), but=run.id)
    except BakeError as refused:
        return list(refused.faults)
    known = of_records(run).get("earlier", ())
    unknown = [
        Fault(
            f"{other} was released, and the gate did not know it when this run was made: both together might tell "
            "a small number.",
            "Bake again, and release the new run.",
        )
        for other in found.same
        if other not in known
    ]
    apart = [Fault(apart_sentence([other]), APART_CURE) for other in found.apart]
    away = [Fault(GIVEN_AWAY, GIVEN_AWAY_CURE)] if of_records(run).get("given_away") else []
    return [*unknown, *apart, *away]


def _beside(run: Run, ending: str) -> Path:
    return run.folder.parent / f"{run.id}{ending}"


def _moment(at: datetime | None) -> str:
    return (at or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="seconds")


def _read(path: Path) -> dict[str, Any] | None:
    """Return what a file beside the run says: None where there is none, nothing where it cannot be read.

    Either way of failing is the careful one: a tombstone that says nothing still withdraws, a release still does not
    count.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def _write_once(path: Path, content: dict[str, Any]) -> bool:
    """Write a file whole and for good; say whether its name was still free, even with two at it in one moment."""
    half = path.with_name(f".writing-{secrets.token_hex(6)}.json")
    try:
        with half.open("wb") as handle:
            handle.write((json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode())
            handle.flush()
            os.fsync(handle.fileno())
        half.chmod(0o444)
        try:
            os.link(half, path)
        except FileExistsError:
            return False
    finally:
        half.unlink(missing_ok=True)
    return True
