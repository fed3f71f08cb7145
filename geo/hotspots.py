"""Where high and low values cluster: z, p, q, the kind of cluster, and why an area has no answer."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo import scores
from geo.adjacency import Adjacency, from_graph
from geo.errors import GeoError
from geo.exact import Tails, neighbour_sum_tails
from geo.measured import TestingRefused, is_constant, measured
from geo.moran import MoranResult, moran
from geo.multiplicity import benjamini_hochberg
from geo.permutation import sampled_tails

if TYPE_CHECKING:
    from libpysal.graph import Graph

__all__ = ["STATUSES", "MoranResult", "Statistic", "TestingRefused", "local_statistics", "moran", "statuses"]

Statistic = Literal["gi_star", "gi", "local_moran"]
Floats = npt.NDArray[np.float64]
Booleans = npt.NDArray[np.bool_]

STATUSES = {
    "assessed": "The area was compared with its surroundings.",
    "missing": "The area has no value.",
    "island": "The area has no neighbour.",
    "neighbours missing": "None of the area's neighbours has a value.",
    "constant": "All areas have the same value, so nothing can stand out.",
    "others constant": "All other areas have the same value, so its neighbours cannot stand out.",
    "all neighbours": "Every other area is a neighbour, so no other surroundings are possible.",
    "too few areas": "Fewer than three areas have a value.",
    "buffer": "The area lies outside the place and only serves as a neighbour.",
}
CONVENTION = "two-sided: twice the smaller inclusive tail of the neighbour sum, at most 1"
METHODS = {
    "enumeration": "exact: every possible set of neighbours was looked at",
    "step": "exact: the values lie on steps of their own size",
    "grid": "computed on a fine grid",
    "permutations": "estimated from random permutations, because weights differ",
}
COARSE = 0.02
_SCORES = {"gi_star": scores.gi_star, "gi": scores.gi, "local_moran": scores.local_moran}


def local_statistics(
    values: pd.Series,
    graph: "Graph | Adjacency",
    *,
    statistic: Statistic = "gi_star",
    alpha: float = 0.05,
    buffer: pd.Index | None = None,
    permutations: int = 99_999,
    seed: int = 0,
) -> pd.DataFrame:
    """Return for each area whether high or low values surround it more than chance would have it.

    p is the exact two-sided conditional permutation p of the neighbour sum (twice the smaller inclusive tail,
    at most 1); Gi, Gi* and local Moran's I share it. q is Benjamini and Hochberg's over the areas that were
    assessed; a cluster is named where q < alpha. z is the statistic's own, the same as esda's.

    `values` are observed numbers or crude or EB-standardised rates, indexed by area id, NaN where missing;
    `graph` holds the same ids. Areas in `buffer` count as neighbours and in the reference distribution but
    are not tested. Where the neighbours' weights differ within an area p comes from `permutations` random
    draws with `seed`.

    Returns a frame with the index of `values`: z, p, q (float), cluster, status, neighbours (those with a
    value). cluster: gi_star and gi: "hot" or "cold" by the tail of the neighbour sum, never by the sign of z,
    else "none"; local_moran: "hot" (high among high), "cold" (low among low), "high_low" (high among low),
    "low_high" (low among high), else "none". Where status is not "assessed" the others are empty. `attrs`
    says in words which p this is (`p`), how it was found (`method`) and, where a few extreme values leave it
    rough, how good it is (`note`).

    Raises TestingRefused for shrunken, smoothed or predicted values; GeoError for infinite values, an unknown
    statistic, ids that do not match, or too few permutations for the number of areas.

    Reference: docs/methods/hotspots.md.
    """
    if statistic not in _SCORES:
        raise GeoError(f"{statistic!r} is not a local statistic.", f"Use one of {', '.join(_SCORES)}.")
    y = measured(values)
    adjacency = from_graph(graph).reorder(values.index)
    status = statuses(y, adjacency)
    if buffer is not None:
        status[(status == "assessed") & values.index.isin(buffer)] = "buffer"
    asked = status == "assessed"
    z, p, high_around = np.full(len(y), np.nan), np.full(len(y), np.nan), np.zeros(len(y), dtype=bool)
    tails: Tails | None = None
    if asked.any():
        kept = np.isfinite(y)
        known, among = y[kept], adjacency.keep(kept)
        sample = _Sample(permutations, seed, alpha)
        tails = _tails(known, among, asked[kept], sample)
        high_around[kept] = tails.upper[0] < tails.lower[0]
        p[kept] = tails.two_sided[0]
        z[kept] = _SCORES[statistic](known, among)
        if statistic == "local_moran":
            p[asked & _at_mean(y)] = 1.0  # the statistic is 0 there in every arrangement
    z[~asked], p[~asked] = np.nan, np.nan
    q = benjamini_hochberg(p)
    clusters = _clusters(statistic, q < alpha, high_around, y > np.nanmean(y) if asked.any() else high_around)
    clusters[~asked] = None
    neighbours = adjacency.count(np.isfinite(y))
    columns = {"z": z, "p": p, "q": q, "cluster": clusters, "status": status, "neighbours": neighbours}
    answer = pd.DataFrame(columns, index=values.index)
    answer.attrs.update(_words(tails))
    return answer


@dataclass(frozen=True)
class _Sample:
    """How to draw where the law cannot be computed: only for weights that differ within an area."""

    permutations: int
    seed: int
    alpha: float


def _at_mean(y: Floats) -> Booleans:
    at = np.zeros(len(y), dtype=bool)
    at[np.isfinite(y)] = scores.at_mean(y[np.isfinite(y)])
    return at


def statuses(y: Floats, adjacency: Adjacency) -> npt.NDArray[np.object_]:
    """Return "assessed" or the reason why not (a key of STATUSES); where several hold, the most telling."""
    kept = np.isfinite(y)
    known = y[kept]
    neighbours = adjacency.count(kept)
    status = np.full(len(y), "assessed", dtype=object)
    status[kept] = np.where(_others_constant(known), "others constant", "assessed")
    status[neighbours == len(known) - 1] = "all neighbours"
    if is_constant(known):
        status[:] = "constant"
    if len(known) < 3:
        status[:] = "too few areas"
    status[neighbours == 0] = "neighbours missing"
    status[adjacency.degrees == 0] = "island"
    status[~kept] = "missing"
    return status


def _others_constant(known: Floats) -> Booleans:
    """Return which areas are the only one that differs from all others."""
    lone = np.zeros(len(known), dtype=bool)
    for i in {int(known.argmin()), int(known.argmax())} if len(known) > 2 else ():
        lone[i] = is_constant(np.delete(known, i))
    return lone


def _tails(known: Floats, among: Adjacency, asked: Booleans, sample: _Sample) -> Tails:
    """Return both tails of the areas asked: computed for equal weights, else sampled."""
    if among.weights is None:
        return neighbour_sum_tails(known, among, asked)
    return sampled_tails(
        known, among, asked, permutations=sample.permutations, seed=sample.seed, alpha=sample.alpha
    )


def _words(tails: Tails | None) -> dict[str, str]:
    """Say how p was found, for codebooks and records."""
    words = {"p": CONVENTION}
    if tails is not None:
        words["method"] = METHODS[tails.method]
    if tails is not None and tails.error > COARSE:
        words["note"] = (
            f"A few values are so far from all others that p is good to about {tails.error:.0%} only: "
            "look at the largest values first."
        )
    return words


def _clusters(
    statistic: Statistic, found: Booleans, high_around: Booleans, above_mean: Booleans
) -> npt.NDArray[np.object_]:
    """Name the clusters by what surrounds the area and, for local Moran's I, by its own value."""
    if statistic != "local_moran":
        names = np.where(high_around, "hot", "cold")
    else:
        names = np.where(
            high_around, np.where(above_mean, "hot", "low_high"), np.where(above_mean, "high_low", "cold")
        )
    return np.where(found, names, "none").astype(object)
