from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from tests.ui import kitchen

MAIN = str(Path(__file__).resolve().parents[2] / "ui" / "main.py")


@pytest.fixture(autouse=True)
def _fresh_caches() -> None:
    st.cache_resource.clear()


@pytest.fixture
def sixtown(larder_home: Path) -> Path:
    """A home with the town of six by six squares and one run of it."""
    kitchen.make_place(larder_home)
    kitchen.make_run(larder_home)
    return larder_home


@pytest.fixture
def app(sixtown: Path) -> AppTest:
    """The app on that home, not started yet."""
    return AppTest.from_file(MAIN, default_timeout=30)
