"""Hotspots: by hand on the town, equal to esda where esda is right, and named faults where it is not."""

import warnings
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from esda import G_Local, Moran, Moran_Local
from hypothesis import given, settings
from hypothesis import strategies as st
from libpysal.graph import Graph
from scipy import stats
from shapely import box

from geo import neighbours
from geo.adjacency import Adjacency, from_graph, from_links
from geo.errors import GeoError
from geo.exact import neighbour_sum_tails
from geo.hotspots import STATUSES, local_statistics, moran
from geo.measured import TestingRefused, mark
from geo.permutation import sampled_tails


def grid(side: int) -> gpd.GeoDataFrame:
    squares = [box(x, y, x + 1, y + 1) for y in range(side) for x in range(side)]
    return gpd.GeoDataFrame(geometry=squares, index=[f"c{i}" for i in range(side * side)], crs="EPSG:27700")


@pytest.fixture
def values(town: gpd.GeoDataFrame) -> pd.Series:
    """The values of docs/methods/hotspots.md."""
    return pd.Series([9.0, 8, 3, 7, 6, 2, 1, 4, 0], index=town.index, name="need")


def basildon(shared: Path, column: str) -> tuple[pd.Series, Graph]:
    areas = gpd.read_file(shared / "basildon" / "basildon_boundaries.gpkg", layer="oa21_approx").set_index(
        "oa21cd"
    )
    census = pd.read_csv(shared / "basildon" / "basildon_oa21_census2021_pct.csv", index_col=0)
    return census[column].reindex(areas.index).astype(float), neighbours.queen(areas)


def guerry(shared: Path, column: str) -> tuple[pd.Series, Graph]:
    areas = gpd.read_file(shared / "reference" / "guerry" / "Guerry.shp")
    return areas[column].astype(float), neighbours.queen(areas)


class TestByHand:
    """The town's values are 9 8 3 / 7 6 2 / 1 4 0."""

    def test_p_of_the_corners(self, town: gpd.GeoDataFrame, values: pd.Series) -> None:
        """A1: 8 + 7 + 6 = 21 is the most 3 of {0 1 2 3 4 6 7 8} can sum to: 1 of 56 sets, p = 2/56.

        C3: 6 + 2 + 4 = 12 of {1 2 3 4 6 7 8 9}: sets that reach at most 12, counted by hand: 123 124 126 127 128 129
        134 136 137 138 146 147 234 236 237 246 = 16 of 56, so p = 32/56.
        """
        answer = local_statistics(values, neighbours.queen(town))
        assert answer.loc["A1", "p"] == pytest.approx(2 / 56, abs=1e-12)
        assert answer.loc["C3", "p"] == pytest.approx(32 / 56, abs=1e-12)

    def test_the_centre_has_every_other_area_as_neighbour(
        self, town: gpd.GeoDataFrame, values: pd.Series
    ) -> None:
        row = local_statistics(values, neighbours.queen(town)).loc["B2"]
        assert row["status"] == "all neighbours"
        assert row["neighbours"] == 8
        assert row[["z", "p", "q"]].isna().all()
        assert pd.isna(row["cluster"])

    def test_q_counts_the_eight_that_were_asked(self, town: gpd.GeoDataFrame, values: pd.Series) -> None:
        answer = local_statistics(values, neighbours.queen(town))
        assert answer["q"].min() == pytest.approx(min(1.0, 2 / 56 * 8), abs=1e-12)
        assert (answer["cluster"].drop("B2") == "none").all()

    def test_clusters_are_named_by_the_neighbours_and_the_own_value(self) -> None:
        """A block of tens in a field of noise near 1; within it one low, far away one high."""
        areas = grid(12)
        rng = np.random.default_rng(0)
        y = rng.random((12, 12))
        y[1:6, 1:6] = 10 + rng.random((5, 5))
        y[3, 3] = 0.5  # low among high
        y[7:12, 7:12] = -8 - rng.random((5, 5))
        y[9, 9] = 12.0  # high among low
        values = pd.Series(y.ravel(), index=areas.index)
        star = local_statistics(values, neighbours.queen(areas))
        lisa = local_statistics(values, neighbours.queen(areas), statistic="local_moran")
        centre, outlier, trough = f"c{2 * 12 + 2}", f"c{3 * 12 + 3}", f"c{9 * 12 + 9}"
        assert star.loc[[centre, outlier, trough], "cluster"].tolist() == ["hot", "hot", "cold"]
        assert lisa.loc[[centre, outlier, trough], "cluster"].tolist() == ["hot", "low_high", "high_low"]
        assert lisa.loc[f"c{8 * 12 + 8}", "cluster"] == "cold"
        assert set(star["cluster"]) == {"hot", "cold", "none"}
        pd.testing.assert_series_equal(star["p"], lisa["p"])


