"""What is wrong with records and shows only once they are linked, and what a machine does to a bake: no harm done."""

import errno
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from bake.runs import list_runs, publish
from risk.errors import RiskError
from risk.unforeseen import quoting_nothing
from tests.bake.kitchen import SCHOOLS, Frame, Kitchen
from tests.bake.small import copied, make_small, recipe_text, spoil
from tests.bake.test_release import FROM_RECORDS, answered
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the extracts of 1,500 children: as many as faults need that show in shares only."""
    return make_small(tmp_path_factory.mktemp("small"))


# What shows only once records are linked.

LEAK = """
[[risk.features]]
name = "phonics"
label = "Phonics in Year 1"
kind = "latest"
agency = "schools"
column = "phonics_score"
dated = "enrolled_on"

"""


def test_a_leak_planted_in_the_features(kitchen: Kitchen, small: Path) -> None:
    said = kitchen.refuses(small, recipe_text(more=LEAK))
    assert "column 'phonics': Phonics in Year 1 (phonics) knows what was not yet known" in said
    assert said.count("\n") == 0, "the honest features have no leak"


def of_another_year(table: Frame) -> Frame:
    """Return the schools' rows with one cohort again, a year later and under new numbers."""
    cohort = table[table["dob"].between("2018-09-01", "2019-08-31")].copy()
    days = [name for name in table if re.fullmatch(r"\d{4}-\d\d-\d\d", str(table[name].max()))]
    for name in days:
        year = cohort[name].str[:4]
        later = (pd.to_numeric(year, errors="coerce") + 1).astype("Int64").astype(str)
        cohort[name] = (
            cohort[name].where(cohort[name] == "", later + cohort[name].str[4:]).str.replace("02-29", "02-28")
        )
    cohort["pupil_record"] = [f"{number:07d}" for number in range(9_000_000, 9_000_000 + len(cohort))]
    cohort["upn"] = "Y" + cohort["upn"].str[1:]
    cohort = cohort[cohort["enrolled_on"] <= "2026-09-30"]
    return pd.concat([table, cohort], ignore_index=True)


def test_the_same_cohort_delivered_twice_under_another_year(kitchen: Kitchen, small: Path) -> None:
    folder = copied(small, kitchen.folder)
    spoil(folder, "schools", of_another_year)
    said = kitchen.refuses(folder, recipe_text())
    assert f"{SCHOOLS}, column 'dob': " in said
    assert re.search(
        r"children born in the school year from September 2018 come again .* from September 2019", said
    )
    assert "Was a cohort given twice" in said


def turned(chosen: Callable[[Frame], "pd.Series[bool]"]) -> Callable[[Frame], Frame]:
    """Return a change that exchanges good and bad in the rows chosen."""

    def change(table: Frame) -> Frame:
        column, other = "good_level_of_development", {"Y": "N", "N": "Y", "": ""}
        table[column] = table[column].where(~chosen(table), table[column].map(other))
        return table

    return change


def test_good_and_bad_exchanged_in_one_cohort(kitchen: Kitchen, small: Path) -> None:
    folder = copied(small, kitchen.folder)
    spoil(folder, "schools", turned(lambda table: table["dob"].between("2018-09-01", "2019-08-31")))
    said = kitchen.refuses(folder, recipe_text())
    assert re.search(r"in cohort 2024 \d\d% have the outcome, in the others \d\d%", said)
    assert "Were good and bad exchanged" in said


def test_good_and_bad_exchanged_in_all(kitchen: Kitchen, small: Path) -> None:
    folder = copied(small, kitchen.folder)
    spoil(folder, "schools", turned(lambda table: table["dob"] != "never"))
    said = kitchen.refuses(folder, recipe_text())
    assert re.search(
        r"\d\d% have the outcome, where the Department for Education's early years .* has 32%", said
    )
    assert "Were good and bad exchanged, in the extract or in the recipe" in said


# The machine.


def test_a_disk_that_is_full_when_the_run_is_written(
    town: gpd.GeoDataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    earlier = publish(tmp_path, answered(town), FROM_RECORDS, {})

    def full(_number: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(RiskError, match=r"No space is left.*Nothing was published"), quoting_nothing():
        publish(tmp_path, answered(town), FROM_RECORDS, {})
    assert [run.id for run in list_runs(tmp_path)] == [earlier.id]
    assert [path.name for path in (tmp_path / "runs").iterdir() if path.is_dir()] == [earlier.id]


def test_a_bake_killed_while_it_links_leaves_names_that_the_next_command_removes(
    kitchen: Kitchen, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = kitchen.folder / "private"
    base.mkdir()
    (kitchen.folder / "question.toml").write_text(recipe_text(), "utf-8")
    code = (
        "import sys; from pathlib import Path; import risk.private_folder as p; base = Path(sys.argv.pop(1));"
        "p.find_base = lambda *_: base; import cli; cli.main()"
    )
    words = ["bake", str(kitchen.folder / "question.toml"), "--place", "demo", "--extracts", str(small)]
    job = subprocess.Popen(
        [sys.executable, "-c", code, str(base), *words],
        cwd=ROOT, env={**os.environ, "LARDER_HOME": str(kitchen.home)},
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert job.stderr is not None
    try:
        while not list(base.glob("larder-*/job-*/*")):
            assert job.poll() is None, f"the bake ended before it linked: {job.stderr.read().decode()}"
            time.sleep(0.05)
    finally:
        job.send_signal(signal.SIGKILL)
        job.wait()
        job.stderr.close()
    assert list(base.glob("larder-*/job-*/*")), "what it held is still there"
    assert kitchen.files() == kitchen.before
    monkeypatch.setattr("risk.private_folder.find_base", lambda *_: base)
    kitchen.refuses(copied(small, kitchen.folder, key=False), recipe_text())
    assert not list(base.glob("larder-*/job-*"))
