"""Clusters of one ground: both local statistics, which share one p, and Moran's I of whole columns."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from math import isfinite
from typing import Any

import numpy as np
import pandas as pd

from bake.answers import Answers
from bake.levels import Ground
from bake.recipe import Hotspots
from geo.adjacency import Adjacency
from geo.hotspots import local_statistics, moran
from geo.neighbours import connectivity

ASSESSED = "assessed"
PER_LIST = 10


@dataclass(frozen=True)
class Clusters:
    """The clusters of one ground, by `code`: the columns `gi_z` to `neighbours` of a run, and sentences."""

    table: pd.DataFrame
    decisions: list[str]


def clusters(answers: Answers, adjacency: Adjacency, settings: Hotspots) -> Clusters:
    """Return for each area both z, the p and q they share, both classes, and why there is no answer.

    :param answers: the tested values and their status.
    :param adjacency: who is next to whom.
    :param settings: false-discovery rate and seed.
    """
    value = answers.table["value"]
    gi = local_statistics(value, adjacency, statistic="gi_star", alpha=settings.alpha, seed=settings.seed)
    local = local_statistics(
        value, adjacency, statistic="local_moran", alpha=settings.alpha, seed=settings.seed
    )
    table = pd.DataFrame(
        {
            "gi_z": gi["z"],
            "moran_z": local["z"],
            "p": gi["p"],
            "q": gi["q"],
            "gi_cluster": gi["cluster"],
            "cluster": local["cluster"],
            "status": answers.table["status"].where(answers.table["status"] != "", gi["status"]),
            "neighbours": gi["neighbours"],
        }
    )
    return Clusters(table, _decisions(table, local, settings.alpha))


def neighbour_decision(ground: Ground, adjacency: Adjacency, rule: str) -> str:
    """Return how neighbours were found and what came of it, as a sentence."""
    found = connectivity(ground.areas, adjacency)
    fewest = int(adjacency.degrees.min(initial=found.most_neighbours))
    islands = f" ({_some(found.islands)})" if len(found.islands) else ""
    return (
        f"Neighbours ({rule}): {found.areas} areas have {found.mean_neighbours:.2f} on average, at least "
        f"{fewest}, at most {found.most_neighbours}, in {found.components} connected part"
        f"{'s' if found.components != 1 else ''}; {len(found.islands)} have none{islands}. "
        f"{len(found.on_the_edge)} lie on the edge of the data, where neighbours may be missing."
    )


def whole_map(values: pd.Series, adjacency: Adjacency) -> dict[str, Any]:
    """Return global Moran's I of a column, None for a number that cannot be said."""
    found = asdict(moran(values, adjacency))
    kept = {name: found[name] for name in ("i", "expected", "z", "p", "n", "status")}
    return {name: _plain(number) for name, number in kept.items()}


def unanswered(table: pd.DataFrame) -> list[str]:
    """Return a sentence for each status by which areas have no answer, naming the first of them."""
    told = []
    for status, group in table[table["status"] != ASSESSED].groupby("status"):
        told.append(f"{len(group)} of {len(table)} areas have no answer, {status}: {_some(group.index)}.")
    return told or [f"All {len(table)} areas were assessed."]


def _decisions(table: pd.DataFrame, local: pd.DataFrame, alpha: float) -> list[str]:
    tests = int(table["p"].notna().sum())
    told = unanswered(table)
    told.append(
        "p is two-sided: twice the smaller tail of the neighbours' sum over all arrangements of the other "
        "areas' values, both tails counting ties, at most 1. It is computed from the whole distribution; "
        "nothing is drawn by chance. Gi* and local Moran share it; the area's own value takes no part."
    )
    told.append(
        f"q corrects p for {tests} tests at once (Benjamini and Hochberg); an area is in a cluster where "
        f"q < {alpha:g}, so about {alpha:.0%} of the areas named may be false alarms."
    )
    at_mean = int((local["p"] != table["p"])[table["p"].notna()].sum())
    if at_mean:
        told.append(
            f"{at_mean} area(s) lie exactly at the mean: neither high nor low, so local Moran names no class."
        )
    return told


def _some(codes: pd.Index) -> str:
    shown = ", ".join(str(code) for code in codes[:PER_LIST])
    return shown if len(codes) <= PER_LIST else f"{shown} and {len(codes) - PER_LIST} more"


def _plain(number: object) -> object:
    if isinstance(number, (float, np.floating)):
        return float(number) if isfinite(number) else None
    return number


def moran_of_columns(columns: pd.DataFrame, adjacency: Adjacency) -> Mapping[str, float | None]:
    """Return global Moran's I of each column as it is published, None where it cannot be said."""
    return {str(name): whole_map(columns[name], adjacency)["i"] for name in columns.columns}
