"""People: known by issuer and subject, viewers at first, admins only where the provider vouches for the address."""

from pathlib import Path

import pytest

from store.errors import StoreError
from store.people import KIND, Person, find_person, list_people, person_for, set_role
from store.roles import ANYONE, CLI, Actor, Forbidden
from store.session import reading, writing
from store.versions import history

ISSUER = "https://login.example"


def _visit(home: Path, subject: str, email: str = "", **options: bool) -> Person:
    with writing(home) as session:
        return person_for(session, ISSUER, subject, f"Name of {subject}", email, **options)


def test_first_a_viewer_then_the_same_person(larder_home: Path) -> None:
    first, again = _visit(larder_home, "s1"), _visit(larder_home, "s1", "new@example.org")
    assert first.role == "viewer"
    assert again.id == first.id
    assert again.email == "new@example.org"
    assert again.actor() == Actor(first.id, "Name of s1", "viewer", "login")
    with writing(larder_home) as session:
        other = person_for(session, "https://other.example", "s1", "", "")
    assert other.id != first.id
    with reading(larder_home) as session:
        assert find_person(session, ISSUER, "s1") == again
        assert find_person(session, ISSUER, "s2") is None


@pytest.mark.parametrize(
    ("who", "verified", "role"),
    [
        (("s1", "Boss@Example.org"), True, "admin"),
        (("s1", "boss@example.org"), False, "viewer"),
        (("the-subject", ""), False, "admin"),
        (("s1", ""), True, "viewer"),
    ],
)
def test_who_is_named_an_admin(
    larder_home: Path, monkeypatch: pytest.MonkeyPatch, who: tuple[str, str], verified: bool, role: str
) -> None:
    monkeypatch.setenv("LARDER_ADMINS", " boss@example.org, the-subject,")
    assert _visit(larder_home, *who, email_verified=verified).role == role


def test_a_role_is_given_by_an_admin_and_kept_in_the_history(larder_home: Path) -> None:
    person = _visit(larder_home, "s1")
    with writing(larder_home) as session:
        changed = set_role(session, person.id, "steward", CLI)
    assert changed.role == _visit(larder_home, "s1").role == "steward"
    with reading(larder_home) as session:
        assert [each.changes for each in history(session, KIND, person.id)] == [
            {"role": ["viewer", "steward"]}
        ]
        assert [each.id for each in list_people(session, CLI)] == [person.id]


def test_what_is_refused(larder_home: Path) -> None:
    person = _visit(larder_home, "s1")
    with writing(larder_home) as session:
        set_role(session, person.id, "admin", CLI)
        with pytest.raises(StoreError, match="last admin"):
            set_role(session, person.id, "viewer", CLI)
        with pytest.raises(StoreError, match="No role is called"):
            set_role(session, person.id, "anyone", CLI)
        with pytest.raises(StoreError, match="no person"):
            set_role(session, "nobody", "viewer", CLI)
        with pytest.raises(Forbidden):
            set_role(session, person.id, "viewer", ANYONE)
        with pytest.raises(Forbidden):
            list_people(session, ANYONE)
