"""The guard: what the gate of later runs needs of this one. Unlike a run it is private, and lies outside it.

It holds the numbers of children of each output area and cohort, exact and mostly under eight, and what each
prediction tells of the counts it leans on. So it lies in `LARDER_HOME/guard/RUN`, for its owner alone, and nothing of
it is served, exported or shown. It outlives its run: what others have seen once stays seen.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from bake.errors import BakeError
from bake.runs import GUARD, GUARDED, Run
from bake.subject import Subject
from disclosure.released import Released
from disclosure.shelf import read_released, write_released
from geo.whole_folder import HALF, half_folder, make_lasting

ABOUT = "guard.json"
RESTORE = "Restore the folder {folder} from a backup of the same time as the run."


@dataclass(frozen=True)
class About:
    """What a guard says without its figures: of what its run tells, and of which areas."""

    subject: Subject
    codes: frozenset[str]


@contextmanager
def guard_in_the_making(
    home: Path, subject: Subject, codes: Sequence[str], releases: Mapping[str, Released]
) -> Iterator[Path]:
    """Give a folder with a run's guard, whole and safe on the disk; `publish` gives it the name of the run.

    Where no run is published the folder is gone afterwards.

    :param releases: all that the gate released for the run, by name; what each name means is the caller's affair.
    """
    parent = home / GUARD
    parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    parent.chmod(0o700)
    with half_folder(parent) as half:
        half.chmod(0o700)
        for name, released in releases.items():
            write_released(released, half / name)
        about = {"subject": asdict(subject), "areas": sorted(map(str, codes))}
        (half / ABOUT).write_text(json.dumps(about, ensure_ascii=False, indent=1), "utf-8")
        _make_private(half)
        yield half


def guard_digest(folder: Path) -> str:
    """Return the SHA-256 over the names and contents of all files of a guard."""
    whole = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        whole.update(f"{path.relative_to(folder).as_posix()}\0{content}\n".encode())
    return whole.hexdigest()


def guard_of(run: Run) -> Path:
    """Return where the guard of a run lies."""
    return run.folder.parent.parent / GUARD / run.id


def guarded_ids(home: Path) -> list[str]:
    """Return the ids of all runs that have a guard, also of those that are gone."""
    return sorted(
        path.name for path in (home / GUARD).glob("*") if path.is_dir() and not path.name.startswith(HALF)
    )


def check_guard(run: Run) -> None:
    """Refuse a run whose guard is not the one that was written with it.

    :raises BakeError: the guard is missing or was changed, with the cure.
    """
    folder = guard_of(run)
    if not run.manifest.get(GUARDED):
        raise BakeError(
            f"{run.id} has no guard, without which nothing can be made safe beside it.",
            "It was baked before runs had one: bake again. Where it was never shown to anybody, remove its folder and "
            "its release from `runs`.",
        )
    if not folder.is_dir():
        raise BakeError(
            f"The guard of {run.id} is missing, without which nothing can be made safe beside it.",
            RESTORE.format(folder=folder),
        )
    if guard_digest(folder) != run.manifest[GUARDED]:
        raise BakeError(
            f"The guard of {run.id} is not the one that was written with it.", RESTORE.format(folder=folder)
        )


def about_guard(home: Path, run_id: str) -> About:
    """Return what a guard says without its figures.

    :raises BakeError: it cannot be read.
    """
    folder = home / GUARD / run_id
    try:
        about = json.loads((folder / ABOUT).read_text("utf-8"))
        return About(Subject.read(about["subject"]), frozenset(map(str, about["areas"])))
    except (OSError, ValueError, KeyError, TypeError) as error:
        what = f"The guard of {run_id} cannot be read."
        raise BakeError(what, RESTORE.format(folder=folder)) from error


def read_guard(home: Path, run_id: str) -> dict[str, Released]:
    """Return what the gate released for a run, by name, whole and unchanged.

    :raises BakeError: there is nothing, or nothing readable.
    :raises DisclosureError: a part is missing or was changed.
    """
    about_guard(home, run_id)
    folders = sorted(path for path in (home / GUARD / run_id).iterdir() if path.is_dir())
    return {folder.name: read_released(folder) for folder in folders}


def _make_private(folder: Path) -> None:
    """Leave a folder's files to their owner alone, and have them on the disk before this returns."""
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o700 if path.is_dir() else 0o600)
    make_lasting(folder)
