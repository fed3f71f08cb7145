"""The one style sheet: where the parts of the screen stand, wide and narrow, and how legend and notes look."""

import streamlit as st

from words.palette import INK

SHEET = f"""
<style>
.stMainBlockContainer {{ padding: 3.6rem 1.5rem 3rem; max-width: 1500px; }}
.stAppHeader {{ border-bottom: 1px solid #d8d4de; }}
.st-key-screen {{ display: grid; gap: 1rem 1.5rem; grid-template-columns: minmax(0, 3fr) minmax(20rem, 2fr);
  grid-template-areas: "map sentence" "table table"; align-items: start; }}
.st-key-screen > * {{ min-width: 0; width: 100%; }}
.st-key-screen > div:has(> .st-key-sentence), .st-key-sentence {{ grid-area: sentence; }}
.st-key-screen > div:has(> .st-key-table), .st-key-table {{ grid-area: table; }}
.st-key-screen > div:has(> .st-key-map), .st-key-map {{ grid-area: map; }}
.st-key-head .stColumn {{ min-width: 9rem; }}
.st-key-map .stDeckGlJsonChart {{ background: #f6f5f1; border: 1px solid #c9c5d0; border-radius: 6px; }}
.stDeckGlJsonChart canvas:focus-visible {{ outline: 3px solid #5b3fa0; outline-offset: -3px; }}
.larder-lead {{ font-size: 1.12rem; line-height: 1.5; margin: 0 0 .5rem; max-width: 44rem; }}
.larder-note {{ color: #45414d; font-size: .95rem; margin: 0 0 .5rem; max-width: 60rem; }}
.larder-assets {{ list-style: none; padding: 0 !important; margin: .2rem 0 .6rem; }}
.larder-assets li {{ display: flex; gap: .55rem; align-items: baseline; padding: .28rem 0; margin: 0;
  border-bottom: 1px solid #e6e3ea; }}
.larder-assets .far {{ margin-left: auto; white-space: nowrap; font-variant-numeric: tabular-nums; }}
.larder-badge {{ display: inline-block; flex: none; width: 1.35em; height: 1.35em; line-height: 1.25em; text-align: center;
  border: 2px solid {INK}; border-radius: 50%; font-size: .8rem; font-weight: 700; color: #fff; }}
.larder-badge.hollow {{ background: #fff !important; }}
.larder-legend {{ display: grid; grid-template-columns: repeat(auto-fill, minmax(15.5rem, 1fr)); gap: .1rem 1.2rem;
  list-style: none; padding: 0 !important; margin: .3rem 0; font-size: .92rem; }}
.larder-legend li {{ display: flex; align-items: center; gap: .55rem; margin: 0; min-height: 1.6rem; }}
.larder-legend .count {{ margin-left: auto; font-variant-numeric: tabular-nums; }}
.larder-swatch {{ flex: none; display: inline-block; width: 2rem; height: 1.1rem; box-sizing: border-box;
  border: 1px solid #6b6472; }}
.larder-legend .line {{ border: 0; height: 0; width: 2rem; }}
@media (max-width: 800px) {{
  .stMainBlockContainer {{ padding: 3.6rem .9rem 2rem; }}
  .st-key-screen {{ grid-template-columns: minmax(0, 1fr); grid-template-areas: "sentence" "table" "map"; }}
}}
</style>
"""


def style_sheet() -> None:
    """Put the style sheet into the page."""
    st.html(SHEET)
