"""What a run from records tells of one area of any level: figures picked from its released tables, and no others."""

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from geo import rates
from ui.rows import number

LEVELS = ("district", "msoa", "lsoa", "ward", "oa")
INSIDE = {"district": "msoa", "msoa": "lsoa", "lsoa": "oa", "ward": "oa"}
"""Of which smaller areas an area is listed."""
KINDS = ("both", "observed only", "predicted only", "neither", "cannot say")


@dataclass(frozen=True)
class Tables:
    """The released tables of a run: output areas, larger areas, what is expected, agencies, reasons."""

    areas: gpd.GeoDataFrame
    counts: pd.DataFrame
    outlook: pd.DataFrame
    agencies: pd.DataFrame
    drivers: pd.DataFrame


@dataclass(frozen=True)
class Spot:
    """One area: its level, code and name, and the output areas in it."""

    level: str
    code: str
    name: str
    inside: pd.Index


def spots(tables: Tables, level: str) -> dict[str, str]:
    """Return the names of the areas of a level by code, in the order of their names."""
    if level == "oa":
        names = tables.areas["name"].to_dict()
    else:
        of_level = tables.counts[tables.counts["level"] == level]
        names = dict(zip(of_level["code"], of_level["name"], strict=True))
    return dict(sorted(((str(code), str(name)) for code, name in names.items()), key=lambda pair: pair[::-1]))


def levels(tables: Tables) -> list[str]:
    """Return the levels that a run tells of, the largest first."""
    there = {*tables.counts["level"], "oa"}
    return [level for level in LEVELS if level in there]


def find(tables: Tables, code: str) -> Spot | None:
    """Return the area of a code, whatever its level; the first district for an empty code; None for no such area."""
    for level in levels(tables):
        known = spots(tables, level)
        if not code or code in known:
            code = code or next(iter(known))
            return Spot(level, code, known[code], inside(tables, level, code))
    return None


def inside(tables: Tables, level: str, code: str) -> pd.Index:
    """Return the output areas in an area."""
    if level == "oa":
        return pd.Index([code])
    return tables.areas.index[tables.areas[level] == code]


def moved(tables: Tables, spot: Spot, level: str) -> str:
    """Return the area of another level to look at: the one around this one, else the first inside it."""
    if level == "oa":
        return str(spot.inside[0])
    return str(tables.areas.loc[spot.inside, level].sort_values().iloc[0])


def pooled_period(tables: Tables) -> str:
    """Return what the period of all cohorts together is called."""
    return str(max(tables.counts["period"].unique(), key=len))


def past(tables: Tables, spot: Spot) -> Mapping[str, object] | None:
    """Return what is told of an area over all cohorts together; None for an output area."""
    found = tables.counts[
        (tables.counts["code"] == spot.code) & (tables.counts["period"] == pooled_period(tables))
    ]
    return None if found.empty else {str(key): value for key, value in found.iloc[0].items()}


def ahead(tables: Tables, level: str) -> pd.DataFrame:
    """Return what is expected of the next cohort in the areas of a level, indexed by code."""
    coming = tables.outlook[tables.outlook["period"] != pooled_period(tables)]
    return coming[coming["level"] == level].set_index("code")


def trend(tables: Tables, spot: Spot) -> pd.DataFrame:
    """Return the told rate of each cohort with its interval, and the expected one of the next: per cent.

    The interval is that of the rounded count, which says how far a rate of so few children may be chance.
    """
    own = tables.counts[(tables.counts["code"] == spot.code) & (tables.counts["level"] == spot.level)]
    cohorts = own[(own["period"] != pooled_period(tables)) & own["count"].notna()]
    count, children = (cohorts[name].astype(float) for name in ("count", "denominator"))
    low, high = rates.interval(count, children)
    told = pd.DataFrame(
        {
            "year": cohorts["period"].astype(str),
            "kind": "Observed",
            "rate": cohorts["rate"].astype(float),
            "low": 100 * np.asarray(low, dtype=float),
            "high": 100 * np.asarray(high, dtype=float),
            "children": children,
        }
    )
    coming = ahead(tables, spot.level)
    if spot.code in coming.index and pd.notna(coming.loc[spot.code, "expected"]):
        row = coming.loc[spot.code]
        share = {
            name: 100 * float(row[name]) / float(row["children"]) for name in ("expected", "low", "high")
        }
        told.loc[len(told) + 1] = [
            str(row["period"]), "Expected", share["expected"], share["low"], share["high"], float(row["children"]),
        ]  # fmt: skip
    return told.reset_index(drop=True)


