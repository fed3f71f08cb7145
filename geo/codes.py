"""GSS codes: their form, the level each belongs to, and how they go wrong."""

import re
from collections import Counter

import pandas as pd

from geo.errors import GeoError
from words.faults import Fault

LEVELS = ("oa", "lsoa", "msoa", "ward", "district", "county", "region", "country")
LEVEL_NAMES = {
    "oa": "output area",
    "lsoa": "LSOA",
    "msoa": "MSOA",
    "ward": "ward",
    "district": "district",
    "county": "county",
    "region": "region",
    "country": "country",
    "area": "area",
}
# the data zones and intermediate zones of Scotland stand at the level of LSOA and MSOA
_PREFIXES = {
    "oa": ("E00", "W00", "S00", "N00", "X00"),
    "lsoa": ("E01", "W01", "S01", "N20", "X01"),
    "msoa": ("E02", "W02", "S02", "N21", "X02"),
    "ward": ("E05", "W05", "S13", "N08", "N10", "X05"),
    "district": ("E06", "E07", "E08", "E09", "W06", "S12", "N09", "X07"),
    "county": ("E10", "X10"),
    "region": ("E12", "X12"),
    "country": ("E92", "W92", "S92", "N92", "K02", "K03", "K04"),
}
_LEVEL_OF = {prefix: level for level, prefixes in _PREFIXES.items() for prefix in prefixes}
_FORM = re.compile(r"[A-Z]\d{8}")
_PSEUDO = re.compile(r"[A-Z]9{8}")
SHOWN = 10


def is_pseudo(code: str) -> bool:
    """Say whether a code such as E99999999 stands for "not applicable" and not for an area."""
    return _PSEUDO.fullmatch(code) is not None


def is_fictional(code: str) -> bool:
    """Say whether a code is of the made-up register X…, which no real place uses."""
    return _FORM.fullmatch(code) is not None and code.startswith("X")


def level_of(code: str) -> str | None:
    """Return the level of a well-formed GSS code ("oa", "lsoa", …), or None for any other text."""
    if not _FORM.fullmatch(code) or is_pseudo(code):
        return None
    return _LEVEL_OF.get(code[:3])


def common_level(codes: pd.Series) -> str | None:
    """Return the level that at least half of the codes belong to, blemishes forgiven, or None."""
    texts = codes.dropna().astype(str).str.strip().str.upper()
    if texts.empty:
        return None
    level, count = Counter(level_of(code) for code in texts).most_common(1)[0]
    return level if level is not None and count * 2 >= len(texts) else None


def as_text(codes: pd.Series, file: str, column: str) -> pd.Series:
    """Return codes as text, whole numbers included; GeoError where the column holds decimals or dates."""
    if pd.api.types.is_integer_dtype(codes) or pd.api.types.is_string_dtype(codes):
        return codes.astype("string").astype(object).where(codes.notna(), None)
    if codes.dropna().map(lambda code: isinstance(code, str)).all():
        return codes.astype(object).where(codes.notna(), None)
    example = next(iter(codes.dropna()), "")
    raise GeoError(
        [
            Fault(
                "Codes are text, and this column is not.",
                "Name the column of codes.",
                file,
                None,
                column,
                str(example),
            )
        ]
    )


def check_codes(codes: pd.Series, file: str, column: str, *, fictional: bool = False) -> list[Fault]:
    """Return every fault in a column of codes: blank, padded, lower case, malformed, pseudo, mixed, repeated.

    The form is held only where at least half of the codes are GSS codes of one level: elsewhere in the
    world codes have other forms. Rows count from 1. `fictional` says whether the place is; X codes are
    accepted only there.
    """
    level = common_level(codes)
    faults: list[Fault] = []
    for row, code in enumerate(codes, start=1):
        problem = _problem(code, level, fictional)
        if problem:
            faults.append(Fault(*problem, file, row, column, "" if code is None else str(code)))
    return capped(faults) + _duplicates(codes, file, column)


def _problem(code: object, level: str | None, fictional: bool) -> tuple[str, str] | None:
    """Return what is wrong with one code and the cure, or None."""
    if not isinstance(code, str) or not code.strip():
        return "The code is blank.", "Give the area its code or take the row out."
    if code != code.strip():
        return "The code has spaces around it.", "Trim it: a code with spaces matches nothing."
    if level is None:
        return None
    if _FORM.fullmatch(code.upper()) and code != code.upper():
        return "The code is in lower case.", f"Write {code.upper()}."
    if is_pseudo(code):
        return "The code means 'not applicable', not an area.", "Take the row out."
    return _form_problem(code, level, fictional)


def _form_problem(code: str, level: str, fictional: bool) -> tuple[str, str] | None:
    if not _FORM.fullmatch(code):
        return "This is not a GSS code (a letter and eight digits).", "Correct it from the publisher's list."
    if level_of(code) != level:
        other = LEVEL_NAMES.get(level_of(code) or "", "unknown kind")
        return (
            f"The other codes are of the kind {LEVEL_NAMES[level]}, this is of {other}.",
            "Keep one kind in a file.",
        )
    if is_fictional(code) and not fictional:
        return (
            "Codes X… are fictional.",
            "Say that the place is fictional (--fictional), or give its real codes.",
        )
    if fictional and not is_fictional(code):
        return (
            "A fictional place cannot have a code of a real area.",
            "Use codes X…, or leave --fictional out.",
        )
    return None


def _duplicates(codes: pd.Series, file: str, column: str) -> list[Fault]:
    plain = codes.reset_index(drop=True)
    faults = []
    for code in plain[plain.duplicated() & plain.notna()].unique():
        if not str(code).strip():
            continue
        rows = [str(row + 1) for row in plain.index[plain == code]]
        faults.append(
            Fault(
                f"The code stands in {len(rows)} rows ({', '.join(rows[:SHOWN])}).",
                "Keep one row an area: merge its parts, or remove the copy.",
                file,
                int(rows[1]),
                column,
                str(code),
            )
        )
    return capped(faults)


def capped(faults: list[Fault], limit: int = 20) -> list[Fault]:
    """Return at most `limit` faults of one kind, the last line saying how many more there are."""
    if len(faults) <= limit:
        return faults
    return [*faults[:limit], Fault(f"… and {len(faults) - limit} more like these.", "", faults[0].file)]


def some(codes: list[str], limit: int = SHOWN) -> str:
    """Return a few codes as one text, saying how many are left out."""
    shown = ", ".join(codes[:limit])
    return shown if len(codes) <= limit else f"{shown} and {len(codes) - limit} more"


def count(number: int, one: str, many: str) -> str:
    """Return a number with its noun and verb, such as "1 area has" or "2 areas have"."""
    return f"{number} {one if number == 1 else many}"
