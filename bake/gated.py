"""The gated: what of the knowledge of areas passes the gate, as the tables of a run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from bake.columns import PARENTS
from bake.people import LEVELS, Knowledge
from bake.recipe import Recipe
from bake.recipe_records import RecordsRisk
from disclosure.gate import release_counts
from disclosure.gate_statistics import release_statistics
from disclosure.policy import DEFAULT, Policy
from disclosure.released import Released
from geo import stability
from geo.adjacency import Adjacency
from geo.neighbours import find, parse
from risk.areas import MINIMUM
from risk.exceedance import exceedance, side_by_side
from risk.observed import observed_hotspots
from risk.rate import standardised

CHANCE_EDGES = (0.0, 0.05, 0.2, 0.5, 0.8, 0.95, 1.0)
"""Where a band of the chance of a predicted hotspot may begin or end."""
NOT_ASSESSED, NO_SIGN = "not assessed", "no sign"
PUBLISHED = "published"


@dataclass(frozen=True)
class Gated:
    """What may be told.

    `areas` is the run's table of output areas, `counts` that of larger areas and wards, `outlook` what is expected of
    larger areas; `released` what the gate made, `decisions` its reasons in sentences.
    """

    areas: gpd.GeoDataFrame
    counts: pd.DataFrame
    outlook: pd.DataFrame
    released: Mapping[str, Released]
    decisions: list[str]


def through_the_gate(
    recipe: Recipe, areas: gpd.GeoDataFrame, known: Knowledge, earlier: Sequence[Released] = ()
) -> Gated:
    """Return what of the knowledge may be told, beside all that was released before."""
    risk = recipe.risk
    assert isinstance(risk, RecordsRisk)
    counts = release_counts(
        known.counts,
        _hierarchy(areas),
        known.children,
        earlier=[one for one in earlier if one.kind == "counts"],
    )
    adjacency = find(areas, recipe.hotspots.neighbours)
    observed, ways = _observed(recipe, areas, known, adjacency)
    statistics = release_statistics(
        observed,
        known.counts,
        counts,
        _surroundings(adjacency),
        ways={rule: _surroundings(find(areas, rule)) for rule in ways},
        earlier=list(earlier),
    )
    predicted = exceedance(known.risk, adjacency, risk.margin, certainty=risk.certainty)
    kinds = side_by_side(observed.assign(cluster=observed["gi_cluster"]), predicted)
    table = _areas_table(areas, counts, statistics, predicted.assign(kinds=kinds), adjacency)
    return Gated(
        areas=table,
        counts=_named(counts.frame, areas),
        outlook=_outlook(known, areas, counts),
        released={"counts": counts, "statistics": statistics},
        decisions=[*counts.notes, *statistics.notes, *_told(recipe, risk, counts, ways)],
    )


def _hierarchy(areas: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return each output area's LSOA, MSOA, district, and ward where all have one."""
    levels = [*LEVELS, *(["ward"] if "ward" in areas and areas["ward"].notna().all() else [])]
    return pd.DataFrame(areas[levels].astype("str")).rename_axis("oa")


def _surroundings(adjacency: Adjacency) -> dict[str, tuple[str, ...]]:
    ids = adjacency.ids.astype("str").to_numpy()
    return {
        str(code): tuple(ids[adjacency.neighbours[start:end]])
        for code, start, end in zip(ids, adjacency.starts[:-1], adjacency.starts[1:], strict=True)
    }


