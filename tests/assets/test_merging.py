"""Merges: one asset of two, with both histories, and back again; and what a redaction leaves."""

import json
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from assets.edits import asset_history, change_asset, restore_asset
from assets.errors import AssetError
from assets.keeping import KIND
from assets.merging import living_id, merge_assets, unmerge_asset
from assets.redaction import redact_asset
from assets.register import add_asset, get_asset, keep, list_assets
from assets.schema import Asset, SourceRow, now
from assets.suggestions import report_wrong, suggest_change
from store.outbox import post
from store.roles import ANYONE, CLI, Actor
from store.session import database_engine, reading, writing
from store.tokens import TokenError, issue, look
from store.versions import REMOVED
from tests.assets.test_edits import ANN, PRIVATE, add
from tests.assets.test_register import draft

pytestmark = pytest.mark.usefixtures("database")
SAME = {"actor": ANN, "reason": "the same hall"}


def _pair(home: Path) -> tuple[Asset, Asset]:
    keeps = add(home, "The Hall", phone="01", identifiers={"uprn": "1"})
    goes = add(home, "Hall, The", phone="02", cost="free", identifiers={"charity": "9"}, **PRIVATE)
    return keeps, goes


def test_a_merge_fills_what_is_blank_and_keeps_both_histories(larder_home: Path) -> None:
    keeps, goes = _pair(larder_home)
    with writing(larder_home) as session:
        merged = merge_assets(session, keeps.id, goes.id, **SAME)
        assert (merged.name, merged.phone, merged.cost, merged.private_name) == (
            "The Hall",
            "01",
            "free",
            "Pat Private",
        )
        assert merged.identifiers == {"uprn": "1", "charity": "9"}
        assert [each.id for each in list_assets(session, actor=CLI)] == [keeps.id]
        assert living_id(session, goes.id) == keeps.id
        assert [each.action for each in asset_history(session, keeps.id, ANN)] == ["add", "merge"]
        assert [each.action for each in asset_history(session, goes.id, ANN)] == ["add", "merged"]
        assert get_asset(session, goes.id, ANN).merged_into == keeps.id


def test_undone_both_are_as_before(larder_home: Path) -> None:
    keeps, goes = _pair(larder_home)
    with writing(larder_home) as session:
        merge_assets(session, keeps.id, goes.id, **SAME)
        unmerge_asset(session, goes.id, **SAME)
        after = [get_asset(session, each.id, ANN) for each in (keeps, goes)]
    for before, later in zip((keeps, goes), after, strict=True):
        changed = {name for name, value in later.as_dict().items() if before.as_dict()[name] != value}
        assert changed == {"version", "updated_at"}


def test_undoing_keeps_what_was_changed_since(larder_home: Path) -> None:
    keeps, goes = _pair(larder_home)
    with writing(larder_home) as session:
        merge_assets(session, keeps.id, goes.id, **SAME)
        change_asset(session, keeps.id, {"cost": "£2"}, actor=ANN, expected_version=2)
        unmerge_asset(session, goes.id, **SAME)
        assert get_asset(session, keeps.id, ANN).cost == "£2"


def test_what_cannot_be_merged(larder_home: Path) -> None:
    keeps, goes = _pair(larder_home)
    with writing(larder_home) as session:
        with pytest.raises(AssetError, match="with itself"):
            merge_assets(session, keeps.id, keeps.id, **SAME)
        with pytest.raises(AssetError, match="reason"):
            merge_assets(session, keeps.id, goes.id, actor=ANN, reason="")
        with pytest.raises(AssetError, match="not merged"):
            unmerge_asset(session, goes.id, **SAME)
        merge_assets(session, keeps.id, goes.id, **SAME)
        with pytest.raises(AssetError, match="merged into"):
            merge_assets(session, keeps.id, goes.id, **SAME)
        with pytest.raises(AssetError, match="Undo the merge"):
            restore_asset(session, goes.id, 1, **SAME)


def _everything(home: Path) -> str:
    """Return every cell of every table as one text."""
    engine = database_engine(home)
    with engine.connect() as connection:
        tables = inspect(connection).get_table_names()
        rows = [connection.execute(text(f'SELECT * FROM "{table}"')).all() for table in tables]
    return json.dumps([[list(map(str, row)) for row in table] for table in rows], ensure_ascii=False)


