"""Labels: the short words for signs, bands, statuses and categories, the same on map, table, legend and file."""

from words.categories import CATEGORIES
from words.palette import BANDS, NOT_ASSESSED

SIGNS: dict[str, str] = {
    "firm": "Firm hotspot",
    "suggestive": "Suggestive",
    "no sign": "No sign",
    "not assessed": "Not assessed",
}

SIGN_MEANINGS: dict[str, str] = {
    "firm": "need is high here and all around, and the answer holds however we ask",
    "suggestive": "need looks high here and around, but it may be a false alarm",
    "no sign": "no sign that high need gathers here",
    "not assessed": "we cannot say",
}

BAND_LABELS: dict[int, str] = {fill.band: fill.label for fill in BANDS}

FIFTHS: dict[int, str] = {
    5: "in the fifth with the highest need",
    4: "in the fifth with the second highest need",
    3: "in the middle fifth",
    2: "in the fifth with the second lowest need",
    1: "in the fifth with the lowest need",
}

CLUSTERS: dict[str, str] = {
    "hot": "High, with high around it",
    "cold": "Low, with low around it",
    "high_low": "High among low",
    "low_high": "Low among high",
    "none": "No pattern",
}

LEVELS: dict[str, tuple[str, str]] = {
    "oa": ("small area", "small areas"),
    "lsoa": ("neighbourhood", "neighbourhoods"),
    "msoa": ("wider neighbourhood", "wider neighbourhoods"),
    "district": ("district", "districts"),
    "ward": ("ward", "wards"),
    "area": ("area", "areas"),
}
"""What one area of a level is called in plain words, and several."""

TERMS: dict[str, tuple[str, str]] = {
    "oa": ("output area", "output areas"),
    "lsoa": ("LSOA", "LSOAs"),
    "msoa": ("MSOA", "MSOAs"),
}
"""The standard term, where the plain words are not the term: for analysts, in brackets."""

STATUS_REASONS: dict[str, str] = {
    "assessed": "assessed",
    "island": "no other area touches it, so it cannot be compared with its surroundings",
    "missing": "the data has no value for it",
    "constant": "every area has the same value, so none can stand out",
    "too few children": "too few children live here for anything to be told of them; the neighbourhood (LSOA) around "
    "is told instead",
    "no children": "no child here was assessed in these years",
    "withheld": "a small number of children could be worked out from it",
    "too few people": "too few people live here for a number that means something",
    "neighbours missing": "none of its neighbours has a value",
    "others constant": "all other areas have the same value, so its neighbours cannot stand out",
    "all neighbours": "every other area is its neighbour, so no other surroundings are possible",
    "too few areas": "fewer than three areas have a value",
    "buffer": "it lies outside the place and only serves as a neighbour",
}


KINDS: dict[str, str] = {
    "both": "Observed and predicted hotspot",
    "observed only": "Observed hotspot only",
    "predicted only": "Predicted hotspot only",
    "neither": "Neither",
    "cannot say": "We cannot say: no prediction is told",
}
"""Where the two kinds of hotspot agree in a run from records; they are never joined into one."""


def rate_band(low: float | None, high: float | None) -> str:
    """Return a band of a rate in per cent as *20 to 40 %*, *under 40 %* or *60 % or more*; without one, why not."""
    if low is None or high is None:
        return "Too few children to say"
    if low <= 0 and high >= 100:
        return "Too few children for a band"
    if low <= 0:
        return f"Under {high:g} %"
    return f"{low:g} % or more" if high >= 100 else f"{low:g} to {high:g} %"


def place_label(title: str, *, fictional: bool) -> str:
    """Return the name of a place, with *fictional* beside it wherever the place is made up."""
    return f"{title} (fictional)" if fictional else title


def sign_label(sign: str) -> str:
    """Return the short words for a sign; one that is not known is shown as it is."""
    return SIGNS.get(sign, sign)


def band_label(band: int | None) -> str:
    """Return the words for a band from 1 to 5, or those for an area without an answer."""
    return NOT_ASSESSED.label.split(":")[0] if band is None else BAND_LABELS[band]


def level_name(level: str) -> str:
    """Return what one area of a level is called; a level that is not known is shown as it is."""
    return LEVELS.get(level, (level, level))[0]


def level_names(level: str) -> str:
    """Return what the areas of a level are called."""
    return LEVELS.get(level, (level, level))[1]


def level_term(level: str) -> str:
    """Return what one area of a level is called with the standard term in brackets: *neighbourhood (LSOA)*."""
    return f"{level_name(level)} ({TERMS[level][0]})" if level in TERMS else level_name(level)


def level_terms(level: str) -> str:
    """Return the same for several: *neighbourhoods (LSOAs)*."""
    return f"{level_names(level)} ({TERMS[level][1]})" if level in TERMS else level_names(level)


def status_reason(status: str) -> str:
    """Return why an area has no answer, as the end of a sentence."""
    return STATUS_REASONS.get(status, status)


def category_label(category: str) -> str:
    """Return a category code in plain words: `food_bank` is *Food bank*; one not known is spelt out."""
    known = CATEGORIES.get(category)
    name = known.name if known else category.replace("_", " ")
    return name[:1].upper() + name[1:]
