"""Features on five children and two agencies, every value worked by hand."""

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from risk.declarations import Feature, Source
from risk.errors import RiskError
from risk.features import DuckTables, SparkTables, Tables, make_features
from tests.conftest import missing

NONE = pd.NaT


def day(*texts: str | None) -> pd.Series:
    return pd.Series(pd.to_datetime(list(texts)))


CHILDREN = pd.DataFrame(
    {
        "person": [1, 2, 3, 4, 5],
        "cohort": [2021, 2021, 2021, 2021, 2022],
        "area": ["A1", "A1", "A2", "B1", "B1"],
        "cutoff": day("2021-08-31", "2021-08-31", "2021-08-31", "2021-08-31", "2022-08-31"),
        "outcome": [1.0, 0.0, 0.0, 1.0, np.nan],
    }
)
CARE = Source(
    "care",
    pd.DataFrame(
        {
            "person": [1, 1, 1, 2, 3, 5, 5],
            "referred": day(
                "2020-01-01",
                "2021-08-31",
                "2021-09-01",
                "2021-06-01",
                "2019-01-01",
                "2021-09-01",
                "2022-08-01",
            ),
            "assessed": day("2020-02-01", "2021-09-10", None, None, "2018-12-01", "2021-10-01", None),
            "plan": ["protection", "protection", None, None, "none", "none", None],
        }
    ),
    as_of="referred",
    known_on={"plan": "assessed"},
    in_order=[("referred", "assessed")],
)
HEALTH = Source(
    "health",
    pd.DataFrame(
        {
            "person": [1, 1, 2, 2, 3, 4],
            "seen": day("2019-05-01", "2020-05-01", "2020-05-01", "2020-05-01", "2021-09-02", "2021-08-31"),
            "speech": [20.0, 30.0, 40.0, 45.0, 10.0, np.nan],
            "smoker": ["Y", "Y", "N", None, "Y", "?"],
        }
    ),
    as_of="seen",
)
HOMES = pd.DataFrame(
    {
        "person": [1, 2, 2, 3, 4, 5, 4],
        "household": [7, 7, 8, 7, 9, 7, 10],
        "known": day(
            "2018-01-01", "2018-01-01", "2021-10-01", "2018-01-01", "2019-01-01", "2021-12-01", "2019-01-01"
        ),
    }
)
FEATURES = (
    Feature(name="referrals", label="Referrals", kind="count", agency="care", absent="none"),
    Feature(name="last_year", label="In a year", kind="count", agency="care", within_days=365, absent="none"),
    Feature(name="since", label="Days since", kind="recency", agency="care"),
    Feature(
        name="plan", label="Ever", kind="ever", agency="care", where={"plan": ("protection",)}, absent="none"
    ),
    Feature(name="speech", label="Speech", kind="latest", agency="health", column="speech"),
    Feature(
        name="smoker",
        label="Smoker",
        kind="latest",
        agency="health",
        column="smoker",
        codes={"Y": 1.0, "N": 0.0},
    ),
    Feature(name="smoked", label="Ever", kind="ever", agency="health", where={"smoker": ("Y",)}),
    Feature(name="at_home", label="Others at home", kind="household_size"),
    Feature(
        name="home_referrals", label="Of others", kind="count", agency="care", of="household", absent="none"
    ),
)
NAN = np.nan
EXPECTED = pd.DataFrame(
    {
        # 1 was referred twice by 31 August 2021, the third time a day after; 5 twice by the next summer.
        "referrals": [2, 1, 1, 0, 2],
        "last_year": [1, 1, 0, 0, 2],
        "since": [0, 91, NAN, NAN, 30],  # 3: the row contradicts itself; 4: no referral
        # 1: one plan was known by then. 3: assessed before it was referred, so what the row says is unknown.
        "plan": [1, 0, NAN, 0, 0],
        "speech": [30, NAN, NAN, NAN, NAN],  # 2: two values on one day; 3: known later; 4: blank; 5: not held
        "smoker": [1, 0, NAN, NAN, NAN],  # 2: a blank is no contradiction; 4: a code nobody explained
        "smoked": [1, NAN, NAN, 0, NAN],  # 2: one N, one blank: it may have been; 4: some other code than Y
        # Home 7 in summer 2021: 1, 2, 3 (2 left in October); 4 has two homes since one day: none; 5 came later,
        # when 1 and 3 were there.
        "at_home": [2, 2, 2, NAN, 2],
        "home_referrals": [NAN, NAN, 3, NAN, NAN],
    },
    dtype=float,
)


