"""The one database: how it is read and written."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import DateTime, Dialect, Engine, Text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

from store.engine import database_url, engine_of, write_lock
from store.errors import StoreError
from store.migrations.running import upgrade

_AFTER = "after_commit"
SortKey = Text().with_variant(Text(collation="C"), "postgresql")
"""A text that sorts by its characters' numbers on both databases, whatever the language of the server."""


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


def database_engine(home: Path) -> Engine:
    """Return the engine of the home's database, in the shape that this code needs.

    Raises StoreError when the address is not one of SQLite or PostgreSQL, the database does not open, or a
    newer Larder has changed it.
    """
    engine = engine_of(database_url(home))
    try:
        upgrade(engine)
    except DBAPIError as error:
        raise StoreError(
            f"The database {engine.url.render_as_string()} does not open: {str(error.orig).strip()}.",
            "Check the path or address in LARDER_DATABASE, and that its folder can be written to.",
        ) from error
    return engine


@contextmanager
def reading(home: Path) -> Iterator[Session]:
    """Yield a session that reads one consistent state of the database and never waits for a writer."""
    with Session(database_engine(home), expire_on_commit=False) as session:
        yield session
        session.rollback()


@contextmanager
def writing(home: Path) -> Iterator[Session]:
    """Yield a session whose changes are kept together when the block ends, or not at all.

    The one write lock is taken at the start (SQLite: `BEGIN IMMEDIATE`; PostgreSQL: a lock of the
    transaction), so that what was read is still so when it is written; a second writer waits its turn.
    """
    engine = database_engine(home)
    with write_lock(engine) as connection, Session(connection, expire_on_commit=False) as session:
        yield session
        session.flush()
    for act in session.info.get(_AFTER, {}):
        act(home)


def after_commit(session: Session, act: Callable[[Path], object]) -> None:
    """Have something done with the home once what the session writes is kept; the same act once only."""
    session.info.setdefault(_AFTER, {})[act] = None
