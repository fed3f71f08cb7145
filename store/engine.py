"""The engine: the one database's address, how a connection is set up, who may write when."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.pool import NullPool

from store.errors import StoreError

BUSY_MILLISECONDS = 30_000
MAPPED_BYTES = 1 << 28
"""How much of a SQLite file is read through the system's memory: a connection a session starts with none of its own."""
WRITE_LOCK = 0x6C617264657230
"""The number of the advisory lock on PostgreSQL that is the write lock ("larder0")."""
_WRITES = "larder_writes"
_RESHAPES = "larder_reshapes"
_SETTINGS = {
    "lock_timeout": str(BUSY_MILLISECONDS),
    "timezone": "UTC",
    # to compile a question, or to hand it to several processes, takes longer than to answer any of ours
    "jit": "off",
    "max_parallel_workers_per_gather": "0",
}
_POSTGRESQL = {
    "options": " ".join(f"-c {name}={value}" for name, value in _SETTINGS.items()),
    "connect_timeout": 10,
}


def database_url(home: Path) -> str:
    """Return the database's address: `LARDER_DATABASE`, or `larder.sqlite` in the home."""
    return os.environ.get("LARDER_DATABASE") or f"sqlite:///{home / 'larder.sqlite'}"


@contextmanager
def write_lock(engine: Engine, *, reshapes: bool = False) -> Iterator[Connection]:
    """Yield a connection that holds the write lock; what it did is kept when the block ends, or nothing.

    `reshapes` is for who changes the tables themselves: SQLite builds a table anew for that, and must not
    follow its foreign keys meanwhile.
    """
    options = {_WRITES: True, _RESHAPES: reshapes}
    with engine.connect().execution_options(**options) as connection, connection.begin():
        yield connection


@lru_cache(maxsize=32)
def engine_of(url: str) -> Engine:
    """Return the engine of an address, the same for the same address. Raises StoreError for any other kind."""
    address = _address(url)
    if address.get_backend_name() == "postgresql":
        try:
            engine = create_engine(address, pool_pre_ping=True, connect_args=_POSTGRESQL)
        except ModuleNotFoundError as error:
            raise StoreError(
                "The register is to be kept in PostgreSQL, and its driver is not installed.",
                "Install it beside Larder: pip install 'psycopg[binary]'",
            ) from error
        event.listen(engine, "begin", _on_postgresql_begin)
        return engine
    # A connection a session: nothing is held open between clicks, and a fork inherits no handle.
    engine = create_engine(address, poolclass=NullPool, connect_args={"timeout": BUSY_MILLISECONDS / 1000})
    if address.database and address.database != ":memory:":
        event.listen(engine, "do_connect", _private_file)
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)
    return engine


def _address(url: str) -> URL:
    try:
        address = make_url(url)
        backend = address.get_backend_name()
    except (ArgumentError, NoSuchModuleError) as error:
        raise StoreError(
            "LARDER_DATABASE is not the address of a database.",
            "Write for example sqlite:////var/lib/larder/larder.sqlite, or leave it out.",
        ) from error
    if backend not in {"sqlite", "postgresql"}:
        raise StoreError(
            f"Larder keeps its register in SQLite or PostgreSQL, not in {backend}.",
            "Set LARDER_DATABASE to an address that starts with sqlite:/// or postgresql://.",
        )
    return address.set(drivername="postgresql+psycopg") if backend == "postgresql" else address


def _on_connect(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout={BUSY_MILLISECONDS}", "synchronous=FULL", "foreign_keys=ON", f"mmap_size={MAPPED_BYTES}",
        "secure_delete=ON",  # what is taken out is overwritten in the file
    ):  # fmt: skip
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
    options = connection.get_execution_options()
    writes = options.get(_WRITES, False)
    connection.exec_driver_sql(f"PRAGMA query_only={'OFF' if writes else 'ON'}")
    if options.get(_RESHAPES, False):
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _on_postgresql_begin(connection: Connection) -> None:
    """Take the one write lock, as SQLite does; its end lets it go, whatever ends the transaction.

    The lock comes first and every later statement sees what was committed before it (READ COMMITTED), so
    nothing that the block reads can change before it writes. Who reads sees one state and cannot write.
    """
    if connection.get_execution_options().get(_WRITES, False):
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITE_LOCK})")
    else:
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


def _private_file(_dialect: object, _record: object, arguments: list[Any], _options: object) -> None:
    """Make a new database's file readable by the owner alone; the files beside it follow suit."""
    path = Path(str(arguments[0]))
    if path.parent.is_dir() and not path.exists():
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