def slope(observed: pd.DataFrame) -> tuple[float, float] | None:
    """Return by how many per cent the rate moves a year, and its standard error; None for fewer than three cohorts.

    A line through the rates, each weighed by its children, whose error is that of shares of so many children.
    """
    if len(observed) < 3:
        return None
    year, rate, weight = (observed[name].astype(float).to_numpy() for name in ("year", "rate", "children"))
    middle = np.average(year, weights=weight)
    spread = float((weight * (year - middle) ** 2).sum())
    mean = float(np.average(rate, weights=weight)) / 100
    rise = float((weight * (year - middle) * rate).sum()) / spread
    return rise, 100 * float(np.sqrt(mean * (1 - mean) / spread))


def kinds(tables: Tables, spot: Spot) -> dict[str, int]:
    """Return how many output areas of an area are observed hotspots, predicted ones, both or neither."""
    found = tables.areas.loc[spot.inside, "kinds"].value_counts()
    return {kind: int(found.get(kind, 0)) for kind in KINDS}


def agencies(tables: Tables, code: str) -> pd.DataFrame:
    """Return which part of an area's children each agency knows, all cohorts together, indexed by agency."""
    table = tables.agencies
    if table.empty:
        return table
    mine = table[(table["code"] == code) & (table["period"] == pooled_period(tables))]
    return mine[mine["fact"] == "known"].set_index("agency")


def facts(tables: Tables, code: str, district: str) -> pd.DataFrame:
    """Return what agencies say of an area's children beside the district's: rates in per cent, a row a fact."""
    table = tables.agencies
    pooled = table[(table["period"] == pooled_period(tables)) & (table["fact"] != "known")]
    whole = pooled[pooled["code"] == district].set_index("fact")
    here = pooled[pooled["code"] == code].set_index("fact").reindex(whole.index)["rate"]
    return whole[["title", "label", "rate"]].rename(columns={"rate": "district"}).assign(here=here)


def by_cohort(tables: Tables, code: str) -> pd.DataFrame:
    """Return every fact of an area by cohort, per cent: a row a fact, a column a cohort."""
    table = tables.agencies
    mine = table[(table["code"] == code) & (table["period"] != pooled_period(tables))]
    rate = mine.pivot_table(
        index=["title", "label"], columns="period", values="rate", aggfunc="first", sort=False
    )
    return rate.astype("Float64").reset_index()


def reasons(tables: Tables, code: str) -> pd.DataFrame:
    """Return what sets an area apart, the strongest first."""
    return tables.drivers[tables.drivers["code"] == code]


def parent(tables: Tables, spot: Spot, level: str) -> Spot:
    """Return the larger area that an area lies in; for a ward, which cuts across, that of most of its output areas."""
    found = find(tables, str(tables.areas.loc[spot.inside, level].mode().iloc[0]))
    assert found is not None
    return found


def rows_inside(tables: Tables, spot: Spot) -> pd.DataFrame:
    """Return the smaller areas of an area as a table, by name: what was observed, what is expected, which hotspots."""
    level = INSIDE.get(spot.level)
    if level is None:
        return pd.DataFrame()
    if level == "oa":
        return _small_rows(tables, spot)
    codes = [str(code) for code in tables.areas.loc[spot.inside, level].unique()]
    told = tables.counts[tables.counts["period"] == pooled_period(tables)].set_index("code").loc[codes]
    coming = ahead(tables, level).reindex(codes)
    found = tables.areas.loc[spot.inside].groupby(level)["kinds"].value_counts().unstack(fill_value=0)
    found = found.reindex(index=codes, columns=list(KINDS), fill_value=0)
    table = pd.DataFrame(
        {
            "Area": told["name"],
            "rate": told["rate"].astype("Float64"),
            "expected": coming["expected"].astype("Float64"),
            "low": coming["low"].astype("Float64"),
            "high": coming["high"].astype("Float64"),
            "children": coming["children"].astype("Float64"),
            "observed": found["both"] + found["observed only"],
            "predicted": found["both"] + found["predicted only"],
        },
        index=pd.Index(codes, name="code"),
    )
    return table.sort_values("Area")


def _small_rows(tables: Tables, spot: Spot) -> pd.DataFrame:
    """Return the output areas of an area: a band and a class of each."""
    mine = tables.areas.loc[spot.inside]
    return pd.DataFrame(
        {
            "Area": mine["name"],
            "low": [number(value) for value in mine["rate_from"]],
            "high": [number(value) for value in mine["rate_to"]],
            "kinds": mine["kinds"],
            "sign": mine["sign"],
        },
        index=mine.index,
    ).sort_values("Area")
