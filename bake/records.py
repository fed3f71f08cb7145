"""Records: a recipe that reads agencies' records, from their extracts to a run that is a draft until released."""

import io
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd

from bake.agencies import (
    GatedAgencies,
    agencies_guarded,
    agencies_of,
    agencies_through_the_gate,
    agency_files,
)
from bake.beside import GIVEN_AWAY, Beside, apart_sentence, beside
from bake.gated import Gated, accounted, through_the_gate
from bake.guard import guard_digest, guard_in_the_making, read_guard
from bake.manifest import manifest
from bake.people import Knowledge, learn
from bake.recipe import Recipe
from bake.recipe_records import RecordsRisk
from bake.runs import COUNTS, FROM_RECORDS, GUARDED, OUTLOOK, Run, publish
from bake.stages import Say, Stages
from bake.subject import subject_of
from bake.taking import refuse_another_place
from disclosure.policy import DEFAULT
from disclosure.released import Released
from geo.demo import ensure_demo
from geo.place import DEMO, Place
from risk.linkage_engine import EngineName
from risk.private_folder import sweep
from risk.pseudonyms import key_file_of, make_key
from risk.record import RunParts, make_record
from risk.synthetic.district import synthesise

KINDS = ("counts", "statistics", "outlook", "predictions")
"""What the gate releases of a run, in this order; later runs are made beside all of it."""
RULES = (
    f"Counts of 1 to {DEFAULT.threshold} are suppressed, 0 stays, others are rounded to {DEFAULT.base}.",
    f"Nothing is said of fewer than {DEFAULT.minimum_denominator} children, not even how few they are.",
    "Further figures are withheld where a small count could be worked out from those beside, above or before it.",
    "Output areas and wards get a band of the rate over all cohorts together, or none.",
    "Of a test only the class, the status, stability to a tenth and a band of q are told.",
    "Of a prediction only the class and a band of its chance are told, and of larger areas expected counts rounded as "
    "counts are; none where a small count could be worked out from it by somebody who knows how it was made.",
    "Figures about the model and the linkage are so coarse that at least five children stand behind each step.",
)


def bake_records(
    recipe: Recipe, place: Place, home: Path, *, extracts: Path, engine: EngineName, say: Say
) -> Run:
    """Bake a recipe from agencies' records and publish the run, with the time and memory of each stage.

    Rows of persons live in `bake.people.learn` alone and are gone when it returns; what lies in private folders of
    earlier processes that were killed is removed first.

    RiskError with every fault of extracts, key or features; DisclosureError where the gate refuses.
    """
    refuse_another_place(place.name, extracts)
    earlier = earlier_runs(recipe, place, home)
    guards = [read_guard(home, one) for one in earlier.same]
    stages = Stages(say)
    swept = sweep()
    if swept:
        say(f"Removed {swept} private folders that a stopped process had left.")
    known = accounted(learn(recipe, place, extracts, stages, engine))
    before = [released for guard in guards for released in shelf_of(guard)]
    with (
        stages.stage("gate", f"Through the gate: what may be told, beside {len(guards)} earlier runs."),
        ThreadPoolExecutor(1) as beside_it,  # neither needs the other, and programmes leave Python
    ):
        agencies_ = beside_it.submit(_agencies, recipe, place, known, guards)
        gated = through_the_gate(recipe, place.areas(), known, before)
        agencies = agencies_.result()
    say("Publishing the run as a draft.")
    told = _manifest(recipe, place, known, gated, agencies, stages=stages, engine=engine, earlier=earlier)
    files = _files(gated) | agency_files(agencies)
    releases = {**gated.released, **agencies_guarded(agencies)}
    subject = subject_of(_risk(recipe).outcome)
    with guard_in_the_making(home, subject, gated.areas.index, releases) as guard:
        told[GUARDED] = guard_digest(guard)
        record = _record(recipe, place, known, told)
        run = publish(home, gated.areas, told, record, files=files, guard=guard)
    say(stages.sentence())
    for sentence in told["top"]:
        say(sentence)
    say(f"Baked {run.id}: a draft, for this machine alone until `larder runs release {run.id} --by NAME`.")
    return run


def _risk(recipe: Recipe) -> RecordsRisk:
    assert isinstance(recipe.risk, RecordsRisk)
    return recipe.risk


def _agencies(
    recipe: Recipe, place: Place, known: Knowledge, guards: Sequence[Mapping[str, Released]]
) -> GatedAgencies:
    told = [agencies_of(guard) for guard in guards]
    return agencies_through_the_gate(known, place.areas(), _risk(recipe).outcome.agency, told)


