"""One synthetic district through the whole chain, and what it came to beside the known truth."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pandas as pd

from bake.children import Children, describe, link_extracts
from bake.people import Knowledge, know, places_of
from bake.recipe import Recipe
from bake.recipe_records import RecordsRisk
from bake.stages import Stages
from geo.place import Place
from risk.areas import AreaRisk
from risk.baselines import fit_baseline
from risk.extracts import Extract
from risk.gains import best_recall
from risk.linkage import Linked
from risk.linkage_quality import Quality, true_quality
from risk.pseudonyms import make_key
from risk.spec import BASELINES
from risk.synthetic.district import folders, synthesise
from risk.synthetic.options import Options

LEVELS = ("oa", "lsoa", "msoa", "district")
Numbers = dict[str, float]


@contextmanager
def extracts_made(place: Place, seed: int, options: Options) -> Iterator[Path]:
    """Give the folder of a district's extracts with a key; all of it is gone afterwards."""
    with tempfile.TemporaryDirectory() as name:
        out = Path(name) / "district"
        synthesise(place, out, seed, options=options)
        make_key(out)
        yield out


def linkage_of(recipe: Recipe, place: Place, seed: int, options: Options) -> Quality:
    """Return how well the linkage of a district's extracts agrees with who is who."""
    with extracts_made(place, seed, options) as out:
        read, linked = link_extracts(recipe, place, out, Stages(), "duckdb")
        return quality(read, linked, folders(out)[1])


def whole_chain(recipe: Recipe, place: Place, seed: int, options: Options) -> dict[str, object]:
    """Return what the chain made of a district, beside its truth; nothing of any child."""
    risk, stages = recipe.risk, Stages()
    assert isinstance(risk, RecordsRisk)
    places = places_of(recipe, place)
    with extracts_made(place, seed, options) as out:
        truth = pd.read_csv(folders(out)[1] / "children.csv", index_col="child")
        read, linked = link_extracts(recipe, place, out, stages, "duckdb")
        linkage = quality(read, linked, folders(out)[1])
        children = describe(recipe, read, linked, places, stages=stages, engine="duckdb")
        who = child_of(linked, folders(out)[1])
    known = know(recipe, children, places, stages)
    assessed = truth[truth["here"] & ~truth["next"]]
    started = assessed[assessed["here_at_start"]].rename(
        columns={"area": "at_assessment", "start_area": "area"}
    )
    found = {
        "seed": seed,
        "shown": known.shown,
        "passed": bool(known.validation["passed"]),
        "verdict": known.linkage["verdict"],
        "precision": linkage.precision,
        "recall": linkage.recall,
        "expected_precision": known.linkage["expected_precision"],
        "expected_recall": known.linkage["expected_recall"],
        "placed": placed_right(children, who, truth),
        "seconds": {str(row["stage"]): row["seconds"] for row in stages.done},
        "peak_mb": max(float(row["peak_mb"]) for row in stages.done),
    }
    rates = {
        name: levels_of(values, known, places) for name, values in answers(recipe, children, places).items()
    }
    rates |= {"chain": {level: at(known.risk, level, places).table["shrunken"] for level in LEVELS}}
    found["error"] = errors(rates, started, places)
    found["held"] = held(known, started, places)
    found["held_at_assessment"] = held(known, assessed, places)
    found["top"] = top_recall(known, children, who, truth, risk.model.pass_mark.share)
    return found


def quality(read: dict[str, Extract], linked: Linked, truth: Path) -> Quality:
    """Return precision and recall over persons as the agencies count them: their own numbers earn nothing."""
    rows = rows_of(linked, truth)
    own = [extract.table[extract.contract.person].reset_index(drop=True) for extract in read.values()]
    rows = rows.assign(own=pd.concat(own, ignore_index=True).to_numpy()).drop_duplicates(["agency", "own"])
    return true_quality(rows["person"], rows["child"])


def rows_of(linked: Linked, truth: Path) -> pd.DataFrame:
    """Return the linked rows, in the order of the extracts, with the `child` that each is of."""
    told = pd.read_csv(truth / "rows.csv", dtype={"record": str})
    told["row"] = told.groupby("agency").cumcount()  # as the extracts are written
    rows = linked.records.merge(
        told[["agency", "row", "child"]], on=["agency", "row"], how="left", sort=False
    )
    if rows["child"].isna().any():
        raise ValueError("The truth does not have every row of the extracts.")
    return rows


