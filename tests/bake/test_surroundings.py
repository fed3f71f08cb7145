"""Surroundings in a bake: the border is no edge, and nothing else of the place changes."""

from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from bake.errors import BakeError
from bake.levels import coarser, own_ground
from bake.pipeline import bake
from bake.recipe import load_recipe
from geo.exact import neighbour_sum_tails
from geo.neighbours import find
from geo.place import Place
from geo.placing import place_add
from tests.bake.conftest import index_recipe, rate_recipe
from tests.geo.basildon import basildon

COLUMN = ["A2", "B2", "C2"]
GRID = '[hotspots.stability]\nneighbours = ["queen", "rook", "knn:2"]\n'
ESSEX = "essex_oa21_approx_27700.parquet"
Make = Callable[..., Place]


@pytest.fixture
def in_its_town(make_place: Make) -> Make:
    """Return a function that makes the town's middle column a place; left and right may be its surroundings."""

    def make(table: pd.DataFrame, *, known: bool = True, whole_rows: bool = False) -> Place:
        place = make_place(table)
        areas = gpd.read_parquet(place.folder / "areas.parquet")
        own = areas["code"].isin(COLUMN)
        indicators = pd.read_parquet(place.folder / "indicators.parquet")
        if known:
            kept = ["code", "population", "x", "y", "geometry", *(["lsoa"] if whole_rows else [])]
            around = areas.loc[~own, kept]
            if whole_rows:
                around["lsoa"] = around["code"].str[1]  # the columns left and right are LSOAs 1 and 3
            around.to_parquet(place.folder / "surroundings.parquet")
            beside = indicators[~indicators["code"].isin(COLUMN)]
            beside.to_parquet(place.folder / "surroundings_indicators.parquet")
        areas[own].to_parquet(place.folder / "areas.parquet")
        indicators[indicators["code"].isin(COLUMN)].to_parquet(place.folder / "indicators.parquet")
        return place

    return make


def town_p(values: pd.Series, code: str, neighbours: list[str]) -> float:
    """Return the exact two-sided p by looking at every possible set of neighbours."""
    seen = values[neighbours].sum()
    sums = np.array([sum(found) for found in combinations(values.drop(code), len(neighbours))])
    return min(1.0, 2 * min((sums >= seen).mean(), (sums <= seen).mean()))


def test_p_is_that_of_the_whole_town_and_q_counts_three_tests(in_its_town, table, tmp_path):
    """With rook B2 has four neighbours of the eight others, two of them beyond the border."""
    table["poor"] = [1.0, 2, 3, 9, 5, 6, 7, 8, 4]
    recipe = index_recipe(more='[hotspots]\nneighbours = "rook"\n')
    run = bake(recipe, in_its_town(table), tmp_path)
    areas, poor = run.areas(), table["poor"]
    assert areas.index.tolist() == COLUMN
    assert areas["neighbours"].tolist() == [3, 4, 3]
    expected = {
        "A2": town_p(poor, "A2", ["A1", "A3", "B2"]),
        "B2": town_p(poor, "B2", ["A2", "B1", "B3", "C2"]),
        "C2": town_p(poor, "C2", ["C1", "C3", "B2"]),
    }
    assert areas["p"].to_dict() == pytest.approx(expected, abs=1e-12)
    # A2's neighbours hold 1 + 3 + 5 = 9. Of the 56 triples of 1 3 4 5 6 7 8 9 those up to 9 are
    # 1 3 4 and 1 3 5: p = 2 x 2 / 56.
    assert areas.loc["A2", "p"] == pytest.approx(4 / 56)
    ranked = sorted(expected.values())
    # Benjamini and Hochberg over three tests: the smallest q is the least of p1 x 3, p2 x 3 / 2, p3.
    assert areas["q"].min() == pytest.approx(min(ranked[0] * 3, ranked[1] * 3 / 2, ranked[2]))
    assert any("q corrects p for 3 tests" in sentence for sentence in run.manifest["decisions"])


def test_what_touches_everything_is_said_as_in_the_whole_town(in_its_town, table, tmp_path):
    areas = bake(index_recipe(), in_its_town(table), tmp_path).areas()
    assert areas["status"].to_dict() == {"A2": "assessed", "B2": "all neighbours", "C2": "assessed"}
    five = ["A1", "A3", "B1", "B2", "B3"]
    assert areas.loc["A2", "p"] == pytest.approx(town_p(table["poor"], "A2", five))


@pytest.mark.parametrize("recipe", [index_recipe(transform="zscore"), rate_recipe()], ids=["index", "rate"])
def test_values_bands_and_moran_are_the_same_without_surroundings(in_its_town, table, tmp_path, recipe):
    table["crowded"] = [9, 2, 1, 7, 8, 3, 30, 20, 50]
    near = bake(recipe, in_its_town(table), tmp_path)
    decided = near.manifest["decisions"]
    near_areas = near.areas()
    for name in ("surroundings.parquet", "surroundings_indicators.parquet"):
        (tmp_path / "places" / "town" / name).unlink()
    alone = bake(recipe, in_its_town(table, known=False), tmp_path)
    same = ["value", "low", "high", "shown", "band", "population"]
    pd.testing.assert_frame_equal(near_areas[same], alone.areas()[same])
    assert near.manifest["moran"] == alone.manifest["moran"]
    assert near.manifest["indicators"] == alone.manifest["indicators"]
    assert [row for row in decided if "6 areas of the surroundings" in row]
    assert not [row for row in alone.manifest["decisions"] if "surroundings (" in row]
    assert near.manifest["counts"]["band"] == alone.manifest["counts"]["band"]


