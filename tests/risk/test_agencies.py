"""What agencies' records say, worked by hand on ten children of two areas and two cohorts."""

import numpy as np
import pandas as pd
import pytest

from risk.agencies import Knowing, count_agencies
from risk.declarations import Feature

AREAS = pd.Index(["A1", "A2", "A3"])
KNOWING = Knowing(
    {"births": "Births", "housing": "Housing"},
    {"births": frozenset(range(10)), "housing": frozenset({0, 1, 7, 99})},
)


def feature(name: str, kind: str, **more: object) -> Feature:
    column = {"column": "c"} if kind == "latest" else {}
    return Feature(name=name, label=name.capitalize(), kind=kind, agency="housing", **column, **more)  # type: ignore[arg-type]


@pytest.fixture
def table() -> pd.DataFrame:
    """Children 0 to 9: five in A1 and five in A2, by turns of 2024 and 2025, and one to come."""
    number = np.arange(10)
    rows = pd.DataFrame(
        {
            "person": number,
            "cohort": np.where(number % 2, 2025, 2024),
            "area": np.where(number < 5, "A1", "A2"),
            "outcome": [1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0],
            "moved": [2.0, 1.0, 0.0, 0.0, np.nan, 0.0, 0.0, 0.0, 0.0, 3.0],
            "late": [300.0, 200.0, np.nan, np.nan, np.nan, np.nan, np.nan, np.nan, np.nan, 10.0],
            "score": [11.0, 12.0, 13.0, 24.0, 25.0, 26.0, 27.0, 28.0, 29.0, 10.0],
            "short": [1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0],
        }
    )
    ahead = rows.head(1).assign(person=10, cohort=2026, outcome=np.nan)
    return pd.concat([rows, ahead], ignore_index=True)


def test_children_are_counted_by_area_and_cohort_and_the_next_cohort_is_not(table: pd.DataFrame) -> None:
    found = count_agencies(table, [], KNOWING, AREAS)
    assert found.known["births"].to_dict("index") == {
        "A1": {"2024": 3, "2025": 2},
        "A2": {"2024": 2, "2025": 3},
        "A3": {"2024": 0, "2025": 0},
    }
    assert found.known["housing"]["2025"].to_dict() == {"A1": 1, "A2": 1, "A3": 0}


def test_a_count_means_one_or_more_and_takes_the_days_since_with_it(table: pd.DataFrame) -> None:
    found = count_agencies(table, [feature("moved", "count"), feature("late", "recency")], KNOWING, AREAS)
    assert [(fact.name, fact.words, fact.features) for fact in found.asked] == [
        ("moved", "one or more", ("moved", "late"))
    ]
    assert int(found.facts["moved"].to_numpy().sum()) == 3
    assert found.asked[0].sentence() == "Moved (one or more)"
    assert found.asked[0].with_need


def test_a_measure_is_cut_at_the_end_where_need_gathers_and_to_two_digits(table: pd.DataFrame) -> None:
    found = count_agencies(table, [feature("score", "latest")], KNOWING, AREAS)
    # the lowest fifth of 10 to 13 and 24 to 29 ends at 11.8, which is 12 to two digits: children 0, 1 and 9
    assert found.asked[0].words == "12 or less"
    assert int(found.facts["score"].to_numpy().sum()) == 3


def test_a_value_that_most_children_share_is_not_the_end(table: pd.DataFrame) -> None:
    found = count_agencies(
        table.assign(short=[0.0] * 9 + [4.0, 0.0]), [feature("short", "latest")], KNOWING, AREAS
    )
    assert found.asked[0].words == "more than 0"
    assert int(found.facts["short"].to_numpy().sum()) == 1


def test_what_is_true_of_nobody_is_no_fact(table: pd.DataFrame) -> None:
    assert count_agencies(table.assign(moved=0.0), [feature("moved", "ever")], KNOWING, AREAS).asked == ()
