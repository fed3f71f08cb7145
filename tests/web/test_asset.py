"""The public page of an asset: what it shows, still right, this is wrong, suggest a change."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assets.edits import confirm_asset, delete_asset
from assets.locate import locator
from assets.merging import merge_assets
from assets.register import add_asset, get_asset
from assets.schema import Asset
from assets.suggestions import approve
from store.queue import Submission, waiting
from store.roles import CLI
from store.session import reading, writing
from tests.web.conftest import Visitor
from web.asset import _web_address as web_address


def add(home: Path, **given: Any) -> Asset:
    values = {"name": "Castle Park Café", "category": "cafe", "postcode": "ZZ1 1AA", **given}
    with writing(home) as session:
        return add_asset(session, actor=CLI, where=locator(home), **values)


def queued(home: Path) -> list[Submission]:
    with reading(home) as session:
        return list(waiting(session, CLI).items)


def test_the_page_says_what_it_is_how_fresh_and_where_from(visitor: Visitor, register: Path) -> None:
    added = add(
        register, confirmed_on=date(2020, 1, 2), source="a list of cafés", licence="OGL 3.0", cost="free",
        opening_hours="Mo-Fr 09:00-17:00", website="javascript:alert(1)",
        private_email="secret@example.org", private_name="Sam Secret", consent_on=date(2026, 1, 1),
    )  # fmt: skip
    page = visitor.get(f"/asset/{added.id}")
    for told in (
        "Stale",
        "Not confirmed since 2 January 2020",
        "a list of cafés",
        "OGL 3.0",
        "free",
        "Monday to Friday",
    ):
        assert told in page.text
    assert "ecret" not in page.text
    assert 'href="javascript' not in page.text
    assert "in Marshwick (fictional)" in page.text


@pytest.mark.parametrize(
    ("written", "leads"),
    [
        ("www.example.org", "https://www.example.org"),
        ("http://example.org/a?b", "http://example.org/a?b"),
        ("javascript:alert(1)", ""),
        ("JaVaScRiPt:alert(1)//.", ""),
        ("data:text/html,x.y", ""),
        ("see the board", ""),
        ("", ""),
    ],
)
def test_only_web_addresses_are_links(written: str, leads: str) -> None:
    assert web_address(written) == leads


def test_what_is_hidden_gone_or_never_was_looks_the_same(visitor: Visitor, register: Path) -> None:
    hidden, removed = add(register, precision="hidden"), add(register, name="Gone Hall")
    with writing(register) as session:
        delete_asset(session, removed.id, actor=CLI, reason="closed", expected_version=removed.version)
    pages = {visitor.get(f"/asset/{one}").text for one in (hidden.id, removed.id, "never-was")}
    assert len(pages) == 1
    for path in ("", "/confirm", "/wrong", "/edit"):
        assert visitor.get(f"/asset/{hidden.id}{path}").status_code == 404


def test_a_point_that_is_not_exact_is_not_drawn(visitor: Visitor, register: Path) -> None:
    exact = visitor.get(f"/asset/{add(register).id}")
    coarse = visitor.get(f"/asset/{add(register, name='A Kitchen', precision='lsoa').id}")
    assert "/plain/map.svg" in exact.text
    assert "/plain/map.svg" not in coarse.text
    assert "ZZ1 1AA" not in coarse.text


def test_a_merged_one_leads_to_the_one_that_stays(visitor: Visitor, register: Path) -> None:
    stays, goes = add(register), add(register, name="Castle Park Cafe Ltd")
    with writing(register) as session:
        merge_assets(session, stays.id, goes.id, actor=CLI, reason="the same")
    page = visitor.get(f"/asset/{goes.id}/wrong")
    assert (page.status_code, page.headers["location"]) == (303, f"/asset/{stays.id}/wrong")


def test_still_right_goes_to_the_queue_and_changes_nothing_yet(visitor: Visitor, register: Path) -> None:
    added = add(register)
    visitor.get(f"/asset/{added.id}")
    visitor.press()
    assert visitor.title() == "Thank you: noted as still right"
    [submission] = queued(register)
    assert (submission.kind, submission.subject_id) == ("confirm", added.id)
    with reading(register) as session:
        assert get_asset(session, added.id, CLI).confirmed_on is None
    with writing(register) as session:
        approved = approve(session, submission.id, actor=CLI, expected_version=submission.version)
    assert approved.confirmed_on is not None
    assert "Fresh" in visitor.get(f"/asset/{added.id}").text


def test_this_is_wrong_needs_a_word_and_goes_to_the_queue(visitor: Visitor, register: Path) -> None:
    added = add(register)
    visitor.get(f"/asset/{added.id}/wrong")
    page = visitor.press()
    assert page.status_code == 422
    assert "not said what is wrong" in visitor.faults()[0]
    visitor.press(what="It has moved", note="to <b>Mill Lane</b>", contact_email="a@example.org")
    assert visitor.title() == "Thank you: we will look into it"
    [submission] = queued(register)
    assert (submission.kind, submission.note) == ("report", "It has moved\nto <b>Mill Lane</b>")
    assert visitor.get(f"/asset/{added.id}").status_code == 200


def test_a_change_holds_only_what_differs(visitor: Visitor, register: Path) -> None:
    added = add(register, cost="free", private_name="Sam", consent_on=date(2026, 1, 1), description="Tea.")
    visitor.get(f"/asset/{added.id}/edit")
    assert "Sam" not in visitor.page.text
    visitor.press()
    assert "Nothing is different yet" in visitor.faults()[0]
    visitor.press(cost="£2", description="", days_1="Mo", opens_1="9", closes_1="10")
    assert visitor.title() == "Thank you: your change has arrived"
    [submission] = queued(register)
    assert submission.payload["changes"] == {
        "cost": "£2",
        "description": "",
        "opening_hours": "Mo 09:00-10:00",
    }
    assert submission.base_version == added.version
    with writing(register) as session:
        changed = approve(session, submission.id, actor=CLI, expected_version=submission.version)
    assert (changed.cost, changed.private_name) == ("£2", "Sam")


def test_a_new_postcode_moves_it_and_an_unchanged_pin_does_not_hold_it_back(
    visitor: Visitor, register: Path
) -> None:
    added = add(register, postcode="", longitude=1.461226, latitude=51.563559)
    visitor.get(f"/asset/{added.id}/edit")
    assert visitor.fields().found["longitude"] == "1.461226"
    visitor.press(postcode="ZZ1 1AB")
    [submission] = queued(register)
    assert submission.payload["changes"] == {"postcode": "ZZ1 1AB"}


def test_opening_times_that_the_form_cannot_say_stay_as_they_are(visitor: Visitor, register: Path) -> None:
    added = add(register, opening_hours="Mo[1] 10:00-12:00")
    visitor.get(f"/asset/{added.id}/edit")
    assert visitor.fields().found["hours_raw"] == "Mo[1] 10:00-12:00"
    visitor.press(cost="free")
    assert queued(register)[0].payload["changes"] == {"cost": "free"}


def test_a_confirmation_shows_on_the_page(visitor: Visitor, register: Path) -> None:
    added = add(register)
    with writing(register) as session:
        confirm_asset(session, added.id, actor=CLI, on=date.today(), how="was there")
    assert "Fresh" in visitor.get(f"/asset/{added.id}").text
