"""The address that this site is known by: in messages, and against forged host names."""

import ipaddress
import os
from urllib.parse import urlsplit

from starlette.requests import Request

LOOPBACK = {"localhost", "127.0.0.1", "::1"}


def public() -> str:
    """Return `LARDER_URL` without a slash at its end, or nothing where it is not set or no web address."""
    given = os.environ.get("LARDER_URL", "").strip().rstrip("/")
    parts = urlsplit(given)
    return given if parts.scheme in {"http", "https"} and parts.netloc else ""


def known_as(request: Request) -> set[str]:
    """Return the hosts (with port) that a request from our own pages may name as its origin."""
    own = {request.headers.get("host", "").lower()}
    return own | ({urlsplit(public()).netloc.lower()} if public() else set())


def is_ours(request: Request) -> bool:
    """Return whether the host that was asked for is the public one, this computer, or a bare number.

    A name that somebody else points here could otherwise read and send our forms from their own page.
    """
    host = _host(request)
    return host in LOOPBACK or _is_number(host) or (host != "" and host == urlsplit(public()).hostname)


def for_messages(request: Request) -> str:
    """Return the address that links in messages start with, or nothing where none is safe.

    Anybody can send any host name with a request; a link made from it would lead to wherever they like. So it is the
    public address, or this computer's own.
    """
    if public():
        return public()
    return f"{request.url.scheme}://{request.url.netloc}" if _host(request) in LOOPBACK else ""


def _host(request: Request) -> str:
    try:
        return (urlsplit(f"//{request.headers.get('host', '')}").hostname or "").lower()
    except ValueError:
        return ""


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