def _observed(
    recipe: Recipe, areas: gpd.GeoDataFrame, known: Knowledge, adjacency: Adjacency
) -> tuple[pd.DataFrame, list[str]]:
    """Return the exact test of pooled, unsmoothed outcomes, and over how many definitions of neighbours it holds."""
    cases, children = known.counts.sum(axis=1), known.children.sum(axis=1)
    alpha = recipe.hotspots.alpha
    gi = observed_hotspots(cases, children, adjacency, statistic="gi_star", alpha=alpha)
    local = observed_hotspots(cases, children, adjacency, statistic="local_moran", alpha=alpha)
    rules = [
        rule
        for rule in dict.fromkeys(recipe.hotspots.stability.neighbours or [recipe.hotspots.neighbours])
        if parse(rule).kind != "knn" or parse(rule).size < len(areas)
    ]
    values = standardised(cases, children, MINIMUM)
    asked = stability.stability(
        areas.index, [stability.Setting(rule, values, find(areas, rule)) for rule in rules]
    ).table
    silent = gi["status"] != "assessed"
    table = pd.DataFrame(
        {
            "gi_cluster": gi["cluster"],
            "cluster": local["cluster"],
            "q": gi["q"],
            "status": gi["status"],
            "stability": asked["share"].mask(silent),
            "sign": asked["sign"].mask(silent, NOT_ASSESSED),
        },
        index=areas.index,
    )
    return table, rules


def _areas_table(
    areas: gpd.GeoDataFrame,
    counts: Released,
    statistics: Released,
    predicted: pd.DataFrame,
    adjacency: Adjacency,
) -> gpd.GeoDataFrame:
    told = counts.frame
    pooled = max(counts.windows, key=lambda name: len(counts.windows[name]))
    rates = told[(told["level"] == "oa") & (told["period"] == pooled)].set_index("code").reindex(areas.index)
    tests = statistics.frame.set_index("code").reindex(areas.index)
    kept = [name for name in ("name", *PARENTS, "population") if name in areas.columns]
    table = areas[kept].assign(
        children=rates["denominator"],
        rate_from=rates["band_from"],
        rate_to=rates["band_to"],
        band=_bands(rates),
        q_from=tests["q_from"],
        q_to=tests["q_to"],
        gi_cluster=tests["gi_cluster"],
        cluster=tests["cluster"],
        status=tests["status"],
        reason=rates["reason"].where(rates["reason"].fillna("") != "", tests["reason"]).fillna(""),
        neighbours=pd.Series(adjacency.degrees, adjacency.ids).reindex(areas.index),
        stability=tests["stability"],
        sign=tests["sign"].fillna(NOT_ASSESSED),
    )
    # a class of two kinds tells the observed class, so it is told only where that is
    silent = (tests["status"] != "assessed") | rates["band_from"].isna()
    low, high = _chance_band(predicted["chance_above"])
    table = table.assign(
        predicted=predicted["predicted"].mask(silent),
        chance_from=low.mask(silent),
        chance_to=high.mask(silent),
        kinds=predicted["kinds"].mask(silent, "cannot say"),
        x=areas["x"],
        y=areas["y"],
    )
    return gpd.GeoDataFrame(table, geometry=areas.geometry, crs=areas.crs)


def _bands(rates: pd.DataFrame) -> pd.Series:
    """Return fifths of the middles of the bands told: made of what is published, so it tells nothing more."""
    middle = (rates["band_from"] + rates["band_to"]).astype("float64") / 2
    rank = middle.rank(method="average", pct=True)
    return np.ceil(rank * 5).clip(1, 5).astype("Int64")


def _chance_band(chance: pd.Series) -> tuple[pd.Series, pd.Series]:
    edges = np.array(CHANCE_EDGES)
    place = np.clip(
        np.searchsorted(edges, chance.fillna(0.0).to_numpy(float), side="right") - 1, 0, len(edges) - 2
    )
    missing = chance.isna()
    return tuple(pd.Series(edges[place + up], chance.index).mask(missing) for up in (0, 1))


