"""Mappings: the shipped ones are sound, wrong ones name the key and the cure."""

from pathlib import Path

import pytest

from assets.errors import AssetError
from assets.importers.mapping import SHIPPED, HoldRule, Words, hold_rules, load_mapping


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.toml")), ids=lambda path: path.stem)
def test_shipped_mappings_load_by_name_and_by_path(path: Path) -> None:
    assert load_mapping(path.stem) == load_mapping(path)


def test_every_word_that_holds_a_row_has_its_reason() -> None:
    rules = (*hold_rules(), *load_mapping("business_rates").hold)
    assert rules
    assert all(rule.reason and rule.words for rule in rules)


WRONG = {
    "unknown key": ('title="x"\ncolums={name="n"}\n', "colums"),
    "unknown field": ('title="x"\n[columns]\nname="n"\nfax="p"\n', "fax"),
    "no name": ('title="x"\n[columns]\ncategory="c"\n', "name is missing"),
    "unknown category": ('title="x"\n[columns]\nname="n"\n[categories]\npub="pub"\n', "'pub' is no category"),
    "not TOML": ("title=\n", "not TOML"),
    "rule without words": (
        'title="x"\n[columns]\nname="n"\n[[hold]]\nwords=[]\nreason="r"\n',
        "hold.0.words",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_mapping_names_the_key(tmp_path: Path, case: str) -> None:
    text, said = WRONG[case]
    path = tmp_path / "mine.toml"
    path.write_text(text)
    with pytest.raises(AssetError, match=r"mine\.toml") as refusal:
        load_mapping(path)
    assert said in str(refusal.value)


def test_an_unknown_mapping_names_the_shipped(tmp_path: Path) -> None:
    with pytest.raises(
        AssetError, match="business_rates, open_referral, openstreetmap, plain, service_points"
    ):
        load_mapping("rates")
    with pytest.raises(AssetError, match="no mapping file"):
        load_mapping(tmp_path / "none.toml")


def test_words_are_found_whole_whatever_their_case() -> None:
    words = Words(words=("vets", "sub station"))
    assert words.found("City VETS") == "vets"
    assert words.found("Civets' Club") == ""
    assert words.found("old  Sub\nStation") == "sub station"
    assert HoldRule(words=("nursery",), whole=True, reason="r").found("day nursery") == ""
