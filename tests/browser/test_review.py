"""Signing in by a real OpenID Connect provider, and what each role can then reach, in a real browser."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import pytest

if os.environ.get("LARDER_REQUIRE") != "all":
    pytest.importorskip("playwright.sync_api", reason="missing: playwright for Python (requirements-dev.txt)")
    if find_spec("oidc_provider_mock") is None:
        pytest.skip("missing: oidc-provider-mock (requirements-dev.txt)", allow_module_level=True)
    pytest.importorskip(
        "axe_playwright_python", reason="missing: axe-playwright-python (requirements-dev.txt)"
    )

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from assets.register import get_asset
from assets.schema import Asset
from assets.suggestions import suggest_change
from store.people import person_for, set_role
from store.queue import Submission, get_submission
from store.roles import ACTIONS, ANYONE, CLI, ROLES, Role
from store.session import reading, writing
from tests.browser import signing_in
from tests.browser.test_app import PATIENCE, PHONE
from tests.ui import kitchen, pantry

pytestmark = pytest.mark.browser
WHO: dict[Role, str] = {
    "viewer": "vic",
    "contributor": "con",
    "steward": "sam",
    "analyst": "ann",
    "admin": "ada",
}
"""Who has which role; the administrator is one because LARDER_ADMINS names her verified address."""


@dataclass(frozen=True)
class Site:
    """The running app, the home it serves, and what is in its register."""

    address: str
    home: Path
    register: dict[str, Asset]
    sent: Submission


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The app with a login, on the town of six by six squares with five assets and a suggestion."""
    folder = tmp_path_factory.mktemp("login")
    home = folder / "home"
    home.mkdir()
    kitchen.make_place(home)
    kitchen.make_run(home)
    register = pantry.stock(home)
    with writing(home) as session:
        sent = suggest_change(
            session, register["hall"].id, {"name": "New Hall"}, actor=ANYONE, note="it moved"
        )
    with signing_in.provider(folder) as issuer:
        with writing(home) as session:
            for role in ("contributor", "steward", "analyst"):
                person = person_for(session, issuer, WHO[role], "", "")
                set_role(session, person.id, role, CLI)
        with signing_in.app(home, issuer) as address:
            yield Site(address, home, register, sent)


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Make visits of their own, wide unless told to be a phone's."""
    made: list[BrowserContext] = []

    def make(*, phone: bool = False) -> BrowserContext:
        size = {"width": 360, "height": 780} if phone else {"width": 1280, "height": 900}
        context = browser.new_context(viewport=size, user_agent=PHONE if phone else None)  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE)
        made.append(context)
        return context

    yield make
    for context in made:
        context.close()


def settled(page: Page) -> Page:
    """Wait until the page has been drawn whole: the line below it says who is here."""
    expect(page.locator(".larder-note", has_text="igned in").last).to_be_visible(timeout=PATIENCE)
    expect(page.locator(".stApp[data-test-script-state=notRunning]")).to_be_visible(timeout=PATIENCE)
    return page


def sign_in(context: BrowserContext, site: Site, who: str) -> Page:
    page = context.new_page()
    page.goto(f"{site.address}/account")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name=who, exact=True).click()
    page.wait_for_url(f"{site.address}/**")
    return settled(page)


def go(page: Page, site: Site, path: str) -> str:
    page.goto(f"{site.address}/{path}")
    return settled(page).inner_text("body")


def tab_to(page: Page, words: str, presses: int = 80) -> None:
    """Press Tab until the button or field that has the focus reads or is labelled with some words."""
    focus = """() => { const e = document.activeElement;
        if (!['BUTTON', 'INPUT', 'TEXTAREA'].includes(e.tagName)) return '';
        const label = e.labels && e.labels[0] ? e.labels[0].innerText : '';
        return [e.innerText, e.getAttribute('aria-label'), label, e.value].join(' ') }"""
    for _ in range(presses):
        page.keyboard.press("Tab")
        if words in page.evaluate(focus):
            return
    pytest.fail(f"no way to {words!r} by the Tab key")


