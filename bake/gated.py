"""The gated: what of the knowledge of areas passes the gate, as the tables of a run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import pandas as pd

from bake.columns import PARENTS
from bake.people import LEVELS, Knowledge
from bake.recipe import Recipe
from bake.recipe_records import RecordsRisk
from disclosure.account import account_of, release_account
from disclosure.examples import Examples
from disclosure.foreseen import Foreseen
from disclosure.gate import release_counts
from disclosure.gate_outlook import Expectation, release_outlook
from disclosure.gate_predictions import release_predictions
from disclosure.gate_statistics import release_statistics
from disclosure.geography import period_name
from disclosure.policy import DEFAULT
from disclosure.released import Released
from geo import stability
from geo.adjacency import Adjacency
from geo.neighbours import find, parse
from risk.areas import MINIMUM
from risk.observed import observed_hotspots
from risk.rate import standardised

NOT_ASSESSED = "not assessed"
PLAIN = (
    "stated",
    "cohorts",
    "seed",
    "model_digest",
    "engine",
    "seconds",
    "threshold",
    "weights",
    "loss",
    "fields",
)
"""What a run says of itself that holds no figure of persons: settings, years, times, how much an agreement weighs."""


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
    examples = Examples(later=True)
    counts = release_counts(
        known.counts,
        _hierarchy(areas),
        known.children,
        earlier=list(earlier),
        examples=examples,
        whole=known.whole,
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
        examples=examples,
        whole=known.whole,
    )
    outlook = release_outlook(
        Expectation(_expected(known, areas)),
        known.counts,
        counts,
        earlier=[statistics, *earlier],
        examples=examples,
        whole=known.whole,
    )
    predictions = release_predictions(
        Foreseen(_draws(known), risk.margin, risk.certainty),
        known.counts,
        counts,
        statistics,
        earlier=[outlook, *earlier],
        examples=examples,
        whole=known.whole,
    )
    released = {"counts": counts, "statistics": statistics, "outlook": outlook, "predictions": predictions}
    notes = dict.fromkeys(note for one in released.values() for note in one.notes)
    return Gated(
        areas=_areas_table(areas, released, adjacency),
        counts=_named(counts.frame, areas),
        outlook=outlook.frame,
        released=released,
        decisions=[*notes, *_told(recipe, risk, counts, ways)],
    )


def accounted(known: Knowledge) -> Knowledge:
    """Return the knowledge with all that the run will say of itself made coarse by the gate."""
    content = {
        "validation": known.validation,
        "linkage": known.linkage,
        "sources": known.sources,
        "spreads": dict(known.risk.spreads),
        "notes": list(known.risk.notes),
        "top": known.top,
        "decisions": known.decisions,
    }
    account = account_of(release_account(content, int(known.children.sum().min()), plain=PLAIN))
    risk = replace(known.risk, spreads=account["spreads"], notes=tuple(account["notes"]))
    parts = {name: account[name] for name in ("validation", "linkage", "sources", "top", "decisions")}
    return replace(known, risk=risk, **parts)


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
    areas: gpd.GeoDataFrame, released: Mapping[str, Released], adjacency: Adjacency
) -> gpd.GeoDataFrame:
    """Return the run's table: what is public of areas, and what the gate released of them; nothing else is at hand."""
    told = released["counts"].frame
    rates = told[(told["level"] == "oa") & (told["period"] == _pooled(released["counts"]))]
    rates = rates.set_index("code").reindex(areas.index)
    tests, foreseen = (
        released[kind].frame.set_index("code").reindex(areas.index) for kind in ("statistics", "predictions")
    )
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
        predicted=foreseen["predicted"],
        chance_from=foreseen["chance_from"],
        chance_to=foreseen["chance_to"],
        kinds=foreseen["kinds"],
        x=areas["x"],
        y=areas["y"],
    )
    return gpd.GeoDataFrame(table, geometry=areas.geometry, crs=areas.crs)


def _pooled(counts: Released) -> str:
    return max(counts.windows, key=lambda name: len(counts.windows[name]))


def _bands(rates: pd.DataFrame) -> pd.Series:
    """Return fifths of the middles of the bands told: made of what is published, so it tells nothing more."""
    middle = (rates["band_from"] + rates["band_to"]).astype("float64") / 2
    rank = middle.rank(method="average", pct=True)
    return np.ceil(rank * 5).clip(1, 5).astype("Int64")


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


def _draws(known: Knowledge) -> pd.DataFrame:
    return pd.DataFrame(known.risk.draws, index=known.risk.table.index.astype(str))


def _expected(known: Knowledge, areas: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return what is expected of larger areas, pooled and of the next cohort, as the gate takes it in."""
    cohorts = known.counts.columns
    pooled = period_name([str(cohort) for cohort in cohorts])
    parts = []
    for level in LEVELS:
        parents = areas[level].astype(str)
        whole = known.risk.at(level, parents).table
        rates = whole[["shrunken", "low", "high"]].mul(whole["children"], axis=0)
        rates = rates.rename(columns={"shrunken": "expected"}).assign(children=whole["children"])
        parts.append(_of_level(rates, level, pooled))
        if known.ahead is not None:
            parts.append(_of_level(known.ahead.at(level, parents).table, level, str(known.ahead.cohort)))
    return pd.concat(parts, ignore_index=True)


def _of_level(table: pd.DataFrame, level: str, period: str) -> pd.DataFrame:
    frame = table[["children", "expected", "low", "high"]].fillna(0.0).astype("float64")
    return frame.assign(level=level, code=table.index.astype(str), period=period)


def _told(recipe: Recipe, risk: RecordsRisk, counts: Released, ways: Sequence[str]) -> list[str]:
    pooled = _pooled(counts)
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
        "observed hotspot are told too and no small number could be worked out from them.",
        "Areas beyond the border are not used: no records were given for them.",
    ]
