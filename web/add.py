"""Suggesting an asset: the form at /add."""

from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from assets.duplicates import Similar, similar
from assets.errors import AssetError
from assets.suggestions import suggest_new
from store.answers import plain
from store.home import home
from store.roles import ANYONE
from store.session import reading
from web import asset_form, brakes, form_page, sending, where
from web.asset_form import Reading
from web.frame import Look, new_key
from words.faults import Fault

LOOK = Look(
    title="Suggest an asset",
    action="/add",
    button="Send the suggestion",
    intro=(
        "Something good that is already here: a place, a group, a service, a skill that people can use.",
        "No account is needed. What it is, its name and where it is are enough.",
    ),
    draft="add",
)
NEXT = (
    "Somebody who looks after the register reads it and puts it on the map, or writes why not. "
    "Until then it is shown to nobody else."
)
TAKEN_FROM_ADDRESS = ("name", "category", "postcode", "address", "latitude", "longitude", "place", "near")


def show(request: Request) -> Response:
    """Show the empty form; its address may fill in some fields."""
    given = {name: request.query_params.get(name, "")[:300] for name in TAKEN_FROM_ADDRESS}
    return form_page.page(request, LOOK, asset_form.typed(given), key=new_key())


def take(request: Request, sent: dict[str, str]) -> Response:
    """Take the form: do what a button beside the map says, or check it all and put it into the queue."""
    act, fields = form_page.after_button(sent)
    key = sent.get("key", "") or new_key()
    faults = brakes.ticket_faults(request, sent, haste=act == "send")
    if act != "send":
        return form_page.answered(request, LOOK, act, fields, sent=sent, key=key, faults=faults)
    reading_ = asset_form.read_form(fields, where.places())
    faults += reading_.faults
    if faults:
        return form_page.page(
            request, LOOK, fields, sent=sent, key=key, faults=faults, spots=reading_.spots, status=422
        )
    found = _similar(reading_, fields)
    if found:
        seen = ",".join((fields["seen"], *(one.asset.id for one in found)))
        return form_page.page(request, LOOK, fields | {"seen": seen}, sent=sent, key=key, similar=found)
    return _keep(request, sent, fields, key, reading_)


def _similar(reading_: Reading, fields: dict[str, str]) -> list[Similar]:
    """Return assets that may be the same and that the sender has not been shown yet."""
    values: dict[str, Any] = dict(reading_.values)
    if reading_.found:
        values |= {"longitude": reading_.found.longitude, "latitude": reading_.found.latitude}
    with reading(home()) as session:
        found = similar(session, values)
    seen = set(fields["seen"].split(","))
    return [] if {one.asset.id for one in found} <= seen else found


def _keep(
    request: Request, sent: dict[str, str], fields: dict[str, str], key: str, reading_: Reading
) -> Response:
    values = asset_form.new_values(reading_)
    name = str(values["name"])
    suggest = partial(
        suggest_new, values=values, actor=ANYONE, note=reading_.note, contact_email=reading_.contact_email,
        key=sending.identifier("new", key, name.casefold()),
    )  # fmt: skip
    try:
        given = sending.put(request, suggest, {"values": plain(values)}, reading_.note)
    except AssetError as error:
        return form_page.page(request, LOOK, fields, sent=sent, key=key, faults=error.faults, status=422)
    except sending.TooManyError:
        return form_page.page(
            request, LOOK, fields, sent=sent, key=key, faults=[Fault(sending.SLOW_DOWN, "")], status=429
        )
    place = (reading_.found.place if reading_.found else None) or ""
    told = f"{where.moved(sent.get('place', ''), place, where.places())} {NEXT}".strip()
    return sending.thanks(request, given, "Thank you: your suggestion has arrived", told, LOOK.draft)
