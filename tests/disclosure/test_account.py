"""The account: figures about the model and the linkage, so coarse that no child is behind a digit."""

import pandas as pd
import pytest

from disclosure.account import account_of, counted, in_words, release_account
from geo import rates


@pytest.mark.parametrize(
    ("count", "told"), [(0, 0), (1, "fewer than 8"), (7, "fewer than 8"), (8, 10), (12, 10), (1413, 1415)]
)
def test_counts_that_are_no_areas(count: int, told: int | str) -> None:
    assert counted(count) == told


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("40,273 of 40,475 rows were placed.", "40,275 of 40,475 rows were placed."),
        ("3 pairs were held apart.", "fewer than 8 pairs were held apart."),
        ("5 cohorts are pooled (2022 to 2026).", "5 cohorts are pooled (2022 to 2026)."),
        ("0.0646 lower (0.0559 to 0.0748)", "0.06 lower (0.06 to 0.07)"),
        ("of 15,263 once linked", "of 15,265 once linked"),
    ],
)
def test_numbers_in_sentences(sentence: str, told: str) -> None:
    assert in_words(sentence) == told


def rate(part: int, whole: int) -> dict[str, float]:
    low, high = rates.interval(pd.Series([float(part)]), pd.Series([float(whole)]))
    return {"value": part / whole, "low": float(low[0]), "high": float(high[0])}


@pytest.mark.parametrize(("part", "whole"), [(30, 60), (25, 120), (300, 900), (40, 4000)])
def test_at_least_five_children_stand_behind_each_step_of_a_rate(part: int, whole: int) -> None:
    def told(count: int) -> object:
        content = {"groups": [{"observed": rate(count, whole)}]}
        return account_of(release_account(content, 5000))["groups"][0]["observed"]["value"]

    values = [told(count) for count in range(part - 12, part + 13)]
    runs = [values.count(value) for value in set(values[5:-5]) if value not in (values[0], values[-1])]
    assert all(length >= 5 for length in runs)


def test_a_rate_on_few_children_is_not_told() -> None:
    told = account_of(release_account({"groups": [{"observed": rate(12, 24), "expected": 0.4}]}, 5000))
    assert told == {"groups": [{"observed": {"value": None, "low": None, "high": None}, "expected": None}]}


def test_content_keeps_its_shape_and_what_is_plain() -> None:
    content = {"a": [{"b": 0.12345, "n": 33}, {}], "seed": 20260501, "said": True, "none": None, "list": []}
    told = account_of(release_account(content, 500, plain=("seed",)))
    assert told == {"a": [{"b": 0.12, "n": 35}, {}], "seed": 20260501, "said": True, "none": None, "list": []}
