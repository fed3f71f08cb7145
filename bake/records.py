"""Records: a recipe that reads agencies' records, from their extracts to a run that is a draft until released."""

import io
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from bake.agencies import GatedAgencies, agencies_of, agencies_through_the_gate, agency_files
from bake.gated import Gated, accounted, through_the_gate
from bake.manifest import manifest
from bake.people import Knowledge, learn
from bake.recipe import Recipe
from bake.recipe_records import RecordsRisk
from bake.release import FROM_RECORDS, standing
from bake.runs import COUNTS, OUTLOOK, Run, list_runs, publish
from bake.stages import Say, Stages
from bake.taking import refuse_another_place
from disclosure.policy import DEFAULT
from disclosure.released import Released
from disclosure.shelf import read_released, write_released
from geo.demo import ensure_demo
from geo.place import DEMO, Place
from risk.linkage_engine import EngineName
from risk.private_folder import sweep
from risk.pseudonyms import key_file_of, make_key
from risk.record import RunParts, make_record
from risk.synthetic.district import synthesise

SHELF = "released"
"""What the names of the files begin with in which the gate's releases lie, for the gate of later runs."""
KINDS = ("counts", "statistics", "outlook", "predictions")
"""What the gate releases of a run, in this order; later runs are made beside all of it."""
RULES = (
    f"Counts of 1 to {DEFAULT.threshold} are suppressed, 0 stays, others are rounded to {DEFAULT.base}.",
    f"Nothing is said of fewer than {DEFAULT.minimum_denominator} children.",
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
    stages = Stages(say)
    swept = sweep()
    if swept:
        say(f"Removed {swept} private folders that a stopped process had left.")
    known = accounted(learn(recipe, place, extracts, stages, engine))
    earlier = earlier_runs(recipe, place, home)
    before = [released for run in earlier for released in shelf_of(run)]
    with stages.stage("gate", f"Through the gate: what may be told, beside {len(earlier)} earlier runs."):
        gated = through_the_gate(recipe, place.areas(), known, before)
        agencies = _agencies(recipe, place, known, earlier)
    say("Publishing the run as a draft.")
    told = _manifest(recipe, place, known, gated, agencies, stages=stages, engine=engine, earlier=earlier)
    files = _files(gated) | agency_files(agencies)
    run = publish(home, gated.areas, told, _record(recipe, place, known, told), files=files)
    say(stages.sentence())
    for sentence in known.top:
        say(sentence)
    say(f"Baked {run.id}: a draft, for this machine alone until `larder runs release {run.id} --by NAME`.")
    return run


def _agencies(recipe: Recipe, place: Place, known: Knowledge, earlier: Sequence[Run]) -> GatedAgencies:
    assert isinstance(recipe.risk, RecordsRisk)
    told = [agencies_of(run) for run in earlier]
    return agencies_through_the_gate(known, place.areas(), recipe.risk.outcome.agency, told)


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


def earlier_runs(recipe: Recipe, place: Place, home: Path) -> list[Run]:
    """Return the runs that told of the same outcome in this place and were released or withdrawn, oldest first."""
    mine = _outcome_key(recipe)
    found = [
        run
        for run in list_runs(home, place.name)
        if run.manifest.get(FROM_RECORDS) and run.manifest["settings"]["records"]["outcome"] == mine
    ]
    return [run for run in reversed(found) if standing(run).state in ("released", "withdrawn")]


def shelf_of(run: Run) -> list[Released]:
    """Return what the gate released for a run, whole and unchanged."""
    kinds = [kind for kind in KINDS if list(run.folder.glob(f"{SHELF}.{kind}.*"))]
    return [_read_shelf(run, kind) for kind in kinds]


def _read_shelf(run: Run, kind: str) -> Released:
    start = f"{SHELF}.{kind}."
    with tempfile.TemporaryDirectory() as name:
        for path in run.folder.glob(f"{start}*"):
            (Path(name) / path.name.removeprefix(start)).write_bytes(path.read_bytes())
        return read_released(Path(name))


def _files(gated: Gated) -> dict[str, bytes]:
    """Return the tables beside the areas, and the gate's releases as they are read again."""
    files = {COUNTS: _parquet(gated.counts), OUTLOOK: _parquet(gated.outlook)}
    for kind, released in gated.released.items():
        with tempfile.TemporaryDirectory() as name:
            write_released(released, Path(name))
            files |= {
                f"{SHELF}.{kind}.{path.name}": path.read_bytes() for path in sorted(Path(name).iterdir())
            }
    return files


def _parquet(table: pd.DataFrame) -> bytes:
    buffer = io.BytesIO()
    table.to_parquet(buffer, index=False, compression="zstd")
    return buffer.getvalue()


def _outcome_key(recipe: Recipe) -> dict[str, Any]:
    assert isinstance(recipe.risk, RecordsRisk)
    return recipe.risk.outcome.model_dump(mode="json")


def _manifest(
    recipe: Recipe,
    place: Place,
    known: Knowledge,
    gated: Gated,
    agencies: GatedAgencies,
    *,
    stages: Stages,
    engine: EngineName,
    earlier: Sequence[Run],
) -> dict[str, Any]:
    risk = recipe.risk
    assert isinstance(risk, RecordsRisk)
    settings = {
        **recipe.hotspots.model_dump(mode="json"),
        "grid": [{"id": rule} for rule in recipe.hotspots.stability.neighbours],
        "records": {
            "agencies": list(risk.agencies),
            "outcome": _outcome_key(recipe),
            "engine": engine,
            "shown": known.shown,
            "passed": bool(known.validation["passed"]),
            "linkage": known.linkage["verdict"],
            "margin": risk.margin,
            "certainty": risk.certainty,
            "cohorts": list(known.risk.cohorts),
            "next_cohort": known.ahead.cohort if known.ahead else None,
            "earlier": [run.id for run in earlier],
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
        decisions=[*known.top, *known.decisions, *gated.decisions, *agencies.decisions],
        settings=settings,
    )
    top = {FROM_RECORDS: True, "top": known.top}
    return {**top, **told, "sources": [_source(one) for one in known.sources], "stages": stages.done}


def _source(source: Mapping[str, Any]) -> str:
    return f"{source['name']}: {source['controller']}, {source['period']}"


def _record(recipe: Recipe, place: Place, known: Knowledge, told: Mapping[str, Any]) -> dict[str, Any]:
    risk = recipe.risk
    assert isinstance(risk, RecordsRisk)
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