def test_a_redaction_leaves_no_word_and_no_person(larder_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LARDER_SMTP", "smtp://127.0.0.1:1")  # nobody listens: the message waits
    writer = Actor("SECRETID", "SECRETWRITER", "steward", "login")
    secrets = {
        "address": "SECRETADDRESS", "description": "SECRETWORDS", "phone": "SECRETPHONE",
        "private_name": "SECRETPERSON", "consent_on": PRIVATE["consent_on"],
    }  # fmt: skip
    with writing(larder_home) as session:
        asset = add_asset(
            session, actor=writer, name="SECRETNAME", category="hall", longitude=0.123456, latitude=51.654321,
            postcode="SS15 4JE", reason="SECRETREASON", **secrets,
        )  # fmt: skip
        change_asset(session, asset.id, {"cost": "SECRETCOST"}, actor=writer, expected_version=1)
        suggest_change(
            session, asset.id, {"name": "SECRETSUGGESTION"}, actor=ANYONE, note="SECRETNOTE",
            contact_email="secret@example.org",
        )  # fmt: skip
        report_wrong(session, asset.id, "SECRETREPORT", actor=ANYONE)
        plain = issue(session, "confirm", KIND, asset.id, 30)
        post(session, "secret@example.org", "about SECRETNAME", "SECRETMESSAGE", (KIND, asset.id))
    assert "SECRETMESSAGE" in _everything(larder_home)
    with writing(larder_home) as session:
        with pytest.raises(AssetError, match="reason"):
            redact_asset(session, asset.id, actor=ANN, reason="")
        redact_asset(session, asset.id, actor=ANN, reason="the person asked")
    everything = _everything(larder_home)
    for secret in ("SECRET", "secret@", "0.123456", "51.654321", "SS15"):
        assert secret not in everything, secret
    with reading(larder_home) as session:
        versions = asset_history(session, asset.id, ANN)
        left = get_asset(session, asset.id, ANN)
        assert list_assets(session, actor=CLI) == []
        with pytest.raises(TokenError):
            look(session, plain, "confirm")
    assert [(each.action, each.actor_name, each.values) for each in versions[:-1]] == [
        ("add", REMOVED, {}),
        ("change", REMOVED, {}),
    ]
    assert (versions[-1].reason, versions[-1].actor_name) == ("the person asked", "Ann")
    assert (left.name, left.deleted_reason, left.version) == (REMOVED, "redacted", 3)
    with writing(larder_home) as session, pytest.raises(AssetError, match="taken out for good"):
        restore_asset(session, asset.id, 1, actor=ANN, reason="x")


def test_a_redaction_reaches_what_sources_said_and_what_others_took(larder_home: Path) -> None:
    keeps = add(larder_home, "Kept")
    with writing(larder_home) as session:
        goes = keep(session, draft(name="SECRETNAME", cost="SECRETCOST"), source_key="k", source_row=3)
        session.add(
            SourceRow(
                asset_id=goes.id, source="file", source_key="k", source_row=3, licence="",
                values={"name": "SECRETNAME"}, imported_at=now(),
            )
        )  # fmt: skip
        merge_assets(session, keeps.id, goes.id, **SAME)
        with pytest.raises(AssetError, match="Undo the merge first"):
            redact_asset(session, goes.id, **SAME)
        change_asset(session, keeps.id, {"phone": "01"}, actor=ANN, expected_version=2)
        unmerge_asset(session, goes.id, **SAME)
    assert "SECRETCOST" in _everything(larder_home)
    with writing(larder_home) as session:
        redact_asset(session, goes.id, **SAME)
        assert get_asset(session, keeps.id).phone == "01"
    assert "SECRET" not in _everything(larder_home)


def test_a_redaction_of_the_one_that_stays_takes_the_merged_one_too(larder_home: Path) -> None:
    keeps = add(larder_home, "SECRETONE")
    goes = add(larder_home, "SECRETTWO", cost="SECRETCOST")
    with writing(larder_home) as session:
        merge_assets(session, keeps.id, goes.id, **SAME)
        redact_asset(session, keeps.id, **SAME)
    assert "SECRET" not in _everything(larder_home)
