import asyncio
from pathlib import Path

import pytest
import streamlit
from starlette.responses import PlainTextResponse
from starlette.types import Message, Receive, Scope, Send

from web.headers import SecurityHeaders, content_policy, script_digests, tile_origins

PAGE = Path(streamlit.__file__).parent / "static" / "index.html"


def rules(policy: str) -> dict[str, list[str]]:
    parts = (rule.split() for rule in policy.split("; "))
    return {name: values for name, *values in parts}


def test_a_script_is_named_by_the_digest_that_browsers_compute(tmp_path: Path) -> None:
    page = tmp_path / "index.html"
    page.write_text("<script>alert('Hello, world.');</script><script src='a.js'></script>", encoding="utf-8")
    # the worked example of the Content Security Policy guide of MDN
    assert script_digests(page) == ("'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='",)


def test_the_installed_page_has_one_inline_script() -> None:
    assert len(script_digests(PAGE)) == 1


def test_the_policy_lets_nothing_in_from_elsewhere() -> None:
    read = rules(content_policy(script_digests(PAGE)))
    assert not [value for values in read.values() for value in values if "://" in value or value == "*"]
    assert "'unsafe-eval'" not in read["script-src"]
    assert "'unsafe-inline'" not in read["script-src"]
    assert read["frame-ancestors"] == ["'none'"]
    assert read["object-src"] == ["'none'"]


def test_a_configured_map_style_opens_the_policy_for_its_origins_alone() -> None:
    origins = tile_origins("https://tiles.example/style.json https://b.tiles.example:8443")
    assert origins == ("https://tiles.example", "https://b.tiles.example:8443")
    read = rules(content_policy((), origins))
    assert set(origins) <= set(read["connect-src"]) & set(read["img-src"])
    assert not set(origins) & set(read["script-src"])


@pytest.mark.parametrize("setting", ["", "not an address"])
def test_no_address_opens_nothing(setting: str) -> None:
    assert tile_origins(setting) == ()


def answered(path: str) -> Message:
    """What the middleware sends first when an app answers with a header of its own."""
    sent: list[Message] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse("hello", headers={"X-Frame-Options": "SAMEORIGIN"})(scope, receive, send)

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": path, "headers": []}
    asyncio.run(SecurityHeaders(app, PAGE)(scope, receive, send))
    return sent[0]


def test_every_answer_carries_the_headers_once() -> None:
    headers = answered("/")["headers"]
    assert [value for name, value in headers if name == b"x-frame-options"] == [b"DENY"]
    assert dict(headers)[b"x-content-type-options"] == b"nosniff"
    assert dict(headers)[b"content-security-policy"].startswith(b"default-src 'self'")
    assert dict(headers)[b"content-type"].startswith(b"text/plain")


def test_what_is_no_page_passes_untouched() -> None:
    seen: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope["type"])

    asyncio.run(SecurityHeaders(app, PAGE)({"type": "websocket"}, None, None))  # type: ignore[arg-type]
    assert seen == ["websocket"]


@pytest.mark.parametrize(
    ("path", "is_plain"),
    [
        ("/add", True),
        ("/add/x", True),
        ("/address", False),
        ("/", False),
        ("/adds", False),
        ("/asset/1", True),
    ],
)
def test_plain_pages_get_the_stricter_policy(path: str, is_plain: bool) -> None:
    middleware = SecurityHeaders(lambda *_: None, PAGE, plain=("/add", "/asset"))  # type: ignore[arg-type, return-value]
    policy = dict(middleware.headers_for(path))[b"content-security-policy"].decode()
    read = rules(policy)
    assert (read["default-src"] == ["'none'"]) is is_plain
    assert (read["script-src"] == ["'self'"]) is is_plain
    # Origin must come with a form, so the policy must not hide it
    assert dict(middleware.headers_for(path))[b"referrer-policy"] == b"same-origin"
