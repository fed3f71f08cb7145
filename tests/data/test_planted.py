"""What is planted in the demo place is found in it again: hotspots and assets, as the answer key says."""

import re
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from scipy.sparse import coo_array

from data.boundaries.generator import plan
from tests.data.demo_files import DEMO, codes_of

EARLY_YEARS = [
    "highest_qualification_6a-000",
    "hh_deprivation-004",
    "hh_deprivation-005",
    "occupancy_rating_bedrooms_6a-004",
    "number_of_cars_5a-000",
    "economic_activity_status_4a-002",
    "health_in_general_4a-003",
]
DRAWS = 4999


def clusters(values: npt.NDArray[np.float64], neighbours: coo_array) -> pd.DataFrame:
    """Plain conditional permutations of the neighbours' sum, both tails inclusive, Benjamini-Hochberg q."""
    rng = np.random.default_rng(1)
    count = np.diff(neighbours.indptr)
    total = neighbours @ values
    size = len(values)
    p, high = np.empty(size), np.empty(size, dtype=bool)
    for k in np.unique(count):
        draws = np.array([rng.permutation(size)[: k + 1] for _ in range(DRAWS)])
        for i in np.flatnonzero(count == k):
            # The first k drawn areas that are not i itself.
            keep = np.cumsum(draws != i, axis=1) <= k
            sums = np.where((draws != i) & keep, values[draws], 0.0).sum(axis=1)
            above = (1 + (sums >= total[i] - 1e-12).sum()) / (DRAWS + 1)
            below = (1 + (sums <= total[i] + 1e-12).sum()) / (DRAWS + 1)
            p[i], high[i] = min(1.0, 2 * min(above, below)), above < below
    order = np.argsort(p)
    q = np.empty(size)
    q[order] = np.minimum.accumulate((p[order] * size / np.arange(1, size + 1))[::-1])[::-1]
    own = values > values.mean()
    cluster = np.select(
        [q >= 0.05, high & own, ~high & ~own, ~high & own], ["none", "hot", "cold", "high_low"], "low_high"
    )
    return pd.DataFrame({"value": values, "p": p, "q": q, "cluster": cluster})


@pytest.fixture(scope="module")
def early_years(areas: gpd.GeoDataFrame, neighbours: coo_array) -> pd.DataFrame:
    columns = pd.read_csv(DEMO / "indicators.csv").set_index("oa21cd").loc[areas.index, EARLY_YEARS]
    score = ((columns - columns.mean()) / columns.std(ddof=0)).mean(axis=1)
    return clusters(score.to_numpy(), neighbours).set_index(areas.index)


def test_the_answer_key_is_found(early_years: pd.DataFrame, key: dict[str, Any]) -> None:
    assert key["seed"] == plan.SEED
    assert sorted(item["kind"] for item in key["planted"]) == [
        "cold_patch", "high_among_low", "hotspot", "hotspot", "hotspot", "lone_high",
    ]  # fmt: skip
    for item in key["planted"]:
        found = early_years.loc[item["codes"]]
        assert set(found["cluster"]) == {item["expect"]}, item["id"]
        if item["kind"] == "hotspot":
            assert len(item["codes"]) >= 5
            # The smallest p that 4,999 draws can give is 0.0004; 0.002 keeps a margin.
            assert found["p"].max() < 0.002


def test_the_map_does_not_light_up_everywhere(early_years: pd.DataFrame) -> None:
    share = early_years["cluster"].value_counts(normalize=True)
    assert 0.08 <= share["hot"] <= 0.14
    assert 0.03 <= share["cold"] <= 0.08


def test_the_lone_high_area_has_ordinary_surroundings(
    early_years: pd.DataFrame, key: dict[str, Any], neighbours: coo_array
) -> None:
    (lone,) = codes_of(key, "lone_high")
    assert early_years["value"].rank(ascending=False)[lone] <= 3
    assert early_years.loc[lone, "q"] > 0.2
    row = early_years.index.get_loc(lone)
    around = early_years.iloc[neighbours.indices[neighbours.indptr[row] : neighbours.indptr[row + 1]]]
    assert set(around["cluster"]) == {"none"}


def test_overcrowding_finds_the_hotspots_too(
    areas: gpd.GeoDataFrame, key: dict[str, Any], neighbours: coo_array
) -> None:
    counts = pd.read_csv(DEMO / "household_counts.csv").set_index("oa21_code").loc[areas.index]
    crowded = counts[["occ_n: -1 (overcrowded)", "occ_n: -2 or less (overcrowded)"]].sum(axis=1)
    found = clusters((crowded / counts["occ_n: total_households"]).to_numpy(), neighbours).set_index(
        areas.index
    )
    assert (found.loc[codes_of(key, "hotspot"), "cluster"] == "hot").mean() >= 0.8


@pytest.fixture(scope="module")
def assets() -> gpd.GeoDataFrame:
    table = pd.read_csv(DEMO / "assets.csv")
    return gpd.GeoDataFrame(
        table, geometry=gpd.points_from_xy(table["longitude"], table["latitude"], crs="EPSG:4326")
    ).to_crs("EPSG:27700")


def test_assets_are_many_kinds_unevenly_spread(
    assets: gpd.GeoDataFrame, areas: gpd.GeoDataFrame, key: dict[str, Any]
) -> None:
    assert list(assets.columns[:8]) == [
        "name", "category", "latitude", "longitude", "postcode", "address", "confirmed_on", "source",
    ]  # fmt: skip
    assert 235 <= len(assets) <= 265
    assert assets["name"].is_unique
    assert assets["category"].nunique() == 18
    people = pd.read_csv(DEMO / "population.csv").set_index("oa21cd")["total"]
    town = len(assets) / people.sum()
    for item in key["planted"]:
        if item["kind"] == "hotspot":
            ground = areas.loc[item["codes"]].union_all().buffer(250)
            served = assets.within(ground).sum() / people[areas.representative_point().within(ground)].sum()
            assert (served < 0.4 * town) == (item["id"] in key["poorly_served"]), item["id"]


def test_nobody_surveyed_one_corner(
    assets: gpd.GeoDataFrame, areas: gpd.GeoDataFrame, key: dict[str, Any]
) -> None:
    assert key["unsurveyed"]["name"] == "Thornhythe"
    assert len(key["unsurveyed"]["codes"]) >= 10
    assert not assets.within(areas.loc[key["unsurveyed"]["codes"]].union_all()).any()


def test_confirmations_are_fresh_stale_and_missing(assets: gpd.GeoDataFrame) -> None:
    given = assets["confirmed_on"].dropna()
    assert all(re.fullmatch(r"20\d\d-\d\d-\d\d", day) for day in given)
    age = (pd.Timestamp("2026-05-03") - pd.to_datetime(given)).dt.days
    assert age.min() < 60
    assert age.max() > 730
    assert 5 <= assets["confirmed_on"].isna().sum() <= 60
