"""Forecast: how many children of the next cohort are expected to need support, by area, with its interval."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from risk.areas import AreaRisk
from risk.doubt import LinkageDoubt
from risk.errors import RiskError
from risk.pooling import Floats, Pool, chances_of, check_table, log_odds, pool_known, pool_next
from risk.shrinking import Children, batches


@dataclass(frozen=True)
class Forecast:
    """The demand expected of the next cohort in areas of one level.

    `table` is indexed by area: `children` (known to start then), `expected` (cases), `low` and `high` (between which
    the count will lie with the chance `interval`), `rate` (expected share, NaN without children). `draws` holds whole
    counts, areas x draws. `notes` are sentences for the screen.
    """

    level: str
    cohort: int
    table: pd.DataFrame
    draws: Floats
    interval: float
    notes: tuple[str, ...]

    def at(self, level: str, parents: pd.Series) -> "Forecast":
        """Return the same for the larger areas that `parents` gives for each area."""
        codes, names = pd.factorize(parents.reindex(self.table.index), sort=True)
        if (codes < 0).any():
            lost = self.table.index[codes < 0]
            raise RiskError(
                f"{len(lost)} areas lie in no {level} ({lost[0]} is one).", "Add the place's lookup."
            )
        draws = np.zeros((len(names), self.draws.shape[1]))
        np.add.at(draws, codes, self.draws)
        index = pd.Index(names, name=self.table.index.name)
        children = self.table["children"].groupby(codes).sum().set_axis(index)
        expected = self.table["expected"].groupby(codes).sum().to_numpy(dtype=np.float64)
        return replace(self, level=level, table=_table(children, expected, draws, self.interval), draws=draws)


def forecast(
    table: pd.DataFrame,
    probability_draws: Floats,
    places: pd.DataFrame,
    risk: AreaRisk,
    linkage: LinkageDoubt | None = None,
    *,
    seed: int = 0,
) -> Forecast:
    """Return the demand of the cohort without outcomes, area by area.

    Each draw takes a draw of the model, the area's effect from the same draw of `risk`, a shift common to the whole
    cohort (years differ from each other beyond what is predicted; how much is taken from the pooled cohorts), and then
    chance itself: so the interval is that of the count to be observed, which is wider than that of a rate.

    `table`, `probability_draws`, `places` and `linkage` are those given to `to_areas`, whose answer at the finest level
    is `risk`. Raises RiskError where there is not one cohort ahead, or the parts do not belong together.

    Reference: docs/methods/areas.md.
    """
    check_table(table, probability_draws, places)
    if risk.effects.shape != (len(places), len(probability_draws)):
        raise RiskError(
            "The area risk is not of these areas and draws.", "Give what `to_areas` made of the same draws."
        )
    pool, rng = pool_next(table, places), np.random.default_rng([seed, 5])
    doubt = (linkage or LinkageDoubt()).of_rows(pool.rows, len(table))
    shifts = cohort_shifts(pool_known(table, places, len(risk.cohorts)), probability_draws, risk)
    children = Children(pool.area, pool.outcome)
    expected, counts = [], []
    for part in batches(len(probability_draws), len(pool.rows)):
        chances = doubt.exchanged(probability_draws[part][:, pool.rows], pool.area, rng)
        shift = _next_shift(shifts, len(chances), rng)
        chance = chances_of(log_odds(chances) + risk.effects.T[part][:, pool.area] + shift[:, None])
        expected.append(children.sums(chance, len(places)))
        counts.append(children.sums((rng.random(chance.shape) < chance).astype(np.float64), len(places)))
    people = pd.Series(
        children.sums(np.ones((1, len(pool.rows))), len(places))[0].astype(np.int64), places.index
    )
    draws = np.concatenate(counts).T
    found = _table(people, np.concatenate(expected).mean(axis=0), draws, risk.interval)
    year = pool.cohorts[0]
    return Forecast(risk.level, year, found, draws, risk.interval, _notes(year, len(pool.rows), shifts))


def cohort_shifts(pool: Pool, probability_draws: Floats, risk: AreaRisk) -> Mapping[int, tuple[float, float]]:
    """Return for each pooled cohort how far its outcomes lie from what was expected, and the variance of that.

    Both in log odds: the difference between cases and expected cases over the outcomes' variance.
    """
    odds = log_odds(probability_draws.mean(axis=0)[pool.rows])
    chance = chances_of(odds + risk.effects.mean(axis=1)[pool.area])
    # a chance is no straight line in the effect: its mean over the draws lies beside its value at their mean
    bend = 0.5 * chance * (1 - chance) * (1 - 2 * chance)
    chance = chance + bend * risk.effects.var(axis=1)[pool.area]
    found = {}
    for year in pool.cohorts:
        of_year = pool.cohort == year
        weight = float((chance * (1 - chance))[of_year].sum())
        found[year] = (float((pool.outcome - chance)[of_year].sum() / weight), 1 / weight)
    return found


def _next_shift(shifts: Mapping[int, tuple[float, float]], n: int, rng: np.random.Generator) -> Floats:
    """Return n draws of the next cohort's shift: Student's t, because few years tell how much years differ."""
    if len(shifts) < 2:
        return np.zeros(n)
    seen, noise = (np.array(column) for column in zip(*shifts.values(), strict=True))
    between = max(0.0, float(seen.var(ddof=1) - noise.mean()))
    scale = np.sqrt(between * (1 + 1 / len(seen)))
    return np.asarray(seen.mean() + scale * rng.standard_t(len(seen) - 1, n))


def _table(children: pd.Series, expected: Floats, draws: Floats, interval: float) -> pd.DataFrame:
    low, high = np.quantile(draws, [(1 - interval) / 2, (1 + interval) / 2], axis=1, method="inverted_cdf")
    rate = (pd.Series(expected, children.index) / children).where(children > 0)
    return pd.DataFrame({"children": children, "expected": expected, "low": low, "high": high, "rate": rate})


def _notes(year: int, children: int, shifts: Mapping[int, tuple[float, float]]) -> tuple[str, ...]:
    said = [
        f"The forecast is for the {children:,} children now known who start school in {year}; "
        "those who move in or away before are not foreseen."
    ]
    if len(shifts) < 2:
        said.append("Only one cohort has outcomes, so how much years differ is not in the interval.")
    return tuple(said)
