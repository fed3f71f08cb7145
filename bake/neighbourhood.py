"""Who is next to whom: among a ground's areas and what surrounds them, and among its areas alone."""

from dataclasses import dataclass

import pandas as pd

from bake.answers import Answers
from bake.levels import Ground
from geo.adjacency import Adjacency
from geo.neighbours import connectivity, find
from geo.surroundings import REACH

PER_LIST = 10


@dataclass(frozen=True)
class Neighbourhood:
    """Neighbours by one rule.

    `whole` holds the ground's areas and, after them, those beyond the border; clusters are looked for on it.
    `within` holds the ground's own only: Moran's I says of the place alone whether like lies beside like.
    """

    rule: str
    whole: Adjacency
    within: Adjacency


def neighbourhood(ground: Ground, rule: str) -> Neighbourhood:
    """Find the neighbours of a ground's areas by a rule, beyond the border too where areas there are known."""
    within = find(ground.areas, rule)
    return Neighbourhood(rule, find(ground.whole, rule) if len(ground.beyond.areas) else within, within)


def neighbour_decisions(ground: Ground, answers: Answers, hood: Neighbourhood) -> list[str]:
    """Return how neighbours were found and what came of it, in sentences."""
    size, own = len(ground.areas), ground.areas.index
    degrees = hood.whole.degrees[:size]
    islands = own[degrees == 0]
    parts = len(set(hood.whole.components[:size]))
    edge = connectivity(ground.whole, hood.whole).on_the_edge.intersection(own)
    named = f" ({some(islands)})" if len(islands) else ""
    told = (
        f"Neighbours ({hood.rule}): {size} areas have {degrees.mean():.2f} on average, at least "
        f"{degrees.min()}, at most {degrees.max()}, in {parts} connected part{'s' if parts != 1 else ''}; "
        f"{len(islands)} have none{named}. "
        f"{len(edge)} lie on the edge of the data, where neighbours may be missing."
    )
    return [told, *_beyond(ground, answers, hood, len(edge))]


def _beyond(ground: Ground, answers: Answers, hood: Neighbourhood, still: int) -> list[str]:
    """Return what the surroundings were used for; nothing where the place has none."""
    near = answers.beyond
    if near.empty:
        return []
    alone = len(connectivity(ground.areas, hood.within).on_the_edge)
    kept = ~hood.whole.ids.isin(ground.areas.index)
    helped = int((hood.whole.count(kept & hood.whole.ids.isin(near.index[near.notna()]))[~kept] > 0).sum())
    return [
        f"So that the border is no edge, {len(near)} areas of the surroundings (up to {REACH:,.0f} m beyond the "
        f"border) were used, {int(near.notna().sum())} of them with a value: {helped} areas of the place have "
        f"neighbours with a value there. Without them {alone} areas of the place would have stood on the edge of "
        f"the data, with them {still} do. On average they hold {near.mean():.2f}, the place's areas "
        f"{answers.table['value'].mean():.2f}: what stands out does so against both together.",
        "The surroundings are neighbours and part of what chance is reckoned over, and high and low are told "
        "from the mean of both. They are not tested, so q does not count them, and they are in no band, count, "
        "average or Moran's I. What the place's values are compared with (mean, spread, ranks, overall rate) is "
        "the place alone, so its values are the same with and without them.",
    ]


def some(codes: pd.Index) -> str:
    """Return the first few codes as one text, saying how many are left out."""
    shown = ", ".join(str(code) for code in codes[:PER_LIST])
    return shown if len(codes) <= PER_LIST else f"{shown} and {len(codes) - PER_LIST} more"
