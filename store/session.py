"""The one database: where it is, how it is opened, how it is read and written."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, DateTime, Dialect, Engine, create_engine, event, inspect
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.pool import NullPool
from sqlalchemy.types import TypeDecorator

from store.errors import StoreError

BUSY_MILLISECONDS = 30_000
_WRITES = "larder_writes"


class Base(DeclarativeBase):
    """The base of every table; a room that declares tables imports it from here."""


class Moment(TypeDecorator[datetime]):
    """A time with its zone: kept as UTC, given back as UTC (SQLite alone would forget the zone)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the time in UTC; a time without a zone is refused, for nobody knows which one was meant."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time needs its zone: {value.isoformat()}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the stored time with its zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def database_url(home: Path) -> str:
    """Return the database's address: `LARDER_DATABASE`, or `larder.sqlite` in the home."""
    return os.environ.get("LARDER_DATABASE") or f"sqlite:///{home / 'larder.sqlite'}"


def database_engine(home: Path) -> Engine:
    """Return the engine of the home's database, with its tables made if they are absent.

    Raises StoreError when the address is not one of SQLite or PostgreSQL, or the database does not open.
    """
    engine = _engine(database_url(home))
    try:
        make_tables(engine)
    except DBAPIError as error:
        raise StoreError(
            f"The database {engine.url.render_as_string()} does not open: {error.orig}.",
            "Check the path or address in LARDER_DATABASE, and that its folder can be written to.",
        ) from error
    return engine


def make_tables(engine: Engine) -> None:
    """Make the tables that are declared and absent. The one place that changes the shape of the database.

    The write lock is taken only where one is absent, so that a reader never waits for a writer.
    """
    with engine.connect() as connection:
        present = set(inspect(connection).get_table_names())
    if present.issuperset(Base.metadata.tables):
        return
    with engine.connect().execution_options(**{_WRITES: True}) as connection, connection.begin():
        Base.metadata.create_all(connection)


@contextmanager
def reading(home: Path) -> Iterator[Session]:
    """Yield a session that reads one consistent state of the database."""
    with Session(database_engine(home), expire_on_commit=False) as session:
        yield session
        session.rollback()


@contextmanager
def writing(home: Path) -> Iterator[Session]:
    """Yield a session whose changes are kept together when the block ends, or not at all.

    On SQLite the write lock is taken at the start (`BEGIN IMMEDIATE`), so that what was read is still so
    when it is written; a second writer waits its turn.
    """
    with (
        database_engine(home).connect().execution_options(**{_WRITES: True}) as connection,
        Session(connection, expire_on_commit=False) as session,
        session.begin(),
    ):
        # SQLAlchemy begins at the first statement; the lock is wanted before it
        session.connection()
        yield session


@lru_cache(maxsize=32)
def _engine(url: str) -> Engine:
    try:
        backend = make_url(url).get_backend_name()
    except ArgumentError as error:
        raise StoreError(
            "LARDER_DATABASE is not the address of a database.",
            "Write for example sqlite:////var/lib/larder/larder.sqlite, or leave it out.",
        ) from error
    if backend not in {"sqlite", "postgresql"}:
        raise StoreError(
            f"Larder keeps its register in SQLite or PostgreSQL, not in {backend}.",
            "Set LARDER_DATABASE to an address that starts with sqlite:/// or postgresql+psycopg://.",
        )
    if backend == "postgresql":
        return create_engine(url, pool_pre_ping=True)
    # A connection a session: nothing is held open between clicks, and a fork inherits no handle.
    engine = create_engine(url, poolclass=NullPool, connect_args={"timeout": BUSY_MILLISECONDS / 1000})
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)
    return engine


def _on_connect(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    for pragma in (f"busy_timeout={BUSY_MILLISECONDS}", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")
    _use_wal(connection)


def _use_wal(connection: Any) -> None:
    """Switch to the write-ahead log once; SQLite's busy timeout does not cover this switch, so wait here."""
    deadline = time.monotonic() + BUSY_MILLISECONDS / 1000
    while str(connection.execute("PRAGMA journal_mode").fetchone()[0]).lower() not in {"wal", "memory"}:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except connection.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def _on_begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
