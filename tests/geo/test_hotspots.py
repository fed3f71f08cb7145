"""Hotspots: by hand on the town, equal to esda where esda is right, and what holds of any values."""

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

from geo import neighbours
from geo.adjacency import Adjacency, from_graph
from geo.errors import GeoError
from geo.exact import neighbour_sum_tails
from geo.hotspots import local_statistics, moran
from geo.permutation import sampled_tails
from tests.geo.squares import grid


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
