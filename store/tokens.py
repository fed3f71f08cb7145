"""Private links: tokens of one purpose, hashed at rest, that expire."""

import hashlib
import secrets
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import Literal

from sqlalchemy import Index, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.errors import StoreError
from store.roles import Actor
from store.session import Base, Moment

Purpose = Literal["edit", "confirm", "recover", "report"]
SINGLE_USE: frozenset[str] = frozenset({"confirm", "recover", "report"})
_BYTES = 32


@dataclass(frozen=True)
class Token:
    """What a private link opens: one purpose, one thing, until it expires."""

    id: int
    purpose: str
    subject_kind: str
    subject_id: str
    expires_at: datetime
    used_at: datetime | None


class TokenRow(Base):
    """The table `tokens`; what the link itself says is never in it."""

    __tablename__ = "tokens"
    __table_args__ = (Index("tokens_by_subject", "subject_kind", "subject_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[str] = mapped_column(String(20))
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[str] = mapped_column(String(64))
    expires_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)

    def token(self) -> Token:
        """Return the row as a value that no longer hangs on the session."""
        return Token(**{field.name: getattr(self, field.name) for field in fields(Token)})


class TokenError(StoreError):
    """A link that opens nothing: in public it says the same whether it expired, was used or never was."""

    def __init__(self) -> None:
        super().__init__("This link does not open anything any more.", "Ask for a new one.")


def issue(session: Session, purpose: Purpose, subject_kind: str, subject_id: str, days: float) -> str:
    """Make a token and return it: this once, for only its digest is kept."""
    plain = secrets.token_urlsafe(_BYTES)
    session.add(
        TokenRow(
            digest=_digest(plain),
            purpose=purpose,
            subject_kind=subject_kind,
            subject_id=subject_id,
            expires_at=datetime.now(UTC) + timedelta(days=days),
            used_at=None,
        )
    )
    session.flush()
    return plain


def look(session: Session, plain: str, purpose: Purpose) -> Token:
    """Return what a token opens and change nothing, for a link is opened by machines too.

    Raises TokenError where it opens nothing (any more).
    """
    return _row(session, plain, purpose).token()


def use(session: Session, plain: str, purpose: Purpose) -> Token:
    """Return what a token opens; one that confirms, recovers or reports does so once.

    Raises TokenError where it opens nothing (any more).
    """
    row = _row(session, plain, purpose)
    if purpose in SINGLE_USE:
        row.used_at = datetime.now(UTC)
        session.flush()
    return row.token()


def holder(token: Token, name: str = "somebody with a private link") -> Actor:
    """Return who holds a token: somebody without an account, with the key to one thing."""
    key = f"{token.purpose}:{token.subject_kind}:{token.subject_id}"
    return Actor(f"link:{token.id}", name, "anyone", "link", key)


def revoke(session: Session, subject_kind: str, subject_id: str) -> None:
    """Take back every token that opens a thing."""
    session.execute(
        delete(TokenRow).where(TokenRow.subject_kind == subject_kind, TokenRow.subject_id == subject_id)
    )


def _row(session: Session, plain: str, purpose: str) -> TokenRow:
    row = session.scalar(select(TokenRow).where(TokenRow.digest == _digest(plain)))
    if (
        row is None
        or row.purpose != purpose
        or row.used_at is not None
        or row.expires_at <= datetime.now(UTC)
    ):
        raise TokenError
    return row


def _digest(plain: str) -> str:
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()
