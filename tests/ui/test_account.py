"""Who is at the screen: by login and our own table; without a login, this computer's user or nobody."""

import contextlib
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from assets.stewardship import Charge, charges_of
from store.people import find_person, person_for, set_role
from store.roles import CLI, ROLES, may
from store.session import reading, writing
from tests.ui import kitchen
from tests.ui.test_app import words
from ui import account
from words.faults import LarderError
from words.records import DRAFT

ISSUER = "https://id.example"
LOGIN = {
    "redirect_uri": "http://127.0.0.1/oauth2callback",
    "cookie_secret": "x" * 32,
    "client_id": "larder",
    "client_secret": "y",
    "server_metadata_url": f"{ISSUER}/.well-known/openid-configuration",
}


def claims(subject: str, **more: object) -> dict[str, object]:
    return {"is_logged_in": True, "iss": ISSUER, "sub": subject, "name": subject.title(), **more}


def signed_in(app: AppTest, role: str, home: Path) -> AppTest:
    """Let somebody be signed in whose role in our table is the one given; *anyone* is not signed in."""
    app.secrets["auth"] = LOGIN
    if role == "anyone":
        app.user = {"is_logged_in": False}
        return app
    app.user = claims("pat", role="admin")  # what the provider says of roles is nobody's business
    with writing(home) as session:
        pat = person_for(session, ISSUER, "pat", "Pat", "")
        set_role(session, pat.id, role, CLI)  # type: ignore[arg-type]
    return app


def show(app: AppTest, page: str) -> str:
    app.run()
    app.switch_page(f"pages/{page}.py").run()
    assert not app.exception
    return words(app)


def test_without_a_login_the_screen_says_that_it_has_one_user(app: AppTest) -> None:
    assert "Single-user mode: no login is set up" in words(app.run())
    assert "Nothing waits for a decision." in show(app, "review")


@pytest.mark.parametrize("setting", ["public", "address", "host", "proxy", "peer"])
def test_without_a_login_whoever_comes_from_elsewhere_can_change_nothing(
    app: AppTest, monkeypatch: pytest.MonkeyPatch, setting: str
) -> None:
    headers = {"Host": "127.0.0.1:8600"}
    if setting == "public":
        monkeypatch.setenv("LARDER_PUBLIC", "1")
    elif setting == "address":
        real = st.get_option
        monkeypatch.setattr(st, "get_option", lambda key: "" if key == "server.address" else real(key))
    elif setting == "host":
        headers = {"Host": "larder.example.org"}
    elif setting == "proxy":
        headers["X-Forwarded-For"] = "203.0.113.9"
    else:
        # whatever name the request claims to be for
        monkeypatch.setattr(type(st.context), "ip_address", "192.0.2.7")
    monkeypatch.setattr(type(st.context), "headers", headers)
    assert "This page is not open to somebody without an account." in show(app, "review")
    assert "Nobody can sign in here" in show(app, "account")


@pytest.mark.parametrize(
    ("address", "settings", "refused"),
    [("127.0.0.1", {}, False), ("::1", {}, False), ("localhost", {}, False), ("0.0.0.0", {}, True),
     ("192.0.2.7", {}, True), ("", {}, True), ("0.0.0.0", {"LARDER_PUBLIC": "1"}, False),
     ("0.0.0.0", {"LARDER_PUBLIC": "0"}, True), ("0.0.0.0", {"STREAMLIT_SECRETS_FILES": "/nowhere"}, False)],
)  # fmt: skip
def test_where_it_may_listen_without_a_login(
    monkeypatch: pytest.MonkeyPatch, address: str, settings: dict[str, str], refused: bool
) -> None:
    real = st.get_option
    monkeypatch.setattr(st, "get_option", lambda key: address if key == "server.address" else real(key))
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(LarderError, match="no login is set up") if refused else contextlib.nullcontext():
        account.check_address()


