"""Marks in plain words: every mark that a model can be held to has words that need no statistics."""

import pytest

from words.marks import in_plain_words


@pytest.mark.parametrize(
    ("mark", "said"),
    [
        (
            "at least 0.05 more children found in each place visited than by the area's rate in the last cohort, 20% "
            "of places visited, and surely more than none",
            "at least 5 more children found in every 100 places visited than by the area's rate in the last cohort, "
            "with 20 in 100 places visited, and surely more than none",
        ),
        (
            "Not met: a lower log loss than the overall rate. Not met: a calibration slope between 0.7 and 1.4.",
            "Not met: chances nearer to what came about than those of the overall rate. Not met: differences between "
            "children told neither much too large nor much too small.",
        ),
        ("The map shows one rate for all.", "The map shows one rate for all."),
    ],
)
def test_a_mark_is_said_without_terms_of_statistics(mark: str, said: str) -> None:
    assert in_plain_words(mark) == said
    assert in_plain_words(said) == said