def _named(frame: pd.DataFrame, areas: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return the released counts of larger areas with their names; output areas stand in the run's own table."""
    names: dict[str, str] = {}
    for level in (*LEVELS, "ward"):
        if level in areas and f"{level}_name" in areas:
            pairs = areas[[level, f"{level}_name"]].dropna().drop_duplicates(level)
            names |= dict(zip(pairs[level].astype(str), pairs[f"{level}_name"].astype(str), strict=True))
    table = frame[frame["level"] != "oa"].copy()
    table.insert(2, "name", table["code"].map(names).fillna(table["code"]))
    return table.reset_index(drop=True)


def _outlook(known: Knowledge, areas: gpd.GeoDataFrame, counts: Released) -> pd.DataFrame:
    """Return what is expected of larger areas, pooled and of the next cohort, rounded as counts are.

    An area is told of only where its pooled count is: a prediction leans on the count, and must not stand in for it.
    """
    told = counts.frame
    pooled = max(counts.windows, key=lambda name: len(counts.windows[name]))
    open_ = told[(told["period"] == pooled) & (told["status"] == PUBLISHED)]
    parts = []
    for level in LEVELS:
        parents = areas[level].astype(str)
        codes = open_.loc[open_["level"] == level, "code"]
        whole = known.risk.at(level, parents).table
        rates = whole[["children"]].assign(
            **{
                name: whole[column] * whole["children"]
                for name, column in (("expected", "shrunken"), ("low", "low"), ("high", "high"))
            }
        )
        made = _rounded(rates, level, pooled, counts.policy)
        parts.append(made[made["code"].isin(codes)])
        if known.ahead is not None:
            coming = known.ahead.at(level, parents).table
            made = _rounded(coming, level, str(known.ahead.cohort), counts.policy)
            parts.append(made[made["code"].isin(codes)])
    return pd.concat(parts, ignore_index=True)


def _rounded(table: pd.DataFrame, level: str, period: str, policy: Policy) -> pd.DataFrame:
    """Return expected counts rounded to the policy's base, missing where they are small or the children are few."""
    children = table["children"].astype("int64")
    few = children < policy.minimum_denominator
    shown = {
        name: pd.Series(
            [
                policy.rounded(count, all_) if count > policy.threshold else 0
                for count, all_ in zip(table[name].fillna(0).round().astype(int), children, strict=True)
            ],
            table.index,
        )
        .astype("Int64")
        .mask(few)
        for name in ("expected", "low", "high")
    }
    small = few | (table["expected"] <= policy.threshold)
    return pd.DataFrame(
        {
            "level": level,
            "code": table.index.astype(str),
            "period": period,
            "children": (children / policy.base).round().astype("Int64") * policy.base,
            "expected": shown["expected"].mask(small).to_numpy(),
            "low": shown["low"].mask(small).to_numpy(),
            "high": shown["high"].mask(small).to_numpy(),
            "status": np.where(
                few, "too few children", np.where(small, "too small a number to tell", "expected")
            ),
        }
    )


def _told(recipe: Recipe, risk: RecordsRisk, counts: Released, ways: Sequence[str]) -> list[str]:
    pooled = max(counts.windows, key=lambda name: len(counts.windows[name]))
    by = counts.frame[counts.frame["period"] == pooled].groupby(["level", "status"]).size()
    told = [f"{level}: {status} {number}" for (level, status), number in by.items()]
    return [
        f"All figures passed the gate (0 stays, 1 to {DEFAULT.threshold} is suppressed, others are rounded to "
        f"{DEFAULT.base}, no rate under {DEFAULT.minimum_denominator} children, further figures withheld where a small "
        f"one could be worked out). Over {pooled}: {'; '.join(told)}.",
        f"Observed hotspots are tested on what was counted, standardised for the number of children and not smoothed, "
        f"neighbours by {recipe.hotspots.neighbours}, at a false-discovery rate of {recipe.hotspots.alpha:g}; the test "
        f"was made with {len(ways)} definitions of neighbours ({', '.join(ways)}).",
        f"Predicted hotspots are areas that, with their neighbourhood, exceed the district by more than "
        f"{100 * risk.margin:g} in 100 children with a chance of {risk.certainty:.0%} or more; no test is made of a "
        "prediction. Only the class and a band of the chance are told, where the band of the rate and the class of the "
        "observed hotspot are told too.",
        "Areas beyond the border are not used: no records were given for them.",
    ]
