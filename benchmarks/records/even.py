"""One true rate everywhere: how often the bake's own test of what was observed finds a hotspot that is none."""

from types import SimpleNamespace

import numpy as np
import pandas as pd

from bake.children import describe, link_extracts
from bake.gated import _observed  # the very function that the bake tests with
from bake.people import places_of
from bake.recipe import load_recipe
from bake.stages import Stages
from benchmarks.records.chain import extracts_made
from geo.demo import ensure_demo
from geo.neighbours import find
from risk.synthetic.options import Options
from store.home import home

RATE = 0.28


def even(count: int) -> None:
    """Link one district for real, deal its children outcomes at one rate `count` times, test each as a bake does."""
    recipe, place = load_recipe("school_readiness"), ensure_demo(home())
    places = places_of(recipe, place)
    with extracts_made(place, 1, Options(scenario="even")) as out:
        read, linked = link_extracts(recipe, place, out, Stages(), "duckdb")
        table = describe(recipe, read, linked, places, stages=Stages(), engine="duckdb").table
    known = table[table["outcome"].notna()]
    areas = place.areas()
    adjacency = find(areas, recipe.hotspots.neighbours)
    found = []
    for seed in range(count):
        tested, _ = _observed(recipe, areas, dealt(known, places.index, seed), adjacency)  # type: ignore[arg-type]
        found.append(
            {
                "hot (Gi*)": bool((tested["gi_cluster"] == "hot").any()),
                "cold (Gi*)": bool((tested["gi_cluster"] == "cold").any()),
                "hot or cold (Gi*)": bool(tested["gi_cluster"].isin(["hot", "cold"]).any()),
                "any class of local Moran": bool(
                    tested["cluster"].isin(["hot", "cold", "high_low", "low_high"]).any()
                ),
                "hot and firm": bool(((tested["gi_cluster"] == "hot") & (tested["sign"] == "firm")).any()),
            }
        )
    table = pd.DataFrame(found)
    print(f"{len(known):,} children, {len(areas)} areas, one rate of {RATE:.0%}, {count} districts")
    for name in table:
        number = int(table[name].sum())
        print(f"{name}: {number} of {count} districts, {number / count:.1%}")


def dealt(known: pd.DataFrame, areas: pd.Index, seed: int) -> SimpleNamespace:
    """Return counts and children, areas x cohorts, with outcomes drawn anew at one rate."""
    outcome = (np.random.default_rng([seed, 2026]).random(len(known)) < RATE).astype(int)
    by = known.assign(outcome=outcome, cohort=known["cohort"].astype(str)).groupby(["area", "cohort"])[
        "outcome"
    ]
    counts, children = (
        frame.unstack(fill_value=0).reindex(areas, fill_value=0).astype("int64")
        for frame in (by.sum(), by.size())
    )
    return SimpleNamespace(counts=counts, children=children)
