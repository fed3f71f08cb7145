"""The form that adds an asset, and the sentences that say what became of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from assets.errors import AssetError
from assets.locate import locator
from assets.register import add_asset
from assets.schema import Asset
from geo.place import Place
from store.roles import LOCAL
from store.session import writing
from ui.components.text import plain
from words.categories import CATEGORIES
from words.faults import Fault
from words.labels import category_label, place_label

LABELS = {
    "name": "Name",
    "category": "Category",
    "postcode": "Postcode",
    "latitude": "Latitude",
    "longitude": "Longitude",
}


@dataclass(frozen=True)
class Given:
    """What somebody wrote into the form, as they wrote it."""

    name: str
    category: str
    postcode: str
    latitude: str
    longitude: str
    address: str


def draw_form() -> Given | None:
    """Draw the form, and return what was given when it is sent."""
    with st.form("add-asset", clear_on_submit=False, border=False):
        name = st.text_input("Name", max_chars=300, placeholder="what people call it", key="add-name")
        category = st.selectbox(
            "Category", sorted(CATEGORIES, key=category_label), index=None, format_func=category_label,
            placeholder="choose one", key="add-category",
        )  # fmt: skip
        postcode = st.text_input("Postcode", key="add-postcode", autocomplete="postal-code")
        address = st.text_input("Address or directions (may stay empty)", key="add-address")
        with st.expander("No postcode? Give coordinates instead"):
            st.caption(
                "In degrees, as a map on a phone shows them. West of Greenwich the longitude has a minus."
            )
            latitude = st.text_input("Latitude", key="add-latitude", placeholder="for example 51.57210")
            longitude = st.text_input("Longitude", key="add-longitude", placeholder="for example 0.45680")
        sent = st.form_submit_button("Add it to the map", type="primary")
    return Given(name, category or "", postcode, latitude, longitude, address) if sent else None


def keep(home: Path, given: Given) -> Asset:
    """Write what was given into the register.

    Raises AssetError with every fault at once: a degree that is no number, no name, no category, no location.
    """
    faults: list[Fault] = []
    latitude = _degrees(given.latitude, "latitude", faults)
    longitude = _degrees(given.longitude, "longitude", faults)
    if not given.category:
        faults.append(Fault("No category is chosen.", "Choose the one that fits best.", column="category"))
    if faults:
        raise AssetError(faults)
    with writing(home) as session:
        return add_asset(
            session,
            actor=LOCAL,
            name=given.name,
            category=given.category,
            latitude=latitude,
            longitude=longitude,
            postcode=given.postcode,
            address=given.address,
            source="added in the app",
            where=locator(home),
        )


def _degrees(text: str, column: str, faults: list[Fault]) -> float | None:
    if not text.strip():
        return None
    try:
        return float(text.strip())
    except ValueError:
        faults.append(
            Fault("This is not a number of degrees.", "Write it like 51.5721.", column=column, value=text)
        )
        return None


def say_faults(faults: Sequence[Fault]) -> None:
    """Say what keeps an asset out, each fault beside the name of its field."""
    st.error("Not added yet. Please mend this and send it again; what you wrote is still here.")
    for fault in faults:
        field = LABELS.get(fault.column, "")
        value = f" “{fault.value}”" if fault.value else ""
        st.markdown(f"- {plain(f'{field}{value}: ' if field else '')}{plain(fault.what)} {plain(fault.cure)}")


def say_added(asset: Asset, places: Mapping[str, Place]) -> None:
    """Say that an asset is on the map, and where that is."""
    if asset.place is None or asset.place not in places:
        where = "It lies outside every place that has a map here, so no map shows it yet."
    else:
        place = places[asset.place]
        where = f"It is on the map of {place_label(place.title, fictional=place.fictional)}, marked as not confirmed."
    st.success(f"Thank you. {plain(asset.name)} was added. {where}")
    if asset.place in places:
        st.page_link("pages/map.py", label="See it on the map", icon=":material/map:")
