"""Suggestions: nothing published changes until a steward says so, and the suggester hears why not."""

import email
import email.policy
from datetime import date
from pathlib import Path

import pytest

from assets.edits import asset_history, change_asset, confirm_asset
from assets.errors import AssetError, Conflict
from assets.find import find_assets
from assets.locate import locator
from assets.register import add_asset, get_asset, list_assets
from assets.suggestions import (
    approve,
    refuse,
    report_wrong,
    suggest_change,
    suggest_confirmation,
    suggest_new,
)
from store.errors import StoreError
from store.queue import Outdated, get_submission, submit, waiting
from store.roles import ANYONE, CLI, Forbidden
from store.session import reading, writing
from tests.assets.test_edits import ANN, BEN, add

pytestmark = pytest.mark.usefixtures("database")
NEW = {"name": "Repair café", "category": "cafe", "postcode": "SS15 4JE"}
MAIL = "resident@example.org"


def _mails(home: Path) -> list[str]:
    found = sorted((home / "outbox").glob("*.eml"))
    parsed = [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in found]
    return [f"{each['To']}: {each.get_content()}" for each in parsed]  # type: ignore[attr-defined]


def test_a_new_one_waits_and_is_then_on_the_map(town_home: Path) -> None:
    with writing(town_home) as session:
        made = suggest_new(session, NEW, actor=ANYONE, contact_email=MAIL)
    assert find_assets(town_home) == []
    with writing(town_home) as session:
        with pytest.raises(Forbidden):
            approve(session, made.id, actor=ANYONE, expected_version=1)
        asset = approve(session, made.id, actor=ANN, expected_version=1, where=locator(town_home))
        decided = get_submission(session, made.id, ANN)
        (version,) = asset_history(session, asset.id, ANN)
    assert (asset.name, asset.area) == ("Repair café", "B2")
    assert (decided.status, decided.subject_id, decided.decided_by) == ("approved", asset.id, "p1")
    assert (version.actor_name, version.reason) == ("Ann", "suggested by a visitor")
    (mail,) = _mails(town_home)
    assert mail.startswith(MAIL)
    assert "It is in the register now." in mail


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"name": ""}, "needs a name"),
        ({"category": "pub"}, "not known"),
        ({"postcode": ""}, "no location"),
        ({"latitude": 100.0, "longitude": 0.0}, "between -90 and 90"),
        ({"status": "accepted"}, "cannot be set"),
        ({"name": "x" * 10_000}, "10000 characters"),
        ({"email": "x"}, "not an e-mail address"),
        ({"private_name": "Pat"}, "consent"),
    ],
)
def test_what_cannot_be_suggested(larder_home: Path, values: dict[str, object], said: str) -> None:
    with writing(larder_home) as session, pytest.raises(AssetError, match=said):
        suggest_new(session, {**NEW, **values}, actor=ANYONE)
    with writing(larder_home) as session, pytest.raises(AssetError, match="not an e-mail address"):
        suggest_new(session, NEW, actor=ANYONE, contact_email="x@y")
    with reading(larder_home) as session:
        assert waiting(session, ANN).total == 0


def test_dates_of_a_suggestion_survive_the_queue(town_home: Path) -> None:
    private = {"private_name": "Pat", "consent_on": date(2026, 5, 1)}
    with writing(town_home) as session:
        made = suggest_new(session, {**NEW, **private}, actor=ANYONE)
    with writing(town_home) as session:
        asset = approve(session, made.id, actor=ANN, expected_version=1, where=locator(town_home))
    assert asset.consent_on == date(2026, 5, 1)


def test_a_change_is_seen_only_when_it_is_approved(larder_home: Path) -> None:
    asset = add(larder_home)
    with writing(larder_home) as session:
        made = suggest_change(
            session, asset.id, {"name": "Hall of Fame"}, actor=ANYONE, note="it is called so"
        )
    assert [each.name for each in find_assets(larder_home)] == ["Old Hall"]
    with writing(larder_home) as session:
        changed = approve(
            session, made.id, actor=ANN, amendments={"cost": "free"}, reason="rang them", expected_version=1
        )
        assert get_submission(session, made.id, ANN).status == "amended"
    assert (changed.name, changed.cost, changed.version) == ("Hall of Fame", "free", 2)


def test_a_steward_who_saw_an_older_state_is_told(larder_home: Path) -> None:
    asset = add(larder_home)
    with writing(larder_home) as session:
        made = suggest_change(session, asset.id, {"name": "Theirs"}, actor=ANYONE)
        change_asset(session, asset.id, {"name": "Ben's"}, actor=BEN, expected_version=1)
    with writing(larder_home) as session:
        with pytest.raises(Conflict, match=r"now says “Ben's”; you wrote “Theirs”"):
            approve(session, made.id, actor=ANN, expected_version=1)
        assert get_submission(session, made.id, ANN).status == "waiting"
        done = approve(session, made.id, actor=ANN, expected_version=1, asset_version=2)
    assert (done.name, done.version) == ("Theirs", 3)


