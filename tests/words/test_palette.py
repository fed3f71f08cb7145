"""The palette: steps that can be told apart in print, by any eye, and lines that stand out on every band."""

import colorsys
from itertools import pairwise

import numpy as np
import pytest

from words import palette
from words.categories import CATEGORIES
from words.palette import ASSET_MARKS, BANDS, NOT_ASSESSED, OUTLINES, contrast, luminance, rgb

# Machado, Oliveira & Fernandes (2009), severity 1.0, on linear RGB.
VISION = {
    "protan": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deutan": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritan": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}


def seen_luminance(colour: str, kind: str) -> float:
    part = np.array(rgb(colour)) / 255
    linear = np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)
    return float(np.array([0.2126, 0.7152, 0.0722]) @ np.clip(np.array(VISION[kind]) @ linear, 0, 1))


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#777777", "#ffffff", 4.48),
        ("#ff0000", "#ffffff", 4.00),
        ("#abcdef",) * 2 + (1,),
    ],
)
def test_contrast_is_that_of_published_checkers(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.01)  # webaim.org/resources/contrastchecker
    assert contrast(other, one) == contrast(one, other)


def test_bands_run_from_pale_to_dark_in_steps_that_can_be_told_apart() -> None:
    assert [fill.band for fill in BANDS] == [1, 2, 3, 4, 5]
    for paler, darker in pairwise(BANDS):
        assert luminance(paler.colour) > luminance(darker.colour)
        assert contrast(paler.colour, darker.colour) >= 1.4


def test_bands_are_one_hue() -> None:
    hues = [360 * colorsys.rgb_to_hls(*(part / 255 for part in rgb(fill.colour)))[0] for fill in BANDS]
    assert max(hues) - min(hues) <= 15


@pytest.mark.parametrize("kind", VISION)
def test_bands_stay_apart_for_every_kind_of_colour_vision(kind: str) -> None:
    seen = [seen_luminance(fill.colour, kind) for fill in BANDS]
    assert all((paler + 0.05) / (darker + 0.05) >= 1.3 for paler, darker in pairwise(seen))


@pytest.mark.parametrize("outline", OUTLINES, ids=lambda outline: outline.key)
def test_every_line_stands_out_on_every_fill(outline: palette.Outline) -> None:
    grounds = [fill.colour for fill in BANDS] + [NOT_ASSESSED.ground]
    assert min(contrast(outline.colour, ground) for ground in grounds) >= 3


def test_lines_differ_in_their_dashes_and_not_only_in_colour() -> None:
    assert len({outline.dashes for outline in OUTLINES}) == len(OUTLINES)
    assert palette.FIRM.dashes == ()
    assert palette.FIRM.width == max(outline.width for outline in OUTLINES)


def test_hatching_can_be_seen_and_is_no_band() -> None:
    assert contrast(NOT_ASSESSED.line, NOT_ASSESSED.ground) >= 3
    assert NOT_ASSESSED.hatch != "none"


def test_assets_are_told_by_shape_and_letter_too() -> None:
    assert len({mark.shape for mark in ASSET_MARKS}) == len(ASSET_MARKS) == 7
    assert len({mark.letter for mark in ASSET_MARKS}) == len(ASSET_MARKS)
    for mark in ASSET_MARKS:
        assert contrast(palette.MARK_LETTER, mark.colour) >= 4.5
        assert contrast(palette.MARK_RING, mark.colour) >= 3
    assert min(contrast(palette.MARK_EDGE, fill.colour) for fill in BANDS) >= 3


def test_every_category_has_a_mark() -> None:
    assert {category.group for category in CATEGORIES.values()} <= {mark.group for mark in ASSET_MARKS}
    assert palette.asset_mark("library").group == "learning"
    assert palette.asset_mark("a kind nobody thought of").group == "other"


def test_an_area_without_a_band_gets_the_ground_of_not_assessed() -> None:
    assert palette.band_colour(None) == NOT_ASSESSED.ground
    assert palette.band_colour(5) == BANDS[4].colour
