"""How fragile a hotspot is: the share of reasonable ways of asking in which it is still there."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.adjacency import Adjacency, from_graph
from geo.errors import GeoError
from geo.exact import CELLS_PER_SCALE, PRECISION, neighbour_sum_tails, two_sided
from geo.hotspots import statuses
from geo.measured import is_constant, mark, measured
from geo.multiplicity import benjamini_hochberg

if TYPE_CHECKING:
    from libpysal.graph import Graph

Floats = npt.NDArray[np.float64]
Booleans = npt.NDArray[np.bool_]

FIRM_Q, FIRM_SHARE = 0.05, 0.8
SUGGESTIVE_Q, SUGGESTIVE_SHARE = 0.2, 0.5
SIGNS = {
    "firm": "A hotspot in at least 80 % of the ways of asking.",
    "suggestive": "A hotspot in at least half of the ways of asking, if one false alarm in five is accepted.",
    "no sign": "Not a hotspot in most ways of asking.",
    "not assessed": "No way of asking has an answer for this area.",
}
CELLS_PER_SCALE_OF_DRAWS = 24
PRECISION_OF_DRAWS = 1e-8
CELLS_AT_ONCE = 2**19


@dataclass(frozen=True)
class Setting:
    """One way of asking: which values, which neighbours, and which areas stand for which.

    `values` is a series by area id, or a frame of draws (areas x draws) from a model of *observed* values.
    `graph` holds the same ids. `members` gives, for a question asked of larger areas, the id of the larger
    area (its values) for each area of the result (its index); None where they are the same areas. Areas in
    `buffer` are neighbours and part of the reference distribution but are not tested.
    """

    name: str
    values: pd.Series | pd.DataFrame
    graph: "Graph | Adjacency"
    members: pd.Series | None = None
    buffer: pd.Index | None = None


@dataclass(frozen=True)
class Stability:
    """What a grid of settings says.

    `table`, by area: `share` of the settings in which it is a hotspot (q < 0.05; a setting with draws counts
    by the share of its draws), `share_suggestive` (q < 0.2), `share_cold` (a cold spot at q < 0.05), `sign`,
    `settings` with an answer, and `disagree`, the names of the settings that say otherwise than most, joined
    by "; ". `hot` holds the share for each area and setting, NaN where there is no answer.
    """

    table: pd.DataFrame
    hot: pd.DataFrame

    @property
    def expected_false(self) -> float:
        """Return about how many of the suggestive areas are false alarms: a fifth of them."""
        return SUGGESTIVE_Q * float((self.table["sign"] == "suggestive").sum())


def stability(areas: pd.Index, settings: Sequence[Setting]) -> Stability:
    """Ask the same question in every setting and count in how many each area lies in a hotspot.

    Hot means that the upper tail of the neighbour sum is the smaller one and q is below the limit, among the
    areas of that setting. Firm: q < 0.05 in at least 80 % of the settings that have an answer; suggestive: q
    < 0.2 in at least half of them. Draws are computed on a coarser grid than a single answer (p good to about
    1 %).

    Raises GeoError for no settings, names given twice, or members that name unknown areas, and as
    `local_statistics`.
    """
    _check(settings)
    shares = [_on_areas(areas, setting, shares_of(setting)) for setting in settings]
    names = [setting.name for setting in settings]
    hot, wide, cold = (
        pd.DataFrame({name: share[column] for name, share in zip(names, shares, strict=True)}, index=areas)
        for column in ("hot", "hot_wide", "cold")
    )
    table = pd.DataFrame(
        {
            "share": hot.mean(axis=1),
            "share_suggestive": wide.mean(axis=1),
            "share_cold": cold.mean(axis=1),
            "sign": _signs(hot, wide),
            "settings": hot.notna().sum(axis=1),
            "disagree": _disagreeing(hot),
        },
        index=areas,
    )
    return Stability(table, hot)


def shares_of(setting: Setting) -> pd.DataFrame:
    """Return for each area of one setting the shares of its draws: `hot`, `hot_wide` (q < 0.2) and `cold`.

    NaN where the area has no answer. A draw whose values are all equal has no hotspot.
    """
    draws, index = _draws(setting.values)
    adjacency = from_graph(setting.graph).reorder(index)
    if adjacency.weights is not None:
        raise GeoError(
            f"{setting.name}: the neighbours of an area have different weights, which a grid of settings cannot test.",
            "Give all neighbours of an area the same weight.",
        )
    kept = np.asarray(np.isfinite(draws).all(axis=0))
    complete = np.where(kept, draws, np.nan)
    varying = np.array([not is_constant(row[kept]) for row in draws])
    typical = complete[np.argmax(varying)] if len(draws) else np.full(len(index), np.nan)
    asked = statuses(typical, adjacency) == "assessed"
    if setting.buffer is not None:
        asked &= ~index.isin(setting.buffer)
    counts = np.zeros((3, len(index)))
    if asked.any():
        among, on = adjacency.keep(kept), asked[kept]
        for block in _blocks(complete[varying][:, kept], among):
            counts[:, kept] += _count_hot(block, among, on, single=len(draws) == 1)
    share = np.where(asked, counts / max(len(draws), 1), np.nan)
    return pd.DataFrame(share.T, index=index, columns=["hot", "hot_wide", "cold"])


def _draws(values: pd.Series | pd.DataFrame) -> tuple[Floats, pd.Index]:
    if isinstance(values, pd.Series):
        return measured(values)[None, :], values.index
    kind = values.attrs.get("kind", "")
    columns = [measured(mark(values[column], kind)) for column in values.columns]
    return np.array(columns).reshape(len(columns), len(values)), values.index


def _blocks(draws: Floats, among: Adjacency) -> list[Floats]:
    """Cut the draws into blocks whose tables fit the processor's cache."""
    cells = 2 ** np.ceil(np.log2(max(int(among.degrees.max(initial=1)), 1) * 10 * CELLS_PER_SCALE_OF_DRAWS))
    size = max(1, int(CELLS_AT_ONCE / cells / 16))
    return [draws[start : start + size] for start in range(0, len(draws), size)]


