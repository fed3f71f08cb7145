"""Drafts and withdrawn runs: reached from beyond this machine by no address, no page, no warm start and no button."""

import contextlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from bake.errors import BakeError
from bake.release import TOMBSTONE, standing, withdraw
from bake.runs import MANIFEST, Run, read_run
from tests.ui import kitchen
from tests.ui.conftest import MAIN
from ui import account, cache, warm
from ui.components import downloads

PAGES = ("map", "overview", "compare", "about")


@pytest.fixture
def home(larder_home: Path) -> Path:
    """A home with an open run, and the same baked later that says it is from records: a draft."""
    kitchen.make_place(larder_home)
    kitchen.make_run(larder_home)
    hidden = kitchen.make_run(larder_home, recipe="hidden", hour=12)
    path = hidden.folder / MANIFEST
    path.chmod(0o644)
    path.write_text(json.dumps({**hidden.manifest, "from_records": True, "title": "Hidden"}), "utf-8")
    return larder_home


@pytest.fixture
def draft(home: Path) -> Run:
    return read_run(home, "latest")


@pytest.fixture
def public(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LARDER_PUBLIC", "1")


def runs_shown(home: Path) -> list[str]:
    return [run.recipe for run in cache.runs(home)]


def test_the_newest_run_of_all_is_the_draft_and_the_screen_asks_its_standing(home: Path, draft: Run) -> None:
    assert standing(draft).state == "draft"
    assert set(runs_shown(home)) == {"hidden", "no_garden"}


@pytest.mark.usefixtures("public")
@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("asks", [{}, {"run": ""}, {"run": "", "against": ""}, {"run": "latest"}])
def test_no_page_and_no_address_shows_a_draft(
    home: Path, draft: Run, page: str, asks: dict[str, str]
) -> None:
    app = AppTest.from_file(MAIN, default_timeout=30)
    for name, value in asks.items():
        app.query_params[name] = value or draft.id
    app.run()
    if page != "map":
        app.switch_page(f"pages/{page}.py").run()
    assert not app.exception
    told = str([getattr(node, "proto", "") for node in nodes(app)]).replace(f"“{draft.id}”", "")
    assert draft.id not in told, "but for the sentence that there is no such run"
    assert "Hidden" not in told


def nodes(app: AppTest) -> list[object]:
    waiting, found = list(app._tree.children.values()), []
    while waiting:
        found.append(waiting.pop())
        waiting += getattr(found[-1], "children", {}).values()
    return found


@pytest.mark.usefixtures("public")
def test_the_warm_start_prepares_no_draft(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    prepared: list[str] = []
    monkeypatch.setattr(cache, "in_degrees", lambda folder: prepared.append(Path(folder).name))
    warm.warm()
    assert len(prepared) == 1
    assert prepared[0].startswith("no_garden")


def test_a_withdrawn_run_is_gone_from_the_next_look_even_here(home: Path, draft: Run) -> None:
    assert "hidden" in runs_shown(home)
    withdraw(home, draft.id, reason="A trial.")
    assert (home / "runs" / f"{draft.id}{TOMBSTONE}").is_file()
    assert runs_shown(home) == ["no_garden"]


def test_a_button_on_a_page_left_open_gives_nothing_of_a_withdrawn_run(home: Path, draft: Run) -> None:
    assert downloads._made(draft, "csv")
    withdraw(home, draft.id, reason="A trial.")
    with pytest.raises(BakeError, match="no longer shown here"):
        downloads._made(draft, "csv")


def test_the_address_of_a_withdrawn_run_says_when_and_why(home: Path, draft: Run) -> None:
    withdraw(home, draft.id, reason="A street was wrong.", at=datetime(2026, 5, 3, 12, tzinfo=UTC))
    app = AppTest.from_file(MAIN, default_timeout=30)
    app.query_params["run"] = draft.id
    told = str([getattr(node, "proto", "") for node in nodes(app.run())])
    assert (
        f"The run “{draft.id}” was withdrawn (3 May 2026): A street was wrong. Another one is shown" in told
    )


@pytest.mark.parametrize(
    ("headers", "beyond"),
    [
        ({}, False),
        ({"Host": "127.0.0.1:8600"}, False),
        ({"Host": "localhost"}, False),
        ({"Host": "[::1]:8600"}, False),
        ({"Host": "larder.example.org"}, True),
        ({"Host": "127.0.0.1:8600", "X-Forwarded-For": "203.0.113.9"}, True),
        ({"Host": "localhost:8600", "Forwarded": "for=203.0.113.9"}, True),
        ({"Host": "192.0.2.7:8600"}, True),
    ],
)
def test_a_visit_by_way_of_a_proxy_is_from_beyond_whatever_the_settings_say(
    headers: Mapping[str, str], beyond: bool
) -> None:
    assert account.passed_on(headers) is beyond


@pytest.mark.parametrize("address", ["0.0.0.0", "192.0.2.7", ""])
def test_listening_to_others_is_beyond_too(home: Path, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setattr(st, "get_option", lambda _name: address)
    with contextlib.suppress(AttributeError):
        cache._runs.clear()
    assert account.beyond_loopback()
    assert runs_shown(home) == ["no_garden"]
