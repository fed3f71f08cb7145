"""Indicators read from a raster: how a recipe names one, what a place must have, what is left out."""

from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
from rasterio.transform import Affine

from bake.checks import fit
from bake.errors import BakeError
from bake.levels import own_ground
from bake.recipe import Recipe, load_recipe
from bake.surfaces import surface_decisions, with_surfaces
from geo.demo import FILES, demo_request
from geo.errors import GeoError
from geo.place import Place
from geo.placing import place_add

SHIPPED = load_recipe("steep_ground")


def recipe(**keys: str) -> Recipe:
    """Return the shipped recipe with the lines of its indicator changed; an empty value takes a line out."""
    lines = SHIPPED.text.splitlines()
    for key, value in keys.items():
        at = next((n for n, line in enumerate(lines) if line.startswith(f"{key} = ")), None)
        where = lines.index("[[risk.indicators]]") + 1 if at is None else at
        lines[where : where + (at is not None)] = [f"{key} = {value}"] if value else []
    return Recipe.read("\n".join(lines), "mine.toml")


@pytest.fixture
def place(town: gpd.GeoDataFrame, tmp_path: Path) -> Place:
    """Return the town as a place whose heights, in decimetres, rise by a metre from west to east under A and B."""
    town.assign(name=town.index, population=100, x=0.0, y=0.0).reset_index().to_parquet(
        tmp_path / "areas.parquet"
    )
    heights = np.tile(np.array([[0, 10, 20, 30, 40, 50]], dtype="int16"), (4, 1))
    heights[3] = -1
    form = {
        "driver": "GTiff",
        "count": 1,
        "height": 4,
        "width": 6,
        "dtype": "int16",
        "crs": "EPSG:27700",
        "nodata": -1,
    }
    (tmp_path / "rasters").mkdir()
    for path in (tmp_path / "terrain.tif", tmp_path / "rasters" / "other.tif"):
        with rasterio.open(path, "w", transform=Affine(50, 0, 0, 0, -60, 300), **form) as dataset:
            dataset.write(heights, 1)
    return Place("town", "Town", True, "oa", "2021", "not checked", "EPSG:27700", tmp_path, "")


def test_the_column_is_named_after_raster_and_statistic(place: Place) -> None:
    assert with_surfaces(SHIPPED, place).columns.tolist() == ["terrain_stdev"]
    assert with_surfaces(recipe(raster='"other"', statistic='"max"'), place).columns.tolist() == ["other_max"]


def test_heights_by_hand(place: Place) -> None:
    # each area of A and B lies half on one column of cells and half on the next, a metre higher: spread 0.5 m;
    # rows of cells are 60 m high and the fourth, from y = 120 down to 60, has no data
    table = own_ground(SHIPPED, place).columns["terrain_stdev"]
    assert table[["A1", "A2", "A3", "B1"]].to_list() == pytest.approx([0.5] * 4, abs=1e-6)


def test_an_area_mostly_without_data_has_no_number(place: Place) -> None:
    # B has data in 80 of its 100 m, C in none; of a sum even 80 per cent are too few
    assert with_surfaces(SHIPPED, place)["terrain_stdev"].isna().tolist() == [False] * 6 + [True] * 3
    sums = with_surfaces(recipe(statistic='"sum"'), place)["terrain_sum"]
    assert sums.isna().tolist() == [False] * 3 + [True] * 6


def test_a_place_without_the_raster_is_told_what_it_has(place: Place) -> None:
    found = fit(recipe(raster='"flood"'), place)
    assert len(found) == 1
    assert "has no such raster" in found[0].what
    assert "other, terrain" in found[0].cure
    assert found[0].file == "mine.toml"


def test_a_raster_of_another_place_is_a_fault_of_the_fit(place: Place, tmp_path: Path) -> None:
    areas = gpd.read_parquet(tmp_path / "areas.parquet")
    areas.set_geometry(areas.translate(9000)).to_parquet(tmp_path / "areas.parquet")
    assert "do not overlap" in fit(SHIPPED, place)[0].what


def test_a_name_that_the_place_has_already(place: Place, tmp_path: Path) -> None:
    pd.DataFrame({"code": place.areas().index, "terrain_stdev": 1.0}).to_parquet(
        tmp_path / "indicators.parquet"
    )
    assert "has an indicator of the name" in fit(SHIPPED, place)[0].what


def test_what_was_decided_is_said(place: Place) -> None:
    said = " ".join(surface_decisions(SHIPPED, replace(place, title="T")))
    assert "is the stdev of the raster 'terrain' in each area, stored numbers times 0.1" in said
    assert "6 x 4 cells of 50 x 60 m, EPSG:27700" in said


@pytest.mark.parametrize(
    ("keys", "part"),
    [
        ({"column": '"cars"'}, "risk.indicators[1].column stands beside a raster"),
        ({"statistic": ""}, "key risk.indicators[1].statistic is missing."),
        (
            {"raster": "", "column": '"cars"'},
            "key risk.indicators[1].statistic belongs to an indicator with a raster.",
        ),
        ({"statistic": '"mode"'}, "key risk.indicators[1].statistic must be one of"),
        ({"scale": "0.0"}, "key risk.indicators[1].scale must be above 0"),
    ],
)
def test_faults_of_the_recipe(keys: dict[str, str], part: str) -> None:
    with pytest.raises(BakeError) as raised:
        recipe(**keys)
    assert part in str(raised.value)


def test_a_place_keeps_rasters_under_names(place: Place, larder_home: Path) -> None:
    asked = replace(demo_request(FILES), name="wet", rasters=(("flood", place.folder / "terrain.tif"),))
    added = place_add(asked, larder_home, lambda _: None)
    assert added.rasters() == ["flood", "terrain"]
    assert added.raster("flood") == added.folder / "rasters" / "flood.tif"
    assert added.raster("fire") is None
    plain = place_add(replace(asked, name="dry", rasters=()), larder_home, lambda _: None)
    assert plain.digest != added.digest


def test_a_place_refuses_what_is_no_raster_or_has_no_name(place: Place, larder_home: Path) -> None:
    wrong = (("flood", place.folder / "areas.parquet"),)
    with pytest.raises(GeoError, match="not a raster that can be read"):
        place_add(replace(demo_request(FILES), name="wet", rasters=wrong), larder_home, lambda _: None)
    tif = place.folder / "terrain.tif"
    named = (("Flood 1", tif), ("terrain", tif), ("wet", tif), ("wet", tif))
    with pytest.raises(GeoError) as raised:
        place_add(replace(demo_request(FILES), name="wet", rasters=named), larder_home, lambda _: None)
    assert len(raised.value.faults) == 3


def test_the_shipped_recipe_fits_the_demo_and_finds_its_hill(larder_home: Path) -> None:
    from bake.pipeline import bake
    from geo.demo import ensure_demo

    run = bake(SHIPPED, ensure_demo(larder_home), larder_home)
    assert run.manifest["counts"]["sign"]["firm"] > 0
    assert run.manifest["indicators"][0]["id"] == "terrain_stdev"
    # metres, not the decimetres that are stored: no area of the town, whose hill is 113 m high, spreads as much as it
    assert 0 < with_surfaces(SHIPPED, ensure_demo(larder_home))["terrain_stdev"].max() < 113
