"""Grid references: letters and digits of the British National Grid, turned into metres."""

import re

_FORM = re.compile(r"([HJNOST])([A-HJ-Z])([0-9]{2,10})", re.IGNORECASE)
_KILOMETRES = 100_000


def from_reference(text: str) -> tuple[float, float, int] | None:
    """Return the easting and northing (EPSG:27700, metres) of a reference, and how many metres it leaves open.

    The point is the middle of the square that the reference names: two digits are a square of 10 km, ten
    are one of a metre. None for text of another form, of an odd number of digits, or off the grid.

    Reference: Ordnance Survey, *Using the National Grid*: 500 km and 100 km squares are lettered from the
    north-west, without I, and counted from a false origin.

    >>> from_reference("TQ 699 908")
    (569950.0, 190850.0, 100)
    """
    found = _FORM.fullmatch(re.sub(r"\s", "", text))
    if found is None or len(found.group(3)) % 2:
        return None
    first, second = (_number(letter) for letter in found.group(1, 2))
    # letters run west to east in rows of five from the north; SV is the origin
    hundred_east = ((first - 2) % 5) * 5 + second % 5
    hundred_north = 19 - first // 5 * 5 - second // 5
    if not (0 <= hundred_east < 7 and 0 <= hundred_north < 13):
        return None
    half = len(found.group(3)) // 2
    metres = 10 ** (5 - half)
    east, north = int(found.group(3)[:half]) * metres, int(found.group(3)[half:]) * metres
    return (
        hundred_east * _KILOMETRES + east + metres / 2,
        hundred_north * _KILOMETRES + north + metres / 2,
        metres,
    )


def looks_like_reference(text: str) -> bool:
    """Say whether a typed text is meant as a grid reference, right or wrong."""
    return re.fullmatch(r"[A-Z]{2}\s*\d{2,5}\s*\d{2,5}", text.strip(), re.IGNORECASE) is not None


def _number(letter: str) -> int:
    """Return the place of a letter in the alphabet without I, from 0."""
    at = ord(letter.upper()) - ord("A")
    return at - 1 if at > 8 else at
