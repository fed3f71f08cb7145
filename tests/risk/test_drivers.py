"""Drivers: what was planted sets an area apart, and nothing else does."""

import numpy as np
import pandas as pd
import pytest

from risk.agencies import Fact
from risk.baselines import fit_baseline
from risk.drivers import DEPRIVATION, UNEXPLAINED, find_drivers
from risk.meanings import Meaning
from risk.model import fit
from risk.spec import ModelSpec

SPEC = ModelSpec(learners=["logistic"], folds=3, refits=2, bootstrap=50)
ASKED = [
    Fact(name, "births", name, "", True, (name,), Meaning("value", "births", column=name))
    for name in ("planted", "idle", "unused")
]


@pytest.fixture(scope="module")
def places() -> pd.DataFrame:
    codes = [f"A{number:02d}" for number in range(24)]
    return pd.DataFrame(
        {
            "deprivation_decile": np.tile([1, 4, 7, 10], 6),
            "lsoa": [f"L{number // 4}" for number in range(24)],
            "msoa": [f"M{number // 8}" for number in range(24)],
        },
        index=codes,
    )


@pytest.fixture(scope="module")
def table(places: pd.DataFrame) -> pd.DataFrame:
    """Children of three MSOAs: in M0 what makes the outcome likelier is more frequent; another feature does nothing."""
    rng = np.random.default_rng(5)
    area = rng.choice(places.index, 6000)
    first = places.loc[area, "msoa"].to_numpy() == "M0"
    planted = (rng.random(6000) < np.where(first, 0.7, 0.2)).astype(float)
    outcome = (rng.random(6000) < np.where(planted == 1, 0.6, 0.2)).astype(float)
    return pd.DataFrame(
        {
            "person": np.arange(6000),
            "cohort": 2021 + np.arange(6000) % 4,
            "area": area,
            "outcome": outcome,
            "planted": planted,
            "idle": rng.random(6000),
        }
    )


def test_the_planted_cause_is_found_where_it_is_and_turned_round_elsewhere(
    table: pd.DataFrame, places: pd.DataFrame
) -> None:
    found = find_drivers(fit(table, places, SPEC, 1), table, places["msoa"], ASKED, 1)
    assert found is not None
    moved = found.table
    # log odds of 0.6 beside 0.2 are 1.79 apart; 0.7 of M0's children have it, 0.37 of all: 1.79 x 0.33 = 0.6
    assert moved.loc["M0", "planted"] == pytest.approx(0.6, abs=0.12)
    assert (moved.loc[["M1", "M2"], "planted"] < -0.2).all()
    assert moved["idle"].abs().max() < 0.05
    assert moved[DEPRIVATION].abs().max() < 0.1
    assert moved[UNEXPLAINED].abs().max() < 0.15
    assert found.spread.idxmax() == "planted"


def test_a_feature_that_the_model_does_not_have_moves_nothing(
    table: pd.DataFrame, places: pd.DataFrame
) -> None:
    found = find_drivers(fit(table, places, SPEC, 1), table, places["msoa"], ASKED, 1)
    assert found is not None
    assert "unused" not in found.table


def test_a_baseline_reads_no_record_so_nothing_is_told(table: pd.DataFrame, places: pd.DataFrame) -> None:
    baseline = fit_baseline("deprivation_decile", table, places, 1)
    assert find_drivers(baseline, table, places["msoa"], ASKED, 1) is None
