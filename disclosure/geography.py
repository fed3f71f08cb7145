"""The geography of a table: which small area lies in which larger ones, and sums over both areas and cohorts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from disclosure.errors import DisclosureError
from words.faults import Fault

Window = tuple[str, ...]


class Key(NamedTuple):
    """Name one cell: an area at a level, over a period (a cohort, or a window of cohorts)."""

    level: str
    code: str
    period: str


def keys_of(frame: pd.DataFrame) -> list[Key]:
    """Return the cell that each row of a table with level, code and period speaks of."""
    return list(map(Key, *(frame[name].to_numpy(object) for name in Key._fields)))


def period_name(window: Sequence[str]) -> str:
    """Return how a window of cohorts is called: its one cohort, or first and last.

    Example: `("2021", "2022", "2023")` is *2021 to 2023*.
    """
    return window[0] if len(window) == 1 else f"{window[0]} to {window[-1]}"


class Relation(NamedTuple):
    """In any cohort the counts of the areas `less` together are no more than those of `more` together.

    Where several tables of the same children lie beside each other (`disclosure.stack`), one can hold another.
    """

    more: tuple[str, ...]
    less: tuple[str, ...]


@dataclass(frozen=True)
class Geography:
    """The smallest areas, the areas they lie in, and the number of children in each by cohort.

    `parents` is indexed by the smallest areas' codes, its index name is their level (`oa`), each column is a level.
    `denominators` has the same index and a column for each cohort. An attack is granted all of it, as if it were
    public; of fewer than 20 children the number is not told all the same. `stand_ins` are smallest areas that are none:
    a larger one, of the same code, stands there for its parts, of which nothing is told. `relations` hold whatever is
    released.
    """

    parents: pd.DataFrame
    denominators: pd.DataFrame
    stand_ins: frozenset[str] = frozenset()
    relations: tuple[Relation, ...] = ()

    @property
    def cohorts(self) -> tuple[str, ...]:
        """Return the cohorts' names, in order."""
        return tuple(self.denominators.columns)

    def levels(self) -> Mapping[str, pd.Series]:
        """Return for each level the code of every smallest area's area at it."""
        return self._levels

    def membership(self, level: str) -> tuple[pd.Index, sparse.csr_array]:
        """Return a level's codes in order, and which smallest areas (columns) lie in each (rows)."""
        return self._memberships[level]

    def places(self, level: str) -> Mapping[str, int]:
        """Return the place of each of a level's codes in their order."""
        return self._places[level]

    @cached_property
    def _levels(self) -> dict[str, pd.Series]:
        own = pd.Series(self.parents.index, index=self.parents.index, dtype=object)
        return {str(self.parents.index.name): own, **{str(name): self.parents[name] for name in self.parents}}

    @cached_property
    def _memberships(self) -> dict[str, tuple[pd.Index, sparse.csr_array]]:
        return {level: _membership(codes) for level, codes in self._levels.items()}

    @cached_property
    def _places(self) -> dict[str, dict[str, int]]:
        return {
            level: {code: place for place, code in enumerate(codes)}
            for level, (codes, _) in self._memberships.items()
        }

    def own_areas(self, level: str) -> npt.NDArray[np.int64]:
        """Return the places of a level's codes that are areas of that level, and none that only stands in there."""
        codes, _ = self.membership(level)
        names = list(self._levels)
        above = names[names.index(level) + 1 :][:1]
        standing = [codes.isin(self.stand_ins) & codes.isin(self.membership(name)[0]) for name in above]
        return np.flatnonzero(~standing[0]) if standing else np.arange(len(codes))

    def totals(self, table: pd.DataFrame, level: str, window: Window) -> pd.Series:
        """Return a table's sums for every area of a level over a window."""
        codes, matrix = self.membership(level)
        return pd.Series(matrix @ table[list(window)].to_numpy().sum(axis=1), index=codes)


