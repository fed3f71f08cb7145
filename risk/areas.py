"""From people to places: what was observed and what is expected of each area, cohorts pooled, with its doubt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.measured import mark
from risk.doubt import LinkageDoubt
from risk.errors import RiskError
from risk.pooling import POOLED, Floats, Integers, Pool, chances_of, check_table, log_odds, pool_known
from risk.shrinking import Children, Spreads, batches, draw_effects, few, spreads_of
from risk.tree import Tree, plant
from risk.whereabouts import Whereabouts

INTERVAL = 0.90
MINIMUM = 20
"""Children below which an area gets no rate."""
HIDDEN = (0.0, 0.3)
"""The range of the share of a child's chance that lies in what no record shows: assumed, not learnt."""
TOO_FEW, NOBODY = "too few children", "no children"


Moved = tuple[npt.NDArray[np.intp], npt.NDArray[np.intp], Integers]
_LEAST = 1e-9


@dataclass(frozen=True)
class AreaRisk:
    """What is known of areas of one level.

    `table` is indexed by area: `children` (pooled), `cases` (observed), `observed_rate` (crude, a share; it may be
    tested), `predicted` (by the model alone), `expected` (cases), `shrunken` (the mean of the draws: for display),
    `low` and `high` (its interval), and `status`: 'too few children', 'no children' or '' where there is a rate.
    `draws` holds the true rate of each area as it may be, areas x draws, NaN without children; `effects` what areas add
    to their prediction, in log odds (empty above the finest level). `spreads` says how much areas, LSOAs and so on
    differ beyond it. `notes` are sentences for the screen.
    """

    level: str
    table: pd.DataFrame
    draws: Floats
    effects: Floats
    cohorts: tuple[int, ...]
    spreads: Mapping[str, float]
    notes: tuple[str, ...]
    interval: float = INTERVAL
    minimum: int = MINIMUM

    @property
    def shrunken(self) -> pd.Series:
        """Return the rates to show, marked as predicted: `geo.hotspots` refuses to test them, and says why."""
        return mark(self.table["shrunken"], "predicted")

    def at(self, level: str, parents: pd.Series) -> "AreaRisk":
        """Return the same for the larger areas that `parents` gives for each area, children counting alike."""
        codes, names = pd.factorize(parents.reindex(self.table.index), sort=True)
        if (codes < 0).any():
            lost = self.table.index[codes < 0]
            raise RiskError(
                f"{len(lost)} areas lie in no {level} ({lost[0]} is one).", "Add the place's lookup."
            )
        index = pd.Index(names, name=self.table.index.name)
        children = self.table["children"].to_numpy(dtype=np.float64)
        weighed = np.where(children[:, None] > 0, self.draws * children[:, None], 0.0)
        sums = np.zeros((len(index), self.draws.shape[1]))
        np.add.at(sums, codes, weighed)
        told = self.table.assign(foreseen=(self.table["predicted"] * children).fillna(0.0))
        added = told[["children", "cases", "foreseen"]].groupby(codes).sum().set_axis(index)
        people = added["children"].to_numpy(dtype=np.float64)
        with np.errstate(invalid="ignore"):
            draws, predicted = sums / people[:, None], added["foreseen"].to_numpy() / people
        table = summarise(
            added["children"], added["cases"], predicted, draws, interval=self.interval, minimum=self.minimum
        )
        return replace(self, level=level, table=table, draws=draws, effects=np.empty((0, draws.shape[1])))