def _count_hot(draws: Floats, among: Adjacency, asked: Booleans, *, single: bool) -> Floats:
    """Return for each area the number of draws that are hot, hot at the wide limit, and cold."""
    fineness = CELLS_PER_SCALE if single else CELLS_PER_SCALE_OF_DRAWS
    precision = PRECISION if single else PRECISION_OF_DRAWS
    tails = neighbour_sum_tails(draws, among, asked, cells_per_scale=fineness, precision=precision)
    high = tails.upper < tails.lower
    q = benjamini_hochberg(np.where(asked, two_sided(tails.upper, tails.lower), np.nan))
    found = (high & (q < FIRM_Q), high & (q < SUGGESTIVE_Q), ~high & (q < FIRM_Q))
    return np.array([each.sum(axis=0) for each in found], dtype=np.float64)


def _on_areas(areas: pd.Index, setting: Setting, shares: pd.DataFrame) -> pd.DataFrame:
    """Give each area of the result the answer of the area that stands for it."""
    if setting.members is None:
        return shares.reindex(areas)
    larger = setting.members.reindex(areas)
    unknown = larger[larger.notna() & ~larger.isin(shares.index)]
    if len(unknown):
        raise GeoError(
            f"{setting.name}: {unknown.iloc[0]}, which {unknown.index[0]} is said to lie in, has no value.",
            "Check that the lookup and the values are of the same vintage.",
        )
    return shares.reindex(larger.to_numpy()).set_axis(areas)


def _signs(hot: pd.DataFrame, wide: pd.DataFrame) -> npt.NDArray[np.object_]:
    rounding = 1e-12
    firm = hot.mean(axis=1) >= FIRM_SHARE - rounding
    suggestive = wide.mean(axis=1) >= SUGGESTIVE_SHARE - rounding
    none = hot.notna().sum(axis=1) == 0
    return np.select([none, firm, suggestive], ["not assessed", "firm", "suggestive"], "no sign").astype(
        object
    )


def _disagreeing(hot: pd.DataFrame) -> list[str]:
    """Name, for each area, the settings that say otherwise than most."""
    mostly = hot.mean(axis=1).to_numpy()[:, None] >= 0.5
    says = hot.to_numpy()
    other = np.isfinite(says) & ((says >= 0.5) != mostly)
    names = np.array(hot.columns, dtype=object)
    return ["; ".join(names[row]) for row in other]


def _check(settings: Sequence[Setting]) -> None:
    names = [setting.name for setting in settings]
    if not names or len(set(names)) < len(names):
        raise GeoError(
            f"A grid needs settings, each with its own name; these were given: {', '.join(names) or 'none'}.",
            "Name each setting after its neighbours, rate and scale.",
        )
