"""The outbox: a message goes when what it speaks of is kept, by SMTP or as a file, and never into a log."""

import email
import email.policy
import smtplib
import stat
from email.message import EmailMessage
from pathlib import Path
from typing import Any, ClassVar

import pytest
from sqlalchemy import func, select, text

from store import outbox
from store.errors import StoreError
from store.outbox import MessageRow, deliver, is_address, post, send
from store.session import reading, writing

TO = "resident@example.org"


class Mailer:
    """Stands in for the mail server, which the tests must not reach."""

    sent: ClassVar[list[EmailMessage]] = []
    fails: ClassVar[bool] = False

    def __init__(self, host: str, port: int, timeout: int) -> None:
        self.told: list[Any] = [host, port, timeout]

    def __enter__(self) -> "Mailer":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def starttls(self, context: object) -> None:
        self.told.append("tls")

    def login(self, user: str, password: str) -> None:
        assert "tls" in self.told, "the password goes only over an encrypted line"
        assert (user, password) == ("u", "p@ss")

    def send_message(self, message: EmailMessage) -> None:
        if Mailer.fails:
            raise smtplib.SMTPServerDisconnected
        Mailer.sent.append(message)


@pytest.fixture
def mailer(monkeypatch: pytest.MonkeyPatch) -> type[Mailer]:
    """Configure a mail server that keeps what it is given."""
    Mailer.sent, Mailer.fails = [], False
    monkeypatch.setattr(outbox.smtplib, "SMTP", Mailer)
    monkeypatch.setenv("LARDER_SMTP", "smtp://u:p%40ss@mail.example:2525")
    return Mailer


def _waiting(home: Path) -> int:
    with reading(home) as session:
        return session.scalar(select(func.count()).select_from(MessageRow)) or 0


def _files(home: Path) -> list[EmailMessage]:
    found = sorted((home / "outbox").glob("*.eml"))
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in found)
    parsed = [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in found]
    return [message for message in parsed if isinstance(message, EmailMessage)]


def test_without_a_server_it_is_a_file(larder_home: Path) -> None:
    with writing(larder_home) as session:
        post(session, TO, "Your suggestion", "Thank you.\nWe took it – gladly.")
        assert _files(larder_home) == []
    (message,) = _files(larder_home)
    assert (message["To"], message["Subject"]) == (TO, "Your suggestion")
    assert "gladly" in message.get_content()
    assert _waiting(larder_home) == 0


def _post_and_fail(home: Path) -> None:
    with writing(home) as session:
        post(session, TO, "x", "y")
        raise RuntimeError


def test_what_is_not_kept_is_not_told(larder_home: Path) -> None:
    with pytest.raises(RuntimeError):
        _post_and_fail(larder_home)
    assert _waiting(larder_home) == 0
    assert _files(larder_home) == []


def test_it_goes_by_smtp_over_tls(larder_home: Path, mailer: type[Mailer]) -> None:
    with writing(larder_home) as session:
        post(session, TO, "A", "a")
        post(session, TO, "B", "b")
    assert [message["Subject"] for message in mailer.sent] == ["A", "B"]
    assert _waiting(larder_home) == 0


def test_what_cannot_be_sent_waits_and_harms_nothing(
    larder_home: Path, mailer: type[Mailer], capfd: pytest.CaptureFixture[str]
) -> None:
    mailer.fails = True
    with writing(larder_home) as session:
        post(session, TO, "A", "https://larder.example/#secret-link")
    assert _waiting(larder_home) == 1
    assert deliver(larder_home) == 1
    mailer.fails = False
    assert deliver(larder_home) == 0
    assert len(mailer.sent) == 1
    assert _waiting(larder_home) == 0
    told = capfd.readouterr()
    assert TO not in told.out + told.err
    assert "secret-link" not in told.out + told.err


def test_a_message_that_is_being_sent_is_not_sent_twice(larder_home: Path, mailer: type[Mailer]) -> None:
    mailer.fails = True
    with writing(larder_home) as session:
        post(session, TO, "A", "a")
    with writing(larder_home) as session:
        session.execute(text("UPDATE messages SET claimed_at = '2999-01-01 00:00:00+00:00'"))
    mailer.fails = False
    deliver(larder_home)
    assert mailer.sent == []


@pytest.mark.parametrize(
    "address",
    ["", "x", "a b@example.org", "a@b", "a@example.org,b@example.org", "a@example.org\nBcc: b@example.org",
     "é@example.org", f"{'a' * 250}@example.org"],
)  # fmt: skip
def test_what_is_no_address(larder_home: Path, address: str) -> None:
    assert not is_address(address)
    with pytest.raises(StoreError, match="not an e-mail address"):
        send(larder_home, address, "x", "y")


def test_a_subject_cannot_add_a_heading(larder_home: Path) -> None:
    send(larder_home, TO, "Hello\nBcc: other@example.org", "x")
    (message,) = _files(larder_home)
    assert message["Bcc"] is None


@pytest.mark.parametrize("address", ["mail.example", "http://mail.example"])
def test_a_server_that_cannot_be_read(
    larder_home: Path, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("LARDER_SMTP", address)
    with pytest.raises(StoreError, match="LARDER_SMTP"):
        send(larder_home, TO, "x", "y")
    with writing(larder_home) as session:
        post(session, TO, "x", "y")
    assert _waiting(larder_home) == 1, "kept until the address of the server is mended"
