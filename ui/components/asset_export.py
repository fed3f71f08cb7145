"""The register as a file: what is published, for everybody; all of it, for who may."""

import tempfile
from functools import partial
from pathlib import Path

import streamlit as st

from assets.exporting import FORMATS, export_assets
from store.home import home
from store.roles import ANYONE, Actor, may
from ui import account

LABELS = {
    "csv": "CSV, for a spreadsheet",
    "excel": "Excel",
    "geojson": "GeoJSON, for the web",
    "gpkg": "GeoPackage, for QGIS",
    "open_referral": "Open Referral UK, for other directories",
}


def draw_export(who: Actor) -> None:
    """Offer the register in each format; a file is made when it is asked for."""
    with st.popover("Download", icon=":material/download:"):
        st.caption(
            "What is published: each asset with its source, its licence, and how fresh what is known of it is."
        )
        for name, label in LABELS.items():
            _offer(label, name, ANYONE, "assets")
        if may(who, "export_all"):
            st.caption(
                "With private contacts and hidden assets: keep it where only those who need it can read it."
            )
            _offer("Everything, as CSV", "csv", who, "assets-private")


def _offer(label: str, name: str, who: Actor, stem: str) -> None:
    st.download_button(
        label, data=partial(made, name, who), file_name=f"{stem}{FORMATS[name]}", key=f"{stem}-{name}",
        on_click="ignore",
    )  # fmt: skip


def made(name: str, who: Actor) -> bytes:
    """Return the assets that somebody may see, as the bytes of a file; their role is looked up again as it is made."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / f"assets{FORMATS[name]}"
        export_assets(home(), out, name, actor=account.again(who))
        return out.read_bytes()
