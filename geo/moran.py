"""Moran's I of a whole map: whether like values lie side by side at all."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.special import ndtr

from geo.adjacency import Adjacency, from_graph
from geo.measured import is_constant, measured

if TYPE_CHECKING:
    from libpysal.graph import Graph


@dataclass(frozen=True)
class MoranResult:
    """Global Moran's I of n areas with a value.

    `expected` is its mean under the null hypothesis, `variance` its variance under randomisation (the values
    that are there, in any arrangement), `variance_normal` under normality. `z` and the two-sided `p` use
    randomisation. `status` is "assessed", or says why there is no answer ("constant", "too few areas",
    "islands only"); the numbers are then NaN.
    """

    i: float
    expected: float
    z: float
    p: float
    n: int
    variance: float = float("nan")
    variance_normal: float = float("nan")
    status: str = "assessed"


def moran(values: pd.Series, graph: "Graph | Adjacency", *, row_standardised: bool = True) -> MoranResult:
    """Return global Moran's I with its z and two-sided p under randomisation.

    `values` is indexed by area id; missing values leave their area out. Islands count in n and in the mean,
    as in esda (spdep leaves them out of n). `row_standardised=False` gives every link the same weight (style
    B).

    Raises GeoError for infinite values, or ids that do not match the graph's.
    Reference: Cliff and Ord (1981), Spatial Processes.
    """
    adjacency = from_graph(graph).reorder(values.index)
    y = measured(values)
    kept = np.isfinite(y)
    y, adjacency = y[kept], adjacency.keep(kept)
    n = len(y)
    why = _no_answer(y, adjacency)
    if why:
        nan = float("nan")
        return MoranResult(nan, nan, nan, nan, n, status=why)
    weights = _weights(adjacency, row_standardised)
    deviation = y - y.mean()
    total = float(weights.sum())
    i = n / total * float(deviation @ (weights @ deviation)) / float(deviation @ deviation)
    expected = -1 / (n - 1)
    normal, randomised = _variances(weights, deviation)
    z = (i - expected) / np.sqrt(randomised) if randomised > 0 else float("nan")
    p = min(1.0, 2 * float(ndtr(-abs(z))))
    return MoranResult(i, expected, float(z), p, n, randomised, normal)


def _no_answer(y: np.ndarray, adjacency: Adjacency) -> str:
    if len(y) < 4:
        return "too few areas"
    if is_constant(y):
        return "constant"
    return "islands only" if not adjacency.degrees.any() else ""


def _weights(adjacency: Adjacency, row_standardised: bool) -> sparse.csr_array:
    matrix = adjacency.matrix
    if not row_standardised:
        return matrix
    rows = np.asarray(matrix.sum(axis=1)).ravel()
    scale = np.divide(1.0, rows, out=np.zeros_like(rows), where=rows > 0)
    return sparse.csr_array(sparse.diags_array(scale) @ matrix)


def _variances(weights: sparse.csr_array, deviation: np.ndarray) -> tuple[float, float]:
    """Return the variance of I under normality and under randomisation (Cliff and Ord)."""
    n = len(deviation)
    s0 = float(weights.sum())
    both = weights + weights.T
    s1 = float((both.multiply(both)).sum()) / 2
    s2 = float(
        ((np.asarray(weights.sum(axis=1)).ravel() + np.asarray(weights.sum(axis=0)).ravel()) ** 2).sum()
    )
    square = 1 / (n - 1) ** 2
    normal = (n * n * s1 - n * s2 + 3 * s0**2) / ((n - 1) * (n + 1) * s0**2) - square
    kurtosis = float((deviation**4).mean() / (deviation**2).mean() ** 2)
    spread = n * ((n * n - 3 * n + 3) * s1 - n * s2 + 3 * s0**2)
    peaked = kurtosis * ((n * n - n) * s1 - 2 * n * s2 + 6 * s0**2)
    return normal, (spread - peaked) / ((n - 1) * (n - 2) * (n - 3) * s0**2) - square
