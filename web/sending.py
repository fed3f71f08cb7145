"""Sending: what every form does once nothing is wrong: within bounds, once for each key, with a private link."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from store import answers, limits, outbox, tokens
from store.home import home
from store.queue import SUBMISSION, Submission, revise
from store.roles import ANYONE, Actor
from store.session import writing
from web import address, brakes, keys, pages
from words.freshness import day_words

BY_HAND = "Whoever runs this site sends you the link: its messages do not go out by themselves."
"""What is said of a message where no mail server is set up."""
LINK_DAYS = 90
HOURLY = 30
DAILY_FOR_ALL = 3000
MAILS_A_DAY = 5


class TooManyError(Exception):
    """More came from one address, or from all together, than people write."""


SLOW_DOWN = (
    "More came from your connection in this hour than we take. What you wrote is still here: send it later."
)


@dataclass(frozen=True)
class Sent:
    """What was put into the queue, and the private link to it (its code, once)."""

    submission: Submission
    code: str


def identifier(purpose: str, key: str, *parts: str) -> str | None:
    """Return the id that a form's key stands for, None without one; what is a different thing gets a different id."""
    return keys.number(f"submission:{purpose}", "\x1f".join((key, *parts))) if 8 <= len(key) <= 80 else None


def count(session: Session, request: Request) -> None:
    """Count one suggestion more. Raises TooManyError where that is beyond bounds."""
    hour, day = timedelta(hours=1), timedelta(days=1)
    own = limits.allow(session, "suggest", brakes.who(request), at_most=HOURLY, within=hour)
    if not (own and limits.allow(session, "suggest", "everybody", at_most=DAILY_FOR_ALL, within=day)):
        raise TooManyError


def renewed(session: Session, submission: Submission, payload: Mapping[str, Any], note: str) -> Submission:
    """Return a suggestion as it was sent last: the same key with other words is a correction, while it waits."""
    if submission.status != "waiting" or (submission.payload == dict(payload) and submission.note == note):
        return submission
    key_holder = Actor("", ANYONE.name, "anyone", "link", f"edit:{SUBMISSION}:{submission.id}")
    return revise(
        session, submission.id, payload, actor=key_holder, expected_version=submission.version, note=note
    )


def with_link(session: Session, request: Request, submission: Submission) -> Sent:
    """Give out a private link to a suggestion, and have it sent to the address that was left with it."""
    code = tokens.issue(session, "edit", SUBMISSION, submission.id, LINK_DAYS)
    to = submission.contact_email
    day = timedelta(days=1)
    if to and limits.allow(session, "mail", to.casefold(), at_most=MAILS_A_DAY, within=day):
        about = (SUBMISSION, submission.id)
        outbox.post(session, to, "Your private link", _letter(request, code), about)
    return Sent(submission, code)


def put(
    request: Request, suggest: Callable[[Session], Submission], payload: Mapping[str, Any], note: str
) -> Sent:
    """Put into the queue what `suggest` makes, within bounds, and give out its private link.

    Raises TooManyError, and what `suggest` raises.
    """
    with writing(home()) as session:
        count(session, request)
        return with_link(session, request, renewed(session, suggest(session), payload, note))


def _letter(request: Request, code: str) -> str:
    """Return the message with a private link; it holds nothing that somebody typed, so it carries no spam."""
    start = address.for_messages(request)
    opens = (
        f"{start}/link/edit#{code}"
        if start
        else f"Open the page /link/edit of the register and give this code:\n{code}"
    )
    return (
        "Thank you for your suggestion to the register of what is there for people.\n\n"
        f"This private link opens it, to change it or to take it back:\n{opens}\n\n"
        f"It works until {expires()}. Whoever has it can do the same, so keep it to yourself.\n"
        "If it was not you who left this address, do nothing."
    )


def expires() -> str:
    """Return the day until which a private link that is given out now works, in words."""
    return day_words((datetime.now(UTC) + timedelta(days=LINK_DAYS)).date())


def today() -> date:
    """Return the present day."""
    return datetime.now(UTC).date()


def thanks(request: Request, sent: Sent, title: str, next_: str, done: str) -> Response:
    """Return the page after sending: what happens next, and the private link."""
    return pages.render(
        request,
        "sent.html",
        title=title,
        next=next_,
        done=done,
        code=sent.code,
        link=f"/link/edit#{sent.code}",
        whole=f"{address.for_messages(request) or str(request.base_url).rstrip('/')}/link/edit#{sent.code}",
        mailed=bool(sent.submission.contact_email),
        by_hand="" if answers.are_sent() else BY_HAND,
        until=expires(),
    )
