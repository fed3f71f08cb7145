"""One asset on a plain public page: what it is, how fresh that is, and how to say that it is right or wrong."""

from functools import partial

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from assets.errors import AssetError
from assets.freshness import freshness
from assets.merging import living_id
from assets.register import get_asset
from assets.schema import Asset
from assets.suggestions import report_wrong, suggest_confirmation
from coproduce import sketch
from geo.place import Place
from store.home import home
from store.roles import ANYONE
from store.session import reading, writing
from web import asset_form, brakes, form_page, pages, sending, where
from web.fields import Choice, Field, address_faults, by_field, read
from web.frame import new_key
from words.faults import Fault
from words.freshness import FRESHNESS_LABELS, FRESHNESS_MEANINGS, confirmation_words

KINDS = {choice.code: choice.words for choice in asset_form.KIND_CHOICES}
HOW = Field(
    "how",
    "How do you know?",
    kind="radio",
    choices=(
        Choice("was there", "I was there lately"),
        Choice("run it", "I run it or work there"),
        Choice("asked", "I rang or wrote to them"),
        Choice("other", "In another way"),
    ),
)
WRONG = Field(
    "what",
    "What is wrong?",
    kind="radio",
    choices=tuple(
        Choice(words, words)
        for words in (
            "It has closed for good",
            "It has moved",
            "The opening times are wrong",
            "The telephone, e-mail or website is wrong",
            "It was never there, or it is here twice",
            "It should not be shown in public",
            "Something else",
        )
    ),
)
NOTE = Field("note", "In your words", "What is it really? It is not shown in public.", kind="area", most=2000)
EMAIL = Field(
    "contact_email", "Your e-mail", "Only to tell you what came of it.", kind="email", most=254, keep="tab",
    autocomplete="email",
)  # fmt: skip
REPORT = (WRONG, NOTE, EMAIL)
LABELS = {field.name: field.label for field in (HOW, *REPORT)}
WRONG_NEXT = "Somebody who looks after the register reads it. Until then the asset is shown as it was."


def found(request: Request) -> Asset | None:
    """Return the asset that the address names as the public may see it, None where there is none for the public."""
    with reading(home()) as session:
        try:
            return get_asset(session, living_id(session, request.path_params["id"]), ANYONE)
        except AssetError:
            return None


def gone(request: Request) -> Response:
    """Return the page for an asset that the public cannot see, or that there never was: the same for both."""
    return pages.not_found(request, "There is no such asset in the register, or it is not shown in public.")


def moved(request: Request, asset: Asset) -> Response | None:
    """Return the way to the asset that this one was merged into, None where the address is right."""
    asked = request.path_params["id"]
    return RedirectResponse(request.url.path.replace(asked, asset.id, 1), 303) if asked != asset.id else None


def show(request: Request) -> Response:
    """Show an asset."""
    asset = found(request)
    if asset is None:
        return gone(request)
    return moved(request, asset) or _page(request, asset)


def _page(request: Request, asset: Asset) -> Response:
    today = sending.today()
    state = freshness(asset, today)
    place = next((one for one in where.places() if one.name == asset.place), None)
    picture, height = _picture(asset, place)
    return pages.render(
        request,
        "asset.html",
        ticket=brakes.ticket(request),
        key=new_key(),
        asset=asset,
        kind=KINDS.get(asset.kind, asset.kind),
        state=FRESHNESS_LABELS[state],
        meaning=FRESHNESS_MEANINGS[state],
        confirmed=confirmation_words(asset.confirmed_on, state),
        place=place,
        picture=picture,
        picture_height=height,
        website=_web_address(asset.website),
    )


def _picture(asset: Asset, place: Place | None) -> tuple[str, int]:
    """Return the address and height of a sketch round the asset, nothing where its spot is not shown exactly."""
    if place is None or asset.precision != "exact" or asset.longitude is None or asset.latitude is None:
        return "", 0
    x, y = sketch.metres(place, asset.longitude, asset.latitude)
    view = sketch.closer(sketch.closer(sketch.View(place.name), x, y), x, y)
    address = form_page.map_address(view, (asset.longitude, asset.latitude), place)
    return address, sketch.frame(view, place).height


def _web_address(website: str) -> str:
    """Return an address that a link may lead to: http and https only."""
    told = website.strip()
    if told.lower().startswith(("http://", "https://")):
        return told
    return (
        f"https://{told}"
        if told and ":" not in told.partition("/")[0] and "." in told and " " not in told
        else ""
    )


