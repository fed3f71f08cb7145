"""Bringing a database into the shape that this code needs, or back into an earlier one."""

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import OperationalError, ProgrammingError

from store.engine import write_lock
from store.errors import StoreError

if TYPE_CHECKING:
    from alembic.config import Config

FOLDER = Path(__file__).resolve().parent
FIRST = "0001"
"""The shape of the databases that were made before shapes were counted."""
EMPTY = "base"
_SHAPE = text("SELECT version_num FROM alembic_version")


@lru_cache(maxsize=1)
def revisions() -> tuple[str, ...]:
    """Return the shapes that this code knows, oldest first: the numbers of the files in `versions`."""
    return tuple(sorted(path.stem[1:5] for path in (FOLDER / "versions").glob("v[0-9]*.py")))


def upgrade(engine: Engine) -> None:
    """Bring the database into the newest shape.

    Where nothing is to do that is one read, and a reader never waits for a writer. Else it is done under the
    write lock and in one transaction, so that whatever interrupts it leaves the shape before. A database
    made before shapes were counted is recognised by its tables and keeps its rows.

    Raises StoreError where a newer Larder has changed the database.
    """
    if not _is_newest(engine):
        with write_lock(engine, reshapes=True) as connection:
            _reshape(connection, revisions()[-1])


def _is_newest(engine: Engine) -> bool:
    try:
        with engine.connect() as connection:
            return connection.execute(_SHAPE).scalar() == revisions()[-1]
    except (OperationalError, ProgrammingError):
        return False  # no such table; whatever else is wrong will be said when the lock is asked for


def change_shape(engine: Engine, revision: str) -> None:
    """Bring the database into a given shape, up or down; `base` takes every table away.

    Raises StoreError where the shape of the database, or the one asked for, is not known here.
    """
    if revision not in (EMPTY, *revisions()):
        raise StoreError(f"No shape is called {revision!r}.", f"Use one of: {', '.join(revisions())}.")
    with write_lock(engine, reshapes=True) as connection:
        _reshape(connection, revision)


def current(connection: Connection) -> str:
    """Return the shape of a database, `base` where it has no tables of ours.

    Raises StoreError where a newer Larder has changed it.
    """
    tables = set(inspect(connection).get_table_names())
    if "alembic_version" not in tables:
        return FIRST if "assets" in tables else EMPTY
    shape = connection.execute(_SHAPE).scalar()
    if shape is not None and shape not in revisions():
        raise StoreError(
            f"A newer Larder has changed this database (its shape is {shape}, and this Larder knows shapes up "
            f"to {revisions()[-1]}).",
            "Update Larder, or restore the backup that was made before.",
        )
    return shape or EMPTY


def _reshape(connection: Connection, revision: str) -> None:
    # alembic takes a tenth of a second to load, and is wanted only when there is something to do
    from alembic import command  # noqa: PLC0415

    shape = current(connection)
    if shape == revision:
        return
    config = _config(connection)
    if shape != EMPTY:
        command.stamp(config, shape)
    rises = revision != EMPTY and (shape == EMPTY or revision > shape)
    (command.upgrade if rises else command.downgrade)(config, revision)


def _config(connection: Connection) -> "Config":
    from alembic.config import Config  # noqa: PLC0415 - as above

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
