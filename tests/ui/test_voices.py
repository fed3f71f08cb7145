"""What people say, beside the need: notes of the area, of the larger areas around it, and of the whole place."""

from html import unescape
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from coproduce.insight import approve_insight, suggest_insight
from store.roles import ANYONE, CLI
from store.session import writing
from tests.ui import kitchen, kitchen_records
from tests.ui.kitchen_records import BOTH, NORTH
from tests.ui.test_app import words
from ui.components.voices import around

NOBODY = "Nothing that people here said is shown yet."


def say(home: Path, text: str, area: str | None, **given: Any) -> None:
    """Pass a note on, and approve it."""
    values = {
        "place": "sixtown", "area": area, "theme": "getting_about", "gathered": "conversation",
        "heard_on": "2026-05-03", "heard_by": "volunteer", "consent": "shown", "words": text,
    }  # fmt: skip
    with writing(home) as session:
        sent = suggest_insight(session, values | given, actor=ANYONE)
        approve_insight(session, sent.id, actor=CLI, expected_version=1)


@pytest.fixture
def chosen(app: AppTest, sixtown: Path) -> AppTest:
    """The app with a square chosen that lies in Block 1 and Northside."""
    run = kitchen_records.make_records_run(sixtown)
    app.query_params.update({"run": run.id, "place": "sixtown", "area": BOTH})
    return app


def told(app: AppTest) -> str:
    app.run()
    assert not app.exception
    return unescape(words(app))


def test_what_was_said_of_the_areas_around_is_shown_and_of_which(chosen: AppTest, sixtown: Path) -> None:
    say(sixtown, "Everywhere the same.", None)
    say(sixtown, "The bus stopped coming.", NORTH)
    say(sixtown, "We walk now.", kitchen.block(1))
    read = told(chosen)
    parts = [
        "We walk now.", "Getting about, said of Block 1. In conversation, 3 May 2026", "The bus stopped coming.",
        "Getting about, said of Northside. In conversation", "Everywhere the same.", "about the whole place",
    ]  # fmt: skip
    assert [read.index(part) for part in parts] == sorted(read.index(part) for part in parts)
    assert NOBODY not in read


def test_what_was_said_elsewhere_or_may_not_be_shown_is_not(chosen: AppTest, sixtown: Path) -> None:
    say(sixtown, "Far away.", kitchen.block(9))
    say(sixtown, "For nobody else.", kitchen.block(1), consent="private")
    read = told(chosen)
    assert "Far away." not in read
    assert "For nobody else." not in read
    assert NOBODY in read


def test_what_was_said_of_its_ward_is_shown_too(app: AppTest, sixtown: Path) -> None:
    say(sixtown, "The park is lovely.", "X05000001")
    app.query_params["area"] = kitchen.code(1)
    assert "said of North Ward" in told(app)


def test_an_area_that_is_itself_the_neighbourhood_stands_first_and_needs_no_name() -> None:
    row = {"lsoa": "E1", "lsoa_name": "One", "msoa": "E2", "msoa_name": "Larkfield", "ward": None}
    assert around("E0", row) == {"E0": "", "E1": ", said of One", "E2": ", said of Larkfield"}
    assert around("E1", row) == {"E1": "", "E2": ", said of Larkfield"}
    assert around("E1", {"lsoa": "E9"}) == {"E1": "", "E9": ", said of E9"}
