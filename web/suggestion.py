"""One's own suggestion, opened with its private link: what became of it, changing it, taking it back."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from assets.errors import AssetError
from assets.register import get_asset
from store import queue, tokens
from store.answers import plain
from store.home import home
from store.queue import Outdated, Submission
from store.roles import ANYONE, Actor
from store.session import reading, writing
from store.tokens import Token
from web import asset_form, brakes, edit, form_page, links, pages, voice, where
from web.fields import Field, clean
from web.frame import Look
from words.faults import Fault
from words.freshness import day_words

SAVED = "It is changed. Somebody who looks after the register reads it as it is now."
NOTE = Field("note", "What you wrote", kind="area", most=4000)


def _opened(request: Request, sent: dict[str, str]) -> tuple[Token, Submission, Actor] | Response:
    token = links.opened(request, sent, "edit")
    if isinstance(token, Response):
        return token
    actor = tokens.holder(token)
    with reading(home()) as session:
        return token, queue.get_submission(session, token.subject_id, actor), actor


def enter(request: Request, sent: dict[str, str]) -> Response:
    """Show the suggestion that a private link opens, with its form while it waits."""
    found = _opened(request, sent)
    return found if isinstance(found, Response) else _page(request, found[1], sent)


def _page(
    request: Request,
    one: Submission,
    sent: Mapping[str, str],
    faults: tuple[Fault, ...] = (),
    saved: str = "",
) -> Response:
    if one.status != "waiting":
        return pages.render(request, "decided.html", one=one, name=_name(one), state=links.STATES[one.status])
    look = _look(one, sent, saved)
    if one.kind in {"new", "change"}:
        return form_page.page(request, look, _fields(one), sent=sent, faults=faults)
    if one.kind == "insight":
        return voice.page(
            request, look, voice.filled(one.payload["values"]) | {"note": one.note}, sent=sent, faults=faults
        )
    return pages.render(
        request, "note.html", ticket=brakes.ticket(request, sent.get(brakes.TICKET, "")), look=look, field=NOTE,
        value=one.note, beside={}, others=[fault.what for fault in faults], labels={}, editable=one.kind == "report",
    )  # fmt: skip


def _look(one: Submission, sent: Mapping[str, str], saved: str) -> Look:
    sent_on = day_words(one.submitted_at.date())
    told = f"{links.KINDS.get(one.kind, 'A suggestion')}, sent on {sent_on}. Nobody has read it yet."
    return Look(
        title="Your suggestion",
        action="/link/edit/save",
        button="Save the changes",
        intro=tuple(
            part
            for part in (saved, told, "You can change it, or take it back at the end of this page.")
            if part
        ),
        extra={"code": links.code_of(sent.get("code", "")), "version": str(one.version)},
        withdraw=True,
    )


def _name(one: Submission) -> str:
    return str(one.payload.get("values", {}).get("name", ""))


def _fields(one: Submission) -> dict[str, str]:
    """Return the form's fields of a suggestion: a change is shown over what the asset says now."""
    if one.kind == "new":
        values = one.payload["values"]
        fields = asset_form.filled(values) | {"place": str(values.get("place") or "")}
        return where.settled(fields, where.places()) | {"note": one.note}
    base: dict[str, Any] = {}
    with reading(home()) as session:
        try:
            shown = get_asset(session, one.subject_id or "", ANYONE)
            base = {name: getattr(shown, name) for name in (*asset_form.SHOWN, "place")}
        except AssetError:
            base = {}
    place = {"place": str(base.get("place") or "")}
    fields = asset_form.filled({**base, **one.payload["changes"]}) | place
    return where.settled(fields, where.places()) | {"note": one.note}


def save(request: Request, sent: dict[str, str]) -> Response:
    """Keep a changed suggestion, while it waits."""
    found = _opened(request, sent)
    if isinstance(found, Response):
        return found
    _, one, actor = found
    if one.status != "waiting":
        return _page(request, one, sent)
    if one.kind == "insight":
        return _save_voice(request, sent, one, actor)
    if one.kind not in {"new", "change"}:
        note = clean(sent.get("note", ""), lines=True)[: NOTE.most]
        return _keep(request, sent, one, actor, payload=one.payload, note=note)
    return _save_asset(request, sent, one, actor)


def _save_asset(request: Request, sent: dict[str, str], one: Submission, actor: Actor) -> Response:
    look = _look(one, sent, "")
    act, fields = form_page.after_button(sent)
    if act != "send":
        return form_page.answered(request, look, act, fields, sent=sent)
    before = _fields(one)
    told = edit.without_old_point(fields, before)
    got = asset_form.read_form(told, where.places(), needs_point=one.kind == "new")
    if got.faults:
        return form_page.page(
            request, look, fields, sent=sent, faults=got.faults, spots=got.spots, status=422
        )
    if one.kind == "new":
        payload: dict[str, Any] = {"values": plain(asset_form.new_values(got))}
    else:
        with reading(home()) as session:
            try:
                shown = get_asset(session, one.subject_id or "", ANYONE)
            except AssetError:
                return asset_gone(request)
        payload = {"changes": plain(edit.differences(got, shown))}
    return _keep(request, sent, one, actor, payload=payload, note=got.note)


def asset_gone(request: Request) -> Response:
    """Return the page for a change of an asset that is not there any more."""
    return pages.say(
        request, "Not in the register", ["This asset was taken out of the register meanwhile."], status=410
    )


def _save_voice(request: Request, sent: dict[str, str], one: Submission, actor: Actor) -> Response:
    values, note, faults = voice.read_voice(sent)
    if faults:
        return voice.page(request, _look(one, sent, ""), sent, sent=sent, faults=tuple(faults), status=422)
    return _keep(request, sent, one, actor, payload={"values": values}, note=note)


def _keep(
    request: Request,
    sent: dict[str, str],
    one: Submission,
    actor: Actor,
    *,
    payload: Mapping[str, Any],
    note: str,
) -> Response:
    try:
        with writing(home()) as session:
            kept = queue.revise(
                session, one.id, payload, actor=actor, expected_version=_version(sent), note=note
            )
    except Outdated as error:
        with reading(home()) as session:
            now = queue.get_submission(session, one.id, actor)
        return _page(request, now, sent, tuple(error.faults))
    return _page(request, kept, sent, saved=SAVED)


def _version(sent: Mapping[str, str]) -> int:
    text = sent.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 9 else -1


def withdraw(request: Request, sent: dict[str, str]) -> Response:
    """Take a suggestion back, while it waits."""
    found = _opened(request, sent)
    if isinstance(found, Response):
        return found
    _, one, actor = found
    try:
        with writing(home()) as session:
            queue.withdraw(session, one.id, actor=actor, expected_version=_version(sent))
    except Outdated as error:
        with reading(home()) as session:
            now = queue.get_submission(session, one.id, actor)
        return _page(request, now, sent, tuple(error.faults))
    return pages.say(
        request, "It is taken back", ["Nobody will decide on it any more."],
        links=(("/add", "Suggest an asset"), ("/", "To the map")),
    )  # fmt: skip
