"""Private links: opening one changes nothing, a button does; and having lost ones sent again."""

from datetime import UTC, datetime, timedelta

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response

from assets.edits import confirm_asset
from assets.errors import AssetError
from assets.keeping import living_row
from assets.schema import Asset
from store import answers, outbox, queue, tokens
from store.home import home
from store.limits import allow
from store.session import reading, writing
from store.tokens import Purpose, Token, TokenError
from web import address, asset, brakes, pages, sending
from web.fields import by_field, no_address, read
from web.frame import new_key
from words.faults import Fault
from words.freshness import day_words

TITLES: dict[str, str] = {
    "edit": "Open your suggestion",
    "confirm": "Is this still right?",
    "report": "Something is wrong",
}
KINDS = {
    "new": "A new asset",
    "change": "A change",
    "report": "A report that something is wrong",
    "insight": "What residents said",
}
STATES = {
    "waiting": "not read yet",
    "approved": "taken over",
    "amended": "taken over with changes",
    "refused": "not taken over",
    "withdrawn": "taken back",
}
ASSET = "asset"
LOST = timedelta(days=180)
A_DAY, AN_HOUR = timedelta(days=1), timedelta(hours=1)
EMAIL = "Your e-mail"


def code_of(text: str) -> str:
    """Return the code in what somebody pasted: the code itself, or the whole link."""
    return text.strip().rpartition("#")[2].strip()[:200]


def door(request: Request) -> Response:
    """Show the field for the code of a private link; a script fills it from the address and sends it."""
    return _door(request, request.path_params["purpose"])


def _door(request: Request, purpose: str, faults: list[Fault] | None = None, status: int = 200) -> Response:
    if purpose not in TITLES:
        return pages.not_found(request)
    beside, others = by_field(faults or [], ("code",))
    return pages.render(
        request, "link.html", status=status, ticket=brakes.ticket(request), title=TITLES[purpose],
        action=f"/link/{purpose}", beside=beside, others=others, labels={"code": "Code"},
    )  # fmt: skip


def opened(request: Request, sent: dict[str, str], purpose: Purpose) -> Token | Response:
    """Return what the code of a form opens, or the page that says why it opens nothing."""
    faults = brakes.ticket_faults(request, sent, haste=False)
    if faults:
        return _door(request, purpose, faults, 422)
    if not brakes.allow(home(), request, "code", 120, AN_HOUR):
        raise brakes.RefusedError(
            429, "Too many codes came from your connection. Please try again in an hour."
        )
    try:
        with reading(home()) as session:
            return tokens.look(session, code_of(sent.get("code", "")), purpose)
    except TokenError as error:
        cure = "A lost link to a suggestion can be sent again: the way is at the foot of this page."
        return _door(request, purpose, [Fault(error.faults[0].what, cure, column="code")], 404)


def living(token: Token) -> Asset | None:
    """Return the asset of a token as the public would see it, hidden or not; None where it is gone."""
    with reading(home()) as session:
        try:
            return living_row(session, token.subject_id).asset().public()
        except AssetError:
            return None


def _asked(request: Request, sent: dict[str, str], purpose: Purpose) -> Asset | Response:
    """Return the asset that a link asks about, or the page that says why there is none."""
    token = opened(request, sent, purpose)
    return token if isinstance(token, Response) else living(token) or _gone(request)


def enter_confirm(request: Request, sent: dict[str, str]) -> Response:
    """Show the asset that a link asks about, with its button."""
    shown = _asked(request, sent, "confirm")
    return shown if isinstance(shown, Response) else _confirm_page(request, shown, sent)


def _confirm_page(request: Request, shown: Asset, sent: dict[str, str]) -> Response:
    return pages.render(
        request, "confirm.html", ticket=brakes.ticket(request, sent.get(brakes.TICKET, "")), key="", asset=shown,
        how=asset.HOW, beside={}, others=[], labels={}, action="/link/confirm/yes", code=code_of(sent.get("code", "")),
    )  # fmt: skip


def confirm(request: Request, sent: dict[str, str]) -> Response:
    """Confirm the asset of a link: the button that does it."""
    token = opened(request, sent, "confirm")
    if isinstance(token, Response):
        return token
    values, _ = read([asset.HOW], sent)
    how = f"by a private link: {asset.how_words(values['how'])}" if values["how"] else "by a private link"
    try:
        with writing(home()) as session:
            used = tokens.use(session, code_of(sent["code"]), "confirm")
            confirm_asset(session, used.subject_id, actor=tokens.holder(used), on=sending.today(), how=how)
    except AssetError:
        return _gone(request)
    return pages.say(
        request, "Thank you: it is marked as checked today", ["Everybody sees now that it is fresh. That was all."],
        links=((f"/asset/{used.subject_id}", "See its page"), ("/", "To the map")),
    )  # fmt: skip


