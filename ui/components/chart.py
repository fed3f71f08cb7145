"""The map element: what is drawn, and that a click on it chooses."""

import json
import os
from collections.abc import Sequence
from datetime import date

import streamlit as st

from geo.place import Place
from ui import cache, deck, icons, register, session
from ui.payload import Hosted
from ui.state import View

KEY = "map-chart"
HEIGHT = 540


def tile_style() -> str:
    """Return the address of the map style that is configured, or nothing: then no tile is ever asked for."""
    words = os.environ.get("LARDER_TILES", "").split()
    return words[0] if words else ""


def draw_map(run_folder: str, place: Place, view: View, shelf: register.Shelf, alt: str) -> None:
    """Draw the areas that pass the filters, the scenery, the assets and the chosen area."""
    ground, outlines = cache.area_layers(run_folder, view.signs, view.bands, view.wards, view.layer)
    lines, names = cache.scenery_layers(str(place.folder), place.digest)
    marks = deck.asset_layer(register.marks(shelf.assets, date.today()), *icons.atlas())
    shapes = cache.in_degrees(run_folder)
    chosen = deck.chosen_layers(shapes.loc[view.area]) if view.area in shapes.index else []
    areas_at = json.loads(next(one.text for one in ground if f'"id":"{deck.AREAS_LAYER}"' in one.text))[
        "data"
    ]
    pick = deck.pick_layer(areas_at, session.turn())
    layers = [*_texts(ground), *_texts(lines), *_texts(outlines), *chosen, pick, marks, *names]
    camera = view.camera or deck.fit(cache.in_degrees(run_folder).total_bounds)
    st.pydeck_chart(
        deck.PreparedDeck(layers, camera, tile_style()),
        key=KEY,
        height=HEIGHT,
        on_select="rerun",
        selection_mode="single-object",
        alt=alt,
    )


def _texts(layers: Sequence[Hosted]) -> list[str]:
    return [layer.text for layer in layers]
