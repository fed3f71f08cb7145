"""Everything about the store is tested on both databases."""

from pathlib import Path

import pytest


@pytest.fixture
def larder_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: str) -> Path:
    """Return an empty home whose database is SQLite's, then PostgreSQL's."""
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("LARDER_HOME", str(folder))
    return folder
