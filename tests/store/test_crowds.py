"""Many write at once, and some are killed in mid-write: nothing that was acknowledged is lost, nothing is half."""

import multiprocessing
import os
import random
import signal
import urllib.request
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from assets.edits import change_asset
from assets.keeping import KIND
from assets.register import add_asset, get_asset
from assets.schema import AssetRow
from store.engine import database_url, engine_of
from store.errors import StoreError
from store.roles import CLI
from store.session import reading, writing
from store.versions import VersionRow, history
from tests.conftest import missing
from tests.postgresql import Server, running, server_programs
from tests.served import STREAMLIT, started

FORK = multiprocessing.get_context("fork")  # a fresh interpreter would spend its time on importing
SHARED = "the asset that everybody changes"


def _write(home: Path, name: str, shared: str) -> None:
    """Write once: a new asset, and one more in the shared asset's count, together."""
    with writing(home) as session:
        add_asset(session, actor=CLI, name=name, category="hall", longitude=0.1, latitude=51.0)
        now = get_asset(session, shared, CLI)
        said = {"description": str(int(now.description) + 1)}
        change_asset(session, shared, said, actor=CLI, expected_version=now.version)


def _work(home: Path, worker: str, times: int, shared: str, done: Connection | None) -> None:
    """Write so many times in a process of its own, and tell each time, after it is kept."""
    engine_of(database_url(home)).dispose(close=False)  # the connections are the parent's
    for number in range(times):
        name = f"{worker}-{number}"
        try:
            _write(home, name, shared)
        except (DBAPIError, StoreError):
            if done is None:
                raise
            os._exit(1)  # the server went away
        if done is not None:
            done.send(name)
    os._exit(0)  # not as a copy of the tests, which would clean up after them


def _start(home: Path) -> str:
    with writing(home) as session:
        return add_asset(
            session, actor=CLI, name=SHARED, category="hall", longitude=0.1, latitude=51.0, description="0"
        ).id


def _check(home: Path, shared: str, acknowledged: set[str]) -> int:
    """Check that what was acknowledged is there, whole and with its history; return how many writes there are."""
    with reading(home) as session:
        names = set(session.scalars(select(AssetRow.name))) - {SHARED}
        versions = session.execute(
            select(VersionRow.entity, func.count(), func.max(VersionRow.number), func.min(VersionRow.number))
            .where(VersionRow.kind == KIND)
            .group_by(VersionRow.entity)
        ).all()
        numbers = {row[0]: tuple(row[1:]) for row in versions}
        rows = {row.id: row.version for row in session.scalars(select(AssetRow))}
        last = history(session, KIND, shared)
        count = get_asset(session, shared, CLI).description
    assert acknowledged <= names, f"lost: {sorted(acknowledged - names)}"
    assert int(count) == len(names), "an asset without its count, or a count without its asset"
    assert numbers == {asset: (version, version, 1) for asset, version in rows.items()}
    assert [each.changes["description"] for each in last[1:]] == [
        [str(number), str(number + 1)] for number in range(len(names))
    ]
    return len(names)


def _crowd(home: Path, processes: int, times: int) -> int:
    """Let some processes write so many times each; return how many writes are there, whole."""
    shared = _start(home)
    started = [
        FORK.Process(target=_work, args=(home, f"w{worker}", times, shared, None))
        for worker in range(processes)
    ]
    for process in started:
        process.start()
    for process in started:
        process.join(600)
        assert process.exitcode == 0
    expected = {f"w{worker}-{number}" for worker in range(processes) for number in range(times)}
    return _check(home, shared, expected)


def test_two_at_once_lose_nothing(larder_home: Path) -> None:
    assert _crowd(larder_home, 2, 50) == 100


@pytest.mark.long
def test_eight_at_once_lose_nothing(larder_home: Path) -> None:
    assert _crowd(larder_home, 8, 500) == 4000


def _killed(home: Path, shared: str, worker: str, chance: random.Random) -> set[str]:
    """Let a client write and kill it at some moment; return what it had told by then."""
    here, there = FORK.Pipe(duplex=False)
    process = FORK.Process(target=_work, args=(home, worker, 1_000_000, shared, there))
    process.start()
    there.close()
    told = {here.recv() for _ in range(chance.randint(1, 4))}
    process.join(chance.uniform(0, 0.05))
    os.kill(process.pid or 0, signal.SIGKILL)
    process.join(60)
    assert process.exitcode == -signal.SIGKILL
    return told | set(_rest(here))


def _rest(pipe: Connection) -> Iterator[str]:
    while True:
        try:
            yield pipe.recv()
        except EOFError:
            return


def _kill_clients(home: Path, shared: str, kills: int) -> int:
    """Kill so many clients in mid-write; return how many writes were kept that none of them had told of."""
    chance = random.Random(20261123)
    acknowledged: set[str] = set()
    for kill in range(kills):
        acknowledged |= _killed(home, shared, f"k{kill}", chance)
    there = _check(home, shared, acknowledged)
    _write(home, "after", shared)
    assert _check(home, shared, {"after"}) == there + 1
    return there - len(acknowledged)


def _check_app(home: Path, shared: str) -> None:
    """Check that the app starts on what the kills have left, and shows what everybody wrote to."""
    database = {"LARDER_DATABASE": os.environ["LARDER_DATABASE"]} if "LARDER_DATABASE" in os.environ else {}
    with started(home, STREAMLIT, **database) as (server, port):
        assert server.poll() is None, (home / "said.txt").read_text()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/asset/{shared}", timeout=20) as page:
            assert SHARED in page.read().decode()


def test_clients_killed_in_mid_write(larder_home: Path) -> None:
    # a write that was kept but not told yet when its client died, at most one a kill
    assert 0 <= _kill_clients(larder_home, _start(larder_home), 5) <= 5


@pytest.mark.long
def test_a_hundred_clients_killed_in_mid_write(larder_home: Path) -> None:
    shared = _start(larder_home)
    assert 0 <= _kill_clients(larder_home, shared, 100) <= 100
    _check_app(larder_home, shared)


@pytest.fixture
def durable_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """Return a server of this test's own, that waits for the disk."""
    programs = server_programs()
    if programs is None:
        missing("PostgreSQL (Debian's package postgresql)")
    with running(programs, durable=True) as server:
        monkeypatch.setenv("LARDER_DATABASE", server.url)
        yield server
        engine_of(server.url).dispose()


def test_the_server_killed_in_mid_write(durable_server: Server, tmp_path: Path) -> None:
    shared = _start(tmp_path)
    pipes, processes = [], []
    for worker in range(3):
        here, there = FORK.Pipe(duplex=False)
        process = FORK.Process(target=_work, args=(tmp_path, f"s{worker}", 1_000_000, shared, there))
        process.start()
        there.close()
        pipes.append(here)
        processes.append(process)
    acknowledged = {pipe.recv() for pipe in pipes for _ in range(5)}
    durable_server.kill()
    for process, pipe in zip(processes, pipes, strict=True):
        process.join(60)
        assert process.exitcode == 1, "the client says that the database went away, and does not hang"
        acknowledged |= set(_rest(pipe))
    durable_server.start()
    there_now = _check(tmp_path, shared, acknowledged)
    assert len(acknowledged) <= there_now <= len(acknowledged) + len(processes)
    _write(tmp_path, "after", shared)
    assert _check(tmp_path, shared, {"after"}) == there_now + 1
    _check_app(tmp_path, shared)
