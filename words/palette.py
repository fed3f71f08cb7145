"""The palette: five bands in one hue, the lines round hotspots, the hatching for no answer, marks for assets.

The bands step by an equal contrast of 1.45 from the palest to the darkest (WCAG 2.2 relative luminance), so
they stay apart in grey print and for every kind of colour vision. The darkest is pale enough for each line
to stand 3:1 against every band. Nothing is told by colour alone: lines differ in their dashes, assets in
shape and letter.
"""

from dataclasses import dataclass
from typing import Literal

from words.categories import CATEGORIES

Hatch = Literal["none", "diagonal"]


@dataclass(frozen=True)
class BandFill:
    """How the areas of one band are filled, and what the band is called."""

    band: int
    colour: str
    label: str


@dataclass(frozen=True)
class Outline:
    """A line round areas of one kind: its width in pixels on a screen and its dashes (on, off, in pixels)."""

    key: str
    colour: str
    width: float
    dashes: tuple[float, ...]
    label: str


@dataclass(frozen=True)
class Pattern:
    """A hatched fill: lines of one colour on a ground, `gap` pixels apart and `width` wide."""

    key: str
    ground: str
    line: str
    hatch: Hatch
    gap: float
    width: float
    label: str


@dataclass(frozen=True)
class AssetMark:
    """How assets of one group are drawn: a filled shape, a pale letter, a dark edge, a pale ring round it."""

    group: str
    colour: str
    shape: Literal["circle", "square", "triangle", "diamond", "pentagon", "hexagon", "cross"]
    letter: str
    label: str


INK = "#111111"
PAPER = "#ffffff"
AREA_EDGE = "#6b6472"

BANDS: tuple[BandFill, ...] = (
    BandFill(1, "#f8f1fe", "Lowest need"),
    BandFill(2, "#dac4f0", "Lower need"),
    BandFill(3, "#be9be9", "Middle"),
    BandFill(4, "#a277df", "Higher need"),
    BandFill(5, "#8559ce", "Highest need"),
)

NOT_ASSESSED = Pattern("not assessed", PAPER, "#5f5f5f", "diagonal", 6.0, 1.2, "Not assessed: we cannot say")

FIRM = Outline("firm", INK, 3.0, (), "Firm hotspot")
SUGGESTIVE = Outline("suggestive", INK, 2.2, (6.0, 3.0), "Suggestive: may be a false alarm")
COLD = Outline("cold", "#001f54", 2.2, (1.5, 3.0), "Cold spot: low, with low around it")
HIGH_AMONG_LOW = Outline("high_low", "#4a1300", 2.6, (8.0, 3.0, 1.5, 3.0), "High among low")
OUTLINES: tuple[Outline, ...] = (FIRM, SUGGESTIVE, COLD, HIGH_AMONG_LOW)

OBSERVED = Outline("observed", INK, 3.0, (), "Observed hotspot")
PREDICTED = Outline("predicted", INK, 2.6, (9.0, 4.0), "Predicted hotspot")
PREDICTED_COLD = Outline("predicted cold", "#001f54", 2.2, (1.5, 3.0), "Predicted cold spot")
"""Lines of a run from records, where what was observed and what is predicted are two maps, or lie side by side."""

MARK_EDGE = INK
MARK_RING = PAPER
MARK_LETTER = PAPER

ASSET_MARKS: tuple[AssetMark, ...] = (
    AssetMark("meeting", "#a3260f", "square", "M", "Places to meet"),
    AssetMark("learning", "#005a9c", "triangle", "L", "Learning and childcare"),
    AssetMark("health", "#8a1157", "cross", "H", "Health and care"),
    AssetMark("food", "#7a4a00", "pentagon", "F", "Food and advice"),
    AssetMark("outdoors", "#0f6b3a", "hexagon", "G", "Green space and play"),
    AssetMark("sport", "#00595c", "diamond", "S", "Sport and leisure"),
    AssetMark("other", "#3f4752", "circle", "O", "Other"),
)


def asset_mark(category: str) -> AssetMark:
    """Return the mark for an asset category code; one that belongs to no group gets the mark of *other*."""
    known = CATEGORIES.get(category)
    group = known.group if known else "other"
    return next(mark for mark in ASSET_MARKS if mark.group == group)


def band_colour(band: int | None) -> str:
    """Return the fill of a band (1 to 5), or the ground of *not assessed* where there is none."""
    return NOT_ASSESSED.ground if band is None else BANDS[band - 1].colour


def rgb(colour: str) -> tuple[int, int, int]:
    """Return `#rrggbb` as three whole numbers from 0 to 255."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour, from 0 (black) to 1 (white), as WCAG 2.2 defines it."""

    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(part / 255) for part in rgb(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the WCAG 2.2 contrast ratio of two colours, from 1 (the same) to 21 (black on white)."""
    paler, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (paler + 0.05) / (darker + 0.05)
