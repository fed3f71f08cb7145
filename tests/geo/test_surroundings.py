"""Surroundings of the village: what is kept of them, and each ugly input by name."""

import warnings
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import Polygon, box
from shapely.affinity import translate

from geo.errors import GeoError
from tests.geo.village import CODES, EAST, NORTH, Village

NEAR = [f"E0000001{number}" for number in range(1, 5)]


@pytest.fixture
def around(village: Village) -> Path:
    """Return a file of four squares east of the village, the last 2,100 m away, and figures for two of them."""
    lefts = (300, 400, 500, 2_400)
    shapes = [box(EAST + left, NORTH, EAST + left + 100, NORTH + 100) for left in lefts]
    write(gpd.GeoDataFrame({"oa21cd": NEAR}, geometry=shapes, crs="EPSG:27700"), village)
    lookup = pd.DataFrame(
        {
            "oa21cd": NEAR,
            "lsoa21cd": ["E01000003", "E01000004", "E01000005", "E01000005"],
            "lsoa21nm": ["Elm 001A", "Elm 001B", "Elm 001C", "Elm 001C"],
            "msoa21cd": ["E02000003"] * 4,
            "msoa21nm": ["Elm 001"] * 4,
            "lad21cd": ["E07000003"] * 4,
            "lad21nm": ["Elm"] * 4,
        }
    )
    village.spoil("lookup.csv", lambda table: pd.concat([table, lookup]))
    people = pd.DataFrame({"oa21cd": NEAR[:2], "pop21": [50, 60], "age_0_4": [5, 6]})
    village.spoil("population.csv", lambda table: pd.concat([table, people]))
    figures = pd.DataFrame({"oa21cd": NEAR[:2], "no quals %": [20, 30], "name": ["k", "l"]})
    village.spoil("indicators.csv", lambda table: pd.concat([table, figures]))
    return village.folder / "around.gpkg"


def write(frame: gpd.GeoDataFrame, village: Village) -> None:
    path = village.folder / "around.gpkg"
    path.unlink(missing_ok=True)
    with warnings.catch_warnings():
        # that a file without a CRS is written is what the test is about
        warnings.filterwarnings("ignore", message="'crs' was not provided")
        frame.to_file(path, layer="around")


def refused(village: Village, frame: gpd.GeoDataFrame | None = None, **changes: object) -> str:
    """Add the village with surroundings, which must be refused and change nothing; return the error."""
    if frame is not None:
        write(frame, village)
    before = village.tree()
    with pytest.raises(GeoError) as caught:
        village.add(surroundings=village.folder / "around.gpkg", **changes)
    assert village.tree() == before
    return str(caught.value)


def test_areas_within_the_reach_are_kept_with_what_is_known(village: Village, around: Path) -> None:
    place, said = village.add(surroundings=around)
    found = place.surroundings()
    assert found.index.tolist() == NEAR[:3]
    assert found.crs == "EPSG:27700"
    assert found["population"].tolist()[:2] == [50, 60]
    assert found["population"].isna().tolist() == [False, False, True]
    assert found.loc[NEAR[0], ["x", "y"]].tolist() == [EAST + 350, NORTH + 50]
    assert place.surroundings_indicators()["no quals %"].tolist()[:2] == [20, 30]
    assert np.isnan(place.surroundings_indicators()["no quals %"].iloc[2])
    assert (
        "surroundings: 2 of 3 have figures in indicators.csv (indicators); 1 other does not help there."
        in said
    )
    # E00000009 along its side, E00000006 at its corner
    assert any("2 of the place's 9 areas share a border point" in line for line in said)
    assert place.files[-1]["role"] == "surroundings"
    assert place.files[-1]["rows"] == 3


def test_the_place_itself_stays_as_it_is(village: Village, around: Path) -> None:
    alone, _ = village.add()
    areas, indicators = alone.areas(), alone.indicators()
    assert alone.surroundings().empty
    assert alone.surroundings_indicators().empty
    near, _ = village.add(surroundings=around, replace=True)
    assert near.areas().equals(areas)
    assert near.indicators().equals(indicators)
    assert near.digest != alone.digest


def test_a_parent_is_kept_only_where_all_of_it_is_here(village: Village, around: Path) -> None:
    place, _ = village.add(surroundings=around)
    found = place.surroundings()
    # E01000005 reaches to the square 2,100 m away, and so does their MSOA
    assert found["lsoa"].tolist()[:2] == ["E01000003", "E01000004"]
    assert found["lsoa"].isna().tolist() == [False, False, True]
    assert found["msoa"].isna().all()


