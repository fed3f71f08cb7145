"""What the tests share: the 3 x 3 town, the real data where it is at hand, a home of their own."""

import os
from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import pytest
from shapely import box

from store.engine import engine_of
from tests.postgresql import Server, running, server_programs

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("LARDER_SHARED", ROOT.parent / "shared" / "data"))


def missing(what: str) -> None:
    """Skip because a part is missing, or fail where every part is required."""
    if os.environ.get("LARDER_REQUIRE") == "all":
        pytest.fail(f"missing: {what}")
    pytest.skip(f"missing: {what}")


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of real open data that stands beside the checkout."""
    if not SHARED.is_dir():
        missing(f"the real open data, looked for in {SHARED}")
    return SHARED


@pytest.fixture
def larder_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty home, named by LARDER_HOME for this test alone."""
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("LARDER_HOME", str(folder))
    return folder


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Server]:
    """Return a PostgreSQL server of the tests' own, on a socket in a folder of its own."""
    programs = server_programs()
    if programs is None:
        missing("PostgreSQL (Debian's package postgresql)")
    with running(programs) as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Run a test twice: on SQLite in its home, and on an empty database of a real PostgreSQL server."""
    if request.param == "postgresql":
        url = request.getfixturevalue("postgresql_server").empty_database()
        monkeypatch.setenv("LARDER_DATABASE", url)
        yield "postgresql"
        engine_of(url).dispose()
    else:
        monkeypatch.delenv("LARDER_DATABASE", raising=False)
        yield "sqlite"


@pytest.fixture
def town() -> gpd.GeoDataFrame:
    """Return the 3 x 3 town: nine squares of 100 m, A1 top left to C3 bottom right, in EPSG:27700.

    A1 A2 A3
    B1 B2 B3
    C1 C2 C3
    """
    codes = [f"{row}{column}" for row in "ABC" for column in (1, 2, 3)]
    squares = [
        box(100 * column, 100 * (2 - row), 100 * column + 100, 100 * (2 - row) + 100)
        for row in range(3)
        for column in range(3)
    ]
    return gpd.GeoDataFrame({"code": codes}, geometry=squares, crs="EPSG:27700").set_index("code")
