"""The pipeline from end to end: on the 3 x 3 town, the demo place's answer key, and real Basildon."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bake.columns import COLUMNS
from bake.errors import BakeError
from bake.pipeline import bake
from bake.recipe import load_recipe
from bake.runs import list_runs
from geo.demo import ensure_demo
from geo.placing import PlaceRequest, place_add
from tests.bake.conftest import index_recipe, rate_recipe

ROOT = Path(__file__).resolve().parents[2]
KEY = ROOT / "data" / "boundaries" / "demo" / "answer_key.json"
AGREED = (
    *(
        "id",
        "title",
        "question",
        "recipe",
        "place",
        "baked_at",
        "seed",
        "versions",
        "unit",
        "period",
        "sources",
    ),
    *("decisions", "moran", "indicators", "counts", "must_not_be_used_for", "asset_categories", "settings"),
)
GRID = '[hotspots.stability]\nneighbours = ["queen", "rook", "knn:8", "knn:9"]\nscales = ["oa", "lsoa"]\n'


@pytest.fixture(scope="module")
def demo_home(tmp_path_factory) -> Path:
    home = tmp_path_factory.mktemp("home")
    ensure_demo(home)
    return home


def test_a_run_says_what_it_is(make_place, table, tmp_path):
    said: list[str] = []
    run = bake(rate_recipe(), make_place(table), tmp_path, said.append)
    assert [one.id for one in list_runs(tmp_path)] == [run.id]
    assert said[0].startswith("Checking")
    assert run.id in said[-1]
    told = run.manifest
    assert set(AGREED) <= set(told)
    assert told["sources"] == ["Worked by hand"]
    assert told["moran"]["n"] == 9
    assert told["place"]["fictional"] is True
    assert [row["id"] for row in told["indicators"]] == ["crowded", "very crowded", "homes"]
    assert any("vintage of the codes was not checked" in sentence for sentence in told["decisions"])
    record = run.record()
    assert record["must_not_be_used_for"] == ["Do not use this to decide about a person."]
    assert record["contact"] == "not given"


def test_columns_come_in_the_agreed_order(make_place, table, tmp_path):
    areas = bake(rate_recipe(), make_place(table), tmp_path).areas()
    assert list(areas.columns) == [name for name in COLUMNS if name in areas.columns]
    assert {"count", "denominator", "lsoa", "ward", "stability", "sign"} <= set(areas.columns)
    assert areas["neighbours"].to_dict() == dict(zip(areas.index, [3, 5, 3, 5, 8, 5, 3, 5, 3], strict=True))


def test_p_on_the_town_by_hand(make_place, table, tmp_path):
    """A1's neighbours A2, B1, B2 hold 2, 4, 5: sum 11.

    Of the 56 triples of 2..9 one sums to 9 (2 3 4), one to 10 (2 3 5) and two to 11 (2 3 6, 2 4 5): 4 / 56 at
    or below 11, so p is 8 / 56.
    """
    areas = bake(index_recipe(), make_place(table), tmp_path).areas()
    assert areas.loc["A1", "p"] == pytest.approx(8 / 56)


def test_a_missing_value_has_a_status_and_spoils_no_other(make_place, table, tmp_path):
    table.loc["C3", "poor"] = np.nan
    areas = bake(index_recipe(), make_place(table), tmp_path).areas()
    lost = areas.loc["C3"]
    assert lost["status"] == "missing"
    assert lost["sign"] == "not assessed"
    assert lost[["value", "shown", "band", "gi_z", "moran_z", "p", "q", "cluster", "stability"]].isna().all()
    # B2 touches all others, so no other surroundings are possible for it, with C3 or without.
    assert areas.loc["B2", "status"] == "all neighbours"
    others = areas.drop(index=["C3", "B2"])
    assert (others["status"] == "assessed").all()
    # A1's neighbours are untouched; of the triples of 2..8 (35) four sum to 11 or less.
    assert others.loc["A1", "p"] == pytest.approx(8 / 35)
    assert others["p"].nunique() > 1


def test_too_few_people_is_a_status_of_that_area_only(make_place, table, tmp_path):
    table.loc["B2", "homes"] = 19
    run = bake(rate_recipe(), make_place(table), tmp_path)
    areas = run.areas()
    assert areas.loc["B2", "status"] == "too few people"
    assert np.isnan(areas.loc["B2", "value"])
    assert areas.loc["B2", "count"] == 6
    assert areas.drop(index="B2")["value"].notna().all()
    assert any("too few people: B2" in sentence for sentence in run.manifest["decisions"])


def test_a_constant_field_has_a_status_and_no_p(make_place, table, tmp_path):
    table["poor"] = 4.0
    run = bake(index_recipe(), make_place(table), tmp_path)
    areas = run.areas()
    assert (areas["status"] == "constant").all()
    assert areas[["p", "q", "gi_z", "moran_z", "cluster"]].isna().all(axis=None)
    assert (areas["sign"] == "not assessed").all()
    assert (areas["band"] == 3).all()
    assert run.manifest["moran"]["i"] is None


def test_what_does_not_fit_is_refused_and_nothing_is_published(make_place, table, tmp_path):
    with pytest.raises(BakeError, match="crowded"):
        bake(rate_recipe(), make_place(table.drop(columns="crowded")), tmp_path)
    assert list_runs(tmp_path) == []


def test_a_coarser_level_is_baked_and_said(make_place, table, tmp_path):
    run = bake(rate_recipe("lsoa"), make_place(table), tmp_path)
    areas = run.areas()
    assert areas["value"].to_dict() == pytest.approx({"A": 3, "B": 6, "C": 9})
    assert any("put together to lsoa: counts added up" in sentence for sentence in run.manifest["decisions"])


def test_ways_that_the_place_cannot_answer_are_left_out_and_said(make_place, table, tmp_path):
    run = bake(index_recipe("oa", more=GRID), make_place(table, lookup=False), tmp_path)
    decisions = " ".join(run.manifest["decisions"])
    assert "not asked at lsoa" in decisions
    assert "not asked with knn:9 at oa: there are only 9 areas" in decisions
    assert [way["id"] for way in run.manifest["settings"]["grid"]] == ["oa, queen", "oa, rook", "oa, knn:8"]


def test_no_area_below_the_mean_is_in_a_hotspot_unless_gi_star_is_asked_for(demo_home, tmp_path):
    place = ensure_demo(demo_home)
    run = bake(load_recipe("early_years_open"), place, tmp_path)
    areas = run.areas()
    low = areas["value"] <= areas["value"].mean()
    assert set(areas.loc[low, "sign"]) == {"no sign"}
    assert set(areas.loc[low, "stability"]) == {0.0}


def test_the_demo_answer_key_comes_out(demo_home, tmp_path):
    run = bake(load_recipe("early_years_open"), ensure_demo(demo_home), tmp_path)
    areas = run.areas()
    planted = json.loads(KEY.read_text(encoding="utf-8"))["planted"]
    assert sorted(one["expect"] for one in planted) == ["cold", "high_low", "hot", "hot", "hot", "none"]
    for one in planted:
        found = areas.loc[one["codes"]]
        assert set(found["cluster"]) == {one["expect"]}, one["id"]
        if one["expect"] != "none":
            assert (found["q"] < 0.05).all(), one["id"]
    lone = areas.loc[next(one["codes"] for one in planted if one["kind"] == "lone_high")]
    assert (lone["band"] == 5).all()


@pytest.mark.parametrize("name", ["early_years_open", "crowded_homes"])
def test_the_demo_place_bakes_each_recipe_made_for_it(demo_home, tmp_path, name):
    run = bake(load_recipe(name), ensure_demo(demo_home), tmp_path)
    areas = run.areas()
    assert (areas["status"] == "assessed").all()
    assert areas["stability"].between(0, 1).all()
    assert run.manifest["counts"]["sign"]["firm"] > 0
    assert run.manifest["place"]["fictional"] is True


BAKE = """
import sys
from pathlib import Path
from bake.pipeline import bake
from bake.recipe import load_recipe
from geo.place import find_place
home = Path(sys.argv[1])
print(bake(load_recipe("crowded_homes"), find_place(home, "demo"), home).folder)
"""


def test_the_same_inputs_give_the_same_bytes_in_two_processes(demo_home):
    digests = set()
    for hash_seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", BAKE, str(demo_home)],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=True,
        )
        content = (Path(done.stdout.strip()) / "areas.parquet").read_bytes()
        digests.add(hashlib.sha256(content).hexdigest())
    assert len(digests) == 1
    assert len(list_runs(demo_home)) == 2


def basildon(shared: Path, home: Path, layer: str, code: str, indicators: list[str], **more: object):
    data = shared / "basildon"
    request = PlaceRequest(
        name="basildon",
        areas=data / "basildon_boundaries.gpkg",
        layer=layer,
        code=code,
        indicators=tuple(data / name for name in indicators),
        **{
            name: data / str(value) if name in {"lookup", "population"} else value
            for name, value in more.items()
        },
    )
    return place_add(request, home, lambda _: None)


def test_basildon_keeps_its_584_areas_and_its_known_moran(shared, tmp_path):
    lookup = "essex_oa21_lookup_pwc_pop.csv"
    files = ["basildon_oa21_census2021_pct.csv", "basildon_oa21_household_counts.csv"]
    place = basildon(shared, tmp_path, "oa21_approx", "oa21cd", files, lookup=lookup, population=lookup)
    run = bake(load_recipe("early_years_open"), place, tmp_path)
    assert len(run.areas()) == 584
    moran = {row["id"]: row["moran_i"] for row in run.manifest["indicators"]}
    assert moran["highest_qualification_6a-000"] == pytest.approx(0.453, abs=0.001)
    crowded = bake(load_recipe("crowded_homes"), place, tmp_path).areas()
    counts = pd.read_csv(shared / "basildon" / files[1], index_col="oa21_code").loc[crowded.index]
    short = counts["occ_n: -1 (overcrowded)"] + counts["occ_n: -2 or less (overcrowded)"]
    expected = 100 * short / counts["occ_n: total_households"]
    assert (crowded["value"] - expected).abs().max() < 1e-9


def test_basildon_deprivation_is_the_published_score(shared, tmp_path):
    files = ["basildon_imd2025_lsoa21.csv"]
    place = basildon(shared, tmp_path, "lsoa21", "LSOA21CD", files, allow_missing=True)
    run = bake(load_recipe("deprivation_2025"), place, tmp_path)
    areas = run.areas()
    published = pd.read_csv(shared / "basildon" / files[0], index_col="lsoa21_code")["IMD_score"]
    assert len(areas) == 112
    assert (areas["value"] - published).abs().max() < 0.001
    assert run.manifest["moran"]["i"] == pytest.approx(0.605, abs=0.001)
