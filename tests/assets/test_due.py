from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from assets.due import due
from assets.edits import delete_asset
from assets.register import add_asset
from assets.stewardship import Charge, charges_of, set_charges
from store.errors import StoreError
from store.people import person_for
from store.roles import CLI, ROLES, Actor, Forbidden
from store.session import reading, writing
from store.versions import history
from tests.assets.test_freshness import TODAY

STEWARD = Actor("s1", "Sam", "steward", "login")


def add(session, name: str, category: str, days: int | None, **more):  # type: ignore[no-untyped-def]
    confirmed = None if days is None else TODAY - timedelta(days=days)
    return add_asset(
        session, actor=CLI, name=name, category=category, longitude=0.4, latitude=51.5, confirmed_on=confirmed, **more
    )  # fmt: skip


@pytest.fixture
def home(database: str, larder_home: Path) -> Path:
    """Three stale assets, two that nobody confirmed, and four that are not due."""
    with writing(larder_home) as session:
        add(session, "Never A", "hall", None)
        add(session, "Stale bank", "food_bank", 200)
        add(session, "Fresh bank", "food_bank", 10)
        add(session, "Ageing bank", "food_bank", 100)
        add(session, "Stale hall", "hall", 3000)
        add(session, "Stale refuge", "advice", 400, precision="hidden")
        add(session, "Never B", "club", None)
        gone = add(session, "Removed", "club", None)
        delete_asset(session, gone.id, actor=CLI, reason="closed", expected_version=gone.version)
        add(session, "Fresh park", "park", 800)
    return larder_home


ALL = ["Stale hall", "Stale refuge", "Stale bank", "Never A", "Never B"]


def test_the_longest_unchecked_come_first_then_those_nobody_confirmed(home: Path) -> None:
    with reading(home) as session:
        page = due(session, STEWARD, TODAY)
    assert [asset.name for asset in page.items] == ALL
    assert (page.total, page.pages) == (5, 1)


@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_pages_together_are_the_list(home: Path, size: int) -> None:
    with reading(home) as session:
        pages = [due(session, STEWARD, TODAY, page=number, size=size) for number in range(1, 7)]
    assert [asset.name for page in pages for asset in page.items] == ALL
    assert {page.total for page in pages} == {5}


def test_only_those_who_look_after_the_register_see_what_is_due(home: Path) -> None:
    with reading(home) as session:
        for role in ROLES:
            actor = Actor("x", "X", role, "login")
            if role in ("steward", "admin"):
                assert due(session, actor, TODAY).total == 5
            else:
                with pytest.raises(Forbidden):
                    due(session, actor, TODAY)


def test_a_page_that_there_cannot_be_is_refused(home: Path) -> None:
    with reading(home) as session, pytest.raises(StoreError):
        due(session, STEWARD, TODAY, page=0)


def test_each_steward_sees_what_they_look_after(home: Path) -> None:
    with writing(home) as session:
        sam = person_for(session, "https://id", "sam", "Sam", "sam@example.org")
        assert charges_of(session, sam.id) == []
        set_charges(session, sam.id, [Charge(category="hall"), Charge(category="hall")], actor=CLI)
        set_charges(session, sam.id, [Charge(category="hall")], actor=CLI)
    with reading(home) as session:
        assert charges_of(session, sam.id) == [Charge("*", "hall")]
        assert [one.name for one in due(session, STEWARD, TODAY, steward=sam.id).items] == [
            "Stale hall",
            "Never A",
        ]
        assert due(session, STEWARD, TODAY, steward="somebody new").total == 5
        assert len(history(session, "stewardship", sam.id)) == 1
        assert due(session, STEWARD, TODAY, place="elsewhere").total == 0


def test_only_admins_divide_the_work(home: Path) -> None:
    with writing(home) as session, pytest.raises(Forbidden):
        set_charges(session, "s1", [Charge(category="hall")], actor=STEWARD)


def test_what_is_due_is_found_in_an_index_alone(larder_home: Path) -> None:
    told: list[str] = []
    with writing(larder_home) as session:
        connection = session.connection()

        def explain(_connection, _cursor, statement, parameters, _context, _many) -> None:  # type: ignore[no-untyped-def]
            if (
                statement.startswith("SELECT")
                and "confirmed_on" in statement
                and "assets.name," not in statement
            ):
                plan = connection.connection.cursor().execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
                told.append(" ".join(row[3] for row in plan.fetchall()))

        from sqlalchemy import event

        event.listen(connection, "before_cursor_execute", explain)
        session.execute(text("ANALYZE"))
        due(session, CLI, date(2026, 6, 1))
        event.remove(connection, "before_cursor_execute", explain)
    assert len(told) >= 3
    assert all("COVERING INDEX assets_by_confirmation" in plan for plan in told), told
