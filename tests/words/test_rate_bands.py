"""What is said of areas of which a run from records tells a band, or nothing."""

import pytest

from words.labels import rate_band
from words.sentences import Answer, counted_sentence, kinds_sentence, need_sentence


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (0, 40, "Under 40 %"),
        (40, 60, "40 to 60 %"),
        (60, 100, "60 % or more"),
        (0, 100, "Too few children for a band"),
        (None, None, "Too few children to say"),
    ],
)
def test_a_band_is_told_in_words(low: float | None, high: float | None, said: str) -> None:
    assert rate_band(low, high) == said


def test_a_band_is_said_with_its_unit_and_no_number_beside_it() -> None:
    told = need_sentence(
        Answer("assessed", "firm", "hot", 5, rate_from=40, rate_to=60), 10, "per cent of children"
    )
    assert told.startswith("Children who needed more support so far: 40 to 60 % (per cent of children).")


def test_without_a_band_the_reason_is_said() -> None:
    told = need_sentence(
        Answer("too few children", "not assessed", "None", None, reason="too few children: see its LSOA"),
        10,
        "%",
    )
    assert told == "We cannot say how high the need is: too few children: see its LSOA."


def test_a_larger_area_is_told_rounded_or_not_at_all() -> None:
    assert counted_sentence("Town 1", "2022 to 2026", 25, 104, 24) == (
        "In Town 1, around it, about 25 of 104 children (24 %), 2022 to 2026."
    )
    assert "no number is told" in counted_sentence("Town 1", "2022 to 2026", None, 104, None)


def test_observed_and_predicted_stay_two_things() -> None:
    said = {
        kinds_sentence(kind) for kind in ("both", "observed only", "predicted only", "neither", "cannot say")
    }
    assert len(said) == 5
