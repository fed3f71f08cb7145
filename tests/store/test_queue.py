"""The queue: what waits, who may see and decide it, and two stewards who decide at once."""

from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import text

from store import queue
from store.errors import StoreError
from store.queue import (
    Outdated,
    Submission,
    decide,
    get_submission,
    redact_submissions,
    revise,
    submit,
    waiting,
)
from store.roles import ANYONE, CLI, Actor, Forbidden
from store.session import reading, writing
from store.tokens import holder, issue, look

ANN = Actor("p1", "Ann", "viewer", "login")
BEN = Actor("p2", "Ben", "viewer", "login")


def _suggest(home: Path, actor: Actor = ANYONE, **options: object) -> Submission:
    values: dict[str, object] = {
        "kind": "change",
        "subject_kind": "asset",
        "subject_id": "a1",
        "payload": {"x": 1},
    }
    with writing(home) as session:
        return submit(session, actor=actor, **{**values, **options})  # type: ignore[arg-type]


def test_it_waits_oldest_first_in_pages(larder_home: Path) -> None:
    made = [_suggest(larder_home, kind=kind).id for kind in ("change", "report", "change")]
    with reading(larder_home) as session:
        everything = waiting(session, CLI, size=2)
        assert [each.id for each in everything.items] == made[:2]
        assert (everything.total, everything.pages) == (3, 2)
        assert [each.id for each in waiting(session, CLI, size=2, page=2).items] == made[2:]
        assert [each.id for each in waiting(session, CLI, kind="report").items] == made[1:2]
        with pytest.raises(StoreError, match="no page 0"):
            waiting(session, CLI, page=0)
        with pytest.raises(StoreError, match="1 to 500"):
            waiting(session, CLI, size=501)


def test_who_sees_one(larder_home: Path) -> None:
    own = _suggest(larder_home, ANN)
    with writing(larder_home) as session:
        key = holder(look(session, issue(session, "edit", queue.SUBMISSION, own.id, 1), "edit"))
        wrong = holder(look(session, issue(session, "confirm", queue.SUBMISSION, own.id, 1), "confirm"))
    with reading(larder_home) as session:
        for actor in (ANN, CLI, key):
            assert get_submission(session, own.id, actor) == own
        for actor in (BEN, ANYONE, wrong, Actor("p1", "Ann", "viewer", "form")):
            with pytest.raises(Forbidden, match="not yours"):
                get_submission(session, own.id, actor)
        with pytest.raises(Forbidden):
            get_submission(session, "no such", ANN)
        with pytest.raises(StoreError, match="no suggestion"):
            get_submission(session, "no such", CLI)


def test_nameless_people_do_not_see_each_others(larder_home: Path) -> None:
    made = _suggest(larder_home, ANYONE)
    with reading(larder_home) as session, pytest.raises(Forbidden):
        get_submission(session, made.id, Actor("", "x", "anyone", "form"))


def test_it_is_revised_while_it_waits(larder_home: Path) -> None:
    made = _suggest(larder_home, ANN)
    with writing(larder_home) as session:
        changed = revise(session, made.id, {"x": 2}, actor=ANN, expected_version=1)
        with pytest.raises(Outdated, match="changed while"):
            revise(session, made.id, {"x": 3}, actor=ANN, expected_version=1)
        decide(session, made.id, actor=CLI, status="approved", expected_version=2)
        with pytest.raises(Outdated, match="approved already"):
            revise(session, made.id, {"x": 3}, actor=ANN, expected_version=3)
    assert (changed.payload, changed.version) == ({"x": 2}, 2)


def test_it_is_decided_once(larder_home: Path) -> None:
    made = _suggest(larder_home)
    with writing(larder_home) as session:
        with pytest.raises(Forbidden):
            decide(session, made.id, actor=ANN, status="approved", expected_version=1)
        with pytest.raises(StoreError, match="needs its reason"):
            decide(session, made.id, actor=CLI, status="refused", reason=" ", expected_version=1)
        with pytest.raises(StoreError, match="not a decision"):
            decide(session, made.id, actor=CLI, status="waiting", expected_version=1)
        done = decide(session, made.id, actor=CLI, status="refused", reason="a shop", expected_version=1)
        with pytest.raises(Outdated, match="refused already"):
            decide(session, made.id, actor=CLI, status="approved", expected_version=1)
        assert waiting(session, CLI).total == 0
    assert (done.status, done.decided_by, done.decision_reason, done.version) == (
        "refused",
        "cli",
        "a shop",
        2,
    )


def test_it_is_withdrawn(larder_home: Path) -> None:
    made = _suggest(larder_home, ANN)
    with writing(larder_home) as session:
        with pytest.raises(Forbidden):
            queue.withdraw(session, made.id, actor=BEN, expected_version=1)
        assert queue.withdraw(session, made.id, actor=ANN, expected_version=1).status == "withdrawn"


def test_the_same_key_is_the_same_suggestion(larder_home: Path) -> None:
    key = str(uuid4())
    first, again = _suggest(larder_home, key=key), _suggest(larder_home, key=key)
    assert first == again
    with pytest.raises(StoreError, match="key"):
        _suggest(larder_home, key="../x")


def test_a_redaction_takes_out_words_and_people(larder_home: Path) -> None:
    options = {"note": "SECRETNOTE", "submitter_name": "SECRETNAME", "contact_email": "secret@example.org"}
    about = _suggest(larder_home, ANN, payload={"values": "SECRETVALUE"}, **options)
    naming = _suggest(
        larder_home, kind="duplicate", subject_id="b2", payload={"other": "a1"}, note="SECRETNOTE"
    )
    other = _suggest(larder_home, subject_id="c3", note="stays")
    with writing(larder_home) as session:
        with pytest.raises(Forbidden):
            redact_submissions(session, "asset", "a1", actor=ANN)
        assert redact_submissions(session, "asset", "a1", actor=CLI) == 2
    with reading(larder_home) as session:
        raw = str(session.execute(text("SELECT * FROM submissions")).all())
        assert {get_submission(session, each.id, CLI).status for each in (about, naming)} == {"withdrawn"}
        assert get_submission(session, other.id, CLI).note == "stays"
    assert "SECRET" not in raw.upper().replace("SECRETARY", "")
    assert "p1" not in raw
