"""Passing on what residents said: the form, what it is tied to, and its private link."""

from pathlib import Path

import pytest

from assets.locate import locator
from assets.register import add_asset
from coproduce.insight import approve_insight, shown_insight
from geo.place import read_place
from store.queue import Submission, waiting
from store.roles import ANYONE, CLI
from store.session import reading, writing
from tests.web.conftest import Visitor

SAID = {
    "words": "The bus stopped coming,\nso we walk.",
    "theme": "getting_about",
    "gathered": "conversation",
    "heard_on": "2026-05-03",
    "heard_by": "volunteer",
    "consent": "shown",
}


def queued(home: Path) -> list[Submission]:
    with reading(home) as session:
        return list(waiting(session, CLI, kind="insight").items)


def test_a_note_of_the_whole_place(visitor: Visitor, register: Path) -> None:
    visitor.get("/voice")
    visitor.press(**SAID, note="ask me")
    assert visitor.title() == "Thank you: it has arrived"
    [submission] = queued(register)
    assert submission.payload["values"] == {**SAID, "place": "demo", "area": None, "asset": None}
    assert submission.note == "ask me"
    with writing(register) as session:
        approve_insight(session, submission.id, actor=CLI, expected_version=1)
        assert shown_insight(session, "demo", ANYONE)[0].text == SAID["words"]


def test_every_fault_at_once_and_nothing_typed_is_lost(visitor: Visitor, register: Path) -> None:
    visitor.get("/voice")
    page = visitor.press(
        words="  ", about="Nowhere at all", heard_on="31.5.26", contact_email="x", note="kept"
    )
    assert page.status_code == 422
    said = " ".join(visitor.faults())
    for label in (
        "What was said",
        "What is it about",
        "Which part",
        "How was it",
        "which day",
        "Who writes",
        "agree to",
        "e-mail",
    ):
        assert label in said
    assert visitor.fields().found["note"] == "kept"
    assert visitor.fields().found["about"] == "Nowhere at all"
    assert queued(register) == []


@pytest.mark.parametrize(
    ("about", "level"), [("ZZ1 1AA", "lsoa"), ("Castle Park", "lsoa"), ("Eastmere", "msoa")]
)
def test_a_note_is_tied_to_no_less_than_a_neighbourhood(
    visitor: Visitor, register: Path, about: str, level: str
) -> None:
    visitor.get("/voice")
    visitor.press(**SAID, about=about)
    area = queued(register)[0].payload["values"]["area"]
    assert area in set(read_place(register / "places" / "demo").areas()[level])


def test_the_app_may_open_it_for_an_area_or_an_asset(visitor: Visitor, register: Path) -> None:
    with writing(register) as session:
        asset = add_asset(
            session, actor=CLI, name="<i>Hall", category="hall", postcode="ZZ1 1AA", where=locator(register)
        )
    visitor.get(f"/voice?asset={asset.id}")
    assert "It is about <bdi>&lt;i&gt;Hall</bdi>" in visitor.page.text
    visitor.press(**SAID)
    assert queued(register)[0].payload["values"]["asset"] == asset.id
    visitor.get("/voice?place=demo&area=X00000001")
    visitor.press(**SAID | {"words": "another"})
    # the first output area of the demo's lookup lies in this LSOA
    assert {one.payload["values"]["area"] for one in queued(register)} == {None, "X01000001"}


def test_the_link_of_an_output_area_gives_its_neighbourhood_and_says_so(
    visitor: Visitor, register: Path
) -> None:
    visitor.get("/voice?place=demo&area=X00000001")
    assert "It is about <bdi>Marshwick 001A</bdi>" in visitor.page.text
    visitor.press(**SAID)
    [submission] = queued(register)
    code = visitor.code()
    visitor.get("/link/edit")
    visitor.press(code=code)
    assert "X00000001" not in visitor.page.text
    visitor.press(area="X00000002")
    assert queued(register)[0].payload["values"]["area"] == "X01000001"
    with writing(register) as session:
        note = approve_insight(
            session, submission.id, actor=CLI, expected_version=queued(register)[0].version
        )
    assert note.area == "X01000001"


@pytest.mark.parametrize("tied", ["area=X99", "asset=nobody", "area=%3Cscript%3E", "place=nowhere"])
def test_what_it_is_tied_to_must_be_there(visitor: Visitor, register: Path, tied: str) -> None:
    visitor.get(f"/voice?{tied}")
    assert visitor.page.status_code == 200
    assert "<script>" not in visitor.page.text
    visitor.press(**SAID)
    values = queued(register)[0].payload["values"]
    assert (values["area"], values["asset"]) == (None, None)


def test_its_private_link_changes_and_takes_it_back(visitor: Visitor, register: Path) -> None:
    visitor.get("/voice")
    visitor.press(**SAID)
    code = visitor.code()
    visitor.get("/link/edit")
    visitor.press(code=code)
    assert visitor.fields().found["words"] == SAID["words"]
    visitor.press(theme="")
    assert "Choose a theme" in visitor.faults()[0]
    visitor.press(theme="safety", consent="private")
    assert "It is changed" in visitor.page.text
    values = queued(register)[0].payload["values"]
    assert (values["theme"], values["consent"]) == ("safety", "private")
    visitor.press(action="/link/edit/withdraw")
    assert queued(register) == []
