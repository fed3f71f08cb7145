"""The one style sheet: where the parts of the screen stand, wide and narrow, and how legend and notes look."""

import streamlit as st

CHART_HEIGHT = 320
INK, MUTED, HUE = "#1d1b22", "#6b6472", "#5b3fa0"
"""What the charts are drawn in: their points' edges, what stands behind, the hue of what was observed."""

SHEET = """
<style>
.stMainBlockContainer { padding: 4.4rem 1.5rem 3rem; max-width: 1500px; }
.larder-brand { font-size: 1.7rem; padding: 0; margin: 0; letter-spacing: -.01em; line-height: 2.5rem; }
.stAppHeader { border-bottom: 1px solid #d8d4de; }
.st-key-screen { display: grid; gap: 1rem 1.5rem; grid-template-columns: minmax(0, 3fr) minmax(20rem, 2fr);
  grid-template-areas: "map sentence" "table table"; align-items: start; }
.st-key-screen > * { min-width: 0; width: 100%; }
.st-key-screen > div:has(> .st-key-sentence), .st-key-sentence { grid-area: sentence; }
.st-key-screen > div:has(> .st-key-table), .st-key-table { grid-area: table; }
.st-key-screen > div:has(> .st-key-map), .st-key-map { grid-area: map; }
.st-key-head .stColumn { min-width: 6rem; }
.st-key-head { margin-bottom: -.4rem; }
.st-key-map .stDeckGlJsonChart { background: #f6f5f1; border: 1px solid #c9c5d0; border-radius: 6px; }
.stDeckGlJsonChart canvas:focus-visible { outline: 3px solid #5b3fa0; outline-offset: -3px; }
.stHtml h1, .stHtml h2, .stHtml h3, .stHtml h4 { margin: 0; }
.stHtml h1 { padding: .2rem 0 .3rem; line-height: 1.2; }
.stHtml h2 { padding: .2rem 0 .4rem; line-height: 1.25; }
.stHtml h3 { padding: .4rem 0 .2rem; }
.larder-lead { font-size: 1.12rem; line-height: 1.5; margin: 0 0 .5rem; max-width: 44rem; }
.st-key-page { max-width: 54rem; }
.larder-note { color: #45414d; font-size: .95rem; margin: 0 0 .5rem; max-width: 60rem; }
.larder-draft { border: 2px solid #7a3b00; background: #fff4e5; color: #4a2400; border-radius: 6px;
  padding: .5rem .8rem; margin: 0 0 .6rem; max-width: 60rem; }
.larder-draft b { display: block; }
.larder-told { margin: .2rem 0 .6rem; padding-left: 1.2rem; max-width: 44rem; }
.larder-told li { margin: .25rem 0; }
.larder-plain { border-collapse: collapse; margin: .3rem 0 .8rem; font-size: .95rem; }
.larder-plain th, .larder-plain td { text-align: left; vertical-align: top; border: 0;
  border-bottom: 1px solid #c9c5d0; padding: .4rem 1rem .4rem 0; min-width: 5.5rem; overflow-wrap: break-word; }
.larder-plain th.number { text-align: right; }
.larder-plain td.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.larder-wide { overflow-x: auto; max-width: 100%; }
.larder-assets { list-style: none; padding: 0 !important; margin: .2rem 0 .6rem; }
.larder-assets li { display: flex; gap: .55rem; align-items: baseline; padding: .28rem 0; margin: 0;
  border-bottom: 1px solid #e6e3ea; }
.larder-assets .far { margin-left: auto; white-space: nowrap; font-variant-numeric: tabular-nums; }
.larder-mark { width: 1.5rem; height: 1.5rem; flex: none; align-self: center; }
.larder-legend { display: grid; grid-template-columns: repeat(auto-fit, minmax(12.5rem, 1fr)); gap: .6rem 1.6rem;
  font-size: .92rem; }
.larder-legend h3 { font-size: .92rem; padding: .3rem 0 .1rem; margin: 0; }
.larder-legend ul { list-style: none; padding: 0 !important; margin: 0; }
.larder-legend li { display: flex; align-items: center; gap: .55rem; margin: 0; min-height: 1.65rem; line-height: 1.2; }
.larder-legend .count { margin-left: auto; font-variant-numeric: tabular-nums; }
.larder-swatch { flex: none; display: inline-block; width: 2rem; height: 1.1rem; box-sizing: border-box;
  border: 1px solid #6b6472; }
.larder-legend section.wide { grid-column: 1 / -1; }
.larder-legend section.wide ul { display: grid; gap: 0 1.6rem;
  grid-template-columns: repeat(auto-fit, minmax(17rem, 1fr)); }
.larder-legend .line { flex: none; border: 0; height: 0; width: 2rem; }
.stMainBlockContainer > .stVerticalBlock > div:has(> .st-key-compare-table) { order: 2; }
.stMainBlockContainer > .stVerticalBlock > div:has(> .st-key-compare-maps) { order: 1; }
.st-key-compare-maps .stDeckGlJsonChart { background: #f6f5f1; border: 1px solid #c9c5d0; border-radius: 6px; }
.larder-voices { list-style: none; padding: 0 !important; margin: .2rem 0 .4rem; }
.larder-voices li { border-left: 3px solid #8a8593; padding: .1rem 0 .1rem .8rem; margin: 0 0 .6rem; }
.larder-voices p { margin: 0; white-space: pre-line; overflow-wrap: anywhere; }
.larder-link a { display: inline-block; padding: .3rem 0; min-height: 24px; color: #4a2f8a; }
.stMainBlockContainer > .stVerticalBlock > div:has(> .st-key-foot) { order: 9; }
.larder-sketch { display: block; width: 320px; max-width: 100%; height: auto; margin: .2rem 0 .8rem;
  border: 1px solid #c9c5d0; border-radius: 6px; }
.st-key-look-level [role=radiogroup], .st-key-look-level [data-baseweb=button-group] { flex-wrap: wrap;
  row-gap: .3rem; }
.larder-row { display: flex; gap: .55rem; align-items: center; margin: 0 0 .55rem; color: #45414d; font-size: .95rem; }
[class*="st-key-row-"], [class*="st-key-case-"] { border-bottom: 1px solid #e6e3ea; padding-top: .25rem; }
[class*="st-key-open-"] button, [class*="st-key-read-"] button { padding: .15rem 0; min-height: 28px;
  text-align: left; justify-content: flex-start; text-decoration: underline; }
.larder-facts { margin: .2rem 0 .8rem !important; padding: 0 !important; }
.larder-facts div { display: grid; grid-template-columns: 13rem minmax(0, 1fr); gap: .2rem 1rem; padding: .28rem 0;
  border-bottom: 1px solid #e6e3ea; }
.larder-facts dt { font-weight: 600; margin: 0; }
.larder-facts dd { margin: 0; overflow-wrap: anywhere; white-space: pre-line; }
.larder-differences { width: 100%; border-collapse: collapse; margin: .2rem 0 .8rem; font-size: .95rem; }
.larder-differences caption { text-align: left; font-weight: 600; padding: .3rem 0; }
.larder-differences th, .larder-differences td { text-align: left; vertical-align: top; padding: .35rem .6rem;
  border: 1px solid #c9c5d0; overflow-wrap: anywhere; white-space: pre-line; }
.larder-differences tbody th { overflow-wrap: break-word; min-width: 7rem; }
.larder-differences thead th { background: #f4f2f7; }
.larder-differences .none { color: #5f5f5f; font-style: italic; }
.larder-differences tr.changed .word, .larder-differences tr.new .word, .larder-differences tr.taken-away .word {
  font-weight: 700; }
.larder-differences tr.taken-away td[data-label]:nth-of-type(1) span { text-decoration: line-through; }
@media (max-width: 800px) {
  .st-key-overview > div:has(> .st-key-overview-head) { order: -3; }
  .st-key-overview > div:has(> .st-key-overview-said) { order: -2; }
  .st-key-overview > div:has(> .st-key-overview-choices) { order: -1; }
  .larder-facts div { grid-template-columns: 1fr; gap: 0; }
  .larder-differences thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .larder-differences caption, .larder-differences, .larder-differences tbody, .larder-differences tr,
  .larder-differences th, .larder-differences td { display: block; border: 0; padding: .1rem 0; }
  .larder-differences tr { border: 1px solid #c9c5d0; border-radius: 6px; padding: .5rem .7rem; margin-bottom: .6rem; }
  .larder-differences td::before { content: attr(data-label) ": "; color: #45414d; }
  .stMainBlockContainer > .stVerticalBlock > div:has(> .st-key-compare-maps) { order: 3; }
  .stMainBlockContainer { padding: 4.2rem .9rem 2rem; }
  .stMainBlockContainer > .stVerticalBlock > div:has(> .st-key-screen), .st-key-screen { display: contents; }
  .stMainBlockContainer > .stVerticalBlock > div:has(> .st-key-head) { order: 2; }
  .stMainBlockContainer > .stVerticalBlock > div:has(> .st-key-bar) { order: 3; }
  div:has(> .st-key-sentence) { order: 1; }
  div:has(> .st-key-table) { order: 4; }
  div:has(> .st-key-map) { order: 5; }
  .st-key-head .stColumn { min-width: 100%; }
  .stHtml h1 { font-size: 1.35rem; line-height: 1.3; padding: .4rem 0; }
  .st-key-head .stColumn:has(.larder-brand) { display: none; }
}
</style>
"""


def style_sheet() -> None:
    """Put the style sheet into the page."""
    st.html(SHEET)
