"""Metrics: how well chances foretell outcomes, each with an interval from resampled areas."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import expit, logit

from geo import rates

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
_CHUNK = 25
_NEWTON = 10
_BINS = 200
_FLAT = 1e-9
_EDGE = 1e-6


@dataclass(frozen=True)
class Measured:
    """A number with the interval that resampled areas give it; NaN where it cannot be said."""

    value: float
    low: float
    high: float

    def as_dict(self) -> dict[str, float | None]:
        """Return value, low and high, None where it cannot be said."""
        return {"value": _plain(self.value), "low": _plain(self.low), "high": _plain(self.high)}


def measured(value: float, resampled: Floats, certainty: float = 0.95) -> Measured:
    """Return a value with the percentile interval of its resamples."""
    if np.isnan(value) or np.isnan(resampled).all():
        return Measured(value, float("nan"), float("nan"))
    low, high = np.nanquantile(resampled, [(1 - certainty) / 2, (1 + certainty) / 2])
    return Measured(float(value), float(low), float(high))


def resample(areas: int, times: int, seed: int) -> Floats:
    """Return how often each area is drawn, times x areas: children of one area are drawn together."""
    rng = np.random.default_rng([seed, 11])
    return rng.multinomial(areas, np.full(areas, 1 / areas), size=times).astype(float)


def scores(outcome: Floats, chance: Floats, area: Ints, weights: Floats) -> dict[str, Measured]:
    """Return log loss, Brier score, AUC, calibration slope and calibration in the large.

    The slope is that of the outcome on the log odds: 1 when right, below 1 when the chances are too far apart.
    Calibration in the large is the observed share less the mean chance. A constant chance has no slope.

    :param area: the number of each child's area. :param weights: resampled areas, times x areas.
    """
    counts = weights @ _by_area(np.ones(len(area)), area, weights.shape[1])
    losses = {
        "log_loss": log_losses(outcome, chance),
        "brier": (outcome - chance) ** 2,
        "calibration_in_the_large": outcome - chance,
    }
    found = {
        name: measured(float(each.mean()), weights @ _by_area(each, area, weights.shape[1]) / counts)
        for name, each in losses.items()
    }
    point = float(auc(outcome, chance, area, np.ones((1, weights.shape[1])))[0])
    found["auc"] = measured(point, auc(outcome, chance, area, weights))
    point = float(slope(outcome, chance, np.ones((1, len(area))))[0])
    found["calibration_slope"] = measured(point, _slopes(outcome, chance, area, weights))
    return found


def log_losses(outcome: Floats, chance: Floats) -> Floats:
    """Return each child's log loss."""
    safe = np.clip(chance, _EDGE, 1 - _EDGE)
    return np.asarray(-(outcome * np.log(safe) + (1 - outcome) * np.log1p(-safe)))


def loss_gain(outcome: Floats, better: Floats, worse: Floats, area: Ints, weights: Floats) -> Measured:
    """Return by how much the first chances' log loss is lower than the second's, over the same resamples."""
    each = log_losses(outcome, worse) - log_losses(outcome, better)
    size = weights.shape[1]
    counts = weights @ _by_area(np.ones(len(area)), area, size)
    return measured(float(each.mean()), weights @ _by_area(each, area, size) / counts)


def auc(outcome: Floats, chance: Floats, area: Ints, weights: Floats) -> Floats:
    """Return the AUC for each row of weights (times x areas), ties counted half."""
    order, by_area = np.argsort(chance, kind="stable"), np.ascontiguousarray(weights.T)
    ill, well = order[outcome[order] == 1], order[outcome[order] == 0]
    lower, upper = (np.searchsorted(chance[well], chance[ill], side) for side in ("left", "right"))
    found = np.empty(len(weights))
    for times in _chunks(len(weights)):
        heard = by_area[area[ill], times]
        below = np.zeros((len(well) + 1, heard.shape[1]))
        np.cumsum(by_area[area[well], times], axis=0, out=below[1:])
        won = (heard * (below[lower] + below[upper])).sum(axis=0) / 2
        with np.errstate(invalid="ignore"):
            found[times] = won / (heard.sum(axis=0) * below[-1])
    return found


