"""A redaction reaches messages that were written already, waiting or as files, and every byte of the database."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from sqlalchemy import select

from assets.edits import change_asset
from assets.redaction import redact_asset
from assets.register import add_asset
from assets.reminders import remind
from assets.schema import Asset
from assets.suggestions import approve, report_wrong, suggest_change
from store.backup import backup
from store.outbox import FOLDER, MessageRow, post
from store.people import person_for, set_role
from store.queue import SUBMISSION
from store.roles import ANYONE, CLI
from store.session import reading, writing
from tests.assets.test_freshness import TODAY

NOBODY_LISTENS = "smtp://127.0.0.1:1"
"""A mail server that nothing reaches: what is sent to it waits in the database."""
PLACE = {"category": "club", "longitude": 0.4, "latitude": 51.5}


@pytest.fixture(params=[NOBODY_LISTENS, ""], ids=["waiting", "files"])
def home(
    database: str, larder_home: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A register whose messages wait in the database, or are written as files."""
    monkeypatch.setenv("LARDER_SMTP", request.param)
    return larder_home


def added(home: Path, name: str, **more: str) -> Asset:
    with writing(home) as session:
        return add_asset(session, actor=CLI, name=name, **PLACE, **more)  # type: ignore[arg-type]


def written(home: Path) -> Mapping[str, str]:
    """The text of every message that is kept, whichever way, by whom it goes to."""
    with reading(home) as session:
        found = {row.recipient: row.body for row in session.scalars(select(MessageRow))}
    for path in (home / FOLDER).glob("*.eml"):
        text = path.read_text(encoding="utf-8")
        found[next(line[4:] for line in text.splitlines() if line.startswith("To: "))] = text
    return found


def test_messages_about_it_and_about_suggestions_of_it_are_gone(home: Path) -> None:
    hall, other = added(home, "Old Hall"), added(home, "Hall")
    with writing(home) as session:
        late = suggest_change(
            session, hall.id, {"name": "Secret Hall"}, actor=ANYONE, contact_email="a@example.org"
        )
        report = report_wrong(session, hall.id, "x", actor=ANYONE, contact_email="b@example.org")
        post(session, "c@example.org", "Your private link", "a code", (SUBMISSION, report.id))
        post(session, "d@example.org", "Another", "about the other", ("asset", other.id))
        approve(session, late.id, actor=CLI, expected_version=1)
    assert written(home).keys() == {"a@example.org", "c@example.org", "d@example.org"}
    assert "about Secret Hall." in written(home)["a@example.org"]
    with writing(home) as session:
        redact_asset(session, hall.id, actor=CLI, reason="asked")
    assert written(home).keys() == {"d@example.org"}


def test_messages_about_several_are_found_by_its_names(home: Path) -> None:
    knitters = added(home, "Secret Knitters", email="office@clubs.example")
    added(home, "Knitters", email="others@clubs.example")
    with writing(home) as session:
        sam = person_for(session, "https://id", "sam", "Sam", "sam@example.org")
        set_role(session, sam.id, "steward", CLI)
        remind(session, actor=CLI, today=TODAY, address="https://larder.example.org")
        change_asset(session, knitters.id, {"name": "Renamed"}, actor=CLI, expected_version=1)
    assert written(home).keys() == {"office@clubs.example", "others@clubs.example", "sam@example.org"}
    with writing(home) as session:
        redact_asset(session, knitters.id, actor=CLI, reason="asked")
    assert written(home).keys() == {"others@clubs.example"}


def redact_and_fail(home: Path, asset: Asset) -> None:
    with writing(home) as session:
        redact_asset(session, asset.id, actor=CLI, reason="asked")
        raise RuntimeError


def test_a_redaction_that_is_not_kept_takes_no_message(home: Path) -> None:
    hall = added(home, "Hall")
    with writing(home) as session:
        post(session, "a@example.org", "x", "y", ("asset", hall.id))
    with pytest.raises(RuntimeError):
        redact_and_fail(home, hall)
    assert written(home).keys() == {"a@example.org"}


def test_no_byte_of_it_is_left_in_the_file_nor_in_a_new_backup(
    larder_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LARDER_DATABASE", raising=False)
    hall = added(larder_home, "Secretname", description="Secretwords " * 300)
    before = backup(larder_home, larder_home / "before", actor=CLI).read_bytes()
    assert before.lower().count(b"secretname") > 1
    with writing(larder_home) as session:
        redact_asset(session, hall.id, actor=CLI, reason="asked")
    left = [larder_home / "larder.sqlite", backup(larder_home, larder_home / "after", actor=CLI)]
    for word in (b"secretname", b"secretwords"):
        assert [path.read_bytes().lower().count(word) for path in left] == [0, 0]
