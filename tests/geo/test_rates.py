"""Rates by hand, against esda and scipy, and by what they must never do."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from esda.smoothing import Empirical_Bayes, assuncao_rate
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, poisson

from geo import neighbours, rates
from geo.errors import GeoError
from geo.hotspots import local_statistics
from geo.measured import TestingRefused

CODES = list("abcd")


def series(numbers: list[float | None], name: str = "n") -> pd.Series:
    return pd.Series(numbers, index=CODES[: len(numbers)], name=name, dtype=float)


def test_crude_by_hand_and_never_zero_for_missing() -> None:
    rate = rates.crude(series([3, 0, None, 0]), series([10, 20, 30, 0]))
    assert rate["a"] == pytest.approx(0.3)
    assert rate["b"] == 0.0
    assert rate[["c", "d"]].isna().all()
    assert rate.attrs["kind"] == "crude rate"


def test_shrinking_by_hand() -> None:
    """m = 10/100 = 0.1; s2 = (20 x .1^2 + 80 x .025^2)/100 = 0.0025; A = 0.0025 - 0.1/50 = 0.0005.

    a: weight 0.0005 / (0.0005 + 0.1/20) = 1/11, so 0.1 + 0.1/11;
    b: weight 0.0005 / (0.0005 + 0.1/80) = 2/7, so 0.1 - 0.025 x 2/7.
    """
    shrunken = rates.shrink_global(series([4, 6]), series([20, 80]))
    assert shrunken["a"] == pytest.approx(0.1 + 0.1 / 11)
    assert shrunken["b"] == pytest.approx(0.1 - 0.05 / 7)
    assert "note" not in shrunken.attrs


def test_standardising_by_hand() -> None:
    """The same two areas: sqrt(0.0005 + 0.1/20) = sqrt(0.0055), sqrt(0.0005 + 0.1/80) = sqrt(0.00175)."""
    z = rates.eb_standardise(series([4, 6]), series([20, 80]))
    np.testing.assert_allclose(z, [0.1 / np.sqrt(0.0055), -0.025 / np.sqrt(0.00175)])
    assert z.attrs["kind"] == "EB-standardised rate"


def test_a_negative_variance_is_taken_as_0_and_said() -> None:
    """Equal rates vary less than chance: A would be -m / mean population."""
    count, people = series([10, 20, 30]), series([100, 200, 300])
    shrunken, z = rates.shrink_global(count, people), rates.eb_standardise(count, people)
    np.testing.assert_allclose(shrunken, 0.1)
    np.testing.assert_allclose(z, 0, atol=1e-12)
    for answer in (shrunken, z, *rates.shrunken_interval(count, people)):
        assert "taken as 0" in answer.attrs["note"]


def sids(shared: Path) -> tuple[pd.Series, pd.Series]:
    counties = gpd.read_file(shared / "reference" / "spdata" / "sids.gpkg")
    return counties["SID74"].astype(float), counties["BIR74"].astype(float)


def test_shrinking_and_standardising_equal_esda(shared: Path) -> None:
    count, people = sids(shared)
    np.testing.assert_allclose(
        rates.shrink_global(count, people), Empirical_Bayes(count, people).r.ravel(), rtol=1e-12
    )
    np.testing.assert_allclose(rates.eb_standardise(count, people), assuncao_rate(count, people), rtol=1e-10)


def test_wilson_equals_scipy_and_holds_at_0_and_all() -> None:
    count, people = series([0, 3, 20, 20]), series([15, 15, 40, 20])
    low, high = rates.interval(count, people)
    for code in CODES:
        theirs = binomtest(int(count[code]), int(people[code])).proportion_ci(method="wilson")
        assert low[code] == pytest.approx(theirs.low, abs=1e-12)
        assert high[code] == pytest.approx(theirs.high, abs=1e-12)


def test_byar_is_near_the_exact_poisson_limits() -> None:
    count, people = series([5, 10, 25, 400]), series([10, 10, 10, 10])
    low, high = rates.interval(count, people, method="byar")
    for code in CODES:
        assert poisson.sf(count[code] - 1, low[code] * 10) == pytest.approx(0.025, abs=0.006)
        assert poisson.cdf(count[code], high[code] * 10) == pytest.approx(0.025, abs=0.006)
    assert rates.interval(series([0]), series([10]), method="byar")[0]["a"] == 0.0


def test_posterior_interval_holds_the_shrunken_rate_and_narrows_with_people() -> None:
    count, people = series([4, 60, 6, 60]), series([20, 300, 80, 800])
    shrunken, (low, high) = rates.shrink_global(count, people), rates.shrunken_interval(count, people)
    assert ((low < shrunken) & (shrunken < high)).all()
    assert (high - low)["a"] > (high - low)["b"]


def test_posterior_interval_covers_the_truth() -> None:
    """True rates from the gamma law itself: 95 % intervals hold about 95 % of 4,000 of them."""
    rng = np.random.default_rng(2)
    truth = rng.gamma(8, 0.02 / 8, 4_000)
    people = pd.Series(rng.integers(50, 900, 4_000).astype(float))
    count = pd.Series(rng.poisson(truth * people).astype(float))
    low, high = rates.shrunken_interval(count, people)
    assert ((low <= truth) & (truth <= high)).mean() == pytest.approx(0.95, abs=0.012)


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(50, 500)), min_size=2, max_size=4))
def test_a_shrunken_rate_lies_between_its_own_and_the_overall_rate(rows: list[tuple[int, int]]) -> None:
    count, people = series([c for c, _ in rows]), series([n for _, n in rows])
    shrunken, crude = rates.shrink_global(count, people), rates.crude(count, people)
    overall = count.sum() / people.sum()
    assert (np.minimum(crude, overall) - 1e-12 <= shrunken).all()
    assert (shrunken <= np.maximum(crude, overall) + 1e-12).all()


def test_every_fault_is_named_at_once() -> None:
    with pytest.raises(GeoError) as caught:
        rates.crude(series([-1, 5, np.inf, 2], "ill"), series([10, 0, 10, -3], "people"))
    assert {(fault.row, fault.column) for fault in caught.value.faults} == {
        (1, "ill"), (3, "ill"), (4, "people"), (2, "ill"),
    }  # fmt: skip


def test_more_people_than_there_are_needs_byar() -> None:
    with pytest.raises(GeoError, match="Byar"):
        rates.interval(series([12]), series([10]))
    assert rates.interval(series([12]), series([10]), method="byar")[1]["a"] > 1.2


def test_rows_must_stand_in_one_order() -> None:
    with pytest.raises(GeoError, match="order"):
        rates.crude(series([1, 2]), series([1, 2]).iloc[::-1])


def test_what_is_shrunken_is_not_tested(town: gpd.GeoDataFrame) -> None:
    count = pd.Series(range(9), index=town.index, dtype=float)
    people = pd.Series(100.0, index=town.index)
    graph = neighbours.queen(town)
    for shown in (rates.shrink_global(count, people), *rates.shrunken_interval(count, people)):
        with pytest.raises(TestingRefused, match="borrows from other areas"):
            local_statistics(shown, graph)
    for tested in (rates.crude(count, people), rates.eb_standardise(count, people)):
        assert (local_statistics(tested, graph)["status"] == "assessed").sum() == 8
