"""Reach on the 3 x 3 town: distances that can be measured with a ruler."""

from datetime import UTC, datetime

import geopandas as gpd
import pytest
from pyproj import Transformer

from assets.schema import Asset
from coproduce.reach import nearest_assets

CRS = "EPSG:27700"
ORIGIN = (570_000.0, 190_000.0)
OUT = Transformer.from_crs(CRS, "EPSG:4326", always_xy=True)


def asset(name: str, x: float, y: float, category: str = "hall", status: str = "accepted") -> Asset:
    longitude, latitude = OUT.transform(ORIGIN[0] + x, ORIGIN[1] + y)
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    return Asset(
        id=name, name=name, category=category, source_category="", longitude=longitude, latitude=latitude,
        postcode="", address="", website="", description="", geocode_method="coordinates", geocode_quality="",
        place=None, area=None, status=status, review_reason="", source="", source_row=None, source_key=None,
        confirmed_on=None, created_at=moment, updated_at=moment,
    )  # fmt: skip


def test_nearest_first_in_metres(town: gpd.GeoDataFrame) -> None:
    centres = town.geometry.centroid
    x, y = ORIGIN[0] + centres["A1"].x, ORIGIN[1] + centres["A1"].y
    assets = [asset(code, centres[code].x, centres[code].y) for code in ("C3", "A2", "B2", "A1")]
    near = nearest_assets(x, y, assets, crs=CRS)
    assert [one.asset.name for one in near] == ["A1", "A2", "B2", "C3"]
    # by hand: beside 100, across a corner 100 x root 2, two down and two across 200 x root 2
    assert [one.metres for one in near] == pytest.approx([0, 100, 141.421, 282.843], abs=0.01)
    assert {one.measure for one in near} == {"straight line"}


def test_held_unplaced_and_other_categories_do_not_count() -> None:
    assets = [
        asset("held", 0, 0, status="held"),
        asset("park", 10, 0, category="park"),
        asset("far hall", 300, 400),
        asset("hall", 30, 40),
    ]
    near = nearest_assets(*ORIGIN, assets, crs=CRS, categories=["hall"])
    assert [(one.asset.name, round(one.metres)) for one in near] == [("hall", 50), ("far hall", 500)]
    assert len(nearest_assets(*ORIGIN, assets, crs=CRS, limit=1)) == 1
    assert nearest_assets(*ORIGIN, [], crs=CRS) == []


def test_equal_distances_are_ordered_by_name() -> None:
    assets = [asset("b", 100, 0), asset("a", 100, 0)]
    assert [one.asset.name for one in nearest_assets(*ORIGIN, assets, crs=CRS)] == ["a", "b"]
