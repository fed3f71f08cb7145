"""What waits for a decision, made ready to be read: a title, a sentence, and both sides to compare."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from assets.register import get_asset
from assets.schema import Asset
from store.home import home
from store.pages import Page
from store.queue import Submission, get_submission, waiting
from store.roles import Actor
from store.session import reading
from ui.components.asset_fields import STEWARDS
from words.freshness import day_words
from words.register import QUEUE_KINDS, Difference, differences
from words.sentences import count_words, sentence_case
from words.voices import CONSENTS, GATHERED, HEARD_BY, THEMES

SIZE = 25
INSIGHT_FIELDS = ("place", "area", "asset", "theme", "gathered", "heard_on", "heard_by", "consent", "words")
_CODES: dict[str, Mapping[str, str]] = {
    "theme": {code: theme.name for code, theme in THEMES.items()},
    "gathered": GATHERED,
    "heard_by": HEARD_BY,
    "consent": CONSENTS,
}


@dataclass(frozen=True)
class Case:
    """One suggestion with what it is about: the asset that is published (and the other one of a pair), if any."""

    submission: Submission
    asset: Asset | None = None
    other: Asset | None = None

    @property
    def suggested(self) -> dict[str, Any]:
        """Return what is suggested, field by field."""
        payload = self.submission.payload
        if self.submission.kind == "duplicate":
            return {} if self.other is None else {field: self.other.as_dict()[field] for field in STEWARDS}
        if self.submission.kind == "confirm":
            return {"confirmed_on": payload.get("on", "")}
        return dict(payload.get("values") or payload.get("changes") or {})

    @property
    def published(self) -> dict[str, Any]:
        """Return what the register says now, nothing for something new."""
        return {} if self.asset is None else self.asset.as_dict()


def queue(actor: Actor, kind: str, page: int) -> Page[Submission]:
    """Return a page of what waits, oldest first, of one kind or of all; one past the end is the last."""
    with reading(home()) as session:
        found = waiting(session, actor, kind=kind or None, page=page, size=SIZE)  # type: ignore[arg-type]
    return queue(actor, kind, found.pages) if page > found.pages else found


def case(submission_id: str, actor: Actor) -> Case:
    """Return one suggestion with the assets that it is about."""
    with reading(home()) as session:
        submission = get_submission(session, submission_id, actor)
        if submission.subject_kind != "asset" or submission.subject_id is None:
            return Case(submission)
        other = submission.payload.get("other")
        return Case(
            submission,
            get_asset(session, submission.subject_id, actor),
            get_asset(session, str(other), actor) if other else None,
        )


def names(submissions: tuple[Submission, ...], actor: Actor) -> dict[str, str]:
    """Return what each suggestion is about, by its id."""
    with reading(home()) as session:
        return {one.id: _name(session, one, actor) for one in submissions}


def _name(session: Session, submission: Submission, actor: Actor) -> str:
    if submission.kind == "insight":
        theme = THEMES.get(str(submission.payload.get("values", {}).get("theme")))
        return theme.name if theme else "A note"
    if submission.subject_id is None:
        return str(submission.payload.get("values", {}).get("name", "")) or "Something new"
    return get_asset(session, submission.subject_id, actor).name


def title(submission: Submission, name: str) -> str:
    """Return how a suggestion is called in the queue."""
    return f"{QUEUE_KINDS.get(submission.kind, submission.kind)}: {name}"


def origin(submission: Submission) -> str:
    """Return who suggested it and when, and whether they can be told what became of it."""
    who = submission.submitter_name or "somebody without an account"
    told = (
        "they left an address, so your reason reaches them"
        if submission.contact_email
        else "they left no address"
    )
    return f"From {who} on {day_words(submission.submitted_at.date())}; {told}."


def sides(found: Case) -> list[Difference]:
    """Return both sides, field by field; of an asset only what people read, of a note all of it."""
    if found.submission.kind == "insight":
        values = {field: _spelt(field, value) for field, value in found.suggested.items()}
        return differences({}, values, INSIGHT_FIELDS)
    fields = dict.fromkeys([*STEWARDS, "confirmed_on", *found.suggested])
    return differences(found.published, found.suggested, fields)


def _spelt(field: str, value: Any) -> Any:
    return _CODES.get(field, {}).get(str(value), value)


def is_outdated(found: Case) -> bool:
    """Return whether what is published changed since the suggestion was made."""
    base = found.submission.base_version
    return found.asset is not None and base is not None and found.asset.version > base


def amendable(found: Case) -> tuple[str, ...]:
    """Return the fields that somebody who decides may change on the way."""
    return () if found.submission.kind in ("confirm", "duplicate", "insight") else STEWARDS


def waits_sentence(page: Page[Submission]) -> str:
    """Return how much waits, and since when."""
    if not page.total:
        return "Nothing waits for a decision."
    told = f"{sentence_case(count_words(page.total, 'suggestion waits', 'suggestions wait'))} for a decision."
    if page.page > 1:
        return told
    return f"{told} The oldest came on {day_words(page.items[0].submitted_at.date())}."
