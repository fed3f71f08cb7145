"""The outbox: messages to people, through SMTP where it is configured, else as files to send."""

import email
import email.policy
import os
import re
import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from functools import partial
from pathlib import Path
from typing import Literal
from urllib.parse import unquote, urlsplit
from uuid import uuid4

from sqlalchemy import Index, String, Text, and_, delete, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.errors import StoreError
from store.session import Base, Moment, after_commit, reading, writing

TIMEOUT_SECONDS = 20
FOLDER = "outbox"
ABOUT = "X-Larder-About"
"""The heading by which a redaction finds a message that is a file; one that is sent does not have it."""
_CLAIM = timedelta(minutes=10)
_ADDRESS = re.compile(r"[^@\s,;<>\"']+@[^@\s,;<>\"']+\.[^@\s,;<>\"'.]+")
Way = Literal["sent", "kept as a file"]


class MessageRow(Base):
    """The table `messages`: what waits to be sent. A row goes when its message went."""

    __tablename__ = "messages"
    __table_args__ = (Index("messages_about", "subject_kind", "subject_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    recipient: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(Moment)
    claimed_at: Mapped[datetime | None] = mapped_column(Moment)


@dataclass(frozen=True)
class Server:
    """The mail server that `LARDER_SMTP` names: smtp://user:password@host:port."""

    host: str
    port: int
    user: str
    password: str


def is_address(text: str) -> bool:
    """Return whether a text can be an e-mail address: one @, a dot behind it, no spaces, 254 characters."""
    return len(text) <= 254 and text.isascii() and _ADDRESS.fullmatch(text) is not None


def post(session: Session, to: str, subject: str, text: str, about: tuple[str, str] = ("", "")) -> None:
    """Have a message sent once what the session writes is kept, and not at all if it is not.

    `about` is the kind and id of what the message speaks of, so that a redaction finds it. Raises StoreError
    where `to` is no e-mail address.
    """
    _check(to)
    session.add(
        MessageRow(
            recipient=to,
            subject=" ".join(subject.split()),
            body=text,
            subject_kind=about[0],
            subject_id=about[1],
            created_at=datetime.now(UTC),
            claimed_at=None,
        )
    )
    after_commit(session, deliver)


def deliver(home: Path) -> int:
    """Send what waits and return how many messages could not be sent; those wait for the next time.

    A message is claimed, sent and then forgotten: one that a crash interrupts is sent again after ten
    minutes, so it may come twice but is never lost.
    """
    failed = 0
    for message in _claim(home):
        try:
            about = (message.subject_kind, message.subject_id)
            send(home, message.recipient, message.subject, message.body, about)
        except (OSError, smtplib.SMTPException, StoreError):
            failed += 1
            _settle(home, message.id, sent=False)
        else:
            _settle(home, message.id, sent=True)
    return failed


def _claim(home: Path) -> list[MessageRow]:
    free = or_(MessageRow.claimed_at.is_(None), MessageRow.claimed_at < datetime.now(UTC) - _CLAIM)
    with reading(home) as session:
        if session.scalar(select(MessageRow.id).where(free).limit(1)) is None:
            return []
    with writing(home) as session:
        rows = list(session.scalars(select(MessageRow).where(free).order_by(MessageRow.id)))
        for row in rows:
            row.claimed_at = datetime.now(UTC)
    return rows


def _settle(home: Path, message: int, *, sent: bool) -> None:
    with writing(home) as session:
        row = session.get(MessageRow, message)
        if row is not None and sent:
            session.delete(row)
        elif row is not None:
            row.claimed_at = None


def send(home: Path, to: str, subject: str, text: str, about: tuple[str, str] = ("", "")) -> Way:
    """Send one message now: by SMTP, or else into a file of its own in the home's outbox.

    `about` is what `post` was told, and stands in the file alone.

    Raises StoreError where `to` is no address or LARDER_SMTP cannot be read; OSError or
    smtplib.SMTPException where the server cannot be reached or refuses.
    """
    _check(to)
    message = EmailMessage()
    message["To"], message["Subject"] = to, " ".join(subject.split())
    message["From"] = os.environ.get("LARDER_SMTP_FROM") or "larder@localhost"
    message["Date"] = format_datetime(datetime.now(UTC))
    message["Message-ID"] = make_msgid(domain="larder.invalid")
    message.set_content(text)
    server = smtp_server()
    if server is None:
        if all(about):
            message[ABOUT] = _written(about)
        _write(home / FOLDER, message)
        return "kept as a file"
    with smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_SECONDS) as smtp:
        smtp.starttls(context=ssl.create_default_context())
        if server.user:
            smtp.login(server.user, server.password)
        smtp.send_message(message)
    return "sent"


def smtp_server() -> Server | None:
    """Return the mail server of `LARDER_SMTP`, None where it is not set. Raises StoreError if unreadable."""
    address = os.environ.get("LARDER_SMTP", "").strip()
    if not address:
        return None
    parts = urlsplit(address)
    if parts.scheme != "smtp" or not parts.hostname:
        raise StoreError(
            "LARDER_SMTP is not the address of a mail server.", "Write smtp://user:password@host:587"
        )
    return Server(
        parts.hostname, parts.port or 587, unquote(parts.username or ""), unquote(parts.password or "")
    )


def withdraw(session: Session, kind: str, entity: str, told: Sequence[str] = ()) -> None:
    """Take back every message about a thing, and every one whose text has one of the passages `told`.

    That is those that wait, and once what the session writes is kept the files in the home's outbox, of which nobody
    knows whether they were sent. Of what a mail server was given nothing is kept here. A message about several things
    is about none of them: it is found by what it says.
    """
    about = and_(MessageRow.subject_kind == kind, MessageRow.subject_id == entity)
    saying = [MessageRow.body.contains(passage, autoescape=True) for passage in told]
    session.execute(delete(MessageRow).where(or_(about, *saying)))
    after_commit(session, partial(_remove_files, about=(kind, entity), told=tuple(told)))


def _remove_files(home: Path, *, about: tuple[str, str], told: Sequence[str]) -> None:
    for path in (home / FOLDER).glob("*.eml"):
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        text = str(message.get_content())
        if message[ABOUT] == _written(about) or any(passage in text for passage in told):
            path.unlink(missing_ok=True)


def _written(about: tuple[str, str]) -> str:
    return "/".join(about)


def _check(to: str) -> None:
    if not is_address(to):
        raise StoreError("This is not an e-mail address.", "Write one address, like name@example.org.")


def _write(folder: Path, message: EmailMessage) -> None:
    """Write a message whole, readable by the owner alone."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{uuid4().hex[:8]}.eml"
    part = folder / f".{name}"
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(bytes(message))
    part.replace(folder / name)
