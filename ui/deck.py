"""The map as pydeck layers: need by band, hotspots outlined, what we cannot say hatched, assets by shape and letter.

Shapes are computed in the place's metric CRS and sent in degrees. Every layer is turned into compact JSON by itself,
so that a page can keep the large ones and put a small one (the chosen area) beside them on each click.
"""

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pydeck as pdk
import shapely
from pydeck.bindings.json_tools import default_serialize

from geo.crs import WIRE
from ui.rows import need_words
from ui.state import Camera
from ui.strokes import MAP_PIXELS, Hatching, Stroke, hatching, outline_round, path_layer, rings
from words.labels import sign_label
from words.palette import (
    AREA_EDGE,
    COLD,
    FIRM,
    HIGH_AMONG_LOW,
    INK,
    NOT_ASSESSED,
    PAPER,
    SUGGESTIVE,
    band_colour,
    rgb,
)

AREAS_LAYER, PICK_LAYER = "areas", "pick"
ASSETS_LAYER = "assets"
CHOSEN_COLOUR = "#ffb000"
SIMPLIFY_METRES = 3.0
SIDE_PIXELS, PHONE_PIXELS = (640, 400), (320, 400)
UNKNOWN = Hatching(Stroke(NOT_ASSESSED.line, NOT_ASSESSED.width), NOT_ASSESSED.gap)
TOOLTIP = {
    "html": "<b>{n}</b><br/>{t}",
    "style": {"backgroundColor": INK, "color": PAPER, "fontSize": "14px", "maxWidth": "18rem"},
}


class PreparedDeck(pdk.Deck):  # type: ignore[misc]
    """A deck whose layers are JSON already, so that a rerun pays for none of them again."""

    def __init__(self, layers: Sequence[str], camera: Camera, style: str = "") -> None:
        super().__init__(
            layers=[],
            views=[pdk.View(type="MapView", controller=True)],
            map_provider="maplibre" if style else None,
            **({"map_style": style} if style else {}),  # a style of None would fetch Streamlit's default one
            initial_view_state=pdk.ViewState(
                latitude=camera.latitude, longitude=camera.longitude, zoom=camera.zoom, pitch=0, bearing=0
            ),
            tooltip=TOOLTIP,
        )
        frame = json.loads(compact(self))
        frame.pop("layers", None)
        self.text = f'{json.dumps(frame, separators=(",", ":"))[:-1]},"layers":[{",".join(layers)}]}}'

    def to_json(self) -> str:
        """Return the whole deck as compact JSON."""
        return self.text


def compact(thing: object) -> str:
    """Return a pydeck object as JSON without spaces (pydeck's own is four times larger)."""
    return json.dumps(thing, default=default_serialize, separators=(",", ":"), ensure_ascii=False)


def fit(bounds: Sequence[float], pixels: tuple[int, int] = MAP_PIXELS) -> Camera:
    """Return the camera that shows bounds (west, south, east, north in degrees) in a map of so many pixels."""
    west, south, east, north = bounds
    middle = (south + north) / 2
    width = max((east - west) / 360, 1e-7)
    height = max((_mercator(north) - _mercator(south)) / (2 * math.pi), 1e-7)
    zoom = min(math.log2(pixels[0] / 512 / width), math.log2(pixels[1] / 512 / height)) - 0.08
    return Camera(round(middle, 5), round((west + east) / 2, 5), round(min(max(zoom, 0), 16.5), 2))


def _mercator(latitude: float) -> float:
    return math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2))


