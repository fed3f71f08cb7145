"""The village that the tests of places add and spoil."""

from pathlib import Path

import pytest

from tests.geo.village import Village, write_village


@pytest.fixture
def village(tmp_path: Path) -> Village:
    """Return the files of a village of nine squares and an empty home."""
    home = tmp_path / "home"
    home.mkdir()
    return write_village(tmp_path / "files", home)
