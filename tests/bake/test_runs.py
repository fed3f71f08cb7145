"""Runs: whole or not there, never changed, newest first."""

import json
import os
import signal
import subprocess
import sys
import textwrap
from datetime import UTC, datetime
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest

from bake.columns import OPEN, PARENTS, RATE_ONLY
from bake.errors import BakeError
from bake.runs import list_runs, publish, read_run
from geo.whole_folder import HALF

ROOT = Path(__file__).resolve().parents[2]
MANIFEST = {
    "title": "Crowded homes",
    "question": "Where?",
    "recipe": {"id": "crowded"},
    "level": "oa",
    "place": {"name": "town"},
    "counts": {},
}


def answered(town: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    areas = town.copy()
    for column in OPEN:
        if column not in {"code", "geometry", *PARENTS, *RATE_ONLY}:
            areas[column] = 1.0
    for column in ("name", "gi_cluster", "cluster", "status", "sign"):
        areas[column] = "none"
    return areas


def test_a_published_run_is_read_back_with_the_agreed_columns(town, tmp_path):
    areas = answered(town).iloc[::-1]
    areas.loc["B2", ["value", "band"]] = np.nan
    areas.loc["B2", "cluster"] = None
    run = publish(tmp_path, areas, MANIFEST, {"title": "t"})
    back = run.areas()
    assert list(back.index) == sorted(town.index)
    assert list(back.columns) == [c for c in OPEN if c not in {"code", *PARENTS, *RATE_ONLY}]
    assert back.crs == town.crs
    assert np.isnan(back.loc["B2", "value"])
    assert back["band"].isna().sum() == 1
    assert back["cluster"].isna().sum() == 1
    assert run.record() == {"title": "t"}
    assert sorted(path.name for path in run.folder.iterdir()) == ["areas.parquet", "record.json", "run.json"]


def test_files_of_a_run_are_read_only(town, tmp_path):
    run = publish(tmp_path, answered(town), MANIFEST, {})
    assert {path.stat().st_mode & 0o777 for path in run.folder.iterdir()} == {0o444}


def test_runs_of_one_second_have_ids_of_their_own_and_are_listed_newest_first(town, tmp_path):
    moments = [datetime(2026, 5, 3, 12, 0, 0, tick, tzinfo=UTC) for tick in (5, 1, 9)]
    runs = [publish(tmp_path, answered(town), MANIFEST, {}, moment) for moment in moments]
    assert len({run.id for run in runs}) == 3
    assert all(run.id.startswith("crowded-town-20260503-120000-") for run in runs)
    assert [run.id for run in list_runs(tmp_path)] == [runs[2].id, runs[0].id, runs[1].id]
    assert read_run(tmp_path, "latest").id == runs[2].id


def test_latest_of_one_place(town, tmp_path):
    here = publish(tmp_path, answered(town), MANIFEST, {}, datetime(2026, 1, 1, tzinfo=UTC))
    publish(tmp_path, answered(town), {**MANIFEST, "place": {"name": "other"}}, {})
    assert read_run(tmp_path, "latest", place="town").id == here.id
    with pytest.raises(BakeError, match="nowhere"):
        read_run(tmp_path, "latest", place="nowhere")


def test_a_list_entry_has_an_id_and_can_be_json(town, tmp_path):
    run = publish(tmp_path, answered(town), MANIFEST, {})
    assert json.loads(json.dumps(run.as_dict()))["id"] == run.id


def test_an_unknown_run_is_refused_with_the_nearest(town, tmp_path):
    with pytest.raises(BakeError, match="Nothing has been baked yet"):
        read_run(tmp_path, "crowded-town-1")
    run = publish(tmp_path, answered(town), MANIFEST, {})
    with pytest.raises(BakeError, match=run.id):
        read_run(tmp_path, run.id[:-1])


@pytest.mark.parametrize("name", ["../runs", "..", "", "/etc", f"{HALF}1"])
def test_an_id_cannot_lead_out_of_the_runs(town, tmp_path, name):
    publish(tmp_path, answered(town), MANIFEST, {})
    with pytest.raises(BakeError):
        read_run(tmp_path, name)


def test_columns_that_are_not_agreed_are_refused_all_at_once(town, tmp_path):
    areas = answered(town).drop(columns=["p", "q"]).assign(extra=1)
    with pytest.raises(BakeError) as error:
        publish(tmp_path, areas, MANIFEST, {})
    assert {fault.column for fault in error.value.faults} == {"p", "q", "extra"}
    assert list_runs(tmp_path) == []


def test_two_areas_of_one_code_are_refused(town, tmp_path):
    areas = answered(town)
    areas.index = ["A1", "A1", *areas.index[2:]]
    areas.index.name = "code"
    with pytest.raises(BakeError, match="Two areas have this code"):
        publish(tmp_path, areas, MANIFEST, {})


STOPPED = """
    import sys, os, signal
    from pathlib import Path
    import bake.runs as runs, geo.whole_folder as folder
    from tests.bake.test_runs import MANIFEST, answered
    import geopandas as gpd
    home = Path(sys.argv[1])
    areas = gpd.read_parquet(home / "town.parquet").set_index("code")
    stop = lambda *a: os.kill(os.getpid(), signal.SIGKILL)
    if sys.argv[2] == "rename":
        runs.settle = stop
    else:
        whole = folder.os.fsync
        folder.os.fsync = stop
    runs.publish(home, answered(areas), MANIFEST, {})
"""


@pytest.mark.parametrize("moment", ["write", "rename"])
def test_a_bake_that_is_killed_leaves_the_last_good_run_and_nothing_else(town, tmp_path, moment):
    good = publish(tmp_path, answered(town), MANIFEST, {})
    before = (good.folder / "areas.parquet").read_bytes()
    town.reset_index().to_parquet(tmp_path / "town.parquet")
    command = [sys.executable, "-c", textwrap.dedent(STOPPED), str(tmp_path), moment]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False)
    assert done.returncode == -signal.SIGKILL
    assert [run.id for run in list_runs(tmp_path)] == [good.id]
    assert read_run(tmp_path, "latest").id == good.id
    assert (good.folder / "areas.parquet").read_bytes() == before
    assert len(list((tmp_path / "runs").glob(f"{HALF}*"))) == 1
    again = publish(tmp_path, answered(town), MANIFEST, {})
    assert list((tmp_path / "runs").glob(f"{HALF}*")) == []
    assert {run.id for run in list_runs(tmp_path)} == {good.id, again.id}
