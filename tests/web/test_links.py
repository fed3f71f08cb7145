"""Private links: opening changes nothing, a button does; lost ones are sent again, to whoever left the address."""

import email
import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from assets.locate import locator
from assets.register import add_asset, get_asset
from assets.suggestions import approve, refuse
from store import tokens
from store.queue import Submission, get_submission, waiting
from store.roles import CLI
from store.session import reading, writing
from tests.web.conftest import Visitor
from web import sending

SOUP = {"kind": "service", "name": "Tuesday Soup Table", "category": "food_bank", "postcode": "ZZ1 1AA"}


def queued(home: Path) -> list[Submission]:
    with reading(home) as session:
        return list(waiting(session, CLI).items)


def letters(home: Path) -> list[str]:
    found = sorted((home / "outbox").glob("*.eml")) if (home / "outbox").exists() else []
    return [email.message_from_bytes(path.read_bytes()).get_payload(decode=True).decode() for path in found]  # type: ignore[union-attr]


@pytest.fixture
def sent(visitor: Visitor, register: Path) -> tuple[str, Submission]:
    visitor.get("/add")
    visitor.press(**SOUP, contact_email="Sam@Example.org", note="hello")
    return visitor.code(), queued(register)[0]


def test_the_page_and_the_letter_hold_the_same_link(
    visitor: Visitor, register: Path, sent: tuple[str, Submission]
) -> None:
    [letter] = letters(register)
    assert f"http://127.0.0.1:8600/link/edit#{sent[0]}" in letter
    assert sending.expires() in letter
    assert sending.expires() in visitor.page.text
    # a letter to an address that anybody may have typed carries no words that they typed
    assert "Soup" not in letter
    assert "hello" not in letter


