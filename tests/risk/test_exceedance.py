"""Predicted hotspots, worked by hand on the 3 x 3 grid."""

import numpy as np
import pandas as pd
import pytest

from geo.adjacency import from_pairs
from risk.areas import AreaRisk, summarise
from risk.errors import RiskError
from risk.exceedance import exceedance, side_by_side
from tests.risk.districts import codes, grid


def risk_of(draws: np.ndarray, children: list[int]) -> AreaRisk:
    index = codes(len(children))
    people = pd.Series(children, index)
    nobody = np.where(people.to_numpy()[:, None] > 0, draws, np.nan)
    table = summarise(people, people // 4, nobody.mean(axis=1), nobody, interval=0.9, minimum=20)
    return AreaRisk("oa", table, nobody, np.zeros_like(draws), (2022,), {}, ())


def corner_high(by: float) -> np.ndarray:
    """Return the grid with its corner 0, 1, 3, 4 at 0.3 + by and all else at 0.3."""
    return np.where(np.isin(np.arange(9), [0, 1, 3, 4]), 0.3 + by, 0.3)


def test_chances_are_shares_of_draws_worked_by_hand():
    # District 0.3 + 4/9 by. Area 0: +5/9 by; its neighbourhood (0, 1, 3, 4): the same.
    # Area 1 has the neighbourhood 0-5, four of six high: +2/9 by. Area 4 has all nine: 0.
    draws = np.column_stack([corner_high(0.18), corner_high(0.09), corner_high(0.0), corner_high(0.27)])
    found = exceedance(risk_of(draws, [40] * 9), grid(3), 0.03)
    # area 0: 0.10, 0.05, 0, 0.15 over 0.03; area 1: 0.04, 0.02, 0, 0.06
    assert found["chance_above"].tolist()[:2] == [0.75, 0.5]
    assert found["chance_above"].iloc[4] == 0
    # area 8 lies 4/9 by below, its neighbourhood (4, 5, 7, 8) 4/9 - 1/4 by = 0.035, 0.0175, 0, 0.0525
    assert found["chance_below"].iloc[8] == 0.5
    assert found["predicted"].tolist() == ["none"] * 9
    sure = exceedance(risk_of(draws, [40] * 9), grid(3), 0.03, certainty=0.75)
    assert sure["predicted"].tolist()[0] == "hot"


def test_children_count_alike_not_areas():
    # The district is 0.5: 900 children at 0.5 and few others. A mean over areas would be about 0.14.
    draws = np.full((9, 3), 0.1)
    draws[4] = 0.5
    found = exceedance(risk_of(draws, [20] * 4 + [9000] + [20] * 4), grid(3), 0.01)
    assert found["chance_above"].iloc[4] == 0
    assert (found["chance_below"].drop(found.index[4]) == 0).all()  # next to 4 each neighbourhood is like 4


def test_areas_without_answer_say_why():
    index = codes(4)
    graph = from_pairs(index, np.array([0, 1]), np.array([1, 2]))
    found = exceedance(risk_of(np.full((4, 5), 0.3), [30, 0, 8, 40]), graph, 0.0)
    assert found["status"].tolist() == ["neighbours missing", "no children", "too few children", "island"]
    assert found["chance_above"].isna().all()
    assert found["predicted"].isna().all()
    assert "p" not in found


def test_more_need_never_lowers_the_chance():
    rng = np.random.default_rng(1)
    draws = rng.beta(30, 70, (9, 200))
    before = exceedance(risk_of(draws, [40] * 9), grid(3), 0.02)["chance_above"]
    more = draws.copy()
    more[0] += 0.1
    after = exceedance(risk_of(more, [40] * 9), grid(3), 0.02)["chance_above"]
    assert after.iloc[0] > before.iloc[0]


@pytest.mark.parametrize(("margin", "certainty"), [(-0.1, 0.8), (1.0, 0.8), (0.1, 0.5), (0.1, 1.1)])
def test_margins_and_certainties_out_of_range_are_refused(margin, certainty):
    with pytest.raises(RiskError, match="out of range"):
        exceedance(risk_of(np.full((9, 2), 0.3), [30] * 9), grid(3), margin, certainty=certainty)


def test_the_two_kinds_are_set_side_by_side():
    index = codes(5)
    observed = pd.DataFrame(
        {"cluster": ["hot", "hot", "cold", "none", None], "status": ["assessed"] * 4 + ["too few children"]},
        index,
    )
    predicted = pd.DataFrame(
        {"predicted": ["hot", "none", "hot", "cold", "hot"], "status": ["assessed"] * 5}, index
    )
    assert side_by_side(observed, predicted).tolist() == [
        "both", "observed only", "predicted only", "neither", "cannot say",
    ]  # fmt: skip
