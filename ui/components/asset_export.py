"""The register as a file: what is listed or all that is published, for everybody; private parts, for who may."""

import tempfile
from collections.abc import Callable, Collection
from datetime import date
from functools import partial
from pathlib import Path

import streamlit as st

from assets.exporting import FORMATS, export_assets
from store.home import home
from store.roles import ANYONE, Actor, may
from ui import account, desk
from ui.components.text import heading
from ui.listing import Listing
from words.sentences import count_words

LABELS = {
    "csv": "CSV, for a spreadsheet",
    "excel": "Excel",
    "geojson": "GeoJSON, for the web",
    "gpkg": "GeoPackage, for QGIS",
    "open_referral": "Open Referral UK, for other directories",
}


def draw_export(who: Actor, listing: Listing, today: date) -> None:
    """Offer what is listed, where that is not everything, then the register; a file is made when it is asked for."""
    with st.popover("Download", icon=":material/download:"):
        st.caption(
            "What is published: each asset with its source, its licence, and how fresh what is known of it is."
        )
        if listing.show == "due" or listing.text or listing.narrowed():
            told = _these(listing, today)
            if told:
                heading(told, 3)
                for name, label in LABELS.items():
                    _offer(
                        label,
                        f"assets-shown-{name}",
                        name,
                        partial(made_of_listing, name, who, listing, today),
                    )
            heading("The whole register", 3)
        for name, label in LABELS.items():
            _offer(label, f"assets-{name}", name, partial(made, name, ANYONE))
        if may(who, "export_all"):
            st.caption(
                "With private contacts and hidden assets: keep it where only those who need it can read it."
            )
            _offer("Everything, as CSV", "assets-private-csv", "csv", partial(made, "csv", who))


def _these(listing: Listing, today: date) -> str:
    """Return what the list that is shown is called here; nothing where none of it is published."""
    if listing.show == "due":
        return "Those due for a check, as far as they are published"
    count = desk.published_count(listing, today)
    if count == 1:
        return "This one asset"
    return f"These {count_words(count, 'asset')}" if count else ""


def _offer(label: str, key: str, name: str, make: Callable[[], bytes]) -> None:
    st.download_button(
        label,
        data=make,
        file_name=f"{key.removesuffix(f'-{name}')}{FORMATS[name]}",
        key=key,
        on_click="ignore",
    )


def made(name: str, who: Actor, only: Collection[str] | None = None) -> bytes:
    """Return the assets that somebody may see, as the bytes of a file; their role is looked up again as it is made."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / f"assets{FORMATS[name]}"
        export_assets(home(), out, name, actor=account.again(who), only=only)
        return out.read_bytes()


def made_of_listing(name: str, who: Actor, listing: Listing, today: date) -> bytes:
    """Return what is published of a listing, all its pages, as the bytes of a file."""
    return made(name, ANYONE, desk.published_ids(listing, account.again(who), today))
