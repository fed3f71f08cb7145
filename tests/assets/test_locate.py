"""Where an asset is: the point of a postcode, the area that holds a point."""

from pathlib import Path
from types import SimpleNamespace

import geopandas as gpd
import pytest
from shapely import box

from assets.locate import Locator, Nowhere, locator, points_in, transformer
from assets.precision import shown_point
from assets.schema import AssetRow
from geo.errors import GeoError
from geo.place import Place, find_place

# the middle of B2, as Code-Point Open gives it (see conftest)
LONGITUDE, LATITUDE = 0.450957, 51.590602


def test_a_postcode_has_its_point_quality_and_state(town_home: Path) -> None:
    where = locator(town_home)
    found = where.postcode("SS15 4JE")
    assert found is not None
    # 1e-5 of a degree is about 1 m
    assert (found.longitude, found.latitude) == pytest.approx((LONGITUDE, LATITUDE), abs=1e-5)
    assert (found.quality, found.terminated) == ("positional quality 10", False)
    ended = where.postcode("SS15 4ZZ")
    assert ended is not None
    assert ended.terminated


@pytest.mark.parametrize("postcode", ["SS15 9XX", "SS99 9ZZ"])
def test_a_postcode_without_a_point_or_unknown_gives_none(town_home: Path, postcode: str) -> None:
    assert locator(town_home).postcode(postcode) is None


def test_the_area_that_holds_a_point(town_home: Path) -> None:
    where = locator(town_home, "town")
    spot = where.spot(LONGITUDE, LATITUDE)
    assert spot is not None
    assert (spot.place, spot.area) == ("town", "B2")
    assert where.spot(0.0, 51.0) is None


def test_a_home_without_places_knows_nothing(larder_home: Path) -> None:
    where = locator(larder_home)
    assert isinstance(where, Nowhere)
    assert where.postcode("SS15 4JE") is None
    assert where.spot(LONGITUDE, LATITUDE) is None
    with pytest.raises(GeoError, match="no place"):
        locator(larder_home, "town")


def test_points_by_position_those_outside_left_out(town_home: Path) -> None:
    codes = points_in(find_place(town_home, "town"), [0.0, LONGITUDE], [51.0, LATITUDE])
    assert dict(codes) == {1: "B2"}
    assert len(points_in(find_place(town_home, "town"), [], [])) == 0


def street(level: str = "oa", name: str = "street", **columns: object) -> Place:
    """Return a stand-in for a place of three squares in a row, 1 km wide, the first two of them one LSOA."""
    squares = [box(x, 0, x + 1000, 1000) for x in (570_000, 571_000, 572_000)]
    table = {
        "x": [570_500.0, 571_500.0, 572_500.0],
        "y": [500.0] * 3,
        "population": [100, 300, 50],
        **columns,
    }
    areas = gpd.GeoDataFrame(table, geometry=squares, crs="EPSG:27700", index=["A", "B", "C"])
    return SimpleNamespace(  # type: ignore[return-value]
        name=name, crs="EPSG:27700", level=level, areas=lambda: areas, postcodes=lambda: None
    )


def metres(point: tuple[float, float] | None) -> tuple[float, float]:
    assert point is not None
    return transformer("EPSG:4326", "EPSG:27700").transform(*point)


def degrees(x: float, y: float) -> tuple[float, float]:
    return transformer("EPSG:27700", "EPSG:4326").transform(x, y)


def test_the_middle_of_a_neighbourhood_is_where_its_people_live_on_average() -> None:
    where = Locator([street(lsoa=["L1", "L1", "L2"])])
    # 100 people at 570.5 km and 300 at 571.5: the middle is at 571.25
    for x in (570_001, 570_900, 571_990):
        assert metres(where.neighbourhood(*degrees(x, 400))) == pytest.approx((571_250, 500), abs=0.2)
    assert metres(where.neighbourhood(*degrees(572_300, 900))) == pytest.approx((572_500, 500), abs=0.2)
    assert where.neighbourhood(*degrees(580_000, 400)) is None


def test_a_place_of_lsoas_is_its_own_and_one_without_people_counts_areas_alike() -> None:
    own = Locator([street("lsoa")])
    assert metres(own.neighbourhood(*degrees(570_100, 100))) == pytest.approx((570_500, 500), abs=0.2)
    empty = Locator([street(lsoa=["L1", "L1", "L2"], population=[None, 0, 0])])
    assert metres(empty.neighbourhood(*degrees(570_100, 100))) == pytest.approx((571_000, 500), abs=0.2)


def test_a_place_that_knows_no_lsoas_says_nothing() -> None:
    assert Locator([street()]).neighbourhood(*degrees(570_100, 100)) is None
    assert Nowhere().neighbourhood(*degrees(570_100, 100)) is None


def test_two_assets_of_one_neighbourhood_are_shown_at_the_same_point() -> None:
    where = Locator([street(lsoa=["L1", "L1", "L2"])])
    points = [degrees(570_100, 50), degrees(571_900, 950)]
    rows = [AssetRow(longitude=x, latitude=y, precision="lsoa", postcode="") for x, y in points]
    shown = {shown_point(row, where) for row in rows}
    assert len(shown) == 1
    assert shown.isdisjoint(points)


def test_every_place_that_holds_a_point_is_told_and_the_one_that_is_meant_comes_first() -> None:
    where = Locator([street(name="alder"), street(name="birch")])
    here = degrees(570_100, 50)
    assert [(spot.place, spot.area) for spot in where.spots(*here)] == [("alder", "A"), ("birch", "A")]
    told = [where.spot(*here, place) for place in (None, "birch", "elm")]
    assert [spot and spot.place for spot in told] == ["alder", "birch", "alder"]
    assert where.spots(*degrees(580_000, 400)) == Nowhere().spots(*here) == ()
    assert where.spot(*degrees(580_000, 400), "birch") is None
