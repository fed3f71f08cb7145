"""The private folder: whose it is, that it goes, and that it goes after kill -9 too."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from risk.errors import RiskError
from risk.private_folder import find_base, in_memory, private_folder, sweep, sweep_at_start

ROOT = Path(__file__).resolve().parents[2]
HOLDER = """
import sys, time
from pathlib import Path
from risk.private_folder import private_folder
with private_folder(Path(sys.argv[1])) as folder:
    (folder / "spill.parquet").write_text("a name")
    print(folder, flush=True)
    time.sleep(600)
"""


@contextmanager
def holder(base: Path) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """Run a process that holds a private folder with a file in it; give it and the folder, and kill it at the end."""
    command = [sys.executable, "-c", HOLDER, str(base)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process, Path(process.stdout.readline().strip())
        finally:
            process.send_signal(signal.SIGKILL)


def test_only_its_owner_can_open_it_and_it_goes_at_the_end(tmp_path: Path):
    with private_folder(tmp_path) as folder:
        assert folder.stat().st_mode & 0o777 == 0o700
        assert folder.parent.stat().st_mode & 0o777 == 0o700
        (folder / "names").mkdir()
        (folder / "names" / "a.csv").write_text("a name")
    assert not folder.exists()
    assert [path.name for path in folder.parent.iterdir()] == ["gate.lock"]


def test_it_goes_when_the_work_in_it_fails(tmp_path: Path):
    with pytest.raises(ZeroDivisionError), private_folder(tmp_path) as folder:
        raise ZeroDivisionError
    assert not folder.exists()


def test_what_a_killed_process_left_is_swept_at_the_next_start(tmp_path: Path):
    with holder(tmp_path) as (_, folder):
        pass
    assert (folder / "spill.parquet").read_text() == "a name"
    with private_folder(tmp_path):
        assert not folder.exists()


def test_what_a_living_process_holds_is_left_alone(tmp_path: Path):
    with holder(tmp_path) as (_, folder):
        assert sweep(tmp_path) == 0
        assert (folder / "spill.parquet").exists()
    assert sweep(tmp_path) == 1
    assert not folder.exists()
    assert sweep(tmp_path) == 0


def test_a_lock_left_without_its_folder_is_swept_too(tmp_path: Path):
    with private_folder(tmp_path) as folder:
        root = folder.parent
    (root / "job-0.lock").touch()
    (root / "job-1").mkdir()
    assert sweep(tmp_path) == 2
    assert [path.name for path in root.iterdir()] == ["gate.lock"]


def test_a_place_that_others_prepared_is_refused(tmp_path: Path):
    with private_folder(tmp_path) as folder:
        root = folder.parent
    root.chmod(0o755)
    with pytest.raises(RiskError, match="you alone"):
        sweep(tmp_path)


def test_memory_is_chosen_where_there_is_some(tmp_path: Path):
    table = tmp_path / "mounts"
    table.write_text(f"/dev/vda / ext4 rw 0 0\ntmpfs {tmp_path / 'shm'} tmpfs rw 0 0\n")
    assert in_memory(tmp_path / "shm" / "deep", table)
    assert not in_memory(tmp_path / "shmoo", table)
    assert not in_memory(tmp_path / "shm", tmp_path / "no such table")
    assert find_base().is_dir()


def test_the_start_of_a_program_sweeps_says_so_and_is_stopped_by_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("risk.private_folder.find_base", lambda *_: tmp_path)
    said: list[str] = []
    with holder(tmp_path) as (_, folder):
        sweep_at_start(said.append)
        assert (folder.exists(), said) == (True, [])
    sweep_at_start(said.append)
    assert not folder.exists()
    assert said == ["Removed 1 private folders that a stopped process had left."]
    folder.parent.chmod(0o755)
    sweep_at_start(said.append)
    assert "you alone" in said[-1]
    folder.parent.chmod(0o700)
    monkeypatch.setattr("risk.private_folder.find_base", lambda *_: tmp_path / "nowhere")
    sweep_at_start(said.append)
    assert "could not be looked at" in said[-1]
