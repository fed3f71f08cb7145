"""The one error of this room.

It cannot derive from the error of `words`, which is a room on the same level; it has the same shape instead
(`faults`, each with a `sentence`), so that whoever prints the one prints the other.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Refusal:
    """One thing that the gate refuses: what is wrong, what to do, and where it stands."""

    what: str
    cure: str
    file: str = ""
    row: int | None = None
    column: str = ""
    value: str = ""

    def sentence(self) -> str:
        """Return the refusal as one line: where, what, cure."""
        column = f"column {self.column!r}" if self.column else ""
        value = f"value {self.value!r}" if self.value else ""
        where = ", ".join(part for part in (column, value) if part)
        return f"{where}: {self.what} {self.cure}".strip() if where else f"{self.what} {self.cure}".strip()


class DisclosureError(Exception):
    """What the gate refuses, with every fault and its cure."""

    def __init__(self, faults: Sequence[Refusal] | str, cure: str = "") -> None:
        self.faults = (Refusal(faults, cure),) if isinstance(faults, str) else tuple(faults)
        super().__init__("\n".join(fault.sentence() for fault in self.faults))
