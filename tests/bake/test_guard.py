"""The guard: private, whole or not there, missed when it is gone, and there longer than its run."""

import os
import shutil
import stat
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from bake import runs
from bake.beside import Beside, beside
from bake.errors import BakeError
from bake.guard import check_guard, guard_in_the_making, guard_of, guarded_ids, read_guard
from bake.release import release, standing, withdraw
from bake.runs import Run, list_runs, publish
from disclosure.errors import DisclosureError
from geo.whole_folder import HALF
from tests.bake.guarded import PLAIN, guarded_run, released
from tests.bake.test_release import FROM_RECORDS, answered, record


@pytest.fixture
def run(town: gpd.GeoDataFrame, tmp_path: Path) -> Run:
    return guarded_run(tmp_path, town)


def spoilt(run: Run) -> Path:
    path = guard_of(run) / "counts" / "tells.parquet"
    path.write_bytes(path.read_bytes() + b" ")
    return path


def test_a_guard_is_its_owners_alone_whatever_the_umask(town: gpd.GeoDataFrame, tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        run = guarded_run(tmp_path, town)
    finally:
        os.umask(before)
    for path in (tmp_path / "guard", guard_of(run), *guard_of(run).rglob("*")):
        mode = stat.S_IMODE(path.stat().st_mode)
        assert mode == (0o700 if path.is_dir() else 0o600), path


def test_a_guard_is_read_again_by_name(run: Run, tmp_path: Path) -> None:
    check_guard(run)
    again = read_guard(tmp_path, run.id)
    assert set(again) == {"counts", "agencies.a"}
    pd.testing.assert_frame_equal(again["counts"].frame, released().frame)


def test_no_file_of_the_run_is_one_of_the_guard(run: Run) -> None:
    assert {path.name for path in run.folder.iterdir()} == {"areas.parquet", "run.json", "record.json"}


def test_where_no_run_is_published_no_guard_is_left(
    town: gpd.GeoDataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(half: Path, target: Path) -> bool:
        if target.parent.name == "runs":
            raise OSError("the disk is full")
        return settled(half, target)

    settled = runs.settle
    monkeypatch.setattr(runs, "settle", full)
    with pytest.raises(OSError, match="full"):
        guarded_run(tmp_path, town)
    assert list_runs(tmp_path) == []
    assert guarded_ids(tmp_path) == []
    assert list((tmp_path / "guard").glob(f"{HALF}*")) == []


def test_a_run_is_not_there_before_its_guard(
    town: gpd.GeoDataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    settled = runs.settle

    def noted(half: Path, target: Path) -> bool:
        order.append(target.parent.name)
        return settled(half, target)

    monkeypatch.setattr(runs, "settle", noted)
    guarded_run(tmp_path, town)
    assert order == ["guard", "runs"]


def test_where_a_name_is_taken_guard_and_run_take_the_next_together(
    town: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    first, second = guarded_run(tmp_path, town), guarded_run(tmp_path, town)
    assert first.id != second.id
    assert set(guarded_ids(tmp_path)) == {first.id, second.id}
    check_guard(first)
    check_guard(second)


def test_a_guard_that_is_missing_or_was_changed_is_a_clear_error_with_a_cure(
    run: Run, tmp_path: Path
) -> None:
    release(tmp_path, run.id, by="A. Person")
    path = spoilt(run)
    with pytest.raises(
        BakeError, match=r"not the one that was written with it.*Restore the folder .*from a backup"
    ):
        beside(tmp_path, PLAIN, ["A1"])
    with pytest.raises(DisclosureError, match="changed since: tells"):
        read_guard(tmp_path, run.id)
    path.unlink()
    with pytest.raises(BakeError, match="not the one"):
        check_guard(run)
    shutil.rmtree(guard_of(run))
    with pytest.raises(BakeError, match=r"The guard of .* is missing.*Restore"):
        beside(tmp_path, PLAIN, ["A1"])


def test_a_run_whose_guard_is_not_right_is_not_released(run: Run, tmp_path: Path) -> None:
    spoilt(run)
    with pytest.raises(BakeError, match="not the one that was written with it"):
        release(tmp_path, run.id, by="A. Person")
    assert standing(run).state == "draft"


def test_a_released_run_from_before_guards_is_not_skipped(town: gpd.GeoDataFrame, tmp_path: Path) -> None:
    outcome = {"agency": PLAIN.agency, "column": PLAIN.column, "bad": ["N"], "good": ["Y"]}
    told = {**FROM_RECORDS, "settings": {"records": {"outcome": outcome}}}
    run = publish(tmp_path, answered(town), told, record())
    assert beside(tmp_path, PLAIN, town.index) == Beside(), "nobody has seen it"
    (tmp_path / "runs" / f"{run.id}{runs.RELEASE}").write_text("{}")
    with pytest.raises(BakeError, match="has no guard"):
        beside(tmp_path, PLAIN, town.index)


def test_what_was_seen_stays_seen_when_it_is_withdrawn_and_when_it_is_gone(run: Run, tmp_path: Path) -> None:
    codes = list(run.areas().index)
    assert beside(tmp_path, PLAIN, codes) == Beside(), "a draft was seen by nobody"
    release(tmp_path, run.id, by="A. Person")
    withdraw(tmp_path, run.id, reason="A trial.")
    assert beside(tmp_path, PLAIN, codes) == Beside(same=(run.id,))
    shutil.rmtree(run.folder)
    for path in (tmp_path / "runs").glob(f"{run.id}*"):
        path.unlink()
    assert beside(tmp_path, PLAIN, codes) == Beside(same=(run.id,))
    assert set(read_guard(tmp_path, run.id)) == {"counts", "agencies.a"}


def test_what_a_killed_process_left_of_a_guard_is_swept_away(run: Run, tmp_path: Path) -> None:
    left = tmp_path / "guard" / f"{HALF}abc"
    left.mkdir()
    (left / "tells.parquet").write_bytes(b"half")
    with guard_in_the_making(tmp_path, PLAIN, ["A1"], {}):
        assert not left.exists()
    assert guarded_ids(tmp_path) == [run.id]
