"""Security headers on every answer: what a browser may load, from where, and who may frame us.

The policy allows nothing from elsewhere. Streamlit's page has one inline script, allowed by its digest, which is
read from the installed page, so that a new Streamlit needs no edit here. The map draws in workers made from blobs, and
its library loads a decoder in WebAssembly as it starts; `wasm-unsafe-eval` allows that and no eval of JavaScript.
Only a map style that is configured (`LARDER_TILES`) opens the policy, to the origins that it names.
"""

import base64
import hashlib
import os
import re
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Message, Receive, Scope, Send

INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)


def script_digests(page: Path) -> tuple[str, ...]:
    """Return a source expression for each inline script of an HTML page: `'sha256-…'`."""
    scripts = INLINE_SCRIPT.findall(page.read_text(encoding="utf-8"))
    digests = (hashlib.sha256(script.encode()).digest() for script in scripts)
    return tuple(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)


def tile_origins(setting: str | None = None) -> tuple[str, ...]:
    """Return the origins that `LARDER_TILES` names (addresses apart by spaces), none when it is not set."""
    words = (os.environ.get("LARDER_TILES", "") if setting is None else setting).split()
    parts = (urlsplit(word) for word in words)
    return tuple(dict.fromkeys(f"{part.scheme}://{part.netloc}" for part in parts if part.netloc))


def content_policy(digests: Sequence[str] = (), origins: Sequence[str] = ()) -> str:
    """Return the Content-Security-Policy, with the inline scripts and the outside origins that are allowed."""
    elsewhere = " ".join(origins)
    rules = {
        "default-src": "'self'",
        "script-src": f"'self' blob: 'wasm-unsafe-eval' {' '.join(digests)}",
        "worker-src": "'self' blob:",
        "style-src": "'self' 'unsafe-inline'",
        "img-src": f"'self' data: blob: {elsewhere}",
        "font-src": f"'self' data: {elsewhere}",
        "connect-src": f"'self' data: blob: {elsewhere}",
        "object-src": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {value.strip()}" for name, value in rules.items())


def plain_policy() -> str:
    """Return the policy of our plain pages: style, scripts and pictures in files of our own, and nothing else."""
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )


def security_headers(policy: str) -> dict[str, str]:
    """Return every header that each answer carries, by lower-case name."""
    return {
        "content-security-policy": policy,
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "same-origin",
        "cross-origin-opener-policy": "same-origin",
        "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    }


def _pairs(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode()) for name, value in headers.items()]


class SecurityHeaders:
    """Middleware that sets the security headers on every HTTP answer.

    `page` is the page with inline scripts; addresses that begin with one of `plain` get the stricter policy.
    """

    def __init__(self, app: ASGIApp, page: Path, plain: Sequence[str] = ()) -> None:
        self.app = app
        self.plain = tuple(plain)
        policy = content_policy(script_digests(page), tile_origins())
        self.headers = _pairs(security_headers(policy))
        self.strict = _pairs(security_headers(plain_policy()))
        self.names = {name for name, _ in self.headers}

    def headers_for(self, path: str) -> list[tuple[bytes, bytes]]:
        """Return the headers of an address."""
        is_plain = any(path == prefix or path.startswith(f"{prefix}/") for prefix in self.plain)
        return self.strict if is_plain else self.headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on, and set the headers as an HTTP answer starts."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = [pair for pair in message.get("headers", []) if pair[0].lower() not in self.names]
                message = {**message, "headers": [*kept, *self.headers_for(scope["path"])]}
            await send(message)

        await self.app(scope, receive, send_with_headers)
