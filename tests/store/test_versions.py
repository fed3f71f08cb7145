"""Versions: in order, complete, and emptied by a redaction of everything but that they were."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from store.roles import ANYONE, CLI, Actor, Forbidden
from store.session import reading, writing
from store.versions import REMOVED, differences, history, latest, record, redact_history

ANN = Actor("p1", "Ann Example", "steward", "login")


def _two(home: Path) -> None:
    with writing(home) as session:
        first = {"name": "Old", "at": None}
        assert record(session, "thing", "a", actor=ANN, action="add", before=None, after=first) == 1
        second = {"name": "New", "at": None}
        number = record(
            session, "thing", "a", actor=CLI, action="change", reason="why", before=first, after=second
        )
        assert number == 2
        record(session, "thing", "b", actor=ANN, action="add", before=None, after=first)


def test_a_history_says_who_when_why_and_what(larder_home: Path) -> None:
    before = datetime.now(UTC)
    _two(larder_home)
    with reading(larder_home) as session:
        one, two = history(session, "thing", "a")
        assert latest(session, "thing", "a") == 2
        assert latest(session, "other", "a") == 0
    assert (one.number, one.actor, one.actor_name, one.via, one.action) == (
        1,
        "p1",
        "Ann Example",
        "login",
        "add",
    )
    assert one.changes == {"name": [None, "Old"]}
    assert (two.reason, two.changes, two.values) == (
        "why",
        {"name": ["Old", "New"]},
        {"name": "New", "at": None},
    )
    assert before <= one.at <= two.at <= datetime.now(UTC)


def test_a_redaction_leaves_that_and_why(larder_home: Path) -> None:
    _two(larder_home)
    with writing(larder_home) as session:
        with pytest.raises(Forbidden):
            redact_history(session, "thing", "a", actor=ANYONE, reason="x")
        assert redact_history(session, "thing", "a", actor=ANN, reason="they asked for it") == 3
    with reading(larder_home) as session:
        *old, last = history(session, "thing", "a")
        assert history(session, "thing", "b")[0].values["name"] == "Old"
    assert [(each.number, each.action, each.actor_name, each.values, each.changes) for each in old] == [
        (1, "add", REMOVED, {}, {}),
        (2, "change", REMOVED, {}, {}),
    ]
    assert (last.action, last.reason, last.actor_name) == ("redact", "they asked for it", "Ann Example")


def test_differences() -> None:
    assert differences({"a": 1, "b": 2}, {"b": 3, "c": 4}) == {"a": [1, None], "b": [2, 3], "c": [None, 4]}
    assert differences({"a": 1}, {"a": 1}) == {}