def made(engine: Tables | None = None) -> pd.DataFrame:
    return make_features(FEATURES, CHILDREN, {"care": CARE, "health": HEALTH}, HOMES, engine=engine)


def test_every_value_is_as_worked_by_hand() -> None:
    table = made()
    # A count of referrals has no condition, so only a contradiction leaves it open: that of child 3.
    expected = EXPECTED.assign(referrals=[2, 1, NAN, 0, 2], last_year=[1, 1, 0, 0, 2])
    pd.testing.assert_frame_equal(table[list(EXPECTED)], expected, check_dtype=False)


def test_the_childrens_own_columns_are_carried_and_the_cutoff_is_not() -> None:
    table = made()
    assert list(table.columns[:4]) == ["person", "cohort", "area", "outcome"]
    pd.testing.assert_series_equal(table["outcome"], CHILDREN["outcome"])


def test_missing_is_never_nought() -> None:
    absent = [f.model_copy(update={"absent": "unknown"}) for f in FEATURES]
    table = make_features(absent, CHILDREN, {"care": CARE, "health": HEALTH}, HOMES)
    assert np.isnan(table.loc[3, "referrals"])  # an agency that may not know the child
    assert made().loc[3, "referrals"] == 0  # an agency that holds every referral


@given(st.permutations(range(len(CARE.rows))))
@settings(max_examples=10, deadline=None)
def test_the_order_of_rows_does_not_matter(order: list[int]) -> None:
    shuffled = Source("care", CARE.rows.iloc[order], CARE.as_of, CARE.known_on, CARE.in_order)
    table = make_features(FEATURES, CHILDREN, {"care": shuffled, "health": HEALTH}, HOMES)
    pd.testing.assert_frame_equal(table, made())


@pytest.mark.long
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_spark_gives_the_same_values() -> None:  # py4j leaves sockets to the collector, which warns
    try:
        from pyspark.sql import SparkSession
    except ModuleNotFoundError:
        missing("pyspark, see requirements-spark.txt")
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    builder = SparkSession.builder.master("local[1]").config("spark.driver.host", "127.0.0.1")
    builder = builder.config("spark.sql.shuffle.partitions", "2").config("spark.ui.enabled", "false")
    session = builder.getOrCreate()
    try:
        pd.testing.assert_frame_equal(made(SparkTables(session)), made())
    finally:
        session.stop()


def spill(tables: DuckTables) -> object:
    answer = tables.connection.execute("SELECT current_setting('temp_directory')").fetchone()
    return answer and answer[0]


def test_duckdb_spills_nowhere_unless_told_where(tmp_path: Path) -> None:
    assert spill(DuckTables()) == ""
    assert spill(DuckTables(tmp_path)) == str(tmp_path)


def test_all_faults_of_a_declaration_are_told_at_once() -> None:
    wrong = [
        Feature(name="a", label="A", kind="count", agency="nobody"),
        Feature(name="a", label="A", kind="latest", agency="health", column="height"),
        Feature(name="b", label="B", kind="count", agency="health", dated="speech"),
    ]
    with pytest.raises(RiskError) as caught:
        make_features(wrong, CHILDREN, {"health": HEALTH})
    assert len(caught.value.faults) == 4
    assert {fault.value or fault.column for fault in caught.value.faults} == {
        "nobody",
        "a",
        "height",
        "speech",
    }


def test_a_child_without_a_cutoff_is_refused() -> None:
    with pytest.raises(RiskError, match="1 children have no cut-off date"):
        make_features(
            FEATURES[:1],
            CHILDREN.assign(cutoff=CHILDREN["cutoff"].where(CHILDREN["person"] > 1)),
            {"care": CARE},
        )


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "group_sex", "label": "x", "kind": "count", "agency": "care"},
        {"name": "outcome", "label": "x", "kind": "count", "agency": "care"},
        {"name": "x", "label": "x", "kind": "latest", "agency": "care"},
        {"name": "x", "label": "x", "kind": "count"},
        {"name": "x", "label": "x", "kind": "household_size", "agency": "care"},
        {"name": "x", "label": "x", "kind": "count", "agency": "care", "surprise": 1},
    ],
)
def test_what_cannot_be_a_feature_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Feature.model_validate(wrong)


def test_arrow_tables_carry_no_trace_of_pandas() -> None:
    from risk.features import _arrow

    table = _arrow(CARE.rows)
    assert table.schema.metadata is None
    assert table.schema.field("referred").type == pa.int64()
    assert table["referred"][0].as_py() == 18262  # 1 January 2020, by `date -d 2020-01-01 +%s` / 86400
