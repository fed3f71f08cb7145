"""People: from agencies' extracts to what is known of areas; no row of a person leaves this module."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from bake.recipe import Recipe
from bake.recipe_records import RecordsRisk
from bake.stages import Stages
from bake.taking import taken
from geo.place import Place
from risk.agencies import Agencies, Knowing, count_agencies, who_knows_whom
from risk.areas import AreaRisk, to_areas
from risk.baselines import fit_baseline
from risk.deprivation import deprivation_deciles
from risk.doubt import LinkageDoubt
from risk.drivers import Drivers, find_drivers
from risk.errors import RiskError
from risk.extracts import Extract, read_extracts
from risk.features import SparkTables, Tables, make_features
from risk.forecast import Forecast, forecast
from risk.leaks import leaks
from risk.linkage import Linked, link
from risk.linkage_engine import EngineName
from risk.linkage_report import LinkageReport
from risk.model import fit
from risk.placing import area_finder
from risk.private_folder import private_folder
from risk.pseudonyms import read_key
from risk.sources import make_children, make_homes, make_sources
from risk.spark import spark_session
from risk.validation import NAMES, Validation, validate
from words.faults import Fault

REGISTER = "uprn_register.csv"
"""The open register of addresses, where a folder of extracts brings one (uprn, x, y)."""
THREADS = 2
BROKEN = "broken"
LEAST_COHORT = 50
"""Children with an outcome, at least, of a cohort: fewer have a slip in their date of birth."""
LEVELS = ("lsoa", "msoa", "district")


@dataclass(frozen=True)
class Knowledge:
    """What is known of areas, without any row of a person. It has not passed the gate: nothing of it may be shown.

    `counts` and `children` are whole numbers, areas x cohorts (as text), of children with the outcome and of all with
    a known one. `risk` and `ahead` carry draws by area. `validation`, `linkage` and `sources` are ready for the record.
    `agencies` counts what each agency's records say, `drivers` what sets MSOAs apart (None where a baseline predicts).
    `shown` is what predicts: 'model' or a baseline's name. `top` are sentences that have to stand first.
    """

    counts: pd.DataFrame
    children: pd.DataFrame
    risk: AreaRisk
    ahead: Forecast | None
    validation: Mapping[str, Any]
    linkage: Mapping[str, Any]
    sources: list[dict[str, Any]]
    agencies: Agencies
    drivers: Drivers | None
    shown: str
    top: list[str]
    decisions: list[str]


def places_of(recipe: Recipe, place: Place) -> pd.DataFrame:
    """Return what is public of each area: its LSOA, MSOA and district, people, and deprivation decile."""
    assert isinstance(recipe.risk, RecordsRisk)
    areas = place.areas()
    table = pd.DataFrame(areas[[*LEVELS, "population"]])
    decile = deprivation_deciles(place.indicators().loc[areas.index], recipe.risk.deprivation)
    return table.assign(deprivation_decile=decile)


def learn(recipe: Recipe, place: Place, extracts: Path, stages: Stages, engine: EngineName) -> Knowledge:
    """Read, link, describe, predict and add up: from a folder of extracts to what is known of areas.

    RiskError with every fault of the extracts, the key, the features or the table of children.
    """
    risk, seed = recipe.risk, recipe.hotspots.seed
    assert isinstance(risk, RecordsRisk)
    places = places_of(recipe, place)
    wanted = taken(risk)
    with stages.stage(
        "extracts", f"Checking the extracts of {len(risk.agencies)} agencies against their contracts."
    ):
        read = read_extracts(extracts, wanted.agencies, allow_enforcement=wanted.enforcement)
        key = read_key(extracts, environment=os.environ)
    rows = sum(len(extract.table) for extract in read.values())
    with stages.stage("link", f"Finding the same child among {rows:,} rows, with {engine}."):
        finder = area_finder(place, _register(extracts))
        linked = link(read, key, finder, engine=engine, loss=risk.linkage.loss, seed=seed, threads=THREADS)
    with (
        stages.stage("features", f"Making {len(risk.features)} features as of each child's cut-off date."),
        _tables(engine) as tables,
    ):
        table, said = _feature_table(risk, read, linked, tables)
    report, sources = linked.report, _sources(read, linked, table)
    knowing = who_knows_whom(read, linked)
    if wanted.enforcement:
        said.append(wanted.enforcement.sentence())
    del read, linked  # names are needed no longer
    return _areas(
        risk, table, places, report, seed=seed, stages=stages, sources=sources, knowing=knowing, said=said
    )


def _register(extracts: Path) -> pd.DataFrame | None:
    path = extracts / REGISTER
    return pd.read_csv(path, dtype={"uprn": "string"}) if path.is_file() else None


@contextmanager
def _tables(engine: EngineName) -> Iterator[Tables | None]:
    """Give what features are made with: Spark where asked, else None for DuckDB in memory."""
    if engine != "spark":
        yield None
        return
    with private_folder() as folder, spark_session(folder, threads=THREADS) as session:
        yield SparkTables(session)


def _feature_table(
    risk: RecordsRisk, read: Mapping[str, Extract], linked: Linked, tables: Tables | None
) -> tuple[pd.DataFrame, list[str]]:
    """Return the feature table of the pooled cohorts and the next, and what was left out, in sentences."""
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
    listed = set(linked.facts(read[risk.outcome.agency])["person"].dropna())
    past = every["cohort"].isin(cohorts) & every["outcome"].notna()
    coming = (every["cohort"] == ahead) & every["person"].isin(listed)
    children = every[past | coming].reset_index(drop=True)
    children.loc[children["cohort"] == ahead, "outcome"] = np.nan
    sources, homes = make_sources(read, linked), make_homes(read, linked)
    table = make_features(risk.features, children, sources, homes, engine=tables)
    found = leaks(table, risk.features, children, sources, homes, engine=tables)
    if found:
        cure = "Say from which date it was known: dated = …, or leave it out."
        raise RiskError([Fault(leak.sentence(), cure, column=leak.feature) for leak in found])
    return table, [
        f"Features are as of {risk.cutoff}; nothing known later is read, and each feature was made again without "
        "the later rows to see that it does not change.",
        f"{len(cohorts)} cohorts with outcomes are pooled ({cohorts[0]} to {cohorts[-1]}); the next is that of "
        f"{ahead}, as far as {risk.outcome.agency.replace('_', ' ')} list it.",
    ]


def _areas(
    risk: RecordsRisk,
    table: pd.DataFrame,
    places: pd.DataFrame,
    report: LinkageReport,
    *,
    seed: int,
    stages: Stages,
    sources: list[dict[str, Any]],
    knowing: Knowing,
    said: list[str],
) -> Knowledge:
    with stages.stage(
        "validate",
        f"Asking of {int(table['outcome'].notna().sum()):,} children whether a model beats simpler answers.",
    ):
        judged = validate(table, places, risk.model, seed)
    shown, top = _chosen(judged, report)
    with stages.stage("predict", f"Predicting with {NAMES[shown]}, {risk.draws} draws."):
        fitted = (
            fit(table, places, risk.model, seed)
            if shown == "model"
            else fit_baseline(shown, table, places, seed)  # type: ignore[arg-type]
        )
        draws = fitted.draws(table, risk.draws)
    with stages.stage("areas", f"From children to {len(places)} areas, with their doubt."):
        doubt = _doubt(report)
        found = to_areas(table, draws, places, doubt, cohorts=risk.cohorts, effects_in_draws=True, seed=seed)
        ahead = (
            forecast(table, draws, places, found, doubt, seed=seed) if table["outcome"].isna().any() else None
        )
        agencies = count_agencies(table, risk.features, knowing, places.index)
        drivers = find_drivers(fitted, table, places["msoa"], agencies.asked, seed)
    counts, children = _counted(table, places)
    return Knowledge(
        counts=counts,
        children=children,
        risk=found,
        ahead=ahead,
        validation=judged.as_dict() | {"chosen": shown},
        linkage=report.as_dict() | {"sentences": report.sentences()},
        sources=sources,
        agencies=agencies,
        drivers=drivers,
        shown=shown,
        top=top,
        decisions=[*said, *report.sentences(), *found.notes, *(ahead.notes if ahead else ())],
    )


def _chosen(judged: Validation, report: LinkageReport) -> tuple[str, list[str]]:
    """Return what the map may show, and the sentences that stand above everything else."""
    top = []
    shown: str = judged.chosen
    if report.verdict == BROKEN:
        shown = judged.best_baseline
        top.append(
            f"The linkage is broken: {' '.join(report.reasons)} What rests on more than one agency's records cannot be "
            f"trusted, so the map shows {NAMES[shown]} instead of the model."
        )
    elif report.verdict != "sound":
        top.append(f"The linkage is {report.verdict}: {' '.join(report.reasons)}")
    if not judged.passed:
        top.append(judged.sentence())
    return shown, top


def _doubt(report: LinkageReport) -> LinkageDoubt:
    """Return the doubt that linkage leaves; a share that cannot be told counts as none being right."""
    precision, recall = (
        float(np.nan_to_num(share)) for share in (report.expected_precision, report.expected_recall)
    )
    return LinkageDoubt.of(precision, recall)


def _counted(table: pd.DataFrame, places: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return children with the outcome, and all with a known one, areas x cohorts; 0 where there is nobody."""
    known = table[table["outcome"].notna()]
    by = known.assign(cohort=known["cohort"].astype(str)).groupby(["area", "cohort"])["outcome"]
    cohorts = sorted(known["cohort"].astype(str).unique())
    frames = (
        frame.unstack(fill_value=0).reindex(index=places.index, columns=cohorts, fill_value=0).astype("int64")
        for frame in (by.sum(), by.size())
    )
    counts, children = frames
    return counts, children


def _sources(read: Mapping[str, Extract], linked: Linked, table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return what the record says of each agency; rows to the nearest hundred, coverage to the nearest per cent."""
    people = set(table["person"])
    told = []
    for extract in read.values():
        contract = extract.contract
        known = people & set(linked.facts(extract)["person"].dropna())
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
                "fields": [
                    column.label for name, column in contract.columns.items() if name in extract.facts()
                ],
            }
        )
    return told
