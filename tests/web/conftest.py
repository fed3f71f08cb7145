"""A browser without scripts: it keeps cookies, fills in the form of the page before it, and presses a button."""

import asyncio
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware

from geo.demo import ensure_demo
from store.session import writing
from web import brakes
from web.headers import SecurityHeaders
from web.routes import PREFIXES, routes

HOST = "http://127.0.0.1:8600"


class Fields(HTMLParser):
    """The fields that a browser would send of the first form of a page (or of the one with an action)."""

    def __init__(self, html: str, action: str = "") -> None:
        super().__init__(convert_charrefs=True)
        self.wanted, self.inside, self.action = action, False, ""
        self.found: dict[str, str] = {}
        self._area = self._select = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and not self.action and self.wanted in {"", given["action"]}:
            self.inside, self.action = True, given["action"]
        if not self.inside:
            return
        name, kind = given.get("name", ""), given.get("type", "text")
        if tag == "input" and kind not in {"image", "submit"}:
            if kind not in {"radio", "checkbox"} or "checked" in given:
                self.found[name] = given.get("value", "")
        elif tag == "textarea":
            self._area, self.found[name] = name, ""
        elif tag == "select":
            self._select, self.found[name] = name, ""
        elif tag == "option" and "selected" in given:
            self.found[self._select] = given["value"]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        elif self._area:
            self.found[self._area] = self.found[self._area].removeprefix("\n")
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.found[self._area] += data


class Visitor:
    """Somebody with a browser that runs no scripts."""

    def __init__(self, address: str = "203.0.113.9", host: str = HOST) -> None:
        app = Starlette(
            routes=routes(), middleware=[Middleware(SecurityHeaders, page=Path(__file__), plain=PREFIXES)]
        )
        self.transport = httpx.ASGITransport(app, client=(address, 5000), raise_app_exceptions=True)
        self.host, self.cookies = host, httpx.Cookies()
        self.page: httpx.Response = httpx.Response(200)

    def ask(self, method: str, path: str, **how: object) -> httpx.Response:
        async def once() -> httpx.Response:
            async with httpx.AsyncClient(
                transport=self.transport, base_url=self.host, cookies=self.cookies
            ) as client:
                answer = await client.request(method, path, **how)  # type: ignore[arg-type]
                self.cookies = client.cookies
                return answer

        self.page = asyncio.run(once())
        return self.page

    def get(self, path: str) -> httpx.Response:
        return self.ask("GET", path)

    def fields(self, action: str = "") -> Fields:
        return Fields(self.page.text, action)

    def press(self, button: str = "send", action: str = "", **typed: str) -> httpx.Response:
        """Fill in the form of the page and press one of its buttons."""
        form = self.fields(action)
        data = form.found | {name.replace("__", "."): value for name, value in typed.items()}
        headers = {"origin": self.host, "sec-fetch-site": "same-origin"}
        return self.ask("POST", form.action, data=data | {"act": button}, headers=headers)

    def title(self) -> str:
        found = re.search(r"<h1[^>]*>(.*?)</h1>", self.page.text, re.DOTALL)
        return found.group(1) if found else ""

    def faults(self) -> list[str]:
        box = re.search(r'<div class="faults".*?</div>', self.page.text, re.DOTALL)
        return re.findall(r"<li[^>]*>(?:<a[^>]*>)?(.*?)(?:</a>)?</li>", box.group(0)) if box else []

    def code(self) -> str:
        found = re.search(r'href="/link/edit#([\w-]+)" id="private"', self.page.text)
        assert found is not None, self.title()
        return found.group(1)


@pytest.fixture(scope="session")
def demo_places(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the demo place and an empty database, made once: what is read of the place stays read."""
    folder = tmp_path_factory.mktemp("demo")
    ensure_demo(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LARDER_DATABASE", f"sqlite:///{folder / 'empty.sqlite'}")
        with writing(folder):
            pass
    return folder


@pytest.fixture
def register(demo_places: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with the demo place and an empty register; nobody is too fast for its forms."""
    for name in ("LARDER_URL", "LARDER_SMTP", "LARDER_SECRET"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(brakes, "HASTE_SECONDS", 0)
    shutil.rmtree(demo_places / "outbox", ignore_errors=True)
    shutil.copy(demo_places / "empty.sqlite", tmp_path / "register.sqlite")
    monkeypatch.setenv("LARDER_HOME", str(demo_places))
    monkeypatch.setenv("LARDER_DATABASE", f"sqlite:///{tmp_path / 'register.sqlite'}")
    return demo_places


@pytest.fixture
def visitor(register: Path) -> Visitor:
    """Somebody at the form of this register."""
    return Visitor()
