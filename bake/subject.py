"""The subject: of which agency's column a run tells, and how that column's values are split in two."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from risk.contract import SHIPPED, read_contracts
from risk.errors import RiskError
from risk.sources import Outcome


@dataclass(frozen=True)
class Subject:
    """What a run counts: children of whom an agency's column says one of `bad`, of all with one of `bad` or `good`.

    The values are in order, and only those that the agency's contract allows where it says which those are.
    """

    agency: str
    column: str
    bad: tuple[str, ...]
    good: tuple[str, ...]

    @classmethod
    def read(cls, content: Mapping[str, Any]) -> "Subject":
        """Return the subject that was written as a mapping."""
        bad, good = (tuple(map(str, content[name])) for name in ("bad", "good"))
        return cls(str(content["agency"]), str(content["column"]), bad, good)

    def is_of_the_column_of(self, other: "Subject") -> bool:
        """Say whether both tell of the same column."""
        return (self.agency, self.column) == (other.agency, other.column)

    def splits_as(self, other: "Subject") -> bool:
        """Say whether both count the same children: no value is on one side here and on the other there.

        A value that only one of them names occurs in no record of the other, whose extracts would have been refused.
        """
        return not set(self.bad) & set(other.good) and not set(self.good) & set(other.bad)


def subject_of(outcome: Outcome) -> Subject:
    """Return what an outcome counts, as it can be compared with others: values that cannot occur are left out."""
    allowed = _allowed(outcome)
    bad, good = (
        tuple(sorted({value for value in values if allowed is None or value in allowed}))
        for values in (outcome.bad, outcome.good)
    )
    return Subject(outcome.agency, outcome.column, bad, good)


def _allowed(outcome: Outcome) -> frozenset[str] | None:
    """Return the values that the agency's contract allows in the column; None where it does not say."""
    try:
        (contract,) = read_contracts([outcome.agency], SHIPPED)
    except RiskError:  # told of when the extracts are read
        return None
    column = contract.columns.get(outcome.column)
    return None if column is None or column.allowed is None else frozenset(column.allowed)
