"""The law of the sum of k values drawn without replacement from n, for every k at once."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from scipy import fft

from geo.cells import Cells
from geo.errors import GeoError

Floats = npt.NDArray[np.float64]
Complexes = npt.NDArray[np.complex128]

NEGLIGIBLE = 1e-18
MOST_AMPLIFICATION = 1e3
MOST_PRODUCTS = 4e10


def survival_tables(cells: Cells, most: int) -> list[Floats]:
    """Return, for k = 0 .. most, the table of P(sum of k draws >= c) for c = 0 .. cells.count.

    Each table is draws x (count + 1). The characteristic function of a k-sample is the elementary symmetric
    polynomial e_k of the values' own characteristic functions over C(n, k). It comes from Newton's identities
    (one Fourier transform in all) where k is small beside n, and from the product over all values, which has
    no alternating signs, elsewhere.

    Raises GeoError where k is so large beside n that neither is accurate in reasonable time.
    """
    n = cells.positions.shape[1]
    laws = _newton(cells, most) if amplification(n, most) <= MOST_AMPLIFICATION else _product(cells, most)
    certain = np.zeros((len(cells.positions), cells.count + 1))
    certain[:, 0] = 1.0
    return [certain, *(_survival(law, cells.count) for law in laws)]


def amplification(n: int, most: int) -> float:
    """Return by how much Newton's identities can magnify a rounding error on the way to e_most."""
    return float(np.prod([_coefficients(n, k).sum() for k in range(1, most + 1)]))


def _coefficients(n: int, k: int) -> Floats:
    """Return n/k C(n, k - m) / C(n, k) for m = 1, 2 .. until it no longer matters."""
    m = np.arange(1, k)
    ratios = (k - m) / (n - k + m + 1)
    weights = n / (n - k + 1) * np.concatenate([[1.0], np.cumprod(ratios)])
    return np.asarray(weights[weights > NEGLIGIBLE])


def _newton(cells: Cells, most: int) -> Iterator[Complexes]:
    n, half = cells.positions.shape[1], cells.count // 2 + 1
    spectrum = fft.fft(_binned(cells), axis=1) / n
    frequencies = np.arange(half)
    powers: list[Complexes] = []
    laws: list[Complexes] = [np.ones((len(spectrum), half), dtype=np.complex128)]
    for k in range(1, most + 1):
        weights = _coefficients(n, k)
        while len(powers) < len(weights):
            powers.append(np.take(spectrum, (len(powers) + 1) * frequencies % cells.count, axis=1))
        law = weights[0] * powers[0] * laws[-1]
        for m in range(1, len(weights)):
            law += (-1) ** m * weights[m] * (powers[m] * laws[k - m - 1])
        laws.append(law)
        yield law


def _product(cells: Cells, most: int) -> list[Complexes]:
    """Add one value after the other: a mixture of "not drawn" and "drawn", so nothing cancels."""
    draws, n = cells.positions.shape
    half = cells.count // 2 + 1
    if float(draws) * n * most * half > MOST_PRODUCTS:
        raise GeoError(
            f"{most} neighbours among {n:,} areas are too many to compute the exact law of their sum.",
            "Use fewer neighbours: a smaller band, or knn with a smaller number.",
        )
    laws = np.zeros((most + 1, draws, half), dtype=np.complex128)
    laws[0] = 1.0
    turn = -2j * np.pi / cells.count * np.arange(half)
    for j in range(n):
        at = np.floor(cells.positions[:, j])[:, None]
        part = cells.positions[:, j][:, None] - at
        value = np.exp(turn * at) * (1 - part + part * np.exp(turn))
        top = min(most, j + 1)
        k = np.arange(1, top + 1)[:, None, None]
        laws[1 : top + 1] = laws[1 : top + 1] * ((j + 1 - k) / (j + 1)) + laws[:top] * value * (k / (j + 1))
    return list(laws[1:])


def _binned(cells: Cells) -> Floats:
    """Return the values as weights on the cells: whole ones on one, others shared by the two beside them."""
    draws = len(cells.positions)
    at = np.floor(cells.positions)
    part = (cells.positions - at).ravel()
    place = (at.astype(np.int64) + np.arange(draws)[:, None] * cells.count).ravel()
    size = draws * cells.count
    weights = np.bincount(place, 1 - part, size) + np.bincount(place + 1, part, size + 1)[:size]
    return np.asarray(weights).reshape(draws, cells.count)


def _survival(law: Complexes, count: int) -> Floats:
    mass = fft.irfft(law, count, axis=1)
    table = np.zeros((len(law), count + 1))
    np.cumsum(mass[:, ::-1], axis=1, out=table[:, 1:])
    return np.ascontiguousarray(table[:, ::-1])
