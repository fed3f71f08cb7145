"""Rasters over areas: by hand on the 3 x 3 town, by brute force, and every fault of a raster by name."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from rasterio.transform import Affine
from shapely import box

from geo.errors import GeoError
from geo.raster import describe
from geo.surface import STATISTICS, remarks, zonal

GRID = "EPSG:27700"
# exactextract keeps the shares of cells in single precision
CLOSE = 1e-6


def write(
    path: Path, cells: Any, *, west: float = 0, north: float = 300, cell: float = 150, **profile: Any
) -> Path:
    """Write a small GeoTIFF whose top left corner is the town's."""
    array = np.atleast_2d(np.asarray(cells))
    tags = {key: profile.pop(key) for key in ("units", "scale", "description") if key in profile}
    made = {
        "driver": "GTiff",
        "count": 1,
        "height": array.shape[0],
        "width": array.shape[1],
        "dtype": array.dtype,
        "crs": GRID,
        "transform": Affine(cell, 0, west, 0, -cell, north),
        **profile,
    }
    with rasterio.open(path, "w", **made) as dataset:
        dataset.write(array, 1)
        if "units" in tags:
            dataset.units = [tags["units"]]
        if "scale" in tags:
            dataset.scales = [tags["scale"]]
        if "description" in tags:
            dataset.set_band_description(1, tags["description"])
    return path


@pytest.fixture
def four(tmp_path: Path) -> Path:
    """Return four cells of 150 m over the town: 1 2 above 3 4."""
    return write(tmp_path / "four.tif", np.array([[1.0, 2.0], [3.0, 4.0]]), nodata=-1.0)


# Worked on paper: a quarter of B2 lies on each cell; A2 is half on 1, half on 2; B1 half on 1, half on 3.
BY_HAND = {
    "mean": {
        "A1": 1.0,
        "A2": 1.5,
        "A3": 2.0,
        "B1": 2.0,
        "B2": 2.5,
        "B3": 3.0,
        "C1": 3.0,
        "C2": 3.5,
        "C3": 4.0,
    },
    # an area is 100 x 100 of a cell's 150 x 150: four ninths of a cell
    "sum": {"A1": 4 / 9, "A2": 1.5 * 4 / 9, "B2": 2.5 * 4 / 9, "C3": 4 * 4 / 9},
    # B2: values 1 2 3 4, a quarter each, mean 2.5, mean square 7.5
    "stdev": {"A1": 0.0, "A2": 0.5, "B1": 1.0, "B2": (7.5 - 2.5**2) ** 0.5},
    "min": {"A2": 1.0, "B2": 1.0, "C2": 3.0},
    "max": {"A2": 2.0, "B2": 4.0, "C2": 4.0},
    "median": {"A1": 1.0, "B2": 2.5, "C3": 4.0},
    # 0.01 km² each
    "density_total": {"A1": 0.01, "B2": 0.025, "C3": 0.04},
}


@pytest.mark.parametrize("statistic", STATISTICS)
def test_the_town_by_hand(town: gpd.GeoDataFrame, four: Path, statistic: str) -> None:
    table = zonal(town, four, statistic)
    for code, expected in BY_HAND[statistic].items():
        assert table.loc[code, "value"] == pytest.approx(expected, rel=CLOSE, abs=CLOSE), code
    assert table.index.equals(town.index)
    assert (table["status"] == "assessed").all()
    assert table["coverage"].to_numpy() == pytest.approx(1.0, abs=CLOSE)


def test_areas_without_data_are_told_apart(town: gpd.GeoDataFrame, tmp_path: Path) -> None:
    # cells of 100 m under A1, A2, B1 and B2: a gap under A2, and the raster ends before A3
    raster = write(tmp_path / "gap.tif", np.array([[5.0, -1.0], [7.0, 8.0]]), cell=100, nodata=-1.0)
    wide = town.copy()
    wide.loc["B2", "geometry"] = box(100, 100, 300, 200)  # half under the raster, half beyond
    table = zonal(wide, raster, "mean")
    assert table.loc[["A1", "A2", "A3", "B2"], "status"].tolist() == [
        "assessed",
        "no data",
        "outside",
        "partly covered",
    ]
    assert table.loc["B2", ["value", "coverage"]].tolist() == pytest.approx([8.0, 0.5], abs=CLOSE)
    assert table.loc[["A2", "A3"], "value"].isna().all()
    assert table.loc[["A2", "A3"], "coverage"].tolist() == [0, 0]


def test_nan_is_no_data_and_not_a_number(town: gpd.GeoDataFrame, tmp_path: Path) -> None:
    raster = write(tmp_path / "nan.tif", np.array([[np.nan, 2.0], [3.0, 4.0]]))
    table = zonal(town, raster, "mean")
    assert table.loc["A1", "status"] == "no data"
    assert table.loc["B2", ["value", "coverage"]].tolist() == pytest.approx([3.0, 0.75], abs=CLOSE)
    assert table.loc["B2", "status"] == "partly covered"


