"""The brakes: what is forged, hasty, endless or outsized is refused, with a reason and nothing lost."""

import stat
from pathlib import Path

import httpx
import pytest
from itsdangerous import TimestampSigner

from store.queue import waiting
from store.roles import CLI
from store.session import reading
from tests.web.conftest import HOST, Visitor
from web import brakes, keys, sending

SOUP = {"kind": "service", "name": "Tuesday Soup Table", "category": "food_bank", "postcode": "ZZ1 1AA"}
FORM = {"content-type": "application/x-www-form-urlencoded"}


def count(home: Path) -> int:
    with reading(home) as session:
        return waiting(session, CLI).total


def test_a_form_without_its_cookie_is_refused_and_kept(visitor: Visitor, register: Path) -> None:
    visitor.get("/add")
    visitor.cookies = httpx.Cookies()
    page = visitor.press(**SOUP)
    assert page.status_code == 422
    assert "did not keep the form's cookie" in visitor.faults()[0].replace("&#39;", "'")
    assert visitor.fields().found["name"] == SOUP["name"]
    assert count(register) == 0
    assert "has arrived" in (visitor.press() and visitor.title())


def test_the_ticket_of_another_browser_is_refused(visitor: Visitor, register: Path) -> None:
    other = Visitor()
    other.get("/add")
    visitor.get("/add")
    visitor.press(**SOUP | {"ticket": other.fields().found["ticket"]})
    assert "open for too long" in visitor.faults()[0]
    visitor.press(**SOUP | {"ticket": "forged"})
    assert "open for too long" in visitor.faults()[0]
    assert count(register) == 0


def test_a_ticket_expires(visitor: Visitor, register: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = TimestampSigner.get_timestamp
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda self: now(self) - 8 * 24 * 3600)
    visitor.get("/add")
    old = visitor.page
    monkeypatch.undo()
    monkeypatch.setenv("LARDER_HOME", str(register))
    monkeypatch.setattr(brakes, "HASTE_SECONDS", 0)
    visitor.page = old
    visitor.press(**SOUP)
    assert "open for too long" in visitor.faults()[0]
    visitor.press()
    assert "has arrived" in visitor.title()


def test_faster_than_anybody_writes(
    visitor: Visitor, register: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor.get("/add")
    monkeypatch.setattr(brakes, "HASTE_SECONDS", 3600)
    visitor.press(**SOUP)
    assert "faster than anybody writes" in visitor.faults()[0]
    assert count(register) == 0


def test_the_trap(visitor: Visitor, register: Path) -> None:
    visitor.get("/add")
    visitor.press(**SOUP | {brakes.TRAP: "buy now"})
    assert "must stay empty" in visitor.faults()[0]
    assert visitor.fields().found[brakes.TRAP] == ""
    assert count(register) == 0


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:9999"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site", "origin": HOST},
        {"host": "evil.example", "origin": "http://evil.example"},
        {"host": "evil.example"},
        {"host": "[bad"},
    ],
)
def test_only_our_own_pages_may_send(visitor: Visitor, register: Path, headers: dict[str, str]) -> None:
    visitor.get("/add")
    form = visitor.fields().found | SOUP | {"act": "send"}
    assert visitor.ask("POST", "/add", data=form, headers=headers).status_code == 403
    assert count(register) == 0


def test_the_public_address_may_send(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LARDER_URL", "https://larder.example.org/")
    visitor.host = "https://larder.example.org"
    visitor.get("/add")
    assert visitor.page.headers["set-cookie"].endswith("Secure")
    visitor.press(**SOUP)
    assert "has arrived" in visitor.title()
    assert "https://larder.example.org/link/edit#" in visitor.page.text


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"a=" + b"x" * brakes.LARGEST_BODY, FORM["content-type"], 413),
        (b"&".join(b"f%d=1" % number for number in range(500)), FORM["content-type"], 413),
        (b'{"name": "x"}', "application/json", 415),
        (b"--x\r\n", "multipart/form-data; boundary=x", 415),
        (b"", "", 415),
    ],
)
def test_outsized_and_other_bodies(visitor: Visitor, body: bytes, kind: str, status: int) -> None:
    assert visitor.ask("POST", "/add", content=body, headers={"content-type": kind}).status_code == status


