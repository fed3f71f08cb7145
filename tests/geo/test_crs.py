"""CRS rules. Coordinates of towns from any atlas; UTM zones by longitude: 31 is 0 to 6 E."""

import geopandas as gpd
import pytest
from shapely import box

from geo.crs import check_crs, in_britain, metric_crs


def frame(west: float, south: float, size: float, crs: str | None) -> gpd.GeoDataFrame:
    """Return one square."""
    return gpd.GeoDataFrame(geometry=[box(west, south, west + size, south + size)], crs=crs)


@pytest.mark.parametrize(
    ("west", "south", "crs"),
    [
        (0.45, 51.57, "EPSG:27700"),
        (-5.7, 50.05, "EPSG:27700"),
        (-1.2, 60.2, "EPSG:27700"),
        (-3.2, 55.9, "EPSG:27700"),
        (-6.26, 53.34, "EPSG:32629"),
        (2.3, 48.85, "EPSG:32631"),
        (151.2, -33.87, "EPSG:32756"),
    ],
)
def test_metres_are_the_british_grid_in_britain_and_utm_elsewhere(
    west: float, south: float, crs: str
) -> None:
    assert metric_crs(frame(west, south, 0.01, "EPSG:4326")) == crs


def test_belfast_is_not_on_the_british_grid() -> None:
    belfast = frame(-5.95, 54.59, 0.01, "EPSG:4326")
    assert metric_crs(belfast, northern_ireland=True) == "EPSG:32630"


def test_britain_is_not_ireland_nor_france() -> None:
    assert in_britain(0.45, 51.57)
    assert not in_britain(-6.26, 53.34)
    assert not in_britain(2.3, 48.85)


def test_the_town_has_no_fault(town: gpd.GeoDataFrame) -> None:
    assert check_crs(town.reset_index(), "town.gpkg") == []


@pytest.mark.parametrize(
    ("square", "british", "says"),
    [
        (frame(0.45, 51.57, 0.01, None), True, "They look like degrees"),
        (frame(570_000, 190_000, 100, None), True, "They look like metres"),
        (frame(0.45, 51.57, 0.01, "EPSG:27700"), True, "but holds degrees"),
        (frame(0.45, 51.57, 0.01, "EPSG:3857"), True, "but holds degrees"),
        (frame(570_000, 190_000, 100, "EPSG:4326"), True, "in degrees, but holds metres"),
        (frame(51.57, 0.45, 0.01, "EPSG:4326"), True, "swapped"),
        (
            frame(570_000, 190_000, 100, "EPSG:32631"),
            True,
            "of the United Kingdom but the coordinates lie elsewhere",
        ),
        (frame(5_700_000, 190_000, 100, "EPSG:27700"), False, "outside the area where EPSG:27700 is used"),
        (frame(2.3, 48.85, 0.01, "EPSG:4326"), True, "of the United Kingdom"),
    ],
)
def test_coordinates_that_are_not_what_the_file_says(
    square: gpd.GeoDataFrame, british: bool, says: str
) -> None:
    [fault] = check_crs(square, "f.gpkg", british=british)
    assert says in f"{fault.what} {fault.cure}"
    assert fault.file == "f.gpkg"
    assert fault.value.startswith("x ")


def test_seychelles_are_not_swapped_britain() -> None:
    assert check_crs(frame(55.4, -4.7, 0.1, "EPSG:4326"), "f.gpkg") == []
