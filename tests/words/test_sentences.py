import pytest
from hypothesis import given
from hypothesis import strategies as some

from words.labels import SIGNS, STATUS_REASONS, band_label, category_label, place_label, sign_label
from words.sentences import (
    Answer,
    Near,
    certainty_sentence,
    count_words,
    ended,
    joined,
    map_alternative,
    metres_words,
    nearby_sentence,
    need_sentence,
    place_sentence,
    share_in_words,
    ways_sentence,
)

FIRM = Answer("assessed", "firm", "hot", 5, 28.4, 24.1, 33.2, 0.002, 11 / 12, is_rate=True)
ANSWERS = some.builds(
    Answer,
    status=some.sampled_from(list(STATUS_REASONS)),
    sign=some.sampled_from(list(SIGNS)),
    cluster=some.sampled_from(["hot", "cold", "high_low", "low_high", "none"]),
    band=some.none() | some.integers(1, 5),
    value=some.none() | some.floats(-100, 100),
    stability=some.none() | some.floats(0, 1),
    is_rate=some.booleans(),
)


def test_a_rate_is_told_in_tens_with_its_interval() -> None:
    assert need_sentence(FIRM, 584, "per cent of homes") == (
        "Need here is in the fifth with the highest need of the 584 areas we could compare. "
        "About 3 in 10 (per cent of homes: 28, likely between 24 and 33)."
    )


def test_an_index_is_told_by_its_fifth_alone() -> None:
    told = need_sentence(Answer("assessed", "no sign", "none", 3, 0.4), 600, "standard deviations")
    assert told == "Need here is in the middle fifth of the 600 areas we could compare."


def test_no_answer_is_told_with_its_reason_and_is_not_nought() -> None:
    told = need_sentence(Answer("too few people", "not assessed", "none", None), 600, "per cent")
    assert told.startswith("We cannot say how high the need is: too few people")
    assert "0" not in told


def test_an_island_has_a_need_but_no_certainty() -> None:
    island = Answer("island", "not assessed", "none", 4, 12.0)
    assert "second highest" in need_sentence(island, 600, "")
    assert certainty_sentence(island).startswith(
        "We cannot say whether high need gathers here: no other area touches"
    )


def test_firm_names_the_ways_that_agree() -> None:
    assert certainty_sentence(FIRM, 12).endswith("11 of 12 ways of asking put it in a hotspot.")


def test_one_way_of_asking_is_no_agreement() -> None:
    assert ways_sentence(1.0, 1) == ""
    assert ways_sentence(0.0, 12) == ""


@pytest.mark.parametrize(
    ("sign", "cluster", "begins"),
    [
        ("suggestive", "none", "Suggestive:"),
        ("no sign", "high_low", "High among low"),
        ("no sign", "low_high", "Low among high"),
        ("no sign", "cold", "Need is low here and in the areas around it"),
        ("no sign", "none", "No sign that high need gathers"),
    ],
)
def test_each_kind_of_answer_has_its_sentence(sign: str, cluster: str, begins: str) -> None:
    assert certainty_sentence(Answer("assessed", sign, cluster, 2)).startswith(begins)


def test_no_sign_never_says_that_nobody_is_in_need() -> None:
    assert "People here may be in need all the same." in certainty_sentence(
        Answer("assessed", "no sign", "none", 1)
    )


@given(ANSWERS, some.integers(0, 700), some.integers(1, 20))
def test_every_answer_has_whole_sentences(answer: Answer, areas: int, ways: int) -> None:
    for told in (need_sentence(answer, areas, "per cent"), certainty_sentence(answer, ways)):
        assert told[0].isupper()
        assert told.endswith(".")
        assert "None" not in told
        assert "nan" not in told


@pytest.mark.parametrize(
    ("per_cent", "words"),
    [
        (0.2, "fewer than 1 in 100"),
        (4, "about 4 in 100"),
        (6, "about 6 in 100"),
        (14.6, "about 15 in 100"),
        (88, "about 88 in 100"),
        (28.4, "about 3 in 10"),
        (97, "about 97 in 100"),
    ],
)
def test_shares_are_told_as_people_count(per_cent: float, words: str) -> None:
    assert share_in_words(per_cent) == words


@pytest.mark.parametrize(
    ("metres", "words"), [(0, "10 m"), (84, "80 m"), (994, "990 m"), (999.9, "1.0 km"), (1249, "1.2 km")]
)
def test_distances_are_rounded_as_they_deserve(metres: float, words: str) -> None:
    assert metres_words(metres) == words


def test_what_is_near_is_named_with_its_distance() -> None:
    near = [
        Near("St Mary's Hall", "hall", 312.0, "fresh", "confirmed 3 May 2026"),
        Near("Dr Rao", "gp", 1180.0),
    ]
    assert nearby_sentence(near, 1200) == (
        "Near here, in a straight line: St Mary's Hall (hall, 310 m) and Dr Rao (GP practice, 1.2 km)."
    )


def test_no_asset_is_never_claimed() -> None:
    told = nearby_sentence([], 800)
    assert told.startswith("Nobody has recorded an asset within 800 m")
    assert "no asset" not in told.lower()


def test_a_place_is_told_by_its_signs() -> None:
    counts = {"firm": 41, "suggestive": 1, "no sign": 500, "not assessed": 2}
    assert place_sentence(counts, "Marshwick (fictional)") == (
        "In Marshwick (fictional), 41 areas form firm hotspots and one area is suggestive. "
        "Of two areas we cannot say whether they are in a hotspot."
    )
    told = place_sentence({"firm": 1, "not assessed": 1}, "Town", observed=True)
    assert told == (
        "In Town, one area forms a firm hotspot. Of one area we cannot say whether it is in an observed hotspot."
    )
    assert place_sentence({"no sign": 9}, "Town") == "In Town, no area is part of a firm hotspot."


def test_the_map_has_words_that_say_what_it_shows() -> None:
    told = map_alternative("Where?", "Town", {"firm": 1}, 250, "Harrow Field B1")
    assert told == (
        "Map of Town. Where? In Town, one area forms a firm hotspot. 250 assets shown. Harrow Field B1 is chosen. "
        "The table says the same."
    )


def test_counts_and_lists_read_as_people_write_them() -> None:
    assert [count_words(count, "area") for count in (0, 1, 2, 10, 11, 1200)] == [
        "no areas", "one area", "two areas", "ten areas", "11 areas", "1,200 areas",
    ]  # fmt: skip
    assert [joined(parts) for parts in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]


def test_labels_say_fictional_and_spell_categories() -> None:
    assert place_label("Marshwick", fictional=True) == "Marshwick (fictional)"
    assert place_label("Basildon", fictional=False) == "Basildon"
    assert category_label("food_bank") == "Food bank"
    assert category_label("gp") == "GP practice"
    assert category_label("tool_library") == "Tool library"
    assert (band_label(5), band_label(None), sign_label("firm")) == (
        "Highest need",
        "Not assessed",
        "Firm hotspot",
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [("set it aside", "set it aside."), ("set it aside.", "set it aside."), ("a.. ", "a."), ("Who?", "Who?")],
)
def test_a_sentence_ends_once(text: str, said: str) -> None:
    assert ended(text) == said
