"""Categories: codes, names and spellings that agree with each other and with the palette."""

import re

import pytest

from words.categories import CATEGORIES, category_code
from words.palette import ASSET_MARKS

PUBLISHED = {
    "community_centre", "library", "place_of_worship", "playground", "park", "childcare", "school", "gp",
    "pharmacy", "sports_centre", "food_bank", "hall", "club", "family_hub", "advice", "cafe", "allotment",
    "warm_space", "charity", "health", "other",
}  # fmt: skip


def test_the_published_codes_are_known() -> None:
    assert set(CATEGORIES) >= PUBLISHED
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)*", code) for code in CATEGORIES)


def test_names_are_unique_and_groups_have_a_mark() -> None:
    names = [category.name for category in CATEGORIES.values()]
    assert len(names) == len(set(names))
    assert {category.group for category in CATEGORIES.values()} <= {mark.group for mark in ASSET_MARKS}


@pytest.mark.parametrize("code", sorted(CATEGORIES))
def test_every_category_is_found_by_code_name_plural_and_spelling(code: str) -> None:
    category = CATEGORIES[code]
    for spelling in (code, category.name, category.plural, *category.spellings):
        assert category_code(spelling) == code
        assert category_code(f" {spelling.upper()} ") == code


@pytest.mark.parametrize(
    ("spelling", "code"),
    [
        ("Community Centre", "community_centre"),
        ("gp_practice", "gp"),
        ("Places-of-worship", "place_of_worship"),
        ("Cafés", "cafe"),
        ("pub", None),
        ("", None),
    ],
)
def test_usual_spellings(spelling: str, code: str | None) -> None:
    assert category_code(spelling) == code
