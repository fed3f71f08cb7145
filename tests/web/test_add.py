"""Suggesting an asset without an account and without scripts."""

import re
from pathlib import Path
from urllib.parse import urlencode

import pytest

from assets.register import add_asset
from assets.suggestions import approve
from store.queue import Submission, waiting
from store.roles import CLI
from store.session import reading, writing
from tests.web.conftest import Visitor

SOUP = {"kind": "service", "name": "Tuesday Soup Table", "category": "food_bank", "postcode": "zz1 1aa"}


def queued(home: Path) -> list[Submission]:
    with reading(home) as session:
        return list(waiting(session, CLI).items)


def test_the_form_is_small_and_loads_nothing_from_elsewhere(visitor: Visitor) -> None:
    page = visitor.get("/add")
    assert page.status_code == 200
    assert len(page.content) < 30_000
    assert not re.findall(r'(?:src|href|action)="(?:https?:)?//', page.text)
    assert "<style" not in page.text
    assert not re.findall(r"<script(?! src=)", page.text)
    assert not re.findall(r"\son\w+=", page.text)
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["content-security-policy"].startswith("default-src 'none'")
    for name in re.findall(r'"(/plain/[^"]+)"', page.text):
        answer = visitor.get(name)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]
        assert len(answer.content) < 8_000


def test_name_what_and_postcode_are_enough(visitor: Visitor, register: Path) -> None:
    visitor.get("/add")
    page = visitor.press(**SOUP)
    assert page.status_code == 200
    assert "has arrived" in visitor.title()
    [submission] = queued(register)
    assert (submission.kind, submission.status) == ("new", "waiting")
    assert submission.payload["values"]["name"] == "Tuesday Soup Table"
    assert submission.payload["values"]["postcode"] == "ZZ1 1AA"
    assert submission.submitter == ""


def test_nothing_is_shown_before_a_steward_has_approved_it(visitor: Visitor, register: Path) -> None:
    visitor.get("/add")
    visitor.press(**SOUP)
    [submission] = queued(register)
    with writing(register) as session:
        from assets.locate import locator

        asset = approve(
            session, submission.id, actor=CLI, expected_version=submission.version, where=locator(register)
        )
    page = visitor.get(f"/asset/{asset.id}")
    assert "Tuesday Soup Table" in page.text
    assert "Unconfirmed" in page.text
    # the first postcode of the demo's file lies in its first area
    assert asset.area == "X00000001"


def test_every_fault_is_told_at_once_beside_its_field_and_nothing_typed_is_lost(visitor: Visitor) -> None:
    visitor.get("/add")
    page = visitor.press(
        name="", postcode="QQ9 9QQ", phone="ring me", website="not an address", email="at home", cost="  free  ",
        private_phone="01632 960001", contact_email="me@", days_1="Mo", opens_1="25:00", hours_remark="é" * 121,
        description="two\nlines",
    )  # fmt: skip
    assert page.status_code == 422
    said = " ".join(visitor.faults())
    for label in (
        "What is it?", "Name", "Category", "Postcode", "Telephone for everybody", "Website", "E-mail for everybody",
        "This person agrees", "Your e-mail", "From", "To", "Anything else about the times",
    ):  # fmt: skip
        assert f"{label}" in said
    for link in re.findall(r'<li><a href="#(\w+)"', page.text):
        assert f'id="{link}"' in page.text
    kept = visitor.fields().found
    assert kept["cost"] == "  free  "
    assert kept["phone"] == "ring me"
    assert kept["opens_1"] == "25:00"
    assert kept["hours_remark"] == "é" * 121
    assert kept["description"] == "two\nlines"
    assert 'aria-invalid="true"' in page.text
    assert "<title>Please mend: " in page.text


@pytest.mark.parametrize(
    "name",
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        '=HYPERLINK("http://example.org")',
        "Robert'); DROP TABLE assets;--",
        "{{ 7 * 7 }} {% raw %}",
        "مركز الحي",
        "\u202egnp.exe",
        "O\u2019Brien & Söhne 💜",
    ],
)
def test_any_name_shows_as_text(visitor: Visitor, register: Path, name: str) -> None:
    visitor.get("/add")
    page = visitor.press(**SOUP | {"name": name, "postcode": ""})
    assert page.status_code == 422
    assert visitor.fields().found["name"] == name
    assert "<script>alert" not in page.text
    assert "<img src=x" not in page.text
    assert visitor.press(**SOUP | {"name": name}).status_code == 200
    [submission] = queued(register)
    assert submission.payload["values"]["name"] == name