class TestAgainstEsda:
    @pytest.mark.parametrize("statistic", ["gi", "gi_star", "local_moran"])
    @pytest.mark.parametrize("source", ["guerry", "basildon"])
    def test_z_is_esdas(self, shared: Path, source: str, statistic: str) -> None:
        values, graph = guerry(shared, "Crm_prs") if source == "guerry" else basildon(shared, EXAMPLE)
        z = local_statistics(values, graph, statistic=statistic)["z"].to_numpy()
        np.testing.assert_allclose(z, esda_z(values, graph, statistic), atol=1e-10)

    def test_moran_is_esdas(self, shared: Path) -> None:
        values, graph = basildon(shared, EXAMPLE)
        ours, theirs = moran(values, graph), Moran(values.to_numpy(), graph, permutations=0)
        assert ours.i == pytest.approx(theirs.I, abs=1e-12)
        assert ours.z == pytest.approx(theirs.z_rand, abs=1e-10)
        assert ours.p == pytest.approx(theirs.p_rand, rel=1e-8)
        assert ours.variance_normal == pytest.approx(theirs.VI_norm, rel=1e-10)
        assert ours.expected == pytest.approx(-1 / 583)

    def test_no_qualifications_in_basildon(self, shared: Path) -> None:
        """The README of the data gives 0.453 for the per cent with no qualifications."""
        assert moran(*basildon(shared, EXAMPLE)).i == pytest.approx(0.453, abs=5e-4)

    @pytest.mark.long
    @pytest.mark.parametrize("source", ["guerry", "basildon"])
    def test_untied_p_inside_the_band_of_99_999_permutations(self, shared: Path, source: str) -> None:
        values, graph = guerry(shared, "Crm_prs") if source == "guerry" else basildon(shared, EXAMPLE)
        values = values + np.random.default_rng(5).random(len(values)) * 0.09  # untied
        assert values.is_unique
        tails = neighbour_sum_tails(values.to_numpy(), from_graph(graph))
        at_least, at_most = counted_by_esda(values, graph, 99_999)
        smaller = np.minimum(tails.upper[0], tails.lower[0])
        sampled = np.where(tails.upper[0] < tails.lower[0], at_least, at_most)
        error = np.sqrt(smaller * (1 - smaller) / 99_999)
        low, high = stats.binom.interval(0.99, 99_999, smaller)
        inside = (sampled * 99_999 >= low) & (sampled * 99_999 <= high)
        assert inside.mean() >= 0.97
        assert (np.abs(sampled - smaller) <= 5 * error + 1 / 99_999).all()

    def test_tied_counts_show_where_esda_differs(self) -> None:
        """On tied counts of pure noise doubling esda's p finds far too many; the inclusive law does not."""
        areas = grid(20)
        values = pd.Series(np.random.default_rng(1).poisson(0.15, 400).astype(float), index=areas.index)
        graph = neighbours.queen(areas)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            theirs = G_Local(
                values.to_numpy(), graph, transform="B", permutations=999, star=True, n_jobs=1, seed=1
            )
        ours = local_statistics(values, graph)["p"]
        assert (2 * theirs.p_sim < 0.05).mean() > 0.3
        assert (ours < 0.05).mean() <= 0.05
        assert neighbour_sum_tails(values.to_numpy(), from_graph(graph)).method == "step"
        inclusive = np.minimum(1, 2 * np.minimum(*counted_by_esda(values, graph, 9_999)))
        assert np.abs(inclusive - ours).max() < 0.05

    def test_tied_counts_equal_the_hypergeometric_law(self) -> None:
        """Tied 0/1 values over a real neighbourhood: scipy's full law to 1e-10."""
        areas = grid(20)
        values = pd.Series((np.random.default_rng(7).random(400) < 0.15).astype(float), index=areas.index)
        links = from_graph(neighbours.queen(areas))
        sums, ones = links.sums(values.to_numpy()), (values.sum() - values).to_numpy()
        upper = stats.hypergeom.sf(sums - 1, 399, ones, links.degrees)
        lower = stats.hypergeom.cdf(sums, 399, ones, links.degrees)
        expected = np.minimum(1, 2 * np.minimum(upper, lower))
        np.testing.assert_allclose(local_statistics(values, links)["p"], expected, atol=1e-10)


def esda_z(values: pd.Series, graph: Graph, statistic: str) -> np.ndarray:
    """Return esda's analytic z; for G with binary weights, because its variance takes the sum of weights for k."""
    y = values.to_numpy()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if statistic == "local_moran":
            local = Moran_Local(y, graph, permutations=0)
            return (local.Is - local.EIc) / np.sqrt(local.VIc)
        return G_Local(y, graph, transform="B", star=statistic == "gi_star", permutations=0).Zs


