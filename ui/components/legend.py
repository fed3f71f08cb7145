"""The legend: every colour, line and mark of the map in words, with how many there are after the filters."""

from collections.abc import Mapping
from html import escape

import pandas as pd
import streamlit as st

from ui import rows, sides
from ui.deck import UNKNOWN
from ui.icons import mark_html
from ui.strokes import Hatching
from words.comparing import hotspot_label
from words.freshness import FRESHNESS_LABELS, FRESHNESS_MEANINGS, STATES
from words.palette import (
    ASSET_MARKS,
    BANDS,
    COLD,
    FIRM,
    HIGH_AMONG_LOW,
    NOT_ASSESSED,
    SUGGESTIVE,
    Outline,
    asset_mark,
    band_colour,
)


def draw_legend(areas: pd.DataFrame, asset_counts: Mapping[str, int]) -> None:
    """Draw the legend for the areas shown, and for assets by category with their counts."""
    bands, signs = rows.counts_by(areas.dropna(subset=["band"]), "band"), rows.counts_by(areas, "sign")
    clusters = rows.counts_by(areas, "cluster")
    lines = [_line(FIRM, signs.get("firm", 0)), _line(SUGGESTIVE, signs.get("suggestive", 0))]
    lines += [_line(line, clusters.get(line.key, 0)) for line in (HIGH_AMONG_LOW, COLD)]
    fills = [_item(_fill(fill.colour), fill.label, bands.get(str(fill.band), 0)) for fill in reversed(BANDS)]
    fills.append(
        _item(_striped(UNKNOWN, NOT_ASSESSED.ground), NOT_ASSESSED.label, signs.get("not assessed", 0))
    )
    groups = _by_group(asset_counts)
    marks = [
        _item(mark_html(mark.group, "fresh"), mark.label, groups[mark.group])
        for mark in ASSET_MARKS
        if mark.group in groups
    ]
    told = _group("Hotspots, areas", lines) + _group("Need, areas", fills) + _group("Assets", marks)
    st.html(f'<div class="larder-legend">{told}</div>')


def draw_side_legend(counts: Mapping[str, int], labels: Mapping[str, str]) -> None:
    """Draw the legend of two maps side by side, and how many areas came out how."""
    marks = [
        _item(
            _fill(band_colour(sides.HIGH), f"{sides.HOT.width}px solid {sides.HOT.colour}"),
            hotspot_label(True),
            None,
        ),
        _item(_fill(band_colour(sides.LOW)), hotspot_label(False), None),
        _item(_striped(sides.DIFFERENT, band_colour(sides.LOW)), "The two runs differ here", None),
        _item(_striped(UNKNOWN, NOT_ASSESSED.ground), NOT_ASSESSED.label, None),
    ]
    found = [_item("", label, counts[kind]) for kind, label in labels.items() if counts.get(kind)]
    st.html(
        f'<div class="larder-legend">{_group("On both maps", marks)}{_group("In a hotspot, areas", found)}</div>'
    )


def _group(title: str, items: list[str]) -> str:
    body = "".join(items) or "<li>Nobody has recorded one that passes the filters.</li>"
    extra = _states() if title == "Assets" and items else ""
    return f'<section><h3>{title}</h3><ul aria-label="{title}">{body}{extra}</ul></section>'


def _states() -> str:
    """Tell what a mark says of how lately it was checked, on the mark that stands for all groups."""
    told = ((state, f"{FRESHNESS_LABELS[state]}: {FRESHNESS_MEANINGS[state]}") for state in STATES)
    return "".join(_item(mark_html("other", state), words, None) for state, words in told)


def _by_group(counts: Mapping[str, int]) -> dict[str, int]:
    groups: dict[str, int] = {}
    for category, count in counts.items():
        group = asset_mark(category).group
        groups[group] = groups.get(group, 0) + count
    return groups


def _item(swatch: str, label: str, count: int | None) -> str:
    hidden = swatch.replace("<span ", '<span aria-hidden="true" ', 1)
    counted = "" if count is None else f'<span class="count">{count:,}</span>'
    return f"<li>{hidden}<span>{escape(label)}</span>{counted}</li>"


def _fill(colour: str, border: str = "") -> str:
    edge = f";border:{border}" if border else ""
    return f'<span class="larder-swatch" style="background:{colour}{edge}"></span>'


def _line(outline: Outline, count: int) -> str:
    style = "solid" if not outline.dashes else "dotted" if outline.dashes[0] < 3 else "dashed"
    line = f"border-top:{outline.width}px {style} {outline.colour}"
    return _item(f'<span class="line" style="{line}"></span>', outline.label, count)


def _striped(look: Hatching, ground: str) -> str:
    angle = 45 if look.falling else 135
    width, colour = look.stroke.width, look.stroke.colour
    stripes = (
        f"repeating-linear-gradient({angle}deg,{colour} 0 {width}px,{ground} {width}px {min(look.gap, 6)}px)"
    )
    return f'<span class="larder-swatch" style="background:{stripes}"></span>'
