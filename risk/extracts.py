"""Extracts: the agencies' files read against their contracts, every fault of every file in one report."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import pandas as pd

from risk.contract import SHIPPED, Contract, Role, read_contract, read_contracts
from risk.enforcement import EnforcementPermit
from risk.errors import RiskError
from risk.extract_file import files_of, find_file, read_text
from risk.extract_order import order_of_dates
from risk.extract_schema import parsed, schema_faults
from risk.extract_twice import twice_given
from risk.unforeseen import quoting_nothing
from words.faults import Fault


class ExtractSettings(Protocol):
    """What a recipe says of extracts: whose, and whether fields that measure enforcement may be read."""

    @property
    def agencies(self) -> Sequence[str]:
        """Return the agencies whose extracts are read."""

    @property
    def enforcement(self) -> EnforcementPermit | None:
        """Return the permission to read fields that measure enforcement, or None."""


@dataclass(frozen=True)
class Extract:
    """One agency's extract, parsed: it names persons, so it lives in memory only and its table never prints.

    `table` has the contract's columns in their types, in the order of the file; columns that measure enforcement are
    not in it unless that was permitted. `notes` say in sentences what was let pass.
    """

    contract: Contract
    file: str
    table: pd.DataFrame = field(repr=False)
    notes: tuple[str, ...] = ()

    @property
    def agency(self) -> str:
        """Return the agency's name."""
        return self.contract.agency

    def values(self, role: Role) -> pd.Series:
        """Return the column with this role, all missing where the agency has none."""
        name = self.contract.column_of(role)
        if name is None:
            return pd.Series(pd.NA, index=self.table.index, dtype="string")
        return self.table[name]

    def keys(self) -> pd.Series:
        """Return what tells this agency's rows apart, as one text a row."""
        key = self.table[self.contract.key].astype("string")
        return key.iloc[:, 0].str.cat([key[name] for name in key.columns[1:]], sep="\x1f")

    def facts(self) -> pd.DataFrame:
        """Return the table without any column that says who or where a person is."""
        return self.table.drop(columns=[name for name in self.contract.personal() if name in self.table])


@dataclass(frozen=True)
class ExtractReport:
    """What the check of a folder of extracts found: rows of each file read, decisions in words, and faults."""

    rows: Mapping[str, int]
    notes: tuple[str, ...]
    faults: tuple[Fault, ...]

    @property
    def ok(self) -> bool:
        """Say whether every extract keeps its contract."""
        return not self.faults

    def sentences(self) -> list[str]:
        """Return the report in words, a sentence a line."""
        lines = [f"{file}: {count:,} rows." for file, count in self.rows.items()] + list(self.notes)
        if self.ok:
            return [*lines, "Every extract keeps its contract."]
        return [*lines, f"{len(self.faults):,} faults.", *(fault.sentence() for fault in self.faults)]


def check_extracts(settings: ExtractSettings, folder: Path, *, contracts: Path = SHIPPED) -> ExtractReport:
    """Return the report on a folder of extracts: nothing is kept, and nothing raised for what the files hold."""
    return _read(folder, settings.agencies, settings.enforcement, contracts)[1]


def read_extracts(
    folder: Path,
    agencies: Sequence[str],
    *,
    allow_enforcement: EnforcementPermit | None = None,
    contracts: Path = SHIPPED,
) -> dict[str, Extract]:
    """Read the agencies' extracts from a folder, each against its contract.

    Each agency's file is `<file of its contract>.csv`, `.xlsx` or `.parquet`. Fields that measure enforcement are
    dropped, and an extract of nothing else refused, unless `allow_enforcement` says why and who agreed.

    Returns the extracts by agency, in the order asked for. RiskError with every fault of every file, values masked.
    """
    extracts, report = _read(folder, agencies, allow_enforcement, contracts)
    if not report.ok:
        raise RiskError(report.faults)
    return extracts


