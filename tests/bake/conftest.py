"""Places made of the 3 x 3 town, and recipes to ask of them."""

from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from bake.recipe import Recipe
from geo.place import Place
from tests.bake.kitchen import Kitchen

HEAD = """
id = "question"
title = "Question"
question = "Where?"
period = "2021"
[outcome]
name = "a"
definition = "b"
unit = "c"
[evaluation]
outcome = "o"
observed_data = "d"
review_date = 2027-05-01
[use]
must_not = ["Do not use this to decide about a person."]
limits = ["It is small."]
[geography]
level = "{level}"
"""
INDEX = """
[risk]
kind = "index"
combine = "weighted_sum"
[[risk.indicators]]
column = "poor"
label = "Poor"
direction = "higher_is_worse"
transform = "{transform}"
source = "Worked by hand"
"""
RATE = """
[risk]
kind = "rate"
count = ["crowded", "very crowded"]
denominator = "{denominator}"
source = "Worked by hand"
"""


def index_recipe(level: str = "area", transform: str = "none", more: str = "") -> Recipe:
    return Recipe.read(HEAD.format(level=level) + INDEX.format(transform=transform) + more, "question.toml")


def rate_recipe(level: str = "area", denominator: str = "homes", more: str = "") -> Recipe:
    return Recipe.read(
        HEAD.format(level=level) + RATE.format(denominator=denominator) + more, "question.toml"
    )


@pytest.fixture
def table(town: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return the town's indicators: poor 1 to 9 by row, and crowded homes."""
    return pd.DataFrame(
        {
            "poor": range(1, 10),
            "crowded": [1, 2, 3, 4, 5, 6, 7, 8, 9],
            "very crowded": [1] * 9,
            "homes": [100] * 9,
        },
        index=town.index,
        dtype="float64",
    )


@pytest.fixture
def make_place(town: gpd.GeoDataFrame, tmp_path: Path) -> Callable[..., Place]:
    """Return a function that makes a place of the town: three rows are its LSOAs A, B and C."""

    def make(table: pd.DataFrame, level: str = "oa", lookup: bool = True, people: object = 10) -> Place:
        areas = town.assign(name=town.index, population=people)
        if lookup:
            areas["lsoa"] = [code[0] for code in town.index]
            areas["ward"] = [code[1] for code in town.index]
        points = town.geometry.centroid
        areas["x"], areas["y"] = points.x, points.y
        folder = tmp_path / "places" / "town"
        folder.mkdir(parents=True, exist_ok=True)
        areas.reset_index().to_parquet(folder / "areas.parquet")
        table.rename_axis("code").reset_index().to_parquet(folder / "indicators.parquet")
        return Place("town", "Town", True, level, "2021", "not checked", "EPSG:27700", folder, "0" * 64)

    return make


@pytest.fixture(scope="module")
def kitchen_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def kitchen(kitchen_home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Kitchen:
    """Return the command in a home where one run was baked, the same home for all tests of a file."""
    return Kitchen(kitchen_home, tmp_path, capsys)