def child_of(linked: Linked, truth: Path) -> pd.Series:
    """Return which child each linked person is: the one that most of its rows are of."""
    rows = rows_of(linked, truth).dropna(subset=["person"])
    return rows.groupby("person")["child"].agg(lambda one: one.value_counts().index[0])


def placed_right(children: Children, who: pd.Series, truth: pd.DataFrame) -> float:
    """Return the share of children with an outcome who are counted in the area they truly lived in."""
    known = children.table[children.table["outcome"].notna()]
    own = truth["start_area"].reindex(who.reindex(known["person"]))
    return float((own.to_numpy() == known["area"].to_numpy()).mean())


def answers(recipe: Recipe, children: Children, places: pd.DataFrame) -> dict[str, pd.Series]:
    """Return each simpler answer's rate of every area, and the rate as it was counted."""
    seed, table = recipe.hotspots.seed, children.table
    each = pd.DataFrame({"area": places.index})
    told = {
        name: pd.Series(fit_baseline(name, table, places, seed, effects=False).predict(each), places.index)
        for name in BASELINES
    }
    counted = table[table["outcome"].notna()].groupby("area")["outcome"].mean()
    return told | {"counted": counted.reindex(places.index)}


def levels_of(rates: pd.Series, known: Knowledge, places: pd.DataFrame) -> dict[str, pd.Series]:
    """Return rates of areas and, weighed by children, of what they lie in."""
    weight = known.risk.table["children"].where(rates.notna(), 0)
    found = {"oa": rates}
    for level in LEVELS[1:]:
        sums = (rates.fillna(0) * weight).groupby(places[level]).sum()
        found[level] = sums / weight.groupby(places[level]).sum()
    return found


def at(risk: AreaRisk, level: str, places: pd.DataFrame) -> AreaRisk:
    """Return the areas' risk at a level."""
    return risk if level == "oa" else risk.at(level, places[level])


def true_rates(children: pd.DataFrame, level: str, places: pd.DataFrame) -> pd.Series:
    """Return the mean true risk of children by area, or by what it lies in."""
    where = children["area"] if level == "oa" else places[level].reindex(children["area"]).to_numpy()
    return children["true_risk"].groupby(where).mean()


def errors(
    rates: dict[str, dict[str, pd.Series]], children: pd.DataFrame, places: pd.DataFrame
) -> dict[str, dict[str, Numbers]]:
    """Return the root mean square and the mean absolute error of each answer's rates, in 100 children."""
    found: dict[str, dict[str, Numbers]] = {}
    for name, by_level in rates.items():
        for level in LEVELS[:3]:
            truth = true_rates(children, level, places)
            off = (by_level[level].reindex(truth.index) - truth).dropna()
            told = {"rmse": 100 * float(np.sqrt((off**2).mean())), "mae": 100 * float(off.abs().mean())}
            found.setdefault(name, {})[level] = told
    return found


def held(known: Knowledge, children: pd.DataFrame, places: pd.DataFrame) -> Numbers:
    """Return, by level, the share of areas whose true rate lies within the interval."""
    found = {}
    for level in LEVELS:
        table = at(known.risk, level, places).table
        truth = true_rates(children, level, places).reindex(table.index)
        some = truth.notna() & table["low"].notna()
        found[level] = float(((table["low"] <= truth) & (truth <= table["high"]))[some].mean())
    return found


def top_recall(
    known: Knowledge, children: Children, who: pd.Series, truth: pd.DataFrame, share: float
) -> Numbers:
    """Return the recall in the share of places visited first: model, baselines, and one who knew the true risk.

    Over the cohorts that were foretold from those before them.
    """
    key = f"recall_top_{share:.0%}".rstrip("%")
    told = known.validation
    cohorts = told["held_back"]["forward"]["cohorts"]
    table = children.table
    rows = table[table["outcome"].notna() & table["cohort"].isin(cohorts)]
    risk = truth["true_risk"].reindex(who.reindex(rows["person"])).to_numpy(float)
    best = best_recall(rows, risk, share)
    return {
        "model": told["model"][key]["value"],
        **{name: told["baselines"][name][key]["value"] for name in BASELINES},
        "best": best,
    }
