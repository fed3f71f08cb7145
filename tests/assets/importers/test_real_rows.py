"""The real, messy rows of Basildon: all accounted for, the obvious non-assets held, later editions merged."""

import csv
import shutil
from collections import Counter
from pathlib import Path

import pytest

from assets.edits import change_asset
from assets.find import find_assets
from assets.importers.intake import import_file
from assets.importers.report import ImportReport
from assets.register import get_asset
from store.queue import waiting
from store.roles import CLI
from store.session import reading, writing
from store.versions import VersionRow
from tests.assets.conftest import make_basildon

RATES = "basildon_asset_candidates_from_business_rates.csv"
RELIEF = "basildon_charity_relief_premises_from_business_rates.csv"
POINTS = "basildon_service_points.csv"
FILES = ((RATES, "business_rates", 378), (RELIEF, "business_rates", 236), (POINTS, "service_points", 73))


def take(file: Path, home: Path, mapping: str, **options: object) -> ImportReport:
    return import_file(file, home=home, mapping=mapping, place="basildon", **options)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def taken(
    shared: Path, ready: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, dict[str, ImportReport]]:
    """Return a home into which the three files were imported once, and the reports; read only."""
    if not (ready / "places" / "basildon").exists():
        make_basildon(ready, shared)
    home = tmp_path_factory.mktemp("basildon") / "home"
    shutil.copytree(ready, home)
    return home, {file: take(shared / "basildon" / file, home, mapping) for file, mapping, _ in FILES}


def totals(report: ImportReport) -> dict[str, int]:
    return {outcome: count for outcome, count in report.totals.items() if count}


def test_687_rows_are_accounted_for(taken: tuple[Path, dict[str, ImportReport]]) -> None:
    home, reports = taken
    for file, _, count in FILES:
        assert len(reports[file].rows) == sum(reports[file].totals.values()) == count
        assert reports[file].totals["refused"] == 0
    rates = reports[RATES]
    # the data's README: 362 geocode by postcode
    assert rates.geocoded >= 362
    assert rates.outside == 0
    assert rates.totals["unchanged"] == 0
    # read by eye: some 50 rows are no asset for sure or cannot be placed; the many others are
    assert 40 <= rates.totals["held"] <= 60
    kept = sum(
        report.totals[outcome] for report in reports.values() for outcome in ("accepted", "mended", "held")
    )
    assert len(find_assets(home, actor=CLI)) == kept


def test_the_obvious_non_assets_are_held(taken: tuple[Path, dict[str, ImportReport]]) -> None:
    rows = taken[1][RATES].rows
    # found by eye in the file: utilities, vets, lessons called schools, a laboratory, refuges, empty premises
    for words, count in (
        ("Electricity Network", 14),
        ("Medivet", 1),
        ("Dental Craft", 1),
        ("Changing Pathways", 2),
        ("(in admin)", 2),
        ("Dance drama school", 1),
        ("Barleylands Limited", 1),
        ("Greenleas Farm", 1),
        ("Sempra Homes", 1),
    ):
        found = [row for row in rows if words.casefold() in row.name.casefold()]
        assert [row.outcome for row in found] == ["held"] * count, words


def test_plain_assets_are_not_held(taken: tuple[Path, dict[str, ImportReport]]) -> None:
    rows = taken[1][RATES].rows
    accepted = {row.name: row for row in rows if row.outcome in {"accepted", "mended"}}
    for name, category in (
        ("Little Burstead Village Hall", "hall"),
        ("Peter Pan Pre School", "childcare"),
        ("Fryerns Library, Whitmore Way", "library"),
        ("The Cater Museum Trust", "museum"),
        ("Towngate Theatre, St Martins Square", "theatre"),
        ("Crays Hill Primary School", "school"),
        ("South Essex College", "college"),
        ("Oakdin Montessori Kindergarten Ltd", "childcare"),
        ("Basildon Rugby Football Club", "sports_ground"),
        ("Felmores Medical Centre", "health"),
    ):
        assert accepted[name].category == category, name


