"""Nearby: a linear programme cut down to the areas around a sum, once from within and once from without."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy import sparse

from disclosure.knowledge import Floats, Knowledge
from disclosure.programme import Bounded, Moves, Programme

Chosen = npt.NDArray[np.bool_]
Integers = npt.NDArray[np.int64]
WIDTHS = (8, 8, 30, 60)
"""Facts about so many areas, at most, join them at each step outward: the last reach over an MSOA and a ward."""
TINY = 1e-9


@dataclass(frozen=True)
class Part:
    """Some areas' columns and the rows that name one of them, with what the rest leaves to these.

    `within` holds all other areas as they stand in a table that agrees with everything: what agrees with it agrees with
    the whole. `without` lets each row have of all other areas whatever suits it: what agrees with the whole agrees with
    it. So the greatest value in the whole lies between the two. `table` has the columns' values in that table; `tight`
    and `loose` are the bounds of the rows the one way and the other, `ends` what the columns' `bounds` leave of each.
    """

    columns: Integers
    rows: Integers
    matrix: sparse.csc_array
    tight: tuple[Floats, Floats]
    loose: tuple[Floats, Floats]
    ends: tuple[Floats, Floats]
    bounds: tuple[Floats, Floats]
    table: Floats

    @cached_property
    def within(self) -> Bounded:
        """Return the rows with all other areas as they stand."""
        return _bounded(self, self.tight)

    @cached_property
    def without(self) -> Bounded:
        """Return the rows with whatever suits each of all other areas; `open_rows` says which they are."""
        return _bounded(self, self.loose)

    @property
    def open_rows(self) -> Integers:
        """Return which of all rows those of `without` are."""
        return self.rows[_telling(self.loose, self.ends)]

    @cached_property
    def least(self) -> Moves:
        """Return the programme from within: what it attains is a lower bound of the greatest value."""
        return Moves(self.within, self.table)

    @cached_property
    def most(self) -> Moves:
        """Return the programme from without: what it attains is an upper bound of the greatest value."""
        return Moves(self.without, self.table)

    def forms(self, forms: sparse.csr_array) -> sparse.csr_array:
        """Return forms over all columns that speak of these alone, as forms over these."""
        numbers = np.zeros(forms.shape[1], dtype=forms.indices.dtype)
        numbers[self.columns] = np.arange(len(self.columns))
        parts = (forms.data, numbers[forms.indices], forms.indptr)
        return sparse.csr_array(parts, shape=(forms.shape[0], len(self.columns)))


class Layout:
    """Which areas each fact speaks of, and how the facts lie for taking parts: the same whatever their bounds are."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.matrix = sparse.csr_array(knowledge.matrix)
        self.owners = _owners(knowledge)
        self.areas = int(self.owners.max(initial=-1)) + 1
        self.of_cells = sparse.csr_array(self.matrix.T)  # a row a column, for parts are taken by columns
        self.ends = _extremes(sparse.csc_array(self.matrix), knowledge.lower, knowledge.upper)
        self._names = self.areas_of(self.matrix)
        self._beside: dict[int, sparse.csr_array] = {}

    def areas_of(self, matrix: sparse.csr_array) -> sparse.csr_array:
        """Return which areas (columns) each row of a matrix over the cells names."""
        rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
        here = sparse.coo_array(
            (np.ones(matrix.nnz), (rows, self.owners[matrix.indices])), shape=(matrix.shape[0], self.areas)
        )
        named = sparse.csr_array(here)
        named.data[:] = 1.0
        return named

    def beside(self, width: int) -> sparse.csr_array:
        """Return which areas are named together by a fact about at most so many; worked out once."""
        if width not in self._beside:
            few = sparse.csr_array(self._names[np.flatnonzero(np.diff(self._names.indptr) <= width)])
            self._beside[width] = sparse.csr_array(few.T @ few)
        return self._beside[width]


