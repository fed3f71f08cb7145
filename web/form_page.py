"""The page with the form of an asset, as it is drawn anew and after each button."""

from collections.abc import Collection, Mapping, Sequence
from typing import Unpack
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from assets.duplicates import Similar
from coproduce import sketch
from geo.place import Place
from web import asset_form, hours, map_acts, pages, where
from web.frame import Look, Turn, draw
from web.near import Spot, near
from words.faults import Fault

PARTS = {
    "what": asset_form.WHAT,
    "where": where.FIELDS,
    "more": asset_form.MORE,
    "contact": asset_form.CONTACT,
    "precision": asset_form.PRECISION,
    "private": asset_form.PRIVATE,
    "remark": asset_form.REMARK,
    "raw_hours": asset_form.RAW_HOURS,
    "days": hours.DAYS,
}
"""The fields of the form as its template names them."""


def page(
    request: Request,
    look: Look,
    fields: Mapping[str, str],
    *,
    spots: Sequence[Spot] = (),
    similar: Sequence[Similar] = (),
    **turn: Unpack[Turn],
) -> Response:
    """Return the form with its fields as they are; `spots` and `similar` are what its sender may choose from."""
    listed = where.places()
    place = where.chosen_place(listed, fields.get("place", ""))
    wrong = {fault.column for fault in turn.get("faults", ())}
    parts = {**PARTS, **_map_parts(fields, place), "open": _open(fields, wrong)}
    sent = turn.get("sent") or {}
    told = where.moved(sent["place"], fields["place"], listed) if "place" in sent else ""
    return draw(
        request, "form.html", look, fields, labels=asset_form.LABELS, last=asset_form.LAST, turn=turn,
        places=listed, place=place, place_told=told, spots=spots, similar=similar, **parts,
    )  # fmt: skip


def _map_parts(fields: Mapping[str, str], place: Place | None) -> dict[str, object]:
    """Return what the form shows of the map: its view, where its picture is, and whether a pin is set."""
    view = map_acts.view_of(fields["map"], place) if place else None
    pin = map_acts.pin_of(fields)
    return {
        "view": view,
        "has_pin": pin is not None,
        "map_address": map_address(view, pin, place) if view and place else "",
        "map_height": sketch.frame(view, place).height if view and place else 0,
    }


def _open(fields: Mapping[str, str], wrong: Collection[str]) -> dict[str, bool]:
    """Return which folded parts stand open: those in which something was written, or is wrong."""
    parts = {
        "coordinates": ("latitude", "longitude"),
        "more": (
            *(one.name for one in (*asset_form.MORE, *asset_form.CONTACT)),
            "hours_remark",
            "hours_raw",
            *asset_form.HOURS,
        ),
        "private": tuple(one.name for one in asset_form.PRIVATE),
    }
    told = {part: any(fields.get(name) or name in wrong for name in names) for part, names in parts.items()}
    # a pin is told beside the map: its numbers need not stand open as well
    told["coordinates"] = any(name in wrong for name in parts["coordinates"])
    return told


def map_address(view: sketch.View, pin: tuple[float, float] | None, place: Place) -> str:
    """Return the address of the sketch of a view."""
    query: dict[str, object] = {"place": view.place, "view": map_acts.written(view), "of": place.digest[:12]}
    if pin:
        query["pin"] = f"{pin[0]:.6f} {pin[1]:.6f}"
    return f"/plain/map.svg?{urlencode(query)}"


def map_picture(request: Request) -> Response:
    """Answer with the sketch that the address names."""
    asked = request.query_params
    place = next((one for one in where.places() if one.name == asked.get("place")), None)
    view = map_acts.view_of(asked.get("view", ""), place) if place else None
    if place is None or view is None:
        return pages.not_found(request, "There is no such map.")
    longitude, _, latitude = asked.get("pin", "").partition(" ")
    pin = map_acts.pin_of({"longitude": longitude, "latitude": latitude})
    headers = {"cache-control": "public, max-age=86400"}
    return Response(sketch.draw(view, place, pin), media_type="image/svg+xml", headers=headers)


def after_button(sent: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """Return which button sent the form, and its fields as that button leaves them."""
    act, fields = map_acts.act_of(sent), asset_form.typed(sent)
    listed = where.places()
    if where.chosen_place(listed, fields["place"]) is None:
        fields = where.settled(fields, listed)
    place = where.chosen_place(listed, fields["place"])
    if place is None:
        return act, fields
    if act in map_acts.ACTS:
        return act, where.settled(map_acts.after(act, sent, fields, place), listed)
    return act, where.settled(map_acts.chosen(fields, place), listed)


def spots_for(act: str, fields: Mapping[str, str]) -> tuple[list[Spot], list[Fault]]:
    """Return the spots to choose from, or the fault, after *find it* did not lead to one point."""
    listed = where.places()
    place = where.chosen_place(listed, fields["place"])
    if act != "find" and act in map_acts.ACTS and listed and place is None:
        return [], [where.unchosen("Choose it, or give a postcode: each place has its own map.")]
    if act != "find" or map_acts.pin_of(fields):
        return [], []
    if not fields["near"].strip() and fields["postcode"].strip():
        return [], _postcode_faults(fields)
    if listed and place is None:
        return [], [where.unchosen("Choose the place in which this street or landmark is.")]
    spots = near(fields["near"], place) if place else []
    if spots:
        return spots, []
    title = place.title if place else "here"
    cure = "Try the name of one street, park or neighbourhood, or tap on the map."
    return [], [Fault(f"Nothing called this was found in {title}.", cure, column="near")]


def answered(
    request: Request, look: Look, act: str, fields: Mapping[str, str], **turn: Unpack[Turn]
) -> Response:
    """Return the form after a button beside the map, with what the button found or did not find."""
    faults = turn.pop("faults", ())
    spots, missing = spots_for(act, fields)
    turn |= {"faults": [*faults, *missing], "status": 422 if faults else 200}
    return page(request, look, fields, spots=spots, **turn)


def _postcode_faults(fields: Mapping[str, str]) -> list[Fault]:
    listed = where.places()
    return list(
        where.find({**fields, "near": ""}, listed, where.chosen_place(listed, fields["place"])).faults
    )
