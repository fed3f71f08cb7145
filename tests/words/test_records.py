"""Sentences of a run from records: what is told, what is withheld, and that the two never look alike."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from words.labels import KINDS, level_term
from words.records import (
    LAYERS,
    band_sentence,
    beside_sentence,
    between,
    calibration_sentence,
    chance_sentence,
    dates_in_words,
    forecast_sentence,
    gain_sentence,
    group_phrase,
    instead_sentence,
    kinds_summary,
    known_sentence,
    short_instead,
    trend_sentence,
    unexplained_sentence,
    worse_line,
    wrong_line,
)


def test_a_forecast_says_how_many_of_how_many_and_between_what() -> None:
    assert forecast_sentence("Marshwick", "2027", 2325, 665, low=560, high=765) == (
        "Of about 2,325 children in Marshwick who are assessed at school in 2027, about 665 will probably need more "
        "support: about 3 in 10. It may well be anything from 560 to 765."
    )


def test_a_low_end_that_is_too_small_to_tell_is_no_nought() -> None:
    assert "from very few to 15" in forecast_sentence("A", "2027", 90, 10, low=0, high=15)
    assert between(0, 15) == "up to 15"
    assert between(10, 25) == "10 to 25"


def test_a_trend_is_told_only_beyond_chance() -> None:
    assert "no clear rise or fall" in trend_sentence(0.7, 0.4, 26, 30)
    assert trend_sentence(-0.7, 0.3, 26, 30).startswith(
        "The share has fallen by about 0.7 in 100 children a year"
    )
    assert "risen" in trend_sentence(0.7, 0.3, 26, 30)
    assert trend_sentence(0.0, 0.4, 24.8, 25.2) == "The share is about 25 % in every year."


def test_too_few_children_are_told_by_the_lsoa() -> None:
    told = instead_sentence(
        level_term("lsoa"), "Eastmere 004B", 30, count=25, children=84, period="2022 to 2026"
    )
    assert told == (
        "Too few children here to tell of. In the neighbourhood (LSOA) around, Eastmere 004B, about 30 % needed more "
        "support (about 25 of 84 children, 2022 to 2026)."
    )
    hidden = instead_sentence(
        level_term("lsoa"), "Eastmere 004B", None, count=None, children=84, period="2022 to 2026"
    )
    assert "84" not in hidden
    assert "no number may be told either" in hidden
    assert (
        short_instead(level_term("lsoa"), 30) == "Too few children; neighbourhood (LSOA) around: about 30 %"
    )
    assert short_instead(level_term("lsoa"), None) == "Too few children to say"


@given(some.dictionaries(some.sampled_from(list(KINDS)), some.integers(0, 50)))
def test_observed_and_predicted_are_never_added_up(counts: dict[str, int]) -> None:
    told = kinds_summary(counts, "Marshwick")
    assert ("both observed and predicted" in told) == bool(counts.get("both"))
    assert ("only observed" in told) == bool(counts.get("observed only"))
    assert ("only predicted" in told) == bool(counts.get("predicted only"))


def test_kinds_are_counted_in_words() -> None:
    counts = {"both": 1, "predicted only": 12, "neither": 3, "cannot say": 2}
    assert kinds_summary(counts, "Northside") == (
        "Small areas in a hotspot in Northside: one is both observed and predicted and 12 are only predicted. "
        "Of two small areas no prediction can be told."
    )
    assert kinds_summary({"cannot say": 4}, "Northside") == (
        "Of no small area in Northside can a prediction be told."
    )
    assert "No small area" in kinds_summary({"neither": 4}, "Northside")


@pytest.mark.parametrize(("rate", "said"), [(29, "about as"), (40, "more than"), (20, "less than")])
def test_a_rate_stands_beside_the_districts(rate: float, said: str) -> None:
    assert said in beside_sentence(rate, 28)


def test_a_ward_has_a_band_for_another_reason_than_few_children() -> None:
    assert "cuts across" in band_sentence(20, 30, "%", ward=True)
    assert "so few children" in band_sentence(20, 30, "%")


def test_coverage_is_a_rate_or_a_band() -> None:
    assert known_sentence("Housing", 41) == "Housing: 41 % of the children here are in its records."
    assert known_sentence("Housing", None, 30, 40).startswith("Housing: 30 to 40 %")


def test_a_chance_says_what_it_is_called() -> None:
    assert "It is called a predicted hotspot" in chance_sentence("95 % or more", 0.05, hot=True)
    assert "more than 5 in 100 children is 20 to 50 %. It is not called" in chance_sentence(
        "20 to 50 %", 0.05, hot=False
    )


def test_what_the_records_do_not_explain_is_asked_of_people() -> None:
    assert "people who live and work here may know" in unexplained_sentence("need")
    assert "worth asking" in unexplained_sentence("strength")


def test_chances_that_are_off_are_counted() -> None:
    right = {"chance": 0.1, "observed": 0.1, "low": 0.05, "high": 0.15}
    high = {"chance": 0.7, "observed": 0.6, "low": 0.55, "high": 0.65}
    low = {"chance": 0.2, "observed": 0.4, "low": 0.35, "high": 0.45}
    assert "about right throughout" in calibration_sentence([right, right])
    told = calibration_sentence([right, low, high])
    assert "too high in one group and too low in one group" in told
    assert "(70 in 100 on average), 60 in 100 turned out" in told
    assert "nobody has looked" in calibration_sentence([])


def test_for_whom_it_is_worse_and_wrong() -> None:
    told = worse_line(
        "how deprived the area is", [("least deprived fifth", 0.77)], "most deprived fifth", 0.39
    )
    assert "least deprived fifth (77 in 100). Least often in this: most deprived fifth (39 in 100)." in told
    assert wrong_line("term", "autumn", 0.3, 0.24).startswith("Children born in the autumn term: too many")
    assert wrong_line("sex", "m", 0.3, 0.34).startswith("Boys: too few")


@pytest.mark.parametrize(
    ("grouping", "group", "said"),
    [
        ("first_language", "True", "children whose first language is English"),
        ("first_language", "False", "children with another first language"),
        ("first_language", "not known", "children whose first language is not known"),
        ("ethnicity", "WEEU", "White Eastern European children"),
        ("ethnicity", "not known", "children whose ethnic group is not known"),
        ("deprivation", "second", "children in the second least deprived fifth of areas"),
        ("school_kind", "small", "small (school kind)"),
    ],
)
def test_a_group_is_called_as_people_call_it(grouping: str, group: str, said: str) -> None:
    assert group_phrase(grouping, group) == said


@pytest.mark.parametrize(
    ("more", "low", "high", "said"),
    [
        (33, 24, 42, "about 33 more (likely 24 to 42)."),
        (4, -3, 10, "about 4 more (likely between 3 fewer and 10 more)."),
        (-5, -9, -1, "about 5 fewer (likely 1 to 9)."),
    ],
)
def test_a_gain_may_be_a_loss(more: float, low: float, high: float, said: str) -> None:
    told = gain_sentence(
        "deprivation alone", 100, model=202 + more, simpler=202, more=more, low=low, high=high
    )
    assert told.endswith(f"going by deprivation alone, about 202. That is {said}")


def test_dates_are_written_as_people_write_them() -> None:
    assert dates_in_words("2016-09-01 to 2026-09-30") == "1 September 2016 to 30 September 2026"
    assert dates_in_words("not given, 2026-13-45") == "not given, 2026-13-45"


def test_the_four_maps_have_words_of_their_own() -> None:
    assert len(set(LAYERS.values())) == len(LAYERS) == 4
