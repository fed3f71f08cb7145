"""Pairs of the register that are likely one, and what becomes of them in the queue."""

from pathlib import Path

import pytest

from assets.likeness import Description
from assets.merging import unmerge_asset
from assets.pairs import ask_about_pairs, at_one_site, find_pairs
from assets.register import add_asset, get_asset
from assets.suggestions import approve, refuse
from store.queue import waiting
from store.roles import ANYONE, CLI, Forbidden
from store.session import reading, writing

HALLS = (("Riverton Hall", 0.48, 51.56), ("RIVERTON HALL", 0.4801, 51.56), ("Bardfield Court", 0.48, 51.56))


@pytest.fixture
def three(larder_home: Path) -> list[str]:
    with writing(larder_home) as session:
        return [
            add_asset(session, actor=CLI, name=name, category="hall", longitude=x, latitude=y).id
            for name, x, y in HALLS
        ]


def test_the_elder_is_the_one_that_would_stay(larder_home: Path, three: list[str]) -> None:
    with reading(larder_home) as session:
        (pair,) = find_pairs(session, CLI)
    assert (pair.elder.id, pair.younger.id) == (three[0], three[1])


def test_a_pair_is_asked_about_once(larder_home: Path, three: list[str]) -> None:
    with writing(larder_home) as session:
        (asked,) = ask_about_pairs(session, CLI)
        refuse(session, asked.id, actor=CLI, reason="They are two.", expected_version=asked.version)
    with writing(larder_home) as session:
        ask_about_pairs(session, CLI)
        assert waiting(session, CLI).total == 0


def test_an_approved_pair_is_merged_and_can_be_undone(larder_home: Path, three: list[str]) -> None:
    with writing(larder_home) as session:
        (asked,) = ask_about_pairs(session, CLI)
        approve(session, asked.id, actor=CLI, reason="One hall.", expected_version=asked.version)
        assert find_pairs(session, CLI) == []
        unmerge_asset(session, three[1], actor=CLI, reason="Two after all.")
        assert get_asset(session, three[1], CLI).name == "RIVERTON HALL"


def test_who_may_not_merge_is_told_nothing(larder_home: Path, three: list[str]) -> None:
    with reading(larder_home) as session, pytest.raises(Forbidden):
        find_pairs(session, ANYONE)


def test_one_site_is_a_postcode_or_sixty_metres() -> None:
    described = [
        Description("a", postcode="SS1 1AA"),
        Description("b", postcode="ss11aa"),
        Description("c", longitude=0.0, latitude=51.0),
        Description("d", longitude=0.0008, latitude=51.0),  # 56 m
        Description("e", longitude=0.0010, latitude=51.0),  # 70 m from c, 14 m from d
    ]
    assert at_one_site(described) == {(0, 1), (2, 3), (3, 4)}
