"""What is drawn of a place besides its areas: water, railway, main roads, open land and names, all of it quiet."""

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import pydeck as pdk
import shapely

from ui.strokes import Stroke, path_layer, rings
from words.palette import INK, PAPER, rgb

OPEN_LAND = ("park", "marsh", "woodland")
OPEN_EDGE = (63, 110, 62, 190)
STROKES: Mapping[str, Stroke] = {
    "main_road": Stroke("#ffffff", 1.8, opacity=210),
    "river": Stroke("#4f8fb5", 4.0),
    "railway": Stroke("#3a3a3a", 1.6, (6.0, 4.0)),
}
NAMED: Mapping[str, int] = {"place_name": 13, "river": 12}


def line_layers(scenery: gpd.GeoDataFrame) -> list[pdk.Layer]:
    """Return the layers for scenery with `layer`, `name` and geometry, lowest first."""
    drawn: list[pdk.Layer] = []
    land = scenery[scenery["layer"].isin(OPEN_LAND)]
    if len(land):
        drawn.append(_shapes("scenery-land", land, {"filled": False, "get_line_color": list(OPEN_EDGE)}))
    water = scenery[(scenery["layer"] == "river") & scenery.geom_type.str.endswith("Polygon")]
    if len(water):
        blue = list(rgb(STROKES["river"].colour))
        drawn.append(_shapes("scenery-water", water, {"get_fill_color": blue, "get_line_color": blue}))
    for kind, stroke in STROKES.items():
        members = scenery.geometry[scenery["layer"] == kind]
        shapes = list(members[members.geom_type.str.endswith("LineString")])
        if shapes:
            merged = shapely.line_merge(shapely.simplify(shapely.union_all(shapes), 3.0))
            drawn.append(path_layer(f"scenery-{kind}", merged, scenery.crs, stroke))
    return drawn


def _shapes(name: str, members: gpd.GeoDataFrame, look: Mapping[str, Any]) -> pdk.Layer:
    shapes = members.geometry.simplify(3.0).to_crs("EPSG:4326")
    return pdk.Layer(
        "PolygonLayer",
        id=name,
        data=[{"p": ring} for shape in shapes for ring in rings(shape)],
        get_polygon="p",
        line_width_min_pixels=1,
        line_width_max_pixels=1,
        pickable=False,
        **look,
    )


def name_layer(scenery: gpd.GeoDataFrame) -> pdk.Layer:
    """Return the names with a pale edge; where two would touch, one gives way until the map is closer.

    They go with the chart: a layer of text that starts out empty, while it is fetched, draws from an empty font.
    """
    named = scenery[scenery["layer"].isin(NAMED) & (scenery["name"].fillna("") != "")].drop_duplicates("name")
    points = named.geometry.representative_point().to_crs("EPSG:4326")
    data: list[dict[str, Any]] = [
        {"p": [round(point.x, 5), round(point.y, 5)], "n": str(name), "s": NAMED[layer]}
        for point, name, layer in zip(points, named["name"], named["layer"], strict=True)
    ]
    return pdk.Layer(
        "TextLayer",
        id="names",
        data=data,
        get_position="p",
        get_text="n",
        get_size="s",
        get_color=list(rgb(INK)),
        font_family=pdk.types.String("system-ui, Liberation Sans, Arial, sans-serif"),
        font_weight=500,
        font_settings={"sdf": True, "fontSize": 48, "buffer": 8},
        outline_width=4,
        outline_color=list(rgb(PAPER)),
        character_set=pdk.types.String("auto"),
        extensions=[{"@@type": "CollisionFilterExtension"}],
        collision_test_props={"sizeScale": 1.3},
        pickable=False,
    )
