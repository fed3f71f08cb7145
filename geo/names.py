"""Names: what to call an area that its publisher gave only a code."""

import re

import pandas as pd

_LETTER = re.compile(r".*\d([A-Z]{1,2})")


def area_names(known: pd.DataFrame) -> pd.Series:
    """Return a name for each area, from what is known of it (index: area code).

    Its own name where a file gave one; else, for an output area, its place in its LSOA by the order of
    codes: "Harrow Field B3" (third area of the LSOA whose name ends in B, in the neighbourhood Harrow
    Field), or "Basildon 001A · 3" where the neighbourhood has no name of its own; else its code.
    """
    names = pd.Series(known.index, index=known.index, dtype=object)
    if "lsoa_name" in known.columns:
        names = _in_lsoa(known).where(known["lsoa_name"].notna(), names)
    if "name" in known.columns:
        names = known["name"].where(known["name"].notna(), names)
    return names.astype(object)


def _in_lsoa(known: pd.DataFrame) -> pd.Series:
    """Return names of output areas by their LSOA."""
    group = known["lsoa"] if "lsoa" in known.columns else known["lsoa_name"]
    number = (known.sort_index().groupby(group.sort_index()).cumcount() + 1).reindex(known.index)
    names = {}
    for code, lsoa_name in known["lsoa_name"].items():
        letter = _LETTER.fullmatch(str(lsoa_name))
        neighbourhood = known["msoa_name"].get(code) if "msoa_name" in known.columns else None
        named = isinstance(neighbourhood, str) and not str(lsoa_name).startswith(neighbourhood)
        if named and letter:
            names[code] = f"{neighbourhood} {letter.group(1)}{number[code]}"
        else:
            names[code] = f"{lsoa_name} · {number[code]}"
    return pd.Series(names, dtype=object).reindex(known.index)
