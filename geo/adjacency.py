"""Who neighbours whom, as three flat arrays: the light form behind libpysal's Graph."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from geo.contiguity import distinct
from geo.errors import GeoError

if TYPE_CHECKING:
    from libpysal.graph import Graph

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Booleans = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Adjacency:
    """Neighbour lists of n areas in compressed rows.

    `ids` names the areas; the neighbours of area i are `neighbours[starts[i]:starts[i + 1]]`, as positions,
    in ascending order, never i itself. `weights` is None where every neighbour of an area counts the same.
    """

    ids: pd.Index
    starts: Integers
    neighbours: Integers
    weights: Floats | None = None

    @property
    def n(self) -> int:
        """Return the number of areas."""
        return len(self.ids)

    @cached_property
    def degrees(self) -> Integers:
        """Return the number of neighbours of each area."""
        return np.diff(self.starts)

    @property
    def islands(self) -> pd.Index:
        """Return the areas without a neighbour."""
        return self.ids[self.degrees == 0]

    @cached_property
    def matrix(self) -> sparse.csr_array:
        """Return the n x n matrix with 1 (or the weight) where the column's area neighbours the row's."""
        weights = np.ones(len(self.neighbours)) if self.weights is None else self.weights
        return sparse.csr_array((weights, self.neighbours, self.starts), shape=(self.n, self.n))

    @cached_property
    def totals(self) -> tuple[Floats, Floats]:
        """Return the sum of each area's weights and of their squares: both the degree for equal weights."""
        if self.weights is None:
            return self.degrees.astype(np.float64), self.degrees.astype(np.float64)
        return self.matrix.sum(axis=1), (self.matrix**2).sum(axis=1)

    @cached_property
    def largest(self) -> Floats:
        """Return the largest weight of each area, 1 for equal weights."""
        if self.weights is None:
            return np.ones(self.n)
        return np.asarray(self.matrix.max(axis=1).todense()).ravel()

    def count(self, kept: Booleans) -> Integers:
        """Return how many of each area's neighbours are kept."""
        links = np.concatenate([[0], np.cumsum(kept[self.neighbours])])
        return np.asarray(links[self.starts[1:]] - links[self.starts[:-1]], dtype=np.int64)

    @cached_property
    def components(self) -> Integers:
        """Return the number of the connected part that each area belongs to, from 0."""
        labels = sparse.csgraph.connected_components(self.matrix, directed=False)[1]
        return np.asarray(labels, dtype=np.int64)

    def sums(self, values: Floats) -> Floats:
        """Return the sum over the neighbours of each area; `values` has areas in its last axis."""
        return np.asarray((self.matrix @ values.T).T, dtype=np.float64)

    def keep(self, kept: Booleans) -> "Adjacency":
        """Return the adjacency among the areas where `kept` is true; links to others are dropped."""
        part = self.matrix[kept][:, kept].tocsr()
        part.sort_indices()
        return Adjacency(
            self.ids[kept],
            part.indptr.astype(np.int64),
            part.indices.astype(np.int64),
            None if self.weights is None else part.data,
        )

    def reorder(self, ids: pd.Index) -> "Adjacency":
        """Return the same adjacency with its areas in the order of `ids`.

        Raises GeoError where `ids` does not name the same areas, each once.
        """
        if self.ids.equals(ids):
            return self
        places = self.ids.get_indexer(ids)
        if not ids.is_unique or len(ids) != self.n or (places < 0).any():
            unknown = [str(code) for code in ids[places < 0][:3]]
            lacking = [str(code) for code in self.ids.difference(ids)[:3]]
            raise GeoError(
                f"The values and the neighbours do not name the same areas, each once: "
                f"{len(ids)} values, {self.n} areas with neighbours; "
                f"no neighbours known for {unknown or 'none'}, no value row for {lacking or 'none'}.",
                "Give one value row (it may be missing) for each area the neighbours were found on.",
            )
        part = self.matrix[places][:, places].tocsr()
        part.sort_indices()
        weights = None if self.weights is None else part.data
        return Adjacency(ids, part.indptr.astype(np.int64), part.indices.astype(np.int64), weights)

    def to_graph(self) -> "Graph":
        """Return the adjacency as a libpysal Graph with weight 1 (or the weight) for each neighbour."""
        from libpysal.graph import Graph  # noqa: PLC0415 (deferred: importing libpysal takes two seconds)

        islands = np.flatnonzero(self.degrees == 0)
        focal = np.concatenate([np.repeat(np.arange(self.n), self.degrees), islands])
        other = np.concatenate([self.neighbours, islands])
        weights = np.ones(len(self.neighbours), dtype=np.int64) if self.weights is None else self.weights
        weights = np.concatenate([weights, np.zeros(len(islands), dtype=weights.dtype)])
        order = np.lexsort((other, focal))
        index = pd.MultiIndex(
            levels=[self.ids, self.ids],
            codes=[focal[order], other[order]],
            names=["focal", "neighbor"],
        )
        return Graph(pd.Series(weights[order], index=index, name="weight"), is_sorted=True)


def from_pairs(ids: pd.Index, first: Integers, second: Integers) -> Adjacency:
    """Return the adjacency of pairs (first, second) of positions, each counted in both directions."""
    n = len(ids)
    keys = distinct(np.concatenate([first * n + second, second * n + first]))
    return from_links(ids, keys // max(n, 1), keys % max(n, 1))


def from_links(ids: pd.Index, focal: Integers, other: Integers) -> Adjacency:
    """Return the adjacency of directed links, sorted by focal and then by neighbour, without loops."""
    if not ids.is_unique:
        twice = ids[ids.duplicated()][:3].tolist()
        raise GeoError(f"Some areas stand twice in the index, among them {twice}.", "Give each area one row.")
    starts = np.searchsorted(focal, np.arange(len(ids) + 1)).astype(np.int64)
    return Adjacency(ids, starts, other.astype(np.int64))


def from_graph(graph: "Graph | Adjacency") -> Adjacency:
    """Return a libpysal Graph as an Adjacency; an area's own weight is left out.

    Weights that differ within one area's neighbours are kept; where they are equal only the links are.
    """
    if isinstance(graph, Adjacency):
        return graph
    links = graph.sparse.tocoo()
    real = (links.data != 0) & (links.row != links.col)
    focal, other, weights = links.row[real], links.col[real], links.data[real].astype(np.float64)
    order = np.lexsort((other, focal))
    adjacency = from_links(
        pd.Index(graph.unique_ids), focal[order].astype(np.int64), other[order].astype(np.int64)
    )
    return _with_weights(adjacency, weights[order])


def _with_weights(adjacency: Adjacency, weights: Floats) -> Adjacency:
    firsts = weights[adjacency.starts[:-1][adjacency.degrees > 0]]
    if np.allclose(weights, np.repeat(firsts, adjacency.degrees[adjacency.degrees > 0]), rtol=1e-12, atol=0):
        return adjacency
    return Adjacency(adjacency.ids, adjacency.starts, adjacency.neighbours, weights)
