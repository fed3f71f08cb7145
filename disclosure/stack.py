"""A stack: several tables of the same children, gated as one, because one gives away what another hides.

Children of whom an agency says something are among those it knows: where it knows 13 to 17 over five years, and says
something of 13 or more in four of them, it knew at most four in the fifth. So tables that hold one another are searched
together, each with areas of its own (`name @ code`), and with what holds between them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import pandas as pd

from disclosure.errors import DisclosureError
from disclosure.gate import release_within
from disclosure.geography import Relation, checked
from disclosure.policy import DEFAULT, Policy
from disclosure.released import Released

AT = " @ "


@dataclass(frozen=True)
class Table:
    """One table: its counts by smallest area and cohort, and the finest level at which anything of it is told."""

    counts: pd.DataFrame
    level: str


class Contained(NamedTuple):
    """The children whom the tables `less` count, added up, are no more than those whom `more` count, added up."""

    more: tuple[str, ...]
    less: tuple[str, ...]


def release_stack(
    tables: Mapping[str, Table],
    hierarchy: pd.DataFrame,
    denominators: pd.DataFrame,
    policy: Policy = DEFAULT,
    *,
    contained: Sequence[Contained] = (),
    earlier: Sequence[Released] = (),
) -> Released:
    """Return what may be told of several tables of counts of the same children, all of them together.

    As `disclosure.gate.release_counts`, but each cell is an area of one table, called `name @ code`; and the attacker
    knows `contained`, which may name tables of `earlier` stacks too. A table is added up to its own level first: of
    less nothing of it is told or looked for. A name has to mean the same in earlier stacks.

    `tables`: by name. `hierarchy`: indexed by the smallest areas, a column for each level, finest first; levels above
    the finest that any table tells of are those of `policy`. `denominators`: all children, the same shape; public.

    Raises `DisclosureError` as `release_counts` does, and where `contained` names a table that is not there.
    """
    levels = [str(name) for name in hierarchy]
    finest = min((levels.index(table.level) for table in tables.values()), default=0)
    grounds = {
        level: _Ground(level, hierarchy, denominators, levels[finest:])
        for level in dict.fromkeys(table.level for table in tables.values())
    }
    parts = [grounds[table.level].part(name, table.counts) for name, table in tables.items()]
    counts, parents, children = (pd.concat(one) for one in zip(*parts, strict=True))
    true, geography = checked(counts, parents, children, policy.chain)
    lies = pd.concat([parents, *(one.geography.parents for one in earlier)])
    lies = lies[~lies.index.duplicated()]
    own = parents.index[parents.index == parents.iloc[:, 0]] if parents.shape[1] else parents.index[:0]
    geography = replace(
        geography, stand_ins=frozenset(own), relations=tuple(_relations(contained, _Areas(lies)))
    )
    return release_within(true, geography, policy, earlier=earlier)


def named(table: str, code: str) -> str:
    """Return what an area of a table is called in a stack."""
    return f"{table}{AT}{code}"


def taken_apart(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the figures of a stack with the name of the table of each, `table`, and the area's own code."""
    parts = frame["code"].str.rsplit(AT, n=1)
    return frame.assign(table=parts.str[0], code=parts.str[1])


def tables_in(released: Released) -> tuple[str, ...]:
    """Return the names of the tables of a stack."""
    return tuple(dict.fromkeys(str(code).rsplit(AT, 1)[0] for code in released.geography.parents.index))


class _Ground:
    """The areas of the level that a table is told at, as the smallest of a stack: they stand in for their parts."""

    def __init__(
        self, level: str, hierarchy: pd.DataFrame, denominators: pd.DataFrame, levels: list[str]
    ) -> None:
        self._codes, here = hierarchy[level].astype(str), levels[levels.index(level) :]
        above = pd.DataFrame({name: hierarchy[name].astype(str) for name in here})
        above = above.drop_duplicates(level).set_index(level, drop=False).sort_index()
        self._lies_in = {name: above[name if name in here else level].tolist() for name in levels}
        self._index = levels[0]
        self._children = self._sums(denominators)

    def _sums(self, table: pd.DataFrame) -> pd.DataFrame:
        return table.groupby(self._codes.reindex(table.index)).sum()

    def part(self, name: str, counts: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
        """Return counts, parents and children of one table."""
        codes = {level: [named(name, code) for code in whole] for level, whole in self._lies_in.items()}
        index = pd.Index(codes.pop(self._index), name=self._index, dtype=object)
        sums = self._sums(counts)
        return sums.set_axis(index), pd.DataFrame(codes, index=index), self._children.set_axis(index)


class _Areas:
    """Which smallest areas each table has, and in which areas of the levels above they lie."""

    def __init__(self, lies: pd.DataFrame) -> None:
        self.levels = [str(lies.index.name), *(str(name) for name in lies)]
        table = lies.rename_axis(self.levels[0]).reset_index(names="own")
        table.insert(1, self.levels[0], table["own"])
        names = table["own"].str.rsplit(AT, n=1).str[0]
        self._of = {str(name): part for name, part in table.groupby(names)}

    def finest(self, name: str) -> int:
        """Return the finest level that a table is told at: its areas stand in for those of levels below."""
        if name not in self._of:
            raise DisclosureError(
                f"The stack has no table {name!r}.", "Say what holds between tables that it has."
            )
        part = self._of[name]
        alike = [place for place, level in enumerate(self.levels) if (part["own"] == part[level]).all()]
        return max(alike)

    def inside(self, name: str, level: int) -> dict[str, tuple[str, ...]]:
        """Return the smallest areas of a table in each area of a level, by its own code."""
        part = self._of[name]
        codes = part[self.levels[level]].str.rsplit(AT, n=1).str[1]
        return {str(code): tuple(own) for code, own in part["own"].groupby(codes)}


def _relations(contained: Sequence[Contained], areas: _Areas) -> Iterator[Relation]:
    """Yield the relations, area by area of the finest level that all tables of each share."""
    for one in contained:
        level = max(areas.finest(name) for name in (*one.more, *one.less))
        more, less = ([areas.inside(name, level) for name in side] for side in one)
        for code in dict.fromkeys(code for part in less for code in part):
            sides = (tuple(own for part in side for own in part.get(code, ())) for side in (more, less))
            yield Relation(*sides)
