"""Taking a file in: every row accounted for, nothing twice, nothing half."""

import multiprocessing
import os
import signal
import time
from pathlib import Path

import pytest

from assets.errors import AssetError
from assets.importers import refused, taking
from assets.importers.intake import import_file
from assets.importers.report import OUTCOMES
from assets.schema import Asset
from geo.errors import GeoError
from tests.assets.importers.taken import B2, kept, one, take, told


def test_nothing_is_written_beside_when_nothing_is_refused(town_home: Path) -> None:
    report = take(town_home, "name,category,postcode\nA,hall,SS15 4JE\n")
    assert report.refused_file is None
    assert [path.name for path in (town_home.parent / "files").iterdir()] == ["assets.csv"]


def test_a_folder_that_cannot_be_written_to_sends_the_refused_rows_home(
    town_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refused, "may_write", lambda _: False)
    report = take(town_home, "name,category\n,hall\n")
    assert report.refused_file == town_home / "refused" / "assets.refused.csv"
    assert report.refused_file.is_file()


def test_a_mended_refused_file_comes_in(town_home: Path) -> None:
    target = take(town_home, "name,category,latitude,longitude\nA,hall,100,0.45\n").refused_file
    assert target is not None
    mended = target.read_text(encoding="utf-8-sig").replace("100", str(B2[1]))
    assert one(town_home, mended, name="mended.csv").outcome == "accepted"


def test_a_home_without_places_takes_coordinates(larder_home: Path) -> None:
    assert one(larder_home, "name,category,lat,lon\nA,hall,51.58,0.45\n").outcome == "accepted"


def test_the_same_file_twice_adds_nothing(town_home: Path) -> None:
    text = "name,category,postcode\nA,hall,SS15 4JE\nA,hall,SS15 4JE\nB,club,\n,hall,\n"
    first, before = take(town_home, text), kept(town_home)
    second = take(town_home, text)
    assert told(first) == {"accepted": 1, "held": 2, "refused": 1}
    assert told(second) == {"refused": 1, "unchanged": 3}
    assert kept(town_home) == before


def test_the_same_rows_under_another_name_in_another_order_add_nothing(town_home: Path) -> None:
    take(town_home, "name,category,postcode\nA,hall,SS15 4JE\nB,club,SS15 4JE\n")
    again = take(town_home, "postcode,name,category\nss154je,b,Club\nSS15 4JE,A,hall\n", name="other.csv")
    assert again.totals["unchanged"] == 2
    assert len(kept(town_home)) == 2


def test_a_row_that_looks_like_another_of_the_file_is_held(town_home: Path) -> None:
    report = take(town_home, "name,category,postcode\nA,hall,SS15 4JE\nB,hall,SS15 4JE\na ,hall,ss15 4je\n")
    assert [row.outcome for row in report.rows] == ["accepted", "accepted", "held"]
    assert "looks the same as row 2" in report.rows[2].reasons[0]


def test_a_row_held_for_want_of_a_location_gets_it_when_it_is_known(
    larder_home: Path, town_home: Path
) -> None:
    text = "name,category,postcode\nA,hall,SS15 4JE\n"
    hidden = town_home / "elsewhere"
    (town_home / "places").rename(hidden)
    assert one(town_home, text).outcome == "held"
    before = kept(town_home)[0]
    hidden.rename(town_home / "places")
    assert one(town_home, text).outcome == "updated"
    (after,) = kept(town_home)
    assert (after.id, after.status, after.area, after.review_reason) == (before.id, "accepted", "B2", "")
    assert one(town_home, text).outcome == "unchanged"


def test_a_trial_writes_nothing_and_reports_the_same(town_home: Path) -> None:
    text = "name,category,postcode\nA,hall,SS15 4JE\nA,hall,SS15 4JE\n,hall,\n"
    trial = take(town_home, text, dry_run=True)
    assert kept(town_home) == []
    assert trial.refused_file is None
    assert trial.totals == take(town_home, text).totals
    assert "nothing was written" in " ".join(trial.sentences())