def to_areas(
    table: pd.DataFrame,
    probability_draws: Floats,
    places: pd.DataFrame,
    linkage: LinkageDoubt | None = None,
    whereabouts: Whereabouts | None = None,
    *,
    level: str = "oa",
    levels: Sequence[str] = ("lsoa", "msoa"),
    cohorts: int = POOLED,
    hidden: tuple[float, float] = HIDDEN,
    effects_in_draws: bool = False,
    interval: float = INTERVAL,
    minimum: int = MINIMUM,
    seed: int = 0,
) -> AreaRisk:
    """Return observed and expected rates of areas, pooled over the latest cohorts, with draws that carry the doubt.

    A child's log odds are those predicted plus an effect of its area, which is drawn towards the effect of its LSOA,
    that towards its MSOA's, and that towards the district's; how strongly follows from the outcomes. Each draw takes
    another draw of the model, other wrong links, other children who lived elsewhere (`whereabouts`), other spreads,
    other effects, and another share of a child's chance that no record shows: so the interval carries model, linkage,
    placing and sampling.

    `table` is the feature table, one row a child and cohort (`cohort`, `area`, `outcome`); `probability_draws` is draws
    x rows in its order, best made by models that have not seen the child's own outcome; 400 or more keep the interval's
    ends still. `places` is indexed by area code, with `levels`. `hidden` is the range of the share of a child's chance
    that no record shows. `effects_in_draws` says that the draws already hold what areas add, learnt from the same
    outcomes; none is then added, because the same evidence must not count twice. `minimum` is the number of children
    below which no rate is given.

    Raises RiskError with every fault. Reference: docs/methods/areas.md.
    """
    check_table(table, probability_draws, places)
    tree, pool = plant(places, levels), pool_known(table, places, cohorts)
    children = Children(pool.area, pool.outcome)
    doubt, rng = (linkage or LinkageDoubt()).of_rows(pool.rows, len(table)), np.random.default_rng([seed, 4])
    placed = whereabouts.of_rows(pool.rows) if whereabouts else None
    mean = probability_draws.mean(axis=0)[pool.rows]
    spreads = None if effects_in_draws else spreads_of(tree, children, log_odds(mean))
    rates, effects = [], []
    for part in batches(len(probability_draws), len(pool.rows)):
        chances = probability_draws[part][:, pool.rows]
        drawn = _one_batch(
            tree, children, chances, doubt=doubt, placed=placed, spreads=spreads, hidden=hidden, rng=rng
        )
        rates.append(drawn[0])
        effects.append(drawn[1])
    count = children.sums(np.ones((1, len(pool.rows))), len(places))[0]
    cases = children.sums(pool.outcome[None, :], len(places))[0]
    with np.errstate(invalid="ignore", divide="ignore"):
        draws = np.where(count[:, None] > 0, np.concatenate(rates).T, np.nan)
        predicted = children.sums(mean[None, :], len(places))[0] / count
    people = pd.Series(count.astype(np.int64), places.index)
    found = summarise(
        people,
        pd.Series(cases.astype(np.int64), places.index),
        predicted,
        draws,
        interval=interval,
        minimum=minimum,
    )
    told = {} if spreads is None else dict(zip((level, *tree.levels), spreads.mean.tolist(), strict=True))
    notes = (*_notes(pool, cohorts, hidden, doubt), *(placed.sentences() if placed else ()))
    return AreaRisk(
        level, found, draws, np.concatenate(effects).T, pool.cohorts, told, notes, interval, minimum
    )


def summarise(
    children: pd.Series, cases: pd.Series, predicted: Floats, draws: Floats, *, interval: float, minimum: int
) -> pd.DataFrame:
    """Return the table of AreaRisk from counts, the model's own rates and the draws."""
    some = children.to_numpy() > 0
    low, mean, high = (np.full(len(children), np.nan) for _ in range(3))
    if some.any():
        # of n draws the k-th least has k / (n + 1) of what may be below it: other quantiles would hold less than stated
        ends = [(1 - interval) / 2, (1 + interval) / 2]
        low[some], high[some] = np.quantile(draws[some], ends, axis=1, method="weibull")
        mean[some] = draws[some].mean(axis=1)
    status = np.where(some, np.where(children.to_numpy() < minimum, TOO_FEW, ""), NOBODY)
    return pd.DataFrame(
        {
            "children": children,
            "cases": cases,
            "observed_rate": (cases / children).where(some),
            "predicted": predicted,
            "expected": mean * children,
            "shrunken": mean,
            "low": low,
            "high": high,
            "status": status.astype(object),
        }
    )


