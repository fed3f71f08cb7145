"""What waits for a decision, made ready to be read: a title, a sentence, and both sides to compare."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from assets.errors import AssetError
from assets.register import get_asset
from assets.schema import Asset
from coproduce.neighbourhood import HOLDERS
from geo.place import Place
from store.answers import reach_words
from store.home import home
from store.pages import Page
from store.queue import Submission, get_submission, waiting
from store.roles import Actor
from store.session import reading
from ui import account, desk
from ui.components.asset_fields import STEWARDS
from words.freshness import day_words
from words.labels import level_name, place_label
from words.register import QUEUE_KINDS, Difference, differences
from words.sentences import count_words, joined, sentence_case
from words.voices import CONSENTS, GATHERED, HEARD_BY, NOTE_FIELDS, THEMES

SIZE = 25
DAYS = frozenset({"heard_on", "confirmed_on", "consent_on"})
LONGEST_STREET = 60
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
    """Return a page of what waits, in the order of `waiting`, of one kind or of all; one past the end is the last."""
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
    asset = get_asset(session, submission.subject_id, actor)
    other = submission.payload.get("other")
    if submission.kind == "duplicate" and other:
        return joined([_at_its_door(asset), _at_its_door(get_asset(session, str(other), actor))])
    return asset.name


def _at_its_door(asset: Asset) -> str:
    """Return an asset's name with its street and postcode, so that two of one name can be told apart."""
    lines = [line.strip() for line in asset.address.split(",") if line.strip() and line.strip() != asset.name]
    # a line without a word is a house number, and says nothing without the street after it
    street = ", ".join(lines[: 1 if lines and any(word.isalpha() for word in lines[0].split()) else 2])
    where = [part for part in (street[:LONGEST_STREET], asset.postcode) if part and part not in asset.name]
    return f"{asset.name} ({', '.join(where)})" if where else asset.name


def title(submission: Submission, name: str) -> str:
    """Return how a suggestion is called in the queue."""
    return f"{QUEUE_KINDS.get(submission.kind, submission.kind)}: {name}"


def origin(submission: Submission) -> str:
    """Return who suggested it and when, and whether they can be told what became of it."""
    who = submission.submitter_name or "somebody without an account"
    told = reach_words(submission.contact_email)
    return f"From {who} on {day_words(submission.submitted_at.date())}; {told}."


def sides(found: Case) -> list[Difference]:
    """Return both sides, field by field; of an asset only what people read, of a note all of it."""
    if found.submission.kind == "insight":
        rows = differences({}, _spelt(_with_asset(found)), NOTE_FIELDS)
        return [replace(row, label=NOTE_FIELDS[row.field]) for row in rows]
    fields = dict.fromkeys([*STEWARDS, "confirmed_on", *found.suggested])
    return differences(_spelt(found.published), _spelt(found.suggested), fields)


def _with_asset(found: Case) -> dict[str, Any]:
    """Return what a note says, with the name of the asset that it is about where that is still to be seen."""
    values = found.suggested
    if values.get("asset"):
        try:
            values["asset"] = desk.asset(str(values["asset"]), account.actor()).name
        except AssetError:
            values["asset"] = "an asset that is no longer here"
    return values


def _spelt(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values with codes in words: the place's title, the area's name and level, days as people write them."""
    place = desk.places().get(str(values.get("place") or ""))
    told = {field: _word(field, value) for field, value in values.items()}
    if place is None:
        return told
    told["place"] = place_label(place.title, fictional=place.fictional)
    if values.get("area"):
        told["area"] = _area_words(place, str(values["area"]))
    return told


def _area_words(place: Place, code: str) -> str:
    """Return an area by its name and level: one of the place's own, or a larger one, as notes are kept."""
    if name := desk.area_name(place, code):
        return f"{name} ({level_name(place.level)})"
    areas = place.areas()
    for level in HOLDERS:
        if level in areas and (inside := areas[areas[level] == code]).size:
            name = str(inside[f"{level}_name"].iloc[0] or "") if f"{level}_name" in areas else ""
            return f"{name or code} ({level_name(level)})"
    return code


def _word(field: str, value: Any) -> Any:
    if field in DAYS and value:
        return _day(value)
    return _CODES.get(field, {}).get(str(value), value)


def _day(value: Any) -> str:
    try:
        return day_words(value if isinstance(value, date) else date.fromisoformat(str(value)))
    except ValueError:
        return str(value)


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
    first = page.items[0]
    day = day_words(first.submitted_at.date())
    # duplicates stand last, whatever their day: where there may be some, the first is the oldest of the others only
    if first.kind == "duplicate" or (page.pages == 1 and page.items[-1].kind != "duplicate"):
        return f"{told} The oldest came on {day}."
    return f"{told} What people sent in stands first, and the oldest of it came on {day}."
