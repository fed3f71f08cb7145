"""The app: its pages, and what a visitor reads when something goes wrong."""

import logging

import streamlit as st

from ui.components.style import style_sheet
from ui.icons import favicon
from words.faults import LarderError

LOG = logging.getLogger("larder")

st.set_page_config(page_title="Larder", page_icon=favicon(), layout="wide")
style_sheet()
chosen = st.navigation(
    [
        st.Page("pages/map.py", title="Map", icon=":material/map:", default=True),
        st.Page("pages/overview.py", title="Overview", icon=":material/monitoring:"),
        st.Page("pages/compare.py", title="Compare", icon=":material/compare:"),
        st.Page("pages/add_asset.py", title="Add an asset", icon=":material/add_location:"),
        st.Page("pages/about.py", title="How we know", icon=":material/info:"),
    ],
    position="top",
)
try:
    chosen.run()
except LarderError as error:
    LOG.exception("A page could not be shown")
    st.error("This cannot be shown just now.")
    for fault in error.faults:
        st.text(fault.sentence())
