"""Brakes against forged, hasty, endless and outsized requests, before a page looks at what was sent.

A form carries a ticket: a cookie of this browser (HttpOnly, SameSite) and a signed field that names it and the time
(double submit). Both must come back, from our own origin, not sooner than a person could have written, in a body of a
few hundred kilobytes, with the trap field empty; and no address may send without end.
"""

import hashlib
import ipaddress
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from itsdangerous import BadData, URLSafeTimedSerializer
from starlette.requests import Request
from starlette.responses import Response

from store import limits
from store.session import writing
from web import address, keys
from words.faults import Fault

COOKIE = "larder_form"
TICKET = "ticket"
TRAP = "fax"
LARGEST_BODY = 300_000
MOST_FIELDS = 120
HOLDS = timedelta(days=7)
HASTE_SECONDS = 2
POSTS = (150, timedelta(minutes=10))


class RefusedError(Exception):
    """A request that is not looked at: its status, and why in a sentence."""

    def __init__(self, status: int, why: str) -> None:
        self.status = status
        self.why = why
        super().__init__(why)


@dataclass(frozen=True)
class Ticket:
    """What a form hands out: the signed field, and the cookie that it must come back with (set where new)."""

    field: str
    cookie: str
    is_new: bool

    def hand_out(self, response: Response, request: Request) -> None:
        """Set the cookie on the answer that carries the form."""
        if self.is_new:
            response.set_cookie(
                COOKIE,
                self.cookie,
                max_age=int(HOLDS.total_seconds()),
                httponly=True,
                samesite="lax",
                secure=request.url.scheme == "https",
                path="/",
            )


def ticket(request: Request, held: str = "") -> Ticket:
    """Return a ticket for this browser; one that it `held` and that is still good is kept, with its time."""
    cookie = request.cookies.get(COOKIE, "")
    if held and cookie and _age(held, cookie) is not None:
        return Ticket(held, cookie, False)
    fresh = len(cookie) < 20
    value = secrets.token_urlsafe(24) if fresh else cookie
    return Ticket(_signer().dumps(_name(value)), value, fresh)


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(keys.key(), salt="form", signer_kwargs={"digest_method": hashlib.sha256})


def _name(cookie: str) -> str:
    return hashlib.sha256(cookie.encode("utf-8", "replace")).hexdigest()[:24]


def _age(field: str, cookie: str) -> float | None:
    """Return how many seconds ago a ticket was handed out to this cookie, or None where it was not."""
    try:
        named, at = _signer().loads(field, max_age=int(HOLDS.total_seconds()), return_timestamp=True)
    except BadData:
        return None
    return time.time() - at.timestamp() if secrets.compare_digest(str(named), _name(cookie)) else None


async def body_fields(request: Request) -> dict[str, str]:
    """Return the fields of a posted form; of a name that comes twice the last.

    :raises RefusedError: no plain form, a body or a number of fields beyond reason.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise RefusedError(415, "This address takes what its own form sends, and nothing else.")
    too_much = RefusedError(413, "This is more than the form can take. Please shorten it and send it again.")
    told = request.headers.get("content-length", "0")
    if not told.isdecimal() or int(told) > LARGEST_BODY:
        raise too_much
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > LARGEST_BODY:
            raise too_much
        parts.append(part)
    text = b"".join(parts).decode("ascii", "replace")
    try:
        pairs = parse_qsl(text, keep_blank_values=True, errors="replace", max_num_fields=MOST_FIELDS)
    except ValueError as error:
        raise too_much from error
    # no keyboard types it, no page and no PostgreSQL can hold it
    return {name: value.replace("\0", "") for name, value in pairs}


def check_origin(request: Request) -> None:
    """Refuse what another site made the browser send, and what reached us under a name that is not ours.

    :raises RefusedError: with the reason.
    """
    if not address.is_ours(request):
        raise RefusedError(
            403,
            "This address is not one that this site is known by. Whoever runs it can set LARDER_URL to it.",
        )
    origin = request.headers.get("origin")
    site = request.headers.get("sec-fetch-site", "same-origin")
    foreign = origin is not None and urlsplit(origin).netloc.lower() not in address.known_as(request)
    if foreign or site not in {"same-origin", "none"}:
        raise RefusedError(403, "This was sent from another site. Please use the form on this one.")


def ticket_faults(request: Request, fields: Mapping[str, str], *, haste: bool) -> list[Fault]:
    """Return what is wrong with the ticket, the trap and the time that a form came back with."""
    if fields.get(TRAP, "").strip():
        return [
            Fault("The field that must stay empty held something.", "It is empty now: please send again.")
        ]
    cookie = request.cookies.get(COOKIE, "")
    if not cookie:
        cure = "Allow this site's one cookie, which only guards the form, and send again."
        return [Fault("Your browser did not keep the form's cookie.", cure)]
    age = _age(fields.get(TICKET, ""), cookie)
    if age is None:
        return [
            Fault("This page had been open for too long.", "What you wrote is still here: send it again.")
        ]
    if haste and age < HASTE_SECONDS:
        return [Fault("That was faster than anybody writes.", "If you are a person, please send it again.")]
    return []


def who(request: Request) -> str:
    """Return what stands for the sender's address: an IPv4 address, or the /64 of an IPv6 one."""
    host = request.client.host if request.client else ""
    try:
        found = ipaddress.ip_address(host)
    except ValueError:
        return host
    if found.version == 4:
        return str(found)
    return str(ipaddress.ip_network((found, 64), strict=False))


def allow(home: Path, request: Request, bucket: str, at_most: int, within: timedelta) -> bool:
    """Count one more from the sender's address, and say whether it is still within bounds."""
    with writing(home) as session:
        return limits.allow(session, bucket, who(request), at_most=at_most, within=within)
