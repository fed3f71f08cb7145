"""The look of an export in QGIS: the palette of the map as a style by rules (QML, for QGIS 3.20 and later).

Fills are drawn first and lines on top of all of them. The rules read the columns band, sign, cluster and
status, which are called the same in every format, so one style fits them all.
"""

import uuid
import xml.etree.ElementTree as ET
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from words.fields import Field
from words.palette import (
    AREA_EDGE,
    BANDS,
    COLD,
    FIRM,
    HIGH_AMONG_LOW,
    NOT_ASSESSED,
    PAPER,
    SUGGESTIVE,
    Outline,
    rgb,
)

_MM = 25.4 / 96
_HAIR = 0.1
_NAMESPACE = uuid.UUID("6f6c1f3a-6f0e-4d86-9a0c-5f4bb5a5d9c1")


@dataclass(frozen=True)
class Rule:
    """Which areas one symbol is for, as a QGIS expression, and their name in the legend.

    `fill` is a colour or empty; `hatched` lays the pattern of *not assessed* over it.
    """

    label: str
    filter: str
    fill: str = ""
    hatched: bool = False
    outline: Outline | None = None


def rules(columns: Collection[str]) -> tuple[tuple[Rule, ...], tuple[Rule, ...]]:
    """Return the rules for fills and for lines that the columns of an export allow."""
    return tuple(_fills(columns)), tuple(_lines(columns))


def qml(columns: Collection[str], fields: Sequence[Field] = ()) -> str:
    """Return a QGIS style for areas with these columns.

    With `band` the areas are filled in the five colours of need, without it all alike. Lines follow `sign`
    where there is one, else `cluster`; areas without a value or an answer are hatched.

    :param columns: the names of the export's columns.
    :param fields: their descriptions; QGIS then heads its table with their titles.
    :returns: the text of a `.qml` file.
    """
    root = ET.Element("qgis", version="3.22.0", styleCategories="Symbology|Fields")
    renderer = ET.SubElement(
        root, "renderer-v2", type="RuleRenderer", symbollevels="1", forceraster="0", enableorderby="0"
    )
    tree = ET.SubElement(renderer, "rules", key=_key("all"))
    symbols = ET.SubElement(renderer, "symbols")
    fills, lines = rules(columns)
    for heading, group, level in (("Need", fills, 0), ("Hotspots", lines, 1)):
        if group:
            branch = ET.SubElement(tree, "rule", key=_key(heading), label=heading)
            for rule in group:
                _add(branch, symbols, rule, level)
    _aliases(root, fields)
    ET.indent(root)
    return '<!DOCTYPE qgis PUBLIC "http://mrcc.com/qgis.dtd" "SYSTEM">\n' + ET.tostring(
        root, encoding="unicode"
    )


def _fills(columns: Collection[str]) -> list[Rule]:
    unanswered = '"status" IS NULL OR "status" <> \'assessed\'' if "status" in columns else ""
    if "band" not in columns:
        plain = [Rule("Areas", "", PAPER)]
        return plain + ([Rule(NOT_ASSESSED.label, unanswered, hatched=True)] if unanswered else [])
    found = [Rule(fill.label, f'"band" = {fill.band}', fill.colour) for fill in reversed(BANDS)]
    found.append(Rule(NOT_ASSESSED.label, '"band" IS NULL', NOT_ASSESSED.ground, hatched=True))
    if unanswered:
        untested = f'"band" IS NOT NULL AND ({unanswered})'
        found.append(Rule("Has a value, but could not be tested", untested, hatched=True))
    return found


def _lines(columns: Collection[str]) -> list[Rule]:
    found = []
    if "cluster" in columns:
        found.append(Rule(COLD.label, "\"cluster\" = 'cold'", outline=COLD))
        found.append(Rule(HIGH_AMONG_LOW.label, "\"cluster\" = 'high_low'", outline=HIGH_AMONG_LOW))
    if "sign" in columns:
        found.append(Rule(SUGGESTIVE.label, "\"sign\" = 'suggestive'", outline=SUGGESTIVE))
        found.append(Rule(FIRM.label, "\"sign\" = 'firm'", outline=FIRM))
    elif "cluster" in columns:
        found.append(Rule("Hotspot: high, with high around it", "\"cluster\" = 'hot'", outline=FIRM))
    return found[::-1]


def _add(branch: ET.Element, symbols: ET.Element, rule: Rule, level: int) -> None:
    name = str(len(symbols))
    element = ET.SubElement(branch, "rule", key=_key(rule.label), symbol=name, label=rule.label)
    if rule.filter:
        element.set("filter", rule.filter)
    symbol = ET.SubElement(symbols, "symbol", name=name, type="fill", alpha="1", clip_to_extent="1")
    if rule.fill:
        edge = {"outline_color": _rgba(AREA_EDGE), "outline_style": "solid", "outline_width": str(_HAIR)}
        _layer(
            symbol,
            "SimpleFill",
            level,
            color=_rgba(rule.fill),
            style="solid",
            outline_width_unit="MM",
            **edge,
        )
    if rule.hatched:
        _hatching(symbol, level)
    if rule.outline:
        _line(symbol, rule.outline, level)


def _hatching(symbol: ET.Element, level: int) -> None:
    distance = {"distance": _mm(NOT_ASSESSED.gap), "distance_unit": "MM", "angle": "45"}
    layer = _layer(symbol, "LinePatternFill", level, color=_rgba(NOT_ASSESSED.line), **distance)
    name = f"@{symbol.get('name')}@{len(symbol) - 1}"
    line = ET.SubElement(layer, "symbol", name=name, type="line", alpha="1", clip_to_extent="1")
    width = {"line_width": _mm(NOT_ASSESSED.width), "line_width_unit": "MM", "line_style": "solid"}
    _layer(line, "SimpleLine", 0, line_color=_rgba(NOT_ASSESSED.line), **width)


def _line(symbol: ET.Element, outline: Outline, level: int) -> None:
    dashes = ";".join(_mm(length) for length in outline.dashes)
    dashed = {"use_custom_dash": "1", "customdash": dashes, "customdash_unit": "MM"} if dashes else {}
    width = {"line_width": _mm(outline.width), "line_width_unit": "MM", "line_style": "solid"}
    _layer(
        symbol,
        "SimpleLine",
        level,
        line_color=_rgba(outline.colour),
        joinstyle="round",
        capstyle="flat",
        **width,
        **dashed,
    )


def _layer(parent: ET.Element, kind: str, level: int, **properties: str) -> ET.Element:
    attributes = {"class": kind, "pass": str(level), "enabled": "1", "locked": "0"}
    layer = ET.SubElement(parent, "layer", attributes)
    options = ET.SubElement(layer, "Option", type="Map")
    for name, value in sorted(properties.items()):
        ET.SubElement(options, "Option", name=name, value=value, type="QString")
    return layer


def _aliases(root: ET.Element, fields: Sequence[Field]) -> None:
    aliases = ET.SubElement(root, "aliases")
    for index, field in enumerate(fields):
        for name in dict.fromkeys((field.name, field.short)):
            ET.SubElement(aliases, "alias", field=name, index=str(index), name=field.title)


def _rgba(colour: str) -> str:
    return ",".join(str(part) for part in (*rgb(colour), 255))


def _mm(pixels: float) -> str:
    return f"{pixels * _MM:.3f}"


def _key(label: str) -> str:
    return f"{{{uuid.uuid5(_NAMESPACE, label)}}}"
