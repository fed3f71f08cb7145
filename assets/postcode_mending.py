"""Postcodes as people type them: spaces, case, and O for 0, I for 1."""

import re
from itertools import product

from geo.postcodes import normalise

_LETTER_OF = {"0": "O", "1": "I"}
_DIGIT_OF = {"O": "0", "I": "1", "L": "1"}
_SHAPES = ("A9", "A99", "AA9", "AA99", "A9A", "AA9A")
_DISTRICT = re.compile(r"[A-Z]{1,2}[0-9][0-9A-Z]?")


def readings(text: str) -> list[str]:
    """Return the postcodes that the text may stand for, as they are written, the plainest first.

    First the text itself (spaces and case apart), then with O and 0, I, L and 1 read as the other where a
    postcode of some shape then appears. Empty where none does.
    Example: `readings("ss15 4je")` is `["SS15 4JE"]`; `readings("SSI5 4JE")` is `["SS15 4JE"]`.
    """
    squeezed = re.sub(r"[^A-Z0-9]", "", text.upper())
    plain = normalise(squeezed)
    found = [plain] if plain else []
    if not 5 <= len(squeezed) <= 7:
        return found
    shapes = [f"{shape}9AA" for shape in _SHAPES if len(shape) + 3 == len(squeezed)]
    for shape in shapes:
        choices = [_as(kind, character) for kind, character in zip(shape, squeezed, strict=True)]
        for letters in product(*choices):
            reading = normalise("".join(letters))
            if reading and reading not in found:
                found.append(reading)
    return found


def is_district(text: str) -> bool:
    """Say whether the text is only the first half of a postcode, such as SS15."""
    return _DISTRICT.fullmatch(re.sub(r"\s", "", text.upper())) is not None


def _as(kind: str, character: str) -> list[str]:
    """Return the characters of the kind (A letter, 9 digit) that the character may stand for."""
    fits, other = (str.isalpha, _LETTER_OF) if kind == "A" else (str.isdigit, _DIGIT_OF)
    if fits(character):
        return [character]
    return [other[character]] if character in other else []
