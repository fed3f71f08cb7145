"""Folders that appear whole or not at all: filled beside the others, made lasting, renamed into place."""

import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

HALF = ".half-"
"""What the name of a folder in the making starts with; no listing shows it."""
OLD = ".old-"
"""What the name of a folder starts with that is set aside while another takes its place."""


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold a folder against other processes; the system lets go of it when this one ends, however that is."""
    handle = _lock(folder)
    try:
        yield
    finally:
        os.close(handle)


@contextmanager
def half_folder(parent: Path) -> Iterator[Path]:
    """Give a new folder beside the finished ones, locked while this process fills it.

    What earlier processes left half done, because they were stopped, is swept away first: a folder is left over when
    nobody holds its lock.

    :param parent: the folder of the finished ones, made if it is absent.
    :returns: the folder to fill; it is gone afterwards unless `settle` or `take_place` has renamed it.
    """
    parent.mkdir(parents=True, exist_ok=True)
    with locked(parent):
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
        path.write_bytes(content)
        path.chmod(0o444)
    make_lasting(folder)


def make_lasting(folder: Path) -> None:
    """Have a folder and all that lies in it safe on the disk before this returns."""
    for path in (*folder.rglob("*"), folder):
        _sync(path)


def settle(folder: Path, target: Path) -> bool:
    """Rename a filled folder to its lasting name, and say whether the name was still free."""
    try:
        folder.rename(target)
    except OSError:
        if target.exists():
            return False
        raise
    _sync(target.parent)
    return True


def take_place(folder: Path, target: Path) -> None:
    """Make a filled folder lasting and put it where another may be, which is set aside first and then removed.

    A process that is stopped between the two renames leaves the old one where `recover` finds it. Nobody else may
    change `target` meanwhile: hold the parent (`locked`).
    """
    make_lasting(folder)
    old = target.with_name(f"{OLD}{target.name}")
    if old.exists():
        shutil.rmtree(old)
    if target.exists():
        target.rename(old)
    folder.rename(target)
    _sync(target.parent)
    shutil.rmtree(old, ignore_errors=True)


def recover(parent: Path) -> None:
    """Put back a folder that a crash left set aside halfway through its replacement, or finish removing it."""
    if not any(parent.glob(f"{OLD}*")):
        return
    with locked(parent):
        for old in parent.glob(f"{OLD}*"):
            target = parent / old.name.removeprefix(OLD)
            if target.exists():
                shutil.rmtree(old)
            else:
                old.rename(target)


def _lock(folder: Path) -> int:
    handle = os.open(folder, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    return handle


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
