"""One suggestion to decide on: what it says, both sides, and the three answers (approve, amend, refuse)."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from assets.locate import locator
from assets.suggestions import approve, refuse
from coproduce.insight import approve_insight, refuse_insight
from coproduce.insight_rules import no_wider
from store.home import home
from ui import account, cache, desk, location, reviewing, said
from ui.components.asset_facts import standing
from ui.components.asset_fields import changed, draw_fields, read_fields
from ui.components.differences import draw_differences, draw_new
from ui.components.text import heading, lead, note, plain
from ui.reviewing import Case
from words.register import Difference
from words.sentences import count_words, joined, sentence_case
from words.voices import CONSENTS

CASE = "review-item"
APPROVE = {
    "new": "Approve: add it",
    "change": "Approve: publish the change",
    "conflict": "Take what the import says",
    "confirm": "Approve: it is still right",
    "report": "Hold it back until it is mended",
    "duplicate": "They are one: merge the second into the first",
    "insight": "Approve the note",
}
REFUSE = {
    "duplicate": "They are two: keep both",
    "conflict": "Keep what is published",
    "report": "Nothing is wrong: leave it",
}
LOCATED = ("new", "change", "conflict")
"""The kinds of suggestion that may put an asset somewhere else."""
DONE = {
    "new": "It is in the register now.",
    "change": "The change is published.",
    "conflict": "The import's values are published.",
    "confirm": "It stands as confirmed.",
    "report": "It is held back: no list and no map shows it until it is mended.",
    "duplicate": "The two are one entry now. Its history can undo that.",
    "insight": "The note is kept, and shown as its consent allows.",
}

NARROWED = "The note is kept with less to be shown than was agreed to: {}."


def draw_case(found: Case, name: str) -> None:
    """Draw one suggestion with everything that a decision needs."""
    submission = found.submission
    heading(reviewing.title(submission, name), 1)
    rows = reviewing.sides(found)
    lead(said_of(found, rows))
    note(reviewing.origin(submission))
    if submission.note:
        note(f"They write: {submission.note}")
    if found.asset is not None:
        for sentence in standing(found.asset):
            st.warning(plain(sentence))
    if reviewing.is_outdated(found):
        st.warning("The entry was changed since this was suggested. Compare before you decide.")
    if submission.kind in LOCATED:
        _draw_location(found)
    _draw_sides(found, rows)
    _draw_answers(found)


def said_of(found: Case, rows: list[Difference]) -> str:
    """Return in a sentence what the suggestion would do."""
    kind = found.submission.kind
    if kind == "insight":
        consent = str(found.suggested.get("consent"))
        return f"What residents said. What they agreed to: {CONSENTS.get(consent, consent).lower()}."
    if kind == "report":
        return "Somebody says that this entry is wrong. What is published has not changed."
    if kind == "duplicate":
        return "These two entries may be one and the same."
    changes = [row.label for row in rows if row.change != "same"]
    if kind == "new":
        return "This would be a new entry. Nothing of it is published yet."
    if not changes:
        return "This would change nothing: the entry says all of it already."
    fields = joined([label.lower() for label in changes])
    return f"{sentence_case(count_words(len(changes), 'field'))} would change: {fields}. The rest stays as it is."


def _draw_location(found: Case) -> None:
    """Draw where it would stand, and say whether the pin and the postcode agree."""
    where = cache.where(home())
    at = location.location(found.published, found.suggested, where)
    place = location.holder(at, where, desk.places()) if at else None
    if at is None:
        return
    if at.disagrees:
        st.warning(plain(location.sentence(at)))
    else:
        note(location.sentence(at))
    if place:
        st.html(location.picture(at, place))
        note("The pin is where it would stand; the ring is the middle of the postcode." if at.metres else "")


def _draw_sides(found: Case, rows: list[Difference]) -> None:
    if found.submission.kind == "duplicate":
        draw_differences(rows, "The two entries", now="First entry", then="Second entry")
    elif found.submission.kind != "report":
        told = [row for row in rows if row.change != "same"]
        if not found.published:
            draw_new(told, "What they say")
            return
        draw_differences(told, "What would change", now="Published now", then="Suggested")
        same = [row for row in rows if row.change == "same"]
        if same:
            with st.expander(f"What stays as it is: {count_words(len(same), 'field')}"):
                draw_differences(same, "What stays as it is", now="Published now", then="Suggested")


def _draw_answers(found: Case) -> None:
    submission, kind = found.submission, found.submission.kind
    if kind == "insight":
        agreed = str(found.suggested.get("consent"))
        st.radio(
            "What may be shown of it (what the person agreed to, or less)",
            no_wider(agreed),
            key=f"consent-{submission.id}",
            format_func=CONSENTS.__getitem__,
        )
        st.text_area(
            "A summary in your own words (needed where only a summary may be shown)",
            key=f"summary-{submission.id}",
        )
    st.text_input(
        "A reason, in a sentence (a refusal needs one; it reaches whoever left an address)",
        key=f"reason-{submission.id}",
        max_chars=500,
    )  # fmt: skip
    with st.container(horizontal=True, key="decide"):
        st.button(
            APPROVE[kind],
            key="approve",
            type="primary",
            on_click=_approve,
            args=(found,),
            icon=":material/check:",
        )
        st.button(
            REFUSE.get(kind, "Refuse"), key="refuse", on_click=_refuse, args=(found,), icon=":material/close:"
        )
    fields = reviewing.amendable(found)
    if fields:
        with st.expander("Amend it first"):
            prefix = f"amend-{submission.id}-{submission.version}"
            with st.form(f"form-{prefix}", border=False):
                draw_fields(prefix, {**found.published, **found.suggested}, fields)
                st.form_submit_button(
                    "Publish it as amended", type="primary", on_click=_amend, args=(found, prefix, fields)
                )


def _reason(found: Case) -> str:
    return str(st.session_state.get(f"reason-{found.submission.id}", "")).strip()


def _approve(found: Case) -> None:
    submission = found.submission
    if submission.kind == "insight":
        _approve_note(found)
        return
    _publish(found, {})


def _approve_note(found: Case) -> None:
    """Keep a note, with what the steward lets be shown of it: never more than was agreed to."""
    submission, agreed = found.submission, found.suggested.get("consent")
    summary = str(st.session_state.get(f"summary-{submission.id}", ""))
    consent = st.session_state.get(f"consent-{submission.id}", agreed)
    narrowed = {} if consent == agreed else {"consent": consent}
    _settle(
        lambda session: approve_insight(
            session, submission.id, actor=account.actor(), amendments=narrowed, summary=summary,
            reason=_reason(found), expected_version=submission.version,
        ),
        NARROWED.format(CONSENTS[str(consent)].lower()) if narrowed else DONE[submission.kind],
    )  # fmt: skip


def _amend(found: Case, prefix: str, fields: tuple[str, ...]) -> None:
    values, faults = read_fields(prefix, fields)
    if faults:
        said.refuse(" ".join(fault.sentence() for fault in faults))
        return
    amendments = changed({**found.published, **found.suggested}, values)
    if not amendments and found.submission.kind == "report":
        said.refuse("Nothing in the form differs from what is published.")
        return
    _publish(found, amendments)


def _publish(found: Case, amendments: dict[str, Any]) -> None:
    submission = found.submission
    done = DONE[submission.kind] if not amendments else "It is published as you amended it."
    _settle(
        lambda session: approve(
            session, submission.id, actor=account.actor(), amendments=amendments, reason=_reason(found),
            expected_version=submission.version, asset_version=found.asset.version if found.asset else None,
            where=locator(home()),
        ),
        done,
    )  # fmt: skip


def _refuse(found: Case) -> None:
    submission, reason = found.submission, _reason(found)
    act = refuse_insight if submission.kind == "insight" else refuse
    if submission.kind == "duplicate" and not reason:
        reason = "They are two different things."
    _settle(
        lambda session: act(
            session, submission.id, actor=account.actor(), reason=reason, expected_version=submission.version
        ),
        "It was refused. What is published stays as it is.",
    )


def _settle(work: Callable[..., object], done: str) -> None:
    """Decide, and go back to the queue where that worked."""
    if said.attempt(work, done) is not None:
        st.session_state[CASE] = ""
