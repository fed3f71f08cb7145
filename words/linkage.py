"""Linkage in words: what each agreement between two records weighs, said so that it can be read without the picture."""

from collections.abc import Mapping, Sequence
from math import floor, log2, log10

PRIOR = "before anything is compared"
"""What the chart of match weights calls the start: how seldom two records drawn at random are of one child."""

COMPARISONS: Mapping[str, str] = {
    "forename": "Forename",
    "surname": "Surname",
    "born": "Date of birth",
    "sex": "Sex",
    "home": "Home",
    "guardian": "Parent or carer",
}

Weighed = tuple[str, str, float]
"""A comparison in words, its outcome, and the match weight in powers of two."""


def weight_text(weight: float) -> str:
    """Return a match weight with its sign: *+7.3*, *−4.4*, and *0.0* where it is nearly nothing."""
    return "0.0" if round(weight, 1) == 0 else f"{weight:+.1f}".replace("-", "−")


def odds_words(weight: float) -> str:
    """Return what a match weight means: how many times as often it is seen among records of one child as among others.

    Example: `odds_words(-3)` is *8 times as often among records of others*.
    """
    times = 2 ** abs(weight)
    rounded = round(times, 1 - floor(log10(times)))
    if rounded <= 1:
        return "as often among both"
    whose = "one child" if weight > 0 else "others"
    return f"{rounded:,.10g} times as often among records of {whose}"


def strongest_sentence(weighed: Sequence[Weighed]) -> str:
    """Say what speaks most for and most against two records being one child's."""
    most, least = (choose(weighed, key=lambda row: row[2]) for choose in (max, min))
    return (
        f"What speaks most for one child is {_thing(most)}: it is seen {odds_words(most[2])}. What speaks most against "
        f"is {_thing(least)}: it is seen {odds_words(least[2])}."
    )


def _thing(weighed: Weighed) -> str:
    comparison, outcome, _ = weighed
    return f"{comparison.lower()}, {outcome} ({weight_text(weighed[2])})"


def adding_sentence(start: float, threshold: float) -> str:
    """Say how weights are added: where two records start, and from where they are put together.

    :param threshold: the match probability from which a pair is linked, above 0 and below 1.
    """
    enough = log2(threshold / (1 - threshold))
    return (
        f"Two records start at {weight_text(start)}, because few pairs are of one child. What agrees adds to it, what "
        f"differs takes away, and from {weight_text(enough)} in all they are put together. Each step of 1 doubles the "
        "odds. A rare name counts for more than is shown here, a common one for less."
    )
