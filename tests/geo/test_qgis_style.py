"""The QGIS style: the colours, lines and hatching of the map, by rules that read published columns."""

import xml.etree.ElementTree as ET

import pytest

from geo.qgis_style import qml
from words.fields import BY_NAME
from words.palette import BANDS, COLD, FIRM, NOT_ASSESSED, OUTLINES, rgb

RUN = ("code", "band", "cluster", "status", "sign")


def parsed(columns: tuple[str, ...]) -> ET.Element:
    return ET.fromstring(qml(columns))


def drawn(root: ET.Element) -> dict[str, ET.Element]:
    """Return the symbol of each rule by its filter."""
    symbols = {symbol.get("name"): symbol for symbol in root.findall("renderer-v2/symbols/symbol")}
    return {
        rule.get("filter", ""): symbols[rule.get("symbol")]
        for rule in root.iter("rule")
        if rule.get("symbol")
    }


def options(symbol: ET.Element, kind: str) -> dict[str, str]:
    layer = symbol.find(f".//layer[@class='{kind}']")
    assert layer is not None, f"no {kind} in this symbol"
    return {option.get("name", ""): option.get("value", "") for option in layer.findall("Option/Option")}


def rgba(colour: str) -> str:
    return ",".join(map(str, (*rgb(colour), 255)))


def test_five_bands_have_the_colours_of_the_map() -> None:
    found = drawn(parsed(RUN))
    for fill in BANDS:
        assert options(found[f'"band" = {fill.band}'], "SimpleFill")["color"] == rgba(fill.colour)


def test_firm_is_a_whole_line_and_suggestive_a_dashed_one() -> None:
    found = drawn(parsed(RUN))
    firm = options(found["\"sign\" = 'firm'"], "SimpleLine")
    suggestive = options(found["\"sign\" = 'suggestive'"], "SimpleLine")
    assert firm["line_color"] == rgba(FIRM.colour)
    assert "customdash" not in firm
    assert suggestive["customdash"] == "1.587;0.794"  # 6 and 3 pixels of 25.4 / 96 mm
    assert float(firm["line_width"]) > float(suggestive["line_width"])


def test_cold_and_high_among_low_have_lines_of_their_own() -> None:
    found = drawn(parsed(RUN))
    cold = options(found["\"cluster\" = 'cold'"], "SimpleLine")
    high_among_low = options(found["\"cluster\" = 'high_low'"], "SimpleLine")
    assert cold["line_color"] == rgba(COLD.colour)
    assert cold["customdash"] != high_among_low["customdash"]


def test_areas_without_an_answer_are_hatched() -> None:
    found = drawn(parsed(RUN))
    missing = found['"band" IS NULL']
    assert options(missing, "LinePatternFill")["angle"] == "45"
    assert options(missing, "SimpleLine")["line_color"] == rgba(NOT_ASSESSED.line)
    untested = found['"band" IS NOT NULL AND ("status" IS NULL OR "status" <> \'assessed\')']
    assert untested.find("layer[@class='LinePatternFill']") is not None
    assert untested.find("layer[@class='SimpleFill']") is None  # its band must stay to be seen


def test_lines_are_drawn_after_all_fills() -> None:
    root = parsed(RUN)
    assert root.find("renderer-v2").get("symbollevels") == "1"
    levels = {
        layer.get("class"): layer.get("pass") for layer in root.findall("renderer-v2/symbols/symbol/layer")
    }
    assert levels == {"SimpleFill": "0", "LinePatternFill": "0", "SimpleLine": "1"}


@pytest.mark.parametrize(
    ("columns", "read"),
    [
        (RUN, {"band", "sign", "cluster", "status"}),
        (("id", "value", "cluster", "status"), {"cluster", "status"}),
        (("id", "value"), set()),
    ],
)
def test_no_rule_reads_a_column_that_is_not_there(columns: tuple[str, ...], read: set[str]) -> None:
    filters = " ".join(drawn(parsed(columns)))
    assert {name for name in ("band", "sign", "cluster", "status") if f'"{name}"' in filters} == read


def test_without_signs_the_hot_cluster_is_outlined() -> None:
    found = drawn(parsed(("value", "cluster", "status")))
    assert options(found["\"cluster\" = 'hot'"], "SimpleLine")["line_color"] == rgba(FIRM.colour)


def test_every_rule_has_a_symbol_and_a_label_of_its_own() -> None:
    root = parsed(RUN)
    rules = list(root.iter("rule"))
    keys = [rule.get("key") for rule in rules]
    assert len(set(keys)) == len(keys)
    labels = [rule.get("label") for rule in rules]
    assert len(set(labels)) == len(labels) == 2 + len(BANDS) + 2 + len(OUTLINES)


def test_the_table_is_headed_by_titles_under_long_and_short_names() -> None:
    root = ET.fromstring(qml(RUN, (BY_NAME["district_name"], BY_NAME["band"])))
    aliases = {alias.get("field"): alias.get("name") for alias in root.iter("alias")}
    assert aliases == {"district_name": "District name", "dist_name": "District name", "band": "Need"}
