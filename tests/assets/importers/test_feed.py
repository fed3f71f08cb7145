"""Reading Open Referral UK: files, folders and servers; the validators' own feeds; what is refused and why."""

import json
from pathlib import Path
from typing import Any

import pytest

from assets.errors import AssetError
from assets.importers.feed import read_feed
from assets.importers.intake import import_file
from assets.importers.referral_cells import opening_hours
from assets.register import list_assets
from assets.schema import Asset
from store.roles import CLI
from store.session import reading
from tests.assets.importers.feeds import a_page, a_service, an_id, served


def kept(home: Path) -> list[Asset]:
    with reading(home) as session:
        return list_assets(session, actor=CLI)


def write(path: Path, document: Any) -> Path:
    path.write_text(json.dumps(document))
    return path


@pytest.mark.parametrize("shape", ["page", "list", "one"])
def test_a_service_comes_in(town_home: Path, tmp_path: Path, shape: str) -> None:
    document = {"page": a_page([a_service()]), "list": [a_service()], "one": a_service()}[shape]
    report = import_file(write(tmp_path / "feed.json", document), home=town_home)
    assert [row.outcome for row in report.rows] == ["accepted"]
    (asset,) = kept(town_home)
    assert (asset.name, asset.category, asset.kind, asset.area) == ("Counselling", "advice", "service", "B2")
    assert (asset.organisation, asset.website) == ("Example Org", "https://example.org/x")
    assert (asset.address, asset.postcode) == ("1 Mill Lane, Townley, Essex", "SS15 4JE")
    assert (asset.opening_hours, asset.for_whom) == ("Th,Fr 10:00-18:00", "ages 12 to 100")
    assert (str(asset.confirmed_on), asset.identifiers) == ("2026-05-31", {"uprn": "100090000000"})
    # no consent of the contact is stated in a feed
    assert (asset.private_name, asset.private_email) == ("", "")


def test_a_service_that_is_closed_is_held(town_home: Path, tmp_path: Path) -> None:
    path = write(tmp_path / "feed.json", [a_service(status="defunct")])
    report = import_file(path, home=town_home)
    assert (report.rows[0].outcome, report.rows[0].reasons) == (
        "held",
        ("the source says that it is defunct",),
    )


