"""Brakes: so many times within a time, without keeping who it was."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from store.errors import StoreError
from store.limits import allow
from store.session import reading, writing

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def _ask(home: Path, who: str = "192.0.2.7", bucket: str = "form", at: datetime = NOON) -> bool:
    with writing(home) as session:
        return allow(session, bucket, who, at_most=2, within=HOUR, now=at)


def test_so_many_times_and_then_again_later(larder_home: Path) -> None:
    assert [_ask(larder_home) for _ in range(3)] == [True, True, False]
    assert _ask(larder_home, who="192.0.2.8")
    assert _ask(larder_home, bucket="recover")
    assert not _ask(larder_home, at=NOON + timedelta(minutes=59))
    assert _ask(larder_home, at=NOON + HOUR)


def test_midnight_does_not_wipe_the_slate(larder_home: Path) -> None:
    late = NOON.replace(hour=23, minute=50)
    assert [_ask(larder_home, at=late) for _ in range(2)] == [True, True]
    assert not _ask(larder_home, at=late + timedelta(minutes=20))


def test_who_it_was_is_not_kept_and_forgotten_within_two_days(larder_home: Path) -> None:
    _ask(larder_home)
    with reading(larder_home) as session:
        rows = session.execute(text("SELECT * FROM limits")).all()
        assert len(rows) == 1
        assert "192.0.2.7" not in str(rows)
    _ask(larder_home, who="somebody else", at=NOON + timedelta(days=2))
    with reading(larder_home) as session:
        assert session.scalar(text("SELECT count(*) FROM limits")) == 1
        assert session.scalar(text("SELECT min(day) FROM limit_salts WHERE day < '2026-11-24'")) is None


def test_longer_than_a_day_is_refused(larder_home: Path) -> None:
    with writing(larder_home) as session, pytest.raises(StoreError, match="a day at most"):
        allow(session, "form", "x", at_most=1, within=timedelta(days=2))
