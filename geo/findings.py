"""Findings: what adding a place has come upon, kept until all of it is known."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ParamSpec, TypeVar

from geo.codes import count
from geo.errors import GeoError
from geo.lookups import Matched
from geo.place import Join
from words.faults import Fault

Say = Callable[[str], None]
P = ParamSpec("P")
T = TypeVar("T")


@dataclass
class Findings:
    """What adding a place has found so far: faults to raise once, joins and notes to print and keep."""

    say: Say
    faults: list[Fault] = field(default_factory=list)
    joins: list[Join] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def note(self, sentence: str) -> None:
        """Keep a sentence for the place's record, and print it."""
        self.notes.append(sentence)
        self.say(sentence)

    def joined(self, matched: Matched) -> None:
        """Keep and print a join's match rate, and what was wrong with it."""
        self.joins.append(matched.join)
        extra = f" (column {matched.column!r} of {matched.join.file}"
        extra += (
            f"; {count(matched.join.extra, 'code', 'codes')} of other places left)"
            if matched.join.extra
            else ")"
        )
        self.say(matched.join.sentence() + extra)
        self.faults += matched.faults

    def attempt(self, step: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | None:
        """Run a step, keeping the faults that it raises; None where it raised."""
        try:
            return step(*args, **kwargs)
        except GeoError as error:
            self.faults += error.faults
            return None

    def raise_if_any(self) -> None:
        """Raise every fault found so far, once each."""
        if self.faults:
            raise GeoError(list(dict.fromkeys(self.faults)))
