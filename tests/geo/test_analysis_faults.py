"""`larder hotspots`: what it refuses, all at once and by row, and what it remarks on."""

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geo.analysis import HotspotRequest, hotspots_of_file
from geo.errors import GeoError
from tests.geo.asking import Ask, grid, read, refused


def test_everything_wrong_is_said_at_once(ask: Ask) -> None:
    frame = grid().astype({"score": object, "people": float})
    frame.loc[2, "score"] = "n/a"
    frame.loc[3, "score"] = "1,200"
    frame.loc[4, "id"] = frame.loc[5, "id"]
    frame.loc[6, "id"] = None
    frame.loc[7, "geometry"] = None
    said = refused(ask, frame, out="out.xlsx", neighbours="bishop", statistic="geary", alpha=5, value="score")
    text = "\n".join(said)
    for part in (
        "'bishop' is not a way to find neighbours.",
        "No format has this ending. Use one of .shp, .gpkg",
        "'geary': There is no such statistic. Use one of gi_star, local_moran.",
        "alpha=5",
        "in.gpkg, row 3, column 'score', value 'n/a': This is not a number.",
        "in.gpkg, row 4, column 'score', value '1,200': This is not a number. Write it without the commas.",
        "in.gpkg, row 6, column 'id', value '005': An earlier row has this id.",
        "in.gpkg, row 7, column 'id': The id is blank.",
        "in.gpkg, row 8, column 'geometry': The area has no shape.",
    ):
        assert part in text
    assert len(said) == 9


def test_a_missing_column_names_near_ones(ask: Ask) -> None:
    said = refused(ask, grid(), value="Scores", population="poeple")
    assert "There is no column 'Scores'. Did you mean 'score'?" in said[0]
    assert "There is no column 'poeple'. Did you mean 'people'?" in said[1]


@pytest.mark.parametrize(
    ("column", "value", "part"),
    [
        ("ill", -1, "A count is not below 0."),
        ("people", -5, "A population is not below 0."),
        ("ill", 2.5, "A count is a whole number. With --population the value is a count"),
        ("ill", np.inf, "The value is infinite."),
        ("people", -np.inf, "The value is infinite."),
    ],
)
def test_impossible_counts_are_refused_by_row(ask: Ask, column: str, value: float, part: str) -> None:
    frame = grid().astype({"ill": float, "people": float})
    frame.loc[4, column] = value
    said = refused(ask, frame, value="ill", population="people", file="in.parquet")
    assert part in said[0]
    assert f"in.parquet, row 5, column '{column}'" in said[0]


def test_counts_above_the_population_are_remarked_on(ask: Ask) -> None:
    frame = grid()
    frame.loc[[3, 7], "people"] = 2
    assert "In 2 areas the count is above the population" in " ".join(
        ask(frame, value="ill", population="people").sentences()
    )


def test_where_nobody_lives_there_is_no_rate(ask: Ask) -> None:
    frame = grid()
    frame.loc[4, "people"] = 0  # something was counted, as crime in a park is: no rate, and no fault
    got = read(ask(frame, "out.parquet", value="ill", population="people").files[0])
    assert got.loc[4, "status"] == "too few people"
    assert got.loc[4, ["value", "p"]].isna().all()
    assert got.loc[4, "count"] == 16


def test_dates_and_truth_are_no_numbers(ask: Ask) -> None:
    frame = grid().assign(day=pd.Timestamp("2026-05-01"), sure=True)
    assert "holds dates, not numbers" in refused(ask, frame, value="day", file="in.parquet")[0]
    assert "holds true and false" in refused(ask, frame, value="sure", file="in.parquet")[0]


