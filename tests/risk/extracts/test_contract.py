"""Contracts: what one must say, and how one that contradicts itself is told."""

from pathlib import Path

import pytest

from risk.contract import SHIPPED, read_contract, read_contracts
from risk.errors import RiskError
from tests.risk.extracts.contracts import CLINIC, write_contract

AGENCIES = ("births", "schools", "housing", "social_care", "police")


def test_shipped_contracts_hold_and_name_who_may_use_what_and_why():
    contracts = read_contracts(AGENCIES)
    assert [contract.agency for contract in contracts] == list(AGENCIES)
    assert {path.stem for path in SHIPPED.glob("*.toml")} == set(AGENCIES)
    for contract in contracts:
        assert contract.lawful_basis
        assert contract.controller
        assert contract.retention
        assert set(contract.personal()) >= {contract.person, *contract.key}
    assert [contract.agency for contract in contracts if contract.only_enforcement] == ["police"]


def test_unknown_agency_is_named_with_the_nearest_known():
    with pytest.raises(RiskError, match=r"Did you mean 'births'\?"):
        read_contract("birth")


def test_agency_named_twice_and_none_named():
    with pytest.raises(RiskError, match="named twice"):
        read_contracts(["births", "births"])
    with pytest.raises(RiskError, match="No agency"):
        read_contracts([])


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('controller = "A clinic that does not exist"\n', "", "controller"),
        ('person = "child"', 'person = "nobody"', "'nobody' is not among the columns"),
        ('as_of = "seen"', 'as_of = "weight"', "must be a date"),
        ('as_of = "seen"', 'as_of = "seen"\nhome_as_of = "fee"', "home_as_of must be a date"),
        ('as_of = "seen"', 'as_of = "seen"\nin_order = [["seen", "left"]]', "'left' is not a date column"),
        ("period_to = 2024-12-31", "period_to = 2023-12-31", "ends before it begins"),
        ('known_on = "seen"', 'known_on = "fee"', "not a date column"),
        ('format = "%d/%m/%Y", ', "", "needs its format"),
        ('allowed = ["Y", "N"], ', "", "needs its allowed values"),
        ('measures = ["need", "enforcement"]', 'measures = ["need"]', "does not declare"),
        ('role = "surname"', 'role = "person"', "Two columns have the role 'person'"),
        ('type = "number"', 'type = "money"', "columns.fee.type"),
        ("fee = {", "fee = ", "not TOML"),
        ('agency = "clinic"', 'agency = "surgery"', "speaks of 'surgery'"),
        ('label = "Fee"', 'label = "Fee", secret = true', "columns.fee.secret"),
    ],
)
def test_each_fault_of_a_contract_is_told(tmp_path: Path, old: str, new: str, said: str):
    assert old in CLINIC
    with pytest.raises(RiskError) as refused:
        read_contract("clinic", write_contract(tmp_path / "contracts", CLINIC.replace(old, new)))
    assert said in str(refused.value)
    assert "clinic.toml" in str(refused.value)


def test_faults_of_all_contracts_are_told_at_once(tmp_path: Path):
    folder = write_contract(tmp_path / "contracts", CLINIC.replace('person = "child"', 'person = "x"'))
    write_contract(folder, "agency = 1\n", "other")
    with pytest.raises(RiskError) as refused:
        read_contracts(["clinic", "other", "third"], folder)
    files = {fault.file for fault in refused.value.faults}
    assert {"clinic.toml", "other.toml"} <= files
    assert "third" in str(refused.value)
