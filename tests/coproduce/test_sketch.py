"""The sketch: which view holds some points, and what stands on it."""

from pathlib import Path

import pytest

from coproduce import sketch
from geo.place import Place, find_place
from tests.ui import kitchen


@pytest.fixture
def place(tmp_path: Path) -> Place:
    kitchen.make_place(tmp_path)
    return find_place(tmp_path, "sixtown")


def points(place: Place, *metres: tuple[float, float]) -> list[tuple[float, float]]:
    return [sketch.degrees(place, kitchen.WEST + x, kitchen.SOUTH + y) for x, y in metres]


@pytest.mark.parametrize(
    ("apart", "step"),
    # by hand: 2,400 m and a rim of 6 % on 320 pixels are 7.95 m a pixel; less 36 pixels on either side, 248 pixels hold
    # 1,972 m of it, 563 m a step closer, 161 m after two and 46 m after three
    [(40, 3), (150, 2), (550, 1), (1_900, 0), (2_300, 0)],
)
def test_the_closest_view_that_holds_two_points(place: Place, apart: float, step: int) -> None:
    two = points(place, (1_200 - apart / 2, 1_200), (1_200 + apart / 2, 1_200))
    assert sketch.holding(place, two).step == step


def test_a_pin_and_a_ring_are_joined_and_told_apart_by_their_shape(place: Place) -> None:
    pin, ring = points(place, (1_000, 1_200), (1_400, 1_200))
    drawn = sketch.draw(sketch.holding(place, [pin, ring]), place, pin, ring)
    assert drawn.count("<line ") == 1
    assert drawn.count('fill="#a3260f"') == 1
    assert "<line " not in sketch.draw(sketch.View("sixtown"), place, pin)
