"""Many tests at once: the false-discovery rate."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def benjamini_hochberg(p: Floats) -> Floats:
    """Return q, the smallest false-discovery rate at which each test counts as a discovery.

    Benjamini and Hochberg's step-up rule: with p sorted ascending, q_(r) is the least of p_(s) m / s over s
    >= r, where m is the number of tests. `p` may have draws in its first axis and tests in its last; NaN is
    no test: it does not count towards m and its q is NaN. Equal p have equal q, and q is never below p nor
    above 1.

    Reference: Benjamini and Hochberg (1995), J. R. Statist. Soc. B 57, 289-300.

    >>> benjamini_hochberg(np.array([0.01, 0.04, 0.03, np.nan])).round(3).tolist()
    [0.03, 0.04, 0.04, nan]
    """
    p = np.asarray(p, dtype=np.float64)
    order = np.argsort(p, axis=-1)  # NaN sorts last
    in_order = np.take_along_axis(p, order, axis=-1)
    tests = np.isfinite(in_order).sum(axis=-1, keepdims=True)
    scaled = in_order * tests / np.arange(1, p.shape[-1] + 1)
    least = np.fmin.accumulate(scaled[..., ::-1], axis=-1)[..., ::-1]
    least = np.where(np.isfinite(in_order), np.minimum(least, 1.0), np.nan)
    q = np.empty_like(p)
    np.put_along_axis(q, order, least, axis=-1)
    return q


def fewest_at_floor(tests: int, floor: float, alpha: float) -> int:
    """Return how many areas must reach the smallest possible p before any can be a discovery.

    With 999 random permutations the smallest two-sided p is 2/1000: of 584 areas 24 must sit there together
    before the false-discovery rate can be held at 5 %. The exact law has no such floor.
    """
    return int(np.ceil(tests * floor / alpha - 1e-9))
