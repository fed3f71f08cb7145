"""Whatever is typed: a page of ours, never a fault of ours, and what was typed comes back as it was."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from tests.web.conftest import Fields, Visitor
from web import asset_form, brakes, sending, where
from web.fields import clean, is_blank

FEW, MANY = 25, 2_000
AWKWARD = some.sampled_from(
    [
        "<script>alert(1)</script>", "=1+1", "'; DROP TABLE assets;--", "{{7*7}}", "\u202eabc", "\x00", "مركز",
        "x" * 9_999, "ZZ1 1AA", "51.57", "-0.4", "Mo", "9:30", "Castle Park", "1:2:3", "0 Eastmere", "a@b.example",
        "nan", "1e999", "%", "&a=b", "\u2028",
    ]
)  # fmt: skip
# what a browser can send: no halves of characters
TEXT = AWKWARD | some.text(some.characters(exclude_categories=["Cs"]), max_size=40)
SENT = some.dictionaries(
    some.sampled_from([*asset_form.NAMES, "act", "tap.x", "tap.y", "key", "code", "version"]),
    TEXT,
    max_size=20,
)


@pytest.fixture
def unhurried(register: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A register whose brakes on how much somebody sends are off."""
    monkeypatch.setattr(brakes, "POSTS", (10**9, brakes.POSTS[1]))
    monkeypatch.setattr(sending, "HOURLY", 10**9)
    return register


def assert_taken_or_kept(sent: dict[str, str]) -> None:
    """Send one form as it is to the place where forms go: it is taken, or comes back with all that was typed."""
    visitor = Visitor()
    visitor.get("/add")
    form = visitor.fields().found
    page = visitor.ask("POST", "/add", data={**form, **sent, brakes.TRAP: ""})
    assert page.status_code in {200, 422}
    assert "<script>alert" not in page.text
    if page.status_code == 422:
        kept = Fields(page.text).found
        for name in ("name", "address", "cost", "phone"):
            # a line break in a single line is shown as a space by every browser; the page holds what came
            assert kept[name].split() == sent.get(name, "").replace("\x00", "").split()


@given(sent=SENT)
@settings(max_examples=FEW, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_form(unhurried: Path, sent: dict[str, str]) -> None:
    assert_taken_or_kept(sent)


@pytest.mark.long
@given(sent=SENT)
@settings(max_examples=MANY, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_form_at_length(unhurried: Path, sent: dict[str, str]) -> None:
    assert_taken_or_kept(sent)


@given(sent=SENT)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_fields_are_read(register: Path, sent: dict[str, str]) -> None:
    got = asset_form.read_form(asset_form.typed(sent), where.places())
    assert got.faults or got.values["name"]
    assert {fault.column for fault in got.faults} <= {*asset_form.LABELS, ""}
    filled = asset_form.filled(got.values)
    assert set(filled) == set(asset_form.NAMES)


@given(text=TEXT)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert clean(clean(text, lines=True), lines=True) == clean(text, lines=True)
    assert is_blank(clean(text)) or any(one.isprintable() for one in text)
