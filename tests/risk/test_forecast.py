"""The forecast of the next cohort: chance itself, years that differ, and what is refused."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom

from risk.areas import AreaRisk, to_areas
from risk.errors import RiskError
from risk.forecast import cohort_shifts, forecast
from risk.pooling import pool_known
from tests.risk.test_areas import PLACES, children, flat


def asked(
    *groups: tuple[str, int, int, float | None], draws: int = 400
) -> tuple[pd.DataFrame, np.ndarray, AreaRisk]:
    table = children(*groups)
    chances = flat(table, draws=draws)
    return table, chances, to_areas(table, chances, PLACES, effects_in_draws=True)


def test_with_one_certain_chance_the_count_is_binomial():
    table, draws, risk = asked(("A", 2021, 40, 12), ("B", 2021, 40, 12), ("A", 2022, 30, None), draws=20_000)
    found = forecast(table, draws, PLACES, risk).table
    assert found.loc["A", ["children", "expected"]].tolist() == [30, pytest.approx(9.0)]
    assert found.loc["A", ["low", "high"]].tolist() == binom.ppf([0.05, 0.95], 30, 0.3).tolist()
    assert found.loc["B", ["children", "expected", "low", "high"]].tolist() == [0, 0, 0, 0]
    assert np.isnan(found.loc["B", "rate"])


def test_years_that_differ_widen_the_interval_of_the_whole():
    steady = [("A", year, 1000, 300) for year in range(2017, 2022)]
    restless = [("A", 2017 + k, 1000, cases) for k, cases in enumerate((240, 360, 260, 340, 300))]
    spans = []
    for past in (steady, restless):
        table, draws, risk = asked(*past, ("A", 2022, 1000, None))
        found = forecast(table, draws, PLACES, risk).table.loc["A"]
        spans.append(found["high"] - found["low"])
    # steady: 2 x 1.645 x sqrt(1000 x 0.3 x 0.7) = 48; restless: years differ by about 49 children
    assert spans[0] == pytest.approx(48, abs=12)
    assert spans[1] > 2.5 * spans[0]


def test_shifts_are_what_was_counted_less_what_was_expected_in_log_odds():
    table, draws, risk = asked(("A", 2020, 100, 30), ("A", 2021, 100, 51), ("A", 2022, 10, None))
    found = cohort_shifts(pool_known(table, PLACES), draws, risk)
    assert found[2020] == pytest.approx((0.0, 1 / 21))
    assert found[2021] == pytest.approx((1.0, 1 / 21))  # 21 more than expected, of a variance of 21


def test_children_like_those_before_them_are_expected_to_do_as_they_did():
    rng, codes = np.random.default_rng(7), pd.Index([f"A{n:03d}" for n in range(200)], name="code")
    places = pd.DataFrame({"district": "D"}, codes)
    area = np.repeat(codes, 24)
    past = pd.DataFrame({"area": area, "cohort": np.tile([2020, 2021], 2400)})
    odds = np.repeat(rng.normal(-1.0, 0.6, 200), 24)
    past["outcome"] = (rng.random(4800) < 1 / (1 + np.exp(-odds))).astype(float)
    table = pd.concat([past, past.assign(cohort=2022, outcome=np.nan)], ignore_index=True)
    draws = flat(table, draws=400)
    risk = to_areas(table, draws, places, seed=1)
    found = forecast(table, draws, places, risk, seed=1)
    # the years' shift has its own luck: centred, and less than 0.3 % on average where years do not differ
    assert found.table["expected"].sum() / 4800 == pytest.approx(past["outcome"].mean(), abs=0.002)


def test_larger_areas_add_up_draw_by_draw():
    table, draws, risk = asked(
        ("A", 2021, 40, 12), ("B", 2021, 40, 12), ("A", 2022, 30, None), ("B", 2022, 20, None)
    )
    found = forecast(table, draws, PLACES, risk)
    whole = found.at("lsoa", PLACES["lsoa"])
    assert whole.table.loc["L1", "expected"] == pytest.approx(found.table["expected"].sum())
    assert whole.draws[0].tolist() == found.draws[:2].sum(axis=0).tolist()
    span = whole.table["high"] - whole.table["low"]
    assert span["L1"] < (found.table["high"] - found.table["low"]).sum()


def test_one_cohort_alone_cannot_tell_how_years_differ_and_says_so():
    table, draws, risk = asked(("A", 2021, 40, 12), ("A", 2022, 30, None))
    assert any("Only one cohort" in note for note in forecast(table, draws, PLACES, risk).notes)


def test_a_forecast_needs_one_cohort_ahead_and_the_same_draws():
    table, draws, risk = asked(("A", 2021, 40, 12))
    with pytest.raises(RiskError, match="there is: none"):
        forecast(table, draws, PLACES, risk)
    table, draws, risk = asked(("A", 2021, 40, 12), ("A", 2022, 5, None), ("A", 2023, 5, None))
    with pytest.raises(RiskError, match="2022, 2023"):
        forecast(table, draws, PLACES, risk)
    with pytest.raises(RiskError, match="not of these areas and draws"):
        forecast(table, draws[:7], PLACES, risk)
