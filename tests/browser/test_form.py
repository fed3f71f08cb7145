"""The plain form in a real browser: a phone's width, the keyboard alone, a line that breaks, no scripts, axe."""

import email
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

if os.environ.get("LARDER_REQUIRE") != "all":
    pytest.importorskip("playwright.sync_api", reason="missing: playwright for Python (requirements-dev.txt)")
    pytest.importorskip(
        "axe_playwright_python", reason="missing: axe-playwright-python (requirements-dev.txt)"
    )

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from assets.locate import locator
from assets.register import add_asset
from assets.schema import Asset
from geo.demo import ensure_demo
from store import tokens
from store.queue import Submission
from store.roles import CLI
from store.session import writing
from tests.browser.keyboard import (
    HASTE,
    PATIENCE,
    approve,
    confirm_by_link,
    fits,
    queued,
    report_by_link,
    suggest,
    tab_to,
)

pytestmark = pytest.mark.browser
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="module")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the demo place and an empty register: the form needs no run."""
    folder = tmp_path_factory.mktemp("form-home")
    ensure_demo(folder)
    return folder


@pytest.fixture
def phone(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True)
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


def hall(home: Path, name: str) -> Asset:
    with writing(home) as session:
        return add_asset(
            session, actor=CLI, name=name, category="hall", postcode="ZZ1 1AD", where=locator(home)
        )


@pytest.fixture
def keyed(phone: BrowserContext) -> Iterator[Page]:
    """A page of which nothing goes wrong unseen."""
    page = phone.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    assert errors == []


def test_suggested_approved_confirmed_and_reported_by_keyboard_alone(
    keyed: Page, address: str, demo_home: Path
) -> None:
    private = suggest(keyed, address)
    [submission] = queued(demo_home)
    assert submission.payload["values"]["kind"] == "service"
    assert submission.payload["values"]["category"] == "food_bank"
    approve(keyed, address, demo_home, submission)

    keyed.goto(f"{address}{private}")
    expect(keyed.get_by_text("Tuesday Soup Table: taken over")).to_be_visible()
    tab_to(keyed, keyed.get_by_role("link", name="See it in the register"))
    keyed.keyboard.press("Enter")
    expect(keyed.get_by_text("Unconfirmed")).to_be_visible()
    asset = keyed.url.rpartition("/")[2]
    with writing(demo_home) as session:
        links = [tokens.issue(session, purpose, "asset", asset, 30) for purpose in ("confirm", "report")]
    confirm_by_link(keyed, address, demo_home, asset, links[0])
    report_by_link(keyed, address, links[1])
    [report] = queued(demo_home)
    assert (report.kind, report.subject_id, report.note) == ("report", asset, "It has closed for good")


def fill(page: Page, name: str) -> None:
    page.get_by_label("A group").check()
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Category").select_option("club")
    page.get_by_label("Postcode", exact=True).fill("ZZ1 1AB")
    page.get_by_label("Your e-mail").fill("sam@example.org")
    page.wait_for_timeout(HASTE)


def named(home: Path, name: str) -> list[Submission]:
    return [one for one in queued(home) if one.payload.get("values", {}).get("name") == name]


def test_the_line_breaks_in_mid_form_and_nothing_is_lost(
    phone: BrowserContext, address: str, demo_home: Path
) -> None:
    page = phone.new_page()
    page.goto(f"{address}/add")
    fill(page, "Chess on Mondays")
    phone.set_offline(True)
    page.get_by_role("button", name="Send the suggestion").click()
    expect(page.get_by_role("status")).to_contain_text(
        "No connection. What you wrote is kept in this browser"
    )
    expect(page.get_by_label("Name", exact=True)).to_have_value("Chess on Mondays")
    page.close()

    phone.set_offline(False)
    page = phone.new_page()
    page.goto(f"{address}/add")
    expect(page.get_by_role("status")).to_contain_text("It was not sent yet")
    expect(page.get_by_label("Name", exact=True)).to_have_value("Chess on Mondays")
    expect(page.get_by_label("A group")).to_be_checked()
    expect(page.get_by_label("Category")).to_have_value("club")
    # somebody's address does not outlive the tab on a shared computer
    expect(page.get_by_label("Your e-mail")).to_have_value("")

    page.wait_for_timeout(HASTE)
    phone.set_offline(True)
    page.get_by_role("button", name="Send the suggestion").click()
    expect(page.get_by_role("status")).to_contain_text("No connection")
    phone.set_offline(False)
    expect(page.get_by_role("heading", name="has arrived")).to_be_visible()
    assert len(named(demo_home, "Chess on Mondays")) == 1
    page.goto(f"{address}/add")
    expect(page.get_by_label("Name", exact=True)).to_have_value("")


def test_an_answer_that_never_came_is_not_a_second_suggestion(
    phone: BrowserContext, address: str, demo_home: Path
) -> None:
    page = phone.new_page()
    page.goto(f"{address}/add")
    fill(page, "Knitting in the Hall")
    tries: list[int] = []

    def cut(route: Route) -> None:
        if route.request.method == "POST" and not tries:
            tries.append(route.fetch().status)
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/add", cut)
    page.get_by_role("button", name="Send the suggestion").click()
    expect(page.get_by_role("status")).to_contain_text("No connection")
    assert tries == [200]
    assert len(named(demo_home, "Knitting in the Hall")) == 1
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.get_by_role("heading", name="has arrived")).to_be_visible()
    assert len(named(demo_home, "Knitting in the Hall")) == 1


def test_a_refusal_leaves_the_form_where_it_is(phone: BrowserContext, address: str, demo_home: Path) -> None:
    page = phone.new_page()
    page.goto(f"{address}/add")
    fill(page, "N" * 400_000)
    page.get_by_role("button", name="Send the suggestion").click()
    expect(page.get_by_role("status")).to_contain_text("more than the form can take")
    page.get_by_label("Name", exact=True).fill("Short Name Club")
    page.get_by_role("button", name="Send the suggestion").click()
    expect(page.get_by_role("heading", name="has arrived")).to_be_visible()
    assert len(named(demo_home, "Short Name Club")) == 1


def test_a_draft_can_be_thrown_away(phone: BrowserContext, address: str) -> None:
    page = phone.new_page()
    page.goto(f"{address}/voice")
    page.get_by_label("What was said?").fill("The bus stopped coming.")
    page.wait_for_timeout(600)
    page.reload()
    expect(page.get_by_label("What was said?")).to_have_value("The bus stopped coming.")
    page.get_by_role("button", name="Start with an empty form").click()
    expect(page.get_by_label("What was said?")).to_have_value("")
    page.reload()
    expect(page.get_by_label("What was said?")).to_have_value("")


def test_without_scripts_all_of_it_works(browser: Browser, address: str, demo_home: Path) -> None:
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, has_touch=True, java_script_enabled=False
    )
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto(f"{address}/add")
    page.get_by_label("A green space").check()
    page.get_by_label("Name", exact=True).fill("Frog Pond")
    page.get_by_role("button", name="Show a map to tap on").click()
    page.get_by_role("button", name="Map of Marshwick").click(position={"x": 120, "y": 90})
    expect(page.get_by_text("A point is set")).to_be_visible()
    # the return key in a field sends the form, and is not a tap on the map
    page.wait_for_timeout(HASTE)
    page.get_by_label("Name", exact=True).press("Enter")
    expect(page.get_by_role("link", name="Category: Choose the category")).to_be_visible()
    page.get_by_label("Category").select_option("park")
    page.get_by_label("Your e-mail").fill("frog@example.org")
    page.get_by_role("button", name="Send the suggestion").click()
    expect(page.get_by_role("heading", name="has arrived")).to_be_visible()
    [submission] = named(demo_home, "Frog Pond")
    assert submission.payload["values"]["longitude"]
    letters = [email.message_from_bytes(path.read_bytes()) for path in (demo_home / "outbox").glob("*.eml")]
    [link] = [
        found.group(0)
        for letter in letters
        if letter["To"] == "frog@example.org"
        and (found := re.search(r"http\S+/link/edit#\S+", letter.get_payload(decode=True).decode()))  # type: ignore[union-attr]
    ]
    page.goto(link)
    page.get_by_label("Code").fill(link)
    page.get_by_role("button", name="Open it").click()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Frog Pond")
    page.get_by_role("button", name="Take the suggestion back").click()
    expect(page.get_by_role("heading", name="It is taken back")).to_be_visible()
    context.close()


@pytest.mark.parametrize("width", [360, pytest.param(1280, marks=pytest.mark.long)])
def test_axe_finds_no_serious_fault(browser: Browser, address: str, demo_home: Path, width: int) -> None:
    asset = hall(demo_home, f"Hall of {width} <b>Names</b> مركز")
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    found: list[str] = []

    def check(where: str) -> None:
        told = Axe().run(page).response["violations"]
        found.extend(f"{where}: {one['id']} ({one['impact']}): {one['nodes'][0]['html']}" for one in told)
        assert fits(page), where

    for path in (
        "/add", "/voice", "/link/edit", "/link/confirm", "/link/lost", f"/asset/{asset.id}",
        f"/asset/{asset.id}/confirm", f"/asset/{asset.id}/wrong", f"/asset/{asset.id}/edit", "/add/nowhere",
    ):  # fmt: skip
        page.goto(f"{address}{path}")
        page.evaluate("for (const one of document.querySelectorAll('details')) { one.open = true; }")
        check(path)
    for path, button in (("/add", "Send the suggestion"), ("/voice", "Send it")):
        page.goto(f"{address}{path}")
        page.get_by_role("button", name=button).click()
        expect(page.get_by_role("alert")).to_be_focused()
        check(f"{path} with faults")
    page.goto(f"{address}/add")
    page.get_by_role("button", name="Show a map to tap on").click()
    expect(page.locator("input[type=image]")).to_be_visible()
    check("/add with its map")
    fill(page, f"Hall of {width} Name")
    page.get_by_label("Postcode", exact=True).fill(asset.postcode)
    page.get_by_role("button", name="Send the suggestion").click()
    expect(page.get_by_role("heading", name="Is it one of these?")).to_be_visible()
    check("/add with what is alike")
    page.get_by_role("button", name="No, none of these").click()
    expect(page.get_by_role("heading", name="has arrived")).to_be_visible()
    check("/add once it is sent")
    page.get_by_text("/link/edit#").click()
    expect(page.get_by_role("button", name="Take the suggestion back")).to_be_visible()
    check("/link/edit opened")
    context.close()
    assert found == []
