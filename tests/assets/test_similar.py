"""What is shown before an asset is suggested: likely the same, and never more than the public may know."""

from pathlib import Path
from typing import Any

import pytest

from assets.duplicates import similar
from assets.register import add_asset
from store.roles import ANYONE, CLI, Actor
from store.session import reading, writing

pytestmark = pytest.mark.usefixtures("database")
# a degree of latitude is 111.32 km, so 0.001 of it is 111 m
HERE = {"longitude": 0.45, "latitude": 51.57}


def found(home: Path, there: dict[str, Any], asked: dict[str, Any], actor: Actor = ANYONE) -> list[str]:
    with writing(home) as session:
        add_asset(session, actor=CLI, **{"category": "hall", **HERE, **there})
    with reading(home) as session:
        return [one.asset.name for one in similar(session, asked, actor)]


@pytest.mark.parametrize(
    ("name", "north", "is_shown"),
    [
        ("St Mary's Hall", 0.0, True),
        ("ST MARYS HALL", 0.002, True),
        ("Hall of St Mary", 0.0, True),
        ("Café Zoë", 0.0, False),
        ("St Mary's Hall", 0.012, True),  # 1.3 km: the same name
        ("St Martin's Hall", 0.012, False),  # 1.3 km: only like it
        ("St Mary's Hall", 0.02, False),  # 2.2 km
    ],
)
def test_names_must_be_the_more_alike_the_farther_apart(
    larder_home: Path, name: str, north: float, is_shown: bool
) -> None:
    asked = {"name": name, "longitude": 0.45, "latitude": 51.57 + north}
    assert found(larder_home, {"name": "St Mary's Hall"}, asked) == (["St Mary's Hall"] if is_shown else [])


def test_accents_and_case_do_not_matter(larder_home: Path) -> None:
    assert found(larder_home, {"name": "CAFÉ ZOË"}, {"name": "cafe zoe", **HERE}) == ["CAFÉ ZOË"]


def test_the_postcode_alone_is_enough(larder_home: Path) -> None:
    asked = {"name": "Old Hall", "postcode": "ZZ1 1AA"}
    assert found(larder_home, {"name": "Old Hall", "postcode": "ZZ1 1AA"}, asked) == ["Old Hall"]


def test_nobody_finds_a_hidden_one_by_asking(larder_home: Path) -> None:
    there = {"name": "Refuge", "postcode": "ZZ1 1AA", "precision": "hidden"}
    asked = {"name": "Refuge", "postcode": "ZZ1 1AA", **HERE}
    assert found(larder_home, there, asked) == []
    assert found(larder_home, {"name": "Elsewhere", "longitude": 1.0}, asked, CLI) == ["Refuge"]


def test_nobody_finds_out_a_postcode_by_guessing_it(larder_home: Path) -> None:
    there = {"name": "Refuge", "postcode": "ZZ1 1AA", "precision": "lsoa"}
    assert found(larder_home, there, {"name": "Refuge", "postcode": "ZZ1 1AA"}) == []
    assert found(
        larder_home, {"name": "Elsewhere", "longitude": 1.0}, {"name": "Refuge", "postcode": "ZZ1 1AA"}, CLI
    )


def test_without_any_location_nothing_is_compared(larder_home: Path) -> None:
    assert found(larder_home, {"name": "Old Hall"}, {"name": "Old Hall"}) == []
