"""Districts with a known truth: how often the intervals hold it, and how near the rates come."""

from collections import defaultdict
from functools import cache

import numpy as np
import pandas as pd
import pytest

from risk.areas import AreaRisk, to_areas
from risk.doubt import LinkageDoubt
from risk.forecast import forecast
from tests.risk.districts import district, model_draws, true_rates

DRAWS = 400
HIDDEN = 1.7
"""At this spread in log odds 0.3 of a child's chance lie in what no record shows: the most that `to_areas` assumes."""
FEW, SMALL = 12, 12
"""Of the smaller form, which the ordinary tests ask: so many districts, of so many areas a side."""


def held(table: pd.DataFrame, truth: pd.Series) -> float:
    truth = truth.reindex(table.index)
    some = truth.notna()
    return float(((table["low"] <= truth) & (truth <= table["high"]))[some].mean())


def missed_by(rates: pd.Series, truth: pd.Series) -> float:
    return float(np.sqrt(((rates - truth) ** 2).mean()))


@cache
def over_districts(count: int = 20, side: int = 20, draws_: int = DRAWS) -> dict[str, list[float]]:
    """Return, for each district, the share held by the 90 % intervals and the error of the rates.

    Each district has a truth of its own kind, drawn before anything else: how much no record shows of a child (a
    standard deviation in log odds, 0 to HIDDEN), rough parts of areas (0.05 to 0.25), a field that no border follows
    (0.1 to 0.5), and children a year and area (4 to 7).
    """
    found = defaultdict(list)
    kinds = np.random.default_rng(2026).uniform([0, 0.05, 0.1, 4], [HIDDEN, 0.25, 0.5, 7], (20, 4))
    for seed, (hidden, own, smooth, a_year) in enumerate(kinds[:count]):
        table, places = district(seed, side=side, hidden=hidden, own=own, smooth=smooth, a_year=a_year)
        draws = model_draws(table, draws_, seed)
        risk = to_areas(table, draws, places, seed=seed)
        ahead = forecast(table, draws, places, risk, seed=seed)
        itself = pd.Series(places.index, places.index)
        for level, parents in (("oa", itself), ("lsoa", places["lsoa"]), ("msoa", places["msoa"])):
            found[level].append(held(risk.at(level, parents).table, true_rates(table, parents)))
            coming = table[table["outcome"].isna()]
            came = coming["happened"].groupby(parents.reindex(coming["area"]).to_numpy()).sum()
            found[f"next {level}"].append(held(ahead.at(level, parents).table, came))
        whole = risk.at("district", places["district"]).table
        found["district"].append(held(whole, true_rates(table, places["district"])))
        found["too high"].append(float((whole["shrunken"] - whole["observed_rate"]).iloc[0]))
        truth = true_rates(table, itself).reindex(places.index)
        for name in ("shrunken", "observed_rate", "predicted"):
            found[name].append(missed_by(risk.table[name], truth))
    return found


def test_over_small_districts_intervals_hold_the_truth_and_rates_come_nearer_to_it():
    # 1,728 areas, those of a district not alone: 0.9 give or take 0.03
    found = over_districts(FEW, SMALL, DRAWS // 2)
    assert 0.87 <= np.mean(found["oa"]) <= 0.94
    assert 0.84 <= np.mean(found["lsoa"]) <= 0.95
    assert min(found["oa"]) > 0.78
    assert np.mean(found["next oa"]) >= 0.90
    assert np.mean(found["shrunken"]) < 0.7 * np.mean(found["observed_rate"])
    assert np.mean(found["shrunken"]) < 0.8 * np.mean(found["predicted"])


@pytest.mark.long
def test_the_interval_holds_the_true_rate_in_88_to_92_of_100_areas():
    found = over_districts()
    for name, values in found.items():  # `pytest -s` shows the figures
        print(f"{name}: {np.mean(values):.4f} ({min(values):.3f} to {max(values):.3f})")  # noqa: T201
    assert 0.88 <= np.mean(found["oa"]) <= 0.92
    assert 0.87 <= np.mean(found["lsoa"]) <= 0.93
    assert 0.86 <= np.mean(found["msoa"]) <= 0.94
    assert min(found["oa"]) > 0.82
    assert np.mean(found["district"]) >= 0.8  # fewer than 16 of 20 would happen once in 23 times (binomial)


@pytest.mark.long
def test_districts_have_the_rate_that_was_counted():
    # What was counted is a district's best answer: 0.002 too high is half of a district's standard error.
    assert abs(np.mean(over_districts()["too high"])) < 0.0005


@pytest.mark.long
def test_the_rates_are_nearer_the_truth_than_what_was_counted_or_predicted_alone():
    found = over_districts()
    assert np.mean(found["shrunken"]) < 0.7 * np.mean(found["observed_rate"])
    assert np.mean(found["shrunken"]) < 0.8 * np.mean(found["predicted"])
    assert (np.array(found["shrunken"]) < np.array(found["observed_rate"])).all()


@pytest.mark.long
def test_the_forecast_holds_the_count_that_came():
    # Counts are whole: for an area with five children an interval that holds 90 in 100 often holds more.
    found = over_districts()
    assert np.mean(found["next oa"]) >= 0.90
    assert 0.86 <= np.mean(found["next msoa"]) <= 0.96


def widths(risk: AreaRisk) -> float:
    return float((risk.table["high"] - risk.table["low"]).mean())


def test_one_district_is_held_about_as_often_as_stated_and_doubt_about_linkage_widens():
    table, places = district(3, side=12)
    draws = model_draws(table, 200, 3)
    sure = to_areas(table, draws, places, seed=1)
    truth = true_rates(table, pd.Series(places.index, places.index)).reindex(places.index)
    assert 0.82 <= held(sure.table, truth) <= 0.97  # 144 areas: 0.9 give or take three standard errors
    doubted = to_areas(table, draws, places, LinkageDoubt.of(0.8, 0.8), seed=1)
    assert widths(doubted) > 1.05 * widths(sure)
