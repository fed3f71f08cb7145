"""Stability: the question asked again over the recipe's grid of neighbours, rates and scales."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product

import pandas as pd

from bake.answers import Answers, answer
from bake.clusters import ASSESSED, Clusters
from bake.levels import Ground, coarser, has_level
from bake.recipe import RateRisk, Recipe
from geo.hotspots import local_statistics
from geo.neighbours import find, parse
from risk.rate import standardised

FIRM_SHARE, FIRM_Q = 0.8, 0.05
SUGGESTIVE_SHARE, SUGGESTIVE_Q = 0.5, 0.2
CRUDE = "crude"


@dataclass(frozen=True)
class Setting:
    """One way of asking: who is next to whom, which rate, areas of which level."""

    neighbours: str
    rate: str
    scale: str

    def __str__(self) -> str:
        """Return the setting as people read it."""
        return ", ".join(part for part in (self.scale, self.neighbours, self.rate) if part)


@dataclass(frozen=True)
class Steadiness:
    """How firm each area's hotspot is, by `code`: `stability` (share 0 to 1) and `sign`; and sentences.

    `settings` are the ways of asking, each with `id` and the number of areas it finds in a hotspot.
    """

    table: pd.DataFrame
    settings: list[dict[str, object]]
    decisions: list[str]


def steadiness(
    recipe: Recipe, ground: Ground, answers: Answers, found: Clusters, progress: Callable[[str], None]
) -> Steadiness:
    """Ask again in every setting of the recipe's grid, and say in which share an area is in a hotspot.

    Firm: a hotspot at q < 0.05 in at least 80 per cent of the settings that could answer for the area;
    suggestive: at q < 0.2 in at least half. A hotspot of coarser areas counts for every area in it. An area
    without an answer in the run is not assessed, whatever the other settings say.

    :param recipe: the question and its grid.
    :param ground: the run's areas.
    :param answers: their values.
    :param found: their clusters as the run names them.
    :param progress: called with a sentence before the work.
    """
    grid, left_out = _grid(recipe, ground)
    progress(f"Asking again in {len(grid)} ways, to see which hotspots hold.")
    scales = {scale: _ground(scale, recipe, ground, answers) for scale in {setting.scale for setting in grid}}
    q = pd.DataFrame(
        {str(setting): _hot_q(setting, recipe, ground, *scales[setting.scale]) for setting in grid}
    )
    answered, total = q.notna(), q.notna().sum(axis=1)
    firm = (q < FIRM_Q).sum(axis=1) / total
    suggestive = (q < SUGGESTIVE_Q).sum(axis=1) / total
    sign = pd.Series("no sign", index=q.index, dtype="str")
    sign[suggestive >= SUGGESTIVE_SHARE] = "suggestive"
    sign[firm >= FIRM_SHARE] = "firm"
    assessed = (found.table["status"] == ASSESSED) & answered.any(axis=1)
    table = pd.DataFrame({"stability": firm.where(assessed), "sign": sign.where(assessed, "not assessed")})
    settings: list[dict[str, object]] = [
        {"id": name, "hot": int((q[name] < FIRM_Q).sum()), "answered": int(answered[name].sum())}
        for name in q.columns
    ]
    return Steadiness(table, settings, _decisions(recipe, settings, left_out))


def _grid(recipe: Recipe, ground: Ground) -> tuple[list[Setting], list[str]]:
    """Return the settings that this place allows, and a sentence for each thing left out."""
    wanted, told = recipe.hotspots.stability, []
    scales: list[str] = [*wanted.scales] or [ground.level]
    allowed = [scale for scale in scales if has_level(ground.level, ground.areas, scale)]
    if missing := [scale for scale in scales if scale not in allowed]:
        told.append(f"Stability was not asked at {', '.join(missing)}: the place has no codes of it.")
    rate_kinds: list[str] = ([*wanted.rates] or [CRUDE]) if isinstance(recipe.risk, RateRisk) else [""]
    rules = wanted.neighbours or [recipe.hotspots.neighbours]
    grid = []
    for scale, rate, rule in product(allowed or [ground.level], rate_kinds, rules):
        count = len(ground.areas) if scale == ground.level else ground.areas[scale].nunique()
        if parse(rule).kind == "knn" and parse(rule).size >= count:
            told.append(f"Stability was not asked with {rule} at {scale}: there are only {count} areas.")
        else:
            grid.append(Setting(rule, rate, scale))
    return grid or [Setting(recipe.hotspots.neighbours, rate_kinds[0], ground.level)], told


def _ground(scale: str, recipe: Recipe, ground: Ground, answers: Answers) -> tuple[Ground, Answers]:
    if scale == ground.level:
        return ground, answers
    asked = coarser(ground, scale, recipe)
    return asked, answer(recipe, asked)


def _hot_q(setting: Setting, recipe: Recipe, ground: Ground, asked: Ground, answers: Answers) -> pd.Series:
    """Return by area of the run its hotspot's q in one setting: 1 where in none, NaN where unanswered."""
    found = local_statistics(
        _values(setting, recipe, asked, answers),
        find(asked.areas, setting.neighbours),
        statistic=recipe.hotspots.statistic,
        # Above 1, so that every area has its class named and q alone decides.
        alpha=1.1,
        seed=recipe.hotspots.seed,
    )
    q = found["q"].where(found["cluster"] == "hot", 1.0).where(found["status"] == ASSESSED)
    return q if asked is ground else ground.areas[setting.scale].map(q)


def _values(setting: Setting, recipe: Recipe, asked: Ground, answers: Answers) -> pd.Series:
    risk = recipe.risk
    if isinstance(risk, RateRisk) and setting.rate != CRUDE:
        counted = asked.columns[risk.count].sum(axis=1, skipna=False)
        return standardised(counted, asked.columns[risk.denominator], risk.minimum_denominator)
    return answers.table["value"]


def _decisions(recipe: Recipe, settings: list[dict[str, object]], left_out: list[str]) -> list[str]:
    ways = "; ".join(str(setting["id"]) for setting in settings)
    class_asked = "local Moran" if recipe.hotspots.statistic == "local_moran" else "Gi*"
    return [
        f"Stability: the question was asked in {len(settings)} ways ({ways}), each with {class_asked}. "
        f"Firm: a hotspot at q < {FIRM_Q:g} in at least {FIRM_SHARE:.0%} of them; suggestive: at "
        f"q < {SUGGESTIVE_Q:g} in at least {SUGGESTIVE_SHARE:.0%}. A way that cannot answer for an area does not count for it.",
        *left_out,
    ]