def test_service_points_keep_their_kind(taken: tuple[Path, dict[str, ImportReport]]) -> None:
    report = taken[1][POINTS]
    # counted in the file: 27 GP practices, 34 pharmacies, 7 libraries, 5 warm spaces
    kinds = Counter(row.category for row in report.rows)
    assert kinds == {"gp": 27, "pharmacy": 34, "library": 7, "warm_space": 5}
    assert report.geocoded == 73


def test_each_file_again_changes_nothing(taken: tuple[Path, dict[str, ImportReport]], shared: Path) -> None:
    home, _ = taken
    before, versions = find_assets(home, actor=CLI), _versions(home)
    for file, mapping, count in FILES:
        assert totals(take(shared / "basildon" / file, home, mapping)) == {"unchanged": count}
    assert find_assets(home, actor=CLI) == before
    assert _versions(home) == versions


def _versions(home: Path) -> int:
    with reading(home) as session:
        return session.query(VersionRow).count()


def test_a_later_edition_updates_only_what_it_changed(
    shared: Path, basildon_home: Path, tmp_path: Path
) -> None:
    """The list of rates, a year on: three rows changed, one gone, one new; people here touched two of them."""
    first = shared / "basildon" / RATES
    take(first, basildon_home, "business_rates", source="Rates")
    before = {asset.id: asset for asset in find_assets(basildon_home, actor=CLI)}
    with first.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    unique = Counter(row["PlaceRef"] for row in rows)
    plain = [row for row in rows if unique[row["PlaceRef"]] == 1 and row["FOIName"].strip()]
    changed, both, gone = plain[20], plain[40], plain[60]
    by_key = {_key(asset.source_row, rows): asset for asset in before.values()}
    mine, kept = by_key[both["PlaceRef"]], by_key[plain[80]["PlaceRef"]]
    with writing(basildon_home) as session:
        for asset in (mine, kept):
            change_asset(
                session, asset.id, {"description": "as the steward says"}, actor=CLI, expected_version=1
            )
    changed["PropDesc"], both["PropDesc"] = "VILLAGE HALL", "SOMETHING ELSE"
    rows.remove(gone)
    rows.append({**plain[5], "PlaceRef": "9999999", "FOIName": "A new hall", "PropAddress1": "New Road"})
    later = tmp_path / "next_year.csv"
    with later.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(reversed(rows))
    trial = take(later, basildon_home, "business_rates", source="Rates", dry_run=True)
    report = take(later, basildon_home, "business_rates", source="Rates")
    assert totals(trial) == totals(report)
    new = report.totals["accepted"] + report.totals["mended"] + report.totals["held"]
    assert (report.totals["updated"], report.totals["conflict"], new) == (1, 1, 1)
    assert report.totals["unchanged"] == 378 - 3
    assert [one.asset_id for one in report.gone] == [by_key[gone["PlaceRef"]].id]
    after = {asset.id: asset for asset in find_assets(basildon_home, actor=CLI)}
    assert {key for key in before if after[key] != before[key]} == {
        by_key[changed["PlaceRef"]].id, mine.id, kept.id
    }  # fmt: skip
    assert after[by_key[changed["PlaceRef"]].id].description == "VILLAGE HALL"
    assert after[mine.id].description == after[kept.id].description == "as the steward says"
    with reading(basildon_home) as session:
        (conflict,) = waiting(session, CLI).items
        assert get_asset(session, kept.id, CLI).version == 2
    assert (conflict.kind, conflict.subject_id) == ("conflict", mine.id)
    assert conflict.payload == {"changes": {"description": "SOMETHING ELSE"}}
    again = take(later, basildon_home, "business_rates", source="Rates")
    assert totals(again) == {"unchanged": 378}


def _key(row: int | None, rows: list[dict[str, str]]) -> str:
    assert row is not None
    return rows[row - 2]["PlaceRef"]  # row 1 of the sheet holds the headings
