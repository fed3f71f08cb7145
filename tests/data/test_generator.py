"""The demo place: the generator writes what is committed, and the town keeps the promises made for it."""

import hashlib
import tomllib
from pathlib import Path

import geopandas as gpd
import numpy as np
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
from tests.data.demo_files import BOUNDARIES, DEMO


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


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


# --- splits ---


def test_split_cuts_a_path_of_six_into_three_connected_pairs() -> None:
    path = np.array([[0, 1], [1, 2], [2, 3], [3, 4], [4, 5]])
    places = np.column_stack([np.arange(6.0), np.zeros(6)])
    parts = split(np.ones(6), places, path, np.ones(5), parts=3, rng=np.random.default_rng(0))
    assert [len(set(parts[pair])) for pair in ([0, 1], [2, 3], [4, 5])] == [1, 1, 1]
    assert len(set(parts.tolist())) == 3
