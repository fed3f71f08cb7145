import json

import pandas as pd

from bake.compare import across
from tests.ui import kitchen
from ui import deck, sides
from words.comparing import across_labels
from words.palette import band_colour, rgb


def drawn(tmp_path, side: str) -> dict:  # type: ignore[no-untyped-def, type-arg]
    fine, coarse = kitchen.make_run(tmp_path), kitchen.make_coarse_run(tmp_path)
    shown = {"first": fine, "second": coarse}[side].areas()
    holder = "" if side == "first" else "lsoa"
    layers = sides.layers(fine.areas(), shown, across(fine, coarse).table, side, holder)
    return {layer["id"]: layer for layer in map(json.loads, map(deck.compact, layers))}


def test_each_map_fills_its_own_areas_by_their_own_answer(tmp_path) -> None:  # type: ignore[no-untyped-def]
    hot = list(rgb(band_colour(5)))
    small, large = drawn(tmp_path, "first")["side"]["data"], drawn(tmp_path, "second")["side"]["data"]
    assert (len(small), len(large)) == (36, 9)
    assert {row["c"] for row in small if row["f"] == hot} == set(kitchen.FIRM)
    assert {row["n"] for row in large if row["f"] == hot} == {"Block 1", "Block 2"}
    assert {row["t"] for row in small} == {"In a hotspot", "Not in a hotspot", "We cannot say"}


def test_patterns_say_it_too_and_fall_the_other_way_where_the_runs_differ(tmp_path) -> None:  # type: ignore[no-untyped-def]
    layers = drawn(tmp_path, "first")
    (west, south), (east, north) = layers["differ"]["data"][0]["p"]
    assert (east - west) * (north - south) < 0
    (west, south), (east, north) = layers["hatching"]["data"][0]["p"]
    assert (east - west) * (north - south) > 0
    assert "hatching" not in drawn(tmp_path, "second")
    assert {"hot", "hot-casing"} <= set(layers)


def test_rows_stand_by_outcome_and_then_by_name(tmp_path) -> None:  # type: ignore[no-untyped-def]
    fine, coarse = kitchen.make_run(tmp_path), kitchen.make_coarse_run(tmp_path)
    table = across(fine, coarse).table
    rows = sides.table_rows(fine.areas(), table, across_labels("oa", "lsoa"))
    assert rows["In a hotspot"].tolist()[:9] == [
        *["Only by neighbourhoods"] * 4,
        *["Both ways"] * 4,
        "Neither way",
    ]
    assert sides.differing(rows, table)["Area"].tolist() == [
        "Square 1C",
        "Square 1D",
        "Square 2C",
        "Square 2D",
    ]
    # square 3 is in a hotspot by half its ways, its block by all: half of the pairs agree
    assert rows.loc[kitchen.code(3), "Ways that agree"] == 50
    assert pd.isna(rows.loc[kitchen.UNKNOWN, "Ways that agree"])