def drawable(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return areas simplified by 3 m for the screen, shared borders kept shared, still in metres."""
    simple = shapely.coverage_simplify(areas.geometry.to_numpy(), SIMPLIFY_METRES)
    return areas.set_geometry(gpd.GeoSeries(simple, index=areas.index, crs=areas.crs))


def ground_layers(areas: gpd.GeoDataFrame, shown: Sequence[bool]) -> list[pdk.Layer]:
    """Return the layers that lie lowest: areas that are filtered out, fills by band, hatching.

    `areas` are drawable, in metres, with band, sign, cluster and name; `shown` says which pass the filter.
    """
    mask = np.asarray(shown, dtype=bool)
    inside = areas[mask]
    unknown = inside[inside["band"].isna() | (inside["sign"] == "not assessed")]
    return [*ghosts(areas[~mask]), _fills(inside), *hatched(areas, unknown, "hatching", UNKNOWN)]


def hatched(areas: gpd.GeoDataFrame, members: gpd.GeoDataFrame, name: str, look: Hatching) -> list[pdk.Layer]:
    """Return the layer that hatches some of the areas, none where there are none."""
    return [hatching(name, members, areas.total_bounds, look, MAP_PIXELS)] if len(members) else []


def outline_layers(areas: gpd.GeoDataFrame, shown: Sequence[bool]) -> list[pdk.Layer]:
    """Return the lines round clusters, the firm hotspots last and so on top; they lie above the scenery."""
    inside = areas[np.asarray(shown, dtype=bool)]
    layers: list[pdk.Layer] = []
    kinds = (
        (COLD, inside[inside["cluster"] == "cold"]),
        (SUGGESTIVE, inside[inside["sign"] == "suggestive"]),
        (HIGH_AMONG_LOW, inside[inside["cluster"] == "high_low"]),
        (FIRM, inside[inside["sign"] == "firm"]),
    )
    for outline, members in kinds:
        if len(members):
            layers.extend(outline_round(outline, members))
    return layers


def ghosts(areas: gpd.GeoDataFrame) -> list[pdk.Layer]:
    """Return the layer of the areas that are filtered out, none where none are."""
    if areas.empty:
        return []
    data = [{"p": ring} for shape in areas.geometry.to_crs(WIRE) for ring in rings(shape)]
    return [
        pdk.Layer(
            "PolygonLayer",
            id="filtered-out",
            data=data,
            get_polygon="p",
            filled=False,
            get_line_color=[190, 186, 196],
            line_width_min_pixels=0.6,
            line_width_max_pixels=0.6,
            pickable=False,
        )
    ]


def _fills(areas: gpd.GeoDataFrame) -> pdk.Layer:
    bands = [None if pd.isna(band) else int(band) for band in areas["band"]]
    words = [
        need if band is None else f"{need} · {sign_label(sign)}"
        for need, band, sign in zip(need_words(areas), bands, areas["sign"], strict=True)
    ]
    return fill_layer(AREAS_LAYER, areas, [band_colour(band) for band in bands], words)


def fill_layer(
    name: str,
    areas: gpd.GeoDataFrame,
    colours: Sequence[str],
    words: Sequence[str],
    *,
    pickable: bool = False,
) -> pdk.Layer:
    """Return a layer of filled areas, each with its colour and what the pointer reads of it."""
    told = zip(areas.index, areas["name"], colours, words, areas.geometry.to_crs(WIRE), strict=True)
    data: list[dict[str, Any]] = [
        {"p": ring, "f": rgb(colour), "c": code, "n": title, "t": text}
        for code, title, colour, text, shape in told
        for ring in rings(shape)
    ]
    return pdk.Layer(
        "PolygonLayer",
        id=name,
        data=data,
        get_polygon="p",
        get_fill_color="f",
        get_line_color=[*rgb(AREA_EDGE), 130],
        line_width_min_pixels=0.5,
        line_width_max_pixels=0.8,
        pickable=pickable,
    )


def chosen_layers(shape: shapely.Geometry) -> list[str]:
    """Return the layers that lift one area (in degrees) out: an ink line on a wide amber one."""
    edge = shapely.boundary(shape)
    wide = path_layer("chosen-casing", edge, WIRE, Stroke(CHOSEN_COLOUR, 8))
    return [compact(wide), compact(path_layer("chosen", edge, WIRE, Stroke(INK, 2.5)))]


def pick_layer(data: str, turn: int) -> str:
    """Return the layer that clicks and the pointer meet: the areas again (`data` is their address), not to be seen.

    It has no borders, for the browser finds what was clicked by drawing all that can be. Its id is fresh for each
    choice on the map: the browser remembers what was clicked by the layer's id, and fades all else until it is clicked
    away; a fresh id makes it forget, so that a choice made elsewhere is not shown against an old one.
    """
    return compact(
        pdk.Layer(
            "SolidPolygonLayer",
            id=f"{PICK_LAYER}-{turn}",
            data=data,
            get_polygon="p",
            opacity=0,
            pickable=True,
        )
    )


def asset_layer(assets: Sequence[Mapping[str, Any]], atlas: str, mapping: Mapping[str, Any]) -> str:
    """Return the layer of assets: `assets` each with p (longitude, latitude), i (icon), n, t and c (its area)."""
    return compact(
        pdk.Layer(
            "IconLayer",
            id=ASSETS_LAYER,
            data=list(assets),
            get_position="p",
            get_icon="i",
            get_size=170,
            icon_atlas=pdk.types.String(atlas),
            icon_mapping=dict(mapping),
            size_units=pdk.types.String("meters"),
            size_min_pixels=11,
            size_max_pixels=24,
            pickable=True,
        )
    )
