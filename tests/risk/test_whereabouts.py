"""Whereabouts: how soon an address grows old is found again in homes made with a known rate of moving."""

import numpy as np
import pandas as pd
import pytest

from risk.areas import to_areas
from risk.errors import RiskError
from risk.whereabouts import Whereabouts, find_whereabouts

AREAS = pd.Index([f"A{number:02d}" for number in range(40)], name="code")
PLACES = pd.DataFrame(
    {"lsoa": [f"L{n // 4}" for n in range(40)], "msoa": [f"M{n // 20}" for n in range(40)]}, AREAS
)
DAY = pd.Timestamp("2024-08-31")


def homes(n: int, *, yearly: float, slips: float, seed: int = 1) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return children placed by one agency's home and homes of two, told up to four years before the day."""
    rng = np.random.default_rng(seed)
    person = np.arange(n)
    ages = np.sort(rng.uniform(0, 4, (2, n)), axis=0)
    true = rng.integers(0, 40, n)
    parts = []
    for agency, age, gap in (("schools", ages[0], ages[0]), ("births", ages[1], ages[1] - ages[0])):
        moved = rng.random(n) < 1 - np.exp(-yearly * gap)
        true = np.where(moved, (true + rng.integers(1, 40, n)) % 40, true)
        wrong = rng.random(n) < slips
        told = np.where(wrong, (true + rng.integers(1, 40, n)) % 40, true)
        parts.append(
            pd.DataFrame(
                {
                    "agency": agency,
                    "person": person,
                    "area": AREAS[told],
                    "known": DAY - pd.to_timedelta((age * 365.25).round(), unit="D"),
                }
            )
        )
    table = pd.DataFrame({"person": person, "area": parts[0]["area"], "cutoff": DAY})
    return table, pd.concat(parts, ignore_index=True)


@pytest.mark.parametrize(("yearly", "slips"), [(0.08, 0.01), (0.2, 0.05), (0.02, 0.0)])
def test_the_rate_of_moving_and_the_slips_are_found_again(yearly: float, slips: float) -> None:
    found = find_whereabouts(*homes(20_000, yearly=yearly, slips=slips), PLACES)
    assert found.yearly == pytest.approx(yearly, rel=0.1)
    assert found.error == pytest.approx(slips, abs=0.006)
    assert found.pairs == 20_000


def test_doubt_grows_with_the_age_of_the_address() -> None:
    table, told = homes(5_000, yearly=0.1, slips=0.01)
    found = find_whereabouts(table, told, PLACES)
    age = (DAY - told.loc[told["agency"] == "schools", "known"]).dt.days / 365.25
    expected = 1 - (1 - found.error) * np.exp(-found.yearly * age)
    assert np.allclose(found.doubt, expected)


def test_who_moves_goes_where_others_were_seen_to_go() -> None:
    pairs = Whereabouts(np.array([1.0, 1.0, 0.0]), np.array([0, 0, 3]), np.array([3, 3, 0]), 0.0, 0.1, 200)
    draw, child, to = pairs.moved(np.array([0, 1, 3]), 50, np.random.default_rng(1))
    assert set(child) == {0}  # 1 lives where nobody was seen to go, 2 surely stays
    assert set(to) == {3}
    assert len(draw) == 50


def test_few_children_told_of_twice_say_nothing() -> None:
    found = find_whereabouts(*homes(50, yearly=0.3, slips=0.1), PLACES)
    assert not found.doubt.any()
    assert "Too few children" in found.sentences()[0]
    assert not len(found.moved(np.zeros(50, dtype=np.int64), 5, np.random.default_rng(1))[0])


def test_a_child_placed_from_no_home_is_refused() -> None:
    table, told = homes(200, yearly=0.1, slips=0.0)
    with pytest.raises(RiskError, match="no home"):
        find_whereabouts(table, told[told["person"] > 0], PLACES)


def test_doubt_about_homes_widens_areas_and_leaves_larger_ones_nearly_as_they_are() -> None:
    rng = np.random.default_rng(3)
    table, told = homes(1_600, yearly=0.1, slips=0.02)
    first = rng.integers(0, 4, 1_600)  # all live in one LSOA, and one in five moves within it
    second = np.where(rng.random(1_600) < 0.2, (first + rng.integers(1, 4, 1_600)) % 4, first)
    told["area"] = AREAS[np.concatenate([first, second])]
    table["area"] = AREAS[first]
    found = find_whereabouts(table, told, PLACES)
    table = table.assign(cohort=2024, outcome=(rng.random(1_600) < 0.3).astype(float))
    chances = np.repeat(rng.beta(2, 5, 1_600)[None, :], 400, axis=0)
    sure, doubted = (to_areas(table, chances, PLACES, None, where, seed=2) for where in (None, found))
    width = [(risk.table["high"] - risk.table["low"]).iloc[:4].mean() for risk in (sure, doubted)]
    assert width[1] > 1.05 * width[0]
    above = [risk.at("lsoa", PLACES["lsoa"]).table.iloc[0] for risk in (sure, doubted)]
    assert above[1]["high"] - above[1]["low"] == pytest.approx(above[0]["high"] - above[0]["low"], rel=0.15)
    assert any("lived elsewhere" in note for note in doubted.notes)
