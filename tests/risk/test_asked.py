"""Names that a recipe gives of columns and values: those that no contract has are told at once, with the nearest."""

from dataclasses import replace
from pathlib import Path

import pytest

from risk.asked import Asked, asked_faults
from risk.declarations import Feature
from risk.sources import Group, Outcome
from tests.risk.extracts.contracts import CLINIC, write_contract

OUTCOME = Outcome(agency="clinic", column="warned", bad=("Y",), good=("N",))
FEATURES = (
    Feature(name="weight", label="Weight", kind="latest", agency="clinic", column="weight"),
    Feature(
        name="visits", label="Visits", kind="count", agency="clinic", where={"warned": ("Y",)}, dated="seen"
    ),
)
SOUND = Asked(("clinic",), OUTCOME, (), FEATURES, enforcement=True, file="mine.toml")


@pytest.fixture
def contracts(tmp_path: Path) -> Path:
    return write_contract(tmp_path / "contracts", CLINIC)


def feature(**changed: object) -> Asked:
    return replace(SOUND, features=(FEATURES[0].model_copy(update=changed), FEATURES[1]))


def outcome(**changed: object) -> Asked:
    return replace(SOUND, outcome=OUTCOME.model_copy(update=changed))


def test_a_recipe_whose_every_name_is_agreed_has_no_fault(contracts: Path) -> None:
    assert asked_faults(SOUND, contracts) == []


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (
            outcome(column="warnd"),
            "mine.toml, value 'warnd': key risk.outcome.column names a column that the contract of Clinic does not "
            "have. Did you mean 'warned'?",
        ),
        (
            outcome(bad=("Yes",)),
            "mine.toml, value 'Yes': key risk.outcome.bad names a value that the contract does not allow. Did you mean "
            "'Y'?",
        ),
        (
            outcome(bad=("Y", "N")),
            "bad and risk.outcome.good name the same value. Keep it in one of the two.",
        ),
        (
            outcome(good=()),
            "mine.toml, value 'N': The outcome warned can hold a value that the recipe calls neither good nor bad.",
        ),
        (
            replace(SOUND, groups=(Group("g", "clinic", "heritage"),)),
            "value 'heritage': key risk.groups[1].column names a column that the contract of Clinic does not have. "
            "There are: seen, weight, fee, warned.",
        ),
        (
            replace(SOUND, groups=(Group("g", "clinic", "warned", ("?",)),)),
            "key risk.groups[1].not_told names",
        ),
        (feature(column="wieght"), "key risk.features[1].column names a column that the contract of Clinic"),
        (
            feature(column="surname"),
            "risk.features[1].column names a column that says who or where a person is.",
        ),
        (
            feature(column="warned"),
            "risk.features[1].column names a column of codes, not of numbers. Give the number",
        ),
        (
            feature(column="warned", codes={"Yes": 1.0}),
            "value 'Yes': key risk.features[1].codes names a value",
        ),
        (
            feature(dated="weight"),
            "value 'weight': key risk.features[1].dated names no column of dates. There are: ",
        ),
        (feature(dated="born"), "value 'born': key risk.features[1].dated names a column that the contract"),
        (
            replace(SOUND, features=(FEATURES[1].model_copy(update={"where": {"warned": ("U",)}}),)),
            "value 'U': key risk.features[1].where.warned names a value that the contract does not allow.",
        ),
        (
            replace(SOUND, used=("weight", "heigth")),
            "value 'heigth': key risk.model.features names a feature that the recipe does not declare.",
        ),
    ],
)
def test_each_name_that_no_contract_has_is_told_with_its_key(
    contracts: Path, asked: Asked, told: str
) -> None:
    faults = [fault.sentence() for fault in asked_faults(asked, contracts)]
    assert any(told in fault for fault in faults), faults


def test_what_measures_enforcement_cannot_be_asked_for_without_permission(contracts: Path) -> None:
    faults = asked_faults(replace(SOUND, enforcement=False), contracts)
    assert [fault.what for fault in faults] == [
        f"key risk.{key} names a column that measures enforcement, which is off."
        for key in ("outcome.column", "features[2].where")
    ]


def test_all_faults_come_at_once_and_those_of_a_contract_first(contracts: Path) -> None:
    asked = replace(feature(column="wieght"), outcome=OUTCOME.model_copy(update={"bad": ("Yes",)}))
    faults = asked_faults(replace(asked, agencies=("surgery", "clinic")), contracts)
    assert [fault.value for fault in faults] == ["surgery", "Yes", "wieght", "Y"]
