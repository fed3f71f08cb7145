"""Children: from agencies' extracts to one row a child, without anything that says who it is."""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from bake.recipe import Recipe
from bake.recipe_records import RecordsRisk
from bake.stages import Stages
from bake.taking import taken
from geo.place import Place
from risk.agencies import Knowing, who_knows_whom
from risk.errors import RiskError
from risk.extracts import Extract, read_extracts
from risk.features import DuckTables, SparkTables, Tables, make_features
from risk.leaks import leaks
from risk.linkage import Linked, link
from risk.linkage_engine import EngineName
from risk.linkage_report import LinkageReport
from risk.placing import area_finder
from risk.private_folder import private_folder
from risk.pseudonyms import read_key
from risk.register import read_register
from risk.sources import make_children, make_homes, make_sources
from risk.spark import spark_session
from risk.whereabouts import Whereabouts, find_whereabouts
from words.faults import Fault

REGISTER = "uprn_register.csv"
"""The open register of addresses, where a folder of extracts brings one (uprn, x, y)."""
THREADS = 2
LEAST_COHORT = 50
"""Children with an outcome, at least, of a cohort: fewer have a slip in their date of birth."""


@dataclass(frozen=True)
class Children:
    """The feature table, one row a child of the pooled cohorts and the next, and what goes with it.

    `before` has cohort, area and outcome of the children of the cohorts before those. `whereabouts` says how surely
    each was placed, `linkage` how the records were linked, `knowing` and `sources` what each agency knows; `said`
    are decisions, in sentences. Nothing here says who a child is.
    """

    table: pd.DataFrame = field(repr=False)
    before: pd.DataFrame = field(repr=False)
    whereabouts: Whereabouts = field(repr=False)
    linkage: LinkageReport
    knowing: Knowing = field(repr=False)
    sources: list[dict[str, Any]]
    said: list[str]


def link_extracts(
    recipe: Recipe, place: Place, extracts: Path, stages: Stages, engine: EngineName
) -> tuple[dict[str, Extract], Linked]:
    """Return the extracts of a folder, kept to their contracts, and their rows linked and placed.

    RiskError with every fault of the extracts or the key.
    """
    risk = recipe.risk
    assert isinstance(risk, RecordsRisk)
    wanted = taken(risk)
    with stages.stage(
        "extracts", f"Checking the extracts of {len(risk.agencies)} agencies against their contracts."
    ):
        read = read_extracts(extracts, wanted.agencies, allow_enforcement=wanted.enforcement)
        key = read_key(extracts, environment=os.environ)
    rows = sum(len(extract.table) for extract in read.values())
    with stages.stage("link", f"Finding the same child among {rows:,} rows, with {engine}."):
        register = extracts / REGISTER
        finder = area_finder(place, read_register(register) if register.exists() else None)
        linked = link(
            read,
            key,
            finder,
            engine=engine,
            loss=risk.linkage.loss,
            seed=recipe.hotspots.seed,
            threads=THREADS,
        )
    return read, linked


def describe(
    recipe: Recipe,
    read: Mapping[str, Extract],
    linked: Linked,
    places: pd.DataFrame,
    *,
    stages: Stages,
    engine: EngineName,
    decided: Sequence[str] = (),
) -> Children:
    """Return the children as the recipe describes them, as of each one's cut-off date; `decided` was so before.

    RiskError where no cohort has outcomes, a feature cannot be made, or one tells what was known only later.
    """
    risk = recipe.risk
    assert isinstance(risk, RecordsRisk)
    with (
        stages.stage("features", f"Making {len(risk.features)} features as of each child's cut-off date."),
        _tables(engine) as tables,
    ):
        children, before, said = _chosen(risk, read, linked)
        table = _features(risk, read, linked, children, tables)
        whereabouts = find_whereabouts(children, linked.homes(list(read.values())), places)
    knowing = who_knows_whom(read, linked)
    let_pass = [note for extract in read.values() for note in extract.notes]
    return Children(
        table=table,
        before=before,
        whereabouts=whereabouts,
        linkage=linked.report,
        knowing=knowing,
        sources=_sources(read, knowing, table),
        said=[*let_pass, *said, *decided],
    )


