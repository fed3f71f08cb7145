"""Importing again: the same rows by their keys, three-way merges, conflicts, rows that are gone."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.edits import change_asset, confirm_asset, delete_asset
from assets.importers.intake import import_file
from assets.importers.keys import RowKey, labels, match
from assets.importers.report import ImportReport
from assets.merging import merge_assets
from assets.redaction import redact_asset
from assets.register import list_assets
from assets.schema import Asset, SourceRow
from assets.suggestions import approve
from store.queue import waiting
from store.roles import ANYONE, CLI, Forbidden
from store.session import reading, writing
from store.versions import VersionRow

HEAD = "id,name,category,latitude,longitude,phone,charity,confirmed_on,opening_hours"
ROW = "7,The Hall,hall,51.590602,0.450957,01268 1,123,2026-01-01,Mo 09:00-12:00"


def take(home: Path, *rows: str, name: str = "a.csv", head: str = HEAD, **options: Any) -> ImportReport:
    path = home.parent / name
    path.write_text("\n".join((head, *rows)) + "\n", encoding="utf-8")
    return import_file(path, home=home, **{"source": "List", "today": date(2026, 11, 23), **options})


def kept(home: Path) -> list[Asset]:
    with reading(home) as session:
        return list_assets(session, actor=CLI)


def the(home: Path) -> Asset:
    (asset,) = kept(home)
    return asset


def change(home: Path, **changes: Any) -> None:
    asset = the(home)
    with writing(home) as session:
        change_asset(session, asset.id, changes, actor=CLI, expected_version=asset.version)


def outcomes(report: ImportReport) -> list[str]:
    return [row.outcome for row in report.rows]


@pytest.mark.usefixtures("database")
def test_what_the_source_changed_is_updated_with_its_version(town_home: Path) -> None:
    take(town_home, ROW)
    before = the(town_home)
    report = take(town_home, ROW.replace("01268 1", "01268 2"), name="later.csv")
    after = the(town_home)
    assert outcomes(report) == ["updated"]
    assert (after.id, after.phone, after.version) == (before.id, "01268 2", 2)
    with reading(town_home) as session:
        version = session.query(VersionRow).filter_by(number=2).one()
        assert version.changes == {"phone": ["01268 1", "01268 2"]}
        assert (version.via, version.actor_name, version.action) == ("import", "List", "import")
    assert outcomes(take(town_home, ROW.replace("01268 1", "01268 2"))) == ["unchanged"]
    assert the(town_home) == after


@pytest.mark.usefixtures("database")
def test_what_people_here_changed_is_kept(town_home: Path) -> None:
    take(town_home, ROW)
    change(town_home, phone="ours", identifiers={"charity": "123", "company": "9"})
    assert outcomes(take(town_home, ROW)) == ["unchanged"]
    assert outcomes(take(town_home, ROW.replace("Mo 09", "Tu 09").replace("123", "456"))) == ["updated"]
    asset = the(town_home)
    assert (asset.phone, asset.opening_hours) == ("ours", "Tu 09:00-12:00")
    assert asset.identifiers == {"charity": "456", "company": "9"}


@pytest.mark.usefixtures("database")
def test_where_both_changed_a_conflict_waits_and_can_be_approved(town_home: Path) -> None:
    take(town_home, ROW)
    change(town_home, phone="ours")
    later = ROW.replace("01268 1", "theirs").replace("Mo 09", "Tu 09")
    assert outcomes(take(town_home, later)) == ["conflict"]
    asset = the(town_home)
    assert (asset.phone, asset.opening_hours) == ("ours", "Tu 09:00-12:00")
    with reading(town_home) as session:
        (waits,) = waiting(session, CLI).items
    assert (waits.kind, waits.payload) == ("conflict", {"changes": {"phone": "theirs"}})
    assert (waits.subject_id, waits.base_version) == (asset.id, asset.version)
    # the same file once more adds nothing to the queue, a further edition adds to what waits
    assert outcomes(take(town_home, later)) == ["unchanged"]
    assert outcomes(take(town_home, later.replace("theirs", "newer"))) == ["conflict"]
    with writing(town_home) as session:
        (waits,) = waiting(session, CLI).items
        assert waits.payload == {"changes": {"phone": "newer"}}
        approve(session, waits.id, actor=CLI, expected_version=waits.version)
    assert the(town_home).phone == "newer"
    assert outcomes(take(town_home, later.replace("theirs", "newer"))) == ["unchanged"]


def test_both_changed_to_the_same_is_no_conflict(town_home: Path) -> None:
    take(town_home, ROW)
    change(town_home, phone="same")
    assert outcomes(take(town_home, ROW.replace("01268 1", "same"))) == ["unchanged"]


def test_a_moved_pin_is_kept_and_a_moved_source_too_is_a_conflict(town_home: Path) -> None:
    take(town_home, ROW)
    change(town_home, longitude=0.4511, latitude=51.5907)
    assert outcomes(take(town_home, ROW)) == ["unchanged"]
    assert outcomes(take(town_home, ROW.replace("0.450957", "0.4512"))) == ["conflict"]
    assert the(town_home).longitude == 0.4511
    with reading(town_home) as session:
        (waits,) = waiting(session, CLI).items
    assert waits.payload == {"changes": {"longitude": 0.4512, "latitude": 51.590602}}


def test_the_later_confirmation_holds(town_home: Path) -> None:
    take(town_home, ROW)
    with writing(town_home) as session:
        confirm_asset(session, kept(town_home)[0].id, actor=CLI, on=date(2026, 6, 1), how="seen")
    assert outcomes(take(town_home, ROW.replace("2026-01-01", "2026-03-01"))) == ["unchanged"]
    assert the(town_home).confirmed_on == date(2026, 6, 1)
    assert outcomes(take(town_home, ROW.replace("2026-01-01", "2026-09-01"))) == ["updated"]
    assert the(town_home).confirmed_on == date(2026, 9, 1)


def test_a_new_reason_to_hold_holds_it_unless_a_steward_decided(town_home: Path) -> None:
    take(town_home, ROW)
    assert outcomes(take(town_home, ROW.replace("The Hall", "The Hall in liquidation"))) == ["updated"]
    assert the(town_home).status == "held"
    assert outcomes(take(town_home, ROW)) == ["updated"]
    assert (the(town_home).status, the(town_home).review_reason) == ("accepted", "")
    take(town_home, ROW.replace("The Hall", "The Hall in liquidation"))
    change(town_home, status="accepted", review_reason="")
    assert outcomes(take(town_home, ROW.replace("The Hall", "The Hall in liquidation"))) == ["unchanged"]
    assert the(town_home).status == "accepted"


@pytest.mark.usefixtures("database")
def test_rows_that_are_gone_are_told_and_reported_once(town_home: Path) -> None:
    other = "8,Other,club,51.590602,0.450957,,,,"
    take(town_home, ROW, other)
    report = take(town_home, ROW)
    assert [gone.name for gone in report.gone] == ["Other"]
    assert any(
        "no longer has 1 that it had: Other. Nothing was removed." in line for line in report.sentences()
    )
    assert len(kept(town_home)) == 2
    with reading(town_home) as session:
        assert waiting(session, CLI).items == ()
    for _ in range(2):
        take(town_home, ROW, report_gone_rows=True)
    with reading(town_home) as session:
        (waits,) = waiting(session, CLI).items
    assert (waits.kind, "List no longer has it" in waits.note) == ("report", True)
    assert take(town_home, ROW, other).gone == ()


@pytest.mark.usefixtures("database")
def test_another_source_of_the_same_asset_is_noted_beside_it_and_changes_nothing_by_itself(
    town_home: Path,
) -> None:
    take(town_home, ROW)
    before = the(town_home)
    first = take(town_home, ROW, source="Another", licence="ODbL-1.0")
    assert outcomes(first) == ["unchanged"]
    assert any("--source 'List'" in note for note in first.notes)
    assert the(town_home) == before
    with reading(town_home) as session:
        assert {row.source for row in session.query(SourceRow)} == {"List", "Another"}
    assert outcomes(take(town_home, ROW.replace("01268 1", "x"), source="Another")) == ["conflict"]
    assert the(town_home) == before


@pytest.mark.parametrize("way", ["removed", "redacted", "merged"])
def test_what_was_taken_out_here_does_not_come_back(town_home: Path, way: str) -> None:
    take(town_home, ROW, "8,Other,club,51.590602,0.450957,,,,")
    other, hall = kept(town_home)[::-1] if kept(town_home)[0].name == "The Hall" else kept(town_home)
    with writing(town_home) as session:
        if way == "removed":
            delete_asset(session, hall.id, actor=CLI, reason="closed", expected_version=1)
        elif way == "redacted":
            redact_asset(session, hall.id, actor=CLI, reason="asked")
        else:
            merge_assets(session, other.id, hall.id, actor=CLI, reason="the same")
    report = take(town_home, ROW.replace("01268 1", "x"), "8,Other,club,51.590602,0.450957,,,,")
    assert outcomes(report) == ["unchanged", "unchanged"]
    assert "taken out" in report.rows[0].reasons[0] or "merged" in report.rows[0].reasons[0]
    assert [asset.name for asset in kept(town_home)] == ["Other"]


def test_rows_without_an_id_are_known_by_name_postcode_and_address(town_home: Path) -> None:
    head = "name,category,postcode,phone"
    take(town_home, "The Hall,hall,SS15 4JE,1", "Club,club,SS15 4JE,2", head=head)
    report = take(town_home, "Club,club,ss154je,2", "The Hall,hall,SS15 4JE,3", head=head)
    assert outcomes(report) == ["unchanged", "updated"]
    assert report.gone == ()


def test_who_may_not_import(town_home: Path) -> None:
    with pytest.raises(Forbidden, match="import a file"):
        take(town_home, ROW, actor=ANYONE)
    assert kept(town_home) == []


@dataclass(frozen=True)
class Known:
    label: str
    base: str
    content: str


KEYS = st.lists(st.builds(RowKey, st.sampled_from("AB"), st.sampled_from("xyz")), max_size=7)


@given(KEYS, st.randoms(use_true_random=False))
def test_the_same_rows_in_any_order_are_the_same(keys: list[RowKey], random: Any) -> None:
    """Property: every row finds one that said the same, none twice, whatever the order."""
    names = labels(keys, {}, ())
    assert len(set(names)) == len(names)
    known = [Known(name, key.base, key.content) for name, key in zip(names, keys, strict=True)]
    shuffled = random.sample(keys, len(keys))
    found = match(shuffled, known)
    assert [(one.base, one.content) for one in found if one] == [(key.base, key.content) for key in shuffled]
    assert len({one.label for one in found if one}) == len(keys)


@given(KEYS, KEYS)
def test_no_row_is_taken_for_two(before: list[RowKey], after: list[RowKey]) -> None:
    names = labels(before, {}, ())
    known = [Known(name, key.base, key.content) for name, key in zip(names, before, strict=True)]
    found = match(after, known)
    taken = {at: one.label for at, one in enumerate(found) if one}
    assert len(set(taken.values())) == len(taken)
    assert all(one is None or one.base == key.base for one, key in zip(found, after, strict=True))
    told = labels(after, taken, names)
    assert len(set(told)) == len(told)


def test_one_row_left_on_each_side_is_the_same_row_changed() -> None:
    known = [Known("A", "A", "x"), Known("A#2", "A", "y")]
    assert match([RowKey("A", "y"), RowKey("A", "z")], known) == [known[1], known[0]]
    # two left on each side: nobody can say which is which
    assert match([RowKey("A", "v"), RowKey("A", "w")], known) == [None, None]