def ask_confirm(request: Request) -> Response:
    """Show the button that says an asset is still right."""
    asset = found(request)
    return gone(request) if asset is None else moved(request, asset) or _confirm_page(request, asset)


def _confirm_page(
    request: Request, asset: Asset, faults: tuple[Fault, ...] = (), status: int = 200
) -> Response:
    beside, others = by_field(faults, LABELS)
    return pages.render(
        request, "confirm.html", status=status, ticket=brakes.ticket(request), key=new_key(), asset=asset, how=HOW,
        beside=beside, others=others, labels=LABELS, action=f"/asset/{asset.id}/confirm", code="",
    )  # fmt: skip


def take_confirm(request: Request, sent: dict[str, str]) -> Response:
    """Put into the queue that an asset is still right."""
    asset = found(request)
    if asset is None:
        return gone(request)
    faults = brakes.ticket_faults(request, sent, haste=False)
    values, wrong = read([HOW], sent)
    if faults or wrong:
        return _confirm_page(request, asset, (*faults, *wrong), 422)
    try:
        with writing(home()) as session:
            sending.count(session, request)
            suggest_confirmation(
                session, asset.id, actor=ANYONE, on=sending.today(), how=how_words(values["how"]),
                key=sending.identifier("confirm", sent.get("key", ""), asset.id),
            )  # fmt: skip
    except sending.TooManyError:
        return _confirm_page(request, asset, (Fault(sending.SLOW_DOWN, ""),), 429)
    return pages.say(
        request,
        "Thank you: noted as still right",
        ["Somebody who looks after the register sees it and sets the date of the last check."],
        links=((f"/asset/{asset.id}", f"Back to {asset.name}"), ("/", "To the map")),
    )


def how_words(code: str) -> str:
    """Return how somebody knows, as the register keeps it."""
    return next((choice.words for choice in HOW.choices if choice.code == code), "not said")


def ask_wrong(request: Request) -> Response:
    """Show the form that says what is wrong with an asset."""
    asset = found(request)
    return gone(request) if asset is None else moved(request, asset) or wrong_page(request, asset, {})


def wrong_page(
    request: Request,
    asset: Asset,
    values: dict[str, str],
    *,
    faults: tuple[Fault, ...] = (),
    status: int = 200,
    action: str = "",
    code: str = "",
) -> Response:
    """Return the form that says what is wrong, with what was written in it; `code` is that of a private link."""
    beside, others = by_field(faults, LABELS)
    shown = {field.name: values.get(field.name, "") for field in REPORT}
    return pages.render(
        request, "wrong.html", status=status, ticket=brakes.ticket(request, values.get(brakes.TICKET, "")),
        key=values.get("key") or new_key(), asset=asset, fields=REPORT[:2] if code else REPORT, values=shown,
        beside=beside, others=others, labels=LABELS, action=action or f"/asset/{asset.id}/wrong", code=code,
        fresh=not values,
    )  # fmt: skip


def read_report(sent: dict[str, str]) -> tuple[str, str, list[Fault]]:
    """Return what a report says, the sender's e-mail address, and the faults."""
    values, faults = read(REPORT, sent)
    if not values["what"] and not values["note"]:
        faults.append(
            Fault("It is not said what is wrong.", "Choose one, or write it in your words.", column="what")
        )
    faults += address_faults(values, "contact_email")
    return (
        "\n".join(part for part in (values["what"], values["note"]) if part),
        values["contact_email"],
        faults,
    )


def take_wrong(request: Request, sent: dict[str, str]) -> Response:
    """Put into the queue what is wrong with an asset."""
    asset = found(request)
    if asset is None:
        return gone(request)
    note, email, wrong = read_report(sent)
    faults = (*brakes.ticket_faults(request, sent, haste=True), *wrong)
    if faults:
        return wrong_page(request, asset, sent, faults=faults, status=422)
    key = sending.identifier("report", sent.get("key", ""), asset.id)
    suggest = partial(report_wrong, asset_id=asset.id, note=note, actor=ANYONE, contact_email=email, key=key)
    try:
        given = sending.put(request, suggest, {}, note)
    except sending.TooManyError:
        return wrong_page(request, asset, sent, faults=(Fault(sending.SLOW_DOWN, ""),), status=429)
    return sending.thanks(request, given, "Thank you: we will look into it", WRONG_NEXT, f"wrong-{asset.id}")
