"""Private links: one purpose, one thing, hashed, expiring; and in public all that fails says the same."""

from pathlib import Path

import pytest
from sqlalchemy import text

from store.roles import opens
from store.session import reading, writing
from store.tokens import SINGLE_USE, TokenError, holder, issue, look, revoke, use


def test_only_a_digest_is_kept(larder_home: Path) -> None:
    with writing(larder_home) as session:
        plain = issue(session, "edit", "submission", "s1", 30)
    with reading(larder_home) as session:
        assert plain not in str(session.execute(text("SELECT * FROM tokens")).all())
    assert len(plain) >= 43, "32 random bytes"


def test_looking_changes_nothing_and_using_does(larder_home: Path) -> None:
    with writing(larder_home) as session:
        plain = issue(session, "confirm", "asset", "a1", 30)
    with reading(larder_home) as session:
        assert look(session, plain, "confirm") == look(session, plain, "confirm")
    with writing(larder_home) as session:
        assert use(session, plain, "confirm").subject_id == "a1"
    with writing(larder_home) as session, pytest.raises(TokenError):
        use(session, plain, "confirm")


def test_an_editing_link_is_for_more_than_once(larder_home: Path) -> None:
    assert "edit" not in SINGLE_USE
    with writing(larder_home) as session:
        plain = issue(session, "edit", "submission", "s1", 30)
        assert use(session, plain, "edit") == use(session, plain, "edit")


def test_expired_used_unknown_revoked_and_wrong_purpose_say_the_same(larder_home: Path) -> None:
    with writing(larder_home) as session:
        expired = issue(session, "confirm", "asset", "a1", -1)
        used = issue(session, "confirm", "asset", "a1", 1)
        use(session, used, "confirm")
        wrong = issue(session, "report", "asset", "a1", 1)
        revoked = issue(session, "confirm", "asset", "a2", 1)
        revoke(session, "asset", "a2")
        said = set()
        for plain in (expired, used, wrong, revoked, "unknown", "", "\ud800"):
            with pytest.raises(TokenError) as refusal:
                look(session, plain, "confirm")
            said.add(str(refusal.value))
    assert len(said) == 1


def test_a_holder_may_open_just_that(larder_home: Path) -> None:
    with writing(larder_home) as session:
        actor = holder(look(session, issue(session, "confirm", "asset", "a1", 1), "confirm"))
    assert actor.role == "anyone"
    assert opens(actor, "confirm", "asset", "a1")
    assert not opens(actor, "confirm", "asset", "a2")
    assert not opens(actor, "edit", "asset", "a1")
