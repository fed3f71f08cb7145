"""The law of the sum of k values drawn without replacement from n, for every k that is wanted."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import fft

from geo.cells import Cells
from geo.errors import GeoError

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Complexes = npt.NDArray[np.complex128]

MOST_AMPLIFICATION = 1e3
MOST_PRODUCTS = 1e10
OVERSAMPLING = 32


@dataclass(frozen=True)
class Table:
    """P(sum >= c) for c = 0, stride, 2 stride .. cells, one row a draw."""

    heights: Floats
    stride: int


@dataclass(frozen=True)
class _Law:
    """The characteristic function of the sum of k draws at the frequencies where it is not negligible."""

    k: int
    values: Complexes
    live: Integers


def survival_tables(cells: Cells, wanted: Collection[int], precision: float) -> dict[int, Table]:
    """Return the table of P(sum of k draws >= c) for each k wanted.

    The characteristic function of a k-sample is the elementary symmetric polynomial e_k of the values' own
    over C(n, k). It comes from Newton's identities (one Fourier transform in all) while k is small beside n,
    and from the product over all values, which has no alternating signs, beyond. Frequencies where it is
    below `precision` are left out; where the law is smooth and the data have no ties that leaves a short
    table.

    Raises GeoError where k is so large that the product would take minutes.
    """
    smooth = not cells.whole.any()
    certain = np.zeros((len(cells.positions), cells.count + 1))
    certain[:, 0] = 1.0
    tables = {0: Table(certain, 1)}
    for law in _laws(cells, max(wanted, default=0), precision):
        if law.k in wanted:
            tables[law.k] = _survival(law, cells.count, smooth)
    return tables


def _laws(cells: Cells, most: int, precision: float) -> Iterator[_Law]:
    """Yield the laws for k = 1 .. most."""
    n = cells.positions.shape[1]
    spectrum = np.asarray(fft.fft(_binned(cells), axis=1) / n)
    strength = (np.abs(spectrum[:, : cells.count // 2 + 1]) ** 2).max(axis=0)
    reach = _reach(n, most)
    live = np.arange(cells.count // 2 + 1)
    for law in _newton(spectrum, strength, n, reach, precision):
        live = law.live
        yield law
    if reach < most:
        yield from _product(cells, reach, most, _still_live(live, strength, reach + 1, n, precision))


def _reach(n: int, most: int) -> int:
    """Return the largest k to which Newton's identities magnify a rounding error less than a thousand times."""
    magnified = 1.0
    for k in range(1, most + 1):
        magnified *= float(_coefficients(n, k, 0.0).sum())
        if magnified > MOST_AMPLIFICATION:
            return k - 1
    return most


def _coefficients(n: int, k: int, precision: float) -> Floats:
    """Return n/k C(n, k - m) / C(n, k) for m = 1, 2 .. until it no longer matters."""
    m = np.arange(1, k)
    ratios = (k - m) / (n - k + m + 1)
    weights = n / (n - k + 1) * np.concatenate([[1.0], np.cumprod(ratios)])
    return np.asarray(weights[weights > precision])


def _still_live(live: Integers, strength: Floats, k: int, n: int, precision: float) -> Integers:
    """Keep the frequencies where |e_k|, about (|phi|^2 + k / (e n))^(k / 2), may matter (its second part is chance)."""
    return live[(strength[live] + k / (np.e * n)) ** (k / 2) > precision / 100]


def _newton(spectrum: Complexes, strength: Floats, n: int, reach: int, precision: float) -> Iterator[_Law]:
    """Yield e_k / C(n, k) by k e_k = sum over m of (-1)^(m-1) e_(k-m) p_m, normalised to stay near 1."""
    count = spectrum.shape[1]
    live = np.arange(count // 2 + 1)
    powers: list[Complexes] = []
    laws: list[Complexes] = [np.ones((len(spectrum), len(live)), dtype=np.complex128)]
    for k in range(1, reach + 1):
        kept = _still_live(live, strength, k, n, precision)
        if len(kept) < len(live):
            stay = np.isin(live, kept, assume_unique=True)
            live = kept
            powers, laws = [power[:, stay] for power in powers], [law[:, stay] for law in laws]
        weights = _coefficients(n, k, precision / 100)
        while len(powers) < len(weights):
            powers.append(np.take(spectrum, (len(powers) + 1) * live % count, axis=1))
        value = weights[0] * powers[0] * laws[0]
        for m in range(1, len(weights)):
            value += (-1) ** m * weights[m] * (powers[m] * laws[m])
        laws = [value, *laws[: len(weights) + 1]]
        yield _Law(k, value, live)


def _product(cells: Cells, above: int, most: int, live: Integers) -> Iterator[_Law]:
    """Add one value after the other, a mixture of "not drawn" and "drawn", so nothing cancels; yield k > above."""
    draws, n = cells.positions.shape
    if float(draws) * n * most * len(live) > MOST_PRODUCTS:
        raise GeoError(
            f"{most:,} neighbours among {n:,} areas are too many to compute the exact law of their sum.",
            "Use fewer neighbours: a smaller band, or knn with a smaller number.",
        )
    laws = np.zeros((most + 1, draws, len(live)), dtype=np.complex128)
    laws[0] = 1.0
    turn = -2j * np.pi / cells.count * live
    step = np.exp(turn) - 1
    for j in range(n):
        at = np.floor(cells.positions[:, j])[:, None]
        value = np.exp(turn * at) * (1 + (cells.positions[:, j][:, None] - at) * step)
        top = min(most, j + 1)
        drawn = (np.arange(1, top + 1) / (j + 1))[:, None, None]
        laws[1 : top + 1] = laws[1 : top + 1] * (1 - drawn) + laws[:top] * (value * drawn)
    for k in range(above + 1, most + 1):
        yield _Law(k, laws[k], live)


def _binned(cells: Cells) -> Floats:
    """Return the values as weights on the cells: whole ones on one, others shared by the two beside them."""
    draws = len(cells.positions)
    at = np.floor(cells.positions)
    part = (cells.positions - at).ravel()
    place = (at.astype(np.int64) + np.arange(draws)[:, None] * cells.count).ravel()
    size = draws * cells.count
    weights = np.bincount(place, 1 - part, size) + np.bincount(place + 1, part, size + 1)[:size]
    return np.asarray(weights).reshape(draws, cells.count)


def _survival(law: _Law, count: int, smooth: bool) -> Table:
    """Add the law up from the top; a smooth one on as few cells as still draw it well."""
    highest = int(law.live[-1]) if len(law.live) else 0
    length = min(count, 2 ** int(np.ceil(np.log2(max(OVERSAMPLING * highest, 256))))) if smooth else count
    spectrum = np.zeros((len(law.values), length // 2 + 1), dtype=np.complex128)
    spectrum[:, law.live] = law.values
    mass = fft.irfft(spectrum, length, axis=1)
    heights = np.zeros((len(mass), length + 1))
    np.cumsum(mass[:, ::-1], axis=1, out=heights[:, 1:])
    return Table(np.ascontiguousarray(heights[:, ::-1]), count // length)