def _membership(areas: pd.Series) -> tuple[pd.Index, sparse.csr_array]:
    numbers, codes = pd.factorize(areas, sort=True)
    known = numbers >= 0
    here = (np.ones(known.sum()), (numbers[known], np.flatnonzero(known)))
    names = pd.Index([str(code) for code in codes], dtype=object)
    return names, sparse.csr_array(here, shape=(len(codes), len(numbers)))


@dataclass(frozen=True)
class Cells:
    """The unknowns of the attack: the count of every smallest area in every cohort, in one row.

    `upper` is the public number of children of each, the most that its count can be. `relations` hold between areas.
    """

    areas: pd.Index
    cohorts: tuple[str, ...]
    upper: npt.NDArray[np.float64]
    relations: tuple[Relation, ...] = ()

    @classmethod
    def over(cls, geographies: Sequence[Geography]) -> "Cells":
        """Return the cells that several releases speak of; where they disagree on children, the greater number."""
        areas = geographies[0].parents.index
        for other in geographies[1:]:
            areas = areas.union(other.parents.index)
        cohorts = tuple(sorted({cohort for one in geographies for cohort in one.cohorts}))
        upper = np.zeros((len(areas), len(cohorts)))
        for one in geographies:
            rows, columns = (
                areas.get_indexer(one.denominators.index),
                pd.Index(cohorts).get_indexer(one.cohorts),
            )
            here = np.ix_(rows, columns)
            upper[here] = np.maximum(upper[here], one.denominators.to_numpy(dtype=float))
        relations = dict.fromkeys(relation for one in geographies for relation in one.relations)
        return cls(areas, cohorts, upper.ravel(), tuple(relations))

    @cached_property
    def related(self) -> tuple[sparse.csr_array, tuple[Key, ...]]:
        """Return the matrix of what the relations leave over, at least 0 in every cohort, and whose each row is."""
        places, number = {code: place for place, code in enumerate(self.areas)}, len(self.cohorts)
        pairs = [
            (row, places[code], sign)
            for row, relation in enumerate(self.relations)
            for sign, codes in ((1.0, relation.more), (-1.0, relation.less))
            for code in codes
        ]
        rows, areas, signs = np.array(pairs, dtype=float).reshape(-1, 3).T
        shape = (len(self.relations), len(self.areas))
        by_area = sparse.csr_array(
            sparse.coo_array((signs, (rows.astype(int), areas.astype(int))), shape=shape)
        )
        keys = tuple(Key("", one.less[0], cohort) for one in self.relations for cohort in self.cohorts)
        return sparse.csr_array(sparse.kron(by_area, sparse.eye_array(number), format="csr")), keys

    def sums(self, geography: Geography, level: str, window: Window) -> sparse.csr_array:
        """Return a matrix that takes the cells to the sums of a level's areas over a window."""
        _, inside = geography.membership(level)
        areas = self.areas.get_indexer(geography.parents.index)[inside.indices]
        cohorts = np.flatnonzero(np.isin(self.cohorts, window))
        columns = (areas[:, None] * len(self.cohorts) + cohorts).ravel()
        here = (np.ones(len(columns)), columns, inside.indptr * len(cohorts))
        sums = sparse.csr_array(here, shape=(inside.shape[0], len(self.upper)))
        sums.sort_indices()
        return sums

    def values(self, table: pd.DataFrame) -> npt.NDArray[np.float64]:
        """Return a table's counts in the order of the cells, 0 where it has none."""
        whole = table.reindex(index=self.areas, columns=list(self.cohorts), fill_value=0)
        return np.asarray(whole.to_numpy(dtype=float).ravel())


def windows_of(cohorts: Sequence[str], asked: Sequence[Sequence[str]] | None) -> dict[str, Window]:
    """Return every period to tell of, by name: each cohort, and each window asked for (as it comes, all of them)."""
    wide = (
        [tuple(cohorts)] if asked is None else [tuple(str(cohort) for cohort in window) for window in asked]
    )
    unknown = sorted({cohort for window in wide for cohort in window} - set(cohorts))
    if unknown or not all(wide):
        raise DisclosureError(
            f"A window names no cohort of the table: {', '.join(unknown) or 'it is empty'}.",
            f"Choose from {', '.join(cohorts)}.",
        )
    return {period_name(window): window for window in [*((cohort,) for cohort in cohorts), *wide]}


