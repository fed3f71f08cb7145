"""The map element: what is drawn, and that a click on it chooses."""

import os
from collections.abc import Sequence
from datetime import date

import geopandas as gpd
import streamlit as st

from geo.place import Place
from ui import cache, deck, icons, register, session
from ui.state import View

KEY = "map-chart"
HEIGHT = 540


def tile_style() -> str:
    """Return the address of the map style that is configured, or nothing: then no tile is ever asked for."""
    words = os.environ.get("LARDER_TILES", "").split()
    return words[0] if words else ""


def draw_map(
    run_folder: str, place: Place, areas: gpd.GeoDataFrame, view: View, shelf: register.Shelf, alt: str
) -> None:
    """Draw the areas that pass the filters, the scenery, the assets and the chosen area."""
    ground, outlines = cache.area_layers(run_folder, view.signs, view.bands, view.wards)
    lines, names = cache.scenery_layers(str(place.folder), place.digest)
    marks = deck.asset_layer(register.marks(shelf.assets, date.today()), *icons.atlas())
    chosen = _chosen(areas, view.area)
    layers = [*deck.pick_id(ground, session.turn()), *lines, *outlines, *chosen, marks, *names]
    camera = view.camera or deck.fit(cache.bounds(run_folder))
    st.pydeck_chart(
        deck.PreparedDeck(layers, camera, tile_style()),
        key=KEY,
        height=HEIGHT,
        on_select="rerun",
        selection_mode="single-object",
        alt=alt,
    )


def _chosen(areas: gpd.GeoDataFrame, code: str) -> Sequence[str]:
    return deck.chosen_layers(areas.geometry.loc[code], areas.crs) if code in areas.index else []
