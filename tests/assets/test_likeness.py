"""Likeness of two assets, by name, and against pairs that a person labelled."""

import csv
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.importers.candidates import candidates
from assets.importers.delimited import read_table
from assets.importers.mapping import hold_rules, load_mapping
from assets.importers.rows import judge
from assets.likeness import LIKELY, Description, compatible, likeness
from assets.locate import Nowhere
from words.categories import CATEGORIES

PAIRS = Path(__file__).parent / "duplicate_pairs.csv"
"""Row numbers of three lists of Basildon, and whether a person who read both rows takes them for one asset.

*Same* is one organisation or service at one site, whatever the list calls it; two floors of one office are one, two
shops of one charity are two, an infant and a junior school are two. What could not be told from the rows is *unsure*
and does not count. The rows were drawn from pairs of the same postcode, near ones and ones of like names, in seven
layers; the settings were chosen with these pairs in view.
"""
LISTS = {
    "c": ("basildon_asset_candidates_from_business_rates.csv", "business_rates"),
    "r": ("basildon_charity_relief_premises_from_business_rates.csv", "business_rates"),
    "s": ("basildon_service_points.csv", "service_points"),
}
HALL = Description("Riverton Hall", "hall", "Bardfield, Vange", "SS16 4JW", 0.48, 51.56)


@pytest.mark.parametrize(
    ("other", "likely"),
    [
        (HALL, True),
        (replace(HALL, name="RIVERTON HALL (Vange)", category="community_centre"), True),
        (replace(HALL, name="Rivertan Hall"), True),
        (replace(HALL, name="1st Vange Scouts", address="Riverton Hall, Bardfield"), True),
        (replace(HALL, postcode="SS16 9ZZ"), True),  # within 60 m
        (replace(HALL, postcode="SS16 9ZZ", longitude=0.50), False),
        (replace(HALL, category="pharmacy"), False),
        (replace(HALL, name="Bardfield Court"), False),
    ],
    ids=[
        "itself",
        "capitals",
        "a slip",
        "the occupier",
        "another postcode, same spot",
        "far away",
        "a pharmacy",
        "a neighbour",
    ],
)
def test_what_is_likely_one(other: Description, likely: bool) -> None:
    assert likeness(HALL, other).likely is likely


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hilltop Infants School", "Hilltop Junior School"),
        ("1st Wickford Scouts", "2nd Wickford Scouts"),
        ("Surgery, 93 Chapel Street", "Surgery, 105 Chapel Street"),
        ("East Wing, Dipple Centre", "West Wing, Dipple Centre"),
    ],
)
def test_words_that_tell_apart(one: str, other: str) -> None:
    assert likeness(replace(HALL, name=one), replace(HALL, name=other)).score == 0


def test_an_identifier_of_a_place_settles_it_either_way() -> None:
    school = replace(HALL, identifiers={"urn": "115000"})
    assert likeness(school, replace(school, name="Quite another name", postcode="")).likely
    assert not likeness(school, replace(school, identifiers={"urn": "115001"})).likely


def test_the_uprn_of_a_building_with_many_services_settles_nothing() -> None:
    one, other = (
        replace(HALL, identifiers={"uprn": "100"}, name=name) for name in ("Toy library", "Debt advice")
    )
    assert not likeness(one, other).likely


NAMES = st.text(st.characters(codec="utf-8"), max_size=60)


@given(NAMES, NAMES, st.sampled_from(sorted(CATEGORIES)), st.sampled_from(sorted(CATEGORIES)))
def test_it_does_not_matter_which_comes_first(left: str, right: str, mine: str, theirs: str) -> None:
    one, other = replace(HALL, name=left, category=mine), replace(HALL, name=right, category=theirs)
    assert likeness(one, other).score == pytest.approx(likeness(other, one).score)
    assert compatible(mine, theirs) == compatible(theirs, mine)


def described(shared: Path) -> dict[tuple[str, int], Description]:
    found = {}
    for letter, (file, name) in LISTS.items():
        mapping = load_mapping(name)
        for one in candidates(read_table(shared / "basildon" / file), mapping, file):
            draft = judge(one, mapping, hold_rules(), Nowhere(), date(2026, 11, 1)).draft
            assert draft is not None
            found[letter, one.row - 1] = Description.of(
                draft
            )  # the labels count rows of data, without the head
    return found


def test_precision_and_recall_on_pairs_labelled_by_a_person(shared: Path) -> None:
    rows, known = list(csv.DictReader(PAIRS.read_text(encoding="utf-8").splitlines())), described(shared)
    decided = [row for row in rows if row["label"] != "unsure"]
    assert len(decided) >= 150
    told = [
        likeness(known[row["left"], int(row["left_row"])], known[row["right"], int(row["right_row"])]).score
        >= LIKELY
        for row in decided
    ]
    same = [row["label"] == "same" for row in decided]
    right = sum(said and true for said, true in zip(told, same, strict=True))
    assert right / sum(told) >= 0.95
    assert right / sum(same) >= 0.85