def checked(
    table: pd.DataFrame, hierarchy: pd.DataFrame, denominators: pd.DataFrame, chain: Sequence[str]
) -> tuple[pd.DataFrame, Geography]:
    """Return a table of counts and its geography, or refuse them with every fault at once.

    Raises `DisclosureError`: rows or cohorts that do not match, a missing count, a count that is no whole number, is
    negative or above its denominator, an index without a level's name, a level that does not nest in the next.
    """
    counts, children = _named(table), _named(denominators)
    parents = hierarchy.rename(columns=str)
    faults = [*_shape_faults(counts, children, parents)]
    if not faults:
        children, parents = children.loc[counts.index, counts.columns], parents.loc[counts.index]
        faults = [*_number_faults(counts, children), *_nesting_faults(parents, chain)]
    if faults:
        raise DisclosureError(faults)
    return counts.astype("int64"), Geography(parents, children.astype("int64"))


def _named(table: pd.DataFrame) -> pd.DataFrame:
    return table.rename(columns=str)


def _shape_faults(counts: pd.DataFrame, children: pd.DataFrame, parents: pd.DataFrame) -> list[Fault]:
    said = []
    parts: Mapping[str, pd.DataFrame] = {"counts": counts, "denominators": children, "hierarchy": parents}
    for name, part in parts.items():
        if not part.index.is_unique:
            said.append(Fault(f"The {name} have an area twice.", "Keep one row an area."))
        missing = counts.index.difference(part.index)
        if len(missing):
            first = str(missing[0])
            said.append(Fault(f"The {name} lack {len(missing)} areas.", "Add their rows.", value=first))
    if set(counts.columns) != set(children.columns):
        said.append(
            Fault("The counts and the denominators name other cohorts.", "Give both the same columns.")
        )
    if not parents.index.name:
        said.append(
            Fault("The hierarchy's index has no name.", "Name it by the level of its codes, such as oa.")
        )
    return said


def _number_faults(counts: pd.DataFrame, children: pd.DataFrame) -> list[Fault]:
    said = []
    for name, part in (("counts", counts), ("denominators", children)):
        for cohort in part:
            numbers = pd.to_numeric(part[cohort], errors="coerce")
            if numbers.isna().any():
                cure = "Give 0 where nothing was counted; leave out an area of which nothing is known."
                said.append(
                    Fault(
                        f"The {name} have {numbers.isna().sum()} values that are no number.",
                        cure,
                        column=str(cohort),
                    )
                )
            elif (numbers < 0).any() or (numbers % 1 != 0).any():
                said.append(
                    Fault(
                        f"The {name} have values that count nothing.",
                        "Give whole numbers from 0.",
                        column=str(cohort),
                    )
                )
    if not said:
        over = (counts > children).any(axis=1)
        if over.any():
            cure = "Check that both speak of the same children."
            said.append(
                Fault(f"{over.sum()} areas have more cases than children.", cure, value=str(over.idxmax()))
            )
    return said


def _nesting_faults(parents: pd.DataFrame, chain: Sequence[str]) -> list[Fault]:
    present = [level for level in chain if level in parents]
    cure = "Give every area one parent at each level, from one lookup."
    said = [
        Fault(f"{parents[level].isna().sum()} areas have no {level}.", cure, column=level)
        for level in present
        if parents[level].isna().any()
    ]
    for inner, outer in pairwise(present):
        split = parents.groupby(inner)[outer].nunique() > 1
        if split.any():
            said.append(
                Fault(
                    f"One {inner} lies in two areas of level {outer}.",
                    cure,
                    column=inner,
                    value=str(split.idxmax()),
                )
            )
    return said
