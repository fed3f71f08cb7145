"""A square of areas that the tests of statistics and predictions share, with who touches whom and its statistics."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import norm

from tests.disclosure.tables import Table, nested

PERIOD = "2021 to 2022"


@dataclass(frozen=True)
class Square:
    """Counts, lookup and children of a square of areas; who touches whom; and the test of its rates."""

    parts: Table
    around: dict[str, list[str]]
    statistics: pd.DataFrame


def square(seed: int = 1, side: int = 10) -> Square:
    """Return a square with its statistics."""
    parts, around = grid(seed, side)
    return Square(parts, around, by_normal_curve(parts, around))


def grid(seed: int = 1, side: int = 10) -> tuple[Table, dict[str, list[str]]]:
    """Return a square of areas with 20 or more children each, need high in one corner, and who touches whom."""
    random = np.random.default_rng(seed)
    across, down = np.meshgrid(np.arange(side), np.arange(side))
    near = np.exp(-(across.ravel() ** 2 + down.ravel() ** 2) / 12)
    children = random.integers(10, 16, (side * side, 2))
    counts = random.binomial(children, (0.15 + 0.6 * near)[:, None])
    parts = nested(counts.tolist(), children.tolist(), fan=5)
    codes = list(parts[0].index)
    around = {
        codes[row * side + column]: [
            codes[other * side + beside]
            for other in range(max(0, row - 1), min(side, row + 2))
            for beside in range(max(0, column - 1), min(side, column + 2))
            if (other, beside) != (row, column)
        ]
        for row in range(side)
        for column in range(side)
    }
    return parts, around


def by_normal_curve(parts: Table, around: dict[str, list[str]]) -> pd.DataFrame:
    """Return z of Gi* and classes by the normal curve, as a peer of the run's columns."""
    rate = parts[0].sum(axis=1) / parts[2].sum(axis=1)
    number = len(rate)
    rows = {}
    for code, others in around.items():
        one = len(others)
        star = rate[[code, *others]].sum() - (one + 1) * rate.mean()
        spread = rate.std(ddof=0)
        z = star / (spread * np.sqrt(((one + 1) * number - (one + 1) ** 2) / (number - 1)))
        lag = (rate[others].mean() - rate.mean()) / (
            spread * np.sqrt((number - 1 - one) / (number - 2) / one)
        )
        rows[code] = (z, lag, 2 * norm.sf(abs(lag)), rate[code] > rate.mean())
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=["z", "lag", "p", "above"])
    ranked = frame["p"].sort_values()
    q = (ranked * number / np.arange(1, number + 1))[::-1].cummin()[::-1].clip(upper=1)
    found, high, above = q.reindex(frame.index) < 0.05, frame["lag"] > 0, frame["above"]
    quadrant = np.where(high, np.where(above, "hot", "low_high"), np.where(above, "high_low", "cold"))
    return frame.assign(
        q=q,
        status="assessed",
        gi_cluster=np.where(found, np.where(high, "hot", "cold"), "none"),
        cluster=np.where(found, quadrant, "none"),
        stability=0.87,
    )
