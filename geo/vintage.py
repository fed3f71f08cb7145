"""Vintages: which census's areas a column of codes is of, and how a mix-up of 2011 and 2021 shows."""

import re
from collections.abc import Sequence

from geo.codes import LEVEL_NAMES, count, some
from words.faults import Fault

_NAMED = re.compile(
    r"(?<![a-z])(oa|lsoa|msoa|lsoadz|dz|iz|sa)_?(20)?(\d\d)(?!\d)_?(cd|code|nm|name|nmw)?", re.IGNORECASE
)
LIKELY_MIX_UP = 0.5


def named_vintage(column: str) -> str | None:
    """Return the census year that a column's name carries ("OA11CD" gives "2011"), or None.

    Only census areas are read: wards and districts change every year and carry other years.
    """
    found = _NAMED.search(column)
    return f"20{found.group(3)}" if found else None


def check_column(column: str, vintage: str, file: str, role: str) -> list[Fault]:
    """Return a fault where the column's name says another census than the place's vintage."""
    named = named_vintage(column)
    if named is None or named == vintage:
        return []
    return [
        Fault(
            f"The column's name says codes of {named}, but the place's vintage is {vintage}.",
            f"Give {role} by codes of {vintage}, or say --vintage {named} if the areas are of {named}.",
            file,
            column=column,
        )
    ]


def unmatched_fault(
    unmatched: Sequence[str],
    areas: int,
    *,
    file: str,
    role: str,
    column: str,
    vintage: str,
    level: str,
    cure: str = "",
) -> Fault:
    """Return the fault for areas without a row, saying so where it looks like a mix-up of vintages.

    Most codes did not change between the censuses: 94 to 98 % of a district's match, so a high share that
    falls short of all is what the wrong census looks like.
    """
    matched = areas - len(unmatched)
    share = min(matched / areas, 0.999)
    what = (
        f"{matched} of {areas} areas matched, {share:.1%}; "
        f"{count(len(unmatched), 'has', 'have')} no row in this file: "
        f"{some(list(unmatched))}."
    ).replace("%;", " %;")
    if share >= LIKELY_MIX_UP and level in ("oa", "lsoa", "msoa"):
        other = "2011" if vintage == "2021" else "2021"
        what += (
            f" This looks like {LEVEL_NAMES[level]} codes of {other} mixed with codes of {vintage}: "
            f"most did not change between the censuses, so nearly all match."
        )
        cure = f"Use areas and {role} of one vintage.{' ' + cure if cure else ''}"
    return Fault(what, cure or f"Give a file that has every area's {role}.", file, column=column)
