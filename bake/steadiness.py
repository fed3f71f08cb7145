"""Stability: the question asked again over the recipe's grid of neighbours, rates and scales."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product

import pandas as pd

from bake.answers import Answers, answer, standardised_rates
from bake.clusters import ASSESSED, Clusters
from bake.levels import Ground, coarser, has_level
from bake.recipe import Recipe
from bake.recipe_parts import RateRisk
from geo import stability
from geo.neighbours import find, parse

CRUDE = "crude"
NO_SIGN, NOT_ASSESSED = "no sign", "not assessed"


@dataclass(frozen=True)
class Way:
    """One way of asking: who is next to whom, which rate, areas of which level."""

    neighbours: str
    rate: str
    scale: str

    def __str__(self) -> str:
        """Return the way as people read it."""
        return ", ".join(part for part in (self.scale, self.neighbours, self.rate) if part)


@dataclass(frozen=True)
class Steadiness:
    """How firm each area's hotspot is, by `code`: `stability` (share 0 to 1) and `sign`; and sentences.

    `settings` are the ways of asking, each with `id` and the number of areas it finds in a hotspot;
    `disagree` names for an area the ways that say otherwise than most.
    """

    table: pd.DataFrame
    settings: list[dict[str, object]]
    disagree: dict[str, str]
    decisions: list[str]


def steadiness(
    recipe: Recipe, ground: Ground, answers: Answers, found: Clusters, progress: Callable[[str], None]
) -> Steadiness:
    """Ask again in every way of the recipe's grid, and say in which share an area is in a hotspot.

    Firm and suggestive are as `geo.stability` defines them. A hotspot of coarser areas counts for every area
    in it. Where the recipe leads with local Moran, an area that is itself not above the mean is in no
    hotspot, however high its surroundings: it is low among high. An area without an answer in the run is not assessed,
    whatever other ways say.

    :param recipe: the question and its grid.
    :param ground: the run's areas.
    :param answers: their values.
    :param found: their clusters as the run names them.
    :param progress: called with a sentence before the work.
    """
    ways, left_out = _ways(recipe, ground)
    progress(f"Asking again in {len(ways)} ways, to see which hotspots hold.")
    asked = stability.stability(ground.areas.index, _settings(ways, recipe, ground, answers))
    table = asked.table[["share", "sign"]].rename(columns={"share": "stability"})
    low = pd.Series(False, index=table.index)
    if recipe.hotspots.statistic == "local_moran":
        low = (answers.table["value"] <= answers.tested.mean()) & (table["sign"] != NOT_ASSESSED)
    table.loc[low, "stability"], table.loc[low, "sign"] = 0.0, NO_SIGN
    unanswered = found.table["status"] != ASSESSED
    table.loc[unanswered, "stability"], table.loc[unanswered, "sign"] = float("nan"), NOT_ASSESSED
    settings: list[dict[str, object]] = [
        {
            "id": name,
            "hot": int((asked.hot[name] >= 0.5).sum()),
            "answered": int(asked.hot[name].notna().sum()),
        }
        for name in asked.hot.columns
    ]
    says = asked.table.loc[~low & ~unanswered, "disagree"]
    disagree = {str(code): str(names) for code, names in says[says != ""].items()}
    return Steadiness(table, settings, disagree, [*_decisions(recipe, ways, table), *left_out])


def _ways(recipe: Recipe, ground: Ground) -> tuple[list[Way], list[str]]:
    """Return the ways of asking that this place allows, and a sentence for each thing left out."""
    wanted, told = recipe.hotspots.stability, []
    scales: list[str] = [*wanted.scales] or [ground.level]
    allowed = [scale for scale in scales if has_level(ground.level, ground.areas, scale)]
    if missing := [scale for scale in scales if scale not in allowed]:
        told.append(f"Stability was not asked at {', '.join(missing)}: the place has no codes of it.")
    rate_kinds: list[str] = ([*wanted.rates] or [CRUDE]) if isinstance(recipe.risk, RateRisk) else [""]
    rules = wanted.neighbours or [recipe.hotspots.neighbours]
    ways = []
    for scale, rate, rule in product(allowed or [ground.level], rate_kinds, dict.fromkeys(rules)):
        count = len(ground.areas) if scale == ground.level else ground.areas[scale].nunique()
        if parse(rule).kind == "knn" and parse(rule).size >= count:
            told.append(f"Stability was not asked with {rule} at {scale}: there are only {count} areas.")
        else:
            ways.append(Way(rule, rate, scale))
    own = Way(recipe.hotspots.neighbours, rate_kinds[0], ground.level)
    return list(dict.fromkeys(ways)) or [own], list(dict.fromkeys(told))


def _settings(
    ways: Sequence[Way], recipe: Recipe, ground: Ground, answers: Answers
) -> list[stability.Setting]:
    scales = {scale: _at_scale(scale, recipe, ground, answers) for scale in {way.scale for way in ways}}
    graphs = {
        (scale, rule): find(scales[scale][0].whole, rule)
        for scale, rule in {(way.scale, way.neighbours) for way in ways}
    }
    return [
        stability.Setting(
            str(way),
            _values(way, recipe, *scales[way.scale]),
            graphs[way.scale, way.neighbours],
            None if way.scale == ground.level else ground.areas[way.scale],
            scales[way.scale][0].beyond.areas.index,
        )
        for way in ways
    ]


def _at_scale(scale: str, recipe: Recipe, ground: Ground, answers: Answers) -> tuple[Ground, Answers]:
    if scale == ground.level:
        return ground, answers
    asked = coarser(ground, scale, recipe)
    return asked, answer(recipe, asked)


def _values(way: Way, recipe: Recipe, asked: Ground, answers: Answers) -> pd.Series:
    risk = recipe.risk
    if isinstance(risk, RateRisk) and way.rate != CRUDE:
        return standardised_rates(risk, asked)
    return answers.tested


def _decisions(recipe: Recipe, ways: Sequence[Way], table: pd.DataFrame) -> list[str]:
    named = "; ".join(str(way) for way in ways)
    suggestive = int((table["sign"] == "suggestive").sum())
    own = (
        " An area that is itself not above the mean is in no hotspot, however high its surroundings."
        if recipe.hotspots.statistic == "local_moran"
        else ""
    )
    return [
        f"Stability: the question was asked in {len(ways)} way{'s' if len(ways) != 1 else ''} ({named}). "
        f"Firm: a hotspot at q < {stability.FIRM_Q:g} in at least {stability.FIRM_SHARE:.0%} of the ways "
        f"that have an answer; suggestive: at q < {stability.SUGGESTIVE_Q:g} in at least "
        f"{stability.SUGGESTIVE_SHARE:.0%}, of which about {stability.SUGGESTIVE_Q * suggestive:.0f} of "
        f"{suggestive} may be false alarms.{own}"
    ]