def counted_by_esda(values: pd.Series, graph: Graph, permutations: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the shares of esda's permutations in which the neighbour sum is at least, and at most, the observed."""
    y = values.to_numpy()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        drawn = G_Local(
            y - y.min() + 1, graph, transform="R", star=False, permutations=permutations, n_jobs=1, seed=9
        )
    tie = 1e-12
    return (
        (drawn.rGs >= drawn.Gs[:, None] * (1 - tie)).mean(axis=1),
        (drawn.rGs <= drawn.Gs[:, None] * (1 + tie)).mean(axis=1),
    )


EXAMPLE = "highest_qualification_6a-000"


class TestProperties:
    @given(st.integers(0, 10**6), st.sampled_from(["gi_star", "local_moran"]))
    @settings(max_examples=25, deadline=None)
    def test_hot_under_y_is_cold_under_minus_y(self, seed: int, statistic: str) -> None:
        values, links = clustered(seed)
        there = local_statistics(values, links, statistic=statistic, alpha=0.2)
        back = local_statistics(-values, links, statistic=statistic, alpha=0.2)
        turned = {
            "hot": "cold",
            "cold": "hot",
            "high_low": "low_high",
            "low_high": "high_low",
            "none": "none",
        }
        assert there["cluster"].map(turned).tolist() == back["cluster"].tolist()
        np.testing.assert_allclose(there["p"], back["p"], atol=1e-9)
        sign = 1 if statistic == "local_moran" else -1
        np.testing.assert_allclose(there["z"], sign * back["z"], atol=1e-9)

    @given(st.integers(0, 10**6), st.floats(0.001, 1000), st.floats(-1000, 1000))
    @settings(max_examples=25, deadline=None)
    def test_order_and_unit_change_nothing(self, seed: int, unit: float, level: float) -> None:
        values, links = clustered(seed)
        before = local_statistics(values, links)
        order = np.random.default_rng(seed).permutation(len(values))
        after = local_statistics((values * unit + level).iloc[order], links)
        assert after.index.tolist() == values.index[order].tolist()
        np.testing.assert_allclose(after.loc[values.index, "p"], before["p"], atol=1e-9)
        np.testing.assert_allclose(after.loc[values.index, "z"], before["z"], atol=1e-6)
        assert (before["p"] <= 1).all()


LINKS = from_graph(neighbours.queen(grid(7)))


def clustered(seed: int) -> tuple[pd.Series, Adjacency]:
    rng = np.random.default_rng(seed)
    smooth = np.kron(rng.normal(size=(4, 4)), np.ones((2, 2)))[:7, :7].ravel()
    return pd.Series(smooth * 3 + rng.normal(size=49), index=LINKS.ids), LINKS


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


class TestBuffer:
    def test_buffer_areas_are_neighbours_but_no_tests(self) -> None:
        areas = grid(8)
        values = pd.Series(np.random.default_rng(6).normal(size=64), index=areas.index)
        graph = neighbours.queen(areas)
        buffer = areas.index[:16]
        whole, answer = local_statistics(values, graph), local_statistics(values, graph, buffer=buffer)
        assert set(answer.loc[buffer, "status"]) == {"buffer"}
        assert answer.loc[buffer, ["z", "p", "q"]].isna().all(axis=None)
        inside = areas.index[16:]
        pd.testing.assert_series_equal(answer.loc[inside, "p"], whole.loc[inside, "p"])
        least = whole.loc[inside, "p"].idxmin()
        assert answer.loc[least, "q"] <= whole.loc[inside, "p"].min() * 48 + 1e-12


class TestUnequalWeights:
    def weights(self, areas: gpd.GeoDataFrame) -> Graph:
        return Graph.build_kernel(areas.centroid, bandwidth=1.6, kernel="triangular").assign_self_weight(0)

    def test_sampled_p_is_near_the_exact_one_where_weights_are_equal(self) -> None:
        areas = grid(6)
        values = np.random.default_rng(2).normal(size=36)
        links = from_graph(neighbours.queen(areas))
        drawn = sampled_tails(values, links, links.degrees > 0, permutations=9_999, seed=3, alpha=0.05)
        law = neighbour_sum_tails(values, links)
        assert drawn.method == "permutations"
        np.testing.assert_allclose(drawn.upper, law.upper, atol=5 * 0.5 / 100)

    def test_kernel_weights_are_sampled(self) -> None:
        areas = grid(6)
        values = pd.Series(np.arange(36.0) + np.random.default_rng(2).normal(size=36), index=areas.index)
        graph = self.weights(areas)
        answer = local_statistics(values, graph, permutations=9_999, seed=1)
        again = local_statistics(values, graph, permutations=9_999, seed=1)
        pd.testing.assert_frame_equal(answer, again)
        assert answer["p"].min() >= 2 / 10_000
        assert answer.loc["c35", "cluster"] == "hot"
        assert answer.loc["c0", "cluster"] == "cold"

    def test_too_few_permutations_are_refused_with_the_number_needed(self) -> None:
        areas = grid(6)
        values = pd.Series(np.random.default_rng(2).normal(size=36), index=areas.index)
        with pytest.raises(GeoError, match="at least 1,440 permutations"):
            local_statistics(values, self.weights(areas), permutations=999)