def test_a_body_without_an_end_is_cut_off(visitor: Visitor) -> None:
    sent = 0

    async def endless():  # type: ignore[no-untyped-def]
        nonlocal sent
        while True:
            sent += 60_000
            yield b"a" * 60_000

    assert visitor.ask("POST", "/add", content=endless(), headers=FORM).status_code == 413
    assert sent < 2 * brakes.LARGEST_BODY


def test_no_address_sends_without_end(
    visitor: Visitor, register: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "HOURLY", 2)
    for number in range(3):
        visitor.get("/add")
        visitor.press(
            **SOUP | {"name": f"Table {number} of {'xyz'[number] * 9}", "postcode": f"ZZ1 1A{'ABD'[number]}"}
        )
        if "Is it one" in visitor.page.text:
            visitor.press()
    assert visitor.page.status_code == 429
    assert "send it later" in visitor.faults()[0]
    assert visitor.fields().found["name"].startswith("Table 2")
    assert count(register) == 2
    other = Visitor("198.51.100.7")
    other.get("/add")
    other.press(**SOUP)
    assert count(register) == 3


def test_requests_are_counted_before_they_are_looked_at(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(brakes, "POSTS", (3, brakes.POSTS[1]))
    statuses = [visitor.ask("POST", "/add", data={"x": "y"}).status_code for _ in range(4)]
    assert statuses == [422, 422, 422, 429]


@pytest.mark.parametrize(
    ("address", "who"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("unix", "unix"),
    ],
)
def test_an_ipv6_neighbour_is_the_same_sender(address: str, who: str) -> None:
    from starlette.requests import Request

    scope = {"type": "http", "client": (address, 1), "headers": []}
    assert brakes.who(Request(scope)) == who


def test_the_key_is_its_owners_alone_and_one_for_all(register: Path) -> None:
    made = keys.key()
    assert len(made) == 64
    assert stat.S_IMODE((register / keys.FILE).stat().st_mode) == 0o600
    assert keys.key() == made
    assert not list(register.glob(".web.key*"))


def test_a_short_secret_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LARDER_SECRET", "short")
    with pytest.raises(keys.SecretError, match="too short"):
        keys.key()
    monkeypatch.setenv("LARDER_SECRET", "x" * 40)
    assert keys.key() == b"x" * 40


def test_the_number_of_a_key_cannot_be_made_without_the_secret(register: Path) -> None:
    assert keys.number("a", "k") == keys.number("a", "k")
    assert len({keys.number("a", "k"), keys.number("b", "k"), keys.number("a", "l")}) == 3


@pytest.mark.parametrize(
    "path",
    ["/add/", "/add/x", "/asset", "/asset/x/y/z", "/link", "/link/zzz", "/voice/1", "/plain/x", "/plain/0/../app.py",
     "/plain/0/plain.css", "/asset/../add/x"],
)  # fmt: skip
def test_what_leads_nowhere_says_so_on_a_page_of_ours(visitor: Visitor, path: str) -> None:
    page = visitor.get(path)
    assert page.status_code == 404
    assert visitor.title() == "Not found"
    assert page.headers["content-security-policy"].startswith("default-src 'none'")


@pytest.mark.parametrize(
    "path", ["/add", "/voice", "/link/edit", "/link/confirm", "/link/report", "/link/lost"]
)
def test_a_link_or_a_robot_changes_nothing(visitor: Visitor, register: Path, path: str) -> None:
    for method in ("GET", "HEAD"):
        assert visitor.ask(method, path).status_code == 200
    for method in ("PUT", "DELETE", "PATCH", "OPTIONS"):
        assert visitor.ask(method, path).status_code == 405
    assert count(register) == 0


def test_a_database_that_does_not_open_is_not_explained_to_the_public(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor.get("/add")
    monkeypatch.setenv("LARDER_DATABASE", "sqlite:////nowhere/at/all/larder.sqlite")
    page = visitor.press(**SOUP)
    assert page.status_code == 503
    assert "nowhere" not in page.text