def test_files_that_cannot_be_read(ask: Ask, tmp_path: Path) -> None:
    with pytest.raises(GeoError, match="no such file"):
        hotspots_of_file(HotspotRequest(tmp_path / "none.gpkg", "id", "score", tmp_path / "o.csv"), print)
    with pytest.raises(GeoError, match="no rows"):
        ask(grid().iloc[:0], file="empty.parquet")
    grid().to_file(tmp_path / "two.gpkg", layer="a")
    grid().to_file(tmp_path / "two.gpkg", layer="b")
    with pytest.raises(GeoError, match=r"2 layers: a, b\. Say which with --layer"):
        hotspots_of_file(HotspotRequest(tmp_path / "two.gpkg", "id", "score", tmp_path / "o.csv"), print)
    request = HotspotRequest(tmp_path / "two.gpkg", "id", "score", tmp_path / "o.csv", layer="b")
    assert hotspots_of_file(request, lambda _: None).areas == 36


@pytest.mark.parametrize("neighbours", ["knn:8", "band:1500"])
def test_a_file_that_names_no_crs_is_refused_where_metres_are_needed(ask: Ask, neighbours: str) -> None:
    unnamed = grid().set_crs(None, allow_override=True)
    said = refused(ask, unnamed, file="nocrs.parquet", neighbours=neighbours)
    assert "the file is in no CRS that has metres" in said[0]


def test_nothing_is_overwritten_by_mistake(ask: Ask, tmp_path: Path) -> None:
    assert "replace the file it is made from" in refused(ask, grid(), out="in.gpkg")[0]
    assert "no such folder" in refused(ask, grid(), out="absent/out.gpkg")[0]
    taken = grid().rename(columns={"id": "Status"})
    assert "a column of its own that is called so" in refused(ask, taken, id="Status")[0]
    assert not (tmp_path / "out.gpkg").exists()


def test_whole_number_ids_become_text(ask: Ask) -> None:
    frame = grid().assign(id=range(36))
    assert read(ask(frame, "out.parquet").files[0])["id"].tolist() == [str(number) for number in range(36)]
    said = refused(ask, frame.assign(id=np.arange(36) / 2), file="in.parquet")
    assert "Codes are text" in said[0]


def test_only_islands_still_write_a_file(ask: Ask) -> None:
    frame = grid(2).set_geometry([shapely.box(x, 0, x + 10, 10) for x in (0, 100, 200, 300)])
    summary = ask(frame, "out.parquet")
    assert summary.statuses == {"island": 4}
    assert "none, for no area was assessed" in "\n".join(summary.sentences())


def bow_tie() -> gpd.GeoDataFrame:
    """The grid with the outline of its fifth area crossing itself in the middle, at 450, 50."""
    frame = grid()
    frame.loc[4, "geometry"] = shapely.Polygon([(400, 0), (500, 100), (500, 0), (400, 100)])
    return frame


@pytest.mark.parametrize("neighbours", ["queen", "knn:4"])
def test_outlines_that_cross_themselves_are_refused_by_row(ask: Ask, tmp_path: Path, neighbours: str) -> None:
    said = refused(ask, bow_tie(), neighbours=neighbours)
    assert said == [
        "in.gpkg, row 5, column 'geometry': The outline is not valid: Self-intersection[450 50]. "
        "Mend it, or say --mend to have it mended."
    ]
    assert not (tmp_path / "out.gpkg").exists()


def test_an_outline_is_mended_when_asked_and_every_result_says_so(tmp_path: Path) -> None:
    bow_tie().to_parquet(tmp_path / "in.parquet")
    request = HotspotRequest(tmp_path / "in.parquet", "id", "score", tmp_path / "out.parquet", mend=True)
    said: list[str] = []
    hotspots_of_file(request, said.append)
    # two triangles of 100 by 50 m meet in the middle
    told = "The outline of 004 was mended (Self-intersection[450 50]; its area is now 5,000 m²)."
    assert told in said
    assert told in json.loads((tmp_path / "out.parquet.provenance.json").read_text())["decisions"]
    got = gpd.read_parquet(tmp_path / "out.parquet").set_index("id")
    assert got.geometry.is_valid.all()
    assert got.loc["004"].geometry.area == pytest.approx(5_000)


def test_what_mending_makes_nothing_of_is_refused(ask: Ask) -> None:
    flat = grid()
    flat.loc[4, "geometry"] = shapely.Polygon([(400, 0), (500, 0), (400, 0)])
    assert "row 5, column 'geometry': The area has no shape." in refused(ask, flat, mend=True)[0]