def test_a_sum_over_nothing_is_missing_and_not_zero(town: gpd.GeoDataFrame, tmp_path: Path) -> None:
    raster = write(tmp_path / "nan.tif", np.array([[np.nan, 2.0], [3.0, 4.0]]))
    assert np.isnan(zonal(town, raster, "sum").loc["A1", "value"])


def test_another_crs_projects_the_areas_and_says_so(town: gpd.GeoDataFrame, tmp_path: Path) -> None:
    moved = town.set_geometry(town.translate(570_000, 190_000))
    raster = write(tmp_path / "moved.tif", np.array([[1.0, 2.0], [3.0, 4.0]]), west=570_000, north=190_300)
    here = zonal(moved, raster, "mean")
    there = zonal(moved.to_crs("EPSG:4326"), raster, "mean")
    assert there["value"].to_numpy() == pytest.approx(here["value"].to_numpy(), abs=1e-4)
    assert not any("projected" in sentence for sentence in remarks(moved, raster))
    said = " ".join(remarks(moved.to_crs("EPSG:4326"), raster))
    assert "is in EPSG:27700 and the areas in EPSG:4326: the areas were projected" in said
    assert "9 of 9 areas are smaller than one cell" in said


def test_the_scale_is_applied_once(town: gpd.GeoDataFrame, tmp_path: Path) -> None:
    cells = np.array([[10, 20], [30, 40]], dtype="int16")
    plain = write(tmp_path / "plain.tif", cells, nodata=-32768)
    declared = write(tmp_path / "declared.tif", cells, nodata=-32768, scale=0.1)
    assert zonal(town, plain, "mean").loc["B2", "value"] == pytest.approx(25)
    for raster, scale in ((plain, 0.1), (declared, None), (declared, 0.1)):
        assert zonal(town, raster, "mean", scale=scale).loc["B2", "value"] == pytest.approx(2.5)
    with pytest.raises(GeoError, match="only one of the two is ever applied"):
        zonal(town, declared, "mean", scale=0.01)


def test_a_negative_scale_turns_lowest_and_highest(town: gpd.GeoDataFrame, four: Path) -> None:
    assert zonal(town, four, "min", scale=-1).loc["B2", "value"] == -4


def raises(town: gpd.GeoDataFrame, raster: Path, statistic: str = "mean", **settings: Any) -> str:
    with pytest.raises(GeoError) as raised:
        zonal(town, raster, statistic, **settings)
    return str(raised.value)


def test_faults_are_collected(town: gpd.GeoDataFrame, tmp_path: Path) -> None:
    raster = write(
        tmp_path / "bad.tif", np.ones((2, 2)), crs=None, transform=Affine(100, 5, 100, 5, -100, 300)
    )
    said = raises(town.set_crs(None, allow_override=True), raster, "mode", band=2)
    for part in (
        "'mode': There is no such statistic. Known: mean,",
        "areas do not say their CRS",
        "band=2': There is no such band. It has 1 band",
        "raster does not say its CRS",
        "turned or upside down",
    ):
        assert part in said
    assert len(said.splitlines()) == 5


def test_undeclared_stand_ins_are_refused(town: gpd.GeoDataFrame, tmp_path: Path) -> None:
    cells = np.array([[-9999, 2], [3, -32768]], dtype="int16")
    said = raises(town, write(tmp_path / "plain.tif", cells))
    assert "value '-9999': 1 cells hold" in said
    assert "value '-32768': 1 cells hold" in said
    assert "declares no value for that" in said
    said = raises(town, write(tmp_path / "one.tif", cells, nodata=-9999))
    assert "value '-32768'" in said
    assert "declares -9999" in said


def test_tenths_of_metres_have_to_be_owned_up_to(town: gpd.GeoDataFrame, tmp_path: Path) -> None:
    raster = write(tmp_path / "dm.tif", np.array([[10, 20], [30, 40]], dtype="int16"), units="dm")
    assert "Say scale=0.1 for metres" in raises(town, raster)
    assert zonal(town, raster, "mean", scale=0.1).loc["A1", "value"] == pytest.approx(1.0)
    assert "A scale is a number other than 0." in raises(town, raster, scale=0.0)


def test_a_density_is_not_added_up(town: gpd.GeoDataFrame, tmp_path: Path) -> None:
    raster = write(tmp_path / "people.tif", np.full((2, 2), 100.0), description="people per km2")
    assert "Use density_total" in raises(town, raster, "sum")
    assert zonal(town, raster, "density_total")["value"].sum() == pytest.approx(9.0)


