"""Suggesting a change of an asset: its form, filled with what the public sees of it."""

from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from assets.errors import AssetError
from assets.schema import Asset
from assets.suggestions import suggest_change
from store.answers import plain
from store.roles import ANYONE
from web import asset, asset_form, brakes, form_page, sending, where
from web.asset_form import Reading
from web.frame import Look, new_key
from words.faults import Fault

NEXT = "Somebody who looks after the register reads it. Until then the asset is shown as it was."
PLACED = ("longitude", "latitude")


def look_of(shown: Asset) -> Look:
    """Return the words of the form for one asset."""
    return Look(
        title=f"Suggest a change: {shown.name}",
        action=f"/asset/{shown.id}/edit",
        button="Send the change",
        intro=("Change what is not right and leave the rest as it is.",),
        draft=f"edit-{shown.id}",
    )


def fields_of(shown: Asset) -> dict[str, str]:
    """Return the form's fields for an asset: its point only where that is exact and came from coordinates."""
    values = {name: getattr(shown, name) for name in asset_form.SHOWN}
    if shown.precision != "exact" or shown.geocode_method == "postcode":
        values |= dict.fromkeys(PLACED)
    return asset_form.filled(values) | {"place": shown.place or ""}


def show(request: Request) -> Response:
    """Show the form with the asset in it."""
    shown = asset.found(request)
    if shown is None:
        return asset.gone(request)
    return asset.moved(request, shown) or form_page.page(
        request, look_of(shown), fields_of(shown), key=new_key()
    )


def take(request: Request, sent: dict[str, str]) -> Response:
    """Take the form: do what a button beside the map says, or put what differs into the queue."""
    shown = asset.found(request)
    if shown is None:
        return asset.gone(request)
    look, key = look_of(shown), sent.get("key", "") or new_key()
    act, fields = form_page.after_button(sent)
    faults = brakes.ticket_faults(request, sent, haste=act == "send")
    if act != "send":
        return form_page.answered(request, look, act, fields, sent=sent, key=key, faults=faults)
    reading = asset_form.read_form(
        without_old_point(fields, fields_of(shown)), where.places(), needs_point=False
    )
    changes = differences(reading, shown)
    faults += reading.faults
    if not (faults or changes or reading.note):
        faults.append(
            Fault("Nothing is different yet.", "Change a field, or write in the note what is wrong.")
        )
    if faults:
        return form_page.page(
            request, look, fields, sent=sent, key=key, faults=faults, spots=reading.spots, status=422
        )
    return _keep(request, shown, reading, changes, {**sent, **fields, "key": key})


def without_old_point(fields: dict[str, str], before: dict[str, str]) -> dict[str, str]:
    """Return the fields without the point, where only postcode or *near* were changed: those are then meant."""
    same = all(fields[name] == before[name] for name in PLACED)
    newer = fields["near"].strip() or fields["postcode"].strip() != before["postcode"]
    return fields | dict.fromkeys(PLACED, "") if same and newer else fields


def differences(reading: Reading, shown: Asset) -> dict[str, Any]:
    """Return the fields that the form changes; a private contact left empty stays what it was."""
    kept = {
        name: value
        for name, value in reading.values.items()
        if value != getattr(shown, name) and (value or name not in asset_form.UNSEEN)
    }
    if not any(kept.get(name) for name in asset_form.UNSEEN if name != "consent_on"):
        kept.pop("consent_on", None)
    if all(_near(kept.get(name), getattr(shown, name)) for name in PLACED):
        kept = {name: value for name, value in kept.items() if name not in PLACED}
    return kept


def _near(one: float | None, other: float | None) -> bool:
    return one is None or (other is not None and abs(one - other) < 2e-6)


def _keep(
    request: Request, shown: Asset, reading: Reading, changes: dict[str, Any], sent: dict[str, str]
) -> Response:
    look = look_of(shown)
    suggest = partial(
        suggest_change, asset_id=shown.id, changes=changes, actor=ANYONE, base_version=shown.version, note=reading.note,
        contact_email=reading.contact_email, key=sending.identifier("change", sent["key"], shown.id),
    )  # fmt: skip
    try:
        given = sending.put(request, suggest, {"changes": plain(changes)}, reading.note)
    except AssetError as error:
        return form_page.page(
            request, look, asset_form.typed(sent), sent=sent, faults=error.faults, status=422
        )
    except sending.TooManyError:
        faults = [Fault(sending.SLOW_DOWN, "")]
        return form_page.page(request, look, asset_form.typed(sent), sent=sent, faults=faults, status=429)
    return sending.thanks(request, given, "Thank you: your change has arrived", NEXT, look.draft)
