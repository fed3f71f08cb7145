"""Taking a file in: every row accounted for, nothing twice, nothing half, ugly rows by name."""

import csv
import multiprocessing
import os
import signal
import time
from datetime import date
from pathlib import Path

import pytest

from assets.errors import AssetError
from assets.find import find_assets
from assets.importers import refused, taking
from assets.importers.intake import import_file
from assets.importers.report import OUTCOMES, ImportReport, RowReport
from assets.register import list_assets
from assets.schema import Asset
from geo.errors import GeoError
from store.roles import CLI
from store.session import reading
from words.cells import safe_cell

TODAY = date(2026, 11, 23)
# the middle of square B2: Code-Point Open gives its grid reference 569880, 190818 as these degrees
B2 = (0.450957, 51.590602)


def take(home: Path, text: str, name: str = "assets.csv", **options: object) -> ImportReport:
    folder = home.parent / "files"
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(text, encoding="utf-8", newline="")
    return import_file(path, home=home, today=TODAY, **options)  # type: ignore[arg-type]


def one(home: Path, text: str, **options: object) -> RowReport:
    report = take(home, text, **options)
    assert len(report.rows) == 1
    return report.rows[0]


def told(report: ImportReport) -> dict[str, int]:
    """Return the totals that are not 0."""
    return {outcome: count for outcome, count in report.totals.items() if count}


def kept(home: Path) -> list[Asset]:
    with reading(home) as session:
        return list_assets(session, actor=CLI)


def test_plain_columns_need_no_mapping(town_home: Path) -> None:
    row = one(
        town_home,
        "name,category,latitude,longitude,confirmed_on,website\n"
        f"The Hall,Community Centres,{B2[1]},{B2[0]},2026-05-31,https://hall.example\n",
    )
    assert (row.outcome, row.place, row.reasons) == ("accepted", "town", ())
    asset = kept(town_home)[0]
    assert (asset.name, asset.category, asset.source_category) == (
        "The Hall",
        "community_centre",
        "Community Centres",
    )
    assert (asset.longitude, asset.latitude) == (B2[0], B2[1])
    assert (asset.place, asset.area, asset.status) == ("town", "B2", "accepted")
    assert (asset.geocode_method, asset.geocode_quality) == ("coordinates", "as given")
    assert (asset.confirmed_on, asset.website) == (date(2026, 5, 31), "https://hall.example")
    assert (asset.source, asset.source_row) == ("assets.csv", 1)
    assert asset.created_at.tzinfo is not None


def test_a_postcode_gives_the_point(town_home: Path) -> None:
    assert one(town_home, "name,category,postcode\nThe Hall,hall,SS15 4JE\n").outcome == "accepted"
    asset = kept(town_home)[0]
    assert asset.longitude == pytest.approx(B2[0], abs=1e-5)
    assert asset.latitude == pytest.approx(B2[1], abs=1e-5)
    assert (asset.geocode_method, asset.geocode_quality, asset.area) == (
        "postcode",
        "positional quality 10",
        "B2",
    )


@pytest.mark.parametrize(
    ("typed", "postcode", "area"),
    [("ss15 4je", "SS15 4JE", "B2"), ("SSI54JE", "SS15 4JE", "B2"), ("SS1O 4JE", "SS10 4JE", "A1")],
)
def test_a_mistyped_postcode_is_mended_and_that_is_said(
    town_home: Path, typed: str, postcode: str, area: str
) -> None:
    row = one(town_home, f"name,category,postcode\nThe Hall,hall,{typed}\n")
    assert row.outcome == "mended"
    assert row.reasons == (f"postcode {typed!r} read as {postcode}",)
    assert (kept(town_home)[0].postcode, kept(town_home)[0].area) == (postcode, area)


def test_a_terminated_postcode_is_said(town_home: Path) -> None:
    row = one(town_home, "name,category,postcode\nThe Hall,hall,SS15 4ZZ\n")
    assert row.outcome == "accepted"
    assert "no longer in use" in row.notes[0]


HELD = {
    "no location": ("A,hall,,,\n", "there is no location"),
    "postcode without a point": ("A,hall,,,SS15 9XX\n", "in no postcode table"),
    "half a postcode": ("A,hall,,,SS15\n", "in no postcode table"),
    "one coordinate": (f"A,hall,{B2[1]},,\n", "there is no location"),
    "null island": ("A,hall,0,0,\n", "stands for none"),
    "swapped": (f"A,hall,{B2[0]},{B2[1]},\n", "look swapped"),
    "swapped elsewhere in Britain": ("A,hall,-3.2,55.95,\n", "look swapped"),
    "far from its postcode": ("A,hall,55.95,-3.2,SS15 4JE\n", "km from the postcode"),
    "a network company": (
        f"The Electricity Network Company Limited,health,{B2[1]},{B2[0]},\n",
        "electricity",
    ),
    "a refuge": (f"Northgate Refuge,other,{B2[1]},{B2[0]},\n", "must not be shown"),
    "a vet": (f"Paws Veterinary Clinic,health,{B2[1]},{B2[0]},\n", "animals"),
    "a name without end": (f"{'x' * 10_000},hall,{B2[1]},{B2[0]},\n", "10000 characters"),
}


