"""Shapes of the database: up and down with data in it, on both, and never left between two."""

import importlib
import multiprocessing
import os
import re
import signal
from pathlib import Path

import pytest
from alembic import op
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, event, inspect, select, text

from assets.edits import asset_history, delete_asset
from assets.register import add_asset, get_asset, list_assets
from assets.schema import SourceRow
from store.engine import database_url, engine_of, write_lock
from store.errors import StoreError
from store.migrations.running import EMPTY, FIRST, change_shape, current, revisions
from store.roles import CLI
from store.session import Base, database_engine, reading, writing

ROOT = Path(__file__).resolve().parents[2]
RELEASED = Path(__file__).resolve().parent
ROW = (
    "INSERT INTO assets VALUES ('{id}', 'St. Anne''s Café', 'cafe', 'Café', {point}, 'SS15 4JE', '1 High St', '',"
    " 'tea', 'coordinates', 'as given', 'town', 'B2', '{status}', '', 'cafes.csv', 7, {key}, 'x', '2026-05-31',"
    " '2026-06-01 10:00:00.000000+00:00', '2026-06-02 10:00:00.000000+00:00')"
)


@pytest.fixture
def released(larder_home: Path, database: str) -> Path:
    """Return a home whose database the first release made, with two assets in it."""
    statements = (RELEASED / f"released_{database}.sql").read_text("utf-8")
    with write_lock(engine_of(database_url(larder_home))) as connection:
        for statement in filter(str.strip, statements.split(";")):
            connection.exec_driver_sql(statement)
        for row in (
            {"id": "one", "point": "0.45, 51.59", "status": "accepted", "key": "'k1'"},
            {"id": "two", "point": "NULL, NULL", "status": "held", "key": "NULL"},
        ):
            written = ROW.format(**row)
            # the first release wrote SQLite's times without their zone
            connection.exec_driver_sql(written.replace("+00:00", "") if database == "sqlite" else written)
    return larder_home


def _engine(home: Path) -> Engine:
    return engine_of(database_url(home))


def _shape(home: Path) -> str:
    with _engine(home).connect() as connection:
        return current(connection)


def _tables_declared() -> None:
    """Import every module that declares a table."""
    for room in ("store", "assets", "coproduce", "web"):
        for path in (ROOT / room).rglob("*.py"):
            if re.search(r"^class \w+\(Base\)", path.read_text("utf-8"), re.M):
                importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))


# what one of the databases alone has, for searching: nothing that the tables of the code declare
OWN = ("assets_words", "assets_found", "assets_by_word", "assets_by_public_word")


def _is_common(_thing: object, name: str | None, *_: object) -> bool:
    return not str(name).startswith((*OWN, "test_"))


def test_the_steps_make_what_the_code_declares(larder_home: Path) -> None:
    _tables_declared()
    ours = {table for table in Base.metadata.tables if not table.startswith("test_")}
    with database_engine(larder_home).connect() as connection:
        options = {"compare_type": True, "include_object": _is_common}
        context = MigrationContext.configure(connection, opts=options)
        differences = [str(each) for each in compare_metadata(context, Base.metadata)]
        present = {name for name in inspect(connection).get_table_names() if not name.startswith(OWN)}
    assert differences == []
    assert present == {*ours, "alembic_version"}


def test_a_database_of_the_first_release_keeps_its_rows(released: Path) -> None:
    assert _shape(released) == FIRST
    with reading(released) as session:
        one, two = (get_asset(session, key, CLI) for key in ("one", "two"))
        histories = [asset_history(session, key, CLI) for key in ("one", "two")]
        sources = [
            (row.asset_id, row.source, row.source_key, row.source_row, row.values["latitude"])
            for row in session.scalars(select(SourceRow))
        ]
    assert _shape(released) == revisions()[-1]
    assert (one.name, one.longitude, one.shown_longitude, one.version) == ("St. Anne's Café", 0.45, 0.45, 1)
    assert (two.status, two.longitude, two.shown_longitude, two.precision) == ("held", None, None, "exact")
    assert one.created_at.isoformat() == "2026-06-01T10:00:00+00:00"
    assert [[(each.number, each.action) for each in history] for history in histories] == [[(1, "add")]] * 2
    assert histories[0][0].values["confirmed_on"] == "2026-05-31"
    assert sources == [("one", "cafes.csv", "k1", 7, 51.59)]


def test_the_history_of_an_old_asset_goes_on(released: Path) -> None:
    with writing(released) as session:
        delete_asset(session, "one", actor=CLI, reason="closed", expected_version=1)
    with reading(released) as session:
        assert [each.number for each in asset_history(session, "one", CLI)] == [1, 2]


