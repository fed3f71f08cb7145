import re
from datetime import date
from pathlib import Path

import pytest

from assets.edits import confirm_asset
from assets.register import add_asset
from assets.reminders import remind
from store import tokens
from store.people import person_for, set_role
from store.roles import CLI, Actor, Forbidden
from store.session import reading, writing
from tests.assets.test_freshness import TODAY

ADDRESS = "https://larder.example.org"
LINK = re.compile(rf"{ADDRESS}/link/(confirm|report)#(\S+)")


@pytest.fixture
def home(database: str, larder_home: Path) -> Path:
    """Two assets of one organisation, one with a private address, one without any, one hidden, one fresh."""
    day = date(2026, 5, 1)
    with writing(larder_home) as session:
        common = {"actor": CLI, "category": "club", "longitude": 0.4, "latitude": 51.5}
        add_asset(session, name="Knitters", email="office@clubs.example", **common)
        add_asset(session, name="Readers", email="Office@clubs.example", **common)
        add_asset(session, name="Walkers", private_email="jo@walk.example", consent_on=day, **common)
        add_asset(session, name="Nobody's", **common)
        add_asset(session, name="Refuge", precision="hidden", **common)
        add_asset(session, name="Fresh", email="fresh@clubs.example", confirmed_on=day, **common)
        sam = person_for(session, "https://id", "sam", "Sam", "sam@example.org")
        person_for(session, "https://id", "vic", "Vic", "vic@example.org")
        set_role(session, sam.id, "steward", CLI)
    return larder_home


def run(home: Path, address: str = ADDRESS):  # type: ignore[no-untyped-def]
    with writing(home) as session:
        return remind(session, actor=CLI, today=TODAY, address=address)


def messages(home: Path) -> dict[str, str]:
    """What lies in the outbox, by address."""
    from email import message_from_bytes, policy

    found = {}
    for file in sorted((home / "outbox").glob("*.eml")):
        told = message_from_bytes(file.read_bytes(), policy=policy.default)
        found[str(told["To"])] = told.get_content()
    return found


def test_each_organisation_gets_one_message_with_links_for_each_of_its_assets(home: Path) -> None:
    assert run(home).sentence() == (
        "Two organisations asked about three assets, one steward told; for two due assets there is no e-mail address."
    )
    told = messages(home)
    assert told.keys() == {"office@clubs.example", "jo@walk.example", "sam@example.org"}
    both = told["office@clubs.example"]
    assert "Knitters (Club), not confirmed" in both
    assert "Readers" in both
    assert "Walkers" not in both
    assert [purpose for purpose, _ in LINK.findall(both)] == ["confirm", "report", "confirm", "report"]


def test_a_link_confirms_its_asset_and_no_other(home: Path) -> None:
    run(home)
    plain = next(
        plain for purpose, plain in LINK.findall(messages(home)["jo@walk.example"]) if purpose == "confirm"
    )
    with writing(home) as session:
        token = tokens.use(session, plain, "confirm")
        asset = confirm_asset(
            session, token.subject_id, actor=tokens.holder(token), on=TODAY, how="by a link"
        )
    assert (asset.name, asset.confirmed_on) == ("Walkers", TODAY)


def test_a_steward_reads_how_much_is_due_and_no_hidden_name(home: Path) -> None:
    run(home)
    told = messages(home)["sam@example.org"]
    assert "Five assets are due for a check" in told
    assert "Knitters" in told
    assert "Refuge" not in told
    assert f"{ADDRESS}/assets?show=due" in told


def test_nobody_is_asked_again_while_their_link_is_open(home: Path) -> None:
    run(home)
    again = run(home)
    assert (again.organisations, again.assets, again.without_address) == (0, 0, 2)


def test_without_a_public_address_there_are_no_links(home: Path) -> None:
    told = run(home, address="")
    assert (told.organisations, told.stewards) == (0, 1)
    assert "http" not in messages(home)["sam@example.org"]


def test_only_those_who_look_after_the_register_send_reminders(home: Path) -> None:
    with reading(home) as session, pytest.raises(Forbidden):
        remind(session, actor=Actor("v", "Vic", "viewer", "login"), today=TODAY, address=ADDRESS)