def enter_report(request: Request, sent: dict[str, str]) -> Response:
    """Show the asset that a link asks about, with the form that says what is wrong."""
    shown = _asked(request, sent, "report")
    if isinstance(shown, Response):
        return shown
    code = code_of(sent.get("code", ""))
    return asset.wrong_page(request, shown, {}, action="/link/report/send", code=code)


def report(request: Request, sent: dict[str, str]) -> Response:
    """Put into the queue what is wrong, from somebody with a link."""
    shown = _asked(request, sent, "report")
    if isinstance(shown, Response):
        return shown
    note, _, faults = asset.read_report(sent | {"contact_email": ""})
    code = code_of(sent["code"])
    if faults:
        return asset.wrong_page(
            request, shown, sent, faults=tuple(faults), status=422, action="/link/report/send", code=code
        )
    with writing(home()) as session:
        used = tokens.use(session, code, "report")
        queue.submit(
            session, actor=tokens.holder(used), kind="report", subject_kind=ASSET, subject_id=shown.id,
            base_version=shown.version, payload={}, note=note,
        )  # fmt: skip
    return pages.say(
        request, "Thank you: we will look into it", [asset.WRONG_NEXT], links=(("/", "To the map"),),
        done=f"wrong-{shown.id}",
    )  # fmt: skip


def _gone(request: Request) -> Response:
    return pages.say(
        request, "Not in the register", ["This asset was taken out of the register meanwhile."], status=410
    )


def ask_lost(request: Request) -> Response:
    """Show the form that has lost links sent again."""
    return _lost_page(request)


def _lost_page(
    request: Request, value: str = "", faults: list[Fault] | None = None, status: int = 200
) -> Response:
    beside, others = by_field(faults or [], ("email",))
    return pages.render(
        request, "lost.html", status=status, ticket=brakes.ticket(request), key=new_key(), value=value, beside=beside,
        others=others, labels={"email": EMAIL},
    )  # fmt: skip


def take_lost(request: Request, sent: dict[str, str]) -> Response:
    """Say the same whatever the address, and send its links after that, so that nobody learns who wrote to us."""
    email = " ".join(sent.get("email", "").split())
    faults = brakes.ticket_faults(request, sent, haste=False)
    if not outbox.is_address(email):
        faults.append(no_address("email"))
    if faults:
        return _lost_page(request, email[:300], faults, 422)
    if not brakes.allow(home(), request, "lost", 10, AN_HOUR):
        raise brakes.RefusedError(
            429, "This was asked for too often from your connection. Please try again in an hour."
        )
    goes_out = answers.are_sent()
    going = (
        "its links are on their way to it." if goes_out else f"new links to it are made. {sending.BY_HAND}"
    )
    response = pages.say(
        request, "Please look into your mail" if goes_out else "Your links are asked for",
        [
            f"If something was suggested with this address in the last half year, {going} "
            "Links that were given out before go on working until they expire.",
            "Nothing came? Then nothing was suggested with it, or another address was given.",
        ],
        links=(("/", "To the map"),),
    )  # fmt: skip
    response.background = BackgroundTask(send_links, address.for_messages(request), email)
    return response


def send_links(start: str, email: str) -> None:
    """Send fresh private links for what was suggested with an address, if anything was."""
    since = datetime.now(UTC) - LOST
    with writing(home()) as session:
        found = [one for one in queue.by_contact(session, email, since=since) if one.status != "withdrawn"][
            :20
        ]
        if not found or not allow(session, "lost", email.casefold(), at_most=3, within=A_DAY):
            return
        lines = [
            _line(start, tokens.issue(session, "edit", queue.SUBMISSION, one.id, sending.LINK_DAYS), one)
            for one in found
        ]
        opening = "Here are the private links to what was suggested to the register with this address."
        closing = f"They work until {sending.expires()}. If it was not you who asked, do nothing."
        outbox.post(session, email, "Your private links", "\n\n".join((opening, *lines, closing)))


def _line(start: str, code: str, one: queue.Submission) -> str:
    told = f"{KINDS.get(one.kind, 'A suggestion')} of {day_words(one.submitted_at.date())} ({STATES[one.status]})"
    way = (
        f"{start}/link/edit#{code}"
        if start
        else f"open the page /link/edit of the register and give this code: {code}"
    )
    return f"{told}:\n{way}"
