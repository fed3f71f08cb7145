"""Fairness: for whom, and in what kind of place, the predictions are worse."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from fairlearn.metrics import false_negative_rate, false_positive_rate

from geo import rates
from risk.feature_table import DECILE, group_columns
from risk.spec import ModelSpec

Floats = npt.NDArray[np.float64]
NOT_KNOWN = "not known"
TOO_FEW = "too few children"
LEAST = 20
_FIFTHS = {1: "least deprived fifth", 2: "second", 3: "third", 4: "fourth", 5: "most deprived fifth"}


def by_group(
    rows: pd.DataFrame, chance: Floats, visited: npt.NDArray[np.bool_]
) -> dict[str, list[dict[str, Any]]]:
    """Return, for each `group_` column, one entry a group.

    'Visited' is whether a child's place is among those visited first: places are chosen, never children. A false
    negative is a child with the outcome whose place is not visited, a false positive a child without it whose place is.
    Calibration is the observed share beside the mean chance, `expected`. That has no interval of its own: it is what
    was foretold of exactly these children, not a share of a sample, and what chance could have made of it is the
    interval of the observed share, which it should lie in. A group of fewer than 20 children with the outcome, or
    20 without, has no numbers, only the status 'too few children'; a group that nobody recorded is its own.
    """
    return {
        name.removeprefix("group_"): _entries(rows[name], rows, chance, visited)
        for name in group_columns(rows)
    }


def by_kind_of_place(
    rows: pd.DataFrame, chance: Floats, visited: npt.NDArray[np.bool_], places: pd.DataFrame, spec: ModelSpec
) -> dict[str, list[dict[str, Any]]]:
    """Return the same by fifth of deprivation, and by each column of the places that the spec names."""
    fifth = np.ceil(places[DECILE] / 2).map(_FIFTHS)
    kinds = {"deprivation": fifth} | {name: places[name] for name in spec.kinds_of_place}
    return {name: _entries(rows["area"].map(kind), rows, chance, visited) for name, kind in kinds.items()}


def widest(entries: list[dict[str, Any]], measure: str) -> float | None:
    """Return the difference between the groups for whom a measure is highest and lowest, None for fewer than two."""
    values = [entry[measure]["value"] for entry in entries if entry["status"] == ""]
    return round(max(values) - min(values), 4) if len(values) > 1 else None


def _entries(
    group: pd.Series, rows: pd.DataFrame, chance: Floats, visited: npt.NDArray[np.bool_]
) -> list[dict[str, Any]]:
    named = group.astype(object).where(group.notna(), NOT_KNOWN).astype(str).to_numpy()
    told = pd.DataFrame(
        {"group": named, "ill": rows["outcome"].to_numpy(int), "visited": visited.astype(int)}
    )
    by = (
        told.assign(chance=chance)
        .groupby("group")
        .agg(children=("ill", "size"), ill=("ill", "sum"), expected=("chance", "mean"))
    )
    # alike children are counted together first: fairlearn then takes a moment whatever their number
    cells = dict(list(told.value_counts().reset_index().groupby("group")))
    return [_entry(str(name), one, cells[name]) for name, one in by.iterrows()]


def _entry(name: str, told: pd.Series, cells: pd.DataFrame) -> dict[str, Any]:
    children, ill = int(told["children"]), int(told["ill"])
    if min(ill, children - ill) < LEAST:
        return {"group": name, "status": TOO_FEW}
    true, said, count = (cells[column].to_numpy() for column in ("ill", "visited", "count"))
    missed = false_negative_rate(true, said, sample_weight=count, pos_label=1)
    alarmed = false_positive_rate(true, said, sample_weight=count, pos_label=1)
    return {
        "group": name,
        "status": "",
        "false_negative_rate": _rate(missed * ill, ill),
        "false_positive_rate": _rate(alarmed * (children - ill), children - ill),
        "observed": _rate(ill, children),
        "expected": round(float(told["expected"]), 4),
    }


def _rate(part: float, whole: int) -> dict[str, float]:
    low, high = rates.interval(pd.Series([float(round(part))]), pd.Series([float(whole)]))
    return {"value": round(part / whole, 4), "low": round(float(low[0]), 4), "high": round(float(high[0]), 4)}