def test_at_360_pixels_a_steward_reviews_and_approves_by_keyboard_alone(
    visit: Callable[..., BrowserContext], site: Site
) -> None:
    page = visit(phone=True).new_page()
    page.goto(f"{site.address}/review")
    expect(page.get_by_text("Please sign in first.")).to_be_visible(timeout=PATIENCE)
    settled(page)
    tab_to(page, "Sign in")
    page.keyboard.press("Enter")
    page.wait_for_url("**/oauth2/authorize**")
    tab_to(page, "sam")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site.address}/**")
    go(page, site, "review")
    tab_to(page, "Change: Old <b>Hall</b>")
    page.keyboard.press("Enter")
    expect(page.get_by_text("One field would change: name.")).to_be_visible(timeout=PATIENCE)
    settled(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    tops = [
        page.get_by_text(words).first.bounding_box()["y"]
        for words in ("One field would", "What would", "Approve")
    ]  # type: ignore[index]
    assert tops == sorted(tops)
    tab_to(page, "A reason")
    page.keyboard.type("We rang them.")
    tab_to(page, "Approve: publish the change")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The change is published.")).to_be_visible(timeout=PATIENCE)
    with reading(site.home) as session:
        assert get_asset(session, site.register["hall"].id).name == "New Hall"
        decided = get_submission(session, site.sent.id, CLI)
    assert (decided.status, decided.decision_reason) == ("approved", "We rang them.")


def test_a_first_sign_in_makes_a_viewer_even_with_an_administrators_unverified_address(
    visit: Callable[..., BrowserContext], site: Site
) -> None:
    page = sign_in(visit(), site, "mal")
    assert "Signed in as Mal Mimic, a viewer." in go(page, site, "account")
    assert "This page is not open to a viewer." in go(page, site, "people")


def test_signing_out_ends_it(visit: Callable[..., BrowserContext], site: Site) -> None:
    page = sign_in(visit(), site, "ada")
    assert "Signed in as Ada Admin, an administrator." in go(page, site, "account")
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="End session").click()
    page.wait_for_url(f"{site.address}/**")
    expect(page.get_by_text("You are not signed in.")).to_be_visible(timeout=PATIENCE)
    assert "Please sign in first." in go(page, site, "people")


@pytest.mark.long
def test_no_page_of_ours_has_a_serious_fault_of_accessibility(
    visit: Callable[..., BrowserContext], site: Site
) -> None:
    page = sign_in(visit(phone=True), site, "ada")
    with writing(site.home) as session:
        sent = suggest_change(session, site.register["soup"].id, {"phone": "1"}, actor=ANYONE)
    found = {}
    for path in (
        "assets",
        f"assets?asset={site.register['soup'].id}",
        "assets?show=looked",
        "review",
        f"review?item={sent.id}",
        "people",
        "account",
        "add_asset",
    ):
        go(page, site, path)
        faults = Axe().run(page).response["violations"]
        found[path] = [
            (fault["id"], [node["html"][:120] for node in fault["nodes"]])
            for fault in faults
            if fault["impact"] in ("serious", "critical")
        ]
    assert {path: faults for path, faults in found.items() if faults} == {}


@dataclass(frozen=True)
class Door:
    """One way in which an action of the table can be reached: where, and the words that are there if it may be."""

    path: str
    words: str


def doors(site: Site) -> dict[str, list[Door]]:
    """Every action of the table that the app offers, each with every way to it; whatever is told or offered there."""
    one = {name: f"assets?asset={asset.id}" for name, asset in site.register.items()}
    return {
        "see_published": [Door(one["soup"], "Soup Table"), Door("assets", "Soup Table")],
        "confirm": [Door(one["soup"], "How do you know?")],
        "see_history": [Door(one["soup"], "History:")],
        "edit_asset": [Door(one["soup"], "Change this entry")],
        "remove_asset": [Door(one["soup"], "Remove it from the register")],
        "see_private_contact": [Door(one["soup"], "jo@cook.example")],
        "see_hidden": [Door(one["refuge"], "Refuge House"), Door("assets", "Refuge House")],
        "see_held": [Door(one["held"], "Doubtful Club"), Door("assets", "Doubtful Club")],
        "see_removed": [Door(one["gone"], "Closed Café")],
        "see_due": [Door("assets?show=due", "due for a check:"), Door("assets", "Due for a check")],
        "add_look": [Door("assets?show=looked", "I looked here")],
        "see_queue": [Door("review", "for a decision.")],
        "decide": [Door(f"review?item={site.sent.id}", "New Hall")],
        "manage_people": [Door("people", "What each role may do")],
        "export_public": [Door("assets", "Download")],
    }


ELSEWHERE = {
    "suggest": "the plain form, tests/web",
    "add_asset": "the command line",
    "see_insight_private": "with the queue",
    "merge": "with the queue, tests/ui/test_review_page.py",
    "restore": "with the history, tests/ui/test_assets_page.py",
    "redact": "the command line",
    "import": "the command line",
    "export_all": "tests/ui/test_assets_page.py",
    "see_draft_runs": "tests/ui",
    "release_run": "the command line",
    "backup": "the command line",
}


@pytest.mark.long
@pytest.mark.parametrize("role", ROLES)
def test_each_role_reaches_what_the_table_allows_and_nothing_else(
    visit: Callable[..., BrowserContext], site: Site, role: Role
) -> None:
    ways = doors(site)
    assert ways.keys() | ELSEWHERE.keys() == ACTIONS.keys()
    context = visit()
    page = context.new_page() if role == "anyone" else sign_in(context, site, WHO[role])
    by_path: dict[str, list[tuple[str, str]]] = {}
    for action, found in ways.items():
        for door in found:
            by_path.setdefault(door.path, []).append((action, door.words))
    for path, behind in by_path.items():
        go(page, site, path)
        body = page.locator("body")
        for action, words in behind:
            if role in ACTIONS[action]:
                expect(body, f"{role} {action} {path}").to_contain_text(words, timeout=PATIENCE)
        page.wait_for_timeout(1_000)  # what comes late would come now
        told = body.inner_text()
        for action, words in behind:
            assert (words in told) == (role in ACTIONS[action]), (role, action, path)