def _one_batch(
    tree: Tree,
    children: Children,
    chances: Floats,
    *,
    doubt: LinkageDoubt,
    placed: Whereabouts | None,
    spreads: Spreads | None,
    hidden: tuple[float, float],
    rng: np.random.Generator,
) -> tuple[Floats, Floats]:
    """Return true rates and effects of every area in each draw, both draws x areas."""
    odds = log_odds(doubt.exchanged(chances, children.area, rng))
    kept = doubt.kept(len(chances), len(children.area), rng)
    moved = placed.moved(children.area, len(chances), rng) if placed else None
    evidence = kept
    if moved:
        evidence = kept.copy()
        evidence[moved[:2]] = False  # its outcome is its own, but tells of another area
    effects = np.zeros((len(odds), len(tree.codes)))
    if spreads is not None:
        effects = draw_effects(
            tree, children, odds, kept=evidence, spreads=spreads.draw(len(odds), rng), rng=rng
        )
    if moved:
        draw, child, to = moved
        odds[draw, child] += effects[draw, to] - effects[draw, children.area[child]]
    share = rng.uniform(*hidden, (len(odds), 1))
    own, spare = np.empty_like(odds), np.empty_like(odds)
    for rows in few(len(odds)):
        chance = chances_of(odds[rows] + effects[rows][:, children.area])
        own[rows], spare[rows] = _own_chances(chance, children.outcome, kept[rows], share[rows])
    total, variance, size = (
        _by_area(children, part, len(tree.codes), moved) for part in (own, spare, np.ones_like(own))
    )
    spread = np.sqrt(np.maximum(variance, 0.0)) * rng.standard_normal(total.shape)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.clip((total + spread) / size, 0.0, 1.0), effects


def _own_chances(
    chance: Floats, outcome: Floats, kept: npt.NDArray[np.bool_], share: Floats
) -> tuple[Floats, Floats]:
    """Return mean and variance of each child's own chance, which its outcome moves by `share` where it is its own.

    It follows a beta law around what is expected of the child.
    """
    own = chance + share * np.where(kept, outcome - chance, 0.0)
    return own, own * (1 - own) * share / np.where(kept, 1 + share, 1.0)


def _by_area(children: Children, values: Floats, areas: int, moved: Moved | None) -> Floats:
    """Return sums by area, draws x areas, of values draws x children; those who moved count where they went.

    An area that all have left keeps its own: somebody lived there.
    """
    sums = children.sums(values, areas)
    if moved is None:
        return sums
    draw, child, to = moved
    flat = sums.size
    part = values[draw, child]
    left = np.bincount(draw * areas + children.area[child], part, flat).reshape(sums.shape)
    came = np.bincount(draw * areas + to, part, flat).reshape(sums.shape)
    after = sums - left + came
    return np.asarray(np.where(after > _LEAST, after, sums))


def _notes(pool: Pool, cohorts: int, hidden: tuple[float, float], doubt: LinkageDoubt) -> tuple[str, ...]:
    years = pool.cohorts
    said = [f"{len(years)} cohorts are pooled: children who started school in {', '.join(map(str, years))}."]
    if len(years) < cohorts:
        said.append(f"{cohorts} cohorts were asked for; outcomes are known of {len(years)}.")
    said.append(
        f"Between {hidden[0]:.0%} and {hidden[1]:.0%} of a child's chance is taken to lie in what no record shows; "
        "the data cannot tell how much."
    )
    features, outcome = doubt.shares
    if features or outcome:
        said.append(
            f"In each draw {features:.1%} of the children are taken to have been linked wrongly or in part, "
            f"and {outcome:.1%} of the outcomes to belong elsewhere."
        )
    return tuple(said)
