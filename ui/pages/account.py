"""Account: sign in, sign out, and as whom."""

import streamlit as st

from ui import account
from ui.components.who import draw_account

with st.container(key="page"):
    draw_account(account.actor())
