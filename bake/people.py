"""People: from agencies' extracts to what is known of areas; no row of a person leaves this module."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from bake.children import Children, describe, link_extracts
from bake.recipe import Recipe
from bake.recipe_records import RecordsRisk
from bake.stages import Stages
from bake.taking import decided
from geo.place import Place
from risk.agencies import Agencies, count_agencies
from risk.areas import AreaRisk, to_areas
from risk.baselines import fit_baseline
from risk.deprivation import deprivation_deciles
from risk.doubt import LinkageDoubt
from risk.drivers import Drivers, find_drivers
from risk.forecast import Forecast, forecast
from risk.linkage_engine import EngineName
from risk.linkage_report import LinkageReport
from risk.model import Predictor, fit
from risk.outcomes import remarkable_outcomes
from risk.pooling import Floats
from risk.validation import NAMES, Validation, validate

BROKEN = "broken"
OWN_HISTORY = "last_cohort_rate"
ONCE = (
    "An area's last cohort is one of the pooled ones: its children count once, with the others, and areas with few are "
    "drawn to their LSOA and MSOA."
)
LEVELS = ("lsoa", "msoa", "district")


@dataclass(frozen=True)
class Knowledge:
    """What is known of areas, without any row of a person. It has not passed the gate: nothing of it may be shown.

    `counts` and `children` are whole numbers, areas x cohorts (as text), of children with the outcome and of all with a
    known one; `whole` has the counts of the cohorts before the pooled ones too, of which earlier runs may have
    told. `risk` and `ahead` carry draws by area. `validation`, `linkage` and `sources` are ready for the record.
    `agencies` counts what each agency's records say, `drivers` what sets MSOAs apart (None where a baseline
    predicts). `shown` is what predicts: 'model' or a baseline's name. `top` are sentences that have to stand first.
    """

    counts: pd.DataFrame
    children: pd.DataFrame
    whole: pd.DataFrame
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
    places = places_of(recipe, place)
    read, linked = link_extracts(recipe, place, extracts, stages, engine)
    assert isinstance(recipe.risk, RecordsRisk)
    before = decided(recipe.risk, extracts)
    children = describe(recipe, read, linked, places, stages=stages, engine=engine, decided=before)
    del read, linked  # names are needed no longer
    return know(recipe, children, places, stages)


def know(recipe: Recipe, children: Children, places: pd.DataFrame, stages: Stages) -> Knowledge:
    """Return what is known of areas from their children: the model judged, its predictions added up, with their doubt.

    RiskError where the table of children cannot be what it should be.
    """
    risk, seed = recipe.risk, recipe.hotspots.seed
    assert isinstance(risk, RecordsRisk)
    table, report = children.table, children.linkage
    remarkable, said = remarkable_outcomes(table, risk.published)
    with stages.stage(
        "validate",
        f"Asking of {int(table['outcome'].notna().sum()):,} children whether a model beats simpler answers.",
    ):
        judged = validate(table, places, risk.model, seed)
    shown, top = _chosen(judged, report)
    top = [*remarkable, *top]
    with stages.stage("predict", f"Predicting with {NAMES[shown]}, {risk.draws} draws."):
        fitted, draws = _drawn(shown, risk, table, places, seed)
    with stages.stage("areas", f"From children to {len(places)} areas, with their doubt."):
        doubt = _doubt(report)
        found = to_areas(table, draws, places, doubt, children.whereabouts, cohorts=risk.cohorts, seed=seed)
        ahead = (
            forecast(table, draws, places, found, doubt, seed=seed) if table["outcome"].isna().any() else None
        )
        agencies = count_agencies(table, risk.features, children.knowing, places.index, risk.cutoff)
        drivers = find_drivers(fitted, table, places["msoa"], agencies.asked, seed)
    counts, everybody = _counted(table, places)
    whole, _ = _counted(pd.concat([children.before, table[list(children.before)]]), places)
    said = [*children.said, *said, *report.sentences(), *found.notes, *(ahead.notes if ahead else ())]
    return Knowledge(
        counts=counts,
        children=everybody,
        whole=whole,
        risk=found,
        ahead=ahead,
        validation=judged.as_dict() | {"chosen": shown},
        linkage=report.as_dict() | {"sentences": report.sentences()},
        sources=children.sources,
        agencies=agencies,
        drivers=drivers,
        shown=shown,
        top=top,
        decisions=[*said, *([ONCE] if shown == OWN_HISTORY else [])],
    )


def _drawn(
    shown: str, risk: RecordsRisk, table: pd.DataFrame, places: pd.DataFrame, seed: int
) -> tuple[Predictor, Floats]:
    """Return what predicts, and its draws without what areas add: that is learnt once, when areas are added up."""
    if shown == "model":
        model = fit(table, places, risk.model, seed)
        return model, model.draws(table, risk.draws, areas=False)
    baseline = fit_baseline(shown, table, places, seed)  # type: ignore[arg-type]
    # an area's own last cohort is among the outcomes that its effect is learnt from: it must not count twice
    drawn = fit_baseline("overall_rate", table, places, seed) if shown == OWN_HISTORY else baseline
    return baseline, drawn.draws(table, risk.draws, areas=False)


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
