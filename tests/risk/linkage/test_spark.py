"""Spark beside DuckDB: one trained model, the same persons; one declaration, the same features. `make spark`."""

import importlib.util
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from bake.recipe import load_recipe
from bake.recipe_records import RecordsRisk
from risk.features import SparkTables, make_features
from risk.linkage import link
from risk.linkage_model import model_from_json
from risk.private_folder import private_folder
from risk.sources import make_children, make_homes, make_sources
from risk.spark import spark_session
from tests.conftest import missing
from tests.risk.linkage.conftest import KEY, District

pytestmark = [
    pytest.mark.spark,
    # PySpark leaves its own sockets to the garbage collector
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(autouse=True)
def spark() -> None:
    if importlib.util.find_spec("pyspark") is None:
        missing("pyspark (make spark installs it)")
    if shutil.which("java") is None:
        missing("java, 17 or later (Debian: apt-get install default-jre-headless)")


def test_one_trained_model_makes_the_same_persons_of_20_000_on_both(
    make_district: Callable[..., District], tmp_path: Path
):
    large = make_district(20_000, 9)
    by_duck = link(large.extracts, KEY, large.finder)
    model = model_from_json(by_duck.model.to_json())
    by_spark = link(large.extracts, KEY, large.finder, engine="spark", model=model, private=tmp_path)
    assert by_spark.report.engine == "spark"
    assert by_spark.report.pairs_joined == by_duck.report.pairs_joined > 20_000
    # who is who, where, and how sure: row by row, and the numbers to the last digit that is kept
    pd.testing.assert_frame_equal(by_spark.records, by_duck.records, rtol=0, atol=2e-6)
    pd.testing.assert_series_equal(by_spark.records["person"], by_duck.records["person"])
    pd.testing.assert_frame_equal(by_spark.persons, by_duck.persons)
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["gate.lock"]


def test_one_declaration_makes_the_same_features_to_the_last_bit_on_both(
    make_district: Callable[..., District], tmp_path: Path
):
    risk = load_recipe("school_readiness").risk
    assert isinstance(risk, RecordsRisk)
    small = make_district(2000, 10)
    linked = link(small.extracts, KEY, small.finder)
    sources, homes = make_sources(small.extracts, linked), make_homes(small.extracts, linked)
    children = make_children(small.extracts, linked, risk.outcome, range(2022, 2028))
    assert len(children) > 1500
    by_duck = make_features(risk.features, children, sources, homes)
    with private_folder(tmp_path) as folder, spark_session(folder) as session:
        by_spark = make_features(risk.features, children, sources, homes, engine=SparkTables(session))
    pd.testing.assert_frame_equal(by_spark, by_duck, rtol=0, atol=0)
    names = [feature.name for feature in risk.features]
    assert by_duck[names].notna().any().all()
    assert float((by_spark[names] - by_duck[names]).abs().max().max()) == 0.0
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["gate.lock"]
