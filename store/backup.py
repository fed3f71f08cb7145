"""Backup and restore of the database, each in one step, while others read and write."""

import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import create_engine, inspect, make_url
from sqlalchemy.engine import URL
from sqlalchemy.pool import StaticPool

from store.engine import BUSY_MILLISECONDS, WRITE_LOCK, database_url, engine_of
from store.errors import StoreError
from store.migrations.running import FIRST, revisions, upgrade
from store.roles import Actor, require

_SQLITE = b"SQLite format 3\x00"
_POSTGRESQL = b"PGDMP"


def backup(home: Path, target: Path, *, actor: Actor) -> Path:
    """Write the database as it is at this moment into a file, readable by the owner alone; return the file.

    `target` is a file, or a folder in which it is named after the moment. Others may read and write
    meanwhile; what they finish after it began may or may not be in it, but nothing by half. On SQLite the
    file is a database itself, on PostgreSQL the archive of `pg_dump`.

    Raises Forbidden; StoreError where the file is there already or cannot be written.
    """
    require(actor, "backup")
    address = make_url(database_url(home))
    is_sqlite = address.get_backend_name() == "sqlite"
    if is_sqlite and not _file(address).exists():
        raise StoreError(f"There is no database yet: {_file(address)}.", "It comes with the first use.")
    if target.is_dir():
        target = target / f"larder-{_moment()}.{'sqlite' if is_sqlite else 'dump'}"
    if target.exists():
        raise StoreError(f"{target} is there already.", "Name a file that is not there yet.")
    part = _private_part(target)
    try:
        if is_sqlite:
            _copy(_file(address).as_uri(), part, into_one_file=True)
        else:
            options = ["--format=custom", "--no-owner", "--no-privileges", f"--file={part}"]
            _run("pg_dump", [*options, f"--dbname={_plain(address)}"], address)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return target


def restore(home: Path, source: Path, *, actor: Actor) -> Path | None:
    """Put a backup in the place of the database; return the file that keeps what was there before, if anything.

    All of the backup comes in or nothing, and what others began before ends before it. An older backup is
    brought into the present shape. Raises Forbidden; StoreError where the file is no backup of this kind of
    database, is damaged, or was made by a newer Larder: then nothing is changed.
    """
    require(actor, "backup")
    address = make_url(database_url(home))
    _check(source, address)
    kept: Path | None
    if address.get_backend_name() == "sqlite":
        kept = _keep_old(home, address, actor)
        _copy(_still(source), _file(address))
    else:
        kept = backup(home, home / f"larder-before-restore-{_moment()}.dump", actor=actor)
        _replace(source, address)
        engine_of(database_url(home)).dispose()
    upgrade(engine_of(database_url(home)))
    return kept


def _keep_old(home: Path, address: URL, actor: Actor) -> Path | None:
    """Keep the SQLite database as it is beside it: copied, or moved where it is too damaged for that."""
    file, kept = _file(address), home / f"larder-before-restore-{_moment()}.sqlite"
    if not file.exists():
        _private_part(file).replace(file)
        return None
    try:
        return backup(home, kept, actor=actor)
    except sqlite3.DatabaseError:
        for end in ("-wal", "-shm", ""):
            beside = file.with_name(file.name + end)
            if beside.exists():
                beside.replace(kept.with_name(kept.name + end))
        _private_part(file).replace(file)
        return kept


def _replace(source: Path, address: URL) -> None:
    """Put the archive in the place of our tables, in one transaction that holds the write lock."""
    known = ", ".join(f'"{name}"' for name in sorted(_our_tables() | _listed(source, address)))
    begin = f"SELECT pg_advisory_xact_lock({WRITE_LOCK});\nDROP TABLE IF EXISTS {known} CASCADE;\n"
    script = _run("pg_restore", ["--no-owner", "--no-privileges", "--file=-", str(source)], address)
    options = [
        "--no-psqlrc",
        "--quiet",
        "--single-transaction",
        "--set=ON_ERROR_STOP=1",
        "--output=/dev/null",
    ]
    _run("psql", [*options, f"--dbname={_plain(address)}"], address, begin + script)


def _our_tables() -> set[str]:
    """Return the tables that the steps of this code make: what they make of an empty database tells."""
    engine = create_engine("sqlite://", poolclass=StaticPool)
    upgrade(engine)
    return set(inspect(engine).get_table_names())


