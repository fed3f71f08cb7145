"""The legend: every colour, line and mark of the map in words, with how many there are after the filters."""

from collections.abc import Mapping
from html import escape

import pandas as pd
import streamlit as st

from ui import rows
from ui.icons import mark_html
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
)


def draw_legend(areas: pd.DataFrame, asset_counts: Mapping[str, int]) -> None:
    """Draw the legend for the areas shown, and for assets by category with their counts."""
    bands, signs = rows.counts_by(areas.dropna(subset=["band"]), "band"), rows.counts_by(areas, "sign")
    clusters = rows.counts_by(areas, "cluster")
    lines = [_line(FIRM, signs.get("firm", 0)), _line(SUGGESTIVE, signs.get("suggestive", 0))]
    lines += [_line(line, clusters.get(line.key, 0)) for line in (HIGH_AMONG_LOW, COLD)]
    fills = [
        _item(f'<span class="larder-swatch" style="background:{fill.colour}"></span>', fill.label,
              bands.get(str(fill.band), 0))
        for fill in reversed(BANDS)
    ]  # fmt: skip
    fills.append(_item(_hatching(), NOT_ASSESSED.label, signs.get("not assessed", 0)))
    groups = _by_group(asset_counts)
    marks = [
        _item(mark_html(mark.group, confirmed=True), mark.label, groups[mark.group])
        for mark in ASSET_MARKS
        if mark.group in groups
    ]
    told = _group("Hotspots, areas", lines) + _group("Need, areas", fills) + _group("Assets", marks)
    st.html(f'<div class="larder-legend">{told}</div>')


def _group(title: str, items: list[str]) -> str:
    body = "".join(items) or "<li>Nobody has recorded one that passes the filters.</li>"
    extra = (
        '<li class="larder-note">Hollow: not confirmed within a year.</li>'
        if title == "Assets" and items
        else ""
    )
    return f'<section><h3>{title}</h3><ul aria-label="{title}">{body}{extra}</ul></section>'


def _by_group(counts: Mapping[str, int]) -> dict[str, int]:
    groups: dict[str, int] = {}
    for category, count in counts.items():
        group = asset_mark(category).group
        groups[group] = groups.get(group, 0) + count
    return groups


def _item(swatch: str, label: str, count: int) -> str:
    hidden = swatch.replace("<span ", '<span aria-hidden="true" ', 1)
    return f'<li>{hidden}<span>{escape(label)}</span><span class="count">{count:,}</span></li>'


def _line(outline: Outline, count: int) -> str:
    style = "solid" if not outline.dashes else "dotted" if outline.dashes[0] < 3 else "dashed"
    line = f"border-top:{outline.width}px {style} {outline.colour}"
    return _item(f'<span class="line" style="{line}"></span>', outline.label, count)


def _hatching() -> str:
    gap = NOT_ASSESSED.gap
    stripes = (
        f"repeating-linear-gradient(135deg,{NOT_ASSESSED.line} 0 {NOT_ASSESSED.width}px,"
        f"{NOT_ASSESSED.ground} {NOT_ASSESSED.width}px {gap}px)"
    )
    return f'<span class="larder-swatch" style="background:{stripes}"></span>'
