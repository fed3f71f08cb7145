"""Faults: what is wrong with an input, where, and what to do about it."""

from collections.abc import Sequence
from dataclasses import dataclass

LONGEST_VALUE = 80


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with one input, told so that its reader can mend it.

    `what` says what is wrong and `cure` what to do; `file`, `row`, `column` and `value` say where, as far as they are
    known. In a list of assets the row is the one that a spreadsheet shows, in an extract 1 is the first row of data.
    """

    what: str
    cure: str
    file: str = ""
    row: int | None = None
    column: str = ""
    value: str = ""

    def sentence(self) -> str:
        """Return the fault as one line: where, what, cure."""
        where = ", ".join(
            part
            for part in (
                self.file,
                f"row {self.row}" if self.row is not None else "",
                f"column {self.column!r}" if self.column else "",
                f"value {shortened(self.value)!r}" if self.value else "",
            )
            if part
        )
        what = f"{where}: {self.what}" if where else self.what
        return f"{what} {self.cure}".strip()


def shortened(text: str, longest: int = LONGEST_VALUE) -> str:
    """Return a text cut to `longest` characters, with how long it was, so that one value cannot fill a screen."""
    return text if len(text) <= longest else f"{text[:longest]}… ({len(text):,} characters)"


class LarderError(Exception):
    """The base of every room's error: faults that were collected first and are raised once.

    Accepts a sequence of faults, or one sentence with its cure.
    """

    def __init__(self, faults: Sequence[Fault] | str, cure: str = "") -> None:
        self.faults = (Fault(faults, cure),) if isinstance(faults, str) else tuple(faults)
        super().__init__("\n".join(fault.sentence() for fault in self.faults))
