"""Two runs side by side, on runs whose classes are written by hand."""

import geopandas as gpd
import numpy as np
import pytest

from bake.compare import across, change
from bake.errors import BakeError
from bake.runs import Run, publish
from tests.bake.test_runs import MANIFEST, answered


def baked(town: gpd.GeoDataFrame, home, hot: list[str], level: str = "oa", recipe: str = "1", **more) -> Run:
    areas = answered(town).assign(status="assessed", cluster="none", stability=0.0)
    areas.loc[hot, "cluster"] = "hot"
    areas.loc[hot, "stability"] = 0.75
    for column, values in more.items():
        areas[column] = values
    manifest = {
        **MANIFEST,
        "recipe": {"id": "crowded", "digest": recipe},
        "place": {"name": "town", "digest": "1", "vintage": "2021"},
        "versions": {},
        "level": level,
        "settings": {"statistic": "local_moran"},
    }
    return publish(home, areas, manifest, {})


def test_new_gone_persisting_and_neither(town, tmp_path):
    earlier = baked(town, tmp_path, ["A1", "A2"])
    later = baked(town, tmp_path, ["A2", "A3"])
    found = change(earlier, later)
    told = found.table["change"].to_dict()
    assert {code: told[code] for code in ("A1", "A2", "A3", "B1")} == {
        "A1": "gone",
        "A2": "persisting",
        "A3": "new",
        "B1": "neither",
    }
    assert found.as_dict()["counts"] == {"gone": 1, "neither": 6, "new": 1, "persisting": 1}
    # A2: three of four ways in each run: 9 / 16 pairs both in, 1 / 16 both out. A1: only one of four ways out.
    assert found.table.loc["A2", "share"] == pytest.approx(10 / 16)
    assert found.table.loc["A1", "share"] == pytest.approx(1 / 4)
    assert found.table.loc["B1", "share"] == 1
    assert found.sentences == ["Areas in both runs: 9."]


def test_an_area_without_an_answer_cannot_be_compared(town, tmp_path):
    earlier = baked(town, tmp_path, ["A1"])
    status = ["missing", *["assessed"] * 8]
    later = baked(town, tmp_path, [], status=status, stability=[np.nan, *[0.0] * 8])
    found = change(earlier, later)
    assert found.table.loc["A1", "change"] == "cannot say"
    assert found.rows()[0] == {"id": "A1", "change": "cannot say", "share": None}


def test_areas_of_one_run_only_and_other_recipes_are_said(town, tmp_path):
    found = change(baked(town, tmp_path, []), baked(town.drop(index="C3"), tmp_path, [], recipe="2"))
    assert len(found.table) == 8
    assert "In one run only, and left out: 1." in found.sentences
    assert any("recipes differ" in sentence for sentence in found.sentences)


def test_what_cannot_be_compared_is_refused(town, tmp_path):
    fine, coarse = baked(town, tmp_path, []), baked(town, tmp_path, [], level="lsoa")
    with pytest.raises(BakeError, match="different levels"):
        change(fine, coarse)
    with pytest.raises(BakeError, match="no area in common"):
        change(fine, baked(town.rename(index=lambda code: f"Z{code}"), tmp_path, []))
    with pytest.raises(BakeError, match="lookup"):
        across(fine, coarse)
    with pytest.raises(BakeError, match="finer run first"):
        across(coarse, fine)


def test_two_levels_side_by_side(town, tmp_path):
    rows = town.assign(lsoa=[code[0] for code in town.index]).dissolve("lsoa")
    rows.index.name = "code"
    fine = baked(town, tmp_path, ["A1", "A2", "B1"], lsoa=[code[0] for code in town.index])
    found = across(fine, baked(rows, tmp_path, ["A"], level="lsoa"))
    assert found.table["change"].tolist() == [
        "both", "both", "coarse only",
        "fine only", "neither", "neither",
        "neither", "neither", "neither",
    ]  # fmt: skip
    assert found.sentences == ["The two levels agree in 7 of 9 areas that both can speak of."]