@quoting_nothing()
def _read(
    folder: Path, agencies: Sequence[str], permit: EnforcementPermit | None, contracts: Path
) -> tuple[dict[str, Extract], ExtractReport]:
    try:
        agreed = read_contracts(agencies, contracts)
    except RiskError as refused:
        return {}, ExtractReport({}, (), refused.faults)
    faults = permit.faults() if permit else []
    if not folder.is_dir():
        what = f"There is no folder {folder.name}."
        faults.append(Fault(what, "Name the folder that holds the extracts, one file an agency."))
        return {}, ExtractReport({}, (), tuple(faults))
    extracts: dict[str, Extract] = {}
    rows: dict[str, int] = {}
    for contract in agreed:
        if contract.only_enforcement and permit is None:
            faults.append(_off(contract))
            continue
        extract, found = _read_one(folder, contract, permit is not None)
        faults += found
        if extract is not None:
            extracts[contract.agency] = extract
            rows[extract.file] = len(extract.table)
    notes = not_read(folder, agencies, permit, contracts)
    notes += [permit.sentence()] if permit else []
    notes += [note for extract in extracts.values() for note in extract.notes]
    return extracts, ExtractReport(rows, tuple(notes), tuple(faults))


def _off(contract: Contract) -> Fault:
    return Fault(
        f"The extract of {contract.title} measures enforcement, which is off.",
        "Leave the agency out, or have the recipe say why it is needed and a second named person agree.",
        value=contract.agency,
    )


def not_read(
    folder: Path,
    agencies: Sequence[str],
    permit: EnforcementPermit | None,
    contracts: Path = SHIPPED,
) -> list[str]:
    """Return in sentences what lies in a folder of extracts and is not read, and why.

    That is fields that measure enforcement where nothing permits it, and whole files of agencies that are not asked
    for. RiskError where the contract of an agency that is asked for has a fault.
    """
    hidden = [
        f"{contract.title}: {', '.join(contract.enforcement())} not read, since enforcement is off."
        for contract in read_contracts(agencies, contracts)
        if permit is None and contract.enforcement() and not contract.only_enforcement
    ]
    others = sorted(path.stem for path in contracts.glob("*.toml") if path.stem not in agencies)
    return [
        *hidden,
        *(note for agency in others for note in _left_lying(folder, agency, permit, contracts)),
    ]


def _left_lying(
    folder: Path, agency: str, permit: EnforcementPermit | None, contracts: Path
) -> Iterator[str]:
    """Give a sentence for each file of an agency whose extract is not asked for."""
    try:
        contract = read_contract(agency, contracts)
    except RiskError:  # the contract of an agency that nobody asked for keeps nobody from the others
        return
    off = contract.only_enforcement and permit is None
    why = (
        "it measures enforcement, and the recipe has no permission for that"
        if off
        else f"the recipe does not name {agency} among its agencies"
    )
    for path in files_of(contract, folder):
        yield f"{contract.title}: {path.name} lies with the extracts and was not read, since {why}."


def _read_one(folder: Path, contract: Contract, enforcement: bool) -> tuple[Extract | None, list[Fault]]:
    """Return one agency's extract and no fault, or None and its faults."""
    try:
        path = find_file(contract, folder)
        text = read_text(path, contract)
    except RiskError as refused:
        return None, list(refused.faults)
    if text.empty:
        return None, [Fault("The extract holds no row.", "Ask the agency to send it again.", file=path.name)]
    faults = schema_faults(text, contract, path.name)
    named = {name: column for name, column in contract.columns.items() if name in text}
    table = pd.DataFrame({name: parsed(text[name], column) for name, column in named.items()})
    turned, notes = order_of_dates(table, contract, path.name)
    twice = [] if faults else twice_given(table, contract, path.name)
    if faults or turned or twice:
        return None, [*faults, *turned, *twice]
    hidden = () if enforcement else contract.enforcement()
    table = table.drop(columns=list(hidden)).reset_index(drop=True)
    return Extract(contract, path.name, table, tuple(notes)), []
