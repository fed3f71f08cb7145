"""The columns of a run's `areas.parquet`: their order, and the type each is kept in."""

import geopandas as gpd
import pandas as pd

from bake.errors import BakeError
from words.faults import Fault

PARENTS = ("lsoa", "lsoa_name", "msoa", "msoa_name", "ward", "ward_name", "district", "district_name")
"""Copied from the place, those that it has."""

RATE_ONLY = ("count", "denominator")
"""Present where the risk is a rate."""

OPEN_ONLY = ("value", "low", "high", "shown", "gi_z", "moran_z", "p", "q")
"""Present in every run of published numbers; never told of records, because counts could be worked out from them."""

GATED = (
    "children",
    "rate_from",
    "rate_to",
    "q_from",
    "q_to",
    "reason",
    "predicted",
    "chance_from",
    "chance_to",
    "kinds",
)
"""Present in every run from records, and in no other: what the gate lets through instead."""

COLUMNS = (
    "code",
    "name",
    *PARENTS,
    "population",
    "children",
    *RATE_ONLY,
    "value",
    "low",
    "high",
    "shown",
    "rate_from",
    "rate_to",
    "band",
    "gi_z",
    "moran_z",
    "p",
    "q",
    "q_from",
    "q_to",
    "gi_cluster",
    "cluster",
    "status",
    "reason",
    "neighbours",
    "stability",
    "sign",
    "predicted",
    "chance_from",
    "chance_to",
    "kinds",
    "x",
    "y",
    "geometry",
)
"""Every column a run may have, in the order in which it is written."""

OPEN = tuple(column for column in COLUMNS if column not in GATED)
"""Every column that a run of published numbers may have."""

_OPTIONAL = {*PARENTS, *RATE_ONLY}
_TEXT = {"code", "name", *PARENTS, "gi_cluster", "cluster", "status", "reason", "sign", "predicted", "kinds"}
_WHOLE = {"band", "neighbours"}
_COUNTED = {"population", "children", "count", "denominator"}


def contracted(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return areas as a run keeps them: the agreed columns in the agreed order and types, sorted by code.

    :param areas: one row an area, `code` as the index or as a column, in a metric CRS.
    :returns: the same rows with a plain index, sorted by `code`.
    :raises BakeError: a column missing or unknown, a code missing or twice, no CRS.
    """
    frame = areas.reset_index() if areas.index.name == "code" else areas.copy()
    faults = _column_faults(frame) + _code_faults(frame)
    if faults:
        raise BakeError(faults)
    kept = [column for column in COLUMNS if column in frame.columns]
    frame = frame[kept].sort_values("code", kind="stable").reset_index(drop=True)
    for column in kept:
        if column != "geometry":
            frame[column] = _typed(frame[column], column)
    return frame


def _column_faults(frame: gpd.GeoDataFrame) -> list[Fault]:
    gated = any(name in frame.columns for name in GATED)
    barred = {*OPEN_ONLY, *RATE_ONLY} if gated else set(GATED)
    agreed = [column for column in COLUMNS if column not in barred]
    needed = [column for column in agreed if column not in _OPTIONAL and column not in frame.columns]
    unknown = [str(column) for column in frame.columns if column not in agreed]
    what = "A run from records has no such column." if gated else "A run has no such column."
    faults = [Fault("A run must have this column.", "Add it first.", column=name) for name in needed]
    faults += [Fault(what, "Leave it out.", column=name) for name in unknown]
    if "geometry" in frame.columns and frame.crs is None:
        faults.append(Fault("The areas have no coordinate system.", "Set their CRS.", column="geometry"))
    return faults


def _code_faults(frame: gpd.GeoDataFrame) -> list[Fault]:
    if "code" not in frame.columns:
        return []
    faults = []
    if frame["code"].isna().any():
        faults.append(Fault("An area has no code.", "Give every area a code.", column="code"))
    for code in sorted(set(frame.loc[frame["code"].duplicated(), "code"].dropna().astype(str))):
        faults.append(Fault("Two areas have this code.", "Keep one row an area.", column="code", value=code))
    return faults


def _typed(column: pd.Series, name: str) -> pd.Series:
    if name in _TEXT:
        return column.astype("str").where(column.notna())
    if name in _WHOLE:
        return column.astype("Int64")
    numbers = column.astype("Float64")
    known = numbers.dropna()
    if name in _COUNTED and bool((known == known.round()).all()):
        return numbers.astype("Int64")
    return numbers.astype("float64")