class Nearby:
    """What an attacker knows, laid out so that parts of it can be asked alone."""

    def __init__(self, knowledge: Knowledge, table: Floats, layout: Layout | None = None) -> None:
        """`table` agrees with all that is known; `layout` is that of the same facts, perhaps with other bounds."""
        self.knowledge, self.table = knowledge, table
        self.layout = layout or Layout(knowledge)
        self.matrix, self.sums = self.layout.matrix, self.layout.matrix @ table
        self._parts: dict[bytes, Part] = {}

    def sums_by_area(self, columns: Integers) -> sparse.csr_array:
        """Return the matrix that adds up the cells of each area, of some columns."""
        _, areas = np.unique(self.layout.owners[columns], return_inverse=True)
        here = (np.ones(len(columns)), (areas, np.arange(len(columns))))
        return sparse.csr_array(sparse.coo_array(here, shape=(areas.max(initial=-1) + 1, len(columns))))

    def areas_at(self, columns: Integers) -> Chosen:
        """Return the areas that some columns speak of."""
        areas = np.zeros(self.layout.areas, dtype=bool)
        areas[self.layout.owners[columns]] = True
        return areas

    def around(self, areas: Chosen, width: int = WIDTHS[-1]) -> Chosen:
        """Return some areas and those that a fact about at most so many names together with one of them."""
        return np.asarray(areas | (self.layout.beside(width) @ areas.astype(float) > 0))

    def outward(self, areas: Chosen) -> Iterator[Chosen]:
        """Yield more and more areas around some, and at last all."""
        before = 0
        for width in WIDTHS:
            areas = self.around(areas, width)
            if before < areas.sum() < len(areas):
                yield areas
            before = areas.sum()
        yield np.ones_like(areas)

    def part(self, areas: Chosen) -> Part:
        """Return the part of what is known that speaks of some areas; it is made once."""
        name = areas.tobytes()
        if name not in self._parts:
            self._parts[name] = self._part(areas)
        return self._parts[name]

    def _part(self, areas: Chosen) -> Part:
        known = self.knowledge
        columns = np.flatnonzero(areas[self.layout.owners])
        lower, upper, table = known.lower[columns], known.upper[columns], self.table[columns]
        rows, matrix = _named_rows(sparse.csr_array(self.layout.of_cells[columns]))
        least, most = _extremes(matrix, lower, upper)
        sums = _sums(matrix, table)
        others = self.sums[rows] - sums
        # A table may overstep a bound by a hair; its own sums always agree.
        tight = (np.minimum(known.low[rows] - others, sums), np.maximum(known.high[rows] - others, sums))
        beyond = self.layout.ends[0][rows] - least, self.layout.ends[1][rows] - most
        loose = (known.low[rows] - beyond[1], known.high[rows] - beyond[0])
        return Part(columns, rows, matrix, tight, loose, (least, most), (lower, upper), table)


def _bounded(part: Part, limits: tuple[Floats, Floats]) -> Bounded:
    """Return the rows of a part between limits, those left out that say nothing beyond the columns' bounds."""
    told = _telling(limits, part.ends)
    return Bounded(_of_rows(part.matrix, told), limits[0][told], limits[1][told], *part.bounds)


def _telling(limits: tuple[Floats, Floats], ends: tuple[Floats, Floats]) -> Chosen:
    return np.asarray((limits[1] < ends[1] - TINY) | (limits[0] > ends[0] + TINY))


def some_table(knowledge: Knowledge) -> Floats:
    """Return a table that agrees with all that is known.

    Raises `DisclosureError` when there is none.
    """
    if knowledge.example is not None and knowledge.admits(knowledge.example):
        return knowledge.example
    matrix = sparse.csc_array(knowledge.matrix)
    rows = Bounded(matrix, knowledge.low, knowledge.high, knowledge.lower, knowledge.upper)
    return Programme(rows).greatest(np.zeros(matrix.shape[1])).columns


def _owners(knowledge: Knowledge) -> Integers:
    """Return the area of each column; an unknown that is no cell counts as an area of its own."""
    cohorts, cells = max(len(knowledge.cells.cohorts), 1), len(knowledge.cells.upper)
    places = np.arange(len(knowledge.lower))
    return np.where(places < cells, places // cohorts, len(knowledge.cells.areas) + places - cells)


def _extremes(matrix: sparse.csc_array, lower: Floats, upper: Floats) -> tuple[Floats, Floats]:
    """Return the least and the greatest that each row can be, by the bounds of its columns alone."""
    ends = _spread(matrix, lower), _spread(matrix, upper)
    gains = matrix.data > 0
    return tuple(
        np.bincount(matrix.indices, matrix.data * np.where(gains, one, other), matrix.shape[0])
        for one, other in (ends, ends[::-1])
    )  # type: ignore[return-value]


def _sums(matrix: sparse.csc_array, values: Floats) -> Floats:
    return np.asarray(np.bincount(matrix.indices, matrix.data * _spread(matrix, values), matrix.shape[0]))


def _spread(matrix: sparse.csc_array, values: Floats) -> Floats:
    """Return the value of each entry's column."""
    return np.repeat(values, np.diff(matrix.indptr))


def _named_rows(cells: sparse.csr_array) -> tuple[Integers, sparse.csc_array]:
    """Return the rows that some columns, given as rows, have entries in, and the matrix of just those."""
    named = np.zeros(cells.shape[1], dtype=bool)
    named[cells.indices] = True
    rows = np.flatnonzero(named)
    indices = (np.cumsum(named, dtype=cells.indices.dtype) - 1)[cells.indices]
    return rows, sparse.csc_array((cells.data, indices, cells.indptr), shape=(len(rows), cells.shape[0]))


def _of_rows(matrix: sparse.csc_array, chosen: Chosen) -> sparse.csc_array:
    """Return the matrix of some rows: what scipy does by turning it round twice."""
    kept = chosen[matrix.indices]
    ends = np.append(0, np.cumsum(kept, dtype=matrix.indptr.dtype))
    numbers = np.cumsum(chosen, dtype=matrix.indices.dtype) - 1
    parts = (matrix.data[kept], numbers[matrix.indices[kept]], ends[matrix.indptr])
    return sparse.csc_array(parts, shape=(int(chosen.sum()), matrix.shape[1]))
