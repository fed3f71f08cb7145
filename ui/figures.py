"""Figures as text: one that the gate withheld is *not told*."""

from collections.abc import Mapping

from ui.rows import number

NOT_TOLD = "not told"


def per_cent(value: object) -> str:
    """Return a rate as text."""
    found = number(value)
    return NOT_TOLD if found is None else f"{found:.0f} %"


def figure(value: float | None, form: str = ".2f", scale: float = 1.0) -> str:
    """Return a number as text, written as `form` says."""
    return NOT_TOLD if value is None else format(scale * value, form)


def spread(found: Mapping[str, float | None], form: str = ".2f", scale: float = 1.0) -> str:
    """Return an interval as text."""
    return f"{figure(found['low'], form, scale)} to {figure(found['high'], form, scale)}"
