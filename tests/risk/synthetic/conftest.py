"""The demo place and its synthetic district, made once for these tests."""

import pytest

from geo.demo import ensure_demo
from geo.place import Place
from risk.synthetic.district import synthesise
from risk.synthetic.options import Options
from tests.risk.synthetic.made import Made, read_made


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return ensure_demo(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="session")
def made(demo: Place, tmp_path_factory: pytest.TempPathFactory) -> Made:
    out = tmp_path_factory.mktemp("district") / "demo"
    return read_made(synthesise(demo, out, 7, options=Options(police=True)))


@pytest.fixture(scope="session")
def clean(demo: Place, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Return the same district of agencies that make no slips, leave no gaps and enter nobody twice."""
    out = tmp_path_factory.mktemp("clean") / "demo"
    return read_made(synthesise(demo, out, 7, options=Options(police=True, typos=0, missing=0, duplicates=0)))