def extracts_of(home: Path, place: str, say: Say) -> Path:
    """Return the folder of a place's extracts; those of the demo place are made, with a key, where there are none."""
    folder = home / "extracts" / place
    if place == DEMO and not folder.exists():
        say("Making the extracts of the demo place: every person in them is invented.")
        for sentence in synthesise(ensure_demo(home), folder, seed=1).sentences():
            say(sentence)
        if not key_file_of(folder).exists():
            make_key(folder)
    return folder


def earlier_runs(recipe: Recipe, place: Place, home: Path) -> Beside:
    """Return the runs that others have seen and that tell of the same column in some of the same areas."""
    return beside(home, subject_of(_risk(recipe).outcome), place.areas().index)


def shelf_of(guard: Mapping[str, Released]) -> list[Released]:
    """Return from a guard what the gate released of the outcome, in its order."""
    return [guard[kind] for kind in KINDS if kind in guard]


def _files(gated: Gated) -> dict[str, bytes]:
    """Return the tables beside the areas."""
    return {COUNTS: _parquet(gated.counts), OUTLOOK: _parquet(gated.outlook)}


def _parquet(table: pd.DataFrame) -> bytes:
    buffer = io.BytesIO()
    table.to_parquet(buffer, index=False, compression="zstd")
    return buffer.getvalue()


def _manifest(
    recipe: Recipe,
    place: Place,
    known: Knowledge,
    gated: Gated,
    agencies: GatedAgencies,
    *,
    stages: Stages,
    engine: EngineName,
    earlier: Beside,
) -> dict[str, Any]:
    risk = _risk(recipe)
    away = sum(one.given_away for one in (*gated.released.values(), *agencies.released.values()))
    first = [
        *([apart_sentence(earlier.apart)] if earlier.apart else []),
        *([GIVEN_AWAY] if away else []),
        *known.top,
    ]
    settings = {
        **recipe.hotspots.model_dump(mode="json"),
        "grid": [{"id": rule} for rule in recipe.hotspots.stability.neighbours],
        "records": {
            "agencies": list(risk.agencies),
            "outcome": risk.outcome.model_dump(mode="json"),
            "subject": asdict(subject_of(risk.outcome)),
            "engine": engine,
            "shown": known.shown,
            "passed": bool(known.validation["passed"]),
            "linkage": known.linkage["verdict"],
            "margin": risk.margin,
            "certainty": risk.certainty,
            "cohorts": list(known.risk.cohorts),
            "next_cohort": known.ahead.cohort if known.ahead else None,
            "earlier": list(earlier.same),
            "apart": list(earlier.apart),
            "given_away": bool(away),
        },
    }
    told = manifest(
        recipe,
        place,
        gated.areas,
        moran={
            "i": None,
            "expected": None,
            "z": None,
            "p": None,
            "n": None,
            "status": "never told of records",
        },
        indicators=[],
        decisions=[*first, *known.decisions, *gated.decisions, *agencies.decisions],
        settings=settings,
    )
    top = {FROM_RECORDS: True, "top": first}
    return {**top, **told, "sources": [_source(one) for one in known.sources], "stages": stages.done}


def _source(source: Mapping[str, Any]) -> str:
    return f"{source['name']}: {source['controller']}, {source['period']}"


def _record(recipe: Recipe, place: Place, known: Knowledge, told: Mapping[str, Any]) -> dict[str, Any]:
    risk = _risk(recipe)
    parts = RunParts(
        about={
            "title": f"{recipe.title}: {place.title}",
            "question": recipe.question,
            "definition": f"{recipe.outcome.name}. {recipe.outcome.definition}",
            "unit": recipe.outcome.unit,
            "period": recipe.period,
            "place": place.title,
            "level": "output area, in bands; LSOA, MSOA and district",
            "fictional": place.fictional,
            "review_date": recipe.evaluation.review_date.isoformat(),
            "licence": place.licence,
        },
        sources=known.sources,
        answers=risk.record,
        validation=known.validation,
        linkage=known.linkage,
        areas={
            "notes": list(known.risk.notes),
            "cohorts": list(known.risk.cohorts),
            "spreads": dict(known.risk.spreads),
            "interval": known.risk.interval,
            "margin": risk.margin,
            "certainty": risk.certainty,
        },
        disclosure=RULES,
        must_not=recipe.use.must_not,
        limits=recipe.use.limits,
        run={
            "seed": recipe.hotspots.seed,
            "versions": told["versions"],
            "engine": told["settings"]["records"]["engine"],
            "recipe": recipe.digest,
        },
    )
    return make_record(parts)
