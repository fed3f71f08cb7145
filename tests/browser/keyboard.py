"""The plain form by the keyboard alone: from a suggestion to its approval, a confirmation and a report."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from assets.register import get_asset
from store.queue import Submission, waiting
from store.roles import CLI
from store.session import reading

PATIENCE = 60_000
HASTE = 2_300  # the form refuses what is sent sooner than a person writes


def queued(home: Path) -> list[Submission]:
    with reading(home) as session:
        return list(waiting(session, CLI).items)


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until the wanted element has the focus, as somebody without a pointer does."""
    for _ in range(150):
        if wanted.evaluate("one => one === document.activeElement"):
            outline = wanted.evaluate("one => getComputedStyle(one).outlineStyle")
            assert outline != "none" or "/review" in page.url, "the focus is not seen"
            return
        page.keyboard.press("Tab")
    pytest.fail(f"the keyboard does not reach {wanted}")


def type_into(page: Page, label: str, text: str) -> None:
    tab_to(page, page.get_by_label(label, exact=True))
    page.keyboard.type(text)


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


def suggest(page: Page, address: str) -> str:
    """Suggest an asset and return its private link."""
    page.goto(f"{address}/add")
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to the content")).to_be_focused()
    tab_to(page, page.get_by_label("A place"))
    for key in ("Space", "ArrowDown", "ArrowDown"):
        page.keyboard.press(key)
    type_into(page, "Name", "Tuesday Soup Table")
    tab_to(page, page.get_by_label("Category"))
    page.keyboard.type("Food b")
    type_into(page, "Or: near which street or landmark?", "Castle Park")
    tab_to(page, page.get_by_role("button", name="Find it"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("A point is set (near Castle Park)")).to_be_visible()
    tab_to(page, page.locator("#go-north"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("(near Castle Park)")).to_have_count(0)
    expect(page.locator("#go-north")).to_be_focused()
    page.wait_for_timeout(HASTE)
    tab_to(page, page.get_by_role("button", name="Send the suggestion"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Thank you: your suggestion has arrived")).to_be_focused()
    assert fits(page)
    return page.locator("#private").get_attribute("href") or ""


def approve(page: Page, address: str, home: Path, submission: Submission) -> None:
    """Approve a suggestion on the app's page Review."""
    page.goto(f"{address}/review?item={submission.id}")
    button = page.get_by_role("button", name=re.compile("Approve|Publish")).first
    expect(button).to_be_visible()
    tab_to(page, button)
    page.keyboard.press("Enter")
    for _ in range(240):
        if submission.id not in {one.id for one in queued(home)}:
            return
        page.wait_for_timeout(250)
    pytest.fail("the suggestion was not approved")


def confirm_by_link(page: Page, address: str, home: Path, asset: str, code: str) -> None:
    """Open a link, which changes nothing and leaves the address bar, and press its button."""
    page.goto(f"{address}/link/confirm#{code}")
    yes = page.get_by_role("button", name="Yes, still right")
    expect(yes).to_be_visible()
    assert page.url == f"{address}/link/confirm"
    with reading(home) as session:
        assert get_asset(session, asset, CLI).confirmed_on is None
    tab_to(page, yes)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="it is marked as checked today")).to_be_visible()
    with reading(home) as session:
        assert get_asset(session, asset, CLI).confirmed_on is not None


def report_by_link(page: Page, address: str, code: str) -> None:
    """Say with a link that an asset has closed."""
    page.goto(f"{address}/link/report#{code}")
    tab_to(page, page.get_by_label("It has closed for good"))
    page.keyboard.press("Space")
    tab_to(page, page.get_by_role("button", name="Send"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="we will look into it")).to_be_visible()
