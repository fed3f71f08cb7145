"""Asked: whether the columns and values that a recipe names are those that agencies' contracts have."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from risk.contract import SHIPPED, Contract, read_contract
from risk.declarations import Feature
from risk.errors import RiskError
from risk.sources import Group, Outcome
from words.faults import Fault

_OFF = "Leave it out, or say under [risk.enforcement] why it is needed, with a second person who agrees."


@dataclass(frozen=True)
class Asked:
    """What a recipe asks of agencies' records, by name.

    `used` are the features that the model is told to use (empty: all); `enforcement` says whether fields that measure
    it may be read; `file` is what faults call the recipe.
    """

    agencies: Sequence[str]
    outcome: Outcome
    groups: Sequence[Group] = ()
    features: Sequence[Feature] = ()
    used: Sequence[str] = ()
    enforcement: bool = False
    file: str = ""


@dataclass(frozen=True)
class _Name:
    """One column that a recipe names under a key, and values of it under further keys."""

    key: str
    agency: str
    column: str
    values: Mapping[str, Sequence[str]] = field(default_factory=dict)
    dated: bool = False
    counted: bool = False


def asked_faults(asked: Asked, contracts: Path = SHIPPED) -> list[Fault]:
    """Return every name in a recipe that no contract has, so that it shows before any extract is read.

    Looked for are the columns of outcome, groupings and features, the date a feature goes by, and the values of coded
    columns: those of the outcome (each value agreed has to be good or bad), of `where`, `codes` and `not_told`. A
    column that says who a person is, or measures enforcement without permission, cannot be asked for either.

    :returns: faults that name the recipe's file, the key, the name and the nearest that there is; faults of the
        contracts themselves come first.
    """
    agreed: dict[str, Contract] = {}
    faults: list[Fault] = []
    for agency in dict.fromkeys(asked.agencies):
        try:
            agreed[agency] = read_contract(agency, contracts)
        except RiskError as refused:
            faults += refused.faults
    for name in _names(asked):
        if name.agency in agreed:
            faults += _name_faults(name, agreed[name.agency], asked)
    if asked.outcome.agency in agreed:
        faults += _outcome_faults(asked.outcome, agreed[asked.outcome.agency], asked.file)
    return [*faults, *_used_faults(asked)]


def _names(asked: Asked) -> Iterator[_Name]:
    """Give every column that the recipe names; entries of a list are counted from 1, as a person does."""
    outcome = asked.outcome
    told = {"risk.outcome.bad": outcome.bad, "risk.outcome.good": outcome.good}
    yield _Name("risk.outcome.column", outcome.agency, outcome.column, told)
    for number, group in enumerate(asked.groups, start=1):
        key = f"risk.groups[{number}]"
        yield _Name(f"{key}.column", group.agency, group.column, {f"{key}.not_told": group.not_told})
    for number, feature in enumerate(asked.features, start=1):
        yield from _of_feature(feature, f"risk.features[{number}]")


def _of_feature(feature: Feature, key: str) -> Iterator[_Name]:
    if feature.column:
        codes = {f"{key}.codes": tuple(feature.codes)}
        yield _Name(f"{key}.column", feature.agency, feature.column, codes, counted=not feature.codes)
    for column, values in feature.where.items():
        yield _Name(f"{key}.where", feature.agency, column, {f"{key}.where.{column}": values})
    if feature.dated:
        yield _Name(f"{key}.dated", feature.agency, feature.dated, dated=True)


def _name_faults(name: _Name, contract: Contract, asked: Asked) -> Iterator[Fault]:
    def fault(what: str, cure: str) -> Fault:
        return Fault(f"key {name.key} {what}", cure, file=asked.file, value=name.column)

    column, facts = contract.columns.get(name.column), _facts(contract)
    if column is None:
        what = f"names a column that the contract of {contract.title} does not have."
        yield fault(what, _near(name.column, facts))
    elif name.column not in facts:
        yield fault("names a column that says who or where a person is.", "Leave it out: it is no fact.")
    elif column.measures == "enforcement" and not asked.enforcement:
        yield fault("names a column that measures enforcement, which is off.", _OFF)
    elif name.dated and column.type != "date":
        yield fault("names no column of dates.", _near(name.column, contract.dates()))
    elif name.counted and column.type in ("code", "text"):
        values = ", ".join(column.allowed or ())
        yield fault(
            "names a column of codes, not of numbers.", f"Give the number of each as codes: {values}."
        )
    else:
        yield from _value_faults(name.values, column.allowed, asked.file)


def _facts(contract: Contract) -> list[str]:
    personal = contract.personal()
    return [name for name in contract.columns if name not in personal]


def _value_faults(
    values: Mapping[str, Sequence[str]], allowed: Sequence[str] | None, file: str
) -> Iterator[Fault]:
    """Give the values that the contract does not allow; one that allows any has none."""
    for key, named in values.items():
        for value in named:
            if allowed and value not in allowed:
                what = f"key {key} names a value that the contract does not allow."
                yield Fault(what, _near(value, allowed), file=file, value=value)


def _outcome_faults(outcome: Outcome, contract: Contract, file: str) -> Iterator[Fault]:
    """Give the values of the outcome that are good and bad at once, or neither."""
    column = contract.columns.get(outcome.column)
    for value in sorted(set(outcome.bad) & set(outcome.good)):
        what = "keys risk.outcome.bad and risk.outcome.good name the same value."
        yield Fault(what, "Keep it in one of the two.", file=file, value=value)
    for value in (column.allowed or ()) if column else ():
        if value not in (*outcome.bad, *outcome.good):
            what = (
                f"The outcome {outcome.column} can hold a value that the recipe calls neither good nor bad."
            )
            yield Fault(what, "Name it under risk.outcome.bad or risk.outcome.good.", file=file, value=value)


def _used_faults(asked: Asked) -> list[Fault]:
    declared = [feature.name for feature in asked.features]
    what = "key risk.model.features names a feature that the recipe does not declare."
    return [
        Fault(what, _near(name, declared), file=asked.file, value=name)
        for name in asked.used
        if name not in declared
    ]


def _near(name: str, known: Iterable[str]) -> str:
    listed = list(known)
    near = get_close_matches(name, listed, n=1, cutoff=0.5)
    return f"Did you mean {near[0]!r}?" if near else f"There are: {', '.join(listed)}."
