"""Splits: a connected graph cut into connected parts of about equal weight."""

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import breadth_first_order, connected_components, minimum_spanning_tree

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
TREES = 20
CUTS_A_TREE = 3


def components(size: int, pairs: Ints) -> Ints:
    """Return the number of the connected component of each of `size` nodes."""
    links = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(size, size))
    return np.asarray(connected_components(links, directed=False)[1], dtype=np.int64)


def split(
    weights: Floats, centres: Floats, pairs: Ints, costs: Floats, *, parts: int, rng: np.random.Generator
) -> Ints:
    """Cut a connected graph into `parts` connected parts of about equal weight.

    Random spanning trees are drawn, dear edges last; each is cut where the weight divides best, and the
    most compact of the best cuts is taken; then each side again.

    weights: (n,) of the nodes; centres: (n, 2) in metres; pairs: (m, 2) node numbers; costs: (m,) of the
    edges. Returns (n,) part numbers from 0.
    """
    labels = np.zeros(len(weights), dtype=np.int64)
    waiting = [(np.arange(len(weights)), parts, 0)]
    while waiting:
        nodes, share, first = waiting.pop()
        labels[nodes] = first
        if share > 1 and len(nodes) > 1:
            side = _halve(nodes, weights, centres, pairs, costs, share=share, rng=rng)
            waiting.append((nodes[side], share // 2, first))
            waiting.append((nodes[~side], share - share // 2, first + share // 2))
    return labels


def _halve(
    nodes: Ints,
    weights: Floats,
    centres: Floats,
    pairs: Ints,
    costs: Floats,
    *,
    share: int,
    rng: np.random.Generator,
) -> npt.NDArray[np.bool_]:
    """Return which of the nodes go to the first side of the best cut found."""
    place = np.full(len(weights), -1)
    place[nodes] = np.arange(len(nodes))
    inside = (place[pairs] >= 0).all(axis=1)
    inner, price = place[pairs[inside]], costs[inside]
    weight, centre = weights[nodes], centres[nodes]
    goal = (share // 2) / share
    best, best_side = np.inf, np.zeros(len(nodes), dtype=bool)
    spread = _spread(weight, centre)
    for _ in range(TREES):
        order, before = _tree(len(nodes), inner, price * rng.uniform(0.3, 1.7, len(price)), rng)
        below = weight.copy()
        for node in order[:0:-1]:
            below[before[node]] += below[node]
        fraction = below / weight.sum()
        miss = np.minimum(np.abs(fraction - goal), np.abs(1 - fraction - goal))
        miss[order[0]] = np.inf
        for node in np.argsort(miss, kind="stable")[:CUTS_A_TREE]:
            side = _subtree(int(node), order, before)
            if abs(1 - fraction[node] - goal) < abs(fraction[node] - goal):
                side = ~side
            loose = (_spread(weight[side], centre[side]) + _spread(weight[~side], centre[~side])) / spread
            cut = price[side[inner[:, 0]] != side[inner[:, 1]]]
            score = 6.0 * share * max(0.0, miss[node] - 0.04 / share) + loose - 0.15 * np.log(cut.mean())
            if score < best:
                best, best_side = score, side
    return best_side


def _tree(size: int, pairs: Ints, prices: Floats, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """Return a spanning tree as an order from its root and each node's predecessor."""
    links = coo_array((prices, (pairs[:, 0], pairs[:, 1])), shape=(size, size)).tocsr()
    tree = minimum_spanning_tree(links)
    order, before = breadth_first_order(tree, int(rng.integers(size)), directed=False)
    return order.astype(np.int64), before.astype(np.int64)


def _subtree(node: int, order: Ints, before: Ints) -> npt.NDArray[np.bool_]:
    """Return which nodes hang below a node of the tree, itself included."""
    below = np.zeros(len(before), dtype=bool)
    below[node] = True
    for other in order[1:]:
        below[other] |= below[before[other]]
    return below


def _spread(weight: Floats, centre: Floats) -> float:
    """Return the weighted sum of squared distances to the centre of gravity."""
    if not len(weight):
        return np.inf
    middle = np.average(centre, axis=0, weights=weight + 1e-9)
    return float((weight * ((centre - middle) ** 2).sum(axis=1)).sum())