def test_a_forged_host_never_reaches_a_letter(register: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    visitor = Visitor(host="http://192.0.2.1")
    visitor.get("/add")
    visitor.press(**SOUP, contact_email="sam@example.org")
    assert "http" not in letters(register)[0]
    assert visitor.code() in letters(register)[0]


def test_opening_a_link_changes_nothing_and_buttons_do(
    visitor: Visitor, register: Path, sent: tuple[str, Submission]
) -> None:
    code, before = sent
    visitor.get("/link/edit")
    visitor.press(code=f"http://127.0.0.1:8600/link/edit#{code}")
    assert visitor.title() == "Your suggestion"
    assert queued(register) == [before]
    found = visitor.fields().found
    assert (found["name"], found["note"], found["postcode"]) == ("Tuesday Soup Table", "hello", "ZZ1 1AA")
    page = visitor.press(name="", cost="free")
    assert page.status_code == 422
    assert queued(register) == [before]
    visitor.press(name="Thursday Soup Table")
    assert "It is changed" in visitor.page.text
    [after] = queued(register)
    assert after.payload["values"]["name"] == "Thursday Soup Table"
    assert after.payload["values"]["cost"] == "free"
    visitor.press(action="/link/edit/withdraw")
    assert visitor.title() == "It is taken back"
    assert queued(register) == []


def test_of_two_windows_the_second_is_told(
    visitor: Visitor, register: Path, sent: tuple[str, Submission]
) -> None:
    visitor.get("/link/edit")
    first = visitor.press(code=sent[0])
    visitor.press(cost="free")
    visitor.page = first
    visitor.press(cost="£9")
    assert "was changed while you looked at it" in visitor.page.text
    assert visitor.fields().found["cost"] == "free"
    assert queued(register)[0].payload["values"]["cost"] == "free"


def test_a_decision_and_its_reason_are_read_with_the_link(
    visitor: Visitor, register: Path, sent: tuple[str, Submission]
) -> None:
    with writing(register) as session:
        refuse(session, sent[1].id, actor=CLI, reason="It is <closed>.", expected_version=1)
    visitor.get("/link/edit")
    visitor.press(code=sent[0])
    assert "not taken over" in visitor.page.text
    assert "It is &lt;closed&gt;." in visitor.page.text
    assert any("It is <closed>." in letter for letter in letters(register))


def test_an_approved_one_leads_to_its_page(
    visitor: Visitor, register: Path, sent: tuple[str, Submission]
) -> None:
    with writing(register) as session:
        asset = approve(session, sent[1].id, actor=CLI, expected_version=1, where=locator(register))
    visitor.get("/link/edit")
    visitor.press(code=sent[0])
    assert f'href="/asset/{asset.id}"' in visitor.page.text
    visitor.press(action="/none")


@pytest.mark.parametrize("code", ["", "x", "a" * 500, "' OR 1=1 --", "\x00", "<b>"])
def test_a_code_that_opens_nothing(visitor: Visitor, code: str) -> None:
    visitor.get("/link/edit")
    page = visitor.press(code=code)
    assert page.status_code == 404
    assert "does not open anything" in visitor.faults()[0]


def test_a_link_opens_only_what_it_is_for_and_only_its_time(
    visitor: Visitor, register: Path, sent: tuple[str, Submission]
) -> None:
    for purpose in ("confirm", "report"):
        visitor.get(f"/link/{purpose}")
        assert visitor.press(code=sent[0]).status_code == 404
    with writing(register) as session:
        old = tokens.issue(session, "edit", "submission", sent[1].id, -1)
    visitor.get("/link/edit")
    assert visitor.press(code=old).status_code == 404


def test_lost_links_are_sent_again_and_the_answer_is_always_the_same(
    visitor: Visitor, register: Path, sent: tuple[str, Submission]
) -> None:
    answers = []
    for address in ("nobody@example.org", "sam@example.ORG"):
        visitor.get("/link/lost")
        answers.append(visitor.press(email=address).text)
    assert answers[0] == answers[1]
    assert len(letters(register)) == 2
    [again] = [letter for letter in letters(register) if "Here are the private links" in letter]
    [code] = re.findall(r"/link/edit#([\w-]+)", again)
    for opens in (code, sent[0]):
        visitor.get("/link/edit")
        visitor.press(code=opens)
        assert visitor.title() == "Your suggestion"


def test_nobodys_post_box_is_filled(visitor: Visitor, register: Path, sent: tuple[str, Submission]) -> None:
    for _ in range(6):
        visitor.get("/link/lost")
        visitor.press(email="sam@example.org")
    assert len([letter for letter in letters(register) if "Here are" in letter]) == 3
    visitor.get("/link/lost")
    assert visitor.press(email="no address").status_code == 422


@pytest.fixture
def asked(register: Path) -> tuple[str, str, str]:
    """An asset with a link to confirm it and one to report it."""
    with writing(register) as session:
        asset = add_asset(
            session, actor=CLI, name="Old Hall", category="hall", postcode="ZZ1 1AA", precision="hidden",
            where=locator(register),
        )  # fmt: skip
        links = [tokens.issue(session, purpose, "asset", asset.id, 30) for purpose in ("confirm", "report")]
    return asset.id, links[0], links[1]


def test_still_right_by_a_link_and_a_button_once(
    visitor: Visitor, register: Path, asked: tuple[str, str, str]
) -> None:
    asset, code, _ = asked
    visitor.get("/link/confirm")
    visitor.press(code=code)
    assert "Old Hall" in visitor.page.text
    with reading(register) as session:
        assert get_asset(session, asset, CLI).confirmed_on is None
    page = visitor.page
    visitor.press(how="run it")
    assert visitor.title() == "Thank you: it is marked as checked today"
    with reading(register) as session:
        now = get_asset(session, asset, CLI)
    assert now.confirmed_on is not None
    assert now.confirmed_on - date.today() <= timedelta(days=1)
    assert now.confirmed_how == "by a private link: I run it or work there"
    visitor.page = page
    assert visitor.press().status_code == 404


def test_this_is_wrong_by_a_link(visitor: Visitor, register: Path, asked: tuple[str, str, str]) -> None:
    asset, _, code = asked
    visitor.get("/link/report")
    visitor.press(code=code)
    assert visitor.press().status_code == 422
    visitor.press(what="It has closed for good")
    assert visitor.title() == "Thank you: we will look into it"
    [submission] = queued(register)
    assert (submission.kind, submission.subject_id, submission.note) == (
        "report",
        asset,
        "It has closed for good",
    )


def test_a_report_can_be_mended_and_taken_back(visitor: Visitor, register: Path) -> None:
    with writing(register) as session:
        asset = add_asset(
            session, actor=CLI, name="Hall", category="hall", postcode="ZZ1 1AA", where=locator(register)
        )
    visitor.get(f"/asset/{asset.id}/wrong")
    visitor.press(note="closed")
    code = visitor.code()
    visitor.get("/link/edit")
    visitor.press(code=code)
    visitor.press(note="closed on Mondays")
    [submission] = queued(register)
    assert submission.note == "closed on Mondays"
    visitor.press(action="/link/edit/withdraw")
    with reading(register) as session:
        assert get_submission(session, submission.id, CLI).status == "withdrawn"


def test_a_change_can_be_changed_before_it_is_read(visitor: Visitor, register: Path) -> None:
    with writing(register) as session:
        asset = add_asset(
            session,
            actor=CLI,
            name="Hall",
            category="hall",
            postcode="ZZ1 1AA",
            cost="free",
            where=locator(register),
        )
    visitor.get(f"/asset/{asset.id}/edit")
    visitor.press(cost="£1", phone="01632 960001")
    code = visitor.code()
    visitor.get("/link/edit")
    visitor.press(code=code)
    assert visitor.fields().found["cost"] == "£1"
    visitor.press(cost="£2")
    assert queued(register)[0].payload["changes"] == {"cost": "£2", "phone": "01632 960001"}
