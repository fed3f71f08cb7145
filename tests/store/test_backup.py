"""Backup and restore: whole while others write, for the owner's eyes alone, and never the wrong file."""

import os
import sqlite3
import stat
import threading
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from assets.register import add_asset, get_asset, list_assets
from assets.schema import Asset
from store.backup import backup, restore
from store.engine import database_url, engine_of
from store.errors import StoreError
from store.migrations.running import FIRST, change_shape, revisions
from store.roles import ANYONE, CLI, Forbidden
from store.session import reading, writing
from store.versions import history


def _add(home: Path, name: str) -> Asset:
    with writing(home) as session:
        return add_asset(session, actor=CLI, name=name, category="hall", longitude=0.1, latitude=51.0)


def _names(home: Path) -> set[str]:
    with reading(home) as session:
        return {asset.name for asset in list_assets(session, actor=CLI)}


def test_there_and_back(larder_home: Path, tmp_path: Path) -> None:
    asset = _add(larder_home, "Kept")
    file = backup(larder_home, tmp_path / "b", actor=CLI)
    _add(larder_home, "Later")
    kept = restore(larder_home, file, actor=CLI)
    assert _names(larder_home) == {"Kept"}
    with reading(larder_home) as session:
        assert get_asset(session, asset.id) == asset
        assert len(history(session, "asset", asset.id)) == 1
    assert _add(larder_home, "After").version == 1
    assert kept is not None
    restore(larder_home, kept, actor=CLI)
    assert _names(larder_home) == {"Kept", "Later"}


def test_its_files_are_the_owners_alone(larder_home: Path, tmp_path: Path) -> None:
    _add(larder_home, "Kept")
    before = os.umask(0)
    try:
        file = backup(larder_home, tmp_path, actor=CLI)
        kept = restore(larder_home, file, actor=CLI)
    finally:
        os.umask(before)
    assert kept is not None
    assert {stat.S_IMODE(path.stat().st_mode) for path in (file, kept)} == {0o600}
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([file.name, "home"])


def test_a_backup_while_others_write_is_whole(larder_home: Path, tmp_path: Path) -> None:
    _add(larder_home, "first")
    stop = threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            _add(larder_home, f"asset {number}")

    writer = threading.Thread(target=write)
    writer.start()
    files = [backup(larder_home, tmp_path / f"b{number}", actor=CLI) for number in range(2)]
    stop.set()
    writer.join()
    at_the_end = len(_names(larder_home))
    counts = []
    for file in files:
        restore(larder_home, file, actor=CLI)
        with reading(larder_home) as session:
            assets = session.scalar(text("SELECT count(*) FROM assets"))
            assert session.scalar(text("SELECT count(*) FROM versions")) == assets, (
                "an asset without its history"
            )
        counts.append(assets)
    assert counts == sorted(counts)
    assert 1 <= counts[0] <= counts[-1] <= at_the_end


def test_a_wrong_file_is_refused_and_nothing_changed(larder_home: Path, tmp_path: Path) -> None:
    _add(larder_home, "Kept")
    text_file = tmp_path / "notes.txt"
    text_file.write_text("not a database", "utf-8")
    other = tmp_path / "other.sqlite"
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE x (y)")
        connection.commit()
    good = backup(larder_home, tmp_path / "good", actor=CLI)
    broken = tmp_path / "broken"
    whole = good.read_bytes()
    broken.write_bytes(
        whole[: len(whole) // 2] if len(whole) % 4096 else whole[:8192] + b"\xff" * 8192 + whole[16384:]
    )
    for wrong in (text_file, other, broken, tmp_path / "absent", tmp_path):
        with pytest.raises(StoreError):
            restore(larder_home, wrong, actor=CLI)
    assert _names(larder_home) == {"Kept"}
    assert list(larder_home.glob("larder-before-restore*")) == []


def test_a_backup_of_a_newer_larder_is_refused(larder_home: Path, tmp_path: Path) -> None:
    _add(larder_home, "Kept")
    with writing(larder_home) as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    file = backup(larder_home, tmp_path / "newer", actor=CLI)
    with pytest.raises(StoreError, match="newer Larder"):
        restore(larder_home, file, actor=CLI)


def test_an_older_backup_comes_into_the_present_shape(larder_home: Path, tmp_path: Path) -> None:
    _add(larder_home, "Kept")
    engine = engine_of(database_url(larder_home))
    change_shape(engine, FIRST)
    file = backup(larder_home, tmp_path / "older", actor=CLI)
    change_shape(engine, revisions()[-1])
    restore(larder_home, file, actor=CLI)
    assert _names(larder_home) == {"Kept"}
    assert _add(larder_home, "New").version == 1


def test_a_backup_never_overwrites(larder_home: Path, tmp_path: Path) -> None:
    _add(larder_home, "Kept")
    (tmp_path / "b").write_text("precious", "utf-8")
    with pytest.raises(StoreError, match="there already"):
        backup(larder_home, tmp_path / "b", actor=CLI)
    with pytest.raises(StoreError, match="cannot be written"):
        backup(larder_home, tmp_path / "no" / "folder" / "b", actor=CLI)


def test_only_admins(larder_home: Path, tmp_path: Path) -> None:
    with pytest.raises(Forbidden):
        backup(larder_home, tmp_path / "b", actor=ANYONE)
    with pytest.raises(Forbidden):
        restore(larder_home, tmp_path / "b", actor=ANYONE)


def test_a_damaged_sqlite_database_is_moved_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LARDER_DATABASE", raising=False)
    _add(tmp_path, "Kept")
    file = backup(tmp_path, tmp_path / "b", actor=CLI)
    (tmp_path / "larder.sqlite").write_bytes(b"\x00" * 5000)
    kept = restore(tmp_path, file, actor=CLI)
    assert _names(tmp_path) == {"Kept"}
    assert kept is not None
    assert kept.read_bytes() == b"\x00" * 5000


def test_no_database_yet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LARDER_DATABASE", raising=False)
    with pytest.raises(StoreError, match="no database yet"):
        backup(tmp_path, tmp_path / "b", actor=CLI)
    other = tmp_path / "other"
    other.mkdir()
    _add(other, "Kept")
    assert restore(tmp_path, backup(other, tmp_path / "b", actor=CLI), actor=CLI) is None
    assert _names(tmp_path) == {"Kept"}