def slope(outcome: Floats, chance: Floats, weights: Floats) -> Floats:
    """Return the calibration slope for each row of weights, by Newton's method; NaN for constant chances."""
    return _line(_odds(chance), weights, weights * outcome)


def _slopes(outcome: Floats, chance: Floats, area: Ints, weights: Floats) -> Floats:
    """Return the slope for each resample, children of about the same chance taken together so that it is quick."""
    odds = _odds(chance)
    edges = np.unique(np.quantile(odds, np.linspace(0, 1, _BINS + 1)))
    which = np.clip(np.searchsorted(edges, odds, side="right") - 1, 0, max(len(edges) - 2, 0))
    size, bins = weights.shape[1], int(which.max()) + 1
    cell = area * bins + which
    children, ill = (
        np.bincount(cell, each, size * bins).reshape(size, bins) for each in (np.ones(len(area)), outcome)
    )
    middle = np.bincount(which, odds, bins) / np.maximum(np.bincount(which, minlength=bins), 1)
    return _line(middle, weights @ children, weights @ ill)


def _line(odds: Floats, heard: Floats, ill: Floats) -> Floats:
    """Return the slopes of logistic regressions on log odds, one for each row of children heard and ill."""
    if np.ptp(odds) < _FLAT:
        return np.full(len(heard), np.nan)
    middle, spread = odds.mean(), odds.std()
    x = (odds - middle) / spread
    line = np.stack([np.full(len(heard), middle), np.full(len(heard), spread)])
    with np.errstate(
        all="ignore"
    ):  # a resample without a slope comes out as NaN and is left out of the interval
        for _ in range(_NEWTON):
            fitted = expit(line[0][:, None] + line[1][:, None] * x)
            curve, surplus = heard * fitted * (1 - fitted), ill - heard * fitted
            a, b, c = curve.sum(axis=1), curve @ x, curve @ (x * x)
            first, second = surplus.sum(axis=1), surplus @ x
            step = np.stack([c * first - b * second, a * second - b * first]) / (a * c - b * b)
            line = line + step
    return np.asarray(np.where(np.isfinite(line[1]), line[1] / spread, np.nan))


def _odds(chance: Floats) -> Floats:
    return np.asarray(logit(np.clip(chance, _EDGE, 1 - _EDGE)), dtype=float)


def calibration_curve(outcome: Floats, chance: Floats, bins: int = 10) -> list[dict[str, float]]:
    """Return up to `bins` groups of about as many children, by chance: mean chance, observed share, its interval."""
    edges = np.unique(np.quantile(chance, np.linspace(0, 1, bins + 1)))
    which = np.clip(np.searchsorted(edges, chance, side="right") - 1, 0, max(len(edges) - 2, 0))
    by = pd.DataFrame({"chance": chance, "outcome": outcome}).groupby(which)
    table = by.agg(chance=("chance", "mean"), count=("outcome", "sum"), children=("outcome", "size"))
    low, high = rates.interval(table["count"], table["children"])
    table = table.assign(observed=table["count"] / table["children"], low=low, high=high)
    return [
        {name: round(float(row[name]), 4) for name in ("chance", "observed", "low", "high")}
        for _, row in table.iterrows()
    ]


def _by_area(each: Floats, area: Ints, size: int) -> Floats:
    return np.asarray(np.bincount(area, each, size), dtype=float)


def _chunks(times: int) -> Iterator[slice]:
    for start in range(0, times, _CHUNK):
        yield slice(start, start + _CHUNK)


def _plain(value: float) -> float | None:
    return None if np.isnan(value) else round(float(value), 5)
