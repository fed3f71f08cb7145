"""Two runs in a sentence: every kind of count, none and one among them."""

import pytest

from words import comparing


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        (
            {"both": 32, "coarse only": 3, "fine only": 35, "neither": 530},
            "Asked of small areas and of neighbourhoods, the answer is the same in 562 of 600 small areas: 32 areas "
            "are in a hotspot both ways. 35 areas are in a hotspot only when we ask of small areas, three only when we "
            "ask of neighbourhoods.",
        ),
        (
            {"both": 1, "fine only": 1, "neither": 5, "cannot say": 2},
            "Asked of small areas and of neighbourhoods, the answer is the same in 6 of 7 small areas: one area is in "
            "a hotspot both ways. One area is in a hotspot only when we ask of small areas, none only when we ask of "
            "neighbourhoods. Of two areas we cannot say.",
        ),
        ({"cannot say": 4}, "Of no area can we say what both small areas and neighbourhoods show."),
    ],
)
def test_two_levels_in_a_sentence(counts: dict[str, int], said: str) -> None:
    assert comparing.across_sentence(counts, "oa", "lsoa") == said


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        (
            {"new": 3, "gone": 1, "persisting": 66, "neither": 530},
            "Three areas are newly in a hotspot, one is no longer, and 66 still are.",
        ),
        (
            {"gone": 2, "persisting": 1, "neither": 9, "cannot say": 1},
            "No areas are newly in a hotspot, two are no longer, and one still is. Of one area we cannot say.",
        ),
        ({"persisting": 12, "neither": 9}, "Nothing changed: 12 areas are in a hotspot in both runs."),
        ({}, "Of no area can we say what both runs show."),
    ],
)
def test_a_change_in_a_sentence(counts: dict[str, int], said: str) -> None:
    assert comparing.change_sentence(counts) == said


def test_every_outcome_has_a_label_and_those_that_differ_are_among_them() -> None:
    labels = {**comparing.change_labels(), **comparing.across_labels("oa", "msoa")}
    assert set(comparing.DIFFER) < set(labels)
    assert labels["coarse only"] == "Only by wider neighbourhoods"


def test_agreement_is_a_share_in_words_or_nothing() -> None:
    assert "about 93 in 100 agree" in comparing.agreement_sentence(0.93)
    assert "all agree" in comparing.agreement_sentence(1.0)
    assert comparing.agreement_sentence(None) == ""


@pytest.mark.parametrize(
    ("hot", "here", "said"),
    [
        (True, True, "Asked of neighbourhoods (LSOAs), this place is in a hotspot too."),
        (True, False, "Asked of neighbourhoods (LSOAs), this place is in a hotspot."),
        (False, True, "Asked of neighbourhoods (LSOAs), this place is not in a hotspot."),
        (None, True, "Asked of neighbourhoods (LSOAs), we cannot say whether this place is in a hotspot."),
    ],
)
def test_what_larger_areas_say_of_a_place(hot: bool | None, here: bool, said: str) -> None:
    assert comparing.scale_sentence(hot, "lsoa", here=here) == said
