"""What a recipe says of each area before clusters are looked for: the tested value, and the one to show."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from bake.levels import Ground
from bake.recipe import Recipe
from bake.recipe_parts import IndexRisk, Indicator, RateRisk
from bake.recipe_records import RecordsRisk
from risk.index import Part, combine
from risk.rate import MISSING, crude, rate, standardised

BANDS = 5


@dataclass(frozen=True)
class Answers:
    """The answers of one ground, indexed by `code`.

    `table` has `value`, `low`, `high`, `shown`, `band`, `status` ('' where there is a value) and, for a rate,
    `count` and `denominator`. `decisions` says in sentences what was decided on the way. `beyond` has the
    value of each area beyond the border, made with the mean, spread and ranks of the ground's own areas.
    """

    table: pd.DataFrame
    decisions: list[str]
    beyond: pd.Series

    @property
    def tested(self) -> pd.Series:
        """Return the values that clusters are looked for among: the areas', and then those beyond the border."""
        return pd.concat([self.table["value"], self.beyond])


def answer(recipe: Recipe, ground: Ground) -> Answers:
    """Return the value of each area, its status, and the band the map colours."""
    risk = recipe.risk
    assert not isinstance(risk, RecordsRisk)  # the pipeline has sent it another way
    found = _index(risk, ground) if isinstance(risk, IndexRisk) else _rate(risk, ground)
    table = found.table.assign(band=bands(found.table["shown"]))
    return Answers(table, [*found.decisions, *_band_decisions(table)], found.beyond)


def standardised_rates(risk: RateRisk, ground: Ground) -> pd.Series:
    """Return the EB-standardised rates of a ground's areas and then of those beyond the border, to be tested."""
    own, near = _counts(risk, ground.columns), _counts(risk, ground.beyond.columns)
    least = risk.minimum_denominator
    return pd.concat([standardised(*own, least), standardised(*near, least, own)])


def bands(shown: pd.Series) -> pd.Series:
    """Return fifths of the known values, 1 lowest to 5 highest; equal values share a band, missing has none.

    Example: nine different values give 1, 1, 2, 2, 3, 4, 4, 5, 5.
    """
    known = int(shown.notna().sum())
    place = (shown.rank(method="average") - 0.5) / known if known else shown
    # Ranks are halves, so a value on the border of two fifths would fall to either side by rounding alone.
    return np.ceil((place * BANDS).round(9)).clip(1, BANDS).astype("Int64").rename("band")


def part_of(item: Indicator) -> Part:
    """Return an indicator of a recipe as a part of an index."""
    return Part(item.column, item.direction, item.weight, item.transform, item.rank_of)


def _index(risk: IndexRisk, ground: Ground) -> Answers:
    parts = [part_of(item) for item in risk.indicators]
    value = combine(ground.columns, parts, risk.combine)
    beyond = combine(ground.beyond.columns, parts, risk.combine, ground.columns)
    status = pd.Series("", index=value.index, dtype="str").mask(value.isna(), MISSING)
    table = pd.DataFrame({"value": value, "low": np.nan, "high": np.nan, "shown": value, "status": status})
    return Answers(table, _index_decisions(risk, ground), beyond)


def _rate(risk: RateRisk, ground: Ground) -> Answers:
    found = rate(*_counts(risk, ground.columns), risk.minimum_denominator, interval=risk.interval)
    beyond = crude(*_counts(risk, ground.beyond.columns), risk.minimum_denominator)
    decisions = [
        f"The rate is {' + '.join(risk.count)} per 100 of {risk.denominator}; over all areas with an answer "
        f"it is {found.overall:.2f} per cent. Intervals of 95 per cent are {risk.interval.title()}'s.",
        f"An area with fewer than {risk.minimum_denominator} in the denominator gets no rate.",
        "What was observed (the crude rate) is tested; the map shows the rate shrunk towards the overall "
        "rate (global empirical Bayes), which is steadier where few live.",
    ]
    if found.note:
        decisions.append(f"{found.note} So every area is shown with the overall rate.")
    return Answers(found.table, decisions, beyond)


def _counts(risk: RateRisk, columns: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Return how many were counted in each area, and out of how many."""
    return columns[risk.count].sum(axis=1, skipna=False), columns[risk.denominator]


def _index_decisions(risk: IndexRisk, ground: Ground) -> list[str]:
    how = "weighted mean" if risk.combine == "mean" else "weighted sum"
    decisions = [
        f"The index is the {how} of {len(risk.indicators)} indicators; an area that misses one gets none."
    ]
    if any(item.transform == "zscore" for item in risk.indicators):
        decisions.append(
            "Indicators are standardised over the areas of this place (standard deviation divided by n), so "
            "the index compares areas within the place only."
        )
    for item in risk.indicators:
        lost = int(ground.columns[item.column].isna().sum())
        if lost:
            decisions.append(
                f"{item.label} ({item.column}) is missing in {lost} of {len(ground.columns)} areas."
            )
    return decisions


def _band_decisions(table: pd.DataFrame) -> list[str]:
    known = table["shown"].dropna()
    distinct = known.nunique()
    decisions = [
        "Bands are fifths of the areas with an answer, 5 the highest need; equal values share a band."
    ]
    if distinct < len(known):
        decisions.append(f"The {len(known)} areas with an answer have {distinct} different values to show.")
    return decisions
