"""Precision: how closely the public may know where an asset is, and what can be searched and sorted of it."""

import re
import unicodedata

from assets.locate import Where
from assets.schema import AssetRow
from words.categories import CATEGORIES

_DIGITS = 8
# About 200 m and 2 km in Britain: used where no postcode table or place knows better
_CELLS = {"postcode": (0.003, 0.002), "lsoa": (0.03, 0.02)}


def shown_point(row: AssetRow, where: Where) -> tuple[float | None, float | None]:
    """Return the point that the public is shown, in degrees: longitude, latitude; None twice for none.

    The point itself where it is exact; the postcode's, or else the middle of a cell of about 200 m, for
    "postcode"; the middle of its LSOA, or else of a cell of about 2 km, for "lsoa"; nothing for "hidden". A middle
    does not depend on where in the LSOA or the cell the point lies, so that many questions tell no more than one.
    """
    if row.longitude is None or row.latitude is None or row.precision == "hidden":
        return None, None
    if row.precision == "exact":
        return row.longitude, row.latitude
    known = where.postcode(row.postcode) if row.precision == "postcode" and row.postcode else None
    if known is not None:
        return known.longitude, known.latitude
    middle = where.neighbourhood(row.longitude, row.latitude) if row.precision == "lsoa" else None
    if middle is not None:
        return middle
    wide, high = _CELLS[row.precision]
    return _middle(row.longitude, wide, 180.0), _middle(row.latitude, high, 90.0)


def _middle(degrees: float, step: float, limit: float) -> float:
    return min(limit, round((degrees // step + 0.5) * step, 6))


def search_text(row: AssetRow) -> str:
    """Return the folded words that a search looks through: nothing that the public may not read."""
    category = CATEGORIES.get(row.category)
    parts = [row.name, category.name if category else "", row.organisation, row.for_whom, row.description]
    if row.precision in {"exact", "postcode"}:
        parts += [row.postcode, row.postcode.replace(" ", "")]
    if row.precision == "exact":
        parts.append(row.address)
    return f" {fold(' '.join(parts))} "


def sort_key(name: str) -> str:
    """Return what a list is sorted by: the folded name, its numbers in their natural order.

    Example: "Block 2" stands before "Block 10".
    """
    return re.sub(r"[0-9]+", lambda number: number.group().zfill(_DIGITS), fold(name))


def fold(text: str) -> str:
    """Return a text without case, accents and punctuation, one space between words.

    Example: `fold("St. Anne's Café")` is `"st annes cafe"`.
    """
    plain = unicodedata.normalize("NFKD", re.sub(r"['’]", "", text)).casefold()
    letters = "".join(character for character in plain if not unicodedata.combining(character))
    return " ".join(re.sub(r"[\W_]+", " ", letters).split())
