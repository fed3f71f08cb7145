"""Statistics are cells too: what a published class and a band of q tell of the counts behind them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse, stats

from disclosure.geography import Cells, Geography, Key, Window
from disclosure.knowledge import Facts, Floats, sums_for
from disclosure.policy import Policy

Surroundings = Mapping[str, Sequence[str]]

HIGH_AROUND = frozenset({"hot", "low_high"})
HIGH_HERE = frozenset({"hot", "high_low"})
FAR = 1e3  # in spreads: further than any neighbourhood lies from the mean


@dataclass(frozen=True)
class Tested:
    """The test as an attacker writes it: each area's rate and the mean rate around it as sums of cells.

    `own` and `around` are matrices over the cells; `mean` and `spread` are those of the rates, granted to the
    attacker although they are not published; `errors` is the spread that chance alone gives each `around`.
    """

    keys: tuple[Key, ...]
    own: sparse.csr_array
    around: sparse.csr_array
    mean: float
    spread: float
    errors: Floats


def tested(
    codes: Sequence[str],
    level: str,
    period: str,
    around: Surroundings,
    parts: tuple[Cells, Geography, dict[str, Window], Floats],
) -> Tested:
    """Return the test of some areas' rates over a period, with mean and spread taken from the true cells."""
    cells, geography, windows, truth = parts
    keys = tuple(Key(level, code, period) for code in codes)
    children = geography.totals(geography.denominators, level, windows[period]).loc[list(codes)].to_numpy()
    own = sparse.csr_array(sparse.diags_array(1 / children) @ sums_for(cells, geography, keys, windows))
    weights, numbers = _weights(codes, around)
    rates = own @ truth
    count = len(codes)
    left = np.maximum(count - 1 - numbers, 0) / max(count - 2, 1)
    errors = np.sqrt(left / np.maximum(numbers, 1)) * rates.std()
    return Tested(keys, own, sparse.csr_array(weights @ own), float(rates.mean()), float(rates.std()), errors)


def _weights(codes: Sequence[str], around: Surroundings) -> tuple[sparse.csr_array, Floats]:
    places = {code: place for place, code in enumerate(codes)}
    pairs = [
        (places[code], places[other]) for code in codes for other in around.get(code, ()) if other in places
    ]
    rows, columns = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    numbers = np.bincount(rows, minlength=len(codes)).astype(float)
    weights = sparse.csr_array((1 / numbers[rows], (rows, columns)), shape=(len(codes), len(codes)))
    return weights, numbers


def around_facts(frame: pd.DataFrame, test: Tested, truth: Floats) -> Facts:
    """Return what each area's class and band of q tell of the mean rate around it.

    A band of q bounds p (from above: p is at most q; from below: by the number of areas in lower bands), and p
    bounds how far the mean around lies from the mean of all. Where the normal curve that turns p into a distance
    would exclude the truth, the bound is moved to the truth: an attacker is never granted less than is true.
    """
    low, high = _distances(frame)
    sums = test.around @ truth
    low = np.minimum(test.mean + low * test.errors, sums)
    high = np.maximum(test.mean + high * test.errors, sums)
    return Facts(test.around, low, high, test.keys)


def _distances(frame: pd.DataFrame) -> tuple[Floats, Floats]:
    q_low, q_high = frame["q_from"].to_numpy(float), frame["q_to"].to_numpy(float)
    lower_bands = (q_high[:, None] > q_high[None, :]).sum(axis=1)
    least_p = np.clip(q_low * (lower_bands + 1) / len(frame), 1e-12, 1)
    near, far = stats.norm.isf(q_high / 2), stats.norm.isf(least_p / 2)
    far = np.where(q_low > 0, far, FAR)
    found = frame["gi_cluster"].to_numpy(object) != "none"
    up = np.array([name in HIGH_AROUND for name in frame["gi_cluster"]])
    low = np.where(found, np.where(up, near, -far), -far)
    return low, np.where(found, np.where(up, far, -near), far)


def own_facts(frame: pd.DataFrame, test: Tested, truth: Floats) -> Facts:
    """Return what the classes of local Moran's I tell of each area's own rate: above the mean, or not."""
    named = np.flatnonzero(frame["cluster"].fillna("none").to_numpy(object) != "none")
    above = np.array([frame["cluster"].iloc[place] in HIGH_HERE for place in named], dtype=bool)
    rows = sparse.csr_array(test.own[named])
    sums = rows @ truth
    low = np.where(above, np.minimum(test.mean, sums), 0.0)
    high = np.where(above, 1.0, np.maximum(test.mean, sums))
    return Facts(rows, low, high, tuple(test.keys[place] for place in named))


def may_tell_own(policy: Policy, mean: float, denominator: int) -> bool:
    """Say whether *above or below the mean* may be told of an area: as for an edge of a band, by public numbers."""
    need = policy.threshold + 1
    return mean * denominator >= need and (1 - mean) * denominator >= need
