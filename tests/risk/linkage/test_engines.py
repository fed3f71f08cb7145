"""Engines: both dialects say the same, what is not installed is told, what spills stays private."""

from pathlib import Path

import pytest

from risk.errors import RiskError
from risk.linkage_engine import open_engine
from risk.linkage_settings import settings


def test_both_dialects_describe_the_same_comparisons():
    described = [settings(dialect) for dialect in ("duckdb", "spark")]
    one, other = (
        [
            (comparison["output_column_name"], level["label_for_charts"])
            for comparison in made["comparisons"]
            for level in comparison["comparison_levels"]
        ]
        for made in described
    )
    assert one == other
    # Jaro and Winkler's similarity differs between the engines, Levenshtein's distance does not
    assert not any("jaro" in str(made).casefold() for made in described)


def test_spark_that_is_not_installed_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(__import__("sys").modules, "pyspark", None)
    with pytest.raises(RiskError, match=r"requirements-spark\.txt"), open_engine("spark", tmp_path):
        pass


def test_duckdb_spills_into_the_private_folder(tmp_path: Path):
    with open_engine("duckdb", tmp_path, memory="100MB") as engine:
        connection = engine._api.duckdb_con
        assert connection.sql("SELECT current_setting('temp_directory')").fetchall() == [
            (str(tmp_path / "duckdb"),)
        ]
        connection.sql("SET threads = 1")
        connection.execute("CREATE TABLE t AS SELECT random() AS x, repeat('n', 200) AS y FROM range(900000)")
        assert any((tmp_path / "duckdb").iterdir())
    assert not any((tmp_path / "duckdb").iterdir())
