"""The demo place: the generator writes what is committed, and the town keeps the promises made for it."""

import hashlib
import json
import re
import tomllib
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
import rasterio
import shapely
from pyproj import Transformer
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components, dijkstra

from data.boundaries.generator import plan
from data.boundaries.generator.files import write_town
from data.boundaries.generator.splits import components, split
from data.boundaries.generator.town import make_town

BOUNDARIES = Path(__file__).resolve().parents[2] / "data" / "boundaries"
DEMO = BOUNDARIES / "demo"
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


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture(scope="module")
def areas() -> gpd.GeoDataFrame:
    return gpd.read_parquet(DEMO / "areas.parquet").set_index("code")


@pytest.fixture(scope="module")
def lookup() -> pd.DataFrame:
    return pd.read_csv(DEMO / "lookup.csv").set_index("oa21cd")


@pytest.fixture(scope="module")
def key() -> dict[str, Any]:
    return dict(json.loads((DEMO / "answer_key.json").read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def neighbours(areas: gpd.GeoDataFrame) -> coo_array:
    shapes = areas.geometry.to_numpy()
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    apart = one != other
    return coo_array(
        (np.ones(apart.sum()), (one[apart], other[apart])), shape=(len(areas), len(areas))
    ).tocsr()


def codes_of(key: dict[str, Any], kind: str) -> list[str]:
    return [code for item in key["planted"] if item["kind"] == kind for code in item["codes"]]


# --- files ---


def test_the_same_seed_writes_the_committed_bytes(tmp_path: Path) -> None:
    write_town(make_town(plan.SEED), tmp_path / "demo")
    committed = {path.name: digest(path) for path in sorted(DEMO.iterdir())}
    assert {path.name: digest(path) for path in sorted((tmp_path / "demo").iterdir())} == committed
    assert digest(tmp_path / "catalog.toml") == digest(BOUNDARIES / "catalog.toml")


def test_catalogue_names_every_file_with_its_digest_licence_and_rows() -> None:
    files = tomllib.loads((BOUNDARIES / "catalog.toml").read_text(encoding="utf-8"))["files"]
    assert set(files) == {f"demo/{path.name}" for path in DEMO.iterdir()}
    for name, entry in files.items():
        assert entry["sha256"] == digest(BOUNDARIES / name)
        assert entry["fictional"] is True
        assert entry["licence"] == "CC0-1.0"
        if name.endswith(".csv"):
            assert entry["rows"] == len(pd.read_csv(BOUNDARIES / name))


def test_files_are_small() -> None:
    assert sum(path.stat().st_size for path in DEMO.iterdir()) < 3_000_000
    assert (DEMO / "scenery.parquet").stat().st_size < 300_000


def test_the_town_lies_in_the_open_sea(areas: gpd.GeoDataFrame) -> None:
    assert areas.crs.to_epsg() == 27700
    west, south, east, north = areas.total_bounds
    assert west > 634_000
    assert east < 648_000
    assert south > 184_000
    assert north < 196_000


# --- areas ---


def test_areas_fill_the_town_without_gap_or_overlap(areas: gpd.GeoDataFrame) -> None:
    assert 560 <= len(areas) <= 640
    assert set(areas.geom_type) == {"Polygon"}
    assert areas.is_valid.all()
    assert shapely.coverage_is_valid(areas.geometry.to_numpy())
    whole = areas.union_all()
    assert whole.geom_type == "Polygon"
    assert not whole.interiors
    assert areas.area.sum() == pytest.approx(whole.area, abs=1e-3)


def test_codes_are_in_no_register(areas: gpd.GeoDataFrame, lookup: pd.DataFrame) -> None:
    assert areas.index.is_unique
    assert areas.index.str.fullmatch(r"X00\d{6}").all()
    assert lookup["lsoa21cd"].str.fullmatch(r"X01\d{6}").all()
    assert lookup["msoa21cd"].str.fullmatch(r"X02\d{6}").all()
    assert set(lookup["lad21cd"]) == {"X07000001"}
    assert gpd.read_parquet(DEMO / "wards.parquet")["code"].str.fullmatch(r"X05\d{6}").all()


def test_areas_nest_in_connected_lsoas_and_msoas(
    areas: gpd.GeoDataFrame, lookup: pd.DataFrame, neighbours: coo_array
) -> None:
    assert list(lookup.index) == list(areas.index)
    assert (lookup.groupby("lsoa21cd")["msoa21cd"].nunique() == 1).all()
    assert lookup.groupby("lsoa21cd").size().between(3, 8).all()
    assert lookup.groupby("msoa21cd")["lsoa21cd"].nunique().between(3, 7).all()
    assert lookup.groupby("msoa21hclnm")["msoa21cd"].nunique().eq(1).all()
    assert lookup.groupby("lsoa21nm")["lsoa21cd"].nunique().eq(1).all()
    for level in ("lsoa21cd", "msoa21cd"):
        for rows in lookup.reset_index().groupby(level).indices.values():
            assert connected_components(neighbours[rows][:, rows])[0] == 1


def test_wards_fill_the_town_and_cut_across_some_lsoas(areas: gpd.GeoDataFrame, lookup: pd.DataFrame) -> None:
    wards = gpd.read_parquet(DEMO / "wards.parquet")
    assert 10 <= len(wards) <= 14
    assert set(wards.geom_type) == {"Polygon"}
    assert wards.area.sum() == pytest.approx(areas.area.sum(), abs=1e-3)
    inner = areas.representative_point()
    number = shapely.STRtree(wards.geometry.to_numpy()).query(inner.to_numpy(), predicate="within")[1]
    cut = pd.Series(number, index=areas.index).groupby(lookup["lsoa21cd"]).nunique().gt(1)
    assert 3 <= cut.sum() <= len(cut) / 3


def test_the_town_is_dense_in_the_middle_and_wide_at_the_edge(
    areas: gpd.GeoDataFrame, lookup: pd.DataFrame
) -> None:
    size = areas.area.groupby(lookup["msoa21hclnm"]).median() / 1e4
    assert size["Old Marshwick"] < 5.0
    assert areas.area.quantile(0.97) > 8 * areas.area.quantile(0.10)


def test_no_area_is_an_island_and_centroids_lie_inside(
    areas: gpd.GeoDataFrame, lookup: pd.DataFrame, neighbours: coo_array
) -> None:
    assert connected_components(neighbours)[0] == 1
    count = np.diff(neighbours.indptr)
    assert count.min() >= 2
    assert 5.0 < count.mean() < 7.0
    to_metres = Transformer.from_crs("EPSG:4326", "EPSG:27700", always_xy=True)
    x, y = to_metres.transform(lookup["pwc_lon"].to_numpy(), lookup["pwc_lat"].to_numpy())
    assert shapely.contains(areas.geometry.to_numpy(), shapely.points(x, y)).all()


# --- people ---


def test_population_bands_add_up_and_new_estates_are_younger(lookup: pd.DataFrame) -> None:
    people = pd.read_csv(DEMO / "population.csv").set_index("oa21cd")
    assert list(people.index) == list(lookup.index)
    assert (people.filter(like="age_").sum(axis=1) == people["total"]).all()
    assert people["total"].between(150, 600).all()
    assert 295 < people["total"].mean() < 325
    young = (people["age_0_4"] / people["total"]).groupby(lookup["msoa21hclnm"]).mean()
    assert young["Eastmere"] > 1.4 * young["Fairmead"]


def test_per_cents_agree_with_household_counts() -> None:
    percent = pd.read_csv(DEMO / "indicators.csv").set_index("oa21cd")
    counts = pd.read_csv(DEMO / "household_counts.csv").set_index("oa21_code")
    assert set(pd.read_csv(DEMO / "indicator_dictionary.csv")["column"]) == set(percent.columns)
    pairs = {
        "occupancy_rating_bedrooms_6a-004": "occ_n: -1 (overcrowded)",
        "occupancy_rating_bedrooms_6a-005": "occ_n: -2 or less (overcrowded)",
        "hh_deprivation-004": "hhdep_n: Household is deprived in three dimensions",
        "hh_deprivation-005": "hhdep_n: Household is deprived in four dimensions",
    }
    for column, count in pairs.items():
        total = counts[f"{count.split(':')[0]}: total_households"]
        assert (percent[column] - 100 * counts[count] / total).abs().max() <= 0.051


def test_every_area_holds_a_live_postcode_and_none_is_real(areas: gpd.GeoDataFrame) -> None:
    codes = pd.read_csv(DEMO / "postcodes.csv", dtype={"doterm": str})
    assert codes["postcode"].is_unique
    assert codes["postcode"].str.fullmatch(r"ZZ[1-9] \d[A-Z]{2}").all()
    assert {"ZZ1 1AA"} <= set(codes["postcode"])
    assert set(codes["quality"]) == {10, 50}
    assert 0.005 < codes["doterm"].notna().mean() < 0.1
    live = codes[codes["doterm"].isna()]
    shapes = areas.geometry.to_numpy()
    held = shapely.STRtree(shapes).query(
        shapely.points(live[["easting", "northing"]].to_numpy()), predicate="within"
    )
    assert len(set(held[1].tolist())) == len(areas)


# --- land and streets ---


def test_terrain_has_a_hill_and_a_marsh() -> None:
    with rasterio.open(DEMO / "terrain.tif") as source:
        assert source.crs.to_epsg() == 27700
        assert source.res == (50.0, 50.0)
        assert source.nodata == -32768
        assert source.dtypes == ("int16",)
        assert 60 < source.read(1, masked=True).max() / 10 < 150
        (marsh,) = source.sample([(644_300.0, 188_750.0)])
        assert 0 < marsh[0] / 10 < 4


@pytest.fixture(scope="module")
def streets() -> gpd.GeoDataFrame:
    return gpd.read_parquet(DEMO / "streets.parquet")


def test_streets_are_one_network_with_few_crossings(streets: gpd.GeoDataFrame) -> None:
    ends = streets[["from_node", "to_node"]].to_numpy()
    assert len(set(components(int(ends.max()) + 1, ends).tolist())) == 1
    kinds = streets["kind"].value_counts()
    assert set(kinds.index) == {
        "main_road", "street", "footpath", "steps", "crossing", "bridge", "rail_crossing",
    }  # fmt: skip
    assert kinds["bridge"] == 3
    assert kinds["rail_crossing"] == 3
    assert np.allclose(streets["length"], streets.geometry.length, atol=0.051)
    scenery = gpd.read_parquet(DEMO / "scenery.parquet")
    railway = scenery.loc[scenery["layer"] == "railway", "geometry"].iloc[0]
    over = streets[streets.geometry.crosses(railway)]
    assert set(over["kind"]) == {"rail_crossing"}


def test_saltings_is_cut_off(streets: gpd.GeoDataFrame) -> None:
    ends = streets[["from_node", "to_node"]].to_numpy()
    count = int(ends.max()) + 1
    nodes = np.zeros((count, 2))
    nodes[ends[:, 0]] = shapely.get_coordinates(shapely.get_point(streets.geometry.to_numpy(), 0))
    nodes[ends[:, 1]] = shapely.get_coordinates(shapely.get_point(streets.geometry.to_numpy(), -1))
    graph = coo_array((streets["length"].to_numpy(), (ends[:, 0], ends[:, 1])), shape=(count, count)).tocsr()

    def detour(here: str, there: str) -> float:
        places = {
            estate.name: (1000 * estate.x + 636_000, 1000 * estate.y + 186_000) for estate in plan.ESTATES
        }
        first, last = (int(np.argmin(((nodes - places[name]) ** 2).sum(axis=1))) for name in (here, there))
        walk = dijkstra(graph, directed=False, indices=first)[last]
        return float(walk / np.hypot(*(nodes[first] - nodes[last])))

    assert detour("Saltings", "Brickfields") > 2.5
    assert detour("Saltings", "Eastmere") > 1.6
    assert detour("Old Marshwick", "Westbrook") < 1.5
    assert detour("Coldharbour", "Brickfields") < 1.6


# --- what is planted ---


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


# --- assets ---


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


# --- splits ---


def test_split_cuts_a_path_of_six_into_three_connected_pairs() -> None:
    path = np.array([[0, 1], [1, 2], [2, 3], [3, 4], [4, 5]])
    places = np.column_stack([np.arange(6.0), np.zeros(6)])
    parts = split(np.ones(6), places, path, np.ones(5), parts=3, rng=np.random.default_rng(0))
    assert [len(set(parts[pair])) for pair in ([0, 1], [2, 3], [4, 5])] == [1, 1, 1]
    assert len(set(parts.tolist())) == 3
