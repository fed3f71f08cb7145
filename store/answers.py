"""Answers: what every kind of suggestion has in common, from its sender's address to what the sender is told."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from store import outbox
from store.errors import StoreError
from store.queue import SUBMISSION, Outdated, Submission, get_submission
from store.roles import Actor
from words.faults import Fault


def address_faults(contact_email: str) -> list[Fault]:
    """Return a fault where what was left to answer to is no address; nothing left is none."""
    if not contact_email or outbox.is_address(contact_email):
        return []
    cure = "Write one address, like name@example.org, or leave it out."
    return [Fault("This is not an e-mail address.", cure, column="contact_email")]


def are_sent() -> bool:
    """Return whether messages go out by themselves: else they wait in the outbox for whoever runs the site."""
    try:
        return outbox.smtp_server() is not None
    except StoreError:
        # a mail server that cannot be read sends nothing either
        return False


def reach_words(contact_email: str) -> str:
    """Return how far a steward's reason reaches who made a suggestion."""
    if not contact_email:
        return "they left no address"
    if are_sent():
        return "they left an address, so your reason reaches them"
    return "they left an address. Your reason waits in the outbox: no mail server is set up"


def plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values as the queue and the versions keep them: dates and times as their ISO text."""
    return {name: each.isoformat() if isinstance(each, date) else each for name, each in values.items()}


def still_waiting(session: Session, submission_id: str, actor: Actor, *, expected_version: int) -> Submission:
    """Return a suggestion that is to be decided on.

    Raises Outdated where it was changed or decided since `expected_version`, and what `get_submission` raises.
    """
    submission = get_submission(session, submission_id, actor)
    if submission.status != "waiting" or submission.version != expected_version:
        raise Outdated("This suggestion was changed or decided meanwhile.", "Load the queue again.")
    return submission


def tell(
    session: Session, submission: Submission, *, title: str, opening: str, said: Mapping[str, str]
) -> None:
    """Tell the sender what was decided, where they left an address; `said` is the sentence of each decision."""
    if not submission.contact_email:
        return
    why = f"\n\nThe reason: {submission.decision_reason}" if submission.decision_reason else ""
    text = f"{opening}\n\n{said[submission.status]}{why}\n"
    about = (SUBMISSION, submission.id)
    if submission.subject_id:
        about = (submission.subject_kind, submission.subject_id)
    outbox.post(session, submission.contact_email, title, text, about)
