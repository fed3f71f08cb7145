"""Tells: what a predicted figure says of counts, as bounds that somebody finds who knows how it was made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse

from disclosure.geography import Cells, Geography, Key, Window
from disclosure.knowledge import Facts, Floats
from disclosure.released import TELLS_COLUMNS, Released, no_tells

OWN, AROUND, SHRUNKEN = "own", "around", "shrunken"
"""What a bound speaks of: the area's own count over the period; that of the areas around it; and the mix of its own
count and that of the area it lies in which shrinking makes (of areas so large that they lie in the outermost level
alone, the own count stands for it)."""


@dataclass(frozen=True)
class Tell:
    """One bound: a figure says that a form of the counts of an area over a period lies between two numbers.

    `trust` is the weight of the own count in the form *shrunken*, from 0 to 1, and 1 elsewhere.
    """

    figure: str
    level: str
    code: str
    period: str
    form: str
    low: float
    high: float
    trust: float = 1.0


def as_table(tells: Sequence[Tell]) -> pd.DataFrame:
    """Return bounds as the table that a release carries."""
    if not tells:
        return no_tells()
    return pd.DataFrame([vars(tell) for tell in tells])[list(TELLS_COLUMNS)]


def anchored(tells: pd.DataFrame, facts: Facts, truth: Floats) -> tuple[pd.DataFrame, Facts]:
    """Return bounds of which those of shrunken counts, given as moves from the truth, stand at the truth."""
    moves = (tells["form"] == SHRUNKEN).to_numpy()
    start = np.where(moves, facts.matrix @ truth, 0.0)
    low, high = facts.low + start, facts.high + start
    return tells.assign(low=low, high=high), Facts(facts.matrix, low, high, facts.keys)


def facts_of_tells(release: Released, cells: Cells) -> list[Facts]:
    """Return the bounds that a release of predictions carries as facts about cells."""
    if release.tells.empty:
        return []
    return [facts_from(release.tells, release.geography, release.windows, release.surroundings, cells)]


def facts_from(
    tells: pd.DataFrame,
    geography: Geography,
    windows: Mapping[str, Window],
    surroundings: Mapping[str, Sequence[str]],
    cells: Cells,
) -> Facts:
    """Return bounds as facts about cells, a row a bound in their order."""
    blocks, places = [], []
    for (level, period, form), part in tells.groupby(["level", "period", "form"], sort=False):
        window = windows[str(period)]
        sums = cells.sums(geography, str(level), window)
        codes = geography.membership(str(level))[0]
        rows = pd.Index(codes).get_indexer(part["code"])
        if form == AROUND:
            sums = _others(codes, surroundings) @ sums
        block = sparse.csr_array(sums)[rows]
        if form == SHRUNKEN:
            block = _mixed(block, part, (geography, str(level), window), cells)
        blocks.append(block)
        places.append(part.index.to_numpy())
    order = np.argsort(np.concatenate(places), kind="stable")
    matrix = sparse.csr_array(sparse.csr_array(sparse.vstack(blocks))[order])
    names = tells[["level", "code", "period"]].itertuples(index=False)
    keys = tuple(Key(str(level), str(code), str(period)) for level, code, period in names)
    return Facts(matrix, tells["low"].to_numpy(float), tells["high"].to_numpy(float), keys)


def _others(codes: Sequence[str], surroundings: Mapping[str, Sequence[str]]) -> sparse.csr_array:
    """Return which areas lie around each."""
    places = {code: place for place, code in enumerate(codes)}
    pairs = [
        (places[code], places[other])
        for code in codes
        for other in surroundings.get(code, ())
        if other in places
    ]
    rows, columns = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    return sparse.csr_array((np.ones(len(rows)), (rows, columns)), shape=(len(codes), len(codes)))


def _mixed(
    own: sparse.csr_array, part: pd.DataFrame, where: tuple[Geography, str, Window], cells: Cells
) -> sparse.csr_array:
    """Return the own counts mixed with their share of the count of the area they lie in."""
    geography, level, window = where
    outer = outer_level(geography, level)
    if not outer:
        return own
    lies_in = within(geography, level, outer)
    children, all_ = (geography.totals(geography.denominators, name, window) for name in (level, outer))
    parents = lies_in.loc[part["code"]].to_numpy()
    share = children.loc[part["code"]].to_numpy(float) / np.maximum(all_.loc[parents].to_numpy(float), 1.0)
    trust = part["trust"].to_numpy(float)
    above = cells.sums(geography, outer, window)[pd.Index(all_.index).get_indexer(parents)]
    return sparse.csr_array(
        sparse.diags_array(trust) @ own + sparse.diags_array((1 - trust) * share) @ sparse.csr_array(above)
    )


def outer_level(geography: Geography, level: str, crosses: Sequence[str] = ("ward",)) -> str:
    """Return the next larger level of the nested chain, or nothing above the last."""
    nested = [name for name in geography.levels() if name not in crosses]
    place = nested.index(level) + 1
    return nested[place] if place < len(nested) else ""


def within(geography: Geography, level: str, outer: str) -> pd.Series:
    """Return which area of a larger level each area of a level lies in."""
    levels = geography.levels()
    return pd.Series(levels[outer].to_numpy(), index=levels[level].to_numpy()).groupby(level=0).first()
