"""Clusters of one ground: both local statistics, which share one p, and Moran's I of whole columns."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from math import isfinite
from typing import Any

import numpy as np
import pandas as pd

from bake.answers import Answers
from bake.neighbourhood import some
from bake.recipe_parts import Hotspots
from geo.adjacency import Adjacency
from geo.hotspots import Statistic, local_statistics, moran

ASSESSED = "assessed"
BOTH: tuple[Statistic, Statistic] = ("gi_star", "local_moran")


@dataclass(frozen=True)
class Clusters:
    """The clusters of one ground, by `code`: the columns `gi_z` to `neighbours` of a run, and sentences."""

    table: pd.DataFrame
    decisions: list[str]


def clusters(answers: Answers, adjacency: Adjacency, settings: Hotspots) -> Clusters:
    """Return for each area both z, the p and q they share, both classes, and why there is no answer.

    Areas beyond the border are neighbours and part of the reference distribution; they are not tested.

    :param answers: the tested values and their status.
    :param adjacency: who is next to whom, beyond the border too.
    :param settings: false-discovery rate and seed.
    """
    gi, local = (
        local_statistics(
            answers.tested,
            adjacency,
            statistic=statistic,
            alpha=settings.alpha,
            buffer=answers.beyond.index,
            seed=settings.seed,
        ).loc[answers.table.index]
        for statistic in BOTH
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


def whole_map(values: pd.Series, adjacency: Adjacency) -> dict[str, Any]:
    """Return global Moran's I of a column, None for a number that cannot be said."""
    found = asdict(moran(values, adjacency))
    kept = {name: found[name] for name in ("i", "expected", "z", "p", "n", "status")}
    return {name: _plain(number) for name, number in kept.items()}


def unanswered(table: pd.DataFrame) -> list[str]:
    """Return a sentence for each status by which areas have no answer, naming the first of them."""
    told = []
    for status, group in table[table["status"] != ASSESSED].groupby("status"):
        told.append(f"{len(group)} of {len(table)} areas have no answer, {status}: {some(group.index)}.")
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


def _plain(number: object) -> object:
    if isinstance(number, (float, np.floating)):
        return float(number) if isfinite(number) else None
    return number


def moran_of_columns(columns: pd.DataFrame, adjacency: Adjacency) -> Mapping[str, float | None]:
    """Return global Moran's I of each column as it is published, None where it cannot be said."""
    return {str(name): whole_map(columns[name], adjacency)["i"] for name in columns.columns}