def test_settings_that_cannot_be_read_never_make_an_administrator(
    app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STREAMLIT_SECRETS_FILES", "/nowhere/secrets.toml")
    assert "cannot be read, so nobody can sign in" in show(app, "account")
    assert "This page is not open" in show(app, "people")


@pytest.mark.parametrize("role", ROLES)
def test_each_page_is_open_to_the_roles_of_the_table(app: AppTest, sixtown: Path, role: str) -> None:
    signed_in(app, role, sixtown)
    who = CLI.__class__("x", "X", role, "login")  # type: ignore[arg-type]
    for page, action, opened in (
        ("review", "see_queue", "waits for a decision"),
        ("people", "manage_people", "signed in here"),
    ):
        told = show(app, page)
        assert (opened in told) == may(who, action)
        assert ("This page is" in told) != may(who, action)


def test_a_first_visit_makes_a_viewer_whatever_the_provider_claims(app: AppTest, sixtown: Path) -> None:
    app.secrets["auth"] = LOGIN
    app.user = claims("mo", role="admin", groups=["admin"], email="mo@example.org", email_verified=True)
    assert "Signed in as Mo, a viewer." in show(app, "account")
    with reading(sixtown) as session:
        person = find_person(session, ISSUER, "mo")
    assert person is not None
    assert person.role == "viewer"


@pytest.mark.parametrize(
    ("verified", "told"), [(True, "an administrator"), (False, "a viewer"), (None, "a viewer")]
)
def test_a_named_address_makes_an_administrator_only_where_it_is_verified(
    app: AppTest, monkeypatch: pytest.MonkeyPatch, verified: bool | None, told: str
) -> None:
    monkeypatch.setenv("LARDER_ADMINS", "chief@example.org")
    app.secrets["auth"] = LOGIN
    app.user = claims(
        "chief", email="chief@example.org", **({} if verified is None else {"email_verified": verified})
    )
    assert f"Signed in as Chief, {told}." in show(app, "account")


def test_a_role_taken_away_is_gone_at_the_next_click(app: AppTest, sixtown: Path) -> None:
    signed_in(app, "steward", sixtown)
    assert "for a decision" in show(app, "review")
    with writing(sixtown) as session:
        pat = find_person(session, ISSUER, "pat")
        assert pat is not None
        set_role(session, pat.id, "viewer", CLI)
    assert "This page is not open to a viewer" in words(app.run())


def test_claims_without_a_subject_are_nobody(app: AppTest) -> None:
    app.secrets["auth"] = LOGIN
    app.user = {"is_logged_in": True, "email": "x@example.org"}
    assert "This page is for people who look after the register." in show(app, "review")


@pytest.mark.parametrize(
    ("host", "here"),
    [("127.0.0.1:8600", True), ("localhost", True), ("[::1]:8600", True), ("127.0.0.1.evil.example", False),
     ("localhost.evil.example", False), ("10.0.0.5", False), ("", False), ("[", False)],
)  # fmt: skip
def test_only_this_computer_is_here(host: str, here: bool) -> None:
    assert account._is_loopback(host) is here


def test_an_admin_gives_a_role_and_the_last_one_cannot_leave(app: AppTest, sixtown: Path) -> None:
    signed_in(app, "admin", sixtown)
    with writing(sixtown) as session:
        mo = person_for(session, ISSUER, "mo", "Mo", "mo@example.org")
        pat = find_person(session, ISSUER, "pat")
    show(app, "people")
    app.selectbox(key=f"role-{mo.id}").set_value("steward").run()
    assert "Mo is now a steward." in words(app).replace("\\", "")
    assert pat is not None
    app.selectbox(key=f"role-{pat.id}").set_value("viewer").run()
    assert "This is the last admin" in words(app)
    with reading(sixtown) as session:
        roles = {one: find_person(session, ISSUER, one) for one in ("mo", "pat")}
    assert {one: person and person.role for one, person in roles.items()} == {"mo": "steward", "pat": "admin"}


def test_an_admin_divides_the_work_among_stewards(app: AppTest, sixtown: Path) -> None:
    with writing(sixtown) as session:
        sam = person_for(session, ISSUER, "sam", "Sam", "")
        set_role(session, sam.id, "steward", CLI)
    show(app, "people")
    app.multiselect(key=f"category-{sam.id}").set_value(["hall", "park"]).run()
    assert "What they look after was changed." in words(app).replace("\\", "")
    with reading(sixtown) as session:
        assert charges_of(session, sam.id) == [Charge("*", "hall"), Charge("*", "park")]
    assert app.multiselect(key=f"category-{sam.id}").value == ["hall", "park"]


@pytest.mark.parametrize("role", ROLES)
def test_a_draft_is_shown_to_those_alone_who_may_see_drafts(app: AppTest, sixtown: Path, role: str) -> None:
    draft = kitchen.make_run(sixtown, recipe="of_records", hour=10, from_records=True)
    signed_in(app, role, sixtown)
    app.query_params["run"] = draft.id
    told = words(app.run())
    seen = may(CLI.__class__("x", "X", role, "login"), "see_draft_runs")  # type: ignore[arg-type]
    assert (DRAFT in told) == seen
    assert (f"There is no run “{draft.id}” here" in told) != seen
