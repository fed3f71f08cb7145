"""The real, messy rows of Basildon: all accounted for, the obvious non-assets held for review."""

from pathlib import Path

from assets.find import find_assets
from assets.importers.intake import import_file
from assets.importers.report import ImportReport
from store.roles import CLI

RATES = "basildon_asset_candidates_from_business_rates.csv"
RELIEF = "basildon_charity_relief_premises_from_business_rates.csv"
POINTS = "basildon_service_points.csv"


def take(shared: Path, home: Path, file: str, mapping: str) -> ImportReport:
    return import_file(shared / "basildon" / file, home=home, mapping=mapping, place="basildon")


def test_378_rows_are_accounted_for(shared: Path, basildon_home: Path) -> None:
    report = take(shared, basildon_home, RATES, "business_rates")
    totals = report.totals
    assert len(report.rows) == sum(totals.values()) == 378
    # the data's README: 362 geocode by postcode
    assert report.geocoded >= 362
    assert report.outside == 0
    assert totals["refused"] == totals["unchanged"] == 0
    # read by eye: some 50 rows are no asset for sure or cannot be placed; the many others are
    assert 40 <= totals["held"] <= 60
    assert len(find_assets(basildon_home, place="basildon", actor=CLI)) == 378


def test_the_obvious_non_assets_are_held(shared: Path, basildon_home: Path) -> None:
    rows = take(shared, basildon_home, RATES, "business_rates").rows
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


def test_plain_assets_are_not_held(shared: Path, basildon_home: Path) -> None:
    rows = take(shared, basildon_home, RATES, "business_rates").rows
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


def test_all_three_files_twice(shared: Path, basildon_home: Path) -> None:
    files = ((RATES, "business_rates", 378), (RELIEF, "business_rates", 236), (POINTS, "service_points", 73))
    for file, mapping, count in files:
        totals = take(shared, basildon_home, file, mapping).totals
        assert sum(totals.values()) == count
    before = find_assets(basildon_home, actor=CLI)
    for file, mapping, count in files:
        assert take(shared, basildon_home, file, mapping).totals["unchanged"] == count
    assert find_assets(basildon_home, actor=CLI) == before


def test_service_points_keep_their_kind(shared: Path, basildon_home: Path) -> None:
    report = take(shared, basildon_home, POINTS, "service_points")
    kinds = [row.category for row in report.rows]
    # counted in the file: 27 GP practices, 34 pharmacies, 7 libraries, 5 warm spaces
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {
        "gp": 27,
        "pharmacy": 34,
        "library": 7,
        "warm_space": 5,
    }
    assert report.geocoded == 73
