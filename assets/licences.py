"""Licences: whom an export has to name for each row, and which rows must be shared alike."""

from dataclasses import dataclass

ODBL = "ODbL-1.0"


@dataclass(frozen=True)
class Licence:
    """What a licence asks: the words that name its owner, and whether what is made from it is shared alike."""

    attribution: str
    is_shared_alike: bool = False


LICENCES: dict[str, Licence] = {
    ODBL: Licence("© OpenStreetMap contributors, Open Database Licence (ODbL) 1.0", is_shared_alike=True),
    "OGL-UK-3.0": Licence(
        "Contains public sector information licensed under the Open Government Licence v3.0"
    ),
    "CC-BY-4.0": Licence("Licensed under Creative Commons Attribution 4.0"),
    "CC-BY-SA-4.0": Licence(
        "Licensed under Creative Commons Attribution-ShareAlike 4.0", is_shared_alike=True
    ),
    "CC0-1.0": Licence("No rights reserved (CC0)"),
}
_OTHER_NAMES = {
    "odbl": ODBL,
    "ogl": "OGL-UK-3.0",
    "ogl v3": "OGL-UK-3.0",
    "ogl-3.0": "OGL-UK-3.0",
    "cc0": "CC0-1.0",
}


def licence_code(text: str) -> str:
    """Return the code of a licence that is known here, else the text as it is."""
    plain = text.strip()
    exact = {code.casefold(): code for code in LICENCES}
    return _OTHER_NAMES.get(plain.casefold()) or exact.get(plain.casefold()) or plain


def attribution(licence: str, source: str) -> str:
    """Return the words that an export puts beside a row; the source alone where no licence is known."""
    known = LICENCES.get(licence_code(licence))
    if known is None:
        return f"Source: {source}" + (f" ({licence})" if licence else "") if source else licence
    return known.attribution if licence_code(licence) == ODBL else f"{known.attribution}. Source: {source}"


def is_shared_alike(licence: str) -> bool:
    """Say whether what is made from a row must be shared under the same licence."""
    known = LICENCES.get(licence_code(licence))
    return known is not None and known.is_shared_alike
