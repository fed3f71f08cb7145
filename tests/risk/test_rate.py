"""Rates against values worked by hand on the 3 x 3 town."""

import numpy as np
import pandas as pd
import pytest

from risk.rate import crude, rate, standardised

CODES = ["A1", "A2", "A3", "B1", "B2", "B3", "C1", "C2", "C3"]


def counted(count: list[float], denominator: list[float]) -> tuple[pd.Series, pd.Series]:
    index = CODES[: len(count)]
    return pd.Series(count, index, dtype="float64"), pd.Series(denominator, index, dtype="float64")


def test_rates_are_per_cents_with_a_wilson_interval():
    # Wilson for 5 of 50 at 95 %: 0.0435 to 0.2136 (Newcombe 1998's method, worked by hand).
    found = rate(*counted([5, 10], [50, 50]))
    assert found.table.loc["A1", "value"] == pytest.approx(10)
    assert found.table.loc["A1", "low"] == pytest.approx(4.35, abs=0.01)
    assert found.table.loc["A1", "high"] == pytest.approx(21.36, abs=0.01)
    assert found.overall == pytest.approx(15)
    assert list(found.table["status"]) == ["", ""]


def test_few_people_and_missing_have_a_status_and_no_number_and_leave_the_others_alone():
    alone = rate(*counted([5, 10], [50, 40]))
    found = rate(*counted([5, 10, 3, np.nan, 2], [50, 40, 19, 60, np.nan]))
    assert list(found.table["status"]) == ["", "", "too few people", "missing", "missing"]
    assert found.table.loc[["A3", "B1", "B2"], ["value", "low", "high", "shown"]].isna().all(axis=None)
    pd.testing.assert_frame_equal(found.table.iloc[:2], alone.table)


def test_the_smallest_denominator_allowed_gets_a_rate():
    found = rate(*counted([1, 1], [20, 19]), minimum_denominator=20)
    assert list(found.table["status"]) == ["", "too few people"]


def test_nobody_at_all_is_too_few_and_not_zero():
    found = rate(*counted([0, 0], [0, 100]))
    assert found.table.loc["A1", "status"] == "too few people"
    assert np.isnan(found.table.loc["A1", "value"])
    assert found.table.loc["A2", "value"] == 0


def test_no_area_with_an_answer():
    found = rate(*counted([1, 2], [3, 4]))
    assert found.table["value"].isna().all()
    assert np.isnan(found.overall)
    assert found.note == ""


def test_shrinking_draws_small_areas_further_towards_the_overall_rate():
    found = rate(*counted([10, 500, 0, 900], [25, 2500, 100, 1000]))
    table = found.table
    drawn = (table["value"] - table["shown"]).abs() / (table["value"] - found.overall).abs()
    assert drawn["A1"] > drawn["A2"]
    assert table["shown"].between(0, 100).all()


def test_rates_that_chance_explains_are_shown_as_the_overall_rate_and_said_so():
    # 50, 51 and 49 of 500 differ by less than chance would make them differ.
    found = rate(*counted([50, 51, 49], [500, 500, 500]))
    assert "spread between areas was taken as 0" in found.note
    assert found.table["shown"].tolist() == pytest.approx([10, 10, 10])


def test_events_may_exceed_the_people_with_byar():
    found = rate(*counted([60, 10], [50, 50]), interval="byar")
    assert found.table.loc["A1", "value"] == pytest.approx(120)
    assert found.table.loc["A1", "low"] < 120 < found.table.loc["A1", "high"]


def test_standardised_rates_leave_the_unanswered_out():
    alone = standardised(*counted([5, 10, 2], [50, 40, 60]))
    found = standardised(*counted([5, 10, 2, 9, np.nan], [50, 40, 60, 10, 90]))
    assert found.iloc[:3].tolist() == pytest.approx(alone.tolist())
    assert found.iloc[3:].isna().all()


def test_rates_of_others_are_standardised_by_the_reference():
    own = (pd.Series([10.0, 30, 20]), pd.Series([100.0, 100, 100]))
    near = (pd.Series([30.0, 5]), pd.Series([100.0, 10]))
    # m = 0.2; A = ((0.1^2 + 0.1^2) / 3) - m / 100 = 0.02 / 3 - 0.002 = 0.0046667; 10 people are too few
    expected = 0.1 / (0.02 / 3 - 0.002 + 0.002) ** 0.5
    found = standardised(*near, 20, own)
    assert found[0] == pytest.approx(expected)
    assert found.isna().tolist() == [False, True]
    assert crude(*near).tolist()[0] == pytest.approx(30)
    assert crude(*near).isna().tolist() == [False, True]
