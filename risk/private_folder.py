"""The private folder: where names may lie while records are linked, gone afterwards, after a crash too."""

import fcntl
import os
import secrets
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from risk.errors import RiskError

_TABLE = Path("/proc/mounts")
_GATE = "gate.lock"


@contextmanager
def private_folder(base: Path | None = None) -> Iterator[Path]:
    """Give a folder that this process's user alone can open, and remove it at the end, however that comes.

    It lies in memory (tmpfs) where the machine has such a file system, so that nothing of it reaches a disk. A process
    that is killed cannot remove it: each folder has a lock that dies with its process, and the next call (or `sweep`)
    removes every folder whose lock is free.

    `base` is where to put it, by default `find_base()`. RiskError where another user has prepared that place.
    """
    root = _root(base or find_base())
    name = f"job-{secrets.token_hex(8)}"
    with _gate(root):
        _sweep(root)
        lock = os.open(root / f"{name}.lock", os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        fcntl.flock(lock, fcntl.LOCK_EX)
        folder = root / name
        folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        with _gate(root):
            _remove(root, name)
        os.close(lock)


def sweep(base: Path | None = None) -> int:
    """Remove what killed processes left behind; return how many folders that were."""
    root = _root(base or find_base())
    with _gate(root):
        return _sweep(root)


def sweep_at_start(say: Callable[[str], None]) -> None:
    """Remove what killed processes left behind, as the app or a command starts: say so, and stand in nobody's way."""
    try:
        swept = sweep()
    except RiskError as refused:
        say(str(refused))
    except OSError as refused:
        say(
            f"Where killed processes may have left records of persons could not be looked at: {refused.strerror}."
        )
    else:
        if swept:
            say(f"Removed {swept} private folders that a stopped process had left.")


def find_base(table: Path = _TABLE) -> Path:
    """Return the best place for a private folder: one in memory, else the user's own or the common temporary one."""
    wished = [Path(text) for text in (os.environ.get("XDG_RUNTIME_DIR", ""), "/dev/shm") if text]  # noqa: S108
    usable = [path for path in wished if path.is_dir() and os.access(path, os.W_OK | os.X_OK)]
    return next((path for path in usable if in_memory(path, table)), Path(tempfile.gettempdir()))


def in_memory(path: Path, table: Path = _TABLE) -> bool:
    """Say whether a folder lies on a file system in memory, by the table of what is mounted."""
    if not table.is_file():
        return False
    mounts = [line.split()[1:3] for line in table.read_text("utf-8").splitlines() if len(line.split()) > 2]
    holding = [(point, kind) for point, kind in mounts if path.resolve().is_relative_to(point)]
    return bool(holding) and max(holding, key=lambda mount: len(mount[0]))[1] in ("tmpfs", "ramfs")


def _root(base: Path) -> Path:
    """Return this user's folder under the base, made or found to be theirs alone."""
    root = base / f"larder-{os.geteuid()}"
    root.mkdir(mode=0o700, exist_ok=True)
    told = root.lstat()
    if not stat.S_ISDIR(told.st_mode) or told.st_uid != os.geteuid() or told.st_mode & 0o077:
        raise RiskError(
            f"{root} is not a folder that you alone can open.",
            "Remove it, and look who made it before you go on.",
        )
    return root


@contextmanager
def _gate(root: Path) -> Iterator[None]:
    """Let one process at a time make or remove folders, so that none is seen between its making and its lock."""
    gate = os.open(root / _GATE, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(gate, fcntl.LOCK_EX)
        yield
    finally:
        os.close(gate)


def _sweep(root: Path) -> int:
    """Remove each folder whose lock nobody holds; a lock is held as long as its process lives."""
    left = {path.name.removesuffix(".lock") for path in root.glob("job-*")}
    dead = [name for name in sorted(left) if not _alive(root / f"{name}.lock")]
    for name in dead:
        _remove(root, name)
    return len(dead)


def _alive(lock: Path) -> bool:
    if not lock.exists():
        return False
    number = os.open(lock, os.O_RDWR)
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(number)
    return False


def _remove(root: Path, name: str) -> None:
    """Remove a folder and then its lock: a crash between the two leaves only an empty lock to sweep."""
    # an engine that is still stopping may remove its own files at the same moment
    for _ in range(3):
        shutil.rmtree(root / name, ignore_errors=True)
        if not (root / name).exists():
            break
    if (root / name).exists():
        raise RiskError(f"{root / name} cannot be removed.", "It holds names: remove it by hand now.")
    (root / f"{name}.lock").unlink(missing_ok=True)