def _check(source: Path, address: URL) -> None:
    """Raise StoreError unless the file is a whole backup of this kind of database."""
    is_sqlite = address.get_backend_name() == "sqlite"
    cure = "Give a file that `larder backup` wrote for this kind of database."
    try:
        with source.open("rb") as file:
            head = file.read(16)
    except OSError as error:
        raise StoreError(f"{source} cannot be read: {error.strerror}.", "Check its path.") from error
    if not head.startswith(_SQLITE if is_sqlite else _POSTGRESQL):
        kind = "SQLite" if is_sqlite else "PostgreSQL"
        raise StoreError(f"{source} is not a backup of a {kind} database.", cure)
    tables, shape = _told_by_sqlite(source) if is_sqlite else _told_by_postgresql(source, address)
    if "assets" not in tables:
        raise StoreError(f"{source} is not a backup of Larder: it has no register.", cure)
    if shape not in revisions():
        raise StoreError(f"{source} was made by a newer Larder.", "Update Larder, then restore it.")


def _told_by_sqlite(source: Path) -> tuple[set[str], str]:
    """Return the tables of a SQLite file and its shape. Raises StoreError where it is damaged."""
    try:
        with closing(sqlite3.connect(_still(source), uri=True)) as connection:
            sound = connection.execute("PRAGMA integrity_check").fetchone()[0]
            tables = {
                row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            }
            shape = FIRST
            if "alembic_version" in tables:
                shape = connection.execute("SELECT version_num FROM alembic_version").fetchone()[0]
    except (sqlite3.DatabaseError, TypeError) as error:
        raise StoreError(f"{source} is damaged: {error}.", "Take another backup.") from error
    if sound != "ok":
        raise StoreError(f"{source} is damaged: {sound}.", "Take another backup.")
    return tables, str(shape)


def _told_by_postgresql(source: Path, address: URL) -> tuple[set[str], str]:
    """Return the tables of an archive and its shape. Raises StoreError where it cannot be read to its end."""
    tables = _listed(source, address)
    whole = _run("pg_restore", ["--data-only", "--file=-", str(source)], address)
    told = re.search(r"^COPY public\.alembic_version .*\n(\w+)$", whole, re.MULTILINE)
    return tables, told.group(1) if told else FIRST


def _listed(source: Path, address: URL) -> set[str]:
    """Return the tables that an archive lists: a line is `NUMBER; OID OID TABLE SCHEMA NAME OWNER`."""
    lines = _run("pg_restore", ["--list", str(source)], address).splitlines()
    return {found.group(1) for line in lines if (found := re.search(r" TABLE \S+ (\S+) \S+$", line))}


def _copy(source: str, target: Path, *, into_one_file: bool = False) -> None:
    """Copy a SQLite database page by page into another one, in one transaction of that."""
    seconds = BUSY_MILLISECONDS / 1000
    with (
        closing(sqlite3.connect(source, timeout=seconds, uri=True)) as from_there,
        closing(sqlite3.connect(target, timeout=seconds)) as to_here,
    ):
        from_there.backup(to_here)
        if into_one_file:
            to_here.execute("PRAGMA journal_mode=DELETE")


def _still(file: Path) -> str:
    """Return the address of a SQLite file that nobody writes to: opening it leaves no files beside it."""
    return f"{file.resolve().as_uri()}?mode=ro&immutable=1"


def _run(program: str, options: Sequence[str], address: URL, given: str = "") -> str:
    """Run one of PostgreSQL's programs; the password goes by the environment, where no list of processes shows it."""
    path = shutil.which(program)
    if path is None:
        raise StoreError(f"{program} is not installed here.", "Install Debian's package postgresql-client.")
    environment = {**os.environ, "PGOPTIONS": f"-c lock_timeout={BUSY_MILLISECONDS}"}
    if address.password:
        environment["PGPASSWORD"] = str(address.password)
    done = subprocess.run(  # noqa: S603 - a program of PostgreSQL's, with our own options
        [path, *options], input=given, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise StoreError(f"{program} says: {done.stderr.strip()}", "Nothing was changed.")
    return done.stdout


def _plain(address: URL) -> str:
    """Return the address as PostgreSQL's own programs read it, without the password."""
    return address.set(drivername="postgresql", password=None).render_as_string()


def _private_part(target: Path) -> Path:
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except OSError as error:
        raise StoreError(f"{target} cannot be written: {error.strerror}.", "Name another folder.") from error
    return part


def _file(address: URL) -> Path:
    return Path(str(address.database))


def _moment() -> str:
    return f"{datetime.now(UTC):%Y%m%d-%H%M%S-%f}"