def test_a_raster_of_another_place(town: gpd.GeoDataFrame, tmp_path: Path) -> None:
    raster = write(tmp_path / "far.tif", np.ones((2, 2)), west=500_000, north=200_000)
    assert "do not overlap" in raises(town, raster)
    assert "raster x 500000 to 500300" in raises(town, raster)


def test_not_a_raster(town: gpd.GeoDataFrame, tmp_path: Path) -> None:
    text = tmp_path / "notes.tif"
    text.write_text("not a raster")
    assert "not a raster that can be read" in raises(town, text)
    assert "no such file" in raises(town, tmp_path / "absent.tif")


def test_areas_that_are_no_polygons(town: gpd.GeoDataFrame, four: Path) -> None:
    town.loc["A1", "geometry"] = None
    town.loc["A2", "geometry"] = shapely.Point(1, 1)
    said = raises(town, four)
    assert "'A1': The area has no outline." in said
    assert "'A2': The area is a Point, not a polygon." in said


def test_what_a_raster_says_of_itself(four: Path) -> None:
    info = describe(four)
    assert (info.crs_name, info.cell_metres, info.nodata, info.dtype) == (GRID, (150, 150), -1, "float64")
    assert info.sentence() == (
        "four.tif: 2 x 2 cells of 150 x 150 m, EPSG:27700, float64, unit not named, "
        "-1 where there is no data."
    )


def brute_force(area: shapely.Polygon, cells: np.ndarray, cell: float, north: float) -> tuple[float, float]:
    """Return mean and spread by sampling an area at 160,000 points, the way a person would check."""
    west, south, east, top = area.bounds
    x, y = np.meshgrid(np.linspace(west, east, 402)[1:-1], np.linspace(south, top, 402)[1:-1])
    inside = shapely.contains_xy(area, x, y)
    seen = cells[((north - y[inside]) // cell).astype(int), (x[inside] // cell).astype(int)]
    return float(seen.mean()), float(seen.std())


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_brute_force_agrees(tmp_path: Path, seed: int) -> None:
    rng = np.random.default_rng(seed)
    cells = rng.normal(50, 10, (8, 8))
    raster = write(tmp_path / "random.tif", cells, west=0, north=800, cell=100)
    hull = shapely.convex_hull(shapely.MultiPoint(rng.uniform(20, 780, (6, 2))))
    areas = gpd.GeoDataFrame(geometry=[hull], index=pd.Index(["X"], name="code"), crs=GRID)
    mean, spread = brute_force(hull, cells, 100, 800)
    # 160,000 points miss a border by half a step of about 2 m: a hundredth of the cells' spread
    assert zonal(areas, raster, "mean").loc["X", "value"] == pytest.approx(mean, abs=0.1)
    assert zonal(areas, raster, "stdev").loc["X", "value"] == pytest.approx(spread, abs=0.1)


@settings(max_examples=25, deadline=None)
@given(
    cuts=st.lists(st.floats(0.05, 0.95), min_size=1, max_size=4, unique=True),
    counts=st.lists(st.integers(0, 1000), min_size=9, max_size=9),
)
def test_totals_are_conserved(
    tmp_path_factory: pytest.TempPathFactory, cuts: list[float], counts: list[int]
) -> None:
    raster = write(
        tmp_path_factory.mktemp("sum") / "counts.tif", np.reshape(counts, (3, 3)).astype("float64"), cell=100
    )
    edges = [0.0, *sorted(300 * cut for cut in cuts), 300.0]
    strips = [box(west, 0, east, 300) for west, east in pairwise(edges) if east - west > 0.01]
    areas = gpd.GeoDataFrame(geometry=strips, index=pd.RangeIndex(len(strips), name="code"), crs=GRID)
    assert zonal(areas, raster, "sum")["value"].sum() == pytest.approx(sum(counts), rel=1e-4, abs=1e-6)


def test_real_heights_and_people(shared: Path) -> None:
    folder = shared / "basildon"
    areas = gpd.read_file(folder / "basildon_boundaries.gpkg", layer="oa21_approx").set_index("oa21cd")
    heights = zonal(areas, folder / "os_terrain50_basildon_TQ68_69_78_79_dm_27700.tif", "max")
    # Langdon Hills, the highest ground of the district, are given as 118 m by the Ordnance Survey
    assert heights["value"].max() == pytest.approx(118, abs=1)
    people = zonal(areas, folder / "worldpop_pd_2020_1km_south_essex.tif", "density_total")
    # Census 2021 counts 187,568; WorldPop's model of 2020 on a 1 km grid is another source
    assert people["value"].sum() == pytest.approx(187_568, rel=0.03)
    assert (people["status"] == "assessed").all()
