"""Match weights: what each agreement between two records counts, as a picture, a sentence and a table of HTML."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from words.linkage import (
    COMPARISONS,
    PRIOR,
    Weighed,
    adding_sentence,
    odds_words,
    strongest_sentence,
    weight_text,
)

WIDTH, ROW, HEAD, LABELS, NUMBER = 720, 22, 26, 230, 50
"""Of the picture, in its own units: its width, a bar's row, a heading's, the room for labels and for numbers."""
_FOR, _AGAINST, _INK = "#5b3fa0", "#7a3b00", "#1b1b1b"
_NAME = "What each agreement or difference between two records weighs"


def weighed(linkage: Mapping[str, Any]) -> list[Weighed]:
    """Return the match weights of a linkage report in words and in its order; none where it has none.

    :param linkage: the report as a record keeps it: `weights` as `LinkageModel.chart` gives them.
    """
    return [
        (
            COMPARISONS.get(str(row["comparison"]), str(row["comparison"])),
            str(row["level"]),
            float(row["weight"]),
        )
        for row in linkage.get("weights", ())
        if row["comparison"] != PRIOR and row["weight"] is not None
    ]


def weight_sentences(linkage: Mapping[str, Any]) -> list[str]:
    """Return what the picture of match weights says, in words; none where there is nothing to draw."""
    rows = weighed(linkage)
    start = next((row["weight"] for row in linkage.get("weights", ()) if row["comparison"] == PRIOR), None)
    threshold = linkage.get("threshold")
    added = [adding_sentence(start, threshold)] if start is not None and threshold is not None else []
    return [strongest_sentence(rows), *added] if rows else []


def weight_rows(linkage: Mapping[str, Any]) -> list[tuple[str, str, str, str]]:
    """Return the same as rows of a table: comparison, outcome, weight, what it means."""
    return [
        (name, outcome, weight_text(weight), odds_words(weight)) for name, outcome, weight in weighed(linkage)
    ]


def weights_svg(rows: Sequence[Weighed]) -> str:
    """Return the match weights as a picture in SVG: bars to the right speak for one child, hollow ones left against.

    Each bar has its outcome and its number beside it, so that nothing is told by colour or length alone; nothing is
    fetched and no script runs.
    """
    most = max(1.0, *(abs(weight) for _, _, weight in rows))
    middle = LABELS + NUMBER + (WIDTH - LABELS - 2 * NUMBER) / 2
    scale = (WIDTH - LABELS - 2 * NUMBER) / 2 / most
    parts, y, before = [], 0, ""
    for name, outcome, weight in rows:
        if name != before:
            parts.append(_text(0, y + HEAD - 8, name, "font-weight:600"))
            y, before = y + HEAD, name
        parts.append(_text(12, y + ROW - 7, outcome))
        parts.append(_bar(middle, y, weight, scale))
        y += ROW
    line = f'<path d="M{middle:.1f} {HEAD}V{y}" stroke="{_INK}" stroke-width="1"/>'
    return (
        f'<svg role="img" aria-label="{escape(_NAME)}" viewBox="0 0 {WIDTH} {y + 4}" width="100%" '
        f'style="min-width:34rem;font:14px system-ui,sans-serif">{"".join(parts)}{line}</svg>'
    )


def _bar(middle: float, y: int, weight: float, scale: float) -> str:
    length = abs(weight) * scale
    right = weight >= 0
    left = middle if right else middle - length
    look = f'fill="{_FOR}"' if right else f'fill="#fff" stroke="{_AGAINST}" stroke-width="1.5"'
    number = middle + length + 5 if right else middle - length - 5
    anchor = "start" if right else "end"
    return f'<rect x="{left:.1f}" y="{y + 3}" width="{length:.1f}" height="{ROW - 6}" {look}/>' + _text(
        number, y + ROW - 7, weight_text(weight), f"text-anchor:{anchor}"
    )


def _text(x: float, y: float, text: str, style: str = "") -> str:
    more = f' style="{style}"' if style else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" fill="{_INK}"{more}>{escape(text)}</text>'
