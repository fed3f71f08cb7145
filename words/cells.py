"""Cells that a spreadsheet cannot mistake for a formula."""

import re

_RISKY = tuple("=+-@\t\r\n＝＋－＠")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)


def safe_cell(text: str) -> str:
    """Return the text with an apostrophe before it where a spreadsheet could run it as a formula.

    Text is at risk when it starts with = + - @ (or their full-width forms), a tab or a line break, spaces
    before it not counting, and is not a plain number (-3.5, +2, -1e6). Text that already has apostrophes
    before such a start gets one more, so that `plain_cell` always gives back what went in; call it once,
    where the cell is written.

    Example: `safe_cell("=1+1")` is `"'=1+1"`; `safe_cell("-3.5")` is `"-3.5"`.
    """
    return f"'{text}" if _at_risk(text.lstrip("'")) else text


def plain_cell(text: str) -> str:
    """Return what `safe_cell` was given: the text without the apostrophe that it put there."""
    return text[1:] if text.startswith("'") and _at_risk(text.lstrip("'")) else text


def _at_risk(text: str) -> bool:
    return text.lstrip(" ").startswith(_RISKY) and _NUMBER.fullmatch(text.strip(" ")) is None
