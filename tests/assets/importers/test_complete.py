"""Complete lists: an import that has all of some categories is a look there; what is in doubt is not."""

from pathlib import Path

import pytest
from sqlalchemy import select

from assets.coverage import LookRow, last_looks, looks_in
from assets.edits import change_asset
from assets.errors import AssetError
from assets.importers.report import ImportReport
from geo.errors import GeoError
from store.roles import CLI
from store.session import reading, writing
from tests.assets.importers.taken import B2, kept, take

HEADINGS = "name,category,latitude,longitude,reference\n"
ROWS = (
    f"{HEADINGS}Boots,Pharmacy,{B2[1]},{B2[0]},1\n"
    f"Day Lewis,pharmacy,{B2[1]},{B2[0]},2\n"
    f"The Surgery,GP,{B2[1]},{B2[0]},3\n"
)
NAMELESS = f"{ROWS},pharmacy,{B2[1]},{B2[0]},4\n"
UNPLACED = f"{ROWS}Nowhere Chemist,pharmacy,,,4\n"
COLUMNS = "[columns]\n" + "".join(
    f'{name} = "{name}"\n' for name in ("name", "category", "latitude", "longitude", "reference")
)


def mapping(home: Path, complete: str) -> str:
    path = home.parent / "list.toml"
    path.write_text(f'title = "A list"\n{COLUMNS}\n[complete_for]\n{complete}\n')
    return str(path)


def brought(home: Path, text: str = ROWS, complete: str = "", **more: object) -> ImportReport:
    complete = complete or 'categories = ["pharmacy", "gp"]\non = 2026-05-03'
    return take(home, text, **{"mapping": mapping(home, complete), "place": "town", **more})


def looks(home: Path) -> list[tuple[str, str, str, str]]:
    query = select(LookRow.area, LookRow.category, LookRow.looked_on, LookRow.found)
    with reading(home) as session:
        rows = session.execute(query).all()
    return sorted((area, category, day.isoformat(), found) for area, category, day, found in rows)


def test_none_there_is_told_from_nobody_looked(database: str, town_home: Path) -> None:
    report = brought(town_home)
    assert report.totals["accepted"] == 3
    assert looks(town_home) == [("*", "gp", "2026-05-03", "all"), ("*", "pharmacy", "2026-05-03", "all")]
    assert any(
        "counts as a look on 3 May 2026" in note and "pharmacy" in note and "GP" in note
        for note in report.notes
    )
    with reading(town_home) as session:
        last = last_looks(looks_in(session, "town", "C3"), ["pharmacy", "library"])
    assert last["library"] is None
    assert last["pharmacy"] is not None
    assert last["pharmacy"].by_name == "assets.csv"


def test_the_same_list_twice_is_one_look_and_a_later_one_another(town_home: Path) -> None:
    brought(town_home)
    brought(town_home)
    assert len(looks(town_home)) == 2
    brought(town_home, complete='categories = ["pharmacy"]\non = 2026-11-01')
    assert [(category, day) for _, category, day, _ in looks(town_home)] == [
        ("gp", "2026-05-03"), ("pharmacy", "2026-05-03"), ("pharmacy", "2026-11-01"),
    ]  # fmt: skip


def test_a_trial_says_so_and_writes_nothing(town_home: Path) -> None:
    report = brought(town_home, dry_run=True)
    assert any("counts as a look" in note for note in report.notes)
    assert looks(town_home) == []


@pytest.mark.parametrize("rows", [NAMELESS, UNPLACED], ids=["refused", "held"])
@pytest.mark.parametrize("dry_run", [False, True])
def test_a_category_with_rows_in_doubt_is_no_look(town_home: Path, rows: str, dry_run: bool) -> None:
    report = brought(town_home, rows, dry_run=dry_run)
    assert report.totals["refused"] + report.totals["held"] == 1
    assert looks(town_home) == ([] if dry_run else [("*", "gp", "2026-05-03", "all")])
    assert any("does not count as a look for pharmacy" in note for note in report.notes)


def test_when_a_steward_has_decided_the_same_file_is_a_look(town_home: Path) -> None:
    brought(town_home, UNPLACED)
    brought(town_home, UNPLACED)
    assert {category for _, category, _, _ in looks(town_home)} == {"gp"}
    [held] = [asset for asset in kept(town_home) if asset.status == "held"]
    with writing(town_home) as session:
        change_asset(
            session, held.id, {"status": "accepted", "review_reason": ""}, actor=CLI, expected_version=held.version
        )  # fmt: skip
    brought(town_home, UNPLACED)
    assert {category for _, category, _, _ in looks(town_home)} == {"gp", "pharmacy"}


def test_everything_in_some_areas_but_for_what_is_in_doubt(town_home: Path) -> None:
    complete = 'categories = ["*"]\non = 2026-05-03\nareas = ["B2", "C3"]'
    brought(town_home, complete=complete)
    assert looks(town_home) == [("B2", "*", "2026-05-03", "all"), ("C3", "*", "2026-05-03", "all")]
    brought(town_home, NAMELESS, complete=complete.replace("05-03", "05-04"))
    with reading(town_home) as session:
        second = [look for look in looks_in(session, "town", "B2") if look.looked_on.day == 4]
    assert "library" in {look.category for look in second}
    assert not {"*", "pharmacy"} & {look.category for look in second}


WRONG = {
    "no place": ('categories = ["gp"]\non = 2026-05-03', None, AssetError, "not where"),
    "two places": ('categories = ["gp"]\non = 2026-05-03\nplace = "town"', "demo", AssetError, "is for demo"),
    "a day to come": ('categories = ["gp"]\non = 2999-05-03', "town", AssetError, "still to come"),
    "an area of elsewhere": (
        'categories = ["gp"]\non = 2026-05-03\nareas = ["B2", "Z9"]', "town", AssetError, "no area of this code",
    ),
    "an unknown place": ('categories = ["gp"]\non = 2026-05-03\nplace = "x"', None, GeoError, "x"),
    "an unknown category": ('categories = ["chemist"]\non = 2026-05-03', "town", AssetError, "is no category"),
    "no category": ("categories = []\non = 2026-05-03", "town", AssetError, "complete_for.categories"),
    "no day": ('categories = ["gp"]', "town", AssetError, "complete_for.on"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_what_cannot_be_is_refused_before_anything_is_written(town_home: Path, case: str) -> None:
    complete, place, error, said = WRONG[case]
    with pytest.raises(error, match=said):
        brought(town_home, complete=complete, place=place)
    assert kept(town_home) == []
