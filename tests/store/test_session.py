"""The one database: opened rightly, written by several at once, nothing lost or half-written."""

import gc
import multiprocessing
import warnings
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Mapped, mapped_column

from store.engine import database_url, engine_of, write_lock
from store.session import Base, Moment, database_engine, reading, writing


class Jotting(Base):
    """A table of the tests' own."""

    __tablename__ = "test_jottings"
    id: Mapped[int] = mapped_column(primary_key=True)
    words: Mapped[str]
    at: Mapped[datetime | None] = mapped_column(Moment)


@pytest.fixture
def jotting_home(larder_home: Path) -> Path:
    """Return a home whose database has the tests' own table too."""
    with write_lock(database_engine(larder_home)) as connection:
        Jotting.__table__.create(connection)  # type: ignore[attr-defined]
    return larder_home


def _own_connections(home: Path) -> None:
    """Leave the connections that a forked process came with to its parent."""
    engine_of(database_url(home)).dispose(close=False)


def _jot(home: Path, worker: int, times: int) -> None:
    _own_connections(home)
    for number in range(times):
        with writing(home) as session:
            session.add(Jotting(words=f"{worker}-{number}"))


def _count_up(home: Path, times: int) -> None:
    """Read a number, add one, write it: loses some unless the lock is taken before the reading."""
    _own_connections(home)
    for _ in range(times):
        with writing(home) as session:
            jotting = session.get(Jotting, 1)
            assert jotting is not None
            jotting.words = str(int(jotting.words) + 1)


def _together(target: object, jobs: list[tuple[object, ...]]) -> None:
    context = multiprocessing.get_context("fork")
    processes = [context.Process(target=target, args=job) for job in jobs]  # type: ignore[arg-type]
    for process in processes:
        process.start()
    for process in processes:
        process.join(120)
        assert process.exitcode == 0


def test_a_moment_comes_back_in_utc(jotting_home: Path) -> None:
    summer = datetime(2026, 7, 1, 13, 30, tzinfo=timezone(timedelta(hours=1)))
    with writing(jotting_home) as session:
        session.add(Jotting(id=1, words="x", at=summer))
        session.add(Jotting(id=2, words="y", at=None))
    with reading(jotting_home) as session:
        kept = session.get_one(Jotting, 1).at
        assert session.get_one(Jotting, 2).at is None
    assert kept == datetime(2026, 7, 1, 12, 30, tzinfo=UTC)
    assert kept.tzinfo is UTC


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        Moment().process_bind_param(datetime(2026, 7, 1, 12), None)  # type: ignore[arg-type]


def _write_and_fail(home: Path) -> None:
    with writing(home) as session:
        session.add(Jotting(words="half"))
        session.flush()
        raise RuntimeError


def test_a_block_that_fails_leaves_nothing(jotting_home: Path) -> None:
    with pytest.raises(RuntimeError):
        _write_and_fail(jotting_home)
    with reading(jotting_home) as session:
        assert session.scalars(select(Jotting)).all() == []


def test_a_reader_sees_the_state_before_the_writer_ends(jotting_home: Path) -> None:
    with writing(jotting_home) as writer:
        writer.add(Jotting(words="not yet"))
        writer.flush()
        with reading(jotting_home) as reader:
            assert reader.scalars(select(Jotting)).all() == []


def test_processes_on_a_fresh_database_lose_nothing(jotting_home: Path) -> None:
    _together(_jot, [(jotting_home, worker, 50) for worker in range(4)])
    with reading(jotting_home) as session:
        words = set(session.scalars(select(Jotting.words)))
    assert words == {f"{worker}-{number}" for worker in range(4) for number in range(50)}


def test_read_then_write_loses_no_update(jotting_home: Path) -> None:
    with writing(jotting_home) as session:
        session.add(Jotting(id=1, words="0"))
    _together(_count_up, [(jotting_home, 50)] * 2)
    with reading(jotting_home) as session:
        assert session.get_one(Jotting, 1).words == "100"


def test_connections_are_closed(larder_home: Path) -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", ResourceWarning)
        gc.collect()
        caught.clear()  # what earlier tests left is theirs
        for _ in range(20):
            with reading(larder_home) as session:
                session.execute(text("SELECT 1"))
        gc.collect()  # what is left open is told of when it is cleared away
    assert [str(one.message) for one in caught] == []
