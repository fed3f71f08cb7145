"""Stability: shares by construction, tiers by hand, draws like single answers."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import box

from geo import neighbours
from geo.adjacency import from_graph
from geo.errors import GeoError
from geo.hotspots import local_statistics
from geo.measured import TestingRefused, mark
from geo.stability import Setting, _signs, shares_of, stability


def grid(side: int) -> gpd.GeoDataFrame:
    squares = [box(x, y, x + 1, y + 1) for y in range(side) for x in range(side)]
    return gpd.GeoDataFrame(geometry=squares, index=[f"c{i}" for i in range(side * side)], crs="EPSG:27700")


AREAS = grid(14)
QUEEN, ROOK = (from_graph(find(AREAS)) for find in (neighbours.queen, neighbours.rook))
NOISE = np.random.default_rng(1).normal(size=196)


def block(height: float) -> pd.Series:
    """Noise, and a block of 5 x 5 areas raised by so much."""
    raised = np.zeros((14, 14))
    raised[2:7, 2:7] = height
    return pd.Series(NOISE + raised.ravel(), index=AREAS.index)


CENTRE, FAR = f"c{4 * 14 + 4}", f"c{11 * 14 + 11}"


def test_a_strong_block_is_firm_and_the_rest_is_not() -> None:
    table = stability(AREAS.index, [Setting("queen", block(4), QUEEN), Setting("rook", block(4), ROOK)]).table
    assert table.loc[CENTRE, ["share", "sign", "disagree", "settings"]].tolist() == [1.0, "firm", "", 2]
    assert table.loc[FAR, ["share", "sign"]].tolist() == [0.0, "no sign"]


def test_the_share_counts_settings_and_names_the_one_that_disagrees() -> None:
    flat = pd.Series(NOISE, index=AREAS.index)
    settings = [Setting(f"with {i}", block(4), QUEEN) for i in range(3)] + [Setting("without", flat, QUEEN)]
    answer = stability(AREAS.index, settings)
    assert answer.table.loc[CENTRE, "share"] == 0.75
    assert answer.table.loc[CENTRE, "disagree"] == "without"
    assert answer.hot.loc[CENTRE].tolist() == [1, 1, 1, 0]


def test_one_setting_agrees_with_local_statistics() -> None:
    values = block(1.5)
    one = stability(AREAS.index, [Setting("queen", values, QUEEN)]).table
    answer = local_statistics(values, QUEEN)
    assert ((answer["cluster"] == "hot") == (one["share"] == 1)).all()
    assert ((answer["cluster"] == "cold") == (one["share_cold"] == 1)).all()
    assert 5 < (answer["cluster"] == "hot").sum() < 60


def test_draws_agree_with_their_single_answers() -> None:
    rng = np.random.default_rng(3)
    draws = pd.DataFrame({i: block(1.5) + rng.normal(size=196) * 0.3 for i in range(40)})
    share = shares_of(Setting("draws", draws, QUEEN))["hot"]
    single = np.mean(
        [(local_statistics(draws[i], QUEEN)["cluster"] == "hot").to_numpy() for i in draws], axis=0
    )
    assert np.abs(share - single).max() <= 0.05
    assert np.abs(share - single).mean() < 0.002


def test_tiers_by_hand() -> None:
    """Ten settings: 8 hot at 0.05 is firm; 7, and 7 at 0.2, is suggestive; 3, and 4 at 0.2, is no sign."""

    def shares(hot: list[int]) -> pd.DataFrame:
        return pd.DataFrame([[1.0] * k + [0.0] * (10 - k) for k in hot])

    assert _signs(shares([8, 7, 3]), shares([8, 7, 4])).tolist() == ["firm", "suggestive", "no sign"]
    nothing = pd.DataFrame([[np.nan, np.nan]])
    assert _signs(nothing, nothing).tolist() == ["not assessed"]


def test_settings_without_an_answer_do_not_count() -> None:
    holed = block(4)
    holed[FAR] = np.nan
    answer = stability(AREAS.index, [Setting("whole", block(4), QUEEN), Setting("holed", holed, QUEEN)])
    assert answer.table.loc[FAR, "settings"] == 1
    only = stability(AREAS.index, [Setting("holed", holed, QUEEN)])
    assert only.table.loc[FAR, "sign"] == "not assessed"
    assert np.isnan(only.table.loc[FAR, "share"])


def test_larger_areas_answer_for_those_within_them() -> None:
    larger = grid(7)
    members = pd.Series([f"c{(i // 14 // 2) * 7 + (i % 14) // 2}" for i in range(196)], index=AREAS.index)
    values = block(4).groupby(members).mean().reindex(larger.index)
    setting = Setting("larger", values, neighbours.queen(larger), members)
    answer = stability(AREAS.index, [Setting("small", block(4), QUEEN), setting])
    assert answer.table.loc[CENTRE, "sign"] == "firm"
    for _, group in answer.hot["larger"].groupby(members):
        assert group.nunique() == 1
    with pytest.raises(GeoError, match="same vintage"):
        stability(
            AREAS.index, [Setting("larger", values, neighbours.queen(larger), members.replace("c0", "old"))]
        )


def test_constant_values_have_no_answer_and_a_constant_draw_no_hotspot() -> None:
    constant = pd.Series(1.0, index=AREAS.index)
    assert set(stability(AREAS.index, [Setting("flat", constant, QUEEN)]).table["sign"]) == {"not assessed"}
    draws = pd.DataFrame({0: block(4), 1: constant})
    assert shares_of(Setting("half flat", draws, QUEEN)).loc[CENTRE, "hot"] == 0.5


def test_expected_false_alarms_are_a_fifth_of_the_suggestive() -> None:
    answer = stability(AREAS.index, [Setting("queen", block(1.0), QUEEN)])
    assert answer.expected_false == pytest.approx(0.2 * (answer.table["sign"] == "suggestive").sum())


def test_names_and_kinds_are_checked() -> None:
    with pytest.raises(GeoError, match="own name"):
        stability(AREAS.index, [Setting("a", block(1), QUEEN), Setting("a", block(1), ROOK)])
    with pytest.raises(GeoError, match="none"):
        stability(AREAS.index, [])
    with pytest.raises(TestingRefused):
        stability(AREAS.index, [Setting("shown", mark(block(1), "predicted"), QUEEN)])


def test_order_of_rows_changes_nothing() -> None:
    order = np.random.default_rng(0).permutation(196)
    there = stability(AREAS.index, [Setting("queen", block(1.5), QUEEN)]).table
    back = stability(AREAS.index[order], [Setting("queen", block(1.5).iloc[order], QUEEN)]).table
    pd.testing.assert_frame_equal(back.loc[AREAS.index], there)
