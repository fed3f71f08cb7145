"""Match weights in words: powers of two worked by hand."""

import pytest

from words.linkage import adding_sentence, odds_words, weight_text


@pytest.mark.parametrize(
    ("weight", "said"),
    [
        (3.0, "8 times as often among records of one child"),
        (-3.0, "8 times as often among records of others"),
        (0.5, "1.4 times as often among records of one child"),
        (14.05, "17,000 times as often among records of one child"),  # 2^14.05 is 16,962
        (0.0, "as often among both"),
        (-0.04, "as often among both"),
    ],
)
def test_a_weight_is_how_many_times_as_often(weight: float, said: str) -> None:
    assert odds_words(weight) == said


def test_weights_are_written_with_their_sign_and_the_start_and_the_end_are_told() -> None:
    assert [weight_text(weight) for weight in (7.31, -4.38, -0.04)] == ["+7.3", "−4.4", "0.0"]
    assert "from +3.2 in all" in adding_sentence(-14.3, 0.9)
    assert "from 0.0 in all" in adding_sentence(-14.3, 0.5)
