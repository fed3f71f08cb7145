"""Add an asset: where the form is. It is a plain page, so that it works on a bad line and without scripts."""

import streamlit as st

from ui.components.text import heading, lead, link, note

with st.container(key="page"):
    heading("Add an asset", 1)
    lead("Something good that is already here: a place, a group or a service that people can use.")
    link("Open the form", "add")
    note("It takes about two minutes, needs no account, and keeps what you wrote if the line breaks. "
         "Somebody who looks after the register reads it before it is published.")  # fmt: skip
    link("Tell us what people here say instead", "voice")
