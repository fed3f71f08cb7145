"""Predicted hotspots: the chance that an area and its neighbourhood exceed the district by a stated margin."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.adjacency import Adjacency, from_graph
from risk.areas import AreaRisk
from risk.errors import RiskError
from risk.pooling import Floats

if TYPE_CHECKING:
    from libpysal.graph import Graph

CERTAINTY = 0.8
"""The chance from which an area is called a predicted hotspot unless a recipe says otherwise."""
BOTH, OBSERVED, PREDICTED, NEITHER, UNSAID = (
    "both",
    "observed only",
    "predicted only",
    "neither",
    "cannot say",
)


def exceedance(
    risk: AreaRisk, graph: "Graph | Adjacency", margin: float, *, certainty: float = CERTAINTY
) -> pd.DataFrame:
    """Return how likely it is that an area and its neighbourhood lie above, or below, the district by a margin.

    In each draw the rate of the district, of the area and of its neighbourhood (the area and its neighbours, children
    counting alike) are compared; the chance is the share of draws in which both area and neighbourhood exceed the
    district's rate by more than `margin` (a share: 0.05 is 5 in 100 children). No p is given, because a permutation
    test of predictions finds the clusters of what they were predicted from.

    Returns a frame indexed by area: `chance_above`, `chance_below` (0 to 1), `predicted` ('hot' or 'cold' where the
    chance is at least `certainty`, else 'none'), `status` ('assessed' or the reason why not) and `neighbours` with
    children. Where the status is not 'assessed' the others are empty.

    Raises RiskError for a margin or certainty out of range; GeoError where `graph` is not of these areas.
    Reference: Richardson et al. (2004), Environmental Health Perspectives 112, 1016-1025; docs/methods/areas.md.
    """
    if not 0 <= margin < 1 or not 0.5 < certainty <= 1:
        raise RiskError(
            f"Margin {margin:g} or certainty {certainty:g} is out of range.",
            "Give a margin from 0 up to 1 (0.05 is 5 in 100 children) and a certainty over 0.5 and up to 1.",
        )
    children = risk.table["children"].to_numpy(dtype=np.float64)
    adjacency = from_graph(graph).reorder(risk.table.index)
    above, below = _chances(risk.draws.T, children, adjacency, margin)
    neighbours = adjacency.count(children > 0)
    status = risk.table["status"].mask(risk.table["status"] == "", "assessed")
    status = status.mask((status == "assessed") & (neighbours == 0), "neighbours missing")
    status = status.mask((status == "neighbours missing") & (adjacency.degrees == 0), "island")
    asked = (status == "assessed").to_numpy()
    kind = np.where(above >= certainty, "hot", np.where(below >= certainty, "cold", "none")).astype(object)
    kind[~asked] = None
    return pd.DataFrame(
        {
            "chance_above": np.where(asked, above, np.nan),
            "chance_below": np.where(asked, below, np.nan),
            "predicted": kind,
            "status": status,
            "neighbours": neighbours,
        },
        index=risk.table.index,
    )


def side_by_side(observed: pd.DataFrame, predicted: pd.DataFrame) -> pd.Series:
    """Return where the two kinds of hotspot agree: 'both', 'observed only', 'predicted only' or 'neither'.

    'cannot say' where either has no answer. The two are set beside each other, never joined into one figure.
    """
    first = observed["cluster"].reindex(predicted.index) == "hot"
    second = predicted["predicted"] == "hot"
    told = np.select([first & second, first, second], [BOTH, OBSERVED, PREDICTED], NEITHER)
    silent = (observed["status"].reindex(predicted.index) != "assessed") | (predicted["status"] != "assessed")
    return pd.Series(np.where(silent, UNSAID, told), predicted.index, name="kinds")


def _chances(draws: Floats, children: Floats, adjacency: Adjacency, margin: float) -> tuple[Floats, Floats]:
    """Return the share of draws (draws x areas) in which area and neighbourhood are both above, or both below."""
    cases = np.where(children > 0, np.nan_to_num(draws) * children, 0.0)
    district = cases.sum(axis=1, keepdims=True) / max(children.sum(), 1.0)
    around = children + adjacency.sums(children)
    with np.errstate(invalid="ignore", divide="ignore"):
        gaps = np.stack([cases / children, (cases + adjacency.sums(cases)) / around]) - district
    above, below = (gaps > margin).all(axis=0), (gaps < -margin).all(axis=0)
    return np.asarray(above.mean(axis=0)), np.asarray(below.mean(axis=0))