def test_a_name_of_ten_thousand_characters_is_refused_and_still_there(visitor: Visitor) -> None:
    visitor.get("/add")
    page = visitor.press(**SOUP | {"name": "ن" * 10_000})
    assert page.status_code == 422
    assert "10,000 characters" in visitor.faults()[0]
    assert visitor.fields().found["name"] == "ن" * 10_000


def test_a_name_of_marks_that_nobody_sees_is_no_name(visitor: Visitor) -> None:
    visitor.get("/add")
    visitor.press(**SOUP | {"name": "\u200b\u202e \u00a0"})
    assert visitor.faults() == ["Name: It needs a name: what people call it."]


def test_control_characters_are_dropped(visitor: Visitor, register: Path) -> None:
    visitor.get("/add")
    form = visitor.fields().found | SOUP | {"act": "send"}
    del form["name"]
    # a lone half of a character cannot be sent by an honest browser: these are the bytes that a forger would send
    body = f"{urlencode(form)}&name=Soup%00+%1b%5b31mTable%ed%a0%80"
    visitor.ask("POST", "/add", content=body, headers={"content-type": "application/x-www-form-urlencoded"})
    assert queued(register)[0].payload["values"]["name"] == "Soup [31mTable\ufffd\ufffd\ufffd"


def test_sent_twice_it_is_one_suggestion_and_the_last_words_count(visitor: Visitor, register: Path) -> None:
    visitor.get("/add")
    first = visitor.page
    visitor.press(**SOUP | {"cost": "free"})
    visitor.page = first
    visitor.press(**SOUP | {"cost": "£1"})
    assert "has arrived" in visitor.title()
    [submission] = queued(register)
    assert submission.payload["values"]["cost"] == "£1"
    visitor.page = first
    visitor.press(**SOUP | {"name": "Another Table"})
    assert len(queued(register)) == 2


def test_what_is_there_already_is_shown_before_it_is_sent_and_may_be_denied(
    visitor: Visitor, register: Path
) -> None:
    with writing(register) as session:
        from assets.locate import locator

        there = add_asset(
            session, actor=CLI, name="The Soup Table", category="food_bank", postcode="ZZ1 1AA",
            where=locator(register),
        )  # fmt: skip
    visitor.get("/add")
    page = visitor.press(**SOUP | {"name": "Soup Table"})
    assert "Is it one of these?" in page.text
    assert f'href="/asset/{there.id}"' in page.text
    assert queued(register) == []
    assert visitor.fields().found["name"] == "Soup Table"
    visitor.press()
    assert "has arrived" in visitor.title()
    assert len(queued(register)) == 1


def test_opening_times_are_rows_of_days_and_hours(visitor: Visitor, register: Path) -> None:
    visitor.get("/add")
    visitor.press(
        **SOUP, days_1="Mo-Fr", opens_1="9", closes_1="5pm", days_2="Sa", opens_2="10.30", closes_2="1300",
        hours_remark='not in "August"',
    )  # fmt: skip
    told = queued(register)[0].payload["values"]["opening_hours"]
    assert told == "Mo-Fr 09:00-17:00; Sa 10:30-13:00 || \"not in 'August'\""


def test_the_day_of_a_private_contact_s_consent_is_kept(visitor: Visitor, register: Path) -> None:
    visitor.get("/add")
    visitor.press(**SOUP, private_name="Sam", private_email="sam@example.org", consent="yes")
    values = queued(register)[0].payload["values"]
    assert values["private_email"] == "sam@example.org"
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", values["consent_on"])


@pytest.mark.usefixtures("database")
def test_without_any_place_coordinates_are_enough(larder_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from web import brakes

    monkeypatch.setattr(brakes, "HASTE_SECONDS", 0)
    visitor = Visitor()
    visitor.get("/add")
    visitor.press(**SOUP)
    assert "No list of postcodes here knows this one" in visitor.faults()[0]
    visitor.press(postcode="", latitude="51,5721", longitude="0.4568°")
    assert "has arrived" in visitor.title()
    values = queued(larder_home)[0].payload["values"]
    assert (values["latitude"], values["longitude"]) == (51.5721, 0.4568)


def test_the_address_may_fill_in_the_form(visitor: Visitor) -> None:
    visitor.get("/add?name=%3Cb%3EHall&category=hall&place=demo")
    assert visitor.fields().found["name"] == "<b>Hall"
    assert visitor.fields().found["category"] == "hall"
