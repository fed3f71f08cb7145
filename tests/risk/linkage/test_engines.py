"""One model, two engines: Spark and DuckDB make the same persons of the same records."""

import importlib.util
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from risk.errors import RiskError
from risk.linkage import link
from risk.linkage_engine import open_engine
from risk.linkage_model import model_from_json
from risk.linkage_settings import settings
from tests.conftest import missing
from tests.risk.linkage.conftest import KEY, District


@pytest.fixture
def spark() -> None:
    if importlib.util.find_spec("pyspark") is None:
        missing("pyspark (pip install -r requirements-spark.txt)")
    if shutil.which("java") is None:
        missing("java (17 or later)")


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


@pytest.mark.long
@pytest.mark.usefixtures("spark")
# PySpark leaves its own sockets to the garbage collector
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_spark_and_duckdb_make_the_same_persons_from_one_trained_model(
    make_district: Callable[..., District], tmp_path: Path
):
    small = make_district(1000, 9)
    by_duck = link(small.extracts, KEY, small.finder)
    model = model_from_json(by_duck.model.to_json())
    by_spark = link(small.extracts, KEY, small.finder, engine="spark", model=model, private=tmp_path)
    pd.testing.assert_frame_equal(by_spark.records, by_duck.records, rtol=1e-9)
    assert by_spark.report.pairs_joined > 900
    assert by_spark.report.engine == "spark"
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["gate.lock"]