@pytest.mark.parametrize("case", HELD)
def test_held_for_review(town_home: Path, case: str) -> None:
    line, said = HELD[case]
    row = one(town_home, f"name,category,latitude,longitude,postcode\n{line}")
    assert row.outcome == "held"
    assert said in "; ".join(row.reasons)
    (asset,) = find_assets(town_home, status="held", actor=CLI)
    assert said in asset.review_reason
    assert find_assets(town_home, status="accepted", actor=CLI) == []


REFUSED = {
    "no name": (f",hall,{B2[1]},{B2[0]},\n", "no name"),
    "a name of marks": (f"---,hall,{B2[1]},{B2[0]},\n", "no name"),
    "latitude of 100": ("A,hall,100,0.4,\n", "latitude lies between -90 and 90"),
    "longitude of 200": ("A,hall,51,200,\n", "longitude lies between -180 and 180"),
    "metres that are off the grid": ("A,hall,999999999,570250,\n", "latitude lies between"),
    "words": ("A,hall,north,0.4,\n", "'north' is no number"),
    "nan": ("A,hall,nan,0.4,\n", "'nan' is no number"),
    "infinity": ("A,hall,1e999,0.4,\n", "latitude lies between"),
    "decimal comma": ('A,hall,"51,5",0.4,\n', "'51,5' is no number"),
    "too many cells": ("A,hall,51,0.4,,left over\n", "6 cells"),
    "an open quote": ('"A,hall,51,0.4,\n', "quote"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused_and_written_beside_the_input(town_home: Path, case: str) -> None:
    line, said = REFUSED[case]
    text = f"name,category,latitude,longitude,postcode\n{line}"
    report = take(town_home, text)
    assert report.rows[0].outcome == "refused"
    assert said in "; ".join(report.rows[0].reasons)
    assert kept(town_home) == []
    folder = town_home.parent / "files"
    assert (folder / "assets.csv").read_text() == text
    assert report.refused_file == folder / "assets.refused.csv"
    with report.refused_file.open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert said in row["reason"]


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


def test_categories_unknown_and_missing_count_as_other_and_are_said(town_home: Path) -> None:
    report = take(town_home, "name,category,postcode\nA,Lido,SS15 4JE\nB,,SS15 4JE\n")
    assert [row.category for row in report.rows] == ["other", "other"]
    assert "'Lido' is not known" in report.rows[0].notes[0]
    assert "no category" in report.rows[1].notes[0]
    assert [asset.source_category for asset in kept(town_home)] == ["Lido", ""]


def test_an_asset_outside_every_place_is_accepted_and_said(town_home: Path) -> None:
    report = take(town_home, "name,category,latitude,longitude\nA,hall,55.95,-3.2\n")
    assert report.rows[0].outcome == "accepted"
    assert report.outside == 1
    assert "outside every place" in report.rows[0].notes[0]
    assert kept(town_home)[0].place is None
    assert find_assets(town_home, place="town", actor=CLI) == []


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
    assert "looks the same as row 1" in report.rows[2].reasons[0]


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


@pytest.mark.parametrize(
    "name",
    [
        "=HYPERLINK(1)",
        "+44 1268 000000",
        "@home",
        "-Sum Hall",
        "<b>Hall</b>",
        "'; DROP TABLE assets;--",
        "قاعة",
    ],
)
def test_risky_names_are_text_in_and_out(town_home: Path, name: str) -> None:
    take(town_home, f'name,category,postcode\n"{name}",hall,SS15 4JE\n')
    assert kept(town_home)[0].name == name
    report = take(town_home, f'name,category,latitude,longitude\n"{name}",hall,-0.45,999\n', name="bad.csv")
    assert report.refused_file is not None
    with report.refused_file.open(encoding="utf-8-sig", newline="") as file:
        row = next(csv.DictReader(file))
    assert (row["name"], row["latitude"]) == (safe_cell(name), "-0.45")


@pytest.mark.parametrize(
    ("typed", "outcome"),
    [("31/05/2026", "accepted"), ("2027-01-01", "held"), ("last spring", "held"), ("2026-02-30", "held")],
)
def test_days_of_confirmation(town_home: Path, typed: str, outcome: str) -> None:
    assert (
        one(town_home, f"name,category,postcode,confirmed_on\nA,hall,SS15 4JE,{typed}\n").outcome == outcome
    )


@pytest.mark.parametrize(
    ("typed", "outcome", "stored"),
    [
        ("http://a.example", "accepted", "http://a.example"),
        ("www.a.example/x", "mended", "https://www.a.example/x"),
        ("javascript:alert(1)", "held", ""),
    ],
)
def test_web_addresses(town_home: Path, typed: str, outcome: str, stored: str) -> None:
    assert one(town_home, f"name,category,postcode,website\nA,hall,SS15 4JE,{typed}\n").outcome == outcome
    assert kept(town_home)[0].website == stored


def test_words_in_the_address_do_not_speak_against_an_asset(town_home: Path) -> None:
    text = "name,category,postcode,address\nThe Hall,hall,SS15 4JE,opposite the car park and the substation\n"
    assert one(town_home, text).outcome == "accepted"


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