def test_two_stewards_decide_once(larder_home: Path) -> None:
    asset = add(larder_home)
    with writing(larder_home) as session:
        made = suggest_change(session, asset.id, {"name": "X"}, actor=ANYONE)
        approve(session, made.id, actor=ANN, expected_version=1)
        with pytest.raises(Outdated):
            approve(session, made.id, actor=BEN, expected_version=1)
        with pytest.raises(Outdated):
            refuse(session, made.id, actor=BEN, reason="no", expected_version=1)


def test_a_refusal_reaches_the_suggester_with_its_reason(larder_home: Path) -> None:
    with writing(larder_home) as session:
        made = suggest_new(session, NEW, actor=ANYONE, contact_email=MAIL)
        silent = suggest_new(session, NEW, actor=ANYONE)
    with writing(larder_home) as session:
        with pytest.raises(StoreError, match="needs its reason"):
            refuse(session, made.id, actor=ANN, reason="", expected_version=1)
        refuse(session, made.id, actor=ANN, reason="It closed in May.", expected_version=1)
        refuse(session, silent.id, actor=ANN, reason="It closed in May.", expected_version=1)
        assert list_assets(session, actor=CLI) == []
    (mail,) = _mails(larder_home)
    assert "It closed in May." in mail
    assert "Repair café" in mail


def test_a_confirmation_by_a_visitor(larder_home: Path) -> None:
    asset = add(larder_home)
    with writing(larder_home) as session:
        made = suggest_confirmation(session, asset.id, actor=ANYONE, on=date(2026, 6, 1), how="I go there")
    with writing(larder_home) as session:
        confirmed = approve(session, made.id, actor=ANN, expected_version=1)
    assert (confirmed.confirmed_on, confirmed.confirmed_how) == (date(2026, 6, 1), "I go there")


def test_a_report_holds_the_asset_or_mends_it(larder_home: Path) -> None:
    first, second = add(larder_home, "First"), add(larder_home, "Second")
    with writing(larder_home) as session:
        with pytest.raises(AssetError, match="not said what is wrong"):
            report_wrong(session, first.id, " ", actor=ANYONE)
        one = report_wrong(session, first.id, "it burnt down, says Pat", actor=ANYONE)
        two = report_wrong(session, second.id, "it has moved", actor=ANYONE)
    with writing(larder_home) as session:
        held = approve(session, one.id, actor=ANN, expected_version=1)
        mended = approve(session, two.id, actor=ANN, amendments={"address": "2 New St"}, expected_version=1)
    assert (held.status, mended.status, mended.address) == ("held", "accepted", "2 New St")
    assert "Pat" not in held.review_reason
    assert [each.name for each in find_assets(larder_home)] == ["Second"]


def test_a_conflict_of_an_import_and_a_duplicate(larder_home: Path) -> None:
    first, second = add(larder_home, "First"), add(larder_home, "Second", cost="free")
    with writing(larder_home) as session:
        conflict = submit(
            session, actor=CLI, kind="conflict", subject_kind="asset", subject_id=first.id, base_version=1,
            payload={"changes": {"phone": "01"}},
        )  # fmt: skip
        double = submit(
            session, actor=CLI, kind="duplicate", subject_kind="asset", subject_id=first.id,
            payload={"other": second.id},
        )  # fmt: skip
    with writing(larder_home) as session:
        assert approve(session, conflict.id, actor=ANN, expected_version=1).phone == "01"
        merged = approve(session, double.id, actor=ANN, reason="the same", expected_version=1)
    assert (merged.id, merged.cost) == (first.id, "free")
    assert [each.id for each in find_assets(larder_home)] == [first.id]


def test_nobody_suggests_about_what_they_cannot_see(larder_home: Path) -> None:
    with writing(larder_home) as session:
        hidden = add_asset(
            session, actor=ANN, name="Refuge", category="advice", longitude=0.1, latitude=51.0,
            precision="hidden",
        )  # fmt: skip
        for suggestion in (
            lambda: suggest_change(session, hidden.id, {"name": "X"}, actor=ANYONE),
            lambda: report_wrong(session, hidden.id, "x", actor=ANYONE),
            lambda: suggest_confirmation(session, hidden.id, actor=ANYONE, on=date(2026, 1, 1), how="x"),
        ):
            with pytest.raises(AssetError, match="no asset"):
                suggestion()


def test_approving_a_confirmation_with_amendments_does_both(larder_home: Path) -> None:
    asset = add(larder_home)
    with writing(larder_home) as session:
        made = suggest_confirmation(session, asset.id, actor=ANYONE, on=date(2026, 6, 1), how="seen")
        confirm_asset(session, asset.id, actor=ANN, on=date(2026, 5, 1), how="rang")
        done = approve(session, made.id, actor=ANN, amendments={"cost": "free"}, expected_version=1)
        assert get_asset(session, asset.id) == done.public()
    assert (done.confirmed_on, done.cost) == (date(2026, 6, 1), "free")
