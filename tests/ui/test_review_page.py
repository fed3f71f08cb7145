"""The page of review without a browser: what waits, both sides, and the three answers."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from assets.edits import change_asset
from assets.locate import locator
from assets.register import add_asset, get_asset, list_assets
from assets.schema import Asset
from assets.suggestions import report_wrong, suggest_change, suggest_confirmation, suggest_new
from coproduce.insight import all_insight, shown_insight, suggest_insight
from store.queue import Submission, get_submission, submit
from store.roles import ANYONE, CLI
from store.session import reading, writing
from tests.ui import kitchen
from tests.ui.pantry import stock
from tests.ui.test_account import show, signed_in
from tests.ui.test_app import words as marked
from words.freshness import day_words
from words.voices import CONSENTS

NOTE = {
    "place": "sixtown",
    "area": kitchen.code(1),
    "theme": "food",
    "gathered": "workshop",
    "heard_on": "2026-05-02",
    "heard_by": "volunteer",
    "consent": "summarised",
    "words": "The <b>soup</b> is good.",
}


@pytest.fixture
def register(sixtown: Path) -> dict[str, Asset]:
    return stock(sixtown)


def words(app: AppTest) -> str:
    return marked(app).replace("\\", "")


def send(home: Path, work: Callable[..., Submission], *args: object, **more: object) -> Submission:
    with writing(home) as session:
        return work(session, *args, **({"actor": ANYONE} | more))


def opened(app: AppTest, submission: Submission) -> str:
    show(app, "review")
    app.button(key=f"read-{submission.id}").click().run()
    assert not app.exception
    return words(app)


def state(home: Path, submission: Submission) -> tuple[str, str]:
    with reading(home) as session:
        now = get_submission(session, submission.id, CLI)
    return now.status, now.decision_reason


def test_a_change_is_shown_beside_what_is_published_and_published_when_approved(
    app: AppTest, sixtown: Path, register: dict[str, Asset]
) -> None:
    hall = register["hall"]
    sent = send(sixtown, suggest_change, hall.id, {"name": "New Hall", "phone": ""}, note="it moved")
    told = opened(signed_in(app, "steward", sixtown), sent)
    assert "Two fields would change: name and public telephone. The rest stays as it is." in told
    assert "They write: it moved" in told
    for part in ("Old &lt;b&gt;Hall&lt;/b&gt;", "New Hall", "changed", "01268 100", "taken away"):
        assert part in told
    with reading(sixtown) as session:
        assert get_asset(session, hall.id).phone == "01268 100"
    app.button(key="approve").click().run()
    assert "The change is published." in words(app)
    assert "Nothing waits for a decision." in words(app)
    with reading(sixtown) as session:
        asset = get_asset(session, hall.id)
    assert (asset.name, asset.phone) == ("New Hall", "")
    assert state(sixtown, sent)[0] == "approved"


def test_a_refusal_needs_a_reason_which_is_kept(
    app: AppTest, sixtown: Path, register: dict[str, Asset]
) -> None:
    sent = send(sixtown, suggest_change, register["hall"].id, {"name": "X"}, contact_email="a@example.org")
    told = opened(app, sent)
    assert "Your reason waits in the outbox: no mail server is set up" in told
    app.button(key="refuse").click().run()
    assert "A refusal needs its reason" in words(app)
    app.text_input(key=f"reason-{sent.id}").set_value("We rang them.")
    app.button(key="refuse").click().run()
    assert state(sixtown, sent) == ("refused", "We rang them.")
    messages = [file.read_text() for file in (sixtown / "outbox").glob("*.eml")]
    assert any("We rang them." in message and "a@example.org" in message for message in messages)


def test_something_new_can_be_amended_before_it_is_published(app: AppTest, sixtown: Path) -> None:
    sent = send(sixtown, suggest_new, {"name": "soup tabel", "category": "food_bank", "postcode": "ZZ1 1AA"})
    assert "This would be a new entry. Nothing of it is published yet." in opened(app, sent)
    app.text_input(key=f"amend-{sent.id}-1-name").set_value("Soup Table")
    next(each for each in app.button if each.label == "Publish it as amended").click().run()
    assert "It is published as you amended it." in words(app)
    with reading(sixtown) as session:
        assert [(one.name, one.area) for one in list_assets(session)] == [("Soup Table", kitchen.code(1))]
    assert state(sixtown, sent)[0] == "amended"


def test_a_form_of_something_new_starts_from_what_an_entry_is_by_default(app: AppTest, sixtown: Path) -> None:
    sent = send(sixtown, suggest_new, {"name": "Soup", "category": "food_bank", "postcode": "ZZ1 1AA"})
    opened(app, sent)
    app.button(key="approve").click().run()
    with reading(sixtown) as session:
        (asset,) = list_assets(session)
    assert (asset.precision, asset.kind) == ("exact", "place")


def test_a_report_can_be_mended_on_the_spot_or_hold_the_entry_back(
    app: AppTest, sixtown: Path, register: dict[str, Asset]
) -> None:
    soup = register["soup"]
    first = send(sixtown, report_wrong, soup.id, "the name is wrong")
    opened(app, first)
    app.text_input(key=f"amend-{first.id}-1-name").set_value("Soup Kitchen")
    next(each for each in app.button if each.label == "Publish it as amended").click().run()
    with reading(sixtown) as session:
        assert get_asset(session, soup.id).name == "Soup Kitchen"
    second = send(sixtown, report_wrong, soup.id, "it is gone")
    opened(app, second)
    app.button(key="approve").click().run()
    with reading(sixtown) as session:
        assert get_asset(session, soup.id, CLI).status == "held"


def test_still_right_is_confirmed_on_the_day_that_was_given(
    app: AppTest, sixtown: Path, register: dict[str, Asset]
) -> None:
    today = date.today()
    sent = send(sixtown, suggest_confirmation, register["soup"].id, on=today, how="was there")
    told = opened(app, sent)
    assert f">{day_words(today)}<" in told
    assert f">{today.isoformat()}<" not in told
    app.button(key="approve").click().run()
    with reading(sixtown) as session:
        assert get_asset(session, register["soup"].id).confirmed_on == today


def test_two_entries_of_one_thing_are_merged_and_that_can_be_undone(
    app: AppTest, sixtown: Path, register: dict[str, Asset]
) -> None:
    hall, soup = register["hall"], register["soup"]
    sent = send(
        sixtown, submit, actor=CLI, kind="duplicate", subject_kind="asset", subject_id=hall.id,
        payload={"other": soup.id},
    )  # fmt: skip
    told = opened(signed_in(app, "steward", sixtown), sent)
    assert "These two entries may be one and the same." in told
    assert "First entry" in told
    app.text_input(key=f"reason-{sent.id}").set_value("same door")
    app.button(key="approve").click().run()
    with reading(sixtown) as session:
        assert get_asset(session, soup.id, CLI).merged_into == hall.id
    app.switch_page("pages/assets.py").run()
    app.query_params["asset"] = soup.id
    assert "This entry was merged into another one and is in no list." in words(app.run())
    app.text_input(key=f"unmerge-reason-{soup.id}").set_value("two doors")
    app.button(key=f"unmerge-{soup.id}").click().run()
    assert "The merge is undone" in words(app)
    with reading(sixtown) as session:
        assert get_asset(session, soup.id).name == "Soup Table"


def test_a_note_is_shown_only_as_its_consent_allows(
    app: AppTest, sixtown: Path, register: dict[str, Asset]
) -> None:
    soup = register["soup"]
    sent = send(sixtown, suggest_insight, {**NOTE, "asset": soup.id})
    told = opened(app, sent)
    assert "only a summary may be shown" in told
    assert "The &lt;b&gt;soup&lt;/b&gt; is good." in told
    for part in ("Sixtown (fictional)", "Block 1 (neighbourhood)", "2 May 2026", "Soup Table"):
        assert f">{part}<" in told
    for code in (">sixtown<", kitchen.block(1), "2026-05-02", soup.id):
        assert code not in told
    app.button(key="approve").click().run()
    assert "Only a summary of this may be shown. Write one, in your own words." in words(app)
    app.text_area(key=f"summary-{sent.id}").set_value("People like the soup.")
    app.button(key="approve").click().run()
    assert "The note is kept, and shown as its consent allows." in words(app)
    with reading(sixtown) as session:
        assert [one.text for one in shown_insight(session, "sixtown", ANYONE)] == ["People like the soup."]
    app.switch_page("pages/map.py").run()
    app.query_params["area"] = kitchen.code(1)
    told = words(app.run())
    assert "People like the soup." in told
    assert "in the words of those who look after this register" in told
    assert "is good" not in told


def test_a_steward_may_let_less_be_shown_than_was_agreed_to_and_never_more(
    app: AppTest, sixtown: Path, register: dict[str, Asset]
) -> None:
    sent = send(sixtown, suggest_insight, NOTE)
    opened(app, sent)
    assert app.radio(key=f"consent-{sent.id}").options == [CONSENTS["summarised"], CONSENTS["private"]]
    app.radio(key=f"consent-{sent.id}").set_value("private")
    app.button(key="approve").click().run()
    assert "The note is kept with less to be shown than was agreed to: it must stay with those" in words(app)
    with reading(sixtown) as session:
        assert shown_insight(session, "sixtown", ANYONE) == []
        assert [one.consent for one in all_insight(session, "sixtown", CLI)] == ["private"]
    assert state(sixtown, sent)[0] == "amended"


def test_a_pin_far_from_its_postcode_is_said_with_the_distance_and_seen_on_a_sketch(
    app: AppTest, sixtown: Path
) -> None:
    # by hand: 0.018 of a degree of latitude is 0.018 x 111.2 km = 2.0 km
    known = locator(sixtown).postcode("ZZ1 1AA")
    assert known is not None
    east, north = known.longitude, known.latitude
    values = {"name": "Soup", "category": "food_bank", "postcode": "ZZ1 1AA", "longitude": east}
    far = send(sixtown, suggest_new, {**values, "latitude": north + 0.018})
    told = opened(app, far)
    assert "The pin lies 2.0 km in a straight line from the middle of the postcode ZZ1 1AA" in told
    assert "the two disagree" in told
    near = send(sixtown, suggest_new, {**values, "name": "Tea", "latitude": north + 0.0018})
    app.query_params["item"] = near.id
    told = words(app.run())
    assert "The pin lies 200 m" in told
    assert "the two agree" in told
    assert 'alt="Sketch of Sixtown: the pin, and 200 m from it, in a ring, the middle of the postcode' in told


def test_a_new_postcode_is_set_against_a_pin_that_stays(app: AppTest, sixtown: Path) -> None:
    known = locator(sixtown).postcode("ZZ1 1AA")
    assert known is not None
    with writing(sixtown) as session:
        pinned = add_asset(
            session, name="Tea", category="cafe", longitude=known.longitude, latitude=known.latitude, actor=CLI,
            where=locator(sixtown),
        )  # fmt: skip
    sent = send(sixtown, suggest_change, pinned.id, {"postcode": "ZZ1 1AB"})
    assert "from the middle of the postcode ZZ1 1AB" in opened(app, sent)
    other = send(sixtown, suggest_change, pinned.id, {"phone": "01268 200"})
    app.query_params["item"] = other.id
    assert "from the middle of the postcode" not in words(app.run())


def test_what_was_decided_meanwhile_is_not_decided_again(
    app: AppTest, sixtown: Path, register: dict[str, Asset]
) -> None:
    from assets.suggestions import refuse

    sent = send(sixtown, suggest_change, register["hall"].id, {"name": "New Hall"})
    opened(app, sent)
    send(sixtown, refuse, sent.id, actor=CLI, reason="no", expected_version=1)  # type: ignore[arg-type]
    app.button(key="approve").click().run()
    assert "was changed or decided meanwhile" in words(app)
    with reading(sixtown) as session:
        assert get_asset(session, register["hall"].id).name == register["hall"].name


def test_that_the_entry_changed_since_is_said(
    app: AppTest, sixtown: Path, register: dict[str, Asset]
) -> None:
    hall = register["hall"]
    sent = send(sixtown, suggest_change, hall.id, {"name": "New Hall"})
    with writing(sixtown) as session:
        change_asset(session, hall.id, {"phone": "1"}, actor=CLI, expected_version=hall.version)
    assert "The entry was changed since this was suggested." in opened(app, sent)


@pytest.mark.parametrize("role", ["anyone", "viewer", "contributor", "analyst"])
def test_a_suggestion_opened_by_its_address_stays_closed_to_who_may_not_see_it(
    app: AppTest, sixtown: Path, register: dict[str, Asset], role: str
) -> None:
    sent = send(sixtown, suggest_change, register["hall"].id, {"name": "Secret Name"})
    signed_in(app, role, sixtown)
    show(app, "review")
    app.query_params["item"] = sent.id
    told = words(app.run())
    assert "Secret Name" not in told
    assert "This page is" in told


def test_a_queue_can_be_narrowed_and_an_unknown_item_is_said(
    app: AppTest, sixtown: Path, register: dict[str, Asset]
) -> None:
    send(sixtown, suggest_change, register["hall"].id, {"name": "New Hall"})
    send(sixtown, report_wrong, register["hall"].id, "no")
    assert "Two suggestions wait for a decision." in show(app, "review")
    app.selectbox(key="review-kind").set_value("report").run()
    assert "One suggestion waits for a decision." in words(app)
    app.query_params["item"] = "nothing"
    assert "There is no such suggestion" in words(app.run())


def test_likely_pairs_are_looked_for_and_asked_about_once(
    app: AppTest, sixtown: Path, register: dict[str, Asset]
) -> None:
    with writing(sixtown) as session:
        for name, address in (("St Mary's Hall", ""), ("St Marys Hall", "High Street, Sixtown")):
            add_asset(
                session, actor=CLI, name=name, category="hall", postcode="ZZ1 1AB", address=address,
                where=locator(sixtown),
            )  # fmt: skip
    show(app, "review")
    for _ in range(2):
        next(each for each in app.button if each.label.startswith("Look for duplicates")).click().run()
        assert "One likely pair found." in words(app)
        assert "One suggestion waits for a decision." in words(app)
    later = send(sixtown, suggest_new, {"name": "Soup", "category": "food_bank", "postcode": "ZZ1 1AA"})
    told = words(app.run())
    labels = [each.label.replace("\\", "") for each in app.button]
    assert "Possible duplicate: St Mary's Hall (ZZ1 1AB) and St Marys Hall (High Street, ZZ1 1AB)" in labels
    assert "What people sent in stands first, and the oldest of it came on" in told
    first, second = (each.key for each in app.button if each.key and each.key.startswith("read-"))
    assert (first, second != first) == (f"read-{later.id}", True)
