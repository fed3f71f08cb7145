"""Each of the two databases: found, set up to keep what it acknowledges, locked by one writer at a time."""

import os
import sqlite3
import stat
import sys
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from store.engine import WRITE_LOCK, database_url, engine_of
from store.errors import StoreError
from store.session import reading, writing


@pytest.fixture
def sqlite_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a home with SQLite's database, whatever the others are tested on."""
    monkeypatch.delenv("LARDER_DATABASE", raising=False)
    monkeypatch.setenv("LARDER_HOME", str(tmp_path))
    return tmp_path


def test_the_database_is_where_the_environment_says(
    sqlite_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert database_url(sqlite_home) == f"sqlite:///{sqlite_home / 'larder.sqlite'}"
    other = sqlite_home / "elsewhere.sqlite"
    monkeypatch.setenv("LARDER_DATABASE", f"sqlite:///{other}")
    with writing(sqlite_home) as session:
        session.execute(text("SELECT 1"))
    assert other.is_file()
    assert not (sqlite_home / "larder.sqlite").exists()


@pytest.mark.parametrize("url", ["mysql://x/y", "duckdb:///x", "no address"])
def test_other_databases_are_refused_with_a_cure(
    sqlite_home: Path, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("LARDER_DATABASE", url)
    with pytest.raises(StoreError, match=r"sqlite:///"), reading(sqlite_home):
        pass


@pytest.mark.parametrize("url", ["sqlite:///{home}/no/such/folder/larder.sqlite",
                                 "postgresql://u:secret@/larder?host={home}"])  # fmt: skip
def test_a_database_that_does_not_open_says_so_without_its_password(
    sqlite_home: Path, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("LARDER_DATABASE", url.format(home=sqlite_home))
    with pytest.raises(StoreError, match="does not open") as refusal, reading(sqlite_home):
        pass
    assert "secret" not in str(refusal.value)


def test_sqlite_is_set_up_to_keep_what_it_acknowledges(sqlite_home: Path) -> None:
    with reading(sqlite_home) as session:
        pragmas = {
            name: session.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    # synchronous 2 is FULL (sqlite.org/pragma.html)
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 30_000}


def test_sqlites_files_are_the_owners_alone(sqlite_home: Path) -> None:
    before = os.umask(0)
    try:
        with writing(sqlite_home):
            files = list(sqlite_home.glob("larder.sqlite*"))
            assert len(files) > 1, "the write-ahead log lies beside the database"
            assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    finally:
        os.umask(before)


def _lock_is_free(home: Path, kind: str) -> bool:
    if kind == "sqlite":
        other = sqlite3.connect(home / "larder.sqlite", timeout=0, isolation_level=None)
        try:
            other.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return False
        finally:
            other.close()
        return True
    with psycopg.connect(database_url(home)) as connection:
        row = connection.execute("SELECT pg_try_advisory_xact_lock(%s)", (WRITE_LOCK,)).fetchone()
        return bool(row and row[0])


def test_a_writer_holds_the_lock_from_its_start_to_its_end(larder_home: Path, database: str) -> None:
    with writing(larder_home):
        assert not _lock_is_free(larder_home, database)
    assert _lock_is_free(larder_home, database)
    with reading(larder_home) as session:
        session.execute(text("SELECT 1"))
        assert _lock_is_free(larder_home, database)


def test_who_reads_cannot_write(larder_home: Path) -> None:
    with pytest.raises(DBAPIError, match=r"read-?only"), reading(larder_home) as session:
        session.execute(text("DELETE FROM versions"))


def test_a_missing_driver_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(StoreError, match=r"pip install 'psycopg\[binary\]'"):
        engine_of("postgresql://nobody@/without-driver")


def test_a_short_address_of_postgresql_finds_its_driver() -> None:
    assert engine_of("postgresql://u@/d").dialect.driver == "psycopg"