def test_a_file_without_a_column_of_names_says_which_it_has(town_home: Path) -> None:
    with pytest.raises(AssetError, match=r"no column 'name'.*what, where.*mapping"):
        take(town_home, "what,where\na,b\n")


def test_an_unknown_place_names_the_known(town_home: Path) -> None:
    with pytest.raises(GeoError, match="town"):
        take(town_home, "name\nA\n", place="nowhere")


def test_the_report_is_plain_data(town_home: Path) -> None:
    report = take(town_home, "name,category,postcode\nA,hall,SS15 4JE\n,hall,\n").as_dict()
    assert report["total"] == sum(report[outcome] for outcome in OUTCOMES) == 2
    assert [row["outcome"] for row in report["rows"]] == ["accepted", "refused"]


def test_a_failure_in_the_middle_leaves_nothing(town_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []

    def keep_two(*args: object, **options: object) -> Asset:
        calls.append(args)
        if len(calls) > 2:
            raise OSError("the disk is full")
        return real(*args, **options)  # type: ignore[arg-type]

    real = taking.keep
    monkeypatch.setattr(taking, "keep", keep_two)
    with pytest.raises(OSError, match="full"):
        take(town_home, "name,category,postcode\n" + "".join(f"A{i},hall,SS15 4JE\n" for i in range(5)))
    assert kept(town_home) == []


def _import_slowly(path: Path, home: Path, started: object) -> None:
    real = taking.keep

    def slow(*args: object, **options: object) -> Asset:
        asset = real(*args, **options)  # type: ignore[arg-type]
        started.set()  # type: ignore[attr-defined]
        time.sleep(0.2)
        return asset

    taking.keep = slow  # type: ignore[assignment]
    import_file(path, home=home)


def test_a_kill_in_mid_import_leaves_nothing_half_written(larder_home: Path) -> None:
    path = larder_home.parent / "assets.csv"
    path.write_text("name,category,lat,lon\n" + "".join(f"A{i},hall,51.5,0.{i}\n" for i in range(1, 200)))
    context = multiprocessing.get_context("spawn")
    started = context.Event()
    process = context.Process(target=_import_slowly, args=(path, larder_home, started))
    process.start()
    assert started.wait(60)
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    process.join(30)
    assert kept(larder_home) == []
    assert import_file(path, home=larder_home).totals["accepted"] == 199


def _import(path: Path, home: Path) -> None:
    import_file(path, home=home)


def test_two_imports_of_one_file_at_once_add_it_once(larder_home: Path) -> None:
    path = larder_home.parent / "assets.csv"
    path.write_text("name,category,lat,lon\n" + "".join(f"A{i},hall,51.5,0.{i}\n" for i in range(1, 60)))
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_import, args=(path, larder_home)) for _ in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
        assert process.exitcode == 0
    assert len(kept(larder_home)) == 59


def test_columns_that_nothing_reads_are_said(town_home: Path) -> None:
    text = "name,category,postcode,Colour,description,Notes,Empty\nA,hall,SS15 4JE,red,big,keys at the bar,\n"
    assert any(line.startswith("Not used: Colour and Notes.") for line in take(town_home, text).sentences())
    # where nothing else describes it, the notes do
    text = "name,category,postcode,description,Notes\nB,hall,SS15 4JE,,keys at the bar\n"
    assert not any("Not used" in line for line in take(town_home, text, name="b.csv").sentences())


def test_a_category_that_is_not_known_is_mended_and_said(town_home: Path) -> None:
    report = take(town_home, "name,category,postcode\nA,wizardry,SS15 4JE\nB,hall,SS15 4JE\n")
    assert told(report) == {"accepted": 1, "mended": 1}
    assert any(
        line.endswith("accepted, mended: category 'wizardry' is not known here: it counts as other")
        for line in report.sentences()
    )
