"""Two runs side by side: what changed between them, and where two levels of areas agree."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from bake.clusters import ASSESSED
from bake.errors import BakeError
from bake.levels import NESTED
from bake.runs import Run
from words.faults import Fault

CANNOT_SAY = "cannot say"


@dataclass(frozen=True)
class Comparison:
    """What two runs say of the same areas.

    `table` is indexed by code: `first` and `second` (in a hotspot or not, NA without an answer), `change`, and
    `share` (of all pairs of one way of asking from each run, those in which the class does not differ).
    `sentences` say what was compared and what to mind.
    """

    first: str
    second: str
    table: pd.DataFrame
    sentences: list[str]

    def as_dict(self) -> dict[str, Any]:
        """Return the comparison as one JSON object with an `id`."""
        found = self.table["change"].value_counts()
        return {
            "id": f"{self.first}..{self.second}",
            "first": self.first,
            "second": self.second,
            "counts": {str(name): int(found[name]) for name in sorted(found.index)},
            "sentences": self.sentences,
        }

    def rows(self) -> list[dict[str, Any]]:
        """Return one JSON object an area, each with an `id`."""
        told = self.table[["change", "share"]].astype(object)
        kept = told.where(told.notna(), None)
        return [{"id": str(code), **row} for code, row in kept.to_dict("index").items()]


def change(earlier: Run, later: Run) -> Comparison:
    """Return where hotspots are new, gone, persisting or absent in both, between two runs of one level.

    :param earlier: the run compared with.
    :param later: the run of now.
    :returns: over the areas that both runs have; an area without an answer in either is *cannot say*.
    :raises BakeError: the runs are of different levels, or have no area in common.
    """
    if _level(earlier) != _level(later):
        what = f"The runs are of different levels, {_level(earlier)} and {_level(later)}."
        raise BakeError([Fault(what, "Compare them across scales instead.")])
    before, after = earlier.areas(), later.areas()
    common = before.index.intersection(after.index)
    if common.empty:
        raise BakeError("The two runs have no area in common.", "Compare runs of one place and vintage.")
    names = {
        (True, True): "persisting",
        (True, False): "gone",
        (False, True): "new",
        (False, False): "neither",
    }
    table = _joined(_hot(earlier, before).loc[common], _hot(later, after).loc[common], names)
    table["share"] = _same(before.loc[common, "stability"], after.loc[common, "stability"])
    told = [f"Areas in both runs: {len(common)}."]
    if lost := len(before.index.union(after.index)) - len(common):
        told.append(f"In one run only, and left out: {lost}.")
    return Comparison(earlier.id, later.id, table, [*told, *_differences(earlier, later)])


def across(fine: Run, coarse: Run) -> Comparison:
    """Return where the same question agrees on fine and on coarse areas, because it depends on the areas drawn.

    :param fine: the run of the finer level; its areas carry the codes of the coarser one.
    :param coarse: the run of the coarser level.
    :returns: over the fine areas: *both*, *fine only*, *coarse only*, *neither* or *cannot say*.
    :raises BakeError: the levels do not nest, or the fine run lacks the coarser codes.
    """
    level, areas = _level(coarse), fine.areas()
    nested = _level(fine) in NESTED and level in NESTED and NESTED.index(_level(fine)) < NESTED.index(level)
    if not nested or level not in areas.columns:
        what = f"A run of {_level(fine)} cannot be laid over one of {level}."
        raise BakeError(
            [Fault(what, "Give the finer run first; its place needs a lookup to the coarser level.")]
        )
    above = coarse.areas()
    parents = areas[level]
    names = {(True, True): "both", (True, False): "fine only", (False, True): "coarse only"}
    names[False, False] = "neither"
    table = _joined(_hot(fine, areas), parents.map(_hot(coarse, above)), names)
    table["share"] = _same(areas["stability"], parents.map(above["stability"]))
    known = table["change"] != CANNOT_SAY
    agree = table["change"].isin(["both", "neither"])[known]
    told = f"The two levels agree in {int(agree.sum())} of {int(known.sum())} areas that both can speak of."
    return Comparison(fine.id, coarse.id, table, [told, *_differences(fine, coarse)])


def _hot(run: Run, areas: pd.DataFrame) -> pd.Series:
    """Return whether each area is in a hotspot by the statistic its recipe leads with, NA without an answer."""
    column = "cluster" if run.manifest["settings"]["statistic"] == "local_moran" else "gi_cluster"
    return (areas[column] == "hot").astype("boolean").mask(areas["status"] != ASSESSED)


def _joined(first: pd.Series, second: pd.Series, names: dict[tuple[bool, bool], str]) -> pd.DataFrame:
    table = pd.DataFrame({"first": first.astype("boolean"), "second": second.astype("boolean")})
    known = table.notna().all(axis=1)
    pairs = zip(table["first"].fillna(False), table["second"].fillna(False), strict=True)
    table["change"] = np.where(known, [names[bool(one), bool(other)] for one, other in pairs], CANNOT_SAY)
    return table


def _same(first: pd.Series, second: pd.Series) -> pd.Series:
    return first * second + (1 - first) * (1 - second)


def _level(run: Run) -> str:
    return str(run.manifest["level"])


def _differences(first: Run, second: Run) -> list[str]:
    """Return a sentence for each thing beside time that differs, because it may be what changed."""
    told = []
    if first.manifest["recipe"]["digest"] != second.manifest["recipe"]["digest"]:
        told.append("The recipes differ, so a difference may come from the question and not from the place.")
    if first.manifest["place"]["digest"] != second.manifest["place"]["digest"]:
        told.append("The place's data differ between the runs.")
    if first.manifest["place"]["vintage"] != second.manifest["place"]["vintage"]:
        told.append("The codes are of different vintages: the same code may be another area.")
    if first.manifest["versions"] != second.manifest["versions"]:
        told.append("The versions of the software differ.")
    return told
