"""Local statistics of ugly values and graphs: a status with its reason, or a refusal; never a wrong p."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import box

from geo import neighbours
from geo.adjacency import from_links
from geo.errors import GeoError
from geo.hotspots import STATUSES, local_statistics, moran
from geo.measured import TestingRefused, mark
from tests.geo.squares import grid
from tests.geo.test_hotspots import counted_by_esda


class TestUgly:
    def test_a_missing_value_stays_one_missing_value(self, town: gpd.GeoDataFrame, values: pd.Series) -> None:
        """esda makes every area "low-low, p = 0.0001" of one NaN."""
        values["C3"] = np.nan
        answer = local_statistics(values, neighbours.queen(town), statistic="local_moran")
        assert answer.loc["C3", "status"] == "missing"
        assert answer.loc["C3", ["z", "p", "q"]].isna().all()
        assert answer.loc["A1", "p"] == pytest.approx(
            2 / 35, abs=1e-12
        )  # 3 of the 7 others that have a value
        assert answer.loc["B3", "neighbours"] == 4
        assert (answer["cluster"].dropna() == "none").all()

    def test_an_area_whose_neighbours_are_all_missing(
        self, town: gpd.GeoDataFrame, values: pd.Series
    ) -> None:
        values[["A2", "B1", "B2"]] = np.nan
        answer = local_statistics(values, neighbours.queen(town))
        assert answer.loc["A1", "status"] == "neighbours missing"
        assert np.isnan(answer.loc["A1", "p"])

    def test_pandas_own_missing_and_whole_numbers(self, town: gpd.GeoDataFrame, values: pd.Series) -> None:
        whole = values.astype("Int64")
        whole["C3"] = pd.NA
        plain = values.copy()
        plain["C3"] = np.nan
        graph = neighbours.queen(town)
        pd.testing.assert_frame_equal(local_statistics(whole, graph), local_statistics(plain, graph))

    def test_an_island_gets_no_p(self, town: gpd.GeoDataFrame, values: pd.Series) -> None:
        areas = gpd.GeoDataFrame(
            geometry=[*town.geometry, box(9e3, 0, 9.1e3, 9)], index=[*town.index, "I"], crs=27700
        )
        answer = local_statistics(pd.concat([values, pd.Series({"I": 50.0})]), neighbours.queen(areas))
        assert answer.loc["I", "status"] == "island"
        assert answer.loc["I", ["z", "p", "q"]].isna().all()
        assert pd.isna(answer.loc["I", "cluster"])
        assert answer.loc["A1", "status"] == "assessed"

    def test_islands_only(self, town: gpd.GeoDataFrame, values: pd.Series) -> None:
        graph = neighbours.band(town, 10)
        answer = local_statistics(values, graph)
        assert set(answer["status"]) == {"island"}
        assert answer["p"].isna().all()
        assert moran(values, graph).status == "islands only"

    @pytest.mark.parametrize("level", [0.0, 1.0, 0.1 + 0.2, -1e9])
    def test_a_constant_field_has_a_status(self, town: gpd.GeoDataFrame, level: float) -> None:
        values = pd.Series(level, index=town.index)
        values["B3"] = level * (1 + 1e-16)
        answer = local_statistics(values, neighbours.queen(town))
        assert set(answer["status"]) == {"constant"}
        assert answer[["z", "p", "q"]].isna().all(axis=None)
        result = moran(values, neighbours.queen(town))
        assert result.status == "constant"
        assert np.isnan(result.p)

    @pytest.mark.parametrize("bad", [np.inf, -np.inf])
    def test_infinities_are_refused_by_name(
        self, town: gpd.GeoDataFrame, values: pd.Series, bad: float
    ) -> None:
        values[["A2", "C1"]] = bad
        for ask in (local_statistics, moran):
            with pytest.raises(GeoError) as caught:
                ask(values, neighbours.queen(town))
            assert [(f.row, f.column) for f in caught.value.faults] == [(2, "need"), (7, "need")]
            assert "A2" in caught.value.faults[0].sentence()
            assert "population of 0" in caught.value.faults[0].cure

    def test_text_is_refused_by_name(self, town: gpd.GeoDataFrame) -> None:
        values = pd.Series(["1", "2", "many", *"345678"], index=town.index, name="need")
        with pytest.raises(GeoError, match="many"):
            local_statistics(values, neighbours.queen(town))

    def test_one_area(self) -> None:
        areas = gpd.GeoDataFrame(geometry=[box(0, 0, 1, 1)], index=["a"], crs=27700)
        answer = local_statistics(pd.Series({"a": 3.0}), neighbours.queen(areas))
        assert answer["status"].tolist() == ["island"]

    def test_two_areas(self) -> None:
        areas = gpd.GeoDataFrame(geometry=[box(0, 0, 1, 1), box(1, 0, 2, 1)], index=["a", "b"], crs=27700)
        answer = local_statistics(pd.Series({"a": 3.0, "b": 4.0}), neighbours.queen(areas))
        assert answer["status"].tolist() == ["too few areas"] * 2
        assert answer["p"].isna().all()
        assert moran(pd.Series({"a": 3.0, "b": 4.0}), neighbours.queen(areas)).status == "too few areas"

    def test_no_area_at_all(self) -> None:
        empty = from_links(pd.Index([]), np.array([], dtype=np.int64), np.array([], dtype=np.int64))
        assert local_statistics(pd.Series(dtype=float), empty).empty

    def test_a_lone_extreme_heats_its_neighbours_by_one_draw_in_many(self) -> None:
        """All others equal: a neighbour sees it with chance k / (n - 1), both tails by hand; itself has no answer."""
        areas = grid(9)
        values = pd.Series(1.0, index=areas.index)
        values["c40"] = 1e6
        answer = local_statistics(values, neighbours.queen(areas))
        assert answer.loc["c40", "status"] == "others constant"
        assert answer.loc["c41", "p"] == pytest.approx(2 * 8 / 80, abs=1e-12)
        assert answer.loc["c0", "p"] == 1.0
        assert (answer["cluster"].dropna() == "none").all()

    def test_a_lone_extreme_among_ordinary_values_has_a_large_z_and_an_ordinary_p(self) -> None:
        areas = grid(9)
        values = pd.Series(np.random.default_rng(3).normal(size=81), index=areas.index)
        values["c40"] = 1e6 * values.abs().median()
        answer = local_statistics(values, neighbours.queen(areas))
        quiet = local_statistics(values.drop("c40"), neighbours.queen(areas.drop("c40")))
        # by hand for one value alone: (8/9) / (sqrt(80)/81 x sqrt(9 x 72 / 80)) = sqrt(8)
        assert answer.loc["c40", "z"] == pytest.approx(np.sqrt(8), abs=1e-4)
        assert 0.05 < answer.loc["c40", "p"] <= 1
        assert answer.loc["c40", "cluster"] == "none"
        assert answer["p"].le(1).all()
        far = [
            code
            for code in quiet.index
            if code not in {"c30", "c31", "c32", "c39", "c41", "c48", "c49", "c50"}
        ]
        low = quiet.loc[far, "p"].idxmin()
        assert answer.loc[low, "p"] < 0.3  # the bulk is still told apart beside the extreme

    def test_heavy_tails_keep_p_between_0_and_1_and_near_the_permutations(self) -> None:
        areas = grid(15)
        rng = np.random.default_rng(12)
        values = pd.Series(rng.pareto(0.4, 225), index=areas.index)
        assert values.max() > 1e4 * values.median()
        graph = neighbours.queen(areas)
        p = local_statistics(values, graph)["p"]
        inclusive = np.minimum(1, 2 * np.minimum(*counted_by_esda(values, graph, 9_999)))
        assert p.between(0, 1).all()
        assert np.abs(p - inclusive).max() < 0.06

    def test_counts_with_many_ties_never_pass_1(self) -> None:
        areas = grid(15)
        values = pd.Series(np.random.default_rng(4).poisson(0.1, 225).astype(float), index=areas.index)
        p = local_statistics(values, neighbours.queen(areas))["p"]
        assert p.max() == 1.0
        assert (p > 0).all()

    def test_own_value_at_the_mean_has_no_local_moran(self, town: gpd.GeoDataFrame) -> None:
        values = pd.Series([8.0, 7, 6, 5, 4, 3, 2, 1, 0], index=town.index)
        areas = town.drop("B1")
        values["A1"] = 4 + (36 - 5 - values.drop(["A1", "B1"]).sum() - 1)  # 8 areas whose mean is 4
        kept = values.drop("B1")
        kept = kept - kept.mean()
        kept["B2"] = 0.0
        kept["A1"] -= kept.sum()
        answer = local_statistics(kept, neighbours.rook(areas), statistic="local_moran")
        assert answer.loc["B2", "p"] == 1.0
        assert np.isnan(answer.loc["B2", "z"])
        assert answer.loc["B2", "cluster"] == "none"

    def test_every_status_has_words(self) -> None:
        assert all(text.endswith(".") for text in STATUSES.values())


class TestRefusals:
    @pytest.mark.parametrize("kind", ["shrunken", "smoothed", "predicted"])
    def test_values_for_display_are_not_tested(
        self, town: gpd.GeoDataFrame, values: pd.Series, kind: str
    ) -> None:
        for ask in (local_statistics, moran):
            with pytest.raises(TestingRefused, match="clusters that the method made"):
                ask(mark(values, kind), neighbours.queen(town))

    @pytest.mark.parametrize("kind", ["observed", "crude rate", "EB-standardised rate"])
    def test_observed_values_are(self, town: gpd.GeoDataFrame, values: pd.Series, kind: str) -> None:
        marked = local_statistics(mark(values, kind), neighbours.queen(town))
        pd.testing.assert_frame_equal(marked, local_statistics(values, neighbours.queen(town)))

    def test_unknown_statistic(self, town: gpd.GeoDataFrame, values: pd.Series) -> None:
        with pytest.raises(GeoError, match="gi_star"):
            local_statistics(values, neighbours.queen(town), statistic="getis")  # type: ignore[arg-type]

    def test_ids_must_match(self, town: gpd.GeoDataFrame, values: pd.Series) -> None:
        with pytest.raises(GeoError, match="X9"):
            local_statistics(values.rename({"C3": "X9"}), neighbours.queen(town))
        with pytest.raises(GeoError, match="same areas"):
            local_statistics(values.drop("C3"), neighbours.queen(town))
