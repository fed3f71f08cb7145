"""The z of Gi, Gi* and local Moran's I, by the formulas of their authors."""

import numpy as np
import numpy.typing as npt

from geo.adjacency import Adjacency

Floats = npt.NDArray[np.float64]


def gi(values: Floats, adjacency: Adjacency) -> Floats:
    """Return the z of Gi: the neighbours' sum against the mean and spread of all areas but i.

    z = (S_i - k m_i) / (s_i sqrt(k (n - 1 - k) / (n - 2))), with m_i and s_i of the n - 1 other values; where
    weights differ, their sum stands for k and ((n - 1) sum w^2 - (sum w)^2) for k (n - 1 - k). Reference: Ord
    and Getis (1995), Geographical Analysis 27, 286-306.
    """
    y = values - values.mean()
    n, (w, w2) = len(y), adjacency.totals
    spread = np.sqrt(_variance_of_others(y))
    with np.errstate(divide="ignore", invalid="ignore"):
        z = (adjacency.sums(y) + w * y / (n - 1)) / (spread * np.sqrt(((n - 1) * w2 - w**2) / (n - 2)))
    return _finite(z)


def gi_star(values: Floats, adjacency: Adjacency) -> Floats:
    """Return the z of Gi*: the sum over i and its neighbours against the mean and spread of all areas.

    z = (S_i + y_i - w m) / (s sqrt(w (n - w) / (n - 1))), with w = k + 1. The own value is in z, never in p:
    a lone high area in ordinary surroundings has a large z and an ordinary p. Where weights differ the own
    weight is the largest of the area's others.
    """
    y = values - values.mean()
    n, (w, w2), own = len(y), adjacency.totals, adjacency.largest
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = y.std() * np.sqrt((n * (w2 + own**2) - (w + own) ** 2) / (n - 1))
        z = (adjacency.sums(y) + own * y) / spread
    return _finite(z)


def local_moran(values: Floats, adjacency: Adjacency) -> Floats:
    """Return the z of local Moran's I, row-standardised: (I_i - E[I_i]) / sd[I_i], given i's own value.

    Reference: Sokal, Oden and Thomson (1998), Geographical Analysis 30, 331-354, equations A7 and A8, with
    the constants of esda (I_i = (n - 1) z_i lag_i / sum z^2). An area exactly at the mean has I_i = 0
    whatever its neighbours are: no z.
    """
    z = (values - values.mean()) / values.std()
    n, (w, w2) = len(z), adjacency.totals
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic = (n - 1) / n * z * adjacency.sums(z) / w
        expected = -(z**2) / (n - 1)
        variance = z**2 * n / (n - 2) * (w2 / w**2 - 1 / (n - 1)) * (1 - z**2 / (n - 1))
        scored = (statistic - expected) / np.sqrt(variance)
    return _finite(np.where(at_mean(values), np.nan, scored))


def at_mean(values: Floats) -> npt.NDArray[np.bool_]:
    """Return which values equal the mean of all, to rounding."""
    near = np.abs(values - values.mean()) <= 1e-12 * (np.abs(values).max() + np.ptp(values))
    return np.asarray(near)


def _variance_of_others(y: Floats) -> Floats:
    """Return the variance of the n - 1 other values; `y` has mean 0."""
    n, total = len(y), float(y @ y)
    variance = (total - y**2 * n / (n - 1)) / (n - 1)
    for i in np.flatnonzero(
        variance < 1e-6 * total / n
    ):  # one value is nearly all the spread: digits would cancel
        variance[i] = np.delete(y, i).var()
    return variance


def _finite(z: Floats) -> Floats:
    return np.where(np.isfinite(z), z, np.nan)
