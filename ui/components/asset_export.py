"""The register as a file: what is published, for everybody; all of it, for who may."""

from datetime import date

import pandas as pd
import streamlit as st

from assets.freshness import columns
from assets.register import list_assets
from assets.schema import PRIVATE
from store.home import home
from store.roles import ANYONE, Actor, may
from store.session import reading
from ui import account, rows

LEFT_OUT = {
    "source_key",
    "shown_longitude",
    "shown_latitude",
    "version",
    "deleted_at",
    "deleted_reason",
    "merged_into",
}


def draw_export(who: Actor) -> None:
    """Offer the register as CSV; a file is made when it is asked for."""
    with st.popover("Download", icon=":material/download:"):
        st.caption("Each asset with its source, its licence, and how fresh what is known of it is.")
        st.download_button(
            "What is published, as CSV", data=lambda: made(ANYONE), file_name="assets.csv", mime="text/csv",
            key="export-public", on_click="ignore",
        )  # fmt: skip
        if may(who, "export_all"):
            st.caption(
                "With private contacts and hidden assets: keep it where only those who need it can read it."
            )
            st.download_button(
                "Everything, as CSV", data=lambda: made(account.actor()), file_name="assets-private.csv",
                mime="text/csv", key="export-all", on_click="ignore",
            )  # fmt: skip


def made(who: Actor) -> bytes:
    """Return the assets that somebody may see as CSV, with how fresh each is today."""
    today = date.today()
    with reading(home()) as session:
        assets = list_assets(session, actor=who)
    left_out = LEFT_OUT if may(who, "export_all") else LEFT_OUT | {*PRIVATE, "consent_on", "confirmed_by"}
    told = [
        {name: value for name, value in asset.as_dict().items() if name not in left_out}
        | columns(asset, today)
        for asset in assets
    ]
    return rows.csv_bytes(pd.DataFrame(told))
