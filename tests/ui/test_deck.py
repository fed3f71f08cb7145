import json

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely import Polygon, box

from tests.ui import kitchen
from ui import deck, icons, scenery, strokes
from ui.state import Camera
from words.freshness import STATES
from words.palette import ASSET_MARKS, band_colour, rgb


def areas() -> gpd.GeoDataFrame:
    return kitchen.answers().set_index("code")


def drawn(shown: list[bool] | None = None) -> dict[str, dict]:  # type: ignore[type-arg]
    passed = shown or [True] * 36
    layers = deck.ground_layers(areas(), passed) + deck.outline_layers(areas(), passed)
    return {layer["id"]: layer for layer in map(json.loads, map(deck.compact, layers))}


def test_every_area_is_filled_with_the_colour_of_its_band() -> None:
    fills = {row["c"]: row for row in drawn()["areas"]["data"]}
    assert len(fills) == 36
    assert fills[kitchen.code(1)]["f"] == list(rgb(band_colour(5)))
    assert fills[kitchen.UNKNOWN]["f"] == list(rgb(band_colour(None)))
    assert fills[kitchen.code(1)]["t"] == "Highest need · Firm hotspot"


def test_firm_is_a_whole_line_and_suggestive_a_dashed_one() -> None:
    layers = drawn()
    assert "getDashArray" not in layers["firm"]
    assert layers["suggestive"]["getDashArray"][0] > 1
    assert {"cold", "high_low"} <= set(layers)


def test_four_firm_squares_that_touch_have_one_line_round_them() -> None:
    assert len(drawn()["firm"]["data"]) == 1


def test_what_we_cannot_speak_of_is_hatched_within_its_borders() -> None:
    unknown = areas().loc[[kitchen.ISLAND, kitchen.UNKNOWN]].to_crs("EPSG:4326").geometry.union_all()
    hatches = shapely.multilinestrings([row["p"] for row in drawn()["hatching"]["data"]])
    assert len(drawn()["hatching"]["data"]) > 20
    assert shapely.within(hatches, unknown.buffer(2e-5))


def test_areas_that_are_filtered_out_stay_as_pale_lines_and_cannot_be_clicked() -> None:
    layers = drawn([number < 6 for number in range(36)])
    assert len(layers["areas"]["data"]) == 6
    assert len(layers["filtered-out"]["data"]) == 30
    assert layers["filtered-out"]["pickable"] is False
    assert "hatching" not in layers


def test_holes_and_parts_are_kept() -> None:
    ring = Polygon([(0, 0), (4, 0), (4, 4), (0, 4)], [[(1, 1), (2, 1), (2, 2), (1, 2)]])
    assert [len(part) for part in strokes.rings(shapely.multipolygons([ring, box(9, 9, 10, 10)]))] == [2, 1]


def test_the_camera_shows_all_of_the_bounds() -> None:
    # 0.36 degrees of longitude are 1/1000 of the world: at zoom 10 the world is 512 * 1024 pixels, so it is 524 wide
    camera = deck.fit((0.0, 51.4, 0.36, 51.5), (524, 2000))
    assert camera.zoom == pytest.approx(10 - 0.08, abs=0.01)
    assert (camera.latitude, camera.longitude) == (51.45, 0.18)


def test_the_prepared_deck_is_compact_and_asks_for_no_tiles() -> None:
    made = deck.PreparedDeck(
        [deck.compact(one) for one in deck.ground_layers(areas(), [True] * 36)], Camera(51.5, 0.4, 12)
    )
    told = json.loads(made.to_json())
    # Streamlit takes this word for "no style"; anything else, and None too, makes it fetch one
    assert told["mapStyle"] == "__MAP_STYLE__"
    assert "mapProvider" not in told
    assert told["initialViewState"]["zoom"] == 12
    assert told["layers"][0]["id"] == "areas"
    assert ", " not in made.to_json().replace("Square", "")[:2000]


def test_a_style_is_used_when_one_is_configured() -> None:
    told = json.loads(deck.PreparedDeck([], Camera(0, 0, 1), "https://tiles.example/style.json").to_json())
    assert told["mapStyle"] == "https://tiles.example/style.json"


def test_what_is_clicked_is_the_areas_again_under_a_fresh_name_for_each_choice() -> None:
    one, other = (json.loads(deck.pick_layer("layers/a.json", turn)) for turn in (6, 7))
    assert (one["id"], other["id"]) == ("pick-6", "pick-7")
    assert (one["data"], one["pickable"], one["opacity"]) == ("layers/a.json", True, 0)


def test_each_group_of_assets_has_a_mark_for_each_state_of_freshness_that_grey_print_tells_apart() -> None:
    address, mapping = icons.atlas()
    assert address.startswith("data:image/png;base64,")
    assert len(mapping) == len(STATES) * len(ASSET_MARKS)
    for mark in ASSET_MARKS:
        grey = {state: np.asarray(icons.draw(mark, state).convert("L")).astype(int) for state in STATES}
        dark = {state: int((picture < 140).sum()) for state, picture in grey.items()}
        assert dark["fresh"] > dark["ageing"] + 100 > dark["stale"] + 200
        # the letter alone tells stale from unconfirmed: some pixels must turn from dark to pale
        assert int((abs(grey["stale"] - grey["unconfirmed"]) > 100).sum()) > 40


def test_scenery_draws_lines_and_names(larder_home) -> None:  # type: ignore[no-untyped-def]
    folder = kitchen.make_place(larder_home)
    drawn = gpd.read_parquet(folder / "scenery.parquet")
    lines = {layer["id"]: layer for layer in map(json.loads, map(deck.compact, scenery.line_layers(drawn)))}
    assert len(lines["scenery-river"]["data"]) == 1
    names = json.loads(deck.compact(scenery.name_layer(drawn)))["data"]
    assert {row["n"] for row in names} == {"River Six", "Sixtown Cross"}
