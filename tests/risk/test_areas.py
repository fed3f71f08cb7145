"""Areas: what is counted, what is pooled, what is refused."""

import numpy as np
import pandas as pd
import pytest

from geo.errors import GeoError
from geo.hotspots import local_statistics
from geo.measured import TestingRefused
from risk.areas import AreaRisk, summarise, to_areas
from risk.doubt import LinkageDoubt
from risk.errors import RiskError
from tests.risk.districts import district, grid, model_draws

PLACES = pd.DataFrame(
    {"lsoa": ["L1", "L1", "L2"], "msoa": "M", "district": "D"}, index=pd.Index(["A", "B", "C"], name="code")
)


def children(*groups: tuple[str, int, int, float | None]) -> pd.DataFrame:
    """Return a feature table of groups (area, cohort, children, share of ones or None)."""
    parts = []
    for area, cohort, n, cases in groups:
        outcome = (
            np.full(n, np.nan) if cases is None else np.r_[np.ones(int(cases)), np.zeros(n - int(cases))]
        )
        parts.append(pd.DataFrame({"area": area, "cohort": cohort, "outcome": outcome}))
    table = pd.concat(parts, ignore_index=True)
    return table.assign(person=range(len(table)))


def flat(table: pd.DataFrame, chance: float = 0.3, draws: int = 50) -> np.ndarray:
    return np.full((draws, len(table)), chance)


@pytest.fixture(scope="module")
def small() -> AreaRisk:
    table, places = district(1, side=8)
    return to_areas(table, model_draws(table, 100, 1), places, seed=1)


def test_the_latest_cohorts_are_pooled_and_counted_as_they_are():
    table = children(
        ("A", 2020, 30, 30), ("A", 2021, 10, 2), ("A", 2022, 20, 5), ("B", 2022, 8, 1), ("A", 2023, 9, None)
    )
    found = to_areas(table, flat(table), PLACES, cohorts=2)
    assert found.cohorts == (2021, 2022)
    assert found.table["children"].tolist() == [30, 8, 0]
    assert found.table["cases"].tolist() == [7, 1, 0]
    assert found.table.loc["A", "observed_rate"] == pytest.approx(7 / 30)
    assert found.table["status"].tolist() == ["", "too few children", "no children"]
    assert found.table.loc["C", ["observed_rate", "predicted", "shrunken", "low", "high"]].isna().all()
    assert "2 cohorts are pooled" in found.notes[0]


def test_fewer_cohorts_than_asked_for_are_said():
    table = children(("A", 2021, 10, 2), ("B", 2022, 20, 5))
    assert "5 cohorts were asked for; outcomes are known of 2." in to_areas(table, flat(table), PLACES).notes


def test_a_small_area_is_drawn_towards_its_lsoa_a_large_one_keeps_its_own():
    table = children(("A", 2022, 400, 240), ("B", 2022, 6, 0), ("C", 2022, 400, 40))
    found = to_areas(table, flat(table, draws=400), PLACES).table["shrunken"]
    assert found["A"] == pytest.approx(0.6, abs=0.03)
    assert found["C"] == pytest.approx(0.1, abs=0.03)
    assert found["B"] > 0.15  # nothing of six alone; A, in the same LSOA, has 240 of 400
    alone = to_areas(table, flat(table, draws=400), PLACES[["district"]]).table["shrunken"]
    assert alone["B"] < found["B"]


def test_draws_and_table_say_the_same(small):
    told = small.table
    some = told["children"] > 0
    np.testing.assert_allclose(small.draws[some].mean(axis=1), told.loc[some, "shrunken"])
    np.testing.assert_allclose(told["expected"][some], (told["shrunken"] * told["children"])[some])
    assert ((told["low"] <= told["shrunken"]) & (told["shrunken"] <= told["high"]))[some].all()
    assert (np.nan_to_num(small.draws) >= 0).all()
    assert (np.nan_to_num(small.draws) <= 1).all()


def test_another_draw_lies_within_the_interval_as_often_as_stated():
    # Of 39 draws and another all orders are alike: the 2nd and the 38th of them hold 36 in 40 of what may come.
    drawn = np.random.default_rng(6).random((20_000, 40))
    people = pd.Series(30, range(20_000))
    found = summarise(people, people, np.zeros(20_000), drawn[:, 1:], interval=0.9, minimum=20)
    held = (found["low"] <= drawn[:, 0]) & (drawn[:, 0] <= found["high"])
    assert held.mean() == pytest.approx(0.9, abs=0.0085)  # four standard errors


def test_the_district_has_the_rate_that_was_counted():
    # Thousands of children leave the prior no say: the model's own level is corrected by the outcomes.
    table, places = district(4, side=20, a_year=6)
    risk = to_areas(table, 0.7 * model_draws(table, 400, 4), places, seed=4)
    whole = risk.at("district", places["district"]).table.loc["D"]
    # one standard error of the mean of 400 draws is 0.0002; drawn around the areas' modes it was 0.002 too high
    assert whole["shrunken"] == pytest.approx(whole["observed_rate"], abs=0.0008)