def test_a_folder_of_pages(town_home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "feed"
    folder.mkdir()
    write(folder / "b.json", a_page([a_service("A")], 1, 2, 2))
    write(folder / "a.json", a_page([a_service("B")], 2, 2, 2))
    write(folder / "taxonomies.json", a_page([{"id": an_id("t"), "name": "t", "taxonomy_terms": []}]))
    write(folder / "about.json", {"version": "HSDS-UK-3.0"})
    report = import_file(folder, home=town_home)
    assert [row.name for row in report.rows] == ["A", "B"]
    assert report.is_whole
    write(folder / "c.json", a_page([a_service("C")], 2, 2, 2))
    with pytest.raises(AssetError, match=r"same page: a\.json, c\.json"):
        read_feed(folder)


def test_a_part_of_a_feed_makes_nothing_gone(town_home: Path, tmp_path: Path) -> None:
    path = tmp_path / "feed.json"
    import_file(write(path, a_page([a_service("A"), a_service("B")])), home=town_home)
    report = import_file(write(path, a_page([a_service("A")], 1, 2, 2)), home=town_home)
    assert (report.is_whole, report.gone) == (False, ())
    assert any("has 2 pages, and 1 were read" in note for note in report.notes)
    whole = import_file(write(path, a_page([a_service("A")])), home=town_home)
    assert [gone.name for gone in whole.gone] == ["B"]


def test_a_server_is_paged_and_asked_for_whole_services(town_home: Path) -> None:
    short = {"id": an_id("A"), "name": "A", "status": "active"}
    answers = {
        "/feed/services?1": a_page([short, {**short, "id": an_id("B"), "name": "B"}], 1, 2, 3),
        "/feed/services?2": a_page([{**short, "id": an_id("C"), "name": "C"}], 2, 2, 3),
        f"/feed/services/{an_id('A')}": a_service("A"),
        f"/feed/services/{an_id('C')}": 500,
    }
    with served(answers) as (address, asked):
        report = import_file(f"{address}/feed/", home=town_home, source="The server")
        again = import_file(f"{address}/feed", home=town_home, source="The server")
    assert asked[:2] == ["/feed/services?page=1", "/feed/services?page=2"]
    assert [(row.name, row.geocoded) for row in report.rows] == [("A", True), ("B", False), ("C", False)]
    assert again.totals["unchanged"] == 3


SERVERS: dict[str, tuple[dict[str, Any], str]] = {
    "not found": ({}, "answers services with 404"),
    "elsewhere": ({"/services?1": "http://127.0.0.1:1/x"}, "answers services with 302"),
    "no JSON": ({"/services?1": b"<html>"}, "not JSON"),
    "no page": ({"/services?1": {"a": 1}}, "no page of services"),
    "no number": ({"/services?1": {"contents": []}}, "which page it is"),
    "the same page for ever": (
        {"/services?1": a_page([a_service()], 1, 3), "/services?2": a_page([a_service()], 1, 3)},
        "which page it is",
    ),
    "an empty page": (
        {"/services?1": a_page([a_service()], 1, 3), "/services?2": a_page([], 2, 3)},
        "Page 2 of 3 is empty",
    ),
}


@pytest.mark.parametrize("case", SERVERS)
def test_servers_that_are_refused(larder_home: Path, case: str) -> None:
    answers, said = SERVERS[case]
    with served(answers) as (address, _), pytest.raises(AssetError, match=said):
        import_file(address, home=larder_home)
    assert kept(larder_home) == []


@pytest.mark.parametrize("address", ["http://127.0.0.1:1/feed", "http://user:word@127.0.0.1/", "http:///x"])
def test_addresses_where_nobody_answers(larder_home: Path, address: str) -> None:
    with pytest.raises(AssetError, match=r"does not answer|no address of a server"):
        import_file(address, home=larder_home)


@pytest.mark.usefixtures("database")
def test_the_128_services_of_the_test_feed_go_in(shared: Path, larder_home: Path) -> None:
    path = shared / "oruk" / "V3.0-UK-Test" / "service_list.json"
    report = import_file(path, home=larder_home)
    totals = report.totals
    # they all share one id and one name, and none has a place: so a steward looks at them
    assert (len(report.rows), totals["held"], totals["refused"]) == (128, 128, 0)
    assert len(kept(larder_home)) == 128
    again = import_file(path, home=larder_home)
    assert again.totals["unchanged"] == 128


def test_the_feed_that_fails_is_refused_with_reasons(shared: Path, larder_home: Path, tmp_path: Path) -> None:
    path = tmp_path / "fail.json"
    path.write_bytes((shared / "oruk" / "V3.0-UK-Fail" / "service_list.json").read_bytes())
    report = import_file(path, home=larder_home)
    assert [row.outcome for row in report.rows] == ["refused"] * 4
    for row in report.rows:
        assert "name" in {fault.column for fault in row.faults}
        assert all(fault.file == "fail.json" and fault.row == row.row and fault.cure for fault in row.faults)
    first = {fault.column: fault.what for fault in report.rows[0].faults}
    assert set(first) == {"name", "url", "email"}
    assert kept(larder_home) == []


@pytest.mark.parametrize("feed", ["Test", "Warn", "Default", "Fail"])
def test_a_latitude_of_100_is_refused(shared: Path, larder_home: Path, tmp_path: Path, feed: str) -> None:
    path = tmp_path / "one.json"
    path.write_bytes((shared / "oruk" / f"V3.0-UK-{feed}" / "service_full.json").read_bytes())
    (row,) = import_file(path, home=larder_home).rows
    assert row.outcome == "refused"
    found = {fault.column: fault for fault in row.faults}["service_at_locations.0.location.latitude"]
    assert (found.value, found.what) == ("100", "The number is too large: out of range.")


def test_a_councils_older_feed_is_no_feed_of_this_standard(shared: Path, larder_home: Path) -> None:
    with pytest.raises(AssetError, match="no page of services"):
        import_file(shared / "oruk" / "buckinghamshire_scoutx" / "services.json", home=larder_home)


@pytest.mark.parametrize("document", [{}, {"contents": {}}, 7, None, "text"])
def test_files_that_are_no_page(tmp_path: Path, document: Any) -> None:
    with pytest.raises(AssetError, match="no page of services"):
        read_feed(write(tmp_path / "a.json", document))


def test_an_empty_page_is_a_feed_of_nothing(larder_home: Path, tmp_path: Path) -> None:
    assert import_file(write(tmp_path / "a.json", a_page([])), home=larder_home).rows == ()


def test_schedules_as_weekly_hours() -> None:
    weekly = {"freq": "WEEKLY", "byday": "MO,WE", "opens_at": "09:00", "closes_at": "17:30:00"}
    assert opening_hours([weekly, {**weekly, "byday": "SA"}]) == ("Mo,We 09:00-17:30; Sa 09:00-17:30", 0)
    for other in ({"freq": "MONTHLY"}, {"interval": 2}, {"byday": "2MO"}, {"opens_at": None}):
        assert opening_hours([{**weekly, **other}]) == ("", 1)