@contextmanager
def _tables(engine: EngineName) -> Iterator[Tables]:
    """Give what features are made with: Spark where asked, else DuckDB in memory."""
    if engine != "spark":
        yield DuckTables()
        return
    with private_folder() as folder, spark_session(folder, threads=THREADS) as session:
        yield SparkTables(session)


def _chosen(
    risk: RecordsRisk, read: Mapping[str, Extract], linked: Linked
) -> tuple[pd.DataFrame, pd.DataFrame, list[str]]:
    """Return the children of the pooled cohorts and the next, those of cohorts before, and what was decided."""
    born = linked.persons["cohort"].dropna().astype(int)
    groups = [item.group for item in risk.groups]
    every = make_children(read, linked, risk.outcome, sorted(born.unique()), groups)
    counted = every.loc[every["outcome"].notna(), "cohort"].value_counts()
    known = sorted(int(year) for year in counted.index[counted >= LEAST_COHORT])
    if not known:
        raise RiskError(
            "No cohort has outcomes that could be linked.", "Look at the extracts and the linkage."
        )
    cohorts, ahead = known[-risk.cohorts :], known[-1] + 1
    before = every[every["cohort"].isin(known[: -risk.cohorts]) & every["outcome"].notna()]
    listed = set(linked.facts(read[risk.outcome.agency])["person"].dropna())
    past = every["cohort"].isin(cohorts) & every["outcome"].notna()
    coming = (every["cohort"] == ahead) & every["person"].isin(listed)
    children = every[past | coming].reset_index(drop=True)
    children.loc[children["cohort"] == ahead, "outcome"] = np.nan
    return (
        children,
        before[["cohort", "area", "outcome"]],
        [
            f"Features are as of {risk.cutoff}; nothing known later is read, and each feature was made again without "
            "the later rows to see that it does not change.",
            f"{len(cohorts)} cohorts with outcomes are pooled ({cohorts[0]} to {cohorts[-1]}); the next is that of "
            f"{ahead}, as far as {risk.outcome.agency.replace('_', ' ')} list it.",
        ],
    )


def _features(
    risk: RecordsRisk,
    read: Mapping[str, Extract],
    linked: Linked,
    children: pd.DataFrame,
    tables: Tables,
) -> pd.DataFrame:
    """Return the children with their features; RiskError where one tells what was known only later."""
    sources, homes = make_sources(read, linked), make_homes(read, linked)
    table = make_features(risk.features, children, sources, homes, engine=tables)
    found = leaks(table, risk.features, children, sources, homes, engine=tables)
    if found:
        cure = "Say from which date it was known: dated = …, or leave it out."
        raise RiskError([Fault(leak.sentence(), cure, column=leak.feature) for leak in found])
    return table


def _sources(read: Mapping[str, Extract], knowing: Knowing, table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return what the record says of each agency; rows to the nearest hundred, coverage to the nearest per cent."""
    people = set(table["person"])
    told = []
    for agency, extract in read.items():
        contract, facts = extract.contract, set(extract.facts())
        known = people & knowing.people[agency]
        told.append(
            {
                "name": contract.title,
                "controller": contract.controller,
                "lawful_basis": contract.lawful_basis,
                "measures": list(contract.measures),
                "period": f"{contract.period_from.isoformat()} to {contract.period_to.isoformat()}",
                "retention": contract.retention,
                "rows": f"about {round(len(extract.table), -2):,}",
                "coverage": f"{len(known) / max(1, len(people)):.0%} of the children are known to it",
                "fields": [column.label for name, column in contract.columns.items() if name in facts],
            }
        )
    return told
