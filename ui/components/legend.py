"""The legend: every colour, line and mark of the map in words, with how many there are after the filters."""

from collections.abc import Mapping
from html import escape

import pandas as pd
import streamlit as st

from ui import gatedmap, rows, sides
from ui.deck import UNKNOWN
from ui.icons import mark_html
from ui.strokes import Hatching
from words.comparing import hotspot_label
from words.freshness import FRESHNESS_LABELS, FRESHNESS_MEANINGS, STATES
from words.labels import KINDS
from words.palette import (
    ASSET_MARKS,
    BANDS,
    COLD,
    FIRM,
    HIGH_AMONG_LOW,
    NOT_ASSESSED,
    OBSERVED,
    PREDICTED,
    PREDICTED_COLD,
    SUGGESTIVE,
    Outline,
    asset_mark,
    band_colour,
)
from words.sentences import sentence_case

NO_RATE = "No rate is told: choose one to read of the neighbourhood around it"


Groups = list[tuple[str, list[str]]]


def draw_legend(
    areas: pd.DataFrame,
    asset_counts: Mapping[str, int],
    layer: str = "observed",
    larger: pd.DataFrame | None = None,
) -> None:
    """Draw the legend for the areas shown, and for assets by category with their counts.

    `layer` is what the map of a run from records shows, and `larger` what such a run tells of larger areas.
    """
    groups = _open(areas) if larger is None else _gated(areas, layer, larger)
    by_group = _by_group(asset_counts)
    marks = [
        _item(mark_html(mark.group, "fresh"), mark.label, by_group[mark.group])
        for mark in ASSET_MARKS
        if mark.group in by_group
    ]
    told = "".join(_group(title, items) for title, items in [*groups, ("Assets", marks)])
    told += _group("How lately an asset was checked", _states(), "wide") if marks else ""
    st.html(f'<div class="larder-legend">{told}</div>')


def _open(areas: pd.DataFrame) -> Groups:
    bands, signs = rows.counts_by(areas.dropna(subset=["band"]), "band"), rows.counts_by(areas, "sign")
    fills = [_item(_fill(fill.colour), fill.label, bands.get(str(fill.band), 0)) for fill in reversed(BANDS)]
    unknown = _unknown(NOT_ASSESSED.label, signs.get("not assessed", 0))
    return [("Hotspots, areas", _signs(areas)), ("Need, areas", [*fills, unknown])]


def _signs(areas: pd.DataFrame) -> list[str]:
    signs, clusters = rows.counts_by(areas, "sign"), rows.counts_by(areas, "cluster")
    lines = [_line(FIRM, signs.get("firm", 0)), _line(SUGGESTIVE, signs.get("suggestive", 0))]
    return [*lines, *(_line(line, clusters.get(line.key, 0)) for line in (HIGH_AMONG_LOW, COLD))]


def _unknown(label: str, count: int) -> str:
    return _item(_striped(UNKNOWN, NOT_ASSESSED.ground), label, count)


def _gated(areas: pd.DataFrame, layer: str, larger: pd.DataFrame) -> Groups:
    """Return the legend of what the map of a run from records shows: never an observation beside a prediction."""
    draw = {"predicted": _predicted, "differ": _differ}.get(layer)
    if draw:
        return draw(areas)
    if layer == "lsoa":
        return _by_lsoa(areas, larger)
    words, counts = gatedmap.need_bands(areas), rows.counts_by(areas.dropna(subset=["band"]), "band")
    fills = [
        _item(_fill(band_colour(band)), words[band], counts.get(str(band), 0))
        for band in sorted(words, reverse=True)
    ]
    few = _unknown(NO_RATE, int(areas["band"].isna().sum()))
    return [
        ("Observed hotspots, small areas", _signs(areas)),
        ("Observed: children who needed support, small areas", [*fills, few]),
    ]


def _predicted(areas: pd.DataFrame) -> Groups:
    told = areas.dropna(subset=["chance_from"])
    colours = told["chance_from"].map(gatedmap.chance_band)
    fills = []
    for colour in sorted(colours.unique(), reverse=True):
        mine = told[colours == colour]
        words = gatedmap.chance_words(mine["chance_from"].min(), mine["chance_to"].max())
        fills.append(_item(_fill(band_colour(colour)), sentence_case(words), len(mine)))
    fills.append(_unknown("No chance is told", len(areas) - len(told)))
    found = rows.counts_by(areas, "predicted")
    return [
        (
            "Predicted hotspots, small areas",
            [_line(PREDICTED, found.get("hot", 0)), _line(PREDICTED_COLD, found.get("cold", 0))],
        ),
        ("Chance to exceed the district there and around, small areas", fills),
    ]


def _differ(areas: pd.DataFrame) -> Groups:
    counts = rows.counts_by(areas, "kinds")
    solid = f"{OBSERVED.width}px solid {OBSERVED.colour}"
    dashed = f"{PREDICTED.width}px dashed {PREDICTED.colour}"
    middle = band_colour(gatedmap.KIND_COLOURS["observed only"])
    swatches = {
        "both": _fill(band_colour(gatedmap.KIND_COLOURS["both"]), solid),
        "observed only": _striped(gatedmap.OBSERVED_ONLY, middle, solid),
        "predicted only": _striped(gatedmap.PREDICTED_ONLY, middle, dashed),
        "neither": _fill(band_colour(gatedmap.KIND_COLOURS["neither"])),
        "cannot say": _striped(UNKNOWN, NOT_ASSESSED.ground),
    }
    items = [_item(swatch, KINDS[kind], counts.get(kind, 0)) for kind, swatch in swatches.items()]
    return [("Observed and predicted hotspots, small areas", items)]


def _by_lsoa(areas: pd.DataFrame, larger: pd.DataFrame) -> Groups:
    words = gatedmap.lsoa_words(larger)
    shown = gatedmap.lsoa_bands(larger).reindex(areas["lsoa"].unique())
    fills = [
        _item(_fill(band_colour(band)), words[band], int((shown == band).sum()))
        for band in sorted(words, reverse=True)
    ]
    return [
        (
            "Observed: children who needed support, neighbourhoods (LSOAs)",
            [*fills, _unknown("No number is told", int(shown.isna().sum()))],
        )
    ]


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


def _group(title: str, items: list[str], kind: str = "") -> str:
    body = "".join(items) or "<li>Nobody has recorded one that passes the filters.</li>"
    return f'<section class="{kind}"><h3>{title}</h3><ul aria-label="{title}">{body}</ul></section>'


def _states() -> list[str]:
    """Tell what a mark says of how lately it was checked, on the mark that stands for all groups."""
    told = ((state, f"{FRESHNESS_LABELS[state]}: {FRESHNESS_MEANINGS[state]}") for state in STATES)
    return [_item(mark_html("other", state), words, None) for state, words in told]


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


def _striped(look: Hatching, ground: str, border: str = "") -> str:
    angle = 45 if look.falling else 135
    width, colour = look.stroke.width, look.stroke.colour
    stripes = (
        f"repeating-linear-gradient({angle}deg,{colour} 0 {width}px,{ground} {width}px {min(look.gap, 6)}px)"
    )
    edge = f";border:{border}" if border else ""
    return f'<span class="larder-swatch" style="background:{stripes}{edge}"></span>'