def test_the_places_own_areas_in_the_file_are_left_out_and_counted(village: Village, around: Path) -> None:
    own = gpd.read_file(village.folder / "areas.gpkg")
    write(pd.concat([own, gpd.read_file(around)]), village)
    place, said = village.add(surroundings=around)
    assert place.surroundings().index.tolist() == NEAR[:3]
    assert any("9 codes that are the place's own left out" in line for line in said)


def test_another_crs_is_brought_to_the_places(village: Village, around: Path) -> None:
    write(gpd.read_file(around).to_crs("EPSG:4326"), village)
    place, _ = village.add(surroundings=around)
    assert place.surroundings().geometry.area.tolist() == pytest.approx([10_000.0] * 3, rel=1e-4)


def test_figures_may_be_absent_altogether(village: Village, around: Path) -> None:
    for file in ("lookup.csv", "population.csv", "indicators.csv"):
        village.spoil(file, lambda table: table[~table["oa21cd"].isin(NEAR)])
    place, said = village.add(surroundings=around)
    assert (
        "surroundings: 0 of 3 have figures in population.csv (population); 3 others do not help there."
        in said
    )
    assert place.surroundings_indicators()["no quals %"].isna().all()
    assert place.surroundings()["x"].tolist() == [EAST + 350, EAST + 450, EAST + 550]


# --- ugly surroundings


def test_surroundings_that_lie_over_the_place_are_refused(village: Village, around: Path) -> None:
    frame = gpd.read_file(around)
    frame.loc[1, "geometry"] = translate(frame.geometry[1], -150, 0)
    text = refused(village, frame)
    assert "around.gpkg, row 2" in text
    assert f"The areas {CODES[8]} and {NEAR[1]} overlap by 5,000 m²" in text
    assert "kind and vintage" in text


def test_areas_of_another_census_lie_over_the_place_and_are_refused(village: Village, around: Path) -> None:
    # eight of nine codes did not change; the ninth was another then, over the same ground
    older = gpd.read_file(village.folder / "areas.gpkg")
    older.loc[8, "oa21cd"] = "E00000099"
    assert "overlap by 10,000 m²" in refused(village, pd.concat([older, gpd.read_file(around)]))
    text = refused(village, older.rename(columns={"oa21cd": "oa11cd"}))
    assert "oa21cd" in text
    assert "around.gpkg" in text


def test_surroundings_that_are_all_too_far_or_the_place_itself_are_refused(
    village: Village, around: Path
) -> None:
    far = gpd.read_file(around)
    far["geometry"] = far.translate(5_000, 0)
    assert "within 2,000 m of it" in refused(village, far)
    assert "within 2,000 m of it" in refused(village, gpd.read_file(village.folder / "areas.gpkg"))


def test_another_kind_of_area_is_refused(village: Village, around: Path) -> None:
    frame = gpd.read_file(around)
    frame["oa21cd"] = frame["oa21cd"].str.replace("E00", "E01")
    assert "are of the kind output area, the surroundings of LSOA" in refused(village, frame)


def test_a_crs_that_is_missing_or_wrong_is_refused(village: Village, around: Path) -> None:
    frame = gpd.read_file(around)
    assert "does not say which coordinate reference system" in refused(
        village, frame.set_crs(None, allow_override=True)
    )
    degrees = frame.to_crs("EPSG:4326").set_crs("EPSG:27700", allow_override=True)
    assert "but holds degrees" in refused(village, degrees)


def test_outlines_that_are_missing_or_not_valid_are_refused_by_row(village: Village, around: Path) -> None:
    frame = gpd.read_file(around)
    frame.loc[3, "geometry"] = None
    assert "row 4, column 'geometry', value 'E00000014': The area has no shape" in refused(village, frame)
    frame = gpd.read_file(village.folder / "around.gpkg")
    bow = Polygon(
        [(EAST + 400, NORTH), (EAST + 500, NORTH + 90), (EAST + 500, NORTH), (EAST + 400, NORTH + 90)]
    )
    frame.loc[1, "geometry"] = bow
    frame.loc[3, "geometry"] = translate(frame.geometry[0], 2_000, 0)
    assert "The outline is not valid" in refused(village, frame)
    place, said = village.add(surroundings=around, mend=True)
    assert any(f"The outline of {NEAR[1]} was mended" in line for line in said)
    assert len(place.surroundings()) == 4


def test_a_code_given_twice_and_text_for_a_number_are_refused(village: Village, around: Path) -> None:
    village.spoil("indicators.csv", lambda table: table.replace({"no quals %": {"20": "lots"}}))
    assert "value 'lots'" in refused(village)
    frame = gpd.read_file(around)
    frame.loc[1, "oa21cd"] = NEAR[0]
    assert "stands in 2 rows (1, 2)" in refused(village, frame)


def test_a_file_that_is_not_there_is_named(village: Village) -> None:
    assert "no such file for the surroundings" in refused(village)
