"""Passing on what residents said: the form at /voice."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Unpack

from starlette.requests import Request
from starlette.responses import Response

from assets.errors import AssetError
from assets.register import get_asset
from coproduce.errors import CoproduceError
from coproduce.insight import kept, suggest_insight
from coproduce.insight_rules import LONGEST, value_faults
from geo.place import Place
from store.home import home
from store.roles import ANYONE
from store.session import reading
from web import asset_form, brakes, sending, where
from web.about import About, about, named
from web.fields import Choice, Field, address_faults, choices, read
from web.frame import Look, Turn, draw, new_key
from words.faults import Fault
from words.voices import CONSENTS, GATHERED, HEARD_BY, THEMES

LOOK = Look(
    title="Pass on what people say",
    action="/voice",
    button="Send it",
    intro=(
        "What residents say about living here, so that it stands beside the figures.",
        "Please name nobody and tell nothing by which somebody could be known.",
    ),
    draft="voice",
)
NEXT = (
    "Somebody who looks after the register reads it. It is then shown as far as the person agreed: as it stands, "
    "as a summary, or not at all."
)


SAID = (
    Field(
        "words", "What was said?", "In their words as far as you can.", kind="area", needed=True, most=LONGEST,
        keep="tab", missing="Write what was said.",
    ),
    Field(
        "theme", "What is it about?", kind="choice", needed=True, missing="Choose a theme.",
        choices=tuple(Choice(theme.code, f"{theme.name} ({theme.about})") for theme in THEMES.values()),
    ),
)  # fmt: skip
ABOUT = Field(
    "about", "Which part of the place?",
    "A postcode, a street or a neighbourhood; empty for the whole place. It is kept no finer than the neighbourhood.",
    most=120,
)  # fmt: skip
HOW = (
    Field(
        "gathered", "How was it gathered?", kind="radio", needed=True, choices=choices(GATHERED),
        missing="Choose how.",
    ),
    Field(
        "heard_on", "On which day?", "About is enough.", kind="date", needed=True, most=10, missing="Give the day.",
    ),
    Field(
        "heard_by", "Who writes this down?", kind="radio", needed=True, choices=choices(HEARD_BY),
        missing="Choose who.",
    ),
    Field(
        "consent", "What did the person agree to?", kind="radio", needed=True, choices=choices(CONSENTS),
        missing="Choose what they agreed to. If you did not ask, choose the last.",
    ),
)  # fmt: skip
LAST = tuple(replace(field, keep="tab") for field in asset_form.LAST)
PLAIN = (*SAID, ABOUT, *HOW, *LAST)
LABELS = {field.name: field.label for field in PLAIN} | {"place": "Place"}
TIED = ("place", "area", "asset")
NAMES = (*LABELS, *TIED)


def show(request: Request) -> Response:
    """Show the empty form; its address may say which area or asset it is about."""
    given = {name: request.query_params.get(name, "")[:200] for name in TIED}
    return page(request, LOOK, given, key=new_key())


def page(request: Request, look: Look, sent_fields: Mapping[str, str], **turn: Unpack[Turn]) -> Response:
    """Return the form with its fields as they are."""
    fields = {name: sent_fields.get(name, "") for name in NAMES}
    return draw(
        request, "voice.html", look, fields, labels=LABELS, last=LAST, turn=turn, places=where.places(),
        place=_place(fields), tied=_tied(fields), said=SAID, about=ABOUT, how=HOW,
    )  # fmt: skip


def _tied(fields: Mapping[str, str]) -> str:
    """Return the name of the area or asset that a note is tied to by the address it was opened with."""
    if fields["asset"]:
        with reading(home()) as session:
            try:
                return get_asset(session, fields["asset"], ANYONE).name
            except AssetError:
                return ""
    place = _place(fields)
    return named(_area(fields, place), place) if place else ""


def _place(fields: Mapping[str, str]) -> Place | None:
    """Return the place of a note: that of its asset, else of its postcode, else the one that was chosen."""
    listed = where.places()
    held = where.holding({"postcode": fields.get("about", ""), "place": fields.get("place", "")}, listed)
    if fields.get("asset"):
        with reading(home()) as session:
            try:
                held = get_asset(session, fields["asset"], ANYONE).place or held
            except AssetError:
                held = held or ""
    return where.chosen_place(listed, held or fields.get("place", ""))


def _area(tied: Mapping[str, str], place: Place) -> str:
    """Return the area that a form was opened with, as it is kept; nothing where the place has none of that code."""
    if not named(tied["area"], place):
        return ""
    return str(kept({"place": place.name, "area": tied["area"]})["area"] or "")


def filled(values: Mapping[str, Any]) -> dict[str, str]:
    """Return the form's fields for the values of a suggestion."""
    return {name: str(values.get(name) or "") for name in NAMES}


def read_voice(sent: Mapping[str, str]) -> tuple[dict[str, Any], str, list[Fault]]:
    """Return what a form says as the values of a note, the note to the stewards, and every fault."""
    cleaned, faults = read(PLAIN, sent)
    place = _place(sent)
    tied = {name: sent.get(name, "") for name in TIED}
    found, wrong = _about(cleaned["about"], tied, place)
    faults += wrong
    names = ("theme", "gathered", "heard_on", "heard_by", "consent", "words")
    values = {name: cleaned[name] for name in names} | {
        "place": place.name if place else "",
        "area": found.area or None,
        "asset": tied["asset"] if tied["asset"] and _tied(tied) else None,
    }
    values = kept(values)
    known = {fault.column for fault in faults}
    faults += [fault for fault in value_faults(values, (*values,)) if fault.column not in known]
    faults += address_faults(cleaned, "contact_email")
    return values, cleaned["note"], faults


def _about(text: str, tied: Mapping[str, str], place: Place | None) -> tuple[About, list[Fault]]:
    """Return the area that a note is about: the one typed, else the one it was opened with."""
    if place is None:
        return About("", ""), []
    if not text:
        return About(_area(tied, place), ""), []
    found = about(text, place, where.locator_of(where.places()))
    if found is None:
        cure = "Try a postcode or one street, or leave it empty and say in the words where it is."
        return About("", ""), [
            Fault(f"Nothing called this was found in {place.title}.", cure, column="about")
        ]
    return found, []


def take(request: Request, sent: dict[str, str]) -> Response:
    """Take the form, check it all, and put it into the queue."""
    key = sent.get("key", "") or new_key()
    values, note, wrong = read_voice(sent)
    faults = [*brakes.ticket_faults(request, sent, haste=True), *wrong]
    if faults:
        return page(request, LOOK, sent, sent=sent, key=key, faults=faults, status=422)
    email = " ".join(sent.get("contact_email", "").split())
    suggest = partial(
        suggest_insight, values=values, actor=ANYONE, note=note, contact_email=email,
        key=sending.identifier("insight", key, values["words"][:80].casefold()),
    )  # fmt: skip
    try:
        given = sending.put(request, suggest, {"values": values}, note)
    except CoproduceError as error:
        return page(request, LOOK, sent, sent=sent, key=key, faults=error.faults, status=422)
    except sending.TooManyError:
        return page(
            request, LOOK, sent, sent=sent, key=key, faults=[Fault(sending.SLOW_DOWN, "")], status=429
        )
    told = f"{where.moved(sent.get('place', ''), str(values['place']), where.places())} {NEXT}".strip()
    return sending.thanks(request, given, "Thank you: it has arrived", told, LOOK.draft)
