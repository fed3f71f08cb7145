"""Where an asset is: the point of a postcode, the area that holds a point."""

from pathlib import Path

import pytest

from assets.locate import Nowhere, locator, points_in
from geo.errors import GeoError
from geo.place import find_place

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
