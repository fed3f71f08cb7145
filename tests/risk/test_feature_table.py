"""What a feature table is refused for."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from risk.errors import RiskError
from risk.feature_table import check_table, feature_columns, group_columns
from risk.spec import ModelSpec
from tests.risk.simulated import COHORTS, District, district
from words.faults import Fault

SPEC = ModelSpec()


@pytest.fixture(scope="module")
def honest() -> District:
    return district(seed=3, areas=60, signal=0.8)


def faults(table: pd.DataFrame, places: pd.DataFrame, spec: ModelSpec) -> tuple[Fault, ...]:
    """Return what a table is refused for, nothing where it is not."""
    try:
        check_table(table, places, spec)
    except RiskError as refusal:
        return refusal.faults
    return ()


def swapped(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(outcome=1 - table["outcome"])


def one_swapped(table: pd.DataFrame) -> pd.DataFrame:
    this = table["cohort"] == COHORTS[2]
    return table.assign(outcome=table["outcome"].where(~this, 1 - table["outcome"]))


def copied(table: pd.DataFrame) -> pd.DataFrame:
    again = table[table["cohort"] == COHORTS[0]]
    again = again.assign(cohort=COHORTS[-1] + 1, person=again["person"] + len(table))
    return pd.concat([table, again.sample(frac=1, random_state=1)], ignore_index=True)


def appended(table: pd.DataFrame) -> pd.DataFrame:
    return pd.concat([table, table[table["cohort"] == COHORTS[0]]], ignore_index=True)


def renumbered(table: pd.DataFrame) -> pd.DataFrame:
    again = table[table["cohort"] == COHORTS[0]].assign(cohort=COHORTS[-1] + 1)
    return pd.concat([table, again], ignore_index=True)


def leaked(table: pd.DataFrame) -> pd.DataFrame:
    noise = np.random.default_rng(1).normal(0, 0.2, len(table))
    return table.assign(phonics=(1 - table["outcome"]) * 3 + noise)


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (swapped, "the outcome falls clearly where deprivation rises"),
        (one_swapped, "in cohort 2021 the outcome runs against all other cohorts"),
        (copied, "cohorts 2019 and 2024 hold the same children under other numbers"),
        (appended, "rows repeat a child of the same cohort"),
        (renumbered, "children are in more than one cohort"),
        (leaked, "tells the outcome nearly by itself"),
        (lambda table: table.assign(area="E99999999"), "1 areas are not in the place"),
        (lambda table: table.assign(outcome=2.0), "is no outcome"),
        (lambda table: table.drop(columns="cohort"), "lacks a column"),
        (lambda table: table.assign(noise="much"), "a feature is not of numbers"),
        (lambda table: table.assign(outcome=0.0), "the share with the outcome is 0.00"),
        (lambda table: table[table["cohort"] == 2019], "fewer than two cohorts"),
    ],
)
def test_spoilt_tables_are_refused(
    honest: District, spoil: Callable[[pd.DataFrame], pd.DataFrame], told: str
) -> None:
    with pytest.raises(RiskError, match=told):
        check_table(spoil(honest.table), honest.places, SPEC)


@pytest.mark.parametrize(
    "made", [{"signal": 0.8}, {"deprivation": 0.0}, {"hidden": 0.7}, {"next_cohort": True}]
)
@pytest.mark.parametrize("seed", range(6))
def test_honest_tables_are_not_refused(made: dict[str, float], seed: int) -> None:
    one = district(seed=seed, areas=60, **made)  # type: ignore[arg-type]
    assert faults(one.table, one.places, SPEC) == ()


def test_an_outcome_may_fall_with_deprivation_if_the_recipe_says_so(honest: District) -> None:
    spec = ModelSpec(outcome_rises_with_deprivation=False)
    with pytest.raises(RiskError, match="the outcome falls clearly"):
        check_table(honest.table, honest.places, spec)
    assert faults(swapped(honest.table), honest.places, spec) == ()


def test_groups_and_keys_are_no_features(honest: District) -> None:
    assert feature_columns(honest.table, SPEC) == ["speech", "referrals", "noise"]
    assert group_columns(honest.table) == ["group_sex", "group_told"]
    with pytest.raises(RiskError, match="groups and keys never predict"):
        check_table(honest.table, honest.places, ModelSpec(features=("speech", "group_sex")))
