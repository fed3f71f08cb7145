"""Folders that appear whole or not at all: written aside, made lasting, renamed into place."""

import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

HALF = ".half-"
"""What the name of a folder in the making starts with; no listing shows it."""


@contextmanager
def half_folder(parent: Path) -> Iterator[Path]:
    """Give a new folder beside the finished ones, locked while this process fills it.

    What earlier processes left half done, because they were stopped, is swept away first: a folder is left
    over when nobody holds its lock, and the system lets go of a lock when its process ends, however that is.

    :param parent: the folder of the finished ones, made if it is absent.
    :returns: the folder to fill; it is gone afterwards unless `settle` has renamed it.
    """
    parent.mkdir(parents=True, exist_ok=True)
    with locked(parent / ".lock"):
        sweep(parent)
        folder = parent / f"{HALF}{secrets.token_hex(6)}"
        folder.mkdir()
        handle = _lock(folder)
    try:
        yield folder
    finally:
        os.close(handle)
        shutil.rmtree(folder, ignore_errors=True)


def sweep(parent: Path) -> list[str]:
    """Remove the half-made folders that no running process holds, and return their names."""
    swept = []
    for folder in sorted(parent.glob(f"{HALF}*")):
        try:
            handle = os.open(folder, os.O_RDONLY)
        except FileNotFoundError:  # its owner has finished in this moment
            continue
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            continue
        else:
            shutil.rmtree(folder, ignore_errors=True)
            swept.append(folder.name)
        finally:
            os.close(handle)
    return swept


def fill(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files into a folder, read-only and safe on the disk before this returns."""
    for name, content in files.items():
        path = folder / name
        with path.open("wb") as handle:
            handle.write(content)
            handle.flush()
            os.fsync(handle.fileno())
        path.chmod(0o444)
    sync_folder(folder)


def settle(folder: Path, target: Path) -> bool:
    """Rename a filled folder to its lasting name, and say whether the name was still free."""
    try:
        folder.rename(target)
    except OSError:
        if target.exists():
            return False
        raise
    sync_folder(target.parent)
    return True


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock of a file, made if it is absent, so that one process at a time does what follows."""
    path.touch()
    handle = _lock(path)
    try:
        yield
    finally:
        os.close(handle)


def _lock(path: Path) -> int:
    handle = os.open(path, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    return handle


def sync_folder(folder: Path) -> None:
    """Have the names in a folder safe on the disk before this returns."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
