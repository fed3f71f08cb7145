"""Boundaries: overlaps and holes on squares whose answer is plain, and mending."""

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import Polygon, box

from geo.boundaries import check_geometry, check_holes, check_overlaps, mend

GRID = "EPSG:27700"


def series(*shapes: Polygon) -> gpd.GeoSeries:
    return gpd.GeoSeries(list(shapes), crs=GRID)


def ring_of_eight(middle: Polygon | None) -> gpd.GeoSeries:
    """Return the town without B2, or with another shape in its place."""
    shapes = [
        box(x, y, x + 100, y + 100) for x in (0, 100, 200) for y in (0, 100, 200) if (x, y) != (100, 100)
    ]
    return series(*shapes, *([middle] if middle else []))


def codes(shapes: gpd.GeoSeries) -> list[str]:
    return [f"A{number}" for number in range(len(shapes))]


def test_the_town_is_whole(town: gpd.GeoDataFrame) -> None:
    names = list(town.index)
    assert check_geometry(town.geometry, names, "f") == []
    assert check_overlaps(town.geometry, names, "f") == []
    assert check_holes(town.geometry, names, "f") == []


@given(st.integers(0, 99))
def test_an_overlap_counts_beyond_100_square_metres(width: int) -> None:
    # two squares of 10 m that share a strip of 10 m by width / 5
    shapes = series(box(0, 0, 100, 10), box(100 - width / 5, 0, 200, 10))
    assert bool(check_overlaps(shapes, ["a", "b"], "f")) == (10 * width / 5 > 100.000001)


@pytest.mark.parametrize(("gap", "found"), [(10, False), (11, True), (100, True)])
def test_a_hole_counts_beyond_100_square_metres(gap: int, found: bool) -> None:
    middle = Polygon(
        box(100, 100, 200, 200).exterior, [box(110, 110, 110 + min(gap, 80), 110 + min(gap, 80)).exterior]
    )
    shapes = ring_of_eight(middle)
    assert bool(check_holes(shapes, codes(shapes), "f")) == found


def test_a_hole_names_its_size_its_middle_and_its_neighbours() -> None:
    shapes = ring_of_eight(None)
    [fault] = check_holes(shapes, codes(shapes), "f")
    assert "hole of 10,000 m² between A0, A1, A2" in fault.what
    assert fault.value == "150, 150"


def test_an_area_that_floats_in_a_hole_is_not_the_hole() -> None:
    shapes = ring_of_eight(box(110, 110, 190, 190))
    [fault] = check_holes(shapes, codes(shapes), "f")
    assert "3,600 m²" in fault.what


def test_mending_leaves_sound_shapes_as_they_are() -> None:
    bow = Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])
    shapes, said = mend(series(box(20, 0, 30, 10), bow), ["a", "b"])
    assert shapes[0].equals(box(20, 0, 30, 10))
    assert shapes[1].is_valid
    assert shapes[1].area == pytest.approx(50)
    assert len(said) == 1
    assert said[0].startswith("The outline of b was mended (Self-intersection")
    assert said[0].endswith("its area is now 50 m²).")


def test_a_coordinate_that_is_not_a_number_is_named() -> None:
    with np.errstate(invalid="ignore"):
        broken = Polygon([(0, 0), (float("nan"), 10), (10, 10), (0, 0)])
    [fault] = check_geometry(series(broken), ["a"], "f")
    assert "not a number" in fault.what
