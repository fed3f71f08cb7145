"""A folder appears whole or not at all, and takes another's place so, whenever its process is killed."""

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from geo.whole_folder import HALF, OLD, fill, half_folder, recover, settle, take_place
from tests.conftest import ROOT

KILLED = """
    import os, signal, sys
    from pathlib import Path
    from geo.whole_folder import half_folder, take_place
    parent, moment = Path(sys.argv[1]), sys.argv[2]
    stop = lambda *a: os.kill(os.getpid(), signal.SIGKILL)
    with half_folder(parent) as half:
        (half / "new").write_text("new")
        if moment == "while filling":
            stop()
        rename, done = Path.rename, []
        def counted(*a):
            if len(done) == 1:
                stop()
            done.append(rename(*a))
        Path.rename = counted
        take_place(half, parent / "town")
"""


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A finished folder, `town`, beside which others are made."""
    with half_folder(tmp_path) as half:
        fill(half, {"old": b"old"})
        assert settle(half, tmp_path / "town")
    return tmp_path / "town"


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("moment", ["while filling", "between the two renames"])
def test_whoever_is_killed_leaves_the_old_one_and_what_the_next_clears_away(old: Path, moment: str) -> None:
    command = [sys.executable, "-c", textwrap.dedent(KILLED), str(old.parent), moment]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False)
    assert done.returncode == -signal.SIGKILL
    assert old.exists() == (moment == "while filling")
    recover(old.parent)
    assert names(old) == ["old"]
    assert len(list(old.parent.glob(f"{HALF}*"))) == 1
    with half_folder(old.parent) as half:
        (half / "new").write_text("new")
        take_place(half, old)
    assert names(old) == ["new"]
    assert names(old.parent) == ["town"]


def test_what_was_replaced_and_not_yet_removed_is_removed(old: Path) -> None:
    aside = old.with_name(f"{OLD}town")
    aside.mkdir()
    (aside / "older").write_text("older")
    recover(old.parent)
    assert names(old.parent) == ["town"]
    assert names(old) == ["old"]


def test_a_name_that_is_taken_is_not_taken_twice(old: Path) -> None:
    with half_folder(old.parent) as half:
        fill(half, {"new": b"new"})
        assert not settle(half, old)
    assert names(old) == ["old"]
    assert (old / "old").stat().st_mode & 0o222 == 0


def test_a_folder_that_another_process_is_filling_is_not_swept(tmp_path: Path) -> None:
    with half_folder(tmp_path) as first:
        (first / "x").write_text("x")
        with half_folder(tmp_path):
            assert (first / "x").exists()
    assert names(tmp_path) == []


def test_a_failure_while_filling_leaves_nothing(tmp_path: Path) -> None:
    def fail() -> None:
        with half_folder(tmp_path):
            raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        fail()
    assert names(tmp_path) == []