def test_the_edge_is_counted_with_and_without(in_its_town, table, tmp_path):
    decisions = bake(index_recipe(), in_its_town(table), tmp_path).manifest["decisions"]
    told = next(sentence for sentence in decisions if "border is no edge" in sentence)
    assert "6 areas of the surroundings" in told
    assert "6 of them with a value: 3 areas of the place have neighbours" in told
    # 1 3 4 6 7 9 beyond, 2 5 8 here
    assert "On average they hold 5.00, the place's areas 5.00" in told
    # B2 is the only one inside the whole town
    assert (
        "Without them 3 areas of the place would have stood on the edge of the data, with them 2 do" in told
    )


def test_surroundings_without_figures_do_not_help_and_are_no_zero(in_its_town, table, tmp_path):
    table.loc[["A1", "B1", "C1"], "poor"] = np.nan
    run = bake(index_recipe(), in_its_town(table), tmp_path)
    assert run.areas()["neighbours"].tolist() == [3, 5, 3]
    assert any(
        "6 areas of the surroundings" in row and "3 of them with" in row for row in run.manifest["decisions"]
    )
    assert run.manifest["indicators"][0]["missing"] == 0


def test_stability_asks_with_the_surroundings_too(in_its_town, table, tmp_path):
    recipe = index_recipe(more=GRID)
    run = bake(recipe, in_its_town(table), tmp_path)
    grid = run.manifest["settings"]["grid"]
    assert [row["id"] for row in grid] == ["oa, queen", "oa, rook", "oa, knn:2"]
    # queen: B2 touches all others; never more answers than the place has areas
    assert [row["answered"] for row in grid] == [2, 3, 3]


def test_a_coarser_level_takes_whole_areas_and_leaves_the_rest_out(in_its_town, table, tmp_path):
    recipe = index_recipe("lsoa")
    found = coarser(own_ground(recipe, in_its_town(table, whole_rows=True)), "lsoa", recipe)
    assert found.areas.index.tolist() == ["A", "B", "C"]
    # column 1 holds 1, 4, 7 and column 3 holds 3, 6, 9, ten people each
    assert found.beyond.columns["poor"].to_dict() == {"1": 4, "3": 6}
    assert found.beyond.areas.area.tolist() == [30000, 30000]
    lost = bake(recipe, in_its_town(table), tmp_path)
    assert any("6 areas of the surroundings they are left out" in row for row in lost.manifest["decisions"])


def test_a_negative_count_in_the_surroundings_is_refused(in_its_town, table, tmp_path):
    table.loc["A1", "crowded"] = -3
    with pytest.raises(BakeError, match=r"A count is below 0\. So in A1"):
        bake(rate_recipe(), in_its_town(table), tmp_path)


@pytest.fixture(scope="module")
def basildons(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Place, Place, Path]:
    """Return Basildon in Essex, Basildon alone, and their home."""
    data, home = shared / "basildon", tmp_path_factory.mktemp("home")

    def add(name: str, surroundings: Path | None) -> Place:
        request = basildon(shared, "essex_oa21_census2021_pct.parquet", name=name, surroundings=surroundings)
        return place_add(request, home, lambda _: None)

    return add("near", data / ESSEX), add("alone", None), home


def test_basildon_in_essex_has_the_values_of_basildon_alone(basildons):
    near, alone, home = basildons
    around = near.surroundings()
    assert not set(around.index) & set(near.areas().index)
    assert around["population"].notna().all()
    first, second = (bake(load_recipe("early_years_open"), place, home) for place in (near, alone))
    one, other = first.areas(), second.areas()
    assert len(one) == 584
    told = next(row for row in first.manifest["decisions"] if "border is no edge" in row)
    assert f"{len(around)} areas of the surroundings" in told
    pd.testing.assert_frame_equal(one[["value", "shown", "band"]], other[["value", "shown", "band"]])
    assert first.manifest["moran"] == second.manifest["moran"]
    more = one["neighbours"] > other["neighbours"]
    assert more.any()
    assert not (one["neighbours"] < other["neighbours"]).any()
    assert any("q corrects p for 584 tests" in row for row in first.manifest["decisions"])


def test_basildon_p_is_that_of_a_place_made_of_both(basildons):
    """The law is the same whether the surroundings are tested too or not; only q knows of it."""
    near, _, home = basildons
    run = bake(load_recipe("early_years_open"), near, home).areas()
    recipe = load_recipe("early_years_open")
    own = near.indicators()
    both = pd.concat([own, near.surroundings_indicators()])
    value = sum(
        item.weight
        * (1 if item.direction == "higher_is_worse" else -1)
        * (both[item.column] - own[item.column].mean())
        / own[item.column].std(ddof=0)
        for item in recipe.risk.indicators
    )
    whole = pd.concat([near.areas()[["geometry"]], near.surroundings()[["geometry"]]])
    tails = neighbour_sum_tails(value.to_numpy(), find(whole, "queen"))
    assert np.abs(tails.two_sided[0][:584] - run["p"].to_numpy()).max() < 1e-6


def test_stability_counts_as_the_run_does_where_it_asks_the_same_way(basildons):
    near, _, home = basildons
    run = bake(load_recipe("early_years_open"), near, home)
    ways = {row["id"]: row["hot"] for row in run.manifest["settings"]["grid"]}
    assert ways["oa, queen"] == (run.areas()["gi_cluster"] == "hot").sum() > 0


def test_basildon_at_lsoa_takes_the_lsoas_that_are_whole(basildons):
    near, _, _ = basildons
    around = near.surroundings()
    sizes = around["lsoa"].value_counts()
    recipe = load_recipe("early_years_open")
    found = coarser(own_ground(recipe, near), "lsoa", recipe)
    assert found.beyond.areas.index.tolist() == sorted(sizes.index)
    assert found.beyond.columns.notna().all(axis=None)
    assert around["lsoa"].isna().any()
