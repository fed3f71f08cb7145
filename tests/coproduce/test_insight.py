"""Notes of what residents said: who may see which words, and what a steward may do with them."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from coproduce.errors import CoproduceError
from coproduce.insight import (
    Insight,
    all_insight,
    approve_insight,
    change_insight,
    insight_history,
    redact_insight,
    refuse_insight,
    shown_insight,
    suggest_insight,
    withdraw_insight,
)
from coproduce.neighbourhood import coarsened
from coproduce.notes import InsightRow
from geo.demo import ensure_demo
from store.queue import Outdated, get_submission, submit
from store.roles import ACCOUNT_ROLES, ANYONE, CLI, Actor, Forbidden, Role, may
from store.session import writing

SAID = {
    "place": "demo",
    "area": "X01000001",
    "theme": "getting_about",
    "gathered": "conversation",
    "heard_on": "2026-05-03",
    "heard_by": "volunteer",
    "consent": "shown",
    "words": "The bus stopped coming, so we walk.",
}


@pytest.fixture
def session(larder_home: Path, database: str) -> Iterator[Session]:
    """A session that writes, on each of the databases."""
    with writing(larder_home) as opened:
        yield opened


@pytest.fixture
def demo_home(larder_home: Path) -> Path:
    """A home in which the demo place is set up."""
    ensure_demo(larder_home)
    return larder_home


def approved(session: Session, summary: str = "", **given: Any) -> Insight:
    submission = suggest_insight(session, SAID | given, actor=ANYONE)
    return approve_insight(session, submission.id, actor=CLI, summary=summary, expected_version=1)


def test_nothing_is_shown_before_a_steward_has_read_it(session: Session) -> None:
    submission = suggest_insight(session, SAID, actor=ANYONE)
    assert shown_insight(session, "demo", ANYONE) == []
    approve_insight(session, submission.id, actor=CLI, expected_version=1)
    [shown] = shown_insight(session, "demo", ANYONE)
    assert (shown.text, shown.is_summary, shown.area) == (SAID["words"], False, "X01000001")
    assert shown.heard_on == date(2026, 5, 3)
    assert shown_insight(session, "elsewhere", ANYONE) == []


def test_of_a_note_to_be_summarised_only_the_summary_is_shown(session: Session) -> None:
    approved(session, summary="Buses are missed.", consent="summarised")
    [shown] = shown_insight(session, "demo", CLI)
    assert (shown.text, shown.is_summary) == ("Buses are missed.", True)
    assert SAID["words"] not in repr(shown)


def test_a_private_note_leaves_for_nobody(session: Session) -> None:
    approved(session, summary="even with a summary", consent="private")
    assert shown_insight(session, "demo", ANYONE) == []
    assert shown_insight(session, "demo", CLI) == []
    [kept] = all_insight(session, "demo", CLI)
    assert kept.words == SAID["words"]


def test_a_summary_is_needed_where_only_that_may_be_shown(session: Session) -> None:
    submission = suggest_insight(session, SAID | {"consent": "summarised"}, actor=ANYONE)
    with pytest.raises(CoproduceError, match="Only a summary of this may be shown"):
        approve_insight(session, submission.id, actor=CLI, expected_version=1)
    assert get_submission(session, submission.id, CLI).status == "waiting"


@pytest.mark.parametrize(
    ("agreed", "wanted", "allowed"),
    [
        ("shown", "summarised", True), ("shown", "private", True), ("summarised", "private", True),
        ("summarised", "shown", False), ("private", "shown", False), ("private", "summarised", False),
    ],
)  # fmt: skip
def test_more_is_never_shown_than_was_agreed_to(
    session: Session, agreed: str, wanted: str, allowed: bool
) -> None:
    submission = suggest_insight(session, SAID | {"consent": agreed}, actor=ANYONE)
    amended = {"amendments": {"consent": wanted}, "summary": "In short.", "expected_version": 1}
    if allowed:
        note = approve_insight(session, submission.id, actor=CLI, **amended)  # type: ignore[arg-type]
        assert note.consent == wanted
        return
    with pytest.raises(CoproduceError, match="More would be shown"):
        approve_insight(session, submission.id, actor=CLI, **amended)  # type: ignore[arg-type]
    kept = approve_insight(session, submission.id, actor=CLI, summary="In short.", expected_version=1)
    with pytest.raises(CoproduceError, match="More would be shown"):
        change_insight(session, kept.id, {"consent": wanted}, actor=CLI, expected_version=1)


def test_every_fault_at_once(session: Session) -> None:
    wrong = {
        "place": "", "theme": "gossip", "gathered": "", "heard_on": "yesterday", "heard_by": "x", "consent": "yes",
        "words": " ", "name": "Sam",
    }  # fmt: skip
    with pytest.raises(CoproduceError) as refusal:
        suggest_insight(session, wrong, actor=ANYONE, contact_email="no address")
    columns = {fault.column for fault in refusal.value.faults}
    assert columns == {*wrong, "contact_email"}
    tomorrow = (datetime.now(UTC) + timedelta(days=2)).date()
    with pytest.raises(CoproduceError, match="still to come"):
        suggest_insight(session, SAID | {"heard_on": tomorrow}, actor=ANYONE)
    with pytest.raises(CoproduceError, match="longer than 4,000"):
        suggest_insight(session, SAID | {"words": "x" * 4001}, actor=ANYONE)


@pytest.mark.parametrize("role", ["anyone", *ACCOUNT_ROLES])
def test_who_may_do_what_is_what_the_table_says(session: Session, role: Role) -> None:
    note = approved(session, consent="private")
    waits = suggest_insight(session, SAID, actor=ANYONE)
    actor = Actor("p", "P", role, "login")
    decides = {"actor": actor, "expected_version": 1}
    acts = {
        "decide": (
            lambda: approve_insight(session, waits.id, **decides),  # type: ignore[arg-type]
            lambda: refuse_insight(session, waits.id, reason="no", **decides),  # type: ignore[arg-type]
            lambda: change_insight(session, note.id, {"words": "x"}, **decides),  # type: ignore[arg-type]
            lambda: withdraw_insight(session, note.id, reason="no", **decides),  # type: ignore[arg-type]
        ),
        "redact": (lambda: redact_insight(session, note.id, actor=actor, reason="asked"),),
        "see_insight_private": (
            lambda: all_insight(session, "demo", actor),
            lambda: insight_history(session, note.id, actor),
        ),
    }
    for action, calls in acts.items():
        for call in calls:
            if may(actor, action):
                continue
            with pytest.raises(Forbidden):
                call()
    if may(actor, "see_insight_private"):
        assert len(all_insight(session, "demo", actor)) == 1


def test_two_stewards_at_once(session: Session) -> None:
    submission = suggest_insight(session, SAID, actor=ANYONE)
    note = approve_insight(session, submission.id, actor=CLI, expected_version=1)
    with pytest.raises(Outdated):
        approve_insight(session, submission.id, actor=CLI, expected_version=1)
    change_insight(session, note.id, {"theme": "safety"}, actor=CLI, expected_version=1)
    with pytest.raises(Outdated):
        change_insight(session, note.id, {"theme": "home"}, actor=CLI, expected_version=1)
    assert all_insight(session, "demo", CLI)[0].theme == "safety"


def test_every_change_is_a_version_and_what_is_withdrawn_is_shown_no_more(session: Session) -> None:
    note = approved(session)
    change_insight(session, note.id, {"words": "We walk."}, actor=CLI, reason="shorter", expected_version=1)
    with pytest.raises(CoproduceError, match="not said why"):
        withdraw_insight(session, note.id, actor=CLI, reason=" ", expected_version=2)
    withdraw_insight(session, note.id, actor=CLI, reason="the person asked", expected_version=2)
    assert shown_insight(session, "demo", ANYONE) == []
    versions = insight_history(session, note.id, CLI)
    assert [one.action for one in versions] == ["add", "change", "withdraw"]
    assert versions[1].changes["words"] == [SAID["words"], "We walk."]
    assert versions[2].reason == "the person asked"


def test_what_is_redacted_is_in_no_word_of_the_database(session: Session) -> None:
    note = approved(session)
    redact_insight(session, note.id, actor=CLI, reason="it named somebody")
    assert shown_insight(session, "demo", CLI) == []
    session.flush()
    from sqlalchemy import inspect, text

    for table in inspect(session.connection()).get_table_names():
        for row in session.execute(text(f"SELECT * FROM {table}")):
            assert "The bus stopped coming" not in repr(row), table
    assert insight_history(session, note.id, CLI)[-1].reason == "it named somebody"


def test_a_refusal_needs_a_reason_and_reaches_who_passed_it_on(session: Session, larder_home: Path) -> None:
    submission = suggest_insight(session, SAID, actor=ANYONE, contact_email="sam@example.org")
    with pytest.raises(Exception, match="needs its reason"):
        refuse_insight(session, submission.id, actor=CLI, reason="", expected_version=1)
    refuse_insight(session, submission.id, actor=CLI, reason="It names somebody.", expected_version=1)
    session.commit()
    assert shown_insight(session, "demo", CLI) == []


def test_the_same_key_is_the_same_note(session: Session) -> None:
    key = "0b8a2f0e-6f7e-4f0e-9d4e-0d7d4a9d1c11"
    one = suggest_insight(session, SAID, actor=ANYONE, key=key)
    assert suggest_insight(session, SAID, actor=ANYONE, key=key) == one


def test_an_output_area_is_kept_as_its_neighbourhood_whichever_way_it_comes(
    demo_home: Path, database: str
) -> None:
    # by the demo's lookup X00000001 lies in LSOA X01000001, that in MSOA X02000001
    with writing(demo_home) as session:
        sent = suggest_insight(session, SAID | {"area": "X00000001"}, actor=ANYONE)
        assert sent.payload["values"]["area"] == "X01000001"
        # one that was sent before this was the rule, and still waits
        old = submit(
            session, actor=ANYONE, kind="insight", subject_kind="insight",
            payload={"values": SAID | {"area": "X00000001"}},
        )  # fmt: skip
        note = approve_insight(session, old.id, actor=CLI, expected_version=1)
        assert note.area == "X01000001"
        note = change_insight(session, note.id, {"area": "X00000002"}, actor=CLI, expected_version=1)
        assert note.area == "X01000001"


@pytest.mark.parametrize("area", ["X01000001", "X02000001", "X99", None])
def test_an_area_that_is_no_output_area_stays(demo_home: Path, area: str | None) -> None:
    assert coarsened("demo", area) == area


def test_a_note_that_was_kept_finer_stays_as_it_is(demo_home: Path, database: str) -> None:
    with writing(demo_home) as session:
        note = approved(session)
        session.execute(update(InsightRow).values(area="X00000001"))
        session.expire_all()
        changed = change_insight(session, note.id, {"theme": "food"}, actor=CLI, expected_version=1)
    assert (changed.theme, changed.area) == ("food", "X00000001")