def test_larger_areas_add_up_their_parts(small):
    parents = pd.Series("D", small.table.index)
    whole = small.at("district", parents)
    assert whole.table.loc["D", "children"] == small.table["children"].sum()
    assert whole.table.loc["D", "expected"] == pytest.approx(small.table["expected"].sum())
    weights = small.table["children"].to_numpy()[:, None]
    np.testing.assert_allclose(whole.draws[0], np.nansum(small.draws * weights, axis=0) / weights.sum())
    with pytest.raises(RiskError, match="lie in no district"):
        small.at("district", parents.iloc[1:])


def test_the_same_seed_gives_the_same_and_the_order_of_rows_does_not_move_the_answer():
    table, places = district(2, side=6)
    draws = model_draws(table, 300, 2)
    one, again = (to_areas(table, draws, places, seed=4) for _ in range(2))
    pd.testing.assert_frame_equal(one.table, again.table)
    order = np.random.default_rng(1).permutation(len(table))
    mixed = to_areas(table.iloc[order].reset_index(drop=True), draws[:, order], places, seed=4)
    assert (mixed.table["shrunken"] - one.table["shrunken"]).abs().max() < 0.03


def test_effects_that_are_in_the_draws_are_not_added_again():
    table = children(("A", 2022, 400, 240), ("C", 2022, 400, 40))
    held = to_areas(table, flat(table), PLACES, effects_in_draws=True, hidden=(0.0, 0.0))
    assert held.table.loc[["A", "C"], "shrunken"].tolist() == pytest.approx([0.3, 0.3])
    assert not held.effects.any()


def test_what_no_record_shows_moves_a_rate_towards_what_was_counted():
    # Half of a child's chance its own: the mean of chances lies half way between 0.3 and what was counted, 0.6.
    table = children(("A", 2022, 400, 240), ("C", 2022, 400, 40))
    held = to_areas(table, flat(table, draws=2000), PLACES, effects_in_draws=True, hidden=(0.5, 0.5))
    assert held.table.loc["A", "shrunken"] == pytest.approx(0.45, abs=0.002)
    # beta-binomial with one trial: each child's chance, given its outcome, has variance m (1 - m) / 3
    ones, noughts = (0.5 * (0.3 + outcome) for outcome in (1.0, 0.0))
    variance = (240 * ones * (1 - ones) + 160 * noughts * (1 - noughts)) / 3 / 400**2
    assert held.draws[0].std() == pytest.approx(np.sqrt(variance), rel=0.05)


def test_doubt_about_single_children_is_held_to_their_rows():
    table = children(("A", 2022, 40, 40), ("B", 2022, 40, 0))
    doubt = LinkageDoubt(outcome=np.r_[np.ones(40), np.zeros(40)])
    found = to_areas(table, flat(table, draws=200), PLACES, doubt)
    assert found.table.loc["A", "shrunken"] < 0.3  # its outcomes, all ones, are believed to belong elsewhere
    assert any("50.0% of the outcomes" in note for note in found.notes)
    with pytest.raises(RiskError, match="given for 3 children"):
        to_areas(table, flat(table), PLACES, LinkageDoubt(features=np.zeros(3)))


@pytest.mark.parametrize("doubt", [(-0.1, 0.0), (0.0, 1.1)])
def test_doubt_has_to_be_a_share(doubt):
    with pytest.raises(RiskError, match="No share"):
        LinkageDoubt(*doubt)


def test_parts_that_do_not_fit_are_told_all_at_once():
    table = children(("A", 2022, 3, 1), ("X", 2022, 2, 1))
    table.loc[0, "outcome"] = 2.0
    with pytest.raises(RiskError) as error:
        to_areas(table, flat(table)[:, :4], PLACES)
    assert [fault.value for fault in error.value.faults] == ["X", "2", "50 x 4"]
    with pytest.raises(RiskError, match="between 0 and 1"):
        to_areas(children(("A", 2022, 3, 1)), np.full((2, 3), np.nan), PLACES)
    with pytest.raises(RiskError, match="lacks this column"):
        to_areas(table.drop(columns="cohort"), flat(table), PLACES)
    with pytest.raises(RiskError, match="No cohort has an outcome yet"):
        to_areas(children(("A", 2022, 3, None)), np.full((2, 3), 0.3), PLACES)


def test_a_permutation_p_of_the_rates_to_show_is_refused_with_the_reason(small):
    with pytest.raises(TestingRefused, match="a prediction follows its inputs"):
        local_statistics(small.shrunken, grid(8))
    assert issubclass(TestingRefused, GeoError)