def test_what_is_written_anew_is_what_the_first_version_says(released: Path) -> None:
    """The step fills versions and searches by itself; the register must agree with it."""
    with reading(released) as session:
        old = asset_history(session, "one", CLI)[0]
        row = session.execute(text("SELECT search, name_key FROM assets WHERE id = 'one'")).one()
    with writing(released) as session:
        new = add_asset(
            session, actor=CLI, name="St. Anne's Café", category="cafe", longitude=0.45, latitude=51.59,
            postcode="SS15 4JE", address="1 High St", description="tea",
        )  # fmt: skip
    with reading(released) as session:
        fresh = asset_history(session, new.id, CLI)[0]
        again = session.execute(
            text("SELECT search, name_key FROM assets WHERE id = :id"), {"id": new.id}
        ).one()
    assert old.values.keys() == fresh.values.keys()
    assert sorted(row.search.split()) == sorted(again.search.split())
    assert row.name_key == again.name_key


def test_down_and_up_again_with_data(released: Path) -> None:
    with writing(released) as session:
        add_asset(
            session, actor=CLI, name="Refuge", category="advice", longitude=0.1, latitude=51.0,
            address="secret street", precision="hidden",
        )  # fmt: skip
        coarse = add_asset(
            session, actor=CLI, name="Group", category="club", longitude=0.1, latitude=51.0, precision="lsoa"
        )
        gone = add_asset(session, actor=CLI, name="Gone", category="park", longitude=0.1, latitude=51.0)
        delete_asset(session, gone.id, actor=CLI, reason="built over", expected_version=1)
    change_shape(_engine(released), FIRST)
    with _engine(released).connect() as connection:
        tables = set(inspect(connection).get_table_names())
        told = "SELECT name, status, review_reason, longitude, address FROM assets ORDER BY name"
        rows = [tuple(row) for row in connection.execute(text(told))]
    assert tables == {"assets", "alembic_version"}
    assert rows == [
        ("Gone", "held", "removed: built over", 0.1, ""),
        ("Group", "accepted", "", coarse.shown_longitude, ""),
        ("Refuge", "held", "hidden", None, ""),
        ("St. Anne's Café", "accepted", "", 0.45, "1 High St"),
        ("St. Anne's Café", "held", "", None, "1 High St"),
    ]
    with reading(released) as session:
        assert len(list_assets(session, actor=CLI)) == 5
    assert _shape(released) == revisions()[-1]


def test_names_that_are_there_already_are_put_in_their_natural_order(released: Path) -> None:
    with writing(released) as session:
        for name in ("Block 10", "Block 2"):
            add_asset(session, actor=CLI, name=name, category="hall", longitude=0.1, latitude=51.0)
    change_shape(_engine(released), "0006")
    with _engine(released).connect() as connection:
        keys = connection.execute(text("SELECT name_key FROM assets ORDER BY name_key")).scalars().all()
    assert keys[:2] == ["block 10", "block 2"]
    with reading(released) as session:
        assert [asset.name for asset in list_assets(session, actor=CLI)][:2] == ["Block 2", "Block 10"]


def test_the_rules_of_the_table_survive_the_way_down(released: Path) -> None:
    with reading(released):
        pass
    change_shape(_engine(released), FIRST)
    inspector = inspect(_engine(released))
    assert {each["name"] for each in inspector.get_check_constraints("assets")} == {
        "assets_have_a_name", "assets_status", "assets_whole_point", "assets_longitude", "assets_latitude",
    }  # fmt: skip
    assert {each["name"] for each in inspector.get_indexes("assets")} >= {
        "assets_by_point",
        "ix_assets_status",
    }


def test_each_step_down_and_up(larder_home: Path) -> None:
    with reading(larder_home):
        pass
    for revision in (*reversed(revisions()[:-1]), EMPTY, *revisions()):
        change_shape(_engine(larder_home), revision)
        assert _shape(larder_home) == revision


def test_a_newer_database_is_refused_and_left_alone(larder_home: Path) -> None:
    with writing(larder_home) as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match="newer Larder has changed this database"), reading(larder_home):
        pass
    with pytest.raises(StoreError, match="Update Larder"), writing(larder_home):
        pass


def test_an_unknown_shape_is_refused(larder_home: Path) -> None:
    with pytest.raises(StoreError, match="No shape is called"):
        change_shape(_engine(larder_home), "0000")


def _upgrade_and_die(home: Path) -> None:
    """Upgrade in a process that is killed when all but the last index is made."""

    def die(*_: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    _engine(home).dispose(close=False)  # the connections are the parent's
    op.create_index = die
    database_engine(home)


def test_an_upgrade_that_is_killed_leaves_the_shape_before(released: Path) -> None:
    process = multiprocessing.get_context("fork").Process(target=_upgrade_and_die, args=(released,))
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL
    assert _shape(released) == FIRST
    assert set(inspect(_engine(released)).get_table_names()) == {"assets"}
    with reading(released) as session:
        assert len(list_assets(session, actor=CLI)) == 2


def test_nothing_to_do_is_one_read(larder_home: Path) -> None:
    with reading(larder_home):
        pass
    said: list[str] = []
    engine = _engine(larder_home)

    def listen(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        said.append(statement)

    event.listen(engine, "before_cursor_execute", listen)
    database_engine(larder_home)
    event.remove(engine, "before_cursor_execute", listen)
    assert [each for each in said if "SELECT" in each] == ["SELECT version_num FROM alembic_version"]
