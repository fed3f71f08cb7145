"""Meanings: which children a table of an agency's records counts, so that it can be said which tables hold others.

A meaning is written down as text and names its table: two recipes that ask the same of the same records, whatever they
call it, ask for one table.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from itertools import combinations, permutations
from typing import Literal, Self

from disclosure.stack import Contained

Kind = Literal["known", "rows", "value", "home"]


@dataclass(frozen=True)
class Meaning:
    """Which children are counted.

    `kind`: *known* to the agency at all; with *rows* that have one of the values in each column of `where`; whose
    newest *value* of `column` is one of `values`, or lies at or beyond `edge` (`beyond`: not at it; `above` or below);
    whose *home* has as many people. `of`: the child's own rows, or those of others at its home. `codes` turns values
    into the numbers that the edge speaks of; `as_of` is the cut-off date, in words.
    """

    kind: Kind
    agency: str = ""
    of: str = "child"
    column: str = ""
    where: tuple[tuple[str, tuple[str, ...]], ...] = ()
    values: tuple[str, ...] = ()
    codes: tuple[tuple[str, float], ...] = ()
    edge: float | None = None
    above: bool = False
    beyond: bool = False
    within_days: int | None = None
    dated: str = ""
    as_of: str = ""

    def text(self) -> str:
        """Return the meaning as text, what is as usual left out."""
        usual = {field.name: field.default for field in fields(self)}
        told = {name: value for name, value in asdict(self).items() if value != usual[name]}
        return json.dumps(told, separators=(",", ":"), sort_keys=True)

    @classmethod
    def read(cls, text: str) -> Self:
        """Return the meaning that `text` wrote."""
        told = json.loads(text)
        for name in ("where", "values", "codes"):
            told[name] = _tuples(told.get(name, ()))
        return cls(**told)

    def among(self, other: Self) -> bool:
        """Say whether every child that this counts is counted by the other too, whatever the records hold."""
        if self.agency != other.agency or self.kind == "home":
            return False
        if other.kind == "known":
            return self.of == "child"
        if self._asked() != other._asked():
            return False
        if self.kind == "rows":
            return self._rows_among(other)
        if self.edge is None or other.edge is None:
            return bool(self.values) and set(self.values) <= set(other.values)
        return self._further(other)

    def apart(self, other: Self) -> bool:
        """Say whether no child can be counted by both: a newest value is one alone."""
        if self.kind != "value" or self._asked() != other._asked() or self.agency != other.agency:
            return False
        if self.edge is None or other.edge is None:
            return self.edge == other.edge and not set(self.values) & set(other.values)
        if self.above == other.above:
            return False
        return self.edge > other.edge if self.above else self.edge < other.edge

    def _asked(self) -> tuple[object, ...]:
        """Return what two meanings have to share before one can be said to hold the other."""
        return self.kind, self.of, self.column, self.codes, self.dated, self.as_of

    def _rows_among(self, other: Self) -> bool:
        mine = dict(self.where)
        narrower = all(name in mine and set(mine[name]) <= set(values) for name, values in other.where)
        return narrower and _no_further_back(self.within_days, other.within_days)

    def _further(self, other: Self) -> bool:
        if self.edge is None or other.edge is None or self.above != other.above:
            return False
        if self.edge == other.edge:
            return self.beyond or not other.beyond
        return self.edge > other.edge if self.above else self.edge < other.edge


def contained(meanings: Iterable[Meaning]) -> list[Contained]:
    """Return what holds between the tables of some meanings, by their texts.

    One is among another; several of which no child can be in two are together among those known; and one whose values
    others cover between them is no more than these together.
    """
    every = list(dict.fromkeys(meanings))
    found = [
        Contained((outer.text(),), (inner.text(),))
        for inner, outer in permutations(every, 2)
        if inner.among(outer)
    ]
    return [*found, *_apart(every), *_covered(every)]


def _apart(every: Sequence[Meaning]) -> Iterator[Contained]:
    for known in (one for one in every if one.kind == "known"):
        theirs = [one for one in every if one.kind == "value" and one.among(known)]
        for one, other in combinations(theirs, 2):
            if one.apart(other):
                yield Contained((known.text(),), (one.text(), other.text()))


def _covered(every: Sequence[Meaning]) -> Iterator[Contained]:
    for whole in every:
        parts = [one for one in every if one != whole and one.among(whole) and _differs_in_values(one, whole)]
        if len(parts) > 1 and set().union(*(_values(one) for one in parts)) == _values(whole):
            yield Contained(tuple(one.text() for one in parts), (whole.text(),))


def _differs_in_values(part: Meaning, whole: Meaning) -> bool:
    """Say whether a part differs from the whole in the values of one column and in nothing else."""
    if part.kind != whole.kind:
        return False
    if part.kind == "value":
        return part.edge is None and whole.edge is None
    same = [name for name, _ in part.where] == [name for name, _ in whole.where]
    return same and len(part.where) == 1 and part.within_days == whole.within_days


def _values(one: Meaning) -> set[str]:
    return set(one.values) if one.kind == "value" else set(one.where[0][1])


def _no_further_back(mine: int | None, other: int | None) -> bool:
    return other is None or (mine is not None and mine <= other)


def _tuples(values: Sequence[object]) -> tuple[object, ...]:
    return tuple(_tuples(one) if isinstance(one, list) else one for one in values)
