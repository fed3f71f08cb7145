"""The record for analysts: the marks in the terms of statistics, technical notes, what each agreement weighs."""

from collections.abc import Mapping
from typing import Any

from risk.match_weights import weighed, weight_rows, weight_sentences, weights_svg
from risk.page_parts import bullets, paragraphs, table
from words.marks import CALIBRATION_SLOPE, LOG_LOSS


def for_analysts(record: Mapping[str, Any]) -> str:
    """Return what residents need not read: the marks in the terms of statistics, technical notes, match weights."""
    rows = [
        ["Yes" if one.get("met") else "No", str(one.get("what", "")), str(one.get("found", ""))]
        for one in record["pass_mark"].get("requirements", ())
    ]
    marks = table(("Met", "What was asked beforehand", "What was found"), rows) if rows else ""
    terms = paragraphs([LOG_LOSS, CALIBRATION_SLOPE]) if rows else ""
    notes = [*record["areas"].get("notes", ()), *record["linkage"].get("sentences", ())]
    return marks + terms + bullets(notes) + _weights(record["linkage"])


def _weights(linkage: Mapping[str, Any]) -> str:
    rows = weighed(linkage)
    if not rows:
        return ""
    heads = ("Compared", "Outcome", "Weight", "It is seen")
    return (
        "<h3>How records are found to be one child's</h3>"
        + paragraphs(weight_sentences(linkage))
        + f'<div class="wide" tabindex="0" role="region" aria-label="Match weights">{weights_svg(rows)}</div>'
        + table(heads, weight_rows(linkage))
    )
