"""Brakes: how often somebody may do a thing, without keeping who they are."""

import hashlib
import secrets
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Date, Index, String, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.errors import StoreError
from store.session import Base, Moment

LONGEST = timedelta(days=1)


class LimitRow(Base):
    """The table `limits`: that somebody did something, when; who is a digest that no later day can make."""

    __tablename__ = "limits"
    __table_args__ = (Index("limits_by_who", "bucket", "who", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    bucket: Mapped[str] = mapped_column(String(40))
    who: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Moment, index=True)


class SaltRow(Base):
    """The table `limit_salts`: a random salt a day, forgotten with the day after."""

    __tablename__ = "limit_salts"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    salt: Mapped[str] = mapped_column(String(64))


def allow(
    session: Session, bucket: str, who: str, *, at_most: int, within: timedelta, now: datetime | None = None
) -> bool:
    """Return whether somebody may do a thing once more, and count it if so.

    At most `at_most` times within the time before now, a day at most. Raises StoreError for a longer time,
    since nobody is known for longer than that.
    """
    if not timedelta() < within <= LONGEST:
        raise StoreError("A limit looks back a day at most.", "Give a shorter time.")
    moment = now or datetime.now(UTC)
    _forget(session, moment)
    today = _digest(session, moment.date(), who)
    names = {today, _digest(session, moment.date() - timedelta(days=1), who)}
    done = session.scalar(
        select(func.count()).where(
            LimitRow.bucket == bucket, LimitRow.who.in_(names), LimitRow.at > moment - within
        )
    )
    if (done or 0) >= at_most:
        return False
    session.add(LimitRow(bucket=bucket, who=today, at=moment))
    session.flush()
    return True


def _forget(session: Session, moment: datetime) -> None:
    session.execute(delete(LimitRow).where(LimitRow.at <= moment - LONGEST))
    session.execute(delete(SaltRow).where(SaltRow.day < moment.date() - timedelta(days=1)))


def _digest(session: Session, day: date, who: str) -> str:
    row = session.get(SaltRow, day)
    if row is None:
        row = SaltRow(day=day, salt=secrets.token_hex(32))
        session.add(row)
        session.flush()
    return hashlib.sha256(f"{row.salt}\x1f{who}".encode("utf-8", "surrogatepass")).hexdigest()
